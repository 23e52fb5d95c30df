"""Views: a section's pages in an address space (NtMapViewOfSection and its relatives)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from emu.paging import PROTOTYPE
from emu.ram import PAGE_SIZE
from provider.kernel.errors import KernelError, Reason
from provider.kernel.events import SectionMap, SectionUnmap
from provider.kernel.mm import allocation, words
from provider.kernel.mm import protection as codes
from provider.kernel.mm.runs import chunks
from provider.kernel.mm.segment import FileSegment, ImageSegment, PageFileSegment
from provider.kernel.mm.vad import Vad, VadKind, page_up

if TYPE_CHECKING:
    from provider.kernel.mm.allocation import Room
    from provider.kernel.mm.protection import Protection
    from provider.kernel.mm.section import Section
    from provider.kernel.mm.segment import Segment
    from provider.kernel.mm.space import AddressSpace


class View(NamedTuple):
    """A mapped view; `offset` is the section's at `start`, rounded down to the granularity."""

    start: int
    size: int
    offset: int
    at_base: bool
    """False: an image that is not where it was linked for (STATUS_IMAGE_NOT_AT_BASE)."""


def map_view(
    space: AddressSpace,
    section: Section,
    base: int | None,
    offset: int,
    size: int,
    protection: Protection,
    room: Room,
    commit: int,
    *,
    reserve: bool,
) -> View:
    """Map `size` bytes of `section` from `offset` on at `base`, or where there is room.

    An image has its sections' protections, and goes where it was linked for if that is free.
    `reserve`: a view of a writable file may be longer than the section, and what lies behind the
    end is reserved until the section is extended.
    KernelError: CONFLICTING_ADDRESSES, NO_MEMORY, INVALID_VIEW_SIZE, MAPPED_ALIGNMENT,
    SECTION_PROTECTION, INVALID_PAGE_PROTECTION, COMMITMENT_LIMIT, INVALID_PARAMETER_n.
    """
    code = codes.to_code(protection)
    if base is None and section.base is not None:
        base = section.base + offset
    unit = room.alignment or space.granularity
    if base is not None and base % unit:
        raise KernelError(Reason.MAPPED_ALIGNMENT)
    if offset % unit:
        raise KernelError(Reason.MAPPED_ALIGNMENT)
    if reserve:
        _check_extendable(section)
    if isinstance(section.segment, ImageSegment):
        return _map_image(space, section, section.segment, base, offset, size, room)
    if not 0 <= offset < section.size or size < 0:
        raise KernelError(Reason.INVALID_VIEW_SIZE)
    if not reserve and offset + size > section.size:
        raise KernelError(Reason.INVALID_VIEW_SIZE)
    if not codes.allows(section.code, code):
        raise KernelError(Reason.SECTION_PROTECTION)
    length = size or section.size - offset
    if not reserve and commit > length:
        raise KernelError(Reason.INVALID_PARAMETER_5)
    if length > space.vads.highest:
        raise KernelError(Reason.NO_MEMORY, f"a view of {length:#x} bytes")
    start, end = allocation.place(space, base, length, room)
    vad = Vad(start, end, VadKind.MAPPED, code, committed=True)
    vad.first_page = offset // PAGE_SIZE
    vad.no_change = section.no_change
    if codes.is_copy(code):
        space.charge(end - start >> 12)
        vad.charge = end - start >> 12
    _enter(space, section, vad)
    if commit and isinstance(section.segment, PageFileSegment) and section.segment.reserve:
        section.segment.commit(vad.first_page, vad.first_page + (page_up(commit) >> 12) - 1)
    return View(start, end - start, offset, True)


def _map_image(
    space: AddressSpace,
    section: Section,
    segment: ImageSegment,
    base: int | None,
    offset: int,
    size: int,
    room: Room,
) -> View:
    whole = page_up(segment.image.size_of_image)
    if not 0 <= offset < whole or not 0 <= size <= whole - offset:
        raise KernelError(Reason.INVALID_VIEW_SIZE)
    length = page_up(size) or whole - offset
    own = segment.image.image_base + offset
    wanted = base
    if wanted is None and own % space.granularity == 0 and own + length <= space.vads.highest + 1:
        lowest = max(room.lowest, space.vads.lowest)
        fits = lowest <= own and own + length - 1 <= room.ceiling()
        wanted = own if fits and space.vads.is_free(own, own + length) else None
    start, end = allocation.place(space, wanted, length, room)
    code = codes.WRITE_COPY if section.no_execute else codes.EXECUTE_WRITE_COPY
    vad = Vad(start, end, VadKind.IMAGE, code, committed=True)
    vad.no_execute = section.no_execute
    vad.first_page = offset // PAGE_SIZE
    space.charge(segment.copy_pages)
    vad.charge = segment.copy_pages
    _enter(space, section, vad)
    return View(start, end - start, offset, start == own)


def _enter(space: AddressSpace, section: Section, vad: Vad) -> None:
    vad.segment, vad.section = section.segment, section
    section.segment.hold(writes=section.is_writable)
    space.add_vad(vad)
    _tell(space, vad, section.segment, SectionMap)


def _tell(
    space: AddressSpace, vad: Vad, segment: Segment, kind: type[SectionMap | SectionUnmap]
) -> None:
    events = space.mm.events
    channel = events.channel(kind)
    if channel.listeners:
        is_image = isinstance(segment, ImageSegment)
        name = segment.image.name if isinstance(segment, ImageSegment) else ""
        stamp = events.stamp_in(space.owner_id)
        size = vad.end - vad.start
        channel.emit(kind(*stamp, vad.start, size, "image" if is_image else "data", name))


def _check_extendable(section: Section) -> None:
    """KernelError: INVALID_PARAMETER_9 (no data file), SECTION_PROTECTION (not writable)."""
    if not isinstance(section.segment, FileSegment):
        raise KernelError(Reason.INVALID_PARAMETER_9)
    if not codes.allows(section.code, codes.READ_WRITE):
        raise KernelError(Reason.SECTION_PROTECTION)


def unmap(space: AddressSpace, va: int) -> None:
    """Unmap the view that contains `va`, and write what it changed. KernelError NOT_MAPPED_VIEW."""
    vad = space.find_vad(va) if 0 <= va < space.limit else None
    if vad is None or vad.segment is None or vad.fixed:
        raise KernelError(Reason.NOT_MAPPED_VIEW)
    _write_last(space, vad)
    remove(space, vad)


def remove(space: AddressSpace, vad: Vad) -> None:
    """Take a view away, whatever its flags; the CPU's Dirty bits go to the frames."""
    assert vad.segment is not None
    _tell(space, vad, vad.segment, SectionUnmap)
    allocation.remove_pages(space, vad.start, vad.end)
    space.uncharge(vad.charge)
    space.remove_vad(vad)
    assert vad.section is not None
    vad.segment.drop(writes=vad.section.is_writable)


def flush(space: AddressSpace, base: int, size: int) -> tuple[int, int]:
    """Write the changed pages of a file view; size 0: to the end of the view.

    Other views of a page do not matter: pages that they changed were marked when they let them go.
    KernelError: NOT_MAPPED_VIEW, NOT_MAPPED_DATA; OSError of the file.
    """
    vad = space.find_vad(base) if 0 <= base < space.limit else None
    if vad is None or base + size > vad.end:
        raise KernelError(Reason.NOT_MAPPED_VIEW)
    if vad.segment is None or vad.kind is VadKind.IMAGE:
        raise KernelError(Reason.NOT_MAPPED_DATA)
    start = base & -PAGE_SIZE
    end = page_up(base + size) if size else vad.end
    if isinstance(vad.segment, FileSegment):
        _write_back(space, vad, vad.segment, start, end)
    return start, end - start


def flush_all(space: AddressSpace) -> None:
    """Write the changed pages of every file view; there is nobody to tell of those that fail."""
    for vad in space.vads.all():
        _write_last(space, vad)


def _write_last(space: AddressSpace, vad: Vad) -> None:
    """Write a file view's changed pages; those that cannot be written stay modified."""
    segment = vad.segment
    if isinstance(segment, FileSegment) and space.mm.pager.may_write(segment):
        try:
            _write_back(space, vad, segment, vad.start, vad.end)
        except OSError:
            space.mm.counters.failed_writes += 1


def _write_back(space: AddressSpace, vad: Vad, segment: FileSegment, start: int, end: int) -> None:
    mm = space.mm
    cleaned = False
    for first, stop, found in chunks(space, start, end):
        for va, pte in zip(range(first, stop, PAGE_SIZE), found, strict=False):
            if pte & PROTOTYPE:
                cleaned |= words.clean(space, space.tables.slot(va))
    if cleaned:
        mm.flush_tlb()
    segment.flush(vad.page(start), vad.page(end - 1))
