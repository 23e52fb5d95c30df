"""The block countdown: time slices and the source of the clock.

A hook on every basic block that is a few instructions of host code: decrement a 64-bit word; while
it is not negative return, else jump to `uc_emu_stop`, whose argument, the engine, is already the
hook's first one.  It costs about 1 ns a block and stops at the same block in every run.

Where the host refuses executable memory, `Countdown.native` is False and the CPU bounds a slice
with the engine's instruction count instead, which is several times slower.
"""

from __future__ import annotations

import struct

from emu.host_code import HostCode

_TARGET_AT = 8
_COUNT = struct.Struct("<q")
_BLOCK_INSTRUCTIONS = 5
"""Mean length of a basic block, where instructions are counted for want of block counts."""


def x86_64_code(distance: int) -> bytes:
    """The hook, `distance` bytes before its words."""
    decrement = b"\x48\xff\x0d" + struct.pack("<i", distance - 7)  # dec qword [rip+…]
    leave = b"\x78\x01\xc3"  # js +1; ret
    jump = b"\xff\x25" + struct.pack("<i", distance + _TARGET_AT - 16)  # jmp qword [rip+…]
    return decrement + leave + jump


def aarch64_code(distance: int) -> bytes:
    """The hook, `distance` bytes before its words; `distance` is a multiple of 4 below 1 MB."""
    return struct.pack(
        "<8I",
        0x10000009 | (distance >> 2) << 5,  # adr  x9, . + distance
        0xF940012A,  # ldr  x10, [x9]
        0xF100054A,  # subs x10, x10, #1
        0xF900012A,  # str  x10, [x9]
        0x54000044,  # b.mi . + 8
        0xD65F03C0,  # ret
        0xF9400529,  # ldr  x9, [x9, #8]
        0xD61F0120,  # br   x9
    )


_CODE = {"x86_64": x86_64_code, "aarch64": aarch64_code, "arm64": aarch64_code}


class Countdown:
    """Counts executed basic blocks down to the end of a time slice."""

    def __init__(self, stop_engine: int) -> None:
        """`stop_engine` is the host address of `uc_emu_stop`."""
        self._code = HostCode(_CODE)
        self.hook, self.native = self._code.address, self._code.is_native
        self._view = self._code.words
        self._slice = 0
        struct.pack_into("<Q", self._view, _TARGET_AT, stop_engine)

    def start(self, blocks: int) -> None:
        """Begin a slice of `blocks` basic blocks."""
        self._slice = blocks
        _COUNT.pack_into(self._view, 0, blocks)

    @property
    def instruction_limit(self) -> int:
        """Instructions after which the engine has to stop; 0 where the hook stops it."""
        return 0 if self.native else self._slice * _BLOCK_INSTRUCTIONS

    def executed(self) -> int:
        """Blocks executed since `start`; the one that the slice ended before is not."""
        left: int = _COUNT.unpack_from(self._view, 0)[0]
        return self._slice - max(left, 0)

    def charge(self, blocks: int) -> None:
        """Count `blocks` that the hook did not see (without native code: an estimate)."""
        left: int = _COUNT.unpack_from(self._view, 0)[0]
        _COUNT.pack_into(self._view, 0, left - blocks)
