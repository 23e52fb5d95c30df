"""Fork: a second address space with the same contents, private pages shared until written.

Each private page moves to a prototype PTE of a clone segment, as NT's clone blocks do it; both
processes then map it copy-on-write.  The first to write gets a copy; the last user of a page has it
alone, and its frame goes when that user copies or frees it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.paging import ACCESSED, DIRTY, PROTOTYPE, VALID
from provider.kernel.errors import KernelError
from provider.kernel.mm import protection as codes
from provider.kernel.mm import write_watch
from provider.kernel.mm.pte import TRANSITION, soft_code
from provider.kernel.mm.runs import entries
from provider.kernel.mm.segment import Segment
from provider.kernel.mm.vad import VadKind

if TYPE_CHECKING:
    from provider.kernel.mm.manager import MemoryManager
    from provider.kernel.mm.space import AddressSpace
    from provider.kernel.mm.vad import Vad


class CloneSegment(Segment):
    """The pages of one VAD that were private when it was cloned."""

    def __init__(self, mm: MemoryManager, pages: int) -> None:
        super().__init__(mm, pages)
        self._codes = bytearray(pages)
        self._users: dict[int, int] = {}

    def page_code(self, page: int) -> int:
        return self._codes[page]

    def adopt(self, page: int, entry: int, code: int) -> int:
        """Take over what the private `entry` holds, for two users; returns the prototype's slot."""
        mm = self.mm
        slot = self.slot(page)
        self._codes[page] = code
        self._users[page] = 2
        if entry & (VALID | TRANSITION):
            pfn = (entry & mm.format.frame_mask) >> 12
            if entry & VALID and (entry & DIRTY or not mm.pfns.original[pfn]):
                mm.pfns.dirty[pfn] = 1
            mm.pfns.slot[pfn] = slot
            self.resident += 1
        mm.words[slot] = entry & mm.format.frame_mask | VALID if entry & VALID else entry
        return slot

    @property
    def is_used(self) -> bool:
        """Whether any page was taken over."""
        return bool(self._users)

    def share(self, page: int) -> None:
        """One more process refers to a page."""
        self._users[page] += 1

    def forget(self, page: int) -> None:
        """One process less refers to a page, and maps it no more."""
        self._users[page] -= 1
        if self._users[page]:
            return
        del self._users[page]
        slot = self.slot(page)
        entry = self.mm.words[slot]
        self.resident -= bool(entry & TRANSITION)
        self.mm.words[slot] = 0
        self.mm.pager.discard(entry)


def find(mm: MemoryManager, pte: int) -> tuple[CloneSegment, int] | None:
    """The clone segment and page that an entry refers to, if it refers to one."""
    if not pte & PROTOTYPE:
        return None
    if pte & VALID:
        slot = mm.pfns.slot[(pte & mm.format.frame_mask) >> 12]
    elif mm.format.is_lookup(pte):
        return None
    else:
        slot = mm.format.prototype_slot(pte)
    segment, page = mm.pager.prototype(slot)
    return (segment, page) if isinstance(segment, CloneSegment) else None


def clone(parent: AddressSpace) -> AddressSpace:
    """A new space with what `parent` hands down. KernelError COMMITMENT_LIMIT, NO_MEMORY."""
    mm = parent.mm
    vads = parent.vads
    child = mm.create_space(
        granularity=parent.granularity, lowest=vads.lowest, highest=vads.highest
    )
    child.minimum, child.maximum = parent.minimum, parent.maximum
    child.execute_data = parent.execute_data
    try:
        for vad in vads.all():
            if vad.fixed:
                entry = parent.tables.entry(vad.start)
                child.map_shared_frame(vad.start, (entry & mm.format.frame_mask) >> 12, vad.code)
            elif vad.inherit and vad.kind is not VadKind.PHYSICAL:
                _clone_vad(parent, child, vad)
    except KernelError:
        child.delete()
        raise
    finally:
        mm.flush_tlb()
    return child


def _clone_vad(parent: AddressSpace, child: AddressSpace, vad: Vad) -> None:
    for segment in [segment for segment in vad.clones if not segment.is_used]:
        vad.clones.remove(segment)
        segment.drop()
    copy = vad.copy(vad.start, vad.end)
    child.charge(vad.charge)
    copy.charge = vad.charge
    child.add_vad(copy)
    if copy.segment is not None and copy.section is not None:
        copy.segment.hold(writes=copy.section.is_writable)
    for segment in vad.clones:
        segment.hold()
        copy.clones.append(segment)
    fresh = CloneSegment(parent.mm, vad.end - vad.start >> 12)
    fresh.hold()
    try:
        for va, found in entries(parent, vad.start, vad.end):
            if found:
                slot = child.make_slot(va)
                fresh.slot(va - vad.start >> 12)
                # Either may have pushed the page out.
                pte = parent.tables.entry(va)
                child.mm.words[slot] = _clone_entry(parent, vad, fresh, va, pte)
    finally:
        if fresh.is_used:
            for each in (vad, copy):
                fresh.hold()
                each.clones.append(fresh)
        fresh.drop()


def _clone_entry(parent: AddressSpace, vad: Vad, fresh: CloneSegment, va: int, pte: int) -> int:
    """The child's entry for a page; the parent's changes with it if the page was private."""
    mm = parent.mm
    existing = find(mm, pte)
    if existing is not None:
        segment, page = existing
        segment.share(page)
        return mm.format.prototype(segment.slot(page))
    code = parent.entry_code(vad, va, pte)
    if pte & PROTOTYPE:
        return 0 if code == vad.zero_code(va) else mm.format.lookup(code)
    if not pte & (VALID | TRANSITION) and not mm.format.page_file_offset(pte):
        return pte
    page = va - vad.start >> 12
    pointer = mm.format.prototype(fresh.slot(page))
    slot = parent.tables.slot(va)
    if pte & VALID:
        if pte & DIRTY:
            write_watch.note(parent, va)
        bits = mm.format.hardware[codes.with_copy(code)]
        entry = pte & (mm.format.frame_mask | ACCESSED) | bits | PROTOTYPE
    else:
        code = soft_code(pte)
        entry = pointer
    fresh.adopt(page, pte, code)
    mm.words[slot] = entry
    return pointer
