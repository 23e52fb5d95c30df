"""Guest RAM: one anonymous mapping that the engine and Python share, and the one write path to it.

The engine keeps translations of the code it has executed and does not notice stores that Python
makes into the shared mapping.  `Ram.write` therefore reports the frames that were ever executable
(`mark_executable`) to the CPU, which drops their translations.  Page tables, which are never
executed, are written through `view`.
"""

from __future__ import annotations

import ctypes
import mmap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE_SHIFT = 12
PAGE_SIZE = 1 << PAGE_SHIFT

_ZERO_PAGE = bytes(PAGE_SIZE)


class Ram:
    """`size` bytes of guest-physical memory from address 0 on; untouched pages cost nothing."""

    def __init__(self, size: int) -> None:
        if size <= 0 or size % PAGE_SIZE or size > 1 << 32:
            raise ValueError(f"RAM size {size:#x} is not a positive number of pages up to 4 GB")
        self.size = size
        # Private, so that a forked process has a machine of its own.
        self._mapping = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        self._anchor = ctypes.c_char.from_buffer(self._mapping)
        self.host_address = ctypes.addressof(self._anchor)
        self.view = memoryview(self._mapping)
        self.executable = bytearray(size >> PAGE_SHIFT)
        """1 for each frame that may have been executed: only `write` may change its bytes."""
        self.on_code_write: Callable[[int], None] = _ignore
        """Called with the frame number of a once executable frame before its bytes change."""

    def read(self, pa: int, size: int) -> bytes:
        """`size` bytes from physical address `pa`."""
        return bytes(self.view[pa : pa + size])

    def write(self, pa: int, data: bytes | bytearray | memoryview) -> None:
        """Store `data` at physical address `pa`; code translated from there is dropped."""
        size = len(data)
        if (
            self.executable.find(1, pa >> PAGE_SHIFT, (pa + size + PAGE_SIZE - 1) >> PAGE_SHIFT)
            >= 0
        ):
            self._drop_code(pa, size)
        self.view[pa : pa + size] = data

    def zero(self, pa: int, size: int) -> None:
        """Clear `size` bytes at physical address `pa`."""
        if size == PAGE_SIZE:
            self.write(pa, _ZERO_PAGE)
        else:
            self.write(pa, bytes(size))

    def mark_executable(self, pfn: int) -> None:
        """From now on a write to frame `pfn` drops translated code."""
        self.executable[pfn] = 1

    def unmark_executable(self, pfn: int) -> None:
        """Nothing maps frame `pfn` any more: drop its translations, and let writes be plain."""
        if self.executable[pfn]:
            self.on_code_write(pfn)
            self.executable[pfn] = 0

    def _drop_code(self, pa: int, size: int) -> None:
        end = (pa + size + PAGE_SIZE - 1) >> PAGE_SHIFT
        pfn = self.executable.find(1, pa >> PAGE_SHIFT, end)
        while pfn >= 0:
            self.on_code_write(pfn)
            pfn = self.executable.find(1, pfn + 1, end)


def _ignore(pfn: int) -> None:
    """No CPU is attached yet, so nothing has been translated."""
