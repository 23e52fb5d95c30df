"""Segments and the way into ring 3.

Three supervisor pages hold what the CPU itself needs: the descriptor table, an `iretd`, and a
ring-0 stack.  The selectors are those of 32-bit Windows, since programs compare them.
"""

from __future__ import annotations

import struct

from emu.named_tuple import NamedTuple
from emu.ram import PAGE_SIZE, Ram

KERNEL_CODE = 0x08
KERNEL_DATA = 0x10
USER_CODE = 0x1B
USER_DATA = 0x23
USER_THREAD = 0x3B
"""The selector in FS: a data segment at the running thread's own base."""

IRETD = b"\xcf"
ENTRY_STACK_TOP = 0xF00
"""Offset in the ring-0 stack page of the frame that `iretd` pops."""

_TABLE_BYTES = USER_THREAD + 5
_FLAT, _BYTE_GRANULAR = 0xC, 0x4
_LIMIT_4GB, _LIMIT_PAGE = 0xFFFFF, 0xFFF
_CODE_RING0, _DATA_RING0, _CODE_RING3, _DATA_RING3 = 0x9B, 0x93, 0xFB, 0xF3


class SystemPages(NamedTuple):
    """Three supervisor pages in a row at `va`, and a fourth address for the CPU's own use."""

    va: int
    pfns: tuple[int, int, int]

    @property
    def entry_va(self) -> int:
        """The `iretd`."""
        return self.va + PAGE_SIZE

    @property
    def stack_va(self) -> int:
        """The ring-0 stack page."""
        return self.va + 2 * PAGE_SIZE

    @property
    def window_va(self) -> int:
        """An address whose PTE the CPU may point at any frame for a moment."""
        return self.va + 3 * PAGE_SIZE


def descriptor(base: int, limit: int, access: int, flags: int) -> bytes:
    """A segment descriptor (Intel SDM volume 3, figure 3-8); `flags` give the unit of `limit`."""
    return struct.pack(
        "<HHBBBB",
        limit & 0xFFFF,
        base & 0xFFFF,
        base >> 16 & 0xFF,
        access,
        limit >> 16 & 0xF | flags << 4,
        base >> 24,
    )


def _thread_descriptor(base: int) -> bytes:
    return descriptor(base, _LIMIT_PAGE, _DATA_RING3, _BYTE_GRANULAR)


class DescriptorTable:
    """The GDT, in its page of RAM."""

    def __init__(self, ram: Ram, pages: SystemPages) -> None:
        self._ram, self._pa = ram, pages.pfns[0] * PAGE_SIZE
        self.va, self.limit = pages.va, _TABLE_BYTES - 1
        rows = (
            (KERNEL_CODE, _CODE_RING0),
            (KERNEL_DATA, _DATA_RING0),
            (USER_CODE, _CODE_RING3),
            (USER_DATA, _DATA_RING3),
        )
        for selector, access in rows:
            self._set(selector, descriptor(0, _LIMIT_4GB, access, _FLAT))
        self.set_thread_base(0)

    def set_thread_base(self, base: int) -> None:
        """Let `USER_THREAD` stand for the page at `base`; FS sees it when it is loaded again."""
        self.thread_base = base
        self._set(USER_THREAD, _thread_descriptor(base))

    def read(self, selector: int, thread_base: int) -> bytes | None:
        """The descriptor of a selector for a thread of `thread_base`; None beyond the table."""
        at = selector & ~7
        if at + 7 > self.limit:
            return None
        if at == USER_THREAD & ~7:
            return _thread_descriptor(thread_base)
        return self._ram.read(self._pa + at, 8)

    def _set(self, selector: int, value: bytes) -> None:
        self._ram.write(self._pa + (selector & ~7), value)


def install_entry(ram: Ram, pages: SystemPages, eip: int) -> int:
    """Write the `iretd` and its frame for ring-3 address `eip`; returns the ring-0 ESP."""
    ram.write(pages.pfns[1] * PAGE_SIZE, IRETD)
    frame = struct.pack("<5I", eip, USER_CODE, 0x202, 0, USER_DATA)
    ram.write(pages.pfns[2] * PAGE_SIZE + ENTRY_STACK_TOP, frame)
    return pages.stack_va + ENTRY_STACK_TOP
