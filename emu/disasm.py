"""Machine code to text, through Capstone."""

from __future__ import annotations

from functools import cache

from capstone import CS_ARCH_X86, CS_MODE_32, Cs


@cache
def _capstone() -> Cs:
    return Cs(CS_ARCH_X86, CS_MODE_32)


def disassemble(code: bytes, address: int) -> str:
    """The first instruction of `code` in Intel syntax; "(bad)" if it is none."""
    for _, _, mnemonic, operands in _capstone().disasm_lite(code, address, 1):
        return f"{mnemonic} {operands}".rstrip()
    return "(bad)"
