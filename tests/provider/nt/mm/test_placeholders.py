"""Placeholders: VirtualAlloc2, VirtualFree, MapViewOfFile3 and UnmapViewOfFile2 (Win32 API)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.provider.kernel.mm.invariants import check
from tests.provider.nt.mm.test_section_calls import PAGE, RW, Sections
from tests.provider.nt.test_mm_calls import BOTH, COMMIT, RESERVE, SELF

NO_ACCESS, FREE = 1, 0x10000
PLACEHOLDER, REPLACE, RELEASE = 0x40000, 0x4000, 0x8000
COALESCE, PRESERVE = 1, 2
NEW = RESERVE | PLACEHOLDER


class Placeholders(Sections):
    """Makes placeholders and what replaces them."""

    def make(
        self, base: int = 0, size: int = 8 * PAGE, kind: int = NEW, protect: int = NO_ACCESS
    ) -> tuple[str, int]:
        """NtAllocateVirtualMemoryEx: status and address."""
        start, length = self.cell(base, size)
        words = (SELF, start, length, kind, protect, 0, 0)
        return self.status("NtAllocateVirtualMemoryEx", *words), self.words(1)[0]

    def show(
        self, section: int, base: int, size: int, page: int = RW, *, kind: int = REPLACE
    ) -> tuple[str, int, int]:
        """NtMapViewOfSectionEx: status, address and size."""
        start, length = self.cell(base, size)
        words = (section, SELF, start, 0, length, kind, page, 0, 0)
        status = self.status("NtMapViewOfSectionEx", *words)
        return (status, *self.words(2))  # type: ignore[return-value]  # words are three

    def ranges(self, base: int, size: int) -> list[tuple[int, int]]:
        """The placeholders in a range: page and pages."""
        found = self.machine.process.space.vads.overlapping(base, base + size)
        return [
            ((vad.start - base) // PAGE, (vad.end - vad.start) // PAGE)
            for vad in found
            if vad.is_placeholder
        ]


@pytest.fixture
def caller(tmp_path: Path) -> Placeholders:
    return Placeholders(tmp_path)


@pytest.mark.parametrize(
    ("size", "kind", "protect", "status"),
    [
        (PAGE, NEW | COMMIT, NO_ACCESS, "INVALID_PARAMETER"),
        (PAGE, PLACEHOLDER, NO_ACCESS, "INVALID_PARAMETER"),
        (PAGE, NEW | REPLACE, NO_ACCESS, "INVALID_PARAMETER"),
        (PAGE, NEW, RW, "INVALID_PARAMETER"),
        (PAGE + 1, NEW, NO_ACCESS, "INVALID_PARAMETER"),
        (0, NEW, NO_ACCESS, "INVALID_PARAMETER_4"),
        (PAGE, RESERVE | REPLACE, RW, "INVALID_PARAMETER"),
        (PAGE, REPLACE, RW, "INVALID_PARAMETER_5"),
    ],
)
def test_placeholders_that_are_refused(
    caller: Placeholders, size: int, kind: int, protect: int, status: str
) -> None:
    before = caller.machine.process.space.virtual_size
    assert caller.make(0, size, kind, protect)[0] == status
    assert caller.machine.process.space.virtual_size == before


def test_the_older_calls_know_no_placeholders(caller: Placeholders) -> None:
    assert caller.allocate(kind=NEW, protect=NO_ACCESS)[0] == "INVALID_PARAMETER"
    assert caller.allocate(kind=RESERVE | REPLACE)[0] == "INVALID_PARAMETER_5"
    _, base, _ = caller.allocate(size=4 * PAGE)
    for kind in (COALESCE, PRESERVE):
        assert caller.free(base, PAGE, RELEASE | kind)[0] == "CONFLICTING_ADDRESSES"
        assert caller.free(base, PAGE, 0x4000 | kind)[0] == "INVALID_PARAMETER_4"
    assert caller.free(base, 0, RELEASE | COALESCE | PRESERVE)[0] == "INVALID_PARAMETER_4"
    assert caller.free(0x30000000, PAGE, RELEASE | PRESERVE)[0] == "MEMORY_NOT_ALLOCATED"


def test_a_placeholder_is_reserved_and_nothing_else(caller: Placeholders) -> None:
    status, base = caller.make()
    assert status == "SUCCESS"
    assert caller.query(base) == (base, base, NO_ACCESS, 8 * PAGE, RESERVE, 0, 0x20000)
    assert caller.allocate(base, PAGE, COMMIT)[0] == "CONFLICTING_ADDRESSES"
    assert caller.allocate(base, PAGE, BOTH)[0] == "CONFLICTING_ADDRESSES"
    assert caller.protect(base, PAGE, RW)[0] == "NOT_COMMITTED"
    assert caller.free(base, 0, RELEASE) == ("SUCCESS", base, 8 * PAGE)
    assert caller.query(base)[4] == FREE


@pytest.mark.parametrize(
    ("first", "pages", "parts"),
    [
        (0, 3, [(0, 3), (3, 5)]),
        (5, 3, [(0, 5), (5, 3)]),
        (2, 1, [(0, 2), (2, 1), (3, 5)]),
    ],
)
def test_splitting_and_joining(
    caller: Placeholders, first: int, pages: int, parts: list[tuple[int, int]]
) -> None:
    _, base = caller.make()
    where = base + first * PAGE
    expected = ("SUCCESS", where, pages * PAGE)
    assert caller.free(where, pages * PAGE, RELEASE | PRESERVE) == expected
    assert caller.ranges(base, 8 * PAGE) == parts
    for at, size in ((base, 7 * PAGE), (base + PAGE, 7 * PAGE), (base, 9 * PAGE), (base, 0)):
        assert caller.free(at, size, RELEASE | COALESCE)[0] == "CONFLICTING_ADDRESSES"
    assert caller.free(base, 8 * PAGE, RELEASE | COALESCE) == ("SUCCESS", base, 8 * PAGE)
    assert caller.ranges(base, 8 * PAGE) == [(0, 8)]
    assert caller.free(base, 8 * PAGE, RELEASE | COALESCE)[0] == "CONFLICTING_ADDRESSES"


@pytest.mark.parametrize(
    ("offset", "size"), [(0, 0), (0, 8 * PAGE), (0, 9 * PAGE), (0, PAGE + 1), (1, PAGE)]
)
def test_splits_that_are_refused(caller: Placeholders, offset: int, size: int) -> None:
    _, base = caller.make()
    status = caller.free(base + offset, size, RELEASE | PRESERVE)[0]
    assert status == "CONFLICTING_ADDRESSES"
    assert caller.ranges(base, 8 * PAGE) == [(0, 8)]


@pytest.mark.parametrize(("offset", "size"), [(PAGE, 7 * PAGE), (0, 7 * PAGE), (0, 9 * PAGE)])
def test_a_replacement_has_the_placeholders_place(
    caller: Placeholders, offset: int, size: int
) -> None:
    _, base = caller.make()
    status, _ = caller.make(base + offset, size, BOTH | REPLACE, RW)
    assert status == "CONFLICTING_ADDRESSES"
    _, section = caller.create(16 * PAGE)
    assert caller.show(section, base + offset, size)[0] == "CONFLICTING_ADDRESSES"
    assert caller.ranges(base, 8 * PAGE) == [(0, 8)]


def test_a_replacement_that_fails_leaves_the_placeholder(caller: Placeholders) -> None:
    _, base = caller.make()
    assert caller.make(base, 8 * PAGE, BOTH | REPLACE, 0x1234)[0] == "INVALID_PAGE_PROTECTION"
    _, section = caller.create(4 * PAGE)
    assert caller.show(section, base, 8 * PAGE)[0] == "INVALID_VIEW_SIZE"
    assert caller.ranges(base, 8 * PAGE) == [(0, 8)]


def test_memory_in_a_placeholders_place(caller: Placeholders) -> None:
    _, base = caller.make()
    caller.free(base + PAGE, PAGE, RELEASE | PRESERVE)
    space = caller.machine.process.space
    assert caller.make(base + PAGE, PAGE, BOTH | REPLACE, RW) == ("SUCCESS", base + PAGE)
    assert caller.query(base + PAGE)[1:6] == (base + PAGE, RW, PAGE, COMMIT, RW)
    space.write(base + PAGE, b"x")
    assert caller.free(base + PAGE, 0, RELEASE | PRESERVE) == ("SUCCESS", base + PAGE, PAGE)
    assert caller.ranges(base, 8 * PAGE) == [(0, 1), (1, 1), (2, 6)]
    assert caller.make(base + PAGE, PAGE, BOTH | REPLACE, RW)[0] == "SUCCESS"
    assert space.read(base + PAGE, 1) == b"\0"
    assert caller.free(base + PAGE, 0, RELEASE)[0] == "SUCCESS"
    assert caller.query(base + PAGE)[4] == FREE
    check(space.mm)


def test_a_ring_buffer(caller: Placeholders) -> None:
    """Two views of one section side by side, the example of VirtualAlloc2's documentation."""
    _, base = caller.make(size=2 * PAGE)
    caller.free(base, PAGE, RELEASE | PRESERVE)
    _, section = caller.create(PAGE)
    assert caller.show(section, base, PAGE) == ("SUCCESS", base, PAGE)
    assert caller.show(section, base + PAGE, 0) == ("SUCCESS", base + PAGE, PAGE)
    space = caller.machine.process.space
    space.write(base + PAGE - 2, b"over")
    assert space.read(base, 2) == b"er"
    assert caller.status("NtUnmapViewOfSectionEx", SELF, base + PAGE, PRESERVE) == "SUCCESS"
    assert caller.ranges(base, 2 * PAGE) == [(1, 1)]
    assert caller.status("NtUnmapViewOfSectionEx", SELF, base, 0) == "SUCCESS"
    assert caller.query(base)[4] == FREE
    assert caller.status("NtClose", section) == "SUCCESS"
    check(space.mm)
