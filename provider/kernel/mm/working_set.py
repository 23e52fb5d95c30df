"""Working sets: the valid pages of a space, and how they are trimmed.

The working set is not a list: it is what the page tables hold.  A hand goes round them as round a
clock: a page that was accessed since its last visit loses its Accessed bit, the others are taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.paging import ACCESSED, DIRTY, PROTOTYPE, VALID
from emu.ram import PAGE_SIZE
from provider.kernel.mm import words
from provider.kernel.mm.pfn import UNWANTED

if TYPE_CHECKING:
    from provider.kernel.mm.manager import MemoryManager
    from provider.kernel.mm.space import AddressSpace

DEFAULT_MINIMUM = 50
DEFAULT_MAXIMUM = 345
"""Pages, NT's for a process that asks for nothing (SetProcessWorkingSetSize, Win32 API)."""
FLOOR = 16
"""Pages that the space of the last fault keeps: one instruction with its operands fits."""
RESIDENT_RESERVE = 32
"""Frames that physical pages and minimum working sets leave for everybody's paging: room for an
instruction, and for the tables that it needs."""
LOW_AVAILABLE = 64
"""Frames below which the balance-set manager trims."""


def balance(mm: MemoryManager) -> None:
    """What the balance-set manager does once a second of virtual time."""
    if mm.pfns.available < LOW_AVAILABLE:
        trim_all(mm, LOW_AVAILABLE, force=False)
    if mm.pfns.modified.count:
        mm.pager.write_modified(LOW_AVAILABLE)
    mm.pfns.zero_free(LOW_AVAILABLE)


def trim_all(mm: MemoryManager, count: int, *, force: bool, with_copy: bool = False) -> int:
    """Take about `count` pages, from the spaces farthest above their minimum; returns how many.

    `force`: also from spaces at their minimum; `with_copy`: only pages that are in a file already.
    """
    taken = 0
    for space in sorted(mm.spaces, key=lambda each: each.minimum - each.resident):
        floor = FLOOR if space is mm.faulting else 0
        least = floor if force else max(space.minimum, floor)
        wanted = min(count - taken, space.resident - least)
        if wanted > 0:
            taken += trim(space, wanted, with_copy=with_copy)
        if taken >= count:
            break
    return taken


def trim(space: AddressSpace, count: int, *, with_copy: bool = False) -> int:
    """Take up to `count` pages out of a working set; returns how many. See `trim_all`."""
    taken = 0
    for _ in range(3):
        if taken < count:
            taken += _sweep(space, count - taken, with_copy=with_copy)
    space.mm.flush_tlb()
    return taken


def empty(space: AddressSpace) -> None:
    """Take every page that is not locked out of a working set."""
    trim(space, space.resident)


def _sweep(space: AddressSpace, count: int, *, with_copy: bool) -> int:
    """Turn the hand once round at most."""
    tables = space.tables.tables(0, space.limit)
    start = next((index for index, va in enumerate(tables) if va >= space.hand), 0)
    taken = 0
    for va in tables[start:] + tables[:start]:
        taken += _sweep_table(space, va, count - taken, with_copy=with_copy)
        if taken >= count:
            space.hand = va
            break
    return taken


def _sweep_table(space: AddressSpace, start: int, count: int, *, with_copy: bool) -> int:
    mm = space.mm
    first = space.tables.slot(start)
    entries = mm.words[first : first + (1 << mm.paging.entries_shift)].tolist()
    taken = 0
    for index, pte in enumerate(entries):
        if not pte & VALID or taken >= count:
            continue
        va = start + index * PAGE_SIZE
        pfn = (pte & mm.format.frame_mask) >> 12
        if with_copy and not _has_copy(mm, pte, pfn):
            continue
        if pte & ACCESSED:
            mm.words[first + index] = pte & ~ACCESSED
        elif not mm.pfns.pins[pfn] and va not in space.locked:
            words.evict(space, va, first + index)
            taken += 1
    return taken


def can_keep(mm: MemoryManager, pages: int) -> bool:
    """Whether `pages` frames more can be kept from being paged, or promised for locks.

    NT's MmResidentAvailablePages. A page that several spaces map counts for each, as far as what
    was promised leaves room.
    """
    pfns = mm.pfns
    promised = mm.kernel_frames
    pageable = pfns.available + pfns.modified.count
    for space in mm.spaces:
        promised += len(space.physical) + max(space.minimum - DEFAULT_MINIMUM, 0)
        pageable += space.resident - len(space.locked)
    return min(pageable, pfns.total - promised) >= pages + RESIDENT_RESERVE


def _has_copy(mm: MemoryManager, pte: int, pfn: int) -> bool:
    """Whether the contents of a valid page are in a file, or can go to one of their own."""
    dirty = bool(pte & DIRTY or mm.pfns.dirty[pfn])
    if pte & PROTOTYPE:
        segment, _ = mm.pager.prototype(mm.pfns.slot[pfn])
        return not dirty or (segment is not None and mm.pager.may_write(segment))
    return not dirty and (mm.pfns.original[pfn] != 0 or mm.pfns.reset[pfn] == UNWANTED)
