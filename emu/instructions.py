"""Instructions of ring 3 that the engine leaves to its hooks, or takes for others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from emu.trap import Vector

if TYPE_CHECKING:
    from emu.registers import Registers

LONGEST_INVALID = 2
"""Bytes that `invalid_opcode` looks at."""
LONGEST_RDTSC = 3
"""Bytes that `emulate_rdtsc` looks at."""
_INT_N_LENGTH = 2
_RING3_GATES = (Vector.BREAKPOINT, Vector.OVERFLOW)
_ICEBP = b"\xf1"
_RDPMC = b"\x0f\x33"
_INT_6 = b"\xcd\x06"
_RDTSC, _RDTSCP = b"\x0f\x31", b"\x0f\x01\xf9"


class Exceptional(NamedTuple):
    """The exception that an instruction is, and by how much EIP goes on first."""

    vector: int
    error_code: int = 0
    past: int = 0


def software_interrupt(vector: int) -> Exceptional:
    """`int n` of an exception's vector: only INT3 and INTO have gates that ring 3 may use.

    The others are a #GP at the instruction (Intel SDM volume 2, INT n).
    """
    if vector in _RING3_GATES:
        return Exceptional(vector)
    return Exceptional(Vector.GENERAL_PROTECTION, _gate_error(vector), -_INT_N_LENGTH)


def invalid_opcode(code: bytes) -> Exceptional:
    """What the instruction that the engine calls invalid is; `code` may end early."""
    if code.startswith(_ICEBP):
        return Exceptional(Vector.DEBUG, past=len(_ICEBP))
    if code == _RDPMC:  # privileged while CR4.PCE is clear
        return Exceptional(Vector.GENERAL_PROTECTION)
    if code == _INT_6:
        return Exceptional(Vector.GENERAL_PROTECTION, _gate_error(Vector.INVALID_OPCODE))
    return Exceptional(Vector.INVALID_OPCODE)


def emulate_rdtsc(registers: Registers, code: bytes, count: int) -> bool:
    """Answer RDTSC and RDTSCP, which CR4.TSD keeps from ring 3; whether `code` is one."""
    if code == _RDTSCP:
        registers.ecx = 0
        registers.eip += len(_RDTSCP)
    elif code.startswith(_RDTSC):
        registers.eip += len(_RDTSC)
    else:
        return False
    registers.eax, registers.edx = count, count >> 32
    return True


def _gate_error(vector: int) -> int:
    """The error code of a #GP for want of a gate: its index, and that it is in the IDT."""
    return vector * 8 + 2
