"""The memory manager of one machine: frames, commit, system mappings, and who has which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu import paging as x86
from emu.ram import PAGE_SIZE, Ram
from provider.kernel.errors import KernelError, Reason
from provider.kernel.event_stream import EventStream
from provider.kernel.mm import working_set
from provider.kernel.mm.compression import CompressionStore
from provider.kernel.mm.counters import Counters
from provider.kernel.mm.page_file import PageFile
from provider.kernel.mm.pager import Pager
from provider.kernel.mm.pfn import PfnDatabase
from provider.kernel.mm.protection import Protection
from provider.kernel.mm.pte import PteFormat
from provider.kernel.mm.section import Section
from provider.kernel.mm.segment import FileSegment, ImageSegment
from provider.kernel.mm.space import AddressSpace

if TYPE_CHECKING:
    from collections.abc import Callable

    from loader.image import Image
    from provider.kernel.mm.segment import Backing, Segment
    from provider.kernel.mm.user_memory import UserMemory

KERNEL_RESERVE = 64
"""Frames that commit never promises to anybody: tables needed to give others back."""
BASED_LOWEST, BASED_HIGHEST, BASED_ALIGNMENT = 0x10000000, 0x7F000000, 0x10000
"""Where sections go that have one address in all processes."""


class MemoryManager:
    """Owns the RAM of a machine and everything that decides what is where in it."""

    def __init__(
        self,
        ram: Ram,
        *,
        paging: str = "pae",
        flush_cpu: Callable[[], None] = lambda: None,
        events: EventStream | None = None,
    ) -> None:
        """`paging` is "pae" or "x86"; `flush_cpu` is called when a mapping went or was narrowed."""
        self.ram = ram
        self.events = events or EventStream()
        self.flush_cpu = flush_cpu
        self.paging = x86.FORMATS[paging](ram)
        self.words = self.paging.words
        self.pfns = PfnDatabase(ram)
        self.format = PteFormat(self.paging)
        self.counters = Counters()
        """What the pager did; `totals` has the faults as well."""
        self.past_counters = Counters()
        """Of address spaces that were deleted."""
        self.spaces: list[AddressSpace] = []
        self.faulting: UserMemory | None = None
        """The space of the last fault, whose next instruction must be able to finish."""
        self.commit_limit = self.pfns.total - KERNEL_RESERVE
        self.committed = 0
        self.peak_committed = 0
        self.refused_commits = 0
        """How often somebody asked for more than can be promised."""
        self._based_end = BASED_HIGHEST
        self._segments: dict[int, Segment] = {}
        self.pager = Pager(self)
        self.pfns.reclaim = self.pager.reclaim
        self.kernel_frames = 0
        """Frames that are in use for as long as the machine is."""
        self.paging.set_system_directory(self.take_kernel_frame())

    def create_space(
        self, *, granularity: int = 0x10000, lowest: int = 0x10000, highest: int = 0x7FFDFFFF
    ) -> AddressSpace:
        """An empty address space; allocations fall between `lowest` and `highest`, inclusive.

        KernelError: COMMITMENT_LIMIT, NO_MEMORY.
        """
        count = self.paging.frames_per_space
        self.charge(count)
        pfns = [self.pfns.take_zeroed() for _ in range(count)]
        space = AddressSpace(self, self.paging.create(pfns), granularity, lowest, highest)
        self.spaces.append(space)
        return space

    def create_section(
        self,
        *,
        size: int = 0,
        protection: Protection = Protection.READ | Protection.WRITE,
        reserve: bool = False,
        backing: Backing | None = None,
        image: Image | None = None,
        based: bool = False,
        no_change: bool = False,
        no_execute: bool = False,
    ) -> Section:
        """A section of `size` bytes: over `backing`, over an `image`, or over the page file.

        The `backing` of an image is the file that it comes from, which cannot change meanwhile.

        Sections over the same backing, or the same `Image` object, share one segment.  `size` 0
        takes the file's; a file smaller than `size` is extended if the protection allows writing.
        KernelError: see `Section.create`.
        """
        return Section.create(
            self,
            size=size,
            protection=protection,
            reserve=reserve,
            backing=backing,
            image=image,
            based=based,
            no_change=no_change,
            no_execute=no_execute,
        )

    def segment_of(self, owner: object) -> Segment | None:
        """The segment over a backing or an image object, if sections or views of it exist."""
        return self._segments.get(id(owner))

    def file_segment(self, backing: Backing) -> FileSegment | None:
        """The data segment over a file."""
        segment = self._segments.get(id(backing))
        return segment if isinstance(segment, FileSegment) else None

    def has_image(self, backing: Backing) -> bool:
        """Whether a file is mapped as an image, or a section of it as an image exists."""
        return any(
            isinstance(segment, ImageSegment) and segment.file is backing
            for segment in self._segments.values()
        )

    def register_segment(self, owner: object, segment: Segment) -> None:
        """Let later sections over `owner` share `segment`."""
        self._segments[id(owner)] = segment

    def forget_segment(self, owner: object) -> None:
        """Undo `register_segment`."""
        self._segments.pop(id(owner), None)

    def take_based_address(self, size: int) -> int:
        """An address that no other based section has, below those before. KernelError NO_MEMORY."""
        address = (self._based_end - size) & -BASED_ALIGNMENT
        if address < BASED_LOWEST:
            raise KernelError(Reason.NO_MEMORY, "no address is left for based sections")
        self._based_end = address
        return address

    def flush_tlb(self) -> None:
        """Forget all cached translations, the CPU's too: a mapping went or was narrowed."""
        for space in self.spaces:
            space.forget_translations()
        self.flush_cpu()

    def totals(self) -> dict[str, int]:
        """The faults of all address spaces, deleted ones too, and what the pager did."""
        result = Counters()
        for counters in (self.past_counters, *(space.counters for space in self.spaces)):
            result.add(counters)
        own = self.counters
        for name in ("pages_read", "pages_written", "failed_writes", "lost_writes"):
            setattr(result, name, getattr(own, name))
        return result.as_dict()

    def charge(self, pages: int, *, limited: bool = True) -> None:
        """Promise `pages` pages; KernelError COMMITMENT_LIMIT when nothing could hold them.

        Not `limited`: tables for what was promised already, which the reserve is for.
        """
        total = self.committed + pages
        if limited and total > self.commit_limit:
            self.refused_commits += 1
            raise KernelError(Reason.COMMITMENT_LIMIT, f"{pages} more pages")
        self.committed = total
        if total > self.peak_committed:
            self.peak_committed = total

    def uncharge(self, pages: int) -> None:
        """Take back a promise of `pages` pages."""
        self.committed -= pages

    def add_page_file(self, size: int) -> PageFile:
        """Let `size` bytes more be committed, and pages be written to a new page file on the host.

        KernelError: INVALID_PARAMETER (less than a page, or more than a PTE can name),
        INSUFFICIENT_RESOURCES (16 of them exist).
        """
        pages = size // PAGE_SIZE
        if not 0 < pages < self.format.offset_limit - 1:
            raise KernelError(Reason.INVALID_PARAMETER, f"a page file of {size:#x} bytes")
        file = PageFile(pages)
        self.pager.add_file(file)
        self.commit_limit += pages
        return file

    def compress_into(self, space: AddressSpace, pages: int) -> None:
        """Let modified pages be compressed, in up to `pages` pages of the empty `space`."""
        self.pager.compression = CompressionStore(space, pages)

    def retire_frame(self, pfn: int) -> bool:
        """Take a frame of RAM out of use for good; True if that is done, False if it is in use yet.

        A page in it moves as soon as it can be paged.  KernelError: INVALID_PARAMETER (there is no
        such frame, or it was retired before), COMMITMENT_LIMIT (it was promised to somebody).
        """
        pfns = self.pfns
        if not 0 < pfn < pfns.total or pfns.is_retired(pfn):
            raise KernelError(Reason.INVALID_PARAMETER, f"frame {pfn:#x}")
        if self.committed >= self.commit_limit:
            raise KernelError(Reason.COMMITMENT_LIMIT, "every frame was promised")
        self.commit_limit -= 1
        return pfns.retire_frame(pfn) or self.pager.vacate(pfn)

    def balance(self) -> None:
        """Let the balance-set manager trim and write; due once a second of virtual time."""
        working_set.balance(self)

    def close(self) -> None:
        """Give back the page files; the machine is not used any more."""
        for file in self.pager.files:
            file.close()

    def map_system(
        self, va: int, size: int, *, writable: bool = True, executable: bool = False
    ) -> list[int]:
        """Zeroed supervisor pages at `va` in every space; returns their frame numbers.

        `va` is a page between 0x80000000 and 0xBFFFFFFF where nothing is mapped yet.
        """
        if va % PAGE_SIZE or not x86.SYSTEM_BASE <= va <= va + size <= x86.PTE_BASE:
            raise ValueError(f"{va:#x} is not a place for {size:#x} bytes of system memory")
        bits = x86.VALID | x86.ACCESSED | x86.DIRTY | (x86.WRITE if writable else 0)
        bits |= 0 if executable else self.format.no_execute
        frames = []
        for page in range(va, va + size, PAGE_SIZE):
            pfn = self.take_kernel_frame()
            self.words[self._system_slot(page)] = pfn << 12 | bits
            frames.append(pfn)
        return frames

    def take_kernel_frame(self) -> int:
        """A zeroed frame for good, such as one for `AddressSpace.map_shared_frame`. KernelError."""
        self.charge(1)
        self.kernel_frames += 1
        pfn = self.pfns.take_zeroed()
        self.pfns.pin(pfn)
        return pfn

    def _system_slot(self, va: int) -> int:
        slot = self.paging.system_slot(va)
        if slot < 0:
            self.paging.install_system_table(va, self.take_kernel_frame())
            slot = self.paging.system_slot(va)
        if self.words[slot]:
            raise ValueError(f"system address {va:#x} is mapped already")
        return slot
