"""A page file: a sparse file of the host that nobody else sees, and that ends with the machine."""

from __future__ import annotations

import os
import weakref

from emu.ram import PAGE_SIZE


class PageFile:
    """Room for `pages` pages, numbered from 1: number 0 in a PTE means that there is no copy."""

    def __init__(self, pages: int) -> None:
        self.pages = pages
        self.used = 0
        self.peak_used = 0
        self._taken = bytearray(pages + 1)
        self._taken[0] = 1
        self._next = 1
        import tempfile  # 8 ms, which every run without a page file would pay for

        self._fd, path = tempfile.mkstemp(prefix="picorun-page-file-")
        os.unlink(path)
        self.close = weakref.finalize(self, os.close, self._fd)
        """Removes the file from the host; more than one call does no harm."""

    def store(self, data: memoryview) -> int | None:
        """Keep a page; returns its number, or None if the file is full. OSError."""
        number = self._taken.find(0, self._next)
        if number < 0:
            number = self._taken.find(0)
        if number < 0:
            return None
        self._transfer(os.pwrite(self._fd, data, number * PAGE_SIZE))
        self._taken[number] = 1
        self._next = number + 1
        self.used += 1
        self.peak_used = max(self.peak_used, self.used)
        return number

    def load(self, number: int) -> bytes:
        """The page stored as `number`. OSError."""
        data = os.pread(self._fd, PAGE_SIZE, number * PAGE_SIZE)
        self._transfer(len(data))
        return data

    def free(self, number: int) -> None:
        """Forget a page."""
        self._taken[number] = 0
        self._next = min(self._next, number)
        self.used -= 1

    @staticmethod
    def _transfer(count: int) -> None:
        if count != PAGE_SIZE:
            raise OSError(5, "a page file transfer was cut short")
