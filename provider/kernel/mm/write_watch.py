"""Write-watch: which pages were written, read off the CPU's Dirty bits (GetWriteWatch)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.paging import DIRTY, VALID
from emu.ram import PAGE_SIZE
from provider.kernel.errors import KernelError, Reason
from provider.kernel.mm import words
from provider.kernel.mm.runs import entries

if TYPE_CHECKING:
    from provider.kernel.mm.space import AddressSpace


def note(space: AddressSpace, va: int) -> None:
    """A written page loses its PTE: remember the write if anybody watches."""
    vad = space.find_vad(va)
    if vad is not None and vad.write_watch:
        space.written.add(va)


def keep(space: AddressSpace, start: int, end: int) -> None:
    """Remember the writes to a watched range whose pages are decommitted."""
    for va, pte in entries(space, start, end):
        if pte & (VALID | DIRTY) == VALID | DIRTY:
            space.written.add(va)


def written(space: AddressSpace, base: int, size: int, *, limit: int, reset: bool) -> list[int]:
    """Up to `limit` written pages of a range, lowest first; `reset`: forget those writes.

    KernelError INVALID_PARAMETER: not within one range that was allocated with write-watch.
    """
    vad = space.find_vad(base) if 0 <= base < space.limit else None
    if vad is None or not vad.write_watch or size <= 0 or base + size > vad.end:
        raise KernelError(Reason.INVALID_PARAMETER)
    found = []
    for va in range(base & -PAGE_SIZE, base + size, PAGE_SIZE):
        pte = space.tables.entry(va)
        if pte & (VALID | DIRTY) == VALID | DIRTY or va in space.written:
            found.append(va)
    found = found[: max(limit, 0)]
    if reset:
        _forget(space, found)
    return found


def _forget(space: AddressSpace, pages: list[int]) -> None:
    stale = False
    for va in pages:
        space.written.discard(va)
        slot = space.tables.slot(va)
        if slot >= 0:
            stale |= words.clean(space, slot)
    if stale:
        space.mm.flush_tlb()
