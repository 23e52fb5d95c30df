"""A process that makes system calls with bad arguments, and survives what they do to it."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.kernel.io import CallbackOutput, MemoryInput
from provider.kernel.mm import Protection
from provider.kernel.thread import Thread, ThreadState
from provider.nt import startup
from tests.provider.nt.synthetic import (
    CONST_VA,
    ntdll_image,
    program_image,
    start,
    stub_numbers,
)

if TYPE_CHECKING:
    from provider.kernel.event_stream import Event

KERNEL_VA = 0x80001000
DEVICES = ("\\??\\pipe", "\\??\\pipe\\", "\\??\\mailslot", "\\??\\CONIN$", "\\??\\CONOUT$")
BUFFER_BYTES = 0x3000
MOST_BOOTS = 8
NUMBERS = (0, 1, 2, 0x1000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFF000)


class Hostile:
    """A machine with memory of every bad kind, handles of every type, and a thread that calls."""

    def __init__(self, *, traced: bool) -> None:
        self.traced = traced
        self.boots = 0
        self.events: list[Event] = []
        self._boot()

    def _boot(self) -> None:
        self.boots += 1
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
        machine.kernel.io.connect(MemoryInput(b""), CallbackOutput(len), CallbackOutput(len))
        opened = (*self._open_handles(), *self._open_processes())
        table = machine.process.handles
        self.kinds = {handle: table.entry(handle).object.type_name for handle in opened}
        assert machine.call("NtCreateEvent", self.buffer, 0x1F0003, 0, 0, 0) == 0
        freed = machine.read(self.buffer)
        assert machine.call("NtClose", freed) == 0
        self.handles = (*opened, freed, 0xFFFFFFFF, 0xFFFFFFFE)

    def _open_handles(self) -> tuple[int, ...]:
        """One handle of each type that can be made without a file, and of each kind of device."""
        out, size, status, all_access = self.buffer, self.buffer + 8, self.buffer + 16, 0x2000000
        key = self.attributes(self.buffer + 0x100, "\\Registry\\Machine\\Software")
        link = self.attributes(self.buffer + 0x200, "\\DosDevices")
        null = self.attributes(self.buffer + 0x300, "\\??\\NUL")
        self.machine.write(size, 0x1000, 0)
        made = []
        for name, arguments in (
            ("NtCreateEvent", (out, all_access, 0, 0, 0)),
            ("NtCreateEvent", (out, all_access, 0, 1, 1)),
            ("NtCreateMutant", (out, all_access, 0, 1)),
            ("NtCreateSemaphore", (out, all_access, 0, 1, 2)),
            ("NtCreateTimer", (out, all_access, 0, 1)),
            ("NtCreateKeyedEvent", (out, all_access, 0, 0)),
            ("NtCreateDirectoryObject", (out, all_access, 0)),
            ("NtCreateSection", (out, all_access, 0, size, 4, 0x8000000, 0)),
            ("NtOpenProcessToken", (0xFFFFFFFF, all_access, out)),
            ("NtCreateThreadEx", (out, all_access, 0, 0xFFFFFFFF, 0x401000, 0, 1, 0, 0, 0, 0)),
            ("NtOpenKey", (out, all_access, key)),
            ("NtOpenSymbolicLinkObject", (out, all_access, link)),
            ("NtOpenFile", (out, 0x12019F, null, status, 7, 0x20)),
        ):
            assert self.machine.call(name, *arguments) == 0, name
            made.append(self.machine.read(out))
        return (*made, *self._open_devices())

    def _open_processes(self) -> tuple[int, ...]:
        """A minimal process with memory, one without a thread, one that has ended, a port."""
        machine = self.machine
        minimal = machine.kernel.create_minimal_process("minimal")
        minimal.space.allocate(
            0x10000, 0x1000, reserve=True, commit=True, protection=Protection.READ
        )
        unborn, ended = (
            startup.create_process(
                machine.provider, program_image("nop"), ntdll_image(), b"", name, machine.process
            )
            for name in ("unborn.exe", "ended.exe")
        )
        insert = machine.process.handles.insert
        handles = [insert(process, 0x1FFFFF) for process in (minimal, unborn, ended)]
        machine.kernel.terminate_process(ended, 0)
        create = self.buffer, 0, 64, 256, 0
        assert machine.call("NtCreatePort", *create) == 0
        return (*handles, machine.read(self.buffer))

    def _open_devices(self) -> list[int]:
        """A port, a pipe's ends, one of them asynchronous, a mailslot's ends, `DEVICES`."""
        out, status, named = self.buffer, self.buffer + 16, self.buffer + 0x100
        pipe = self.attributes(self.buffer + 0x200, "\\??\\pipe\\hostile")
        slot = self.attributes(self.buffer + 0x300, "\\??\\mailslot\\hostile")
        calls: list[tuple[str, tuple[int, ...]]] = [
            ("NtCreateIoCompletion", (out, 0x2000000, 0, 0)),
            (
                "NtCreateNamedPipeFile",
                (out, 0xC0100000, pipe, status, 3, 2, 0x20, 1, 1, 0, 9, 64, 64, 0),
            ),
            ("NtOpenFile", (out, 0xC0100000, pipe, status, 7, 0)),
            ("NtCreateMailslotFile", (out, 0xC0100000, slot, status, 0x20, 0, 64, 0)),
            ("NtOpenFile", (out, 0x40100000, slot, status, 7, 0x20)),
        ]
        calls += [("NtOpenFile", (out, 0xC0100000, named, status, 7, 0x20))] * len(DEVICES)
        made, names = [], list(DEVICES)
        for name, arguments in calls:
            if arguments[2] == named:
                self.attributes(named, names.pop())
            assert self.machine.call(name, *arguments) == 0, name
            made.append(self.machine.read(out))
        return made

    def handles_for(self, parameter: str) -> tuple[int, ...]:
        """The handles whose type a parameter's name speaks of; all if there are none."""
        fitting = [handle for handle, kind in self.kinds.items() if kind in parameter]
        if "Process" in parameter:
            fitting.append(0xFFFFFFFF)
        if "Thread" in parameter:
            fitting.append(0xFFFFFFFE)
        if parameter == "LinkHandle":
            fitting = [handle for handle, kind in self.kinds.items() if kind == "SymbolicLink"]
        return tuple(fitting) or self.handles

    def attributes(self, va: int, name: str) -> int:
        """Build OBJECT_ATTRIBUTES at `va`; returns it."""
        text = name.encode("utf-16-le")
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
