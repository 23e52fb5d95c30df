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
_EXECUTABLE = mmap.PROT_READ | mmap.PROT_EXEC


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
    return _protect(address, size, _EXECUTABLE)


def overwrite(address: int, data: bytes) -> bool:
    """Change bytes of code that the process may be executing; False where the host will not."""
    first = address & -mmap.PAGESIZE
    size = (address + len(data) - first + mmap.PAGESIZE - 1) & -mmap.PAGESIZE
    if not _protect(first, size, _EXECUTABLE | mmap.PROT_WRITE):
        return False
    ctypes.memmove(address, data, len(data))
    return _protect(first, size, _EXECUTABLE)


def _protect(address: int, size: int, protection: int) -> bool:
    """Change the protection of pages of this process; False where the host will not."""
    protect = ctypes.CDLL(None, use_errno=True).mprotect
    protect.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    return bool(protect(address, size, protection) == 0)
