from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from emu.ram import PAGE_SIZE, Ram
from loader.address import FileOffset, Rva
from loader.image import PageRun
from loader.image import Protection as ImageProtection
from provider.kernel.errors import KernelError, Reason
from provider.kernel.mm import (
    AccessViolation,
    AddressSpace,
    MemoryManager,
    Protection,
    VadKind,
    ViolationKind,
)
from provider.kernel.mm.segment import FileSegment
from tests.provider.kernel.mm.invariants import check

if TYPE_CHECKING:
    from loader.image import Image

R, W, X, C = Protection.READ, Protection.WRITE, Protection.EXECUTE, Protection.COPY
BASE = 0x400000


class File:
    """A backing in memory that can be told to fail."""

    def __init__(self, data: bytes) -> None:
        self.data = bytearray(data)
        self.error: OSError | None = None
        self.writes: list[int] = []

    @property
    def size(self) -> int:
        return len(self.data)

    def read(self, offset: int, size: int) -> bytes:
        if self.error:
            raise self.error
        return bytes(self.data[offset : offset + size])

    def write(self, offset: int, data: bytes) -> None:
        if self.error:
            raise self.error
        assert offset + len(data) <= len(self.data)
        self.writes.append(offset)
        self.data[offset : offset + len(data)] = data

    def extend(self, size: int) -> None:
        self.data.extend(bytes(size - len(self.data)))


def make_image(base: int = BASE) -> Image:
    """Headers, code, data with a page of zeros after it, and a shared section, one page each."""
    data = b"".join(bytes([letter]) * PAGE_SIZE for letter in b"HCDS")

    def run(page: int, count: int, at: int, flags: str) -> PageRun:
        protection = ImageProtection("r" in flags, "w" in flags, "x" in flags, "s" in flags)
        offset = FileOffset(at * PAGE_SIZE)
        return PageRun(Rva(page * PAGE_SIZE), count * PAGE_SIZE, offset, PAGE_SIZE, protection, "")

    runs = (run(0, 1, 0, "r"), run(1, 1, 1, "rx"), run(2, 2, 2, "rw"), run(4, 1, 3, "rws"))
    image = SimpleNamespace(data=data, image_base=base, size_of_image=5 * PAGE_SIZE, runs=runs)
    return cast("Image", image)


@pytest.fixture(params=["pae", "x86"])
def mm(request: pytest.FixtureRequest) -> MemoryManager:
    return MemoryManager(Ram(4 << 20), paging=request.param)


@pytest.fixture
def space(mm: MemoryManager) -> AddressSpace:
    return mm.create_space()


def reason(error: pytest.ExceptionInfo[KernelError]) -> Reason:
    return error.value.reason


def violation(error: pytest.ExceptionInfo[AccessViolation]) -> tuple[ViolationKind, int]:
    return error.value.violation.kind, error.value.access


@pytest.mark.parametrize(
    ("size", "data", "protection", "expected"),
    [
        (0, None, R | W, Reason.INVALID_PARAMETER),
        (-1, None, R | W, Reason.SECTION_TOO_BIG),
        (1 << 62, None, R | W, Reason.SECTION_TOO_BIG),
        (1 << 70, b"x", R | W, Reason.SECTION_TOO_BIG),
        (0, b"", R | W, Reason.MAPPED_FILE_SIZE_ZERO),
        (2, b"x", R, Reason.SECTION_TOO_BIG),
        (2, b"x", R | C, Reason.SECTION_TOO_BIG),
        (1, b"x", Protection.NONE, Reason.INVALID_PAGE_PROTECTION),
        (1, b"x", R | Protection.GUARD, Reason.INVALID_PAGE_PROTECTION),
        (1 << 30, None, R | W, Reason.COMMITMENT_LIMIT),
    ],
)
def test_a_section_that_cannot_be(
    mm: MemoryManager, size: int, data: bytes | None, protection: Protection, expected: Reason
) -> None:
    backing = None if data is None else File(data)
    with pytest.raises(KernelError) as error:
        mm.create_section(size=size, protection=protection, backing=backing)
    assert reason(error) is expected
    check(mm)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"base": 0x12345, "protection": R}, Reason.MAPPED_ALIGNMENT),
        ({"base": 0x80000000, "protection": R}, Reason.INVALID_PARAMETER_2),
        ({"base": None, "offset": 0x1000, "protection": R}, Reason.MAPPED_ALIGNMENT),
        ({"base": None, "offset": 0x20000, "protection": R}, Reason.INVALID_VIEW_SIZE),
        ({"base": None, "size": 0x10001, "protection": R}, Reason.INVALID_VIEW_SIZE),
        ({"base": None, "size": -1, "protection": R}, Reason.INVALID_VIEW_SIZE),
        ({"base": None, "protection": R | W}, Reason.SECTION_PROTECTION),
        ({"base": None, "protection": X | R}, Reason.SECTION_PROTECTION),
        ({"base": None, "protection": W}, Reason.INVALID_PAGE_PROTECTION),
    ],
)
def test_a_view_that_cannot_be(
    space: AddressSpace, arguments: dict[str, int | None], expected: Reason
) -> None:
    section = space.mm.create_section(size=0x10000, protection=R)
    with pytest.raises(KernelError) as error:
        space.map_view(section, **arguments)  # type: ignore[arg-type]  # one table for all
    assert reason(error) is expected
    check(space.mm, (section.segment,))


def test_views_of_a_page_file_section_are_the_same_memory(mm: MemoryManager) -> None:
    first, second = mm.create_space(), mm.create_space()
    section = mm.create_section(size=3 * PAGE_SIZE)
    here = first.map_view(section, None, protection=R | W)
    there = second.map_view(section, 0x700000, protection=R)
    assert (here.size, there.start) == (3 * PAGE_SIZE, 0x700000)
    first.write(here.start + PAGE_SIZE, b"shared")
    assert second.read(0x700000 + PAGE_SIZE, 6) == b"shared"
    assert second.read(0x700000, 4) == bytes(4)
    with pytest.raises(AccessViolation) as error:
        second.write(0x700000, b"x")
    assert violation(error) == (ViolationKind.ACCESS, 1)
    pte = first.tables.entry(here.start + PAGE_SIZE)
    assert mm.pfns.share[(pte & mm.format.frame_mask) >> 12] == 2
    check(mm, (section.segment,))
    first.unmap_view(here.start + 1)
    section.close()
    assert second.read(0x700000 + PAGE_SIZE, 6) == b"shared"
    second.delete()
    first.delete()
    check(mm)


def test_contents_outlive_the_last_view_but_not_the_section(space: AddressSpace) -> None:
    section = space.mm.create_section(size=PAGE_SIZE)
    view = space.map_view(section, None, protection=R | W)
    space.write(view.start, b"kept")
    space.unmap_view(view.start)
    check(space.mm, (section.segment,))
    view = space.map_view(section, None, protection=R)
    assert space.read(view.start, 4) == b"kept"
    section.close()
    space.unmap_view(view.start)
    check(space.mm)


def test_a_reserved_section_is_committed_for_all_its_views(space: AddressSpace) -> None:
    section = space.mm.create_section(size=0x100000, reserve=True)
    view = space.map_view(section, None, protection=R | W)
    other = space.map_view(section, None, protection=R | W)
    with pytest.raises(AccessViolation):
        space.read(view.start, 1)
    region = space.query(view.start)
    assert (region.committed, region.size) == (False, 0x100000)
    space.allocate(view.start + 0x4000, 0x2000, reserve=False, commit=True, protection=R | W)
    space.write(other.start + 0x4000, b"both")
    assert space.read(view.start + 0x4000, 4) == b"both"
    assert space.query(view.start + 0x4000)[1:3] == (0x2000, True)
    check(space.mm, (section.segment,))


def test_a_commit_of_committed_views_only_protects(space: AddressSpace) -> None:
    """VirtualAlloc on a view of committed memory, as Wine's tests record it from Windows."""
    section = space.mm.create_section(size=3 * PAGE_SIZE)
    view = space.map_view(section, None, protection=R | W)
    space.allocate(view.start, PAGE_SIZE + 1, reserve=False, commit=True, protection=R)
    assert space.query(view.start)[1:4] == (2 * PAGE_SIZE, True, R)
    assert section.segment.charge == 3
    with pytest.raises(KernelError) as error:
        space.allocate(view.start, 1, reserve=False, commit=True, protection=X | R)
    assert reason(error) is Reason.SECTION_PROTECTION
    for call in (space.release, space.decommit):
        with pytest.raises(KernelError) as error:
            call(view.start)
        assert reason(error) is Reason.UNABLE_TO_DELETE_SECTION


def test_a_view_is_protected_no_wider_than_it_was_mapped(space: AddressSpace) -> None:
    view = space.map_view(space.mm.create_section(size=0x3000), None, protection=R)
    with pytest.raises(KernelError) as error:
        space.protect(view.start, 1, R | W)
    assert reason(error) is Reason.SECTION_PROTECTION
    assert space.protect(view.start, 0x3000, Protection.NONE)[2] == R
    with pytest.raises(AccessViolation):
        space.read(view.start, 1)
    assert space.protect(view.start + 0x1000, 1, R)[2] == Protection.NONE
    assert space.read(view.start + 0x1000, 1) == b"\0"


@pytest.mark.parametrize("address", [0, 0xFFFF, 0x80000000, -1, 1 << 40])
def test_unmapping_what_is_no_view(space: AddressSpace, address: int) -> None:
    with pytest.raises(KernelError) as error:
        space.unmap_view(address)
    assert reason(error) is Reason.NOT_MAPPED_VIEW


def test_a_file_view_reads_the_file_and_writes_it_back(space: AddressSpace) -> None:
    file = File(b"abc" * 2000)
    section = space.mm.create_section(backing=file)
    view = space.map_view(section, None, protection=R | W)
    assert space.read(view.start + 3000, 3) == b"abc"
    assert space.read(view.start + 6000, 4) == bytes(4)
    space.write(view.start + 4096, b"CHANGED")
    space.write(view.start + 6000, b"past the end")
    assert file.writes == []
    assert space.flush_view(view.start, 0) == (view.start, 0x2000)
    assert file.writes == [4096]
    assert (bytes(file.data[4096:4103]), file.size) == (b"CHANGED", 6000)
    space.flush_view(view.start, 0)
    assert file.writes == [4096]
    space.write(view.start, b"again")
    space.unmap_view(view.start)
    section.close()
    assert file.data[:5] == b"again"
    check(space.mm)


def test_sections_over_one_file_share_its_pages(mm: MemoryManager) -> None:
    file = File(bytes(0x1000))
    first, second = mm.create_section(backing=file), mm.create_section(backing=file, size=0x5000)
    assert first.segment is second.segment
    assert (file.size, first.size) == (0x5000, 0x1000)
    space = mm.create_space()
    a, b = (space.map_view(section, None, protection=R | W) for section in (first, second))
    space.write(b.start, b"both")
    assert space.read(a.start, 4) == b"both"
    check(mm, (first.segment,))


def test_a_copy_on_write_view_leaves_the_file_alone(space: AddressSpace) -> None:
    file = File(b"original")
    section = space.mm.create_section(backing=file, protection=R | C)
    view = space.map_view(section, None, protection=R | C)
    assert space.query(view.start).protection == R | C
    space.write(view.start, b"private!")
    assert space.read(view.start, 8) == b"private!"
    assert space.query(view.start).protection == R | W
    space.unmap_view(view.start)
    section.close()
    assert file.data == b"original"
    check(space.mm)


def test_a_file_that_cannot_be_read_is_an_in_page_error(space: AddressSpace) -> None:
    file = File(bytes(0x2000))
    section = space.mm.create_section(backing=file)
    view = space.map_view(section, None, protection=R | W)
    file.error = OSError(5, "I/O error")
    with pytest.raises(AccessViolation) as error:
        space.read(view.start, 1)
    assert violation(error) == (ViolationKind.IN_PAGE_ERROR, 0)
    assert error.value.violation.reason is Reason.IO_DEVICE_ERROR
    check(space.mm, (section.segment,))
    file.error = None
    assert space.read(view.start, 1) == b"\0"


def test_a_last_write_that_fails_is_counted(space: AddressSpace) -> None:
    file = File(bytes(0x1000))
    section = space.mm.create_section(backing=file)
    view = space.map_view(section, None, protection=R | W)
    space.write(view.start, b"x")
    file.error = OSError(28, "No space left on device")
    section.close()
    space.unmap_view(view.start)
    assert space.mm.counters.lost_writes == 1
    check(space.mm)


def test_an_image_has_the_protections_of_its_sections(space: AddressSpace) -> None:
    section = space.mm.create_section(image=make_image(), protection=X | R)
    view = space.map_view(section, None, protection=R)
    assert (view.start, view.size, view.at_base) == (BASE, 0x5000, True)
    regions = [space.query(BASE + page * PAGE_SIZE) for page in (0, 1, 2, 4)]
    assert [region.protection for region in regions] == [R, X | R, R | C, R | W]
    assert [region.size for region in regions] == [0x1000, 0x1000, 0x2000, 0x1000]
    assert regions[0].vad is not None
    assert regions[0].vad.kind is VadKind.IMAGE
    assert [space.read(BASE + page * PAGE_SIZE, 1) for page in range(5)] == [
        b"H",
        b"C",
        b"D",
        b"\0",
        b"S",
    ]
    with pytest.raises(AccessViolation):
        space.write(BASE + PAGE_SIZE, b"x")


def test_image_pages_are_shared_until_written(mm: MemoryManager) -> None:
    image = make_image()
    section = mm.create_section(image=image)
    spaces = [mm.create_space() for _ in range(3)]
    for space in spaces:
        space.map_view(section, None, protection=R)
        for page in range(5):
            space.read(BASE + page * PAGE_SIZE, 1)
    active = mm.pfns.counts()["active"]
    spaces[0].write(BASE + 2 * PAGE_SIZE, b"mine")
    assert mm.pfns.counts()["active"] == active + 1
    assert spaces[1].read(BASE + 2 * PAGE_SIZE, 4) == b"DDDD"
    spaces[0].write(BASE + 4 * PAGE_SIZE, b"ours")
    assert spaces[1].read(BASE + 4 * PAGE_SIZE, 4) == b"ours"
    assert mm.pfns.counts()["active"] == active + 1
    assert mm.create_section(image=image).segment is section.segment
    check(mm, (section.segment,))
    for space in spaces:
        space.delete()
    check(mm, (section.segment,))


def test_an_image_whose_base_is_taken_goes_elsewhere(space: AddressSpace) -> None:
    section = space.mm.create_section(image=make_image())
    space.map_view(section, None, protection=R)
    second = space.map_view(section, None, protection=R)
    assert second.start != BASE
    assert not second.at_base
    with pytest.raises(KernelError) as error:
        space.map_view(section, BASE, protection=R)
    assert reason(error) is Reason.CONFLICTING_ADDRESSES
    check(space.mm, (section.segment,))


@pytest.mark.parametrize("base", [0, 0x7FFE0000, 0x80000000])
def test_an_image_whose_base_no_process_has_goes_elsewhere(space: AddressSpace, base: int) -> None:
    view = space.map_view(space.mm.create_section(image=make_image(base)), None, protection=R)
    assert view.start != base
    assert not view.at_base


def test_code_made_writable_is_copied(space: AddressSpace) -> None:
    section = space.mm.create_section(image=make_image())
    space.map_view(section, None, protection=R)
    assert space.read(BASE + PAGE_SIZE, 1) == b"C"
    assert space.protect(BASE + PAGE_SIZE, 1, X | R | W)[2] == X | R
    assert space.query(BASE + PAGE_SIZE).protection == X | R | C
    space.write(BASE + PAGE_SIZE, b"patched")
    assert space.query(BASE + PAGE_SIZE).protection == X | R | W
    assert space.protect(BASE + PAGE_SIZE, 1, X | R)[2] == X | R | W
    assert space.read(BASE + PAGE_SIZE, 7) == b"patched"
    check(space.mm, (section.segment,))


NONE, WC = Protection.NONE, R | C
VIEW_PROTECTIONS = [NONE, R, R | W, WC, X, X | R, X | R | W, X | R | C]


@pytest.mark.parametrize(
    ("mapped", "allowed"),
    [
        (NONE, {NONE}),
        (R, {NONE, R, WC}),
        (R | W, {NONE, R, R | W, WC}),
        (WC, {NONE, R, WC}),
        (X | R, {NONE, R, WC, X, X | R, X | R | C}),
        (X | R | W, {NONE, R, R | W, WC, X, X | R, X | R | W, X | R | C}),
        (X | R | C, {NONE, R, WC, X, X | R, X | R | C}),
    ],
)
def test_what_a_file_view_may_become(
    space: AddressSpace, mapped: Protection, allowed: set[Protection]
) -> None:
    section = space.mm.create_section(backing=File(bytes(10)), protection=X | R | W)
    view = space.map_view(section, None, protection=mapped)
    for protection in VIEW_PROTECTIONS:
        if protection in allowed:
            space.protect(view.start, 1, protection)
            assert space.query(view.start).protection == protection
            continue
        with pytest.raises(KernelError) as error:
            space.protect(view.start, 1, protection)
        assert reason(error) is Reason.SECTION_PROTECTION
    for protection in VIEW_PROTECTIONS:
        with pytest.raises(KernelError) as error:
            space.allocate(view.start, 1, reserve=False, commit=True, protection=protection)
        assert reason(error) is Reason.ALREADY_COMMITTED
    check(space.mm, (section.segment,))


def test_files_and_their_views_agree(space: AddressSpace) -> None:
    file = File(b"." * 0x3000)
    section = space.mm.create_section(backing=file)
    view = space.map_view(section, None, protection=R | W)
    segment = section.segment
    assert isinstance(segment, FileSegment)
    space.write(view.start + 0xFFE, b"view")
    assert segment.overlay(0xFFC, b"." * 8) == b"..view.."
    segment.update(0xFFF, b"file")
    assert space.read(view.start + 0xFFE, 6) == b"vfile."
    assert segment.overlay(0x2FFF, b"." * 9) == b"." * 9
    check(space.mm, (segment,))


@pytest.mark.parametrize(
    ("backing", "protection"), [(None, R | W), (b"x", R), (b"x", R | C), (b"x", X | R | C)]
)
def test_sections_that_are_not_extended(
    mm: MemoryManager, backing: bytes | None, protection: Protection
) -> None:
    file = None if backing is None else File(backing)
    section = mm.create_section(size=1, backing=file, protection=protection)
    with pytest.raises(KernelError) as error:
        section.extend(0x2000)
    assert reason(error) is Reason.SECTION_NOT_EXTENDED


def test_a_file_section_is_extended_with_its_file(space: AddressSpace) -> None:
    file = File(b"x" * 10)
    section = space.mm.create_section(backing=file)
    assert section.extend(5) == 10
    assert section.extend(0x403000) == 0x403000
    assert file.size == 0x403000
    view = space.map_view(section, None, protection=R | W)
    space.write(view.start + 0x402FFF, b"!")
    space.flush_view(view.start, 0)
    assert file.data[-1:] == b"!"
    with pytest.raises(KernelError) as error:
        section.extend(1 << 60)
    assert reason(error) is Reason.SECTION_TOO_BIG


def test_based_sections_have_one_address(mm: MemoryManager) -> None:
    spaces = mm.create_space(), mm.create_space()
    spaces[0].allocate(None, 0x10000, reserve=True, commit=False, protection=R)
    sections = [mm.create_section(size=0x1000, based=True) for _ in range(2)]
    found = [
        space.map_view(section, None, protection=R).start
        for section in sections
        for space in spaces
    ]
    assert found[0] == found[1] != found[2] == found[3]
    with pytest.raises(KernelError) as error:
        spaces[0].map_view(sections[0], None, protection=R)
    assert reason(error) is Reason.CONFLICTING_ADDRESSES
    with pytest.raises(KernelError) as error:
        mm.create_section(size=0x70000000, reserve=True, based=True)
    assert reason(error) is Reason.NO_MEMORY
    check(mm, tuple(section.segment for section in sections))


def test_the_state_of_single_pages(mm: MemoryManager) -> None:
    spaces = mm.create_space(), mm.create_space()
    section = mm.create_section(size=0x2000)
    starts = [space.map_view(section, None, protection=R | W).start for space in spaces]
    for space, start in zip(spaces, starts, strict=True):
        space.read(start, 1)
    assert spaces[0].query_page(starts[0] + 5) == (starts[0], True, R | W, True, 2, False)
    assert not spaces[0].query_page(starts[0] + 0x1000).valid
    assert spaces[0].query_working_set() == [spaces[0].query_page(starts[0])]
    for va in (-1, 0x7FFF0000, 1 << 33):
        with pytest.raises(KernelError) as error:
            spaces[0].query_page(va)
        assert reason(error) is Reason.INVALID_PARAMETER
