"""A small NT process made of assembly: an ntdll and a program that need no guest build.

The synthetic ntdll's KiUserExceptionDispatcher hands its two pointers to a system call of the test,
which notes what they point to; so a test sees what guest code would.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from emu.assemble import assemble
from loader.pe import read_pe
from provider.kernel.event_stream import Event
from provider.kernel.kernel import Kernel
from provider.kernel.mm import Protection
from provider.kernel.thread import Thread  # noqa: TC001  codecs read annotations
from provider.nt import startup, syscalls_table
from provider.nt.context import restore
from provider.nt.dispatch import KEEP_REGISTERS, BoundCall
from provider.nt.provider import NtProvider
from provider.nt.structs.context import CONTEXT, EXCEPTION_RECORD
from provider.nt.types import PVOID  # noqa: TC001  codecs read annotations
from provider.syscall import Syscall

if TYPE_CHECKING:
    from loader.image import Image
    from provider.kernel.process import Process
    from provider.nt.process import NtProcess

NTDLL_BASE, PROGRAM_BASE = 0x77000000, 0x400000
CODE_VA, DATA_VA, CONST_VA = PROGRAM_BASE + 0x1000, PROGRAM_BASE + 0x2000, PROGRAM_BASE + 0x3000
SECTION_BYTES = 0x1000
SLOT = 32
REPORT_EXCEPTION, REPORT_APC, REPORT_END = 0xF00, 0xF01, 0xF02
_R, _W, _X = 0x40000000, 0x80000000, 0x20000000
READ_WRITE = Protection.READ | Protection.WRITE

Section = tuple[bytes, int, bytes, int]

ENTRY_POINTS = {
    "KiUserExceptionDispatcher": f"mov edx,esp; mov eax,{REPORT_EXCEPTION}; int 0x2e; hlt",
    "KiUserApcDispatcher": f"mov edx,esp; mov eax,{REPORT_APC}; int 0x2e; hlt",
    "LdrInitializeThunk": "ret 16",
    "RtlUserThreadStart": f"mov eax,{REPORT_END}; int 0x2e; hlt",
}


def stub_numbers() -> dict[str, int]:
    """The number of each implemented call in the synthetic ntdll."""
    return {call.name: number for number, call in enumerate(syscalls_table().implemented())}


def pe_bytes(
    base: int, sections: list[Section], *, entry: int = 0, export: tuple[int, int] = (0, 0)
) -> bytes:
    """A PE32 file; a section is its name, RVA, data and characteristics."""
    headers = b"MZ".ljust(60, b"\0") + struct.pack("<I", 64) + b"PE\0\0"
    kind = 0x2102 if export[0] else 0x0102
    headers += struct.pack("<HHIIIHH", 0x14C, len(sections), 0, 0, 0, 224, kind)
    end = max(rva + len(data) for _, rva, data, _ in sections)
    size = -(-end // 0x1000) * 0x1000
    headers += struct.pack("<HBB6I", 0x10B, 14, 0, 0x1000, 0, 0, entry, 0x1000, 0x2000)
    headers += struct.pack("<3I6H4I", base, 0x1000, 0x200, 10, 0, 0, 0, 6, 1, 0, size, 0x400, 0)
    headers += struct.pack("<2H6I", 3, 0, 0x40000, 0x2000, 0x100000, 0x1000, 0, 16)
    headers += struct.pack("<2I", *export) + bytes(15 * 8)
    offset = 0x400
    body = b""
    for name, rva, data, characteristics in sections:
        padded = data.ljust(-(-len(data) // 0x200) * 0x200, b"\0")
        headers += struct.pack(
            "<8s6I2HI", name, len(data), rva, len(padded), offset, 0, 0, 0, 0, characteristics
        )
        body += padded
        offset += len(padded)
    return headers.ljust(0x400, b"\0") + body


def ntdll_image(entry_points: dict[str, str] | None = None) -> Image:
    """An ntdll of `entry_points` (name: assembly) and a stub for every implemented call."""
    chosen = ENTRY_POINTS if entry_points is None else entry_points
    code = {name: assemble(text) for name, text in chosen.items()}
    calls = syscalls_table()
    for name, number in stub_numbers().items():
        call = calls.get(name)
        assert call is not None
        stub = b"\xb8" + struct.pack("<I", number) + b"\x8d\x54\x24\x04\xcd\x2e"
        code[name] = stub + b"\xc2" + struct.pack("<H", call.argument_bytes)
    names = sorted(code)
    text = b"".join(code[name].ljust(SLOT, b"\xcc") for name in names)
    text_rva = 0x1000
    export_rva = text_rva + -(-len(text) // 0x1000) * 0x1000
    directory = _export_directory(export_rva, names, text_rva)
    sections = [
        (b".text", text_rva, text, _R | _X | 0x20),
        (b".edata", export_rva, directory, _R | 0x40),
    ]
    data = pe_bytes(NTDLL_BASE, sections, export=(export_rva, len(directory)))
    return read_pe(data, "ntdll.dll")


def _export_directory(rva: int, names: list[str], text_rva: int) -> bytes:
    count = len(names)
    functions_rva = rva + 40
    names_rva = functions_rva + 4 * count
    ordinals_rva = names_rva + 4 * count
    strings_rva = ordinals_rva + 2 * count
    strings, places = b"ntdll.dll\0", []
    for name in names:
        places.append(strings_rva + len(strings))
        strings += name.encode() + b"\0"
    header = struct.pack(
        "<IIHH7I", 0, 0, 0, 0, strings_rva, 1, count, count, functions_rva, names_rva, ordinals_rva
    )
    functions = struct.pack(f"<{count}I", *(text_rva + SLOT * index for index in range(count)))
    tables = functions + struct.pack(f"<{count}I", *places)
    return header + tables + struct.pack(f"<{count}H", *range(count)) + strings


def program_image(code: str | bytes) -> Image:
    """A program: `code` at CODE_VA, a writable page at DATA_VA, a read-only one at CONST_VA."""
    machine_code = assemble(code, CODE_VA) if isinstance(code, str) else code
    assert len(machine_code) <= SECTION_BYTES
    sections = [
        (b".text", 0x1000, machine_code.ljust(SECTION_BYTES, b"\xcc"), _R | _X | 0x20),
        (b".data", 0x2000, bytes(SECTION_BYTES), _R | _W | 0x40),
        (b".rdata", 0x3000, bytes(SECTION_BYTES), _R | 0x40),
    ]
    return read_pe(pe_bytes(PROGRAM_BASE, sections, entry=0x1000), "program.exe")


@dataclass
class Caught:
    """What KiUserExceptionDispatcher found."""

    record: EXCEPTION_RECORD
    context: CONTEXT
    record_va: int
    context_va: int
    esp: int

    @property
    def parameters(self) -> tuple[int, ...]:
        """The parameters that the record counts."""
        return self.record.ExceptionInformation[: self.record.NumberParameters]


@dataclass
class NtMachine:
    """A kernel, an NT provider, one process with one thread, and what it did."""

    kernel: Kernel
    provider: NtProvider
    process: Process
    thread: Thread
    caught: list[Caught] = field(default_factory=list)
    apcs: list[tuple[int, ...]] = field(default_factory=list)
    on_exception: Callable[[Caught], bool] = lambda caught: False
    """What a handler would do: True lets the thread go on with `caught.context`."""

    @property
    def context(self) -> NtProcess:
        """NT's part of the process."""
        context: NtProcess = self.process.context
        return context

    def read(self, va: int, size: int = 4) -> int:
        """A little-endian number of the process's memory."""
        return int.from_bytes(self.process.space.read(va, size), "little")

    def write(self, va: int, *words: int) -> None:
        """Store 32-bit words."""
        self.process.space.write(va, struct.pack(f"<{len(words)}I", *words))

    def allocate(
        self, protection: Protection = READ_WRITE, size: int = 0x1000, *, commit: bool = True
    ) -> int:
        """A region of its own."""
        va, _ = self.process.space.allocate(
            None, size, reserve=True, commit=commit, protection=protection
        )
        return va

    def run(self) -> int:
        """Run the process to its end; returns its exit status."""
        self.provider.routines.resume_thread(self.thread)
        self.kernel.run()
        return self.provider.exit_statuses[self.process.id]

    def call(self, name: str, *arguments: int) -> int:
        """Make a system call as the thread would, without running code; returns the status.

        The arguments are put at the bottom of the thread's stack.
        """
        registers = self.thread.registers
        self.kernel.scheduler.running = self.thread
        arguments_va = self.read(self.context_teb() + 8)
        self.write(arguments_va, *(argument & 0xFFFFFFFF for argument in arguments))
        registers.eax, registers.edx = stub_numbers()[name], arguments_va
        self.provider.dispatch_system_call(self.thread, 0x2E)
        assert self.thread.call is None, f"{name} waits"
        return registers.eax

    def context_teb(self) -> int:
        """The address of the thread's TEB."""
        va: int = self.thread.context.teb_va
        return va

    def report_exception(
        self, thread: Thread, ExceptionRecord: PVOID, ContextRecord: PVOID
    ) -> object:
        """The system call that the synthetic KiUserExceptionDispatcher makes."""
        space = thread.process.space
        caught = Caught(
            EXCEPTION_RECORD.from_bytes(space.read(ExceptionRecord, EXCEPTION_RECORD.SIZE)),
            CONTEXT.from_bytes(space.read(ContextRecord, CONTEXT.SIZE)),
            ExceptionRecord,
            ContextRecord,
            thread.registers.esp,
        )
        self.caught.append(caught)
        if self.on_exception(caught):
            restore(thread, caught.context)
            return KEEP_REGISTERS
        self.provider.routines.terminate_process(thread.process, 0)
        return None


def start(
    code: str | bytes,
    *,
    entry_points: dict[str, str] | None = None,
    listener: Callable[[Event], None] | None = None,
    ram_bytes: int = 32 << 20,
    at_start: bool = False,
) -> NtMachine:
    """A process whose thread runs `code` at CODE_VA, with its whole stack free.

    With `at_start` the thread is left as NT creates it, before the initial APC.
    """
    kernel = Kernel(ram_bytes=ram_bytes)
    provider = NtProvider(kernel)
    if listener is not None:
        kernel.events.subscribe(Event, listener)
    process = startup.create_process(
        provider, program_image(code), ntdll_image(entry_points), b"", "program.exe"
    )
    parameters = startup.Parameters(
        "C:\\work\\program.exe", "program.exe one", "C:\\work", {"B": "2", "a": "1"}, "", (4, 8, 12)
    )
    startup.set_parameters(process, parameters)
    thread = startup.create_initial_thread(provider, process)
    machine = NtMachine(kernel, provider, process, thread)

    def report_exception(thread: Thread, ExceptionRecord: PVOID, ContextRecord: PVOID) -> object:
        return machine.report_exception(thread, ExceptionRecord, ContextRecord)

    def report_apc(
        thread: Thread, Routine: PVOID, Context: PVOID, Argument1: PVOID, Argument2: PVOID
    ) -> None:
        machine.apcs.append((Routine, Context, Argument1, Argument2, thread.registers.esp))
        provider.routines.terminate_process(thread.process, 1)

    def report_end(thread: Thread) -> None:
        provider.routines.terminate_process(thread.process, thread.registers.ebx)

    for number, handler in (
        (REPORT_EXCEPTION, report_exception),
        (REPORT_APC, report_apc),
        (REPORT_END, report_end),
    ):
        call = Syscall(handler, None)
        process.context.calls[number] = BoundCall(call.name, call, call.argument_bytes)
    if not at_start:
        thread.call = None
        thread.registers.eip = CODE_VA
        thread.registers.esp = machine.read(machine.context_teb() + 4) - 16
    return machine


def catch(code: str | bytes) -> Caught:
    """The only exception that `code` raises."""
    machine = start(code)
    machine.run()
    (caught,) = machine.caught
    return caught
