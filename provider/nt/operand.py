"""Whether an instruction that reads its memory operand is going to write it too.

A CPU checks such an operand for writing at once, so a page fault on it says that it was a write;
the engine loads it first, and reports a read.
"""

from __future__ import annotations

PREFIXES = bytes((0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65, 0x66, 0x67, 0xF0, 0xF2, 0xF3))
_CMP = 7
_ALL = frozenset(range(8))
_ARITHMETIC = range(0x00, 0x38, 8)
"""ADD, OR, ADC, SBB, AND, SUB, XOR; the next one is CMP."""
_ONE_BYTE = {
    **dict.fromkeys((first + width for first in _ARITHMETIC for width in (0, 1)), _ALL),
    **dict.fromkeys((0x80, 0x81, 0x82, 0x83), _ALL - {_CMP}),
    **dict.fromkeys((0x86, 0x87), _ALL),  # XCHG
    **dict.fromkeys((0xC0, 0xC1, 0xD0, 0xD1, 0xD2, 0xD3), _ALL),  # shifts and rotations
    **dict.fromkeys((0xF6, 0xF7), frozenset((2, 3))),  # NOT, NEG
    **dict.fromkeys((0xFE, 0xFF), frozenset((0, 1))),  # INC, DEC
}
_TWO_BYTE = {
    **dict.fromkeys((0xAB, 0xB3, 0xBB), _ALL),  # BTS, BTR, BTC
    0xBA: frozenset((5, 6, 7)),  # the same with a number
    **dict.fromkeys((0xA4, 0xA5, 0xAC, 0xAD), _ALL),  # SHLD, SHRD
    **dict.fromkeys((0xB0, 0xB1, 0xC0, 0xC1), _ALL),  # CMPXCHG, XADD
    0xC7: frozenset((1,)),  # CMPXCHG8B
}
"""Opcodes and the values of ModRM.reg with which they change r/m (Intel SDM volume 2, A)."""


def modifies_memory(code: bytes) -> bool:
    """Whether the instruction that `code` begins with reads and writes one place in memory."""
    code = code.lstrip(PREFIXES)
    table, at = (_TWO_BYTE, 1) if code[:1] == b"\x0f" else (_ONE_BYTE, 0)
    if len(code) < at + 2:
        return False
    modrm = code[at + 1]
    return modrm < 0xC0 and modrm >> 3 & 7 in table.get(code[at], ())
