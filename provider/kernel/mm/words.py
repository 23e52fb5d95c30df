"""What may be done with one PTE of a space: map, change its protection, take its page away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.paging import ACCESSED, DIRTY, PROTOTYPE, VALID
from emu.ram import PAGE_SIZE
from provider.kernel.mm import clone, write_watch
from provider.kernel.mm import protection as codes
from provider.kernel.mm.pfn import UNWANTED, WANTED
from provider.kernel.mm.pte import CODE_MASK, CODE_SHIFT, demand_zero

if TYPE_CHECKING:
    from provider.kernel.mm.manager import MemoryManager
    from provider.kernel.mm.space import AddressSpace
    from provider.kernel.mm.vad import Vad


def map_frame(space: AddressSpace, slot: int, pfn: int, code: int, extra: int) -> None:
    """Make the entry at `slot` valid: frame `pfn`, protection `code`, and the bits of `extra`."""
    mm = space.mm
    bits = mm.format.hardware[code]
    if not bits & mm.format.no_execute:
        mm.ram.mark_executable(pfn)
    mm.words[slot] = pfn << 12 | bits | extra
    space.resident += 1


def allow_execution(space: AddressSpace, slot: int) -> None:
    """Let ring 3 execute a page whose protection does not say so (`AddressSpace.execute_data`)."""
    mm = space.mm
    mm.ram.mark_executable((mm.words[slot] & mm.format.frame_mask) >> 12)
    mm.words[slot] = mm.format.executable_data(mm.words[slot])


def separate(space: AddressSpace, slot: int) -> None:
    """Give the process its own copy of the valid shared page at `slot`. KernelError NO_MEMORY."""
    mm = space.mm
    old_pte = mm.words[slot]
    old = (old_pte & mm.format.frame_mask) >> 12
    cloned = clone.find(mm, old_pte)
    mm.pfns.pin(old)
    try:
        new = mm.pfns.take()
    finally:
        mm.pager.unpin(old)
    mm.ram.write(new << 12, mm.ram.view[old << 12 : (old << 12) + PAGE_SIZE])
    space.lose_page()
    map_frame(space, slot, new, codes.without_copy(mm.format.code(old_pte)), 0)
    release_shared(mm, old, dirty=bool(old_pte & DIRTY))
    if cloned is not None:
        cloned[0].forget(cloned[1])
    space.counters.copy_faults += 1
    # The kernel may have written for the guest, whose CPU still reads the old frame.
    mm.flush_tlb()


def release_shared(mm: MemoryManager, pfn: int, *, dirty: bool) -> None:
    """Let a valid PTE of a frame go that others may map too, or that a prototype PTE owns."""
    pfns = mm.pfns
    if dirty:
        pfns.dirty[pfn] = 1
    pfns.share[pfn] -= 1
    if not pfns.share[pfn]:
        mm.pager.retire(pfn, pfns.slot[pfn], codes.READ_WRITE)


def set_code(space: AddressSpace, vad: Vad, va: int, slot: int, code: int) -> bool:
    """Give the committed page at `slot` the protection `code`; True if the CPU may know better.

    A page that may not be accessed, or has a guard, leaves the working set.
    """
    mm = space.mm
    if vad.clones:
        _leave_clone(space, vad, va, slot, code)
    pte = mm.words[slot]
    if pte & VALID:
        if codes.is_accessible(code):
            _narrow_or_widen(space, slot, code)
        else:
            evict(space, va, slot)
            mm.words[slot] = _with_code(space, vad, va, mm.words[slot], code)
        return True
    mm.words[slot] = _with_code(space, vad, va, pte, code)
    return False


def _leave_clone(space: AddressSpace, vad: Vad, va: int, slot: int, code: int) -> None:
    """A page shared with a clone has one protection in both; for another it needs a copy first."""
    cloned = clone.find(space.mm, space.mm.words[slot])
    if cloned is None or cloned[0].page_code(cloned[1]) == code:
        return
    if not space.mm.words[slot] & VALID:
        pfn = cloned[0].acquire(cloned[1])
        map_frame(space, slot, pfn, codes.READ_ONLY, PROTOTYPE)
    separate(space, slot)


def _narrow_or_widen(space: AddressSpace, slot: int, code: int) -> None:
    mm = space.mm
    pte = mm.words[slot]
    pfn = (pte & mm.format.frame_mask) >> 12
    bits = mm.format.hardware[code]
    if not bits & mm.format.no_execute:
        mm.ram.mark_executable(pfn)
    mm.words[slot] = pfn << 12 | bits | pte & (ACCESSED | DIRTY | PROTOTYPE)


def _with_code(space: AddressSpace, vad: Vad, va: int, pte: int, code: int) -> int:
    """An invalid entry with another protection."""
    shared = pte & PROTOTYPE or not pte
    if vad.segment is not None and shared:
        return 0 if code == vad.zero_code(va) else space.mm.format.lookup(code)
    if not pte:
        return demand_zero(code)
    return pte & ~CODE_MASK | code << CODE_SHIFT


def clean(space: AddressSpace, slot: int) -> bool:
    """Clear the Dirty bit at `slot` and note in the frame's row what it said; True if set."""
    mm = space.mm
    pte = mm.words[slot]
    if pte & (VALID | DIRTY) != VALID | DIRTY:
        return False
    mm.pfns.dirty[(pte & mm.format.frame_mask) >> 12] = 1
    mm.words[slot] = pte & ~DIRTY
    return True


def evict(space: AddressSpace, va: int, slot: int) -> None:
    """Take the valid page at `va`, `slot` out of the working set; its contents stay reachable."""
    mm = space.mm
    pte = mm.words[slot]
    pfn = (pte & mm.format.frame_mask) >> 12
    code = mm.format.code(pte)
    space.lose_page()
    if pte & PROTOTYPE:
        mm.words[slot] = _prototype(space, va, pte, code)
        release_shared(mm, pfn, dirty=bool(pte & DIRTY))
        return
    if pte & DIRTY:
        write_watch.note(space, va)
        if mm.pfns.reset[pfn] == UNWANTED:
            mm.pfns.reset[pfn] = WANTED
    if pte & DIRTY or not (mm.pfns.original[pfn] or mm.pfns.reset[pfn] == UNWANTED):
        mm.pfns.dirty[pfn] = 1
    mm.pager.retire(pfn, slot, code)


def _prototype(space: AddressSpace, va: int, pte: int, code: int) -> int:
    """The invalid entry of a shared page: with its protection only if that is not the default."""
    mm = space.mm
    vad = space.find_vad(va)
    own = vad is not None and code != vad.zero_code(va)
    if own and clone.find(mm, pte) is None:
        return mm.format.lookup(code)
    return mm.format.prototype(mm.pfns.slot[(pte & mm.format.frame_mask) >> 12])


def remove(space: AddressSpace, slot: int) -> bool:
    """Free the page of the entry at `slot` and clear it; True if the CPU may still know it."""
    mm = space.mm
    pte = mm.words[slot]
    mm.words[slot] = 0
    cloned = clone.find(mm, pte)
    if pte & VALID:
        pfn = (pte & mm.format.frame_mask) >> 12
        space.lose_page()
        if pte & PROTOTYPE:
            release_shared(mm, pfn, dirty=bool(pte & DIRTY))
        else:
            mm.pager.release(pfn)
    else:
        mm.pager.discard(pte)
    if cloned is not None:
        cloned[0].forget(cloned[1])
    return bool(pte & VALID)
