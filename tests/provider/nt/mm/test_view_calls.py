"""What views of sections allow and refuse, in the order that Windows checks it.

The statuses are those that ReactOS' API and kernel-mode tests (apitests/ntdll/NtMapViewOfSection,
kmtests/ntos_mm/ZwMapViewOfSection and ZwCreateSection) record of Windows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from provider.nt.types import PAGE_PROTECTION as P
from tests.provider.nt.mm.test_section_calls import (
    COMMIT,
    IMAGE,
    PAGE,
    RESERVE,
    RO,
    RW,
    UNIT,
    WC,
    XR,
    Sections,
)
from tests.provider.nt.synthetic import pe_bytes
from tests.provider.nt.test_mm_calls import SELF

if TYPE_CHECKING:
    from pathlib import Path

NO_ACCESS, X, XRW, XWC = (
    int(page)
    for page in (
        P.PAGE_NOACCESS,
        P.PAGE_EXECUTE,
        P.PAGE_EXECUTE_READWRITE,
        P.PAGE_EXECUTE_WRITECOPY,
    )
)
GUARD = int(P.PAGE_GUARD)
MEM_COMMIT, MEM_RESERVE, MEM_DECOMMIT, MEM_RELEASE = 0x1000, 0x2000, 0x4000, 0x8000
GB = 1 << 30
SIZE = 200


@pytest.fixture
def caller(tmp_path: Path) -> Sections:
    return Sections(tmp_path)


def file_section(caller: Sections, path: Path, page: int = RW, size: int = 0) -> int:
    """A section over a new file of SIZE bytes."""
    (path / "a.txt").write_bytes(b"abcdefgh" * (SIZE // 8))
    status, file = caller.open("a.txt", 0xE0100000)
    assert status == "SUCCESS"
    status, section = caller.create(size, page, file=file)
    assert status == "SUCCESS"
    return section


ACCESSES = (NO_ACCESS, RO, RW, WC, X, XR, XRW, XWC)
ALLOWED = {
    RO: {NO_ACCESS, RO, WC},
    RW: {NO_ACCESS, RO, RW, WC},
    WC: {NO_ACCESS, RO, WC},
    X: {NO_ACCESS, X},
    XR: {NO_ACCESS, RO, WC, X, XR, XWC},
    XRW: set(ACCESSES),
    XWC: {NO_ACCESS, RO, WC, X, XR, XWC},
}


@pytest.mark.parametrize("page", ALLOWED)
def test_what_a_section_allows_its_views(caller: Sections, tmp_path: Path, page: int) -> None:
    section = file_section(caller, tmp_path, page)
    statuses = {wanted: caller.map(section, page=wanted)[0] for wanted in ACCESSES}
    assert {wanted for wanted, status in statuses.items() if status == "SUCCESS"} == ALLOWED[page]
    assert set(statuses.values()) <= {"SUCCESS", "SECTION_PROTECTION"}


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ({"kind": MEM_RESERVE}, "INVALID_PARAMETER_9"),
        ({"kind": MEM_COMMIT, "commit": PAGE}, "INVALID_PARAMETER_9"),
        ({"kind": MEM_RESERVE | MEM_COMMIT}, "INVALID_PARAMETER_9"),
        ({"commit": 500}, "SUCCESS"),
        ({"commit": 0x10000000}, "INVALID_PARAMETER_5"),
        ({"commit": -1}, "INVALID_PARAMETER_5"),
        ({"size": 0xFFFFFFFF}, "INVALID_PARAMETER_3"),
        ({"base": 0x60000000, "size": 0x20000000}, "INVALID_PARAMETER_3"),
        ({"base": 0x60000000, "size": 0x10000000, "bits": 1}, "INVALID_VIEW_SIZE"),
        ({"base": 0x30000000, "bits": 2}, "SUCCESS"),
        ({"base": 0x30000000, "bits": 3}, "INVALID_PARAMETER_4"),
        ({"bits": 10}, "SUCCESS"),
        ({"bits": 20}, "NO_MEMORY"),
        ({"bits": 21}, "NO_MEMORY"),
        ({"bits": 22}, "INVALID_PARAMETER_4"),
        ({"bits": -1}, "INVALID_PARAMETER_4"),
        ({"offset": 0x40211}, "MAPPED_ALIGNMENT"),
        ({"offset": -1}, "MAPPED_ALIGNMENT"),
        ({"page": RW | RO}, "INVALID_PAGE_PROTECTION"),
        ({"base": 0x567A20}, "MAPPED_ALIGNMENT"),
        ({"base": 0x800000C8}, "INVALID_PARAMETER_3"),
    ],
    ids=str,
)
@pytest.mark.parametrize("kind", [COMMIT, RESERVE])
def test_views_of_the_page_file(
    caller: Sections, kind: int, arguments: dict[str, int], status: str
) -> None:
    _, section = caller.create(5 * UNIT, kind=kind)
    assert caller.map(section, **arguments)[0] == status


@pytest.mark.parametrize(
    ("page", "arguments", "status"),
    [
        (RW, {"commit": 500}, "INVALID_PARAMETER_5"),
        (RW, {"commit": 500, "kind": MEM_RESERVE}, "SUCCESS"),
        (RW, {"size": SIZE}, "SUCCESS"),
        (RW, {"size": SIZE + 1}, "INVALID_VIEW_SIZE"),
        (RW, {"size": SIZE + 1, "kind": MEM_RESERVE}, "SUCCESS"),
        (RW, {"kind": MEM_RESERVE | MEM_COMMIT}, "INVALID_PARAMETER_9"),
        (RO, {"kind": MEM_RESERVE, "page": RO}, "SECTION_PROTECTION"),
        (WC, {"kind": MEM_RESERVE, "page": RO}, "SECTION_PROTECTION"),
        (RW, {"page": GUARD | RW}, "SUCCESS"),
        (RW, {"page": GUARD}, "INVALID_PAGE_PROTECTION"),
    ],
    ids=str,
)
def test_views_of_a_file(
    caller: Sections, tmp_path: Path, page: int, arguments: dict[str, int], status: str
) -> None:
    section = file_section(caller, tmp_path, page)
    assert caller.map(section, **arguments)[0] == status


def test_the_handle_is_looked_at_before_the_alignment(caller: Sections) -> None:
    _, section = caller.create()
    assert caller.map(0x1234, 0x567A20)[0] == "INVALID_HANDLE"
    assert caller.map(section, 0x567A20, process=0x1234)[0] == "INVALID_HANDLE"
    assert caller.map(SELF)[0] == "OBJECT_TYPE_MISMATCH"


def test_memory_calls_on_a_view(caller: Sections) -> None:
    _, section = caller.create(2 * UNIT)
    base = 0x30000000
    assert caller.map(section, base, 2 * PAGE) == ("SUCCESS", base, 2 * PAGE)
    assert caller.allocate(base, PAGE, MEM_COMMIT)[0] == "SUCCESS"
    assert caller.free(base, PAGE, MEM_DECOMMIT)[0] == "UNABLE_TO_DELETE_SECTION"
    assert caller.free(base, PAGE, MEM_RELEASE)[0] == "UNABLE_TO_DELETE_SECTION"
    assert caller.allocate(base, 3 * PAGE, MEM_COMMIT)[0] == "CONFLICTING_ADDRESSES"
    for kind in (MEM_COMMIT, MEM_COMMIT | MEM_RESERVE):
        assert caller.allocate(base + 2 * PAGE, PAGE, kind)[0] == "CONFLICTING_ADDRESSES"
    assert caller.allocate(base + UNIT, PAGE)[0] == "SUCCESS"


def test_a_reserved_section_is_committed_by_its_views(caller: Sections) -> None:
    space = caller.machine.process.space
    _, section = caller.create(2 * UNIT, kind=RESERVE)
    _, first, _ = caller.map(section, size=2 * PAGE, commit=PAGE)
    assert caller.query(first)[3:5] == (PAGE, MEM_COMMIT)
    assert caller.query(first + PAGE)[4] == MEM_RESERVE
    _, second, _ = caller.map(section, size=2 * PAGE)
    for _ in range(2):
        assert caller.allocate(second + PAGE, PAGE, MEM_COMMIT, RO)[0] == "SUCCESS"
    space.write(first + PAGE, b"\2")
    assert space.read(second + PAGE, 4) == b"\2\0\0\0"
    assert caller.query(second + PAGE)[5] == RO


def test_a_view_without_access_is_committed_with_any(caller: Sections) -> None:
    _, section = caller.create(8 * GB, kind=RESERVE)
    assert caller.map(section)[0] == "NO_MEMORY"
    status, base, size = caller.map(section, size=0x20000000, page=NO_ACCESS)
    assert (status, size) == ("SUCCESS", 0x20000000)
    for page in (RW, RO):
        assert caller.protect(base, PAGE, page)[0] == "SECTION_PROTECTION"
    for page in (RO, RO, RW, XRW):
        assert caller.allocate(base, PAGE, MEM_COMMIT, page)[0] == "SUCCESS"
        assert caller.query(base)[5] == page
    assert caller.query(base + PAGE)[3:5] == (0x20000000 - PAGE, MEM_RESERVE)


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ({"size": 1 << 39}, "COMMITMENT_LIMIT"),
        ({"size": 1 << 39, "page": NO_ACCESS}, "INVALID_PAGE_PROTECTION"),
        ({"size": 1 << 43, "kind": RESERVE}, "SECTION_TOO_BIG"),
        ({"size": 1 << 47, "kind": RESERVE}, "SECTION_TOO_BIG"),
        ({"size": -1}, "SECTION_TOO_BIG"),
        ({"access": 0}, "SUCCESS"),
        ({"page": XR | RW}, "INVALID_PAGE_PROTECTION"),
        ({"page": WC | RO}, "INVALID_PAGE_PROTECTION"),
        ({"page": 0xFFFFFFFF}, "INVALID_PAGE_PROTECTION"),
        ({"kind": 0xFFFFFFFF}, "INVALID_PARAMETER_6"),
        ({"kind": 0x80000000}, "INVALID_PARAMETER_6"),
        ({"kind": 0x10000000}, "INVALID_PARAMETER_6"),
        ({"kind": 0x10000000 | RESERVE}, "SUCCESS"),
    ],
    ids=str,
)
def test_sections_of_the_page_file(
    caller: Sections, arguments: dict[str, int], status: str
) -> None:
    assert caller.create(**arguments)[0] == status


def test_based_sections_go_down(caller: Sections) -> None:
    bases = []
    for _ in range(2):
        _, section = caller.create(kind=COMMIT | 0x200000)
        status, base, _ = caller.map(section)
        assert status == "SUCCESS"
        bases.append(base)
    assert bases[0] - bases[1] == UNIT


def image_file(path: Path) -> None:
    """A DLL with a section of data at RVA 0x2000, which is at 0x600 in the file."""
    sections = [
        (b".text", 0x1000, b"\xc3", 0x60000020),
        (b".data", 0x2000, b"data", 0xC0000040),
    ]
    (path / "a.dll").write_bytes(pe_bytes(0xE400000, sections))


def test_an_image_of_a_file_whose_view_was_written(caller: Sections, tmp_path: Path) -> None:
    image_file(tmp_path)
    space = caller.machine.process.space
    _, file = caller.open("a.dll")
    _, data_section = caller.create(0, file=file)
    _, data, _ = caller.map(data_section)
    space.write(data, b"??")
    assert caller.create(0, RW, IMAGE, file)[0] == "INVALID_IMAGE_NOT_MZ"
    space.write(data, b"MZ")
    space.write(data + 0x600, b"view")
    status, section = caller.create(0, RW, IMAGE, file)
    assert status == "SUCCESS"
    status, image, _ = caller.map(section, page=RO)
    assert (status, image) == ("SUCCESS", 0xE400000)
    assert space.read(image + 0x2000, 4) == b"view"
    space.write(data, b"??")
    assert space.read(image, 2) == b"MZ"
    assert caller.allocate(image + 0x1000, PAGE, MEM_RESERVE, NO_ACCESS)[0] == (
        "CONFLICTING_ADDRESSES"
    )


def test_an_image_section_has_the_size_that_was_asked_for(caller: Sections, tmp_path: Path) -> None:
    image_file(tmp_path)
    _, file = caller.open("a.dll", 0xA0100000)
    for size, status in ((42, "SUCCESS"), (0xA02, "SUCCESS"), (-1, "SECTION_TOO_BIG")):
        answer, section = caller.create(size, XR, IMAGE, file)
        assert answer == status
        if section:
            assert caller.status("NtQuerySection", section, 0, caller.buffer, 16, 0) == "SUCCESS"
            assert caller.machine.read(caller.buffer + 8, 8) == size
            assert caller.machine.read(caller.buffer + 4) == 0x1800000


def test_an_image_that_is_only_looked_at(caller: Sections, tmp_path: Path) -> None:
    """SEC_IMAGE_NO_EXECUTE of CreateFileMapping: the layout of an image, and nothing to execute."""
    image_file(tmp_path)
    _, file = caller.open("a.dll")
    status, section = caller.create(0, RO, IMAGE | 0x10000000, file)
    assert status == "SUCCESS"
    _, base, _ = caller.map(section, page=RO)
    space = caller.machine.process.space
    assert caller.query(base + PAGE)[5:] == (RO, 0x1000000)
    assert space.handle_fault(base + PAGE, 0x14) is not None
    assert space.read(base + PAGE, 1) == b"\xc3"
    space.write(base + 2 * PAGE, b"mine")
    assert caller.query(base + 2 * PAGE)[5] == RW
    assert caller.protect(base + PAGE, PAGE, XR)[0] == "SECTION_PROTECTION"
    _, section = caller.create(0, RO, IMAGE, file)
    _, other, _ = caller.map(section, page=RO)
    assert caller.query(other + PAGE)[5] == XR
    assert space.read(other + 2 * PAGE, 4) == b"data"


def test_a_query_looks_at_the_length_first_and_the_buffer_then(caller: Sections) -> None:
    _, section = caller.create()
    assert caller.status("NtQuerySection", section, 0, 0, 15, 0) == "INFO_LENGTH_MISMATCH"
    assert caller.status("NtQuerySection", section, 0, 0, 16, 0) == "ACCESS_VIOLATION"
    assert caller.status("NtQuerySection", 0, 0, caller.buffer, 16, 0) == "INVALID_HANDLE"


def test_a_guarded_view_faults_once(caller: Sections, tmp_path: Path) -> None:
    section = file_section(caller, tmp_path)
    _, base, _ = caller.map(section, page=GUARD | RW)
    assert caller.query(base)[5] == GUARD | RW
    assert caller.machine.process.space.handle_fault(base, 4) is not None
    assert caller.query(base)[5] == RW
    assert caller.machine.process.space.read(base, 4) == b"abcd"


def test_a_view_longer_than_its_file(caller: Sections, tmp_path: Path) -> None:
    """ZwMapViewOfSection: MEM_RESERVE reserves what lies behind the section's end, and extending
    the section makes it accessible."""
    space = caller.machine.process.space
    section = file_section(caller, tmp_path)
    _, base, size = caller.map(section, size=2 * UNIT, kind=MEM_RESERVE)
    assert size == 2 * UNIT
    assert caller.query(base)[3:5] == (PAGE, MEM_COMMIT)
    assert caller.query(base + PAGE)[3:5] == (2 * UNIT - PAGE, MEM_RESERVE)
    assert space.handle_fault(base + PAGE, 6) is not None
    assert caller.allocate(base + PAGE, PAGE, MEM_COMMIT)[0] == "ALREADY_COMMITTED"
    low, _ = caller.cell(UNIT, 0)
    assert caller.status("NtExtendSection", section, low) == "SUCCESS"
    assert caller.query(base)[3:5] == (UNIT, MEM_COMMIT)
    space.write(base + UNIT - 4, b"last")
    assert caller.status("NtUnmapViewOfSection", SELF, base) == "SUCCESS"
    assert (tmp_path / "a.txt").read_bytes()[-4:] == b"last"


def test_a_file_beyond_4_gb(caller: Sections, tmp_path: Path) -> None:
    far = 8 * GB
    _, file = caller.open("a.txt", disposition=3)
    assert caller.create(1 << 44, file=file)[0] == "SECTION_TOO_BIG"
    status, section = caller.create(far + PAGE, file=file)
    assert status == "SUCCESS"
    assert caller.map(section)[0] == "NO_MEMORY"
    status, base, size = caller.map(section, size=PAGE, offset=far)
    assert (status, size) == ("SUCCESS", PAGE)
    caller.machine.process.space.write(base, b"far")
    assert caller.status("NtUnmapViewOfSection", SELF, base) == "SUCCESS"
    with (tmp_path / "a.txt").open("rb") as contents:
        contents.seek(far)
        assert contents.read(4) == b"far\0"
