"""What must be true of a memory manager at any moment, whatever a guest did."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from emu.paging import ACCESSED, DIRTY, PROTOTYPE, USER, VALID, WRITE
from emu.ram import PAGE_SIZE
from provider.kernel.mm.pfn import ACTIVE, TRANSITION
from provider.kernel.mm.pte import FILE_MASK
from provider.kernel.mm.pte import TRANSITION as TRANSITION_BIT
from provider.kernel.mm.runs import entries
from provider.kernel.mm.vad import VadKind

if TYPE_CHECKING:
    from provider.kernel.mm.manager import MemoryManager
    from provider.kernel.mm.segment import Segment
    from provider.kernel.mm.space import AddressSpace
    from provider.kernel.mm.vad import Vad


class Tlb:
    """Remembers translations as a CPU does, and finds those that outlived their PTE."""

    def __init__(self) -> None:
        self.entries: dict[int, int] = {}
        self.flushes = 0

    def flush(self) -> None:
        self.entries.clear()
        self.flushes += 1

    def touch(self, space: AddressSpace, va: int) -> None:
        """The CPU used the page of `va`."""
        self.entries[va & -PAGE_SIZE] = space.tables.entry(va)

    def check(self, space: AddressSpace) -> None:
        """Assert that every remembered entry grants no more than the page tables do."""
        mask = space.mm.format.frame_mask
        for va, known in self.entries.items():
            pte = space.tables.entry(va)
            assert pte & VALID, f"{va:#x} is still known to the CPU"
            assert pte & mask == known & mask, f"{va:#x} is known to be elsewhere"
            assert not known & (WRITE | DIRTY | USER) & ~pte
            assert not pte & ~known & space.mm.format.no_execute


def squeeze(mm: MemoryManager, frames: int) -> None:
    """Leave no more than `frames` frames free."""
    while mm.pfns.immediate > frames:
        mm.take_kernel_frame()


def check(mm: MemoryManager, segments: tuple[Segment, ...] = ()) -> None:
    """Assert the invariants; `segments` are all that exist."""
    mapped: Counter[int] = Counter()
    transition: set[int] = set()
    tables = 0
    charge = 0
    for space in mm.spaces:
        _check_translations(space)
        tables += _check_space(space, mapped, transition)
        charge += space.committed + mm.paging.frames_per_space
    owned: set[int] = set()
    clones = {
        segment: None for space in mm.spaces for vad in space.vads.all() for segment in vad.clones
    }
    for segment in (*segments, *clones):
        found, count = _check_segment(segment, transition)
        owned |= found
        tables += count
        charge += segment.charge + count
    for pfn, count in mapped.items():
        assert mm.pfns.state[pfn] == ACTIVE
        assert mm.pfns.share[pfn] == count, f"frame {pfn:#x} has share {mm.pfns.share[pfn]}"
    assert owned <= set(mapped)
    states = mm.pfns.counts()
    lists = (mm.pfns.standby, mm.pfns.modified, mm.pfns.modified_no_write)
    on_lists = {pfn for each in lists for pfn in each.frames()}
    pinned = {pfn for pfn in transition if mm.pfns.state[pfn] == TRANSITION}
    assert transition == on_lists | pinned
    for name in ("standby", "modified", "modified_no_write", "bad"):
        frames = getattr(mm.pfns, name)
        assert states[name] == frames.count == len(frames.frames())
    assert states["zeroed"] == mm.pfns.zeroed_count
    assert states["free"] == mm.pfns.free_count
    assert sum(states.values()) == mm.pfns.total
    kernel = states["active"] - 1 - len(mapped) - tables
    if mm.pager.compression is not None:
        kernel -= mm.pager.compression.frames
    roots = mm.paging.frames_per_space * len(mm.spaces) + mm.kernel_frames
    assert kernel == roots, "frames were lost or counted twice"
    assert mm.committed == charge + mm.kernel_frames
    _check_copies(mm, (*segments, *clones))
    assert mm.committed <= mm.commit_limit


def _check_translations(space: AddressSpace) -> None:
    """What the kernel has cached is what the page tables say."""
    read = VALID | USER | ACCESSED
    for known, need in (
        (space.readable_pages, read),
        (space.writable_pages, read | WRITE | DIRTY),
    ):
        for number, pa in known.items():
            pte = space.tables.entry(number << 12)
            assert pte & need == need, f"{number << 12:#x} is still known to the kernel"
            assert pte & space.mm.format.frame_mask == pa


def _check_space(space: AddressSpace, mapped: Counter[int], transition: set[int]) -> int:
    mm = space.mm
    resident = 0
    needed = set()
    span = space.tables.format.table_span
    committed = 0
    previous = 0
    for vad in space.vads.all():
        assert previous <= vad.start < vad.end
        previous = vad.end
        charge = 0
        needed |= set(range(vad.start // span * span, vad.end, span))
        if vad.fixed:  # a page of the compression store, or one that all processes see
            pages = (pte for _, pte in entries(space, vad.start, vad.end))
            resident += sum(pte & (VALID | PROTOTYPE) == VALID for pte in pages)
        if vad.kind is VadKind.PHYSICAL:
            _check_window(space, vad)
            continue
        for va, pte in entries(space, vad.start, vad.end):
            charge += bool(space.entry_code(vad, va, pte))
            if vad.fixed or not pte:
                continue
            pfn = (pte & mm.format.frame_mask) >> 12
            if pte & VALID:
                mapped[pfn] += 1
                resident += 1
            elif pte & TRANSITION_BIT and not pte & PROTOTYPE:
                assert pfn not in transition
                transition.add(pfn)
        if vad.segment is None and not vad.fixed:
            assert vad.charge == charge, f"{vad.start:#x} is charged {vad.charge}, has {charge}"
        committed += vad.charge
    assert space.resident == resident
    tables = space.tables.tables(0, 0x80000000)
    assert set(tables) <= needed, "a page table outlived its VADs"
    for table in tables:
        for va, pte in entries(space, table, table + span):
            assert not pte or space.vads.find(va) is not None, f"{va:#x} has {pte:#x} and no VAD"
    assert space.committed == committed + len(tables) + len(space.physical)
    for pfn in space.physical:
        mapped[pfn] += 1
    assert space.virtual_size == sum(vad.end - vad.start for vad in space.vads.all())
    return len(tables)


def _check_copies(mm: MemoryManager, segments: tuple[Segment, ...]) -> None:
    """Every page in a page file or the compression store has one entry or frame that knows it."""
    known = [pte for segment in segments for pte in map(segment.entry, range(segment.pages))]
    for space in mm.spaces:
        for vad in space.vads.all():
            known += [pte for _, pte in entries(space, vad.start, vad.end)]
    paged_out = [pte for pte in known if not pte & (VALID | PROTOTYPE | TRANSITION_BIT)]
    copies = [pte for pte in paged_out if mm.format.page_file_offset(pte)]
    copies += [pte for pte in mm.pfns.original if pte]
    used = sum(file.used for file in mm.pager.files)
    if mm.pager.compression is not None:
        used += mm.pager.compression.entries
    assert used == len(copies)
    places = {(pte & FILE_MASK, mm.format.page_file_offset(pte)) for pte in copies}
    assert len(places) == len(copies)


def _check_window(space: AddressSpace, vad: Vad) -> None:
    for va, pte in entries(space, vad.start, vad.end):
        pfn = (pte & space.mm.format.frame_mask) >> 12
        assert not pte or space.physical[pfn] == va


def _check_segment(segment: Segment, transition: set[int]) -> tuple[set[int], int]:
    mm = segment.mm
    active = set()
    resident = 0
    for page in range(segment.pages):
        entry = segment.entry(page)
        pfn = (entry & mm.format.frame_mask) >> 12
        if entry & VALID:
            active.add(pfn)
        elif entry & TRANSITION_BIT:
            transition.add(pfn)
        resident += bool(entry & (VALID | TRANSITION_BIT))
    assert segment.resident == resident
    return active, len(segment.tables)


def page(number: int) -> int:
    """The address of user page `number`, from the first that an allocation may have."""
    return 0x10000 + number * PAGE_SIZE
