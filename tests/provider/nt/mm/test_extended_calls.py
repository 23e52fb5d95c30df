"""The Ex calls with their MEM_EXTENDED_PARAMETERs (VirtualAlloc2, MapViewOfFile3, Win32 API), and
sections that have names.
"""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from tests.provider.nt.mm.test_section_calls import ALL, COMMIT, PAGE, RW, UNIT, Sections
from tests.provider.nt.test_mm_calls import BOTH, SELF

REQUIREMENTS, NODE, PARTITION, MACHINE = 1, 2, 3, 6
BOUNDS = (0x30000000, 0x30FFFFFF, 0)


@pytest.fixture
def caller(tmp_path: Path) -> Sections:
    return Sections(tmp_path)


def parameters(caller: Sections, bounds: tuple[int, int, int], *rows: tuple[int, int]) -> int:
    """The address of `rows`; the value of address requirements becomes where `bounds` are."""
    space, va = caller.machine.process.space, caller.buffer
    space.write(va + 256, struct.pack("<3I", *bounds))
    for index, (kind, value) in enumerate(rows):
        value = va + 256 if kind == REQUIREMENTS and not value else value
        space.write(va + 16 * index, struct.pack("<2Q", kind, value))
    return va


def allocate(caller: Sections, base: int, at: int, count: int, kind: int = BOTH) -> tuple[str, int]:
    start, size = caller.cell(base, PAGE)
    words = (SELF, start, size, kind, RW, at, count)
    return caller.status("NtAllocateVirtualMemoryEx", *words), caller.words(1)[0]


def map_view(caller: Sections, section: int, base: int, at: int, count: int) -> tuple[str, int]:
    start, size = caller.cell(base, 0)
    words = (section, SELF, start, 0, size, 0, RW, at, count)
    return caller.status("NtMapViewOfSectionEx", *words), caller.words(1)[0]


@pytest.mark.parametrize(
    ("bounds", "rows"),
    [
        (BOUNDS, [(0, 0)]),
        (BOUNDS, [(7, 0)]),
        (BOUNDS, [(PARTITION, 4)]),
        (BOUNDS, [(NODE, 1)]),
        (BOUNDS, [(REQUIREMENTS, 0), (REQUIREMENTS, 0)]),
        ((1, 0, 0), [(REQUIREMENTS, 0)]),
        ((0, 0x30000000, 0), [(REQUIREMENTS, 0)]),
        ((0, 0xFFFFFFFF, 0), [(REQUIREMENTS, 0)]),
        ((0x40000000, 0x30FFFFFF, 0), [(REQUIREMENTS, 0)]),
        ((0, 0, 3 * UNIT), [(REQUIREMENTS, 0)]),
        ((0, 0, PAGE), [(REQUIREMENTS, 0)]),
    ],
    ids=str,
)
def test_parameters_that_are_refused(
    caller: Sections, bounds: tuple[int, int, int], rows: list[tuple[int, int]]
) -> None:
    _, section = caller.create()
    at = parameters(caller, bounds, *rows)
    assert allocate(caller, 0, at, len(rows))[0] == "INVALID_PARAMETER"
    assert map_view(caller, section, 0, at, len(rows))[0] == "INVALID_PARAMETER"


@pytest.mark.parametrize("count", [1, 6, 7, 0xFFFFFFFF])
@pytest.mark.parametrize("at", [0, 1, 0x7FFF0000, 0xFFFFFFF0])
def test_parameters_that_cannot_be_read(caller: Sections, at: int, count: int) -> None:
    _, section = caller.create()
    refused = ("INVALID_PARAMETER", "ACCESS_VIOLATION")
    assert allocate(caller, 0, at, count)[0] in refused
    assert map_view(caller, section, 0, at, count)[0] in refused


def test_requirements_and_a_base_exclude_each_other(caller: Sections) -> None:
    _, section = caller.create()
    at = parameters(caller, BOUNDS, (REQUIREMENTS, 0))
    assert allocate(caller, 0x30000000, at, 1)[0] == "INVALID_PARAMETER"
    assert map_view(caller, section, 0x30000000, at, 1)[0] == "INVALID_PARAMETER"


def test_requirements_are_kept(caller: Sections) -> None:
    _, section = caller.create()
    at = parameters(caller, BOUNDS, (REQUIREMENTS, 0))
    assert allocate(caller, 0, at, 1) == ("SUCCESS", 0x30000000)
    assert map_view(caller, section, 0, at, 1) == ("SUCCESS", 0x30010000)
    at = parameters(caller, (0x30000000, 0, 1 << 24), (REQUIREMENTS, 0))
    assert allocate(caller, 0, at, 1) == ("SUCCESS", 0x31000000)
    at = parameters(caller, (0x30000000, 0x3000FFFF, 0), (REQUIREMENTS, 0))
    assert allocate(caller, 0, at, 1)[0] == "NO_MEMORY"
    assert allocate(caller, 0x32000000, 0, 0) == ("SUCCESS", 0x32000000)


def test_a_view_of_an_image_for_another_machine(caller: Sections) -> None:
    _, section = caller.create()
    at = parameters(caller, BOUNDS, (MACHINE, 0x8664))
    assert map_view(caller, section, 0, at, 1)[0] == "NOT_SUPPORTED"
    assert allocate(caller, 0, at, 1)[0] == "INVALID_PARAMETER"
    at = parameters(caller, BOUNDS, (MACHINE, 0x14C))
    assert map_view(caller, section, 0, at, 1)[0] == "SUCCESS"


def named(caller: Sections, name: str) -> int:
    """OBJECT_ATTRIBUTES."""
    text, va = name.encode("utf-16-le"), caller.buffer + 0x1000
    header = struct.pack("<6I", 24, 0, va + 32, 0x40, 0, 0)
    counted = struct.pack("<2HI", len(text), len(text), va + 64)
    caller.machine.process.space.write(
        va, header.ljust(32, b"\0") + counted.ljust(32, b"\0") + text
    )
    return va


def test_sections_with_names(caller: Sections) -> None:
    attributes = named(caller, "\\BaseNamedObjects\\part")
    out, size, _ = caller.cell(0, PAGE, 0)
    assert caller.status("NtOpenSection", out, ALL, attributes) == "OBJECT_NAME_NOT_FOUND"
    create = (out, ALL, attributes, size, RW, COMMIT, 0)
    assert caller.status("NtCreateSectionEx", *create, 0, 1) == "INVALID_PARAMETER"
    assert caller.status("NtCreateSectionEx", *create, 0, 0) == "SUCCESS"
    section = caller.words(1)[0]
    assert caller.status("NtCreateSection", *create) == "OBJECT_NAME_COLLISION"
    assert caller.status("NtOpenSection", out, 4, attributes) == "SUCCESS"
    other = caller.words(1)[0]
    _, here, _ = caller.map(section)
    assert caller.map(other)[0] == "ACCESS_DENIED"
    _, there, _ = caller.map(other, page=2)
    caller.machine.process.space.write(here, b"named")
    assert caller.machine.process.space.read(there, 5) == b"named"
