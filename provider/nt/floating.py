"""x87 and SSE registers as the areas of a CONTEXT have them: FSAVE's and FXSAVE's."""

from __future__ import annotations

import struct
from functools import lru_cache

from emu.registers import FloatingState
from provider.nt.structs.context import FLOATING_SAVE_AREA, FXSAVE_AREA

_MXCSR_MASK = 0xFFFF
_RESERVED = 0xFFFF0000
"""What FSAVE stores above a word of 16 bits."""
_FSAVE, _FXSAVE = FLOATING_SAVE_AREA.whole_codec(), FXSAVE_AREA.whole_codec()
_STACK = struct.Struct("10s" * 8)
_WIDE_STACK, _VECTORS = struct.Struct("10s6x" * 8), struct.Struct("16s" * 8)
_EMPTY = 0xFFFF
"""The full tag word without a register in use."""


def to_fsave(state: FloatingState) -> bytes:
    """The FLOATING_SAVE_AREA."""
    return _FSAVE.pack(
        _RESERVED | state.control,
        _RESERVED | state.status,
        _RESERVED | state.tag,
        state.instruction_offset,
        state.instruction_selector | state.opcode << 16,
        state.data_offset,
        _RESERVED | state.data_selector,
        _STACK.pack(*state.st),
        0,
    )


def from_fsave(area: bytes, current: FloatingState) -> FloatingState:
    """`current` with the x87 state of a FLOATING_SAVE_AREA."""
    control, status, tag, offset, selector, data, data_selector, registers, _ = _FSAVE.unpack(area)
    return FloatingState(
        control & 0xFFFF,
        status & 0xFFFF,
        tag & 0xFFFF,
        selector >> 16 & 0x7FF,
        offset,
        selector & 0xFFFF,
        data,
        data_selector & 0xFFFF,
        current.mxcsr,
        _STACK.unpack(registers),
        current.xmm,
    )


def to_fxsave(state: FloatingState) -> bytes:
    """The ExtendedRegisters."""
    return _FXSAVE.pack(
        state.control,
        state.status,
        _abridge(state.tag),
        state.opcode,
        state.instruction_offset,
        state.instruction_selector,
        state.data_offset,
        state.data_selector,
        state.mxcsr,
        _MXCSR_MASK,
        _WIDE_STACK.pack(*state.st),
        _VECTORS.pack(*state.xmm),
        b"",
    )


def from_fxsave(area: bytes) -> FloatingState:
    """The state that the ExtendedRegisters hold."""
    (
        control, status, used, opcode, offset, selector, data, data_selector, mxcsr, _,
        registers, vectors, _,
    ) = _FXSAVE.unpack(area)  # fmt: skip
    stack = _WIDE_STACK.unpack(registers)
    return FloatingState(
        control,
        status,
        _expand(used & 0xFF, status, stack),
        opcode,
        offset,
        selector & 0xFFFF,
        data,
        data_selector & 0xFFFF,
        mxcsr & _MXCSR_MASK,
        stack,
        _VECTORS.unpack(vectors),
    )


@lru_cache(maxsize=64)
def _abridge(tag: int) -> int:
    """FXSAVE's tags: one bit a physical register, 1 where the full tag is not 3 (empty)."""
    return sum(1 << index for index in range(8) if tag >> 2 * index & 3 != 3)


def _expand(abridged: int, status: int, stack: tuple[bytes, ...]) -> int:
    """The full tag word of FXSAVE's: valid, zero, special or empty (Intel SDM volume 1, 8.1.7)."""
    if not abridged:
        return _EMPTY
    top = status >> 11 & 7
    tag = 0
    for physical in range(8):
        value = stack[(physical - top) & 7]
        kind = 3 if not abridged >> physical & 1 else _kind_of(value)
        tag |= kind << 2 * physical
    return tag


def _kind_of(value: bytes) -> int:
    mantissa, exponent = int.from_bytes(value[:8], "little"), int.from_bytes(value[8:], "little")
    if not mantissa and not exponent & 0x7FFF:
        return 1
    return 0 if mantissa >> 63 and exponent & 0x7FFF not in (0, 0x7FFF) else 2
