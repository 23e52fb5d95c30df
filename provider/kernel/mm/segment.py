"""Segments: the memory behind sections, which several address spaces can map.

A segment has one prototype PTE for each of its pages.  They lie in frames of their own, one per 512
(PAE) or 1024 (classic) pages, taken when the first of them is needed.  All views of a page take it
from its prototype PTE, so that they find the same frame.

    prototype PTE   valid         the page is in a frame that at least one PTE maps
                    transition    in a frame on the standby or modified list
                    page file     committed, or paged out (page-file backed segments)
                    0             in the file; in a reserved section: not committed
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from emu.paging import VALID
from emu.ram import PAGE_SIZE
from provider.kernel.mm import protection as codes
from provider.kernel.mm.protection import Protection
from provider.kernel.mm.pte import TRANSITION, demand_zero

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loader.image import Image, PageRun
    from provider.kernel.mm.manager import MemoryManager

ALL_PAGES = 1 << 20
"""More pages than any view has."""


class Backing(Protocol):
    """A file as the memory manager sees it; the same file is always the same object.

    OSError from any method becomes an in-page error for that access.
    """

    @property
    def size(self) -> int:
        """Bytes in the file."""

    def read(self, offset: int, size: int) -> bytes:
        """Up to `size` bytes; shorter at the end of the file."""

    def write(self, offset: int, data: bytes) -> None:
        """Store bytes that lie inside the file."""

    def extend(self, size: int) -> None:
        """Make the file at least `size` bytes long."""


class Segment:
    """The pages that sections and views of one file, image or page-file section share."""

    def __init__(self, mm: MemoryManager, pages: int) -> None:
        self.mm = mm
        self.pages = pages
        self.references = 0
        """Sections and views that hold on to the segment."""
        self.writers = 0
        """Those among them through which pages can be changed."""
        self.charge = 0
        self.resident = 0
        """Pages in a frame."""
        self.tables: dict[int, int] = {}
        """Frames of prototype PTEs, by the number of the first one's page shifted down."""

    has_file = False
    """Whether changed pages go to a file of their own by `store`, and not to the page file."""

    @property
    def owner(self) -> object | None:
        """The file or image that other sections over it share the segment by."""
        return None

    def page_code(self, page: int) -> int:
        """The protection code that the page has by itself; 0: the view's."""
        return 0

    def is_committed(self, page: int) -> bool:
        """Whether the page may be touched."""
        return True

    def alike(self, page: int) -> int:
        """How many pages from `page` on surely have its code and are committed as it is."""
        return ALL_PAGES

    def grow(self, pages: int) -> None:
        """Have `pages` pages in all."""
        self.pages = pages

    def load(self, page: int) -> int:
        """A frame with the page's first contents, share count 1. KernelError, OSError."""
        return self.mm.pfns.take_zeroed()

    def store(self, page: int, pfn: int) -> None:
        """Write a changed page to where it is kept. OSError."""

    def slot(self, page: int) -> int:
        """The slot of the page's prototype PTE, made if need be. KernelError."""
        shift = self.mm.paging.entries_shift
        table = self.tables.get(page >> shift, 0)
        if not table:
            self.mm.charge(1, limited=False)
            table = self.mm.pfns.take_zeroed()
            self.tables[page >> shift] = table
            self.mm.pager.prototype_tables[table] = self, page >> shift << shift
        return (table << shift) + (page & self.mm.paging.entries_mask)

    def entry(self, page: int) -> int:
        """The page's prototype PTE; 0 where none was needed yet."""
        shift = self.mm.paging.entries_shift
        table = self.tables.get(page >> shift, 0)
        return (
            self.mm.words[(table << shift) + (page & self.mm.paging.entries_mask)] if table else 0
        )

    def entries(self, first: int, end: int) -> Iterator[tuple[int, int]]:
        """The pages from `first` below `end` that have prototype PTEs, and these."""
        shift = self.mm.paging.entries_shift
        at = first
        while at < end:
            stop = min(end, (at >> shift) + 1 << shift)
            if at >> shift in self.tables:
                yield from ((page, self.entry(page)) for page in range(at, stop))
            at = stop

    def acquire(self, page: int) -> int:
        """The page's frame for one more valid PTE, read in if need be. KernelError, OSError."""
        mm = self.mm
        slot = self.slot(page)
        entry = mm.words[slot]
        if entry & VALID:
            pfn: int = entry >> 12
            mm.pfns.share[pfn] += 1
            mm.counters.shared_faults += 1
            return pfn
        if entry & TRANSITION:
            pfn = (entry & mm.format.frame_mask) >> 12
            mm.pager.revive(pfn)
        else:
            paged_out = mm.format.page_file_offset(entry)
            pfn = mm.pager.page_in(entry) if paged_out else self.load(page)
            self.resident += 1
            mm.pfns.slot[pfn] = slot
        mm.words[slot] = pfn << 12 | VALID
        return pfn

    def flush(self, first: int, last: int) -> None:
        """Store the changed pages of `first` to `last`. OSError."""
        mm = self.mm
        for page, entry in self.entries(first, min(last + 1, self.pages)):
            if not entry & (VALID | TRANSITION):
                continue
            pfn = (entry & mm.format.frame_mask) >> 12
            if self.has_file and mm.pfns.dirty[pfn]:
                self.store(page, pfn)
                mm.pager.enlist_again(pfn)

    def hold(self, *, writes: bool = False) -> None:
        """One more section or view; `writes`: through which the pages can be changed."""
        self.references += 1
        self.writers += writes

    def drop(self, *, writes: bool = False) -> None:
        """One section or view less; after the last one the pages are written and freed."""
        self.references -= 1
        self.writers -= writes
        if not self.references:
            self._delete()

    def _delete(self) -> None:
        mm = self.mm
        shift = mm.paging.entries_shift
        for index, table in sorted(self.tables.items()):
            for page in range(1 << shift):
                entry = mm.words[(table << shift) + page]
                if entry:
                    self._delete_page((index << shift) + page, entry)
            del mm.pager.prototype_tables[table]
            mm.pfns.release(table)
            mm.uncharge(1)
        mm.uncharge(self.charge)
        mm.pager.allow_writes(self)
        if self.owner is not None:
            mm.forget_segment(self.owner)

    def _delete_page(self, page: int, entry: int) -> None:
        if entry & TRANSITION:
            pfn = (entry & self.mm.format.frame_mask) >> 12
            if self.has_file and self.mm.pfns.dirty[pfn]:
                self._store_last(page, pfn)
        self.resident -= bool(entry & TRANSITION)
        self.mm.pager.discard(entry)

    def _store_last(self, page: int, pfn: int) -> None:
        """Nobody is left to whom a failing write could be reported; NT shows a pop-up."""
        try:
            self.store(page, pfn)
        except OSError:
            self.mm.counters.lost_writes += 1


class PageFileSegment(Segment):
    """Pages that begin as zeros and are kept in the page file; committed at once or on demand."""

    def __init__(self, mm: MemoryManager, pages: int, *, reserve: bool) -> None:
        if not reserve:
            mm.charge(pages)
        super().__init__(mm, pages)
        self.reserve = reserve
        self.charge = 0 if reserve else pages

    def is_committed(self, page: int) -> bool:
        return not self.reserve or self.entry(page) != 0

    def alike(self, page: int) -> int:
        if not self.reserve:
            return ALL_PAGES
        shift = self.mm.paging.entries_shift
        return 1 if page >> shift in self.tables else ((page >> shift) + 1 << shift) - page

    def commit(self, first: int, last: int) -> None:
        """Commit pages `first` to `last` of a reserved section. KernelError COMMITMENT_LIMIT."""
        missing = [page for page in range(first, last + 1) if not self.is_committed(page)]
        for page in range(first, last + 1, 1 << self.mm.paging.entries_shift):
            self.slot(page)
        self.slot(last)
        self.mm.charge(len(missing))
        self.charge += len(missing)
        for page in missing:
            self.mm.words[self.slot(page)] = demand_zero(codes.READ_WRITE)

    def load(self, page: int) -> int:
        pfn = self.mm.pfns.take_zeroed()
        self.mm.pfns.dirty[pfn] = 1
        self.mm.counters.demand_zero_faults += 1
        return pfn


class FileSegment(Segment):
    """The pages of a data file; what lies past its end in the last page is zero and not written."""

    has_file = True

    def __init__(self, mm: MemoryManager, backing: Backing, pages: int) -> None:
        super().__init__(mm, pages)
        self.backing = backing
        mm.register_segment(backing, self)

    @property
    def owner(self) -> object:
        return self.backing

    def is_committed(self, page: int) -> bool:
        """Views may go on behind the end, where the file can be extended to."""
        return page < self.pages

    def alike(self, page: int) -> int:
        return self.pages - page if page < self.pages else ALL_PAGES

    def load(self, page: int) -> int:
        data = self.backing.read(page * PAGE_SIZE, PAGE_SIZE)
        mm = self.mm
        pfn = mm.pfns.take()
        mm.ram.write(pfn << 12, data.ljust(PAGE_SIZE, b"\0"))
        mm.counters.hard_faults += 1
        mm.counters.pages_read += 1
        return pfn

    def store(self, page: int, pfn: int) -> None:
        offset = page * PAGE_SIZE
        size = min(PAGE_SIZE, self.backing.size - offset)
        if size > 0:
            self.backing.write(offset, self.mm.ram.read(pfn << 12, size))
        self.mm.pfns.dirty[pfn] = 0
        self.mm.counters.pages_written += 1

    def overlay(self, offset: int, data: bytes) -> bytes:
        """What a read of the file at `offset` gives: `data`, newer where views changed it."""
        result = bytearray(data)
        for at, pa, count in self._resident(offset, len(data)):
            result[at : at + count] = self.mm.ram.view[pa : pa + count]
        return bytes(result)

    def update(self, offset: int, data: bytes) -> None:
        """Let views see what was written to the file at `offset`."""
        for at, pa, count in self._resident(offset, len(data)):
            self.mm.ram.write(pa, data[at : at + count])

    def _resident(self, offset: int, size: int) -> Iterator[tuple[int, int, int]]:
        """The parts of a range of the file that are in frames: where in it, pa, bytes."""
        end = min(offset + size, self.pages * PAGE_SIZE)
        start = offset
        while start < end:
            count = min(PAGE_SIZE - start % PAGE_SIZE, end - start)
            entry = self.entry(start // PAGE_SIZE)
            if entry & (VALID | TRANSITION):
                yield start - offset, (entry & self.mm.format.frame_mask) + start % PAGE_SIZE, count
            start += count


class ImageSegment(Segment):
    """The pages of an executable image, laid out as `loader` says; nobody writes it back."""

    def __init__(self, mm: MemoryManager, image: Image, file: Backing | None = None) -> None:
        pages = -(-image.size_of_image // PAGE_SIZE)
        super().__init__(mm, pages)
        self.image = image
        self.file = file
        """Where the image comes from, as far as that is a file of the guest's."""
        self._codes = bytearray([codes.NO_ACCESS]) * pages
        self._runs: list[PageRun] = list(image.runs)
        for run in self._runs:
            first = run.rva // PAGE_SIZE
            count = min(-(-run.size // PAGE_SIZE), pages - first)
            self._codes[first : first + count] = bytes([_image_code(run)]) * count
        self.copy_pages = sum(codes.is_copy(code) for code in self._codes)
        """Pages that a view may want copies of: its commit charge."""
        mm.register_segment(image, self)

    @property
    def owner(self) -> object:
        return self.image

    def page_code(self, page: int) -> int:
        return self._codes[page]

    def alike(self, page: int) -> int:
        return 1

    def load(self, page: int) -> int:
        rva = page * PAGE_SIZE
        run = next(run for run in self._runs if run.rva <= rva < run.rva + run.size)
        offset = rva - run.rva
        size = min(run.file_size - offset, PAGE_SIZE)
        if size <= 0:
            return self.mm.pfns.take_zeroed()
        start = run.file_offset + offset
        pfn = self.mm.pfns.take_zeroed()
        self.mm.ram.write(pfn << 12, self.image.data[start : start + size])
        self.mm.counters.hard_faults += 1
        self.mm.counters.pages_read += 1
        return pfn


def _image_code(run: PageRun) -> int:
    """NT's protection of an image section: writable pages are copy-on-write unless shared."""
    wanted = run.protection
    access = Protection.NONE
    if wanted.executable:
        access |= Protection.EXECUTE
    if wanted.readable or wanted.writable:
        access |= Protection.READ
    if wanted.writable:
        access |= Protection.WRITE if wanted.shared else Protection.COPY
    return codes.CODE_OF[access]
