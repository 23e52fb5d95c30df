"""The block countdown: time slices and the source of the clock.

A hook on every basic block that is 16 bytes of host code: decrement a 64-bit word; while it is not
negative return, else jump to `uc_emu_stop`, whose argument, the engine, is already the hook's
first one.  It costs about 1 ns a block and stops at the same block in every run.

    x86-64   48 FF 0D rel32   dec qword [rip+rel32]     78 01  js +1     C3  ret
             FF 25 rel32      jmp qword [rip+rel32]
    aarch64  adr x9, count; ldr x10, [x9]; subs x10, x10, #1; str x10, [x9]; b.mi +8; ret;
             ldr x9, [x9, #8]; br x9

Where the host refuses executable memory, `Countdown.native` is False and the CPU bounds a slice
with the engine's instruction count instead, which is several times slower.
"""

from __future__ import annotations

import ctypes
import mmap
import platform
import struct

_COUNT_AT = 0x100
_TARGET_AT = 0x108
_COUNT = struct.Struct("<q")
_CODE = {
    "x86_64": bytes.fromhex("48ff0df90000007801c3ff25f8000000"),
    "aarch64": struct.pack(
        "<8I",
        0x10000809,  # adr  x9, . + 0x100
        0xF940012A,  # ldr  x10, [x9]
        0xF100054A,  # subs x10, x10, #1
        0xF900012A,  # str  x10, [x9]
        0x54000044,  # b.mi . + 8
        0xD65F03C0,  # ret
        0xF9400529,  # ldr  x9, [x9, #8]
        0xD61F0120,  # br   x9
    ),
}
_ALIASES = {"AMD64": "x86_64", "x86_64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}


class Countdown:
    """Counts executed basic blocks down to the end of a time slice."""

    def __init__(self, stop_engine: int) -> None:
        """`stop_engine` is the host address of `uc_emu_stop`."""
        code = _CODE.get(_ALIASES.get(platform.machine(), ""))
        page = _executable_page() if code else None
        self.native = page is not None
        self._page = page if page is not None else mmap.mmap(-1, mmap.PAGESIZE)
        self._anchor = ctypes.c_char.from_buffer(self._page)
        self.hook = ctypes.addressof(self._anchor)
        self._view = memoryview(self._page)
        if code and self.native:
            self._page[: len(code)] = code
            struct.pack_into("<Q", self._page, _TARGET_AT, stop_engine)
        self._slice = 0

    def start(self, blocks: int) -> None:
        """Begin a slice of `blocks` basic blocks."""
        self._slice = blocks
        _COUNT.pack_into(self._view, _COUNT_AT, blocks)

    def executed(self) -> int:
        """Blocks executed since `start`."""
        left: int = _COUNT.unpack_from(self._view, _COUNT_AT)[0]
        return self._slice - left

    def charge(self, blocks: int) -> None:
        """Count `blocks` that the hook did not see (without native code: an estimate)."""
        left: int = _COUNT.unpack_from(self._view, _COUNT_AT)[0]
        _COUNT.pack_into(self._view, _COUNT_AT, left - blocks)


def _executable_page() -> mmap.mmap | None:
    try:
        return mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    except (OSError, ValueError):
        return None
