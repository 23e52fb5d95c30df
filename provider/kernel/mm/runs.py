"""A range of a space as its entries, and as runs of pages with one protection."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from emu.ram import PAGE_SIZE
from provider.kernel.mm.pte import CODE_MASK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provider.kernel.mm.space import AddressSpace
    from provider.kernel.mm.vad import Vad


def chunks(space: AddressSpace, start: int, end: int) -> Iterator[tuple[int, int, list[int]]]:
    """A range cut where page tables end: start, end and entries; no entries without a table."""
    tables = space.tables
    span = tables.format.table_span
    va = start
    while va < end:
        stop = min(end, va // span * span + span)
        slot = tables.slot(va)
        yield va, stop, tables.words[slot : slot + (stop - va >> 12)].tolist() if slot >= 0 else []
        va = stop


def entries(space: AddressSpace, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The address and entry of each page of a range; entry 0 where there is no page table."""
    for first, stop, found in chunks(space, start, end):
        pages = range(first, stop, PAGE_SIZE)
        yield from zip(pages, found or [0] * len(pages), strict=True)


def untouched(found: list[int]) -> int | None:
    """The entry that all of `found` are, if it says no more than a protection; else None.

    Private pages of such entries were never touched, or were taken back.
    """
    entry = found[0] if found else CODE_MASK + 1
    return entry if not entry & ~CODE_MASK and found.count(entry) == len(found) else None


def fill(space: AddressSpace, start: int, end: int, entry: int) -> None:
    """Make all entries of a range `entry`; it is in one page table, and its pages are gone."""
    words, slot, count = space.tables.words, space.tables.slot(start), end - start >> 12
    words[slot : slot + count] = array(words.format, [entry]) * count


def runs(space: AddressSpace, vad: Vad, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Start, end and protection code (0: not committed) of each longest run in a range of `vad`."""
    begin, last = start, -1
    for va, code in _changes(space, vad, start, end):
        if code != last:
            if last >= 0:
                yield begin, va, last
            begin, last = va, code
    yield begin, end, last


def committed(space: AddressSpace, vad: Vad, start: int, end: int) -> int:
    """The number of committed pages in a range of `vad`."""
    return sum(stop - first >> 12 for first, stop, code in runs(space, vad, start, end) if code)


def _changes(space: AddressSpace, vad: Vad, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Addresses in order with the code that holds from there to the next one."""
    for first, stop, found in chunks(space, start, end):
        entry = untouched(found) if vad.segment is None else None
        if entry:
            yield first, space.entry_code(vad, first, entry)
        elif any(found):
            for index, pte in enumerate(found):
                va = first + index * PAGE_SIZE
                yield va, space.entry_code(vad, va, pte)
        else:
            va = first
            while va < stop:
                yield va, vad.zero_code(va)
                va += vad.alike(va) * PAGE_SIZE
