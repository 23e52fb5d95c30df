"""Private memory: reserve, commit, decommit, release, protect — with NT's rules.

Sources: NtAllocateVirtualMemory, NtFreeVirtualMemory (Windows driver documentation), VirtualAlloc,
VirtualFree, VirtualProtect (Win32 API), Windows Internals, 4th edition, chapter 7.  The reasons of
errors are those the NT calls return; the numbered ones count their parameters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from emu.paging import PROTOTYPE
from emu.ram import PAGE_SIZE
from provider.kernel.errors import KernelError, Reason
from provider.kernel.mm import physical, words, write_watch
from provider.kernel.mm import protection as codes
from provider.kernel.mm.pte import DECOMMITTED, demand_zero
from provider.kernel.mm.ranges import private_range, whole_pages, within
from provider.kernel.mm.runs import chunks, committed, entries, fill, runs, untouched
from provider.kernel.mm.segment import PageFileSegment
from provider.kernel.mm.vad import Vad, VadKind, page_up

if TYPE_CHECKING:
    from collections.abc import Iterable

    from provider.kernel.mm.protection import Protection
    from provider.kernel.mm.space import AddressSpace

MAX_ZERO_BITS = 21


class Room(NamedTuple):
    """Where a new range may go. `zero_bits`: how many high bits of the address must be 0."""

    top_down: bool
    lowest: int
    highest: int
    zero_bits: int
    alignment: int

    def ceiling(self) -> int:
        """The highest address that `highest` and `zero_bits` leave. KernelError."""
        if not 0 <= self.zero_bits <= MAX_ZERO_BITS:
            raise KernelError(Reason.INVALID_PARAMETER_3)
        return min(self.highest, 0xFFFFFFFF >> self.zero_bits)


def reserve(
    space: AddressSpace,
    base: int | None,
    size: int,
    room: Room,
    protection: Protection,
    *,
    commit: bool,
    write_watch: bool,
) -> tuple[int, int]:
    """A new range at `base` rounded down to the granularity, or where there is room.

    KernelError: INVALID_PARAMETER_n, INVALID_PAGE_PROTECTION, CONFLICTING_ADDRESSES, NO_MEMORY,
    COMMITMENT_LIMIT.
    """
    code = codes.to_code(protection)
    _check_private(code)
    start, end = place(space, base, size, room)
    vad = Vad(start, end, VadKind.PRIVATE, code, committed=commit)
    if commit:
        space.charge(end - start >> 12)
        vad.charge = end - start >> 12
    vad.write_watch = write_watch
    space.set_demand(vad)
    space.add_vad(vad)
    return start, end - start


def reserve_window(
    space: AddressSpace, base: int | None, size: int, room: Room, protection: Protection
) -> tuple[int, int]:
    """A range in which the process can show frames of its own (MEM_PHYSICAL).

    KernelError as `reserve`; INVALID_PAGE_PROTECTION for anything but read and write.
    """
    if codes.to_code(protection) != codes.READ_WRITE:
        raise KernelError(Reason.INVALID_PAGE_PROTECTION)
    start, end = place(space, base, size, room)
    physical.reserve_window(space, start, end)
    return start, end - start


def place(space: AddressSpace, base: int | None, size: int, room: Room) -> tuple[int, int]:
    """The start and end of a new range, in whole pages. KernelError as `reserve`."""
    ceiling = room.ceiling()
    highest = space.vads.highest
    if size <= 0 or size > highest:
        raise KernelError(Reason.INVALID_PARAMETER_4)
    alignment = room.alignment or space.granularity
    if base is None:
        length = page_up(size)
        found = space.vads.find_room(
            length, top_down=room.top_down, lowest=room.lowest, highest=ceiling, alignment=alignment
        )
        if found is None:
            raise KernelError(Reason.NO_MEMORY, f"no room for {length:#x} bytes")
        return found, found + length
    if not space.vads.lowest <= base <= highest:
        raise KernelError(Reason.INVALID_PARAMETER_2)
    if size > highest + 1 - base:
        raise KernelError(Reason.INVALID_PARAMETER_4)
    start, end = base // alignment * alignment, page_up(base + size)
    if not space.vads.is_free(start, end):
        raise KernelError(Reason.CONFLICTING_ADDRESSES)
    return start, end


def commit(space: AddressSpace, base: int, size: int, protection: Protection) -> tuple[int, int]:
    """Commit pages of a reserved range; those committed already get the new protection.

    KernelError: CONFLICTING_ADDRESSES (not within one reserved range), ALREADY_COMMITTED (a view
    of a file or an image), INVALID_PAGE_PROTECTION, COMMITMENT_LIMIT, INVALID_PARAMETER_n.
    """
    code = codes.to_code(protection)
    vad, start, end = within(space, base, size)
    if vad.kind is VadKind.PHYSICAL or vad.is_placeholder:
        raise KernelError(Reason.CONFLICTING_ADDRESSES)
    if vad.segment is not None:
        if not isinstance(vad.segment, PageFileSegment):
            raise KernelError(Reason.ALREADY_COMMITTED)
        return _commit_view(space, vad, vad.segment, start, end, code)
    code = _private_code(vad, code)
    whole = (start, end) == (vad.start, vad.end)
    if whole and not vad.committed and not vad.charge:
        _charge(space, vad, end - start >> 12)
        vad.committed, vad.page_code = True, code
        space.set_demand(vad)
        return start, end - start
    _commit_pages(space, vad, start, end, code)
    return start, end - start


def _commit_view(
    space: AddressSpace, vad: Vad, segment: PageFileSegment, start: int, end: int, code: int
) -> tuple[int, int]:
    """Commit pages for all views of their section, and protect this view's.

    How a view was mapped limits that in a committed section (Wine's tests record it of Windows 7
    and later), but not in a reserved one (ReactOS' tests).
    """
    if segment.reserve:
        _check_changeable(vad)
        code = codes.with_caching_of(code, vad.code)
    else:
        code = _allowed_code(vad, code)
    space.make_tables(start, end)
    if segment.reserve:
        segment.commit(vad.page(start), vad.page(end - 1))
    _charge_copies(space, vad, code, runs(space, vad, start, end))
    _set_range(space, vad, start, end, code)
    return start, end - start


def _commit_pages(space: AddressSpace, vad: Vad, start: int, end: int, code: int) -> None:
    space.make_tables(start, end)
    _charge(space, vad, (end - start >> 12) - committed(space, vad, start, end))
    _set_range(space, vad, start, end, code)


def _set_range(space: AddressSpace, vad: Vad, start: int, end: int, code: int) -> None:
    """Give every page of a range, committed or to be, the protection `code`."""
    mm = space.mm
    stale = False
    new = 0 if vad.committed and code == vad.page_code else demand_zero(code)
    for first, stop, found in chunks(space, start, end):
        entry = untouched(found) if vad.segment is None else None
        if entry is not None:
            fill(space, first, stop, new if entry in (0, DECOMMITTED) else demand_zero(code))
            continue
        for va in range(first, stop, PAGE_SIZE):
            slot = space.make_slot(va)
            pte = mm.words[slot]
            if pte == DECOMMITTED or (not pte and vad.segment is None):
                mm.words[slot] = new
            else:
                stale |= words.set_code(space, vad, va, slot, code)
    if stale:
        mm.flush_tlb()


def decommit(space: AddressSpace, base: int, size: int) -> tuple[int, int]:
    """Give back pages of a private range; pages that are not committed do not matter.

    Size 0: all of the range that starts at `base`. KernelError as `release`.
    """
    vad, start, end = private_range(space, base, size)
    if vad.kind is VadKind.PHYSICAL:
        raise KernelError(Reason.MEMORY_NOT_ALLOCATED)
    if vad.committed:
        space.make_tables(start, end)
    space.locked.drop(start, end)
    if vad.write_watch:
        write_watch.keep(space, start, end)
    gone = DECOMMITTED if vad.committed else 0
    stale = False
    count = 0
    for first, stop, found in chunks(space, start, end):
        entry = untouched(found)
        if entry is not None:
            if space.entry_code(vad, first, entry):
                count += stop - first >> 12
                fill(space, first, stop, gone)
            continue
        for va, pte in zip(range(first, stop, PAGE_SIZE), found, strict=False):
            if space.entry_code(vad, va, pte):
                count += 1
                slot = space.make_slot(va)
                stale |= words.remove(space, slot)
                space.mm.words[slot] = gone
    vad.charge -= count
    space.uncharge(count)
    if stale:
        space.mm.flush_tlb()
    return start, end - start


def release(space: AddressSpace, base: int, size: int) -> tuple[int, int]:
    """Free a private range, or a part of one, which splits it.

    KernelError: MEMORY_NOT_ALLOCATED, FREE_VM_NOT_AT_BASE (size 0 inside a range),
    UNABLE_TO_FREE_VM (more than one range), UNABLE_TO_DELETE_SECTION (a view),
    INVALID_PAGE_PROTECTION (not the guest's to free), INVALID_PARAMETER_n.
    """
    vad, start, end = private_range(space, base, size)
    if vad.kind is VadKind.PHYSICAL:
        return _release_window(space, vad, start, end)
    whole = (start, end) == (vad.start, vad.end)
    count = vad.charge if whole else committed(space, vad, start, end)
    remove_pages(space, start, end)
    vad.charge -= count
    space.uncharge(count)
    if start > vad.start and end < vad.end:
        tail = _split_off(vad, end, space)
        space.resize_vad(vad, vad.start, start, tail)
    elif start > vad.start:
        space.resize_vad(vad, vad.start, start)
    elif end < vad.end:
        space.resize_vad(vad, end, vad.end)
    else:
        space.remove_vad(vad)
    return start, end - start


def _release_window(space: AddressSpace, vad: Vad, start: int, end: int) -> tuple[int, int]:
    """A window goes as a whole. KernelError FREE_VM_NOT_AT_BASE."""
    if (start, end) != (vad.start, vad.end):
        raise KernelError(Reason.FREE_VM_NOT_AT_BASE)
    physical.remove_window(space, vad)
    return start, end - start


def _split_off(vad: Vad, start: int, space: AddressSpace) -> Vad:
    tail = vad.copy(start, vad.end)
    for segment in vad.clones:
        segment.hold()
        tail.clones.append(segment)
    count = committed(space, vad, start, vad.end)
    tail.charge, vad.charge = count, vad.charge - count
    return tail


def protect(
    space: AddressSpace, base: int, size: int, protection: Protection
) -> tuple[int, int, Protection]:
    """Change the protection of committed pages; returns what the first page had.

    KernelError: CONFLICTING_ADDRESSES (not within one range), NOT_COMMITTED, SECTION_PROTECTION
    (more than the view allows), INVALID_PAGE_PROTECTION, COMMITMENT_LIMIT, INVALID_PARAMETER_n.
    """
    code = codes.to_code(protection)
    start, end = whole_pages(space, base, size, Reason.INVALID_PARAMETER_3)
    vad = space.find_vad(start)
    if vad is None or end > vad.end:
        raise KernelError(Reason.CONFLICTING_ADDRESSES)
    code = _allowed_code(vad, code)
    old = list(runs(space, vad, start, end))
    if any(not was for _, _, was in old):
        raise KernelError(Reason.NOT_COMMITTED)
    space.make_tables(start, end)
    _charge_copies(space, vad, code, old)
    stale = False
    for first, stop, found in chunks(space, start, end):
        if vad.segment is None and untouched(found) is not None:
            fill(space, first, stop, demand_zero(code))
        else:
            stale |= _protect_pages(space, vad, first, stop, code)
    if stale:
        space.mm.flush_tlb()
    return start, end - start, codes.OF_CODE[old[0][2]]


def _protect_pages(space: AddressSpace, vad: Vad, start: int, end: int, code: int) -> bool:
    """Whether the CPU may know better."""
    stale = False
    for va in range(start, end, PAGE_SIZE):
        slot = space.make_slot(va)
        pte = space.mm.words[slot]
        private = vad.segment is not None and pte and not pte & PROTOTYPE
        stale |= words.set_code(space, vad, va, slot, codes.without_copy(code) if private else code)
    return stale


def _allowed_code(vad: Vad, code: int) -> int:
    """The code that a range of `vad` gets when `code` is asked for. KernelError."""
    _check_changeable(vad)
    if vad.segment is None:
        return _private_code(vad, code)
    if vad.no_execute and codes.is_executable(code):
        raise KernelError(Reason.SECTION_PROTECTION)
    if vad.kind is VadKind.IMAGE:
        # A writable page of an image is still written to a copy.
        return code | 1 if codes.is_writable(code) else code
    if not codes.allows(vad.code, code):
        raise KernelError(Reason.SECTION_PROTECTION)
    return codes.with_caching_of(code, vad.code)


def _check_changeable(vad: Vad) -> None:
    """KernelError INVALID_PAGE_PROTECTION where protections stay as they are."""
    if vad.fixed or vad.no_change or vad.kind is VadKind.PHYSICAL:
        raise KernelError(Reason.INVALID_PAGE_PROTECTION)


def _charge_copies(
    space: AddressSpace, vad: Vad, code: int, old: Iterable[tuple[int, int, int]]
) -> None:
    """Charge what becomes copy-on-write by `code` and was not writable. KernelError."""
    if codes.is_copy(code):
        fixed = (stop - first for first, stop, was in old if not codes.is_writable(was))
        _charge(space, vad, sum(fixed) >> 12)


def _private_code(vad: Vad, code: int) -> int:
    _check_private(code)
    return codes.with_caching_of(code, vad.code)


def remove(space: AddressSpace, vad: Vad) -> None:
    """Free a private VAD whole, whatever its flags."""
    if vad.fixed:
        for va, pte in entries(space, vad.start, vad.end):
            if pte:
                space.mm.words[space.make_slot(va)] = 0
    remove_pages(space, vad.start, vad.end)
    space.uncharge(vad.charge)
    space.remove_vad(vad)


def remove_pages(space: AddressSpace, start: int, end: int) -> None:
    """Free the pages of a range and clear its entries; what they were charged is the caller's."""
    space.locked.drop(start, end)
    if space.written:
        space.written.difference_update([va for va in space.written if start <= va < end])
    mm = space.mm
    tables = space.tables
    span = tables.format.table_span
    stale = False
    for table_va in tables.tables(start, end):
        first = max(start, table_va)
        slot = tables.slot(first)
        stop = min(end, table_va + span)
        found = mm.words[slot : slot + (stop - first >> 12)].tolist()
        entry = untouched(found)
        if entry:
            fill(space, first, stop, 0)
        for index, pte in enumerate(found) if entry is None else ():
            if pte:
                stale |= words.remove(space, slot + index)
    if stale:
        mm.flush_tlb()


def _charge(space: AddressSpace, vad: Vad, pages: int) -> None:
    space.charge(pages)
    vad.charge += pages


def _check_private(code: int) -> None:
    """Private pages are never copy-on-write by request. KernelError INVALID_PAGE_PROTECTION."""
    if codes.is_copy(code):
        raise KernelError(Reason.INVALID_PAGE_PROTECTION)
