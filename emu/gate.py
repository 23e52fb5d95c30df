"""A hook that calls on to Python only while a word is set: a few instructions of host code.

With it a hook before every instruction costs about as much as the block countdown does, as long as
there is nothing to say.
"""

from __future__ import annotations

import ctypes
import struct

from emu.host_code import HostCode

_WORD = struct.Struct("<I")
_TARGET = struct.Struct("<Q")
_TARGET_AT = 8


def x86_64_code(distance: int) -> bytes:
    """The hook, `distance` bytes before its words."""
    compare = b"\x83\x3d" + struct.pack("<iB", distance - 7, 0)  # cmp dword [rip+…], 0
    leave = b"\x75\x01\xc3"  # jne +1; ret
    jump = b"\xff\x25" + struct.pack("<i", distance + _TARGET_AT - 16)  # jmp qword [rip+…]
    return compare + leave + jump


def aarch64_code(distance: int) -> bytes:
    """The hook, `distance` bytes before its words; `distance` is a multiple of 4 below 1 MB."""
    return struct.pack(
        "<6I",
        0x10000009 | (distance >> 2) << 5,  # adr  x9, . + distance
        0xB940012A,  # ldr  w10, [x9]
        0x3500004A,  # cbnz w10, . + 8
        0xD65F03C0,  # ret
        0xF9400529,  # ldr  x9, [x9, #8]
        0xD61F0120,  # br   x9
    )


_CODE = {"x86_64": x86_64_code, "aarch64": aarch64_code, "arm64": aarch64_code}


class Gate:
    """`hook` is what the engine is given; where there is no native code, `callback` itself."""

    def __init__(self, callback: object) -> None:
        """`callback` is a ctypes function."""
        self._callback = callback
        self._code = HostCode(_CODE)
        target = ctypes.cast(callback, ctypes.c_void_p).value or 0  # type: ignore[arg-type]
        _TARGET.pack_into(self._code.words, _TARGET_AT, target)
        native = self._code.is_native
        self.hook: object = ctypes.c_void_p(self._code.address) if native else callback

    @property
    def value(self) -> int:
        """The word: while it is 0, the callback is not called."""
        value: int = _WORD.unpack_from(self._code.words, 0)[0]
        return value

    @value.setter
    def value(self, value: int) -> None:
        _WORD.pack_into(self._code.words, 0, value)
