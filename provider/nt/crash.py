"""The report of an exception that nobody handled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from provider.nt.status import NTSTATUS, status_name
from provider.nt.structs.context import integer_registers

if TYPE_CHECKING:
    from provider.kernel.thread import Thread
    from provider.nt.provider import NtProvider
    from provider.nt.structs.context import CONTEXT, EXCEPTION_RECORD

_ACCESS = {0: "reading", 1: "writing", 8: "executing"}
_WITH_ADDRESS = (
    NTSTATUS.ACCESS_VIOLATION,
    NTSTATUS.IN_PAGE_ERROR,
    NTSTATUS.GUARD_PAGE_VIOLATION,
    NTSTATUS.STACK_OVERFLOW,
)


class Crash(NamedTuple):
    """An unhandled exception: what, where, and the registers."""

    code: int
    address: int
    parameters: tuple[int, ...]
    place: str
    """module+offset of the address, or "" where no module is."""
    instruction_bytes: bytes
    registers: tuple[tuple[str, int], ...]
    process_id: int
    thread_id: int

    @classmethod
    def of(
        cls, provider: NtProvider, thread: Thread, record: EXCEPTION_RECORD, context: CONTEXT
    ) -> Crash:
        """The report on `record`, raised in `context`."""
        count = min(record.NumberParameters, len(record.ExceptionInformation))
        return cls(
            code=record.ExceptionCode,
            address=record.ExceptionAddress,
            parameters=record.ExceptionInformation[:count],
            place=thread.process.context.module_at(record.ExceptionAddress),
            instruction_bytes=provider.kernel.cpu.read_code(record.ExceptionAddress, 15),
            registers=integer_registers(context),
            process_id=thread.process.id,
            thread_id=thread.id,
        )

    def lines(self) -> list[str]:
        """The report as text, without line ends."""
        from emu.disasm import disassemble  # Capstone, which runs without a crash do not need

        where = f" ({self.place})" if self.place else ""
        access = ""
        if self.code in _WITH_ADDRESS and len(self.parameters) >= 2:
            kind = _ACCESS.get(self.parameters[0], "accessing")
            access = f" {kind} {self.parameters[1]:#010x}"
        code = disassemble(self.instruction_bytes, self.address) if self.instruction_bytes else ""
        name, number = status_name(self.code), f"{self.code:#010x}"
        first = f"unhandled exception {name}{access}"
        if name != number:
            first = f"unhandled exception {name} ({number}){access}"
        rows = [self.registers[:4], self.registers[4:8], self.registers[8:]]
        return [
            f"{first} at {self.address:#010x}{where}",
            f"  {self.address:08x}  {code or '(no code is mapped there)'}",
            *("  " + "  ".join(f"{name}={value:08x}" for name, value in row) for row in rows),
        ]
