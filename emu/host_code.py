"""Routines of host code that the engine calls as hooks, where Python would be too slow.

The code is in a page that is executable and not writable, its words in the page after it; on
aarch64 it is the change of protection that makes the instruction cache see the code.
"""

from __future__ import annotations

import ctypes
import mmap
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_WORDS_AT = mmap.PAGESIZE


class HostCode:
    """One routine; `words` are its variables."""

    def __init__(self, encoders: Mapping[str, Callable[[int], bytes]]) -> None:
        """`encoders` make the code for a machine, given the distance from it to its words."""
        private = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
        self._pages = mmap.mmap(-1, 2 * mmap.PAGESIZE, flags=private)
        self._anchor = ctypes.c_char.from_buffer(self._pages)
        self.address = ctypes.addressof(self._anchor)
        self.words = memoryview(self._pages)[_WORDS_AT:]
        self.is_native = False
        """Whether the routine can be called: the host is a known one and lets memory be code."""
        encode = encoders.get(os.uname().machine)
        if encode is not None:
            code = encode(_WORDS_AT)
            self._pages[: len(code)] = code
            self.is_native = _make_executable(self.address, mmap.PAGESIZE)


def _make_executable(address: int, size: int) -> bool:
    """Let the host execute pages of this process; False where it will not."""
    protect = ctypes.CDLL(None, use_errno=True).mprotect
    protect.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    return bool(protect(address, size, mmap.PROT_READ | mmap.PROT_EXEC) == 0)
