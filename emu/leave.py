"""A hook that leaves translated code by itself, once the function that it calls has said so.

The engine looks for a request to stop where its translations do (`emu/exit_checks.py`).  This hook
calls a function, which may make such a request, and looks for one right away.
"""

from __future__ import annotations

import ctypes
import struct

from emu.host_code import HostCode

_TARGETS = struct.Struct("<QQ")


def x86_64_code(distance: int) -> bytes:
    """The hook, `distance` bytes before its words; the engine is the first argument of both."""
    call = b"\x57\xff\x15" + struct.pack("<i", distance - 7)  # push rdi; call qword [rip+…]
    restore = b"\x5f\x31\xf6"  # pop rdi; xor esi, esi
    leave = b"\xff\x25" + struct.pack("<i", distance + 8 - 16)  # jmp qword [rip+…]
    return call + restore + leave


_CODE = {"x86_64": x86_64_code}


class LeavingHook:
    """`hook` is what the engine is given; where there is no native code, the function itself."""

    def __init__(self, function: object, leave: int) -> None:
        """`function` is of ctypes; `leave` is the address of `ExitChecks.leave`."""
        self._function = function
        self._code = HostCode(_CODE)
        target = ctypes.cast(function, ctypes.c_void_p).value or 0  # type: ignore[arg-type]
        _TARGETS.pack_into(self._code.words, 0, target, leave)
        self.is_native = self._code.is_native and bool(leave)
        self.address = self._code.address if self.is_native else target
        self.hook: object = ctypes.c_void_p(self._code.address) if self.is_native else function
