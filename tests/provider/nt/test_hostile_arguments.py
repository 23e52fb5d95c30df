"""Every declared call with arguments that no sane program passes: each must end in a status.

What must never happen is a Python exception, which would be a bug of ours that a guest can cause.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator

import pytest

from provider.kernel.mm import Protection
from provider.kernel.thread import Thread, ThreadState
from provider.nt import startup, syscalls_table
from provider.nt.event import Event
from tests.provider.nt.synthetic import CONST_VA, NtMachine, start, stub_numbers

CALLS = [call.name for call in syscalls_table().implemented()]
KERNEL_VA = 0x80001000
BUFFER_BYTES = 0x3000
RANDOM_ROUNDS = 60
NUMBERS = (0, 1, 2, 0x1000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFF000)


class Hostile:
    """A machine with memory of every bad kind, handles of every type, and a thread that calls."""

    def __init__(self, *, traced: bool) -> None:
        self.traced = traced
        self.events: list[Event] = []
        self._boot()

    def _boot(self) -> None:
        listener = self.events.append if self.traced else None
        self.machine = start("nop", listener=listener, ram_bytes=16 << 20)
        machine = self.machine
        self.buffer = machine.allocate(size=BUFFER_BYTES)
        end = machine.allocate(size=0x10000, commit=False)
        space = machine.process.space
        space.allocate(
            end, 0x1000, reserve=False, commit=True, protection=Protection.READ | Protection.WRITE
        )
        self.stack = machine.allocate(size=0x1000)
        self.pointers = (
            self.buffer,
            self.buffer + 1,
            end + 0xFFE,
            end + 0x1000,
            CONST_VA,
            machine.allocate(Protection(0)),
            0x7FFE0000,
            0x7FFEFFFE,
            KERNEL_VA,
        )
        self.handles = self._open_handles()

    def _open_handles(self) -> tuple[int, ...]:
        """One handle of each type that can be made without a file."""
        out, buffer = self.buffer, self.buffer + 0x100
        all_access = 0x2000000
        self.machine.write(buffer, 0x1000, 0)
        made = []
        for name, arguments in (
            ("NtCreateEvent", (out, all_access, 0, 0, 0)),
            ("NtCreateEvent", (out, all_access, 0, 1, 1)),
            ("NtCreateMutant", (out, all_access, 0, 1)),
            ("NtCreateSemaphore", (out, all_access, 0, 1, 2)),
            ("NtCreateTimer", (out, all_access, 0, 1)),
            ("NtCreateKeyedEvent", (out, all_access, 0, 0)),
            ("NtCreateDirectoryObject", (out, all_access, 0)),
            ("NtCreateSection", (out, all_access, 0, buffer, 4, 0x8000000, 0)),
            ("NtOpenProcessToken", (0xFFFFFFFF, all_access, out)),
            ("NtCreateThreadEx", (out, all_access, 0, 0xFFFFFFFF, 0x401000, 0, 1, 0, 0, 0, 0)),
            ("NtOpenKey", (out, all_access, self._name("\\Registry\\Machine"))),
            ("NtOpenFile", (out, 0x12019F, self._name("\\??\\NUL"), self.buffer + 0x80, 7, 0x20)),
        ):
            if self.machine.call(name, *arguments) == 0:
                made.append(self.machine.read(out))
        assert len(made) >= 10
        return (*made, 0xFFFFFFFF, 0xFFFFFFFE)

    def _name(self, name: str) -> int:
        """The address of OBJECT_ATTRIBUTES."""
        va, text = self.buffer + 0x200, name.encode("utf-16-le")
        data = struct.pack("<6I2HI", 24, 0, va + 24, 0x40, 0, 0, len(text), len(text), va + 32)
        self.machine.process.space.write(va, data + text)
        return va

    def call(self, name: str, arguments: tuple[int, ...]) -> None:
        """Make a call; afterwards there is a machine for the next one."""
        machine = self.machine
        thread = machine.thread
        kernel = machine.kernel
        kernel.scheduler.running, thread.state = thread, ThreadState.RUNNING
        machine.write(self.stack, *arguments)
        registers = thread.registers
        registers.eax, registers.edx = stub_numbers()[name], self.stack
        machine.provider.dispatch_system_call(thread, 0x2E)
        assert 0 <= registers.eax <= 0xFFFFFFFF
        self.events.clear()
        if not self._is_usable(thread):
            self._boot()
        elif thread.call is not None or thread.is_terminated:
            self._replace(thread)

    def _is_usable(self, thread: Thread) -> bool:
        """Whether the process lives on with the memory that the test needs."""
        process = self.machine.process
        if process.exit_status is not None:
            return False
        committed = (self.buffer, self.buffer + BUFFER_BYTES - 4, self.stack)
        queries = [process.space.query(va) for va in committed]
        writable = all(query.protection == Protection(3) for query in queries)
        return all(query.committed for query in queries) and writable

    def _replace(self, thread: Thread) -> None:
        """Another thread; the one that waits is terminated."""
        machine = self.machine
        new = startup.create_initial_thread(machine.provider, machine.process)
        new.suspend_count = 0
        machine.kernel.scheduler.running = None
        machine.kernel.terminate_thread(thread, 0)
        machine.thread = new


def vectors(hostile: Hostile, count: int, chooser: random.Random) -> Iterator[tuple[int, ...]]:
    """Argument lists: one bad value everywhere, one at each place, and mixtures."""
    bad = (*NUMBERS, *hostile.pointers)
    yield from ((value,) * count for value in bad)
    bases = [(hostile.buffer,) * count]
    bases += [(handle, *(hostile.buffer,) * (count - 1)) for handle in hostile.handles if count]
    bases.append(tuple(hostile.buffer if index % 2 else 4 for index in range(count)))
    for base in bases:
        for place in range(count):
            for value in bad:
                yield (*base[:place], value, *base[place + 1 :])
    for _ in range(RANDOM_ROUNDS if count else 0):
        yield tuple(chooser.choice((*bad, *hostile.handles)) for _ in range(count))


@pytest.mark.parametrize("traced", [False, True], ids=["plain", "traced"])
@pytest.mark.parametrize("name", CALLS)
def test_any_argument_gives_a_status(name: str, traced: bool) -> None:
    call = syscalls_table().get(name)
    assert call is not None
    chooser = random.Random(name)
    hostile = Hostile(traced=traced)
    fills = (bytes(BUFFER_BYTES), b"\xff" * BUFFER_BYTES, chooser.randbytes(BUFFER_BYTES))
    for arguments in vectors(hostile, len(call.parameters), chooser):
        hostile.machine.process.space.write(hostile.buffer, chooser.choice(fills))
        hostile.call(name, arguments)
