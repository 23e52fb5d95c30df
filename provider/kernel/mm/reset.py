"""MEM_RESET: pages whose contents nobody wants are not written, but dropped when frames run low.

The frame of such a page is marked in the PFN database, and the page is as clean as one that has a
copy in a page file.  What is dropped leaves a demand-zero entry with a mark of its own, so that
MEM_RESET_UNDO can tell (VirtualAlloc, Win32 API).  A page that is written is wanted again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.paging import DIRTY, PROTOTYPE, VALID
from provider.kernel.errors import KernelError, Reason
from provider.kernel.mm import write_watch
from provider.kernel.mm.pfn import DROPPED, UNWANTED, WANTED
from provider.kernel.mm.pte import DROPPED_MARK, TRANSITION, demand_zero, soft_code
from provider.kernel.mm.ranges import within
from provider.kernel.mm.runs import entries
from provider.kernel.mm.segment import PageFileSegment
from provider.kernel.mm.vad import VadKind

if TYPE_CHECKING:
    from provider.kernel.mm.space import AddressSpace


def reset(space: AddressSpace, base: int, size: int) -> tuple[int, int]:
    """Give up the contents of a range; those of a view of the page file are kept all the same.

    KernelError: CONFLICTING_ADDRESSES, USER_MAPPED_FILE (a view of a file or an image),
    INVALID_PARAMETER_n.
    """
    start, end, is_private = _range(space, base, size)
    stale = False
    for va, pte in entries(space, start, end) if is_private else ():
        if pte and not pte & PROTOTYPE:
            stale |= _give_up(space, va, pte)
    if stale:
        space.mm.flush_tlb()
    return start, end - start


def undo(space: AddressSpace, base: int, size: int) -> tuple[int, int]:
    """Want the contents of a range again.

    KernelError as `reset`; DEVICE_BUSY: some were dropped, and are zeros now (the status of
    ERROR_BUSY, in which ReclaimVirtualMemory of the Win32 API ends then).
    """
    start, end, is_private = _range(space, base, size)
    pages = entries(space, start, end) if is_private else ()
    dropped = [va for va, pte in pages if not pte & PROTOTYPE and _want(space, va, pte)]
    if dropped:
        raise KernelError(Reason.DEVICE_BUSY, f"{len(dropped)} pages were dropped")
    return start, end - start


def _range(space: AddressSpace, base: int, size: int) -> tuple[int, int, bool]:
    vad, start, end = within(space, base, size)
    if vad.kind is VadKind.PHYSICAL:
        raise KernelError(Reason.CONFLICTING_ADDRESSES)
    if vad.segment is not None and not isinstance(vad.segment, PageFileSegment):
        raise KernelError(Reason.USER_MAPPED_FILE)
    return start, end, vad.segment is None


def _give_up(space: AddressSpace, va: int, pte: int) -> bool:
    """Let the page of a private entry be dropped; True if the CPU takes it for dirty."""
    mm = space.mm
    slot = space.tables.slot(va)
    if pte & (VALID | TRANSITION):
        pfn = (pte & mm.format.frame_mask) >> 12
        mm.pager.forget_copy(pfn)
        mm.pfns.dirty[pfn], mm.pfns.reset[pfn] = 0, UNWANTED
        if not pte & VALID:
            mm.pager.enlist_again(pfn)
        elif pte & DIRTY:
            write_watch.note(space, va)
            mm.words[slot] = pte & ~DIRTY
            return True
    elif mm.format.page_file_offset(pte):
        mm.pager.discard(pte)
        mm.words[slot] = demand_zero(soft_code(pte)) | DROPPED_MARK
    return False


def _want(space: AddressSpace, va: int, pte: int) -> bool:
    """Keep the page of a private entry; True if its contents were dropped."""
    mm = space.mm
    if not pte & (VALID | TRANSITION):
        if mm.format.page_file_offset(pte) or not pte & DROPPED_MARK:
            return False
        mm.words[space.tables.slot(va)] = pte & ~DROPPED_MARK
        return True
    pfn = (pte & mm.format.frame_mask) >> 12
    before = mm.pfns.reset[pfn]
    mm.pfns.reset[pfn] = WANTED
    if before == UNWANTED:
        mm.pfns.dirty[pfn] = 1
        if not pte & VALID:
            mm.pager.enlist_again(pfn)
    return before == DROPPED
