"""One process's address space: what the kernel may ask of it.

Whether an address is mapped is in the page tables; what it was reserved for is in the VADs; nothing
else is remembered.  The rules live beside: `allocation`, `views`, `fault`, `query`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.paging import PROTOTYPE, VALID, WRITE, PageTables
from emu.ram import PAGE_SIZE
from emu.trap import PageFaultError
from provider.kernel.errors import KernelError
from provider.kernel.mm import (
    allocation,
    clone,
    locks,
    physical,
    prefetch,
    query,
    reset,
    views,
    working_set,
    write_watch,
)
from provider.kernel.mm.locks import Lock
from provider.kernel.mm.protection import DECOMMITTED, READ_ONLY, Protection
from provider.kernel.mm.pte import TRANSITION, soft_code
from provider.kernel.mm.user_memory import NO_VAD, UserMemory
from provider.kernel.mm.vad import Vad, VadKind, VadMap

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from provider.kernel.mm.manager import MemoryManager
    from provider.kernel.mm.query import PageState, Region
    from provider.kernel.mm.quota import CommitQuota
    from provider.kernel.mm.section import Section
    from provider.kernel.mm.violation import UserStack

_NO_FETCH = int(PageFaultError.FETCH)
_READ_ONLY = int(PageFaultError.FETCH | PageFaultError.WRITE)


class AddressSpace(UserMemory):
    """Made by `MemoryManager.create_space`; `cr3` is what the CPU's register is loaded with."""

    def __init__(
        self, mm: MemoryManager, tables: PageTables, granularity: int, lowest: int, highest: int
    ) -> None:
        super().__init__(mm, tables, VadMap(lowest, highest, granularity))
        self.cr3 = tables.cr3
        self.label = ""
        """Whose space it is, in reports."""
        self.owner_id = 0
        """The process whose space it is, for events."""
        self.labels: Callable[[], Mapping[int, str]] = dict
        """What ranges are for, by an address in them, in reports; the provider sets it."""
        self.granularity = granularity
        self.stack: UserStack | None = None
        """The running thread's stack, which grows when its guard is hit; the kernel sets it."""
        self.execute_data = False
        """Whether a readable page without execute permission may be executed all the same."""
        self._peak_resident = 0
        self.minimum = working_set.DEFAULT_MINIMUM
        self.maximum = working_set.DEFAULT_MAXIMUM
        """Bounds of the working set, in pages; both soft, as in NT."""
        self.hand = 0
        """Where trimming goes on."""
        self.committed = 0
        """Pages of commit that the space answers for."""
        self.peak_committed = 0
        self.quota: CommitQuota | None = None
        self.virtual_size = 0
        """Bytes in VADs."""
        self.peak_virtual_size = 0
        self.locked = locks.Locks()
        """The pages that trimming leaves alone."""
        self.physical: dict[int, int] = {}
        """Frames that the process owns by number, and where each is mapped, −1 for nowhere."""
        self.written: set[int] = set()
        """Pages under write-watch whose Dirty bit was lost with their PTE."""

    # What a provider asks for; the modules document the rules.

    def allocate(
        self,
        base: int | None,
        size: int,
        *,
        reserve: bool,
        commit: bool,
        protection: Protection,
        top_down: bool = False,
        zero_bits: int = 0,
        lowest: int = 0,
        highest: int = 0xFFFFFFFF,
        alignment: int = 0,
        write_watch: bool = False,
        window: bool = False,
    ) -> tuple[int, int]:
        """Reserve, commit or both; returns start and size in whole pages. See `allocation`."""
        if base is None or reserve:
            room = allocation.Room(top_down, lowest, highest, zero_bits, alignment)
            if window:
                return allocation.reserve_window(self, base, size, room, protection)
            return allocation.reserve(
                self, base, size, room, protection, commit=commit, write_watch=write_watch
            )
        return allocation.commit(self, base, size, protection)

    def reset(self, base: int, size: int) -> tuple[int, int]:
        """Say that the contents of a range do not matter (MEM_RESET). See `reset`."""
        return reset.reset(self, base, size)

    def undo_reset(self, base: int, size: int) -> tuple[int, int]:
        """Want the contents of a range again. See `reset`."""
        return reset.undo(self, base, size)

    def release(self, base: int, size: int = 0) -> tuple[int, int]:
        """Free a private range; size 0: all that was reserved at `base`. See `allocation`."""
        return allocation.release(self, base, size)

    def decommit(self, base: int, size: int = 0) -> tuple[int, int]:
        """Give pages back and keep their addresses reserved. See `allocation`."""
        return allocation.decommit(self, base, size)

    def protect(self, base: int, size: int, protection: Protection) -> tuple[int, int, Protection]:
        """Change protection; returns start, size and what the first page had. See `allocation`."""
        return allocation.protect(self, base, size, protection)

    def query(self, va: int) -> Region:
        """The run of like pages from the page of `va` on. KernelError INVALID_PARAMETER."""
        return query.region(self, va)

    def query_page(self, va: int) -> PageState:
        """The state of the page of `va`. KernelError INVALID_PARAMETER."""
        return query.page(self, va)

    def query_working_set(self) -> list[PageState]:
        """Every valid page, in address order."""
        return query.working_set(self)

    def map_view(
        self,
        section: Section,
        base: int | None,
        *,
        offset: int = 0,
        size: int = 0,
        protection: Protection,
        top_down: bool = False,
        zero_bits: int = 0,
        lowest: int = 0,
        highest: int = 0xFFFFFFFF,
        alignment: int = 0,
        commit: int = 0,
        reserve: bool = False,
        inherit: bool = True,
        no_change: bool = False,
    ) -> views.View:
        """Map part of a section; size 0: to its end; `inherit`: a clone has it too. See `views`."""
        room = allocation.Room(top_down, lowest, highest, zero_bits, alignment)
        view = views.map_view(
            self, section, base, offset, size, protection, room, commit, reserve=reserve
        )
        vad = self.find_vad(view.start)
        assert vad is not None
        vad.inherit = inherit
        vad.no_change |= no_change
        return view

    def unmap_view(self, va: int) -> None:
        """Unmap the view that contains `va`. KernelError NOT_MAPPED_VIEW."""
        views.unmap(self, va)

    def flush_view(self, base: int, size: int) -> tuple[int, int]:
        """Write the dirty pages of a file view to the file. See `views`."""
        return views.flush(self, base, size)

    def flush_views(self) -> None:
        """Write the dirty pages of all file views, as `delete` does. See `views`."""
        views.flush_all(self)

    def prefetch(self, base: int, size: int) -> None:
        """Bring pages in from files before they are needed. See `prefetch`."""
        prefetch.prefetch(self, base, size)

    def lock(self, base: int, size: int, kind: Lock = Lock.WORKING_SET) -> bool:
        """Keep pages from being trimmed; True if one of them was. See `locks`."""
        return locks.lock(self, base, size, kind)

    def unlock(self, base: int, size: int, kind: Lock = Lock.WORKING_SET) -> None:
        """Undo `lock`. See `locks`."""
        locks.unlock(self, base, size, kind)

    def watch_writes(self, base: int, size: int, *, limit: int, reset: bool) -> list[int]:
        """The pages of a write-watched range that were written. See `write_watch`."""
        return write_watch.written(self, base, size, limit=limit, reset=reset)

    def allocate_frames(self, count: int) -> list[int]:
        """Up to `count` frames that the process maps by number. See `physical`."""
        return physical.allocate(self, count)

    def free_frames(self, frames: Sequence[int]) -> None:
        """Give such frames back. See `physical`."""
        physical.free(self, frames)

    def map_frames(self, pages: Sequence[int], frames: Sequence[int] | None) -> None:
        """Show frames in a window that `allocate` reserved. See `physical`."""
        physical.map_frames(self, pages, frames)

    def map_shared_frame(self, va: int, pfn: int, code: int = READ_ONLY) -> None:
        """Show the frame `pfn` at page `va`, outside what `allocate` gives out.

        `code` is a protection that allows no writing.
        """
        vad = Vad(va, va + PAGE_SIZE, VadKind.PRIVATE, code, committed=True)
        vad.fixed = True
        self.add_vad(vad)
        bits = self.mm.format.hardware[code]
        self.mm.words[self.make_slot(va)] = pfn << 12 | bits | PROTOTYPE

    def clone(self) -> AddressSpace:
        """A space with the same contents, private pages copy-on-write. See `clone`."""
        return clone.clone(self)

    def delete(self) -> None:
        """Free everything; from then on every address is a bad one. The CPU runs another space."""
        mm = self.mm
        for vad in self.vads.all():
            if vad.segment is not None:
                views.remove(self, vad)
            elif vad.kind is VadKind.PHYSICAL:
                physical.remove_window(self, vad)
            else:
                allocation.remove(self, vad)
        physical.free(self, list(self.physical))
        for pfn in mm.paging.release(self.tables):
            mm.pfns.release(pfn)
            mm.uncharge(1)
        mm.spaces.remove(self)
        self.forget_translations()
        self.limit = 0
        mm.past_counters.add(self.counters)
        if mm.faulting is self:
            mm.faulting = None

    # For the modules of this package.

    @property
    def peak_resident(self) -> int:
        """The most pages that the working set has had."""
        return max(self._peak_resident, self.resident)

    def lose_page(self) -> None:
        """A page leaves the working set."""
        if self.resident > self._peak_resident:
            self._peak_resident = self.resident
        self.resident -= 1

    def add_vad(self, vad: Vad) -> None:
        """Enter a VAD into the space; its range is free."""
        self.vads.insert(vad)
        self.hint = vad
        self.count_virtual(vad.end - vad.start)

    def remove_vad(self, vad: Vad) -> None:
        """Take a VAD out, whose pages are gone, and the page tables nobody needs any more."""
        self.hint = NO_VAD
        self.vads.remove(vad)
        self.count_virtual(vad.start - vad.end)
        self.reclaim_tables(vad.start, vad.end)
        for segment in vad.clones:
            segment.drop()

    def resize_vad(self, vad: Vad, start: int, end: int, tail: Vad | None = None) -> None:
        """Narrow a VAD to `start` to `end` - 1, and enter what is left of it beyond as `tail`.

        The pages between and outside are gone already.
        """
        self.hint = NO_VAD
        old = vad.start, vad.end
        self.count_virtual(end - start - (vad.end - vad.start))
        self.vads.resize(vad, start, end)
        if tail is not None:
            self.add_vad(tail)
        self.reclaim_tables(*old)

    def count_virtual(self, size: int) -> None:
        """Account for `size` bytes more in VADs."""
        self.virtual_size += size
        if self.virtual_size > self.peak_virtual_size:
            self.peak_virtual_size = self.virtual_size

    def charge(self, pages: int, *, limited: bool = True) -> None:
        """Promise pages for this space. KernelError COMMITMENT_LIMIT."""
        if limited and self.quota is not None:
            self.quota.admit(self, pages)
        self.mm.charge(pages, limited=limited)
        self.committed += pages
        if self.committed > self.peak_committed:
            self.peak_committed = self.committed

    def uncharge(self, pages: int) -> None:
        """Take back `charge`."""
        self.mm.uncharge(pages)
        self.committed -= pages

    def make_slot(self, va: int, *, limited: bool = False) -> int:
        """The slot of the entry of `va`, with a page table, `limited` by commit. KernelError."""
        slot = self.tables.slot(va)
        if slot < 0:
            self.charge(1, limited=limited)
            try:
                slot = self.tables.install_table(va, self.mm.pfns.take_zeroed())
            except KernelError:
                self.uncharge(1)
                raise
        return slot

    def make_tables(self, start: int, end: int) -> None:
        """Provide every page table of a range, before anything in it is changed. KernelError."""
        span = self.tables.format.table_span
        for va in range(start // span * span, end, span):
            self.make_slot(va, limited=True)

    def reclaim_tables(self, start: int, end: int) -> None:
        """Free the page tables around a range that no VAD needs."""
        span = self.tables.format.table_span
        for va in self.tables.tables(start, end):
            if self.vads.is_free(va, va + span):
                self.mm.pfns.release(self.tables.remove_table(va))
                self.uncharge(1)

    def entry_code(self, vad: Vad, va: int, pte: int) -> int:
        """The protection code of a page of `vad`; 0: not committed."""
        if vad.clones and (cloned := clone.find(self.mm, pte)) is not None:
            return cloned[0].page_code(cloned[1])
        if pte & VALID:
            return self.mm.format.code(pte)
        if not pte or (pte & PROTOTYPE and not self.mm.format.is_lookup(pte)):
            return vad.zero_code(va)
        code = soft_code(pte)
        if code == DECOMMITTED and not pte & TRANSITION:
            return 0
        return code

    def set_demand(self, vad: Vad) -> None:
        """Work out whether a first touch of `vad` only needs a zeroed frame."""
        code = vad.page_code
        bits = self.mm.format.hardware[code]
        simple = vad.kind is VadKind.PRIVATE and vad.committed and not vad.fixed
        # Frames that ring 3 can execute are recorded, which the short path does not do.
        if not simple or bits & self.mm.format.no_execute == 0:
            vad.demand = 0
            return
        vad.demand = bits
        vad.denied = _NO_FETCH if bits & WRITE else _READ_ONLY
