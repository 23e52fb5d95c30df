"""The compression store: modified pages packed into fewer frames before any page file is asked.

As in Windows 10 it lives in the address space of a minimal process, MemCompression.  Each of its
pages holds entries of one size, a multiple of 256 bytes:

    number of an entry = page of the store * 16 + place in the page + 1

Storing must not need a frame, because frames are what is missing: the store keeps empty pages ahead
and fills up that reserve when frames have been freed.  Its pages are pinned and charged to nobody:
they only hold what somebody else was charged for.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from emu.ram import PAGE_SIZE
from provider.kernel.mm import words
from provider.kernel.mm.protection import READ_WRITE
from provider.kernel.mm.vad import Vad, VadKind

if TYPE_CHECKING:
    from provider.kernel.mm.space import AddressSpace

UNIT = 256
MAX_ENTRY = 3 * PAGE_SIZE // 4
"""A page that does not get smaller than this is not worth an entry."""
PER_PAGE = PAGE_SIZE // UNIT
AHEAD = 24
"""Empty pages kept, enough for one cluster of the modified-page writer."""
_HEADER = 2
_LEVEL = 1


class CompressionStore:
    """A `Store` of at most `pages` pages in `space`, which belongs to it alone."""

    def __init__(self, space: AddressSpace, pages: int) -> None:
        self._space = space
        self._mm = space.mm
        self._base = space.vads.lowest
        self._size_class = bytearray(pages)
        """Units of the entries of each page; 0: the page is not in use."""
        self._used = [0] * pages
        """Bits of the places taken in each page."""
        self._open: list[list[int]] = [[] for _ in range(PER_PAGE + 1)]
        self._empty = list(range(pages - 1, -1, -1))
        self._ahead: list[int] = []
        self.frames = 0
        self.entries = 0
        vad = Vad(
            self._base, self._base + pages * PAGE_SIZE, VadKind.PRIVATE, READ_WRITE, committed=True
        )
        vad.fixed = True
        space.add_vad(vad)
        space.make_tables(vad.start, vad.end)
        self.refill()

    def store(self, data: memoryview) -> int | None:
        """See `pager.Store`; None also for a page that compresses badly."""
        packed = zlib.compress(data, _LEVEL)
        size = len(packed) + _HEADER
        if size > MAX_ENTRY:
            return None
        units = -(-size // UNIT)
        page = self._page_for(units)
        if page is None:
            return None
        place = _lowest_clear(self._used[page])
        self._used[page] |= 1 << place
        if self._is_full(page):
            self._open[units].remove(page)
        pa = self._pa(page) + place * units * UNIT
        self._mm.ram.write(pa, len(packed).to_bytes(_HEADER, "little") + packed)
        self.entries += 1
        return page * PER_PAGE + place + 1

    def load(self, number: int) -> bytes:
        """See `pager.Store`."""
        page, place = divmod(number - 1, PER_PAGE)
        pa = self._pa(page) + place * self._size_class[page] * UNIT
        size = int.from_bytes(self._mm.ram.read(pa, _HEADER), "little")
        return zlib.decompress(self._mm.ram.view[pa + _HEADER : pa + _HEADER + size])

    def free(self, number: int) -> None:
        """See `pager.Store`."""
        page, place = divmod(number - 1, PER_PAGE)
        units = self._size_class[page]
        if self._is_full(page):
            self._open[units].append(page)
        self._used[page] &= ~(1 << place)
        self.entries -= 1
        if not self._used[page]:
            self._open[units].remove(page)
            self._size_class[page] = 0
            self._give_back(page)

    def refill(self) -> None:
        """Take frames for the pages that are kept ahead, as far as any are free."""
        while len(self._ahead) < AHEAD and self._empty and self._mm.pfns.immediate:
            page = self._empty.pop()
            pfn = self._mm.pfns.take()
            self._mm.pfns.pin(pfn)
            slot = self._space.tables.slot(self._base + page * PAGE_SIZE)
            words.map_frame(self._space, slot, pfn, READ_WRITE, 0)
            self._ahead.append(page)
            self.frames += 1

    def _page_for(self, units: int) -> int | None:
        """A page with a free place for an entry of that size."""
        if self._open[units]:
            return self._open[units][-1]
        if not self._ahead:
            return None
        page = self._ahead.pop()
        self._size_class[page] = units
        self._open[units].append(page)
        return page

    def _give_back(self, page: int) -> None:
        if len(self._ahead) < AHEAD:
            self._ahead.append(page)
            return
        pa = self._pa(page)
        self._mm.pager.unpin(pa >> 12)
        words.remove(self._space, self._space.tables.slot(self._base + page * PAGE_SIZE))
        self._mm.flush_tlb()
        self._empty.append(page)
        self.frames -= 1

    def _is_full(self, page: int) -> bool:
        return self._used[page] == (1 << PER_PAGE // self._size_class[page]) - 1

    def _pa(self, page: int) -> int:
        entry = self._space.tables.entry(self._base + page * PAGE_SIZE)
        return entry & self._mm.format.frame_mask


def _lowest_clear(bits: int) -> int:
    """The number of the lowest bit that is 0."""
    return (~bits & bits + 1).bit_length() - 1
