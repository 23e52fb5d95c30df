"""Why a division failed: the CPU has one vector for a divisor of zero and for a quotient too large.

NT tells them apart by the divisor ("GetExceptionCode", Win32 API).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.mm import AccessViolation

if TYPE_CHECKING:
    from provider.kernel.thread import Thread

_AAM = 0xD4
_GROUP3_BYTE, _GROUP3 = 0xF6, 0xF7
_OPERAND_SIZE, _FS, _ADDRESS_SIZE = 0x66, 0x64, 0x67
_PREFIXES = frozenset((0x26, 0x2E, 0x36, 0x3E, _FS, 0x65, _OPERAND_SIZE, _ADDRESS_SIZE))
_ESP, _EBP = 4, 5


def divisor(thread: Thread, code: bytes) -> int:
    """The divisor of the instruction that `code` begins with; 0 also where it cannot be told."""
    length = next((at for at, byte in enumerate(code) if byte not in _PREFIXES), len(code))
    prefixes, code = code[:length], code[length:]
    if len(code) < 2:
        return 0
    opcode, modrm = code[0], code[1]
    if opcode == _AAM:
        return modrm
    if opcode not in (_GROUP3_BYTE, _GROUP3) or _ADDRESS_SIZE in prefixes:
        return 0
    size = 1 if opcode == _GROUP3_BYTE else 2 if _OPERAND_SIZE in prefixes else 4
    registers = thread.registers.general()
    if modrm >= 0xC0:
        return _register(registers, modrm & 7, size)
    base = thread.registers.fs_base if _FS in prefixes else 0
    va = base + _effective_address(registers, code[1:].ljust(6, b"\0")) & 0xFFFFFFFF
    try:
        return int.from_bytes(thread.process.space.read(va, size), "little")
    except AccessViolation:
        return 0


def _register(registers: tuple[int, ...], number: int, size: int) -> int:
    if size == 1:  # al, cl, dl, bl, ah, ch, dh, bh
        return registers[number & 3] >> 2 * (number & 4) & 0xFF
    return registers[number] & (1 << 8 * size) - 1


def _effective_address(registers: tuple[int, ...], code: bytes) -> int:
    """The address that ModRM, SIB and displacement name (Intel SDM volume 2, tables 2-2, 2-3)."""
    mode, base = code[0] >> 6, code[0] & 7
    at, va = 1, 0
    if base == _ESP:
        scale, index, base = code[1] >> 6, code[1] >> 3 & 7, code[1] & 7
        at = 2
        if index != _ESP:
            va = registers[index] << scale
    if mode == 0 and base == _EBP:
        mode = 2
    else:
        va += registers[base]
    if mode:
        va += int.from_bytes(code[at : at + (1 if mode == 1 else 4)], "little", signed=True)
    return va
