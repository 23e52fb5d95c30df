"""The way of a page between working sets, page lists and files.

    active --trimmed--> modified --written--> standby --reused--> free
       ^                   |                     |
       +---- soft fault ---+---------------------+          a hard fault reads a reused page back

While the writes of a file are held, its changed pages go to modified-no-write and stay there.

A page is *dirty* while its contents are nowhere else.  The modified-page writer gives it a copy: in
its file, if it is a data file's, else in the compression store or a page file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from emu.paging import PROTOTYPE, VALID
from emu.ram import PAGE_SIZE
from provider.kernel.errors import KernelError, Reason
from provider.kernel.mm import working_set
from provider.kernel.mm.pfn import ACTIVE, MODIFIED, MODIFIED_NO_WRITE, STANDBY, TRANSITION
from provider.kernel.mm.pte import CODE_MASK, DROPPED_MARK, FILE_MASK, FILE_SHIFT, transition
from provider.kernel.mm.pte import TRANSITION as TRANSITION_BIT

if TYPE_CHECKING:
    from provider.kernel.mm.compression import CompressionStore
    from provider.kernel.mm.manager import MemoryManager
    from provider.kernel.mm.page_file import PageFile
    from provider.kernel.mm.pfn import FrameList
    from provider.kernel.mm.segment import Segment

MAX_FILES = 15
STORE_FILE = 15
"""The page-file number that PTEs have for pages in the compression store."""
WRITE_CLUSTER = 32
"""Pages that the modified-page writer takes at a time."""
TRIM_CLUSTER = 64


class Store(Protocol):
    """Where copies of pages are kept: a page file, or the compression store."""

    def store(self, data: memoryview) -> int | None:
        """Keep a page and return its number, None when there is no room. OSError."""

    def load(self, number: int) -> bytes:
        """The page of that number. OSError."""

    def free(self, number: int) -> None:
        """Forget a page."""


class Pager:
    """Moves the pages of one memory manager."""

    def __init__(self, mm: MemoryManager) -> None:
        self._mm = mm
        self.files: list[PageFile] = []
        self.compression: CompressionStore | None = None
        self.prototype_tables: dict[int, tuple[Segment, int]] = {}
        """The segment of each frame of prototype PTEs, and the page of the frame's first."""
        self._held: set[Segment] = set()
        """Segments whose changed pages nobody may write."""

    def add_file(self, file: PageFile) -> None:
        """Use one more page file. KernelError INSUFFICIENT_RESOURCES."""
        if len(self.files) == MAX_FILES:
            raise KernelError(Reason.INSUFFICIENT_RESOURCES, "all page files are in use")
        self.files.append(file)

    def retire(self, pfn: int, slot: int, code: int) -> None:
        """Let the last valid PTE of a page go: its owner at `slot` becomes a transition entry."""
        pfns = self._mm.pfns
        self._mm.words[slot] = transition(pfn, code)
        pfns.slot[pfn] = slot
        pfns.share[pfn] = 0
        if pfns.dirty[pfn]:
            self.forget_copy(pfn)
        if pfns.pins[pfn]:
            pfns.state[pfn] = TRANSITION
        else:
            self.enlist(pfn)

    def enlist(self, pfn: int) -> None:
        """Put a transition page on the list that its contents call for."""
        pfns = self._mm.pfns
        if not pfns.dirty[pfn]:
            pfns.standby.append(pfn)
        elif self._held and self.prototype(pfns.slot[pfn])[0] in self._held:
            pfns.modified_no_write.append(pfn)
        else:
            pfns.modified.append(pfn)

    def enlist_again(self, pfn: int) -> None:
        """Put a transition page, whose contents are told anew, on the list that they call for."""
        if self.delist(pfn):
            self.enlist(pfn)

    def forget_copy(self, pfn: int) -> None:
        """Free the copy that an active or transition page has in a page file, if it has one."""
        original = self._mm.pfns.original[pfn]
        if original:
            self._free_copy(original)
            self._mm.pfns.original[pfn] = 0

    def unlist(self, pfn: int) -> None:
        """Take a transition page off its list: active again, share count 1."""
        pfns = self._mm.pfns
        self.delist(pfn)
        pfns.state[pfn] = ACTIVE
        pfns.share[pfn] = 1

    def delist(self, pfn: int) -> bool:
        """Take a transition page off the list that it is on; False: pinned, it is on none."""
        pfns = self._mm.pfns
        state = pfns.state[pfn]
        if state == STANDBY:
            pfns.standby.remove(pfn)
        elif state == MODIFIED:
            pfns.modified.remove(pfn)
        elif state == MODIFIED_NO_WRITE:
            pfns.modified_no_write.remove(pfn)
        return state in (STANDBY, MODIFIED, MODIFIED_NO_WRITE)

    def hold_writes(self, segment: Segment) -> None:
        """Let nobody but `Segment.flush` write a file's changed pages, until `allow_writes`.

        What a file system asks for whose log has to be on disk first, by
        MmDisableModifiedWriteOfSection in NT.
        """
        self._held.add(segment)
        self._sort(self._mm.pfns.modified)

    def allow_writes(self, segment: Segment) -> None:
        """Undo `hold_writes`."""
        if segment in self._held:
            self._held.remove(segment)
            self._sort(self._mm.pfns.modified_no_write)

    def may_write(self, segment: Segment) -> bool:
        """Whether the modified-page writer writes the segment's pages to their file."""
        return segment.has_file and segment not in self._held

    def _sort(self, frames: FrameList) -> None:
        """Put each page of a list where it belongs by now."""
        for pfn in frames.frames():
            frames.remove(pfn)
            self.enlist(pfn)

    def vacate(self, pfn: int) -> bool:
        """Free a frame whose page is on a list, at the cost of a write if need be; True: done."""
        pfns = self._mm.pfns
        if pfns.state[pfn] == MODIFIED:
            self._write_one(pfn)
        if pfns.state[pfn] == STANDBY:
            self._reuse(pfn)
            return True
        return False

    def unpin(self, pfn: int) -> None:
        """Undo one `PfnDatabase.pin`; a page that left its PTEs meanwhile goes where it belongs."""
        pfns = self._mm.pfns
        pfns.pins[pfn] -= 1
        if not pfns.pins[pfn] and pfns.state[pfn] == TRANSITION:
            if pfns.slot[pfn]:
                self.enlist(pfn)
            else:
                pfns.release(pfn)

    def revive(self, pfn: int) -> None:
        """`unlist` for a fault that found the page."""
        self.unlist(pfn)
        self._mm.counters.transition_faults += 1

    def release(self, pfn: int) -> None:
        """Free an active frame and the copy that it has in a page file."""
        self.forget_copy(pfn)
        self._mm.pfns.release(pfn)

    def discard(self, entry: int) -> None:
        """Free what an invalid private PTE or a prototype PTE holds on to."""
        if entry & PROTOTYPE:
            return
        if entry & TRANSITION_BIT:
            pfn = (entry & self._mm.format.frame_mask) >> 12
            self.unlist(pfn)
            self.release(pfn)
        elif self._mm.format.page_file_offset(entry):
            self._free_copy(entry)

    def page_in(self, entry: int) -> int:
        """A frame with the contents that a page-file entry names, share count 1.

        The copy stays until the page is changed. KernelError NO_MEMORY, OSError.
        """
        mm = self._mm
        pfn = mm.pfns.take()
        try:
            data = self._store(entry).load(mm.format.page_file_offset(entry))
        except OSError:
            mm.pfns.release(pfn)
            raise
        mm.ram.write(pfn << 12, data)
        mm.pfns.original[pfn] = entry & ~CODE_MASK
        mm.counters.hard_faults += 1
        mm.counters.pages_read += 1
        return pfn

    def reclaim(self) -> bool:
        """Free some frames: standby pages first, then written ones, then trimmed ones."""
        if self._reuse_some():
            return True
        self.write_modified(WRITE_CLUSTER)
        for force in (False, True):
            if self._reuse_some():
                return True
            working_set.trim_all(self._mm, TRIM_CLUSTER, force=force)
            if not self._mm.pfns.standby.count:
                self.write_modified(WRITE_CLUSTER)
        if self._reuse_some():
            return True
        # Nothing can be written: only pages whose contents are in a file already will do.
        working_set.trim_all(self._mm, TRIM_CLUSTER, force=True, with_copy=True)
        return self._reuse_some() > 0

    def _reuse_some(self) -> int:
        """Reuse the oldest standby pages; returns how many."""
        standby = self._mm.pfns.standby
        count = min(standby.count, WRITE_CLUSTER)
        for _ in range(count):
            self._reuse(standby.head)
        if count and self.compression is not None:
            self.compression.refill()
        return count

    def write_modified(self, count: int) -> int:
        """Give up to `count` modified pages a copy; returns how many moved to standby.

        Pages that cannot be written stay modified, at the end of the list.
        """
        modified = self._mm.pfns.modified
        written = 0
        for _ in range(min(count, modified.count)):
            written += self._write_one(modified.head)
        return written

    def _write_one(self, pfn: int) -> bool:
        """Give a modified page a copy and put it where it belongs then; False: it has none."""
        self._mm.pfns.modified.remove(pfn)
        written = False
        try:
            written = self._write(pfn)
        except OSError:
            self._mm.counters.failed_writes += 1
        self.enlist(pfn)
        return written

    def _write(self, pfn: int) -> bool:
        mm = self._mm
        pfns = mm.pfns
        segment, page = self.prototype(pfns.slot[pfn])
        if segment is not None and segment.has_file:
            segment.store(page, pfn)
            return True
        data = mm.ram.view[pfn << 12 : (pfn << 12) + PAGE_SIZE]
        for file, store in self._stores():
            number = store.store(data)
            if number is not None:
                pfns.original[pfn] = mm.format.page_file(file, number, 0)
                pfns.dirty[pfn] = 0
                mm.counters.pages_written += 1
                return True
        return False

    def _stores(self) -> list[tuple[int, Store]]:
        files: list[tuple[int, Store]] = list(enumerate(self.files))
        return files if self.compression is None else [(STORE_FILE, self.compression), *files]

    def _store(self, entry: int) -> Store:
        file = (entry & FILE_MASK) >> FILE_SHIFT
        if file == STORE_FILE:
            assert self.compression is not None
            return self.compression
        return self.files[file]

    def _free_copy(self, entry: int) -> None:
        self._store(entry).free(self._mm.format.page_file_offset(entry))

    def prototype(self, slot: int) -> tuple[Segment | None, int]:
        """The segment whose prototype PTE is at `slot`, and its page; no segment: no prototype."""
        paging = self._mm.paging
        segment, first = self.prototype_tables.get(slot >> paging.entries_shift, (None, 0))
        return segment, first + (slot & paging.entries_mask)

    def _reuse(self, pfn: int) -> None:
        """Take a standby page's frame; its owner gets to know where the copy is."""
        mm = self._mm
        pfns = mm.pfns
        slot = pfns.slot[pfn]
        segment, _ = self.prototype(slot)
        code = mm.words[slot] & CODE_MASK
        assert not mm.words[slot] & VALID
        if pfns.original[pfn]:
            mm.words[slot] = pfns.original[pfn] | code
        else:
            mm.words[slot] = 0 if segment is not None else code | DROPPED_MARK
        if segment is not None:
            segment.resident -= 1
        pfns.standby.remove(pfn)
        pfns.original[pfn] = 0
        pfns.release(pfn)
