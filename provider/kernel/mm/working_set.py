"""Working sets: the valid pages of a space, and how they are trimmed.

The working set is not a list: it is what the page tables hold.  A hand goes round them as round a
clock: a page that was accessed since its last visit loses its Accessed bit, the others are taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.paging import ACCESSED, VALID
from provider.kernel.mm import words

if TYPE_CHECKING:
    from provider.kernel.mm.manager import MemoryManager
    from provider.kernel.mm.space import AddressSpace

DEFAULT_MINIMUM = 50
DEFAULT_MAXIMUM = 345
"""Pages, NT's for a process that asks for nothing (SetProcessWorkingSetSize, Win32 API)."""
FLOOR = 16
"""Pages that no need takes away: one instruction with its operands fits."""
LOW_AVAILABLE = 64
"""Frames below which the balance-set manager trims."""


def balance(mm: MemoryManager) -> None:
    """What the balance-set manager does once a second of virtual time."""
    if mm.pfns.available < LOW_AVAILABLE:
        trim_all(mm, LOW_AVAILABLE, force=False)
    if mm.pfns.modified.count:
        mm.pager.write_modified(LOW_AVAILABLE)


def trim_all(mm: MemoryManager, count: int, *, force: bool) -> int:
    """Take about `count` pages, from the spaces farthest above their minimum; returns how many.

    `force`: also from spaces at their minimum.
    """
    taken = 0
    for space in sorted(mm.spaces, key=lambda each: each.minimum - each.resident):
        least = FLOOR if force else max(space.minimum, FLOOR)
        wanted = min(count - taken, space.resident - least)
        if wanted > 0:
            taken += trim(space, wanted)
        if taken >= count:
            break
    return taken


def trim(space: AddressSpace, count: int) -> int:
    """Take up to `count` pages out of a working set; returns how many."""
    taken = 0
    for _ in range(3):
        if taken < count:
            taken += _sweep(space, count - taken)
    space.mm.flush_tlb()
    return taken


def empty(space: AddressSpace) -> None:
    """Take every page that is not locked out of a working set."""
    trim(space, space.resident)


def _sweep(space: AddressSpace, count: int) -> int:
    """Turn the hand once round at most."""
    tables = space.tables.tables(0, space.limit)
    start = next((index for index, va in enumerate(tables) if va >= space.hand), 0)
    taken = 0
    for va in tables[start:] + tables[:start]:
        taken += _sweep_table(space, space.tables.slot(va), count - taken)
        if taken >= count:
            space.hand = va
            break
    return taken


def _sweep_table(space: AddressSpace, first: int, count: int) -> int:
    mm = space.mm
    entries = mm.words[first : first + (1 << mm.paging.entries_shift)].tolist()
    taken = 0
    for index, pte in enumerate(entries):
        if not pte & VALID or taken >= count:
            continue
        pfn = (pte & mm.format.frame_mask) >> 12
        if pte & ACCESSED:
            mm.words[first + index] = pte & ~ACCESSED
        elif not mm.pfns.pins[pfn]:
            words.evict(space, first + index)
            taken += 1
    return taken
