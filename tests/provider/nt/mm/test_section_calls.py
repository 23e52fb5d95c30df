"""Section and view calls: statuses per NtCreateSection, NtMapViewOfSection and their neighbours in
Microsoft's driver documentation, and CreateFileMapping and MapViewOfFile of the Win32 API.
"""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from provider.kernel.io import Mount, MountMode
from provider.kernel.ob.object import KernelObject
from provider.nt import startup
from provider.nt.types import PAGE_PROTECTION as P
from tests.provider.nt.synthetic import (
    CONST_VA,
    NTDLL_BASE,
    PROGRAM_BASE,
    ntdll_image,
    program_image,
)
from tests.provider.nt.test_mm_calls import SELF, Caller

PAGE, UNIT = 0x1000, 0x10000
ALL = 0xF001F
COMMIT, RESERVE, IMAGE, FILE, BASED = 0x8000000, 0x4000000, 0x1000000, 0x800000, 0x200000
NO_CHANGE, LARGE = 0x400000, 0x80000000
RW, RO, WC, XR = (
    int(page) for page in (P.PAGE_READWRITE, P.PAGE_READONLY, P.PAGE_WRITECOPY, P.PAGE_EXECUTE_READ)
)
TOP_DOWN, ROUND = 0x100000, 0x40000000


class Sections(Caller):
    """Makes sections and views."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        io = self.machine.kernel.io
        io.mount(Mount("C:\\work", path, MountMode.READ_WRITE))

    def create(
        self,
        size: int = PAGE,
        page: int = RW,
        kind: int = COMMIT,
        file: int = 0,
        access: int = ALL,
    ) -> tuple[str, int]:
        """NtCreateSection: status and handle."""
        out, low, _ = self.cell(0, size & 0xFFFFFFFF, size >> 32 & 0xFFFFFFFF)
        status = self.status("NtCreateSection", out, access, 0, low, page, kind, file)
        return status, self.words(1)[0]

    def map(
        self,
        section: int,
        base: int = 0,
        size: int = 0,
        page: int = RW,
        *,
        offset: int = 0,
        bits: int = 0,
        commit: int = 0,
        inherit: int = 1,
        kind: int = 0,
        process: int = SELF,
    ) -> tuple[str, int, int]:
        """NtMapViewOfSection: status, address and size."""
        high = offset >> 32 & 0xFFFFFFFF
        start, length, at, _ = self.cell(base, size, offset & 0xFFFFFFFF, high)
        status = self.status(
            "NtMapViewOfSection",
            *(section, process, start, bits, commit, at, length, inherit, kind, page),
        )
        return (status, *self.words(2))  # type: ignore[return-value]  # words are three

    def open(self, name: str, access: int = 0xC0100000, disposition: int = 3) -> tuple[str, int]:
        """NtCreateFile of a file in C:\\work."""
        text = f"\\??\\C:\\work\\{name}".encode("utf-16-le")
        space, va = self.machine.process.space, self.buffer
        space.write(va, struct.pack("<6I", 24, 0, va + 32, 0x40, 0, 0))
        space.write(va + 32, struct.pack("<2HI", len(text), len(text), va + 64) + bytes(24) + text)
        arguments = (va + 512, access, va, va + 520, 0, 0, 7, disposition, 0x20, 0, 0)
        status = self.status("NtCreateFile", *arguments)
        return status, self.machine.read(va + 512)

    def end_of_file(self, file: int, size: int) -> str:
        """NtSetInformationFile."""
        self.machine.write(self.buffer, size, 0)
        return self.status("NtSetInformationFile", file, self.buffer + 16, self.buffer, 8, 20)


@pytest.fixture
def caller(tmp_path: Path) -> Sections:
    return Sections(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ({"size": 0}, "INVALID_PARAMETER_4"),
        ({"size": 1 << 30}, "COMMITMENT_LIMIT"),
        ({"kind": 0}, "INVALID_PARAMETER_6"),
        ({"kind": COMMIT | RESERVE}, "INVALID_PARAMETER_6"),
        ({"kind": COMMIT | IMAGE}, "INVALID_PARAMETER_6"),
        ({"kind": IMAGE | NO_CHANGE}, "INVALID_PARAMETER_6"),
        ({"kind": COMMIT | 1}, "INVALID_PARAMETER_6"),
        ({"kind": RESERVE | LARGE}, "INVALID_PARAMETER_6"),
        ({"kind": COMMIT | LARGE}, "PRIVILEGE_NOT_HELD"),
        ({"kind": IMAGE}, "INVALID_FILE_FOR_SECTION"),
        ({"page": 0}, "INVALID_PAGE_PROTECTION"),
        ({"page": 1}, "INVALID_PAGE_PROTECTION"),
        ({"page": 0x104}, "INVALID_PAGE_PROTECTION"),
        ({"page": 0x204}, "INVALID_PAGE_PROTECTION"),
        ({"file": 0x1234}, "INVALID_HANDLE"),
    ],
    ids=str,
)
def test_sections_that_are_refused(
    caller: Sections, arguments: dict[str, int], status: str
) -> None:
    committed = caller.machine.kernel.memory.committed
    assert caller.create(**arguments) == (status, 0)
    assert caller.machine.kernel.memory.committed == committed


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ({"inherit": 0}, "INVALID_PARAMETER_8"),
        ({"inherit": 3}, "INVALID_PARAMETER_8"),
        ({"kind": 1}, "INVALID_PARAMETER_9"),
        ({"kind": 0x1000}, "INVALID_PARAMETER_9"),
        ({"bits": 22}, "INVALID_PARAMETER_4"),
        ({"bits": 4, "base": 0x30000000}, "INVALID_PARAMETER_4"),
        ({"base": 0x7FFF0000}, "INVALID_PARAMETER_3"),
        ({"base": 0xFFFF0000}, "INVALID_PARAMETER_3"),
        ({"size": 0xFFFFFFFF}, "INVALID_PARAMETER_3"),
        ({"size": PAGE, "commit": 2 * PAGE}, "INVALID_PARAMETER_5"),
        ({"page": 0}, "INVALID_PAGE_PROTECTION"),
        ({"page": 0x101}, "INVALID_PAGE_PROTECTION"),
        ({"page": XR}, "SECTION_PROTECTION"),
        ({"size": 5 * PAGE}, "INVALID_VIEW_SIZE"),
        ({"offset": 4 * UNIT}, "INVALID_VIEW_SIZE"),
        ({"offset": PAGE}, "MAPPED_ALIGNMENT"),
        ({"base": 0x30001000}, "MAPPED_ALIGNMENT"),
        ({"base": PROGRAM_BASE}, "CONFLICTING_ADDRESSES"),
        ({"process": 0}, "INVALID_HANDLE"),
        ({"process": -2}, "OBJECT_TYPE_MISMATCH"),
    ],
    ids=str,
)
def test_views_that_are_refused(caller: Sections, arguments: dict[str, int], status: str) -> None:
    _, section = caller.create(4 * PAGE)
    size = caller.machine.process.space.virtual_size
    assert caller.map(section, **arguments)[0] == status
    assert caller.machine.process.space.virtual_size == size


@pytest.mark.parametrize(
    ("access", "page", "status"),
    [
        (4, RW, "ACCESS_DENIED"),
        (2, RO, "ACCESS_DENIED"),
        (2, RW, "SUCCESS"),
        (4, RO, "SUCCESS"),
        (4, WC, "SUCCESS"),
        (4, XR, "ACCESS_DENIED"),
        (1, RO, "ACCESS_DENIED"),
    ],
)
def test_a_handle_allows_views(caller: Sections, access: int, page: int, status: str) -> None:
    _, section = caller.create(access=access)
    assert caller.map(section, page=page)[0] == status


def test_a_view_by_page_is_rounded_down(caller: Sections) -> None:
    _, section = caller.create()
    answer = caller.map(section, 0x30001FFF, kind=ROUND)
    assert answer == ("SUCCESS", 0x30001000, PAGE)
    assert caller.map(section, 0x30001000, kind=ROUND)[0] == "CONFLICTING_ADDRESSES"
    assert caller.map(section, 0x30002000, kind=ROUND)[0] == "SUCCESS"


def test_views_in_two_processes_share_frames(caller: Sections) -> None:
    _, section = caller.create()
    other = caller.other_process()
    _, here, _ = caller.map(section)
    _, there, _ = caller.map(section, process=caller.handle(other, 0x1FFFFF))
    caller.machine.process.space.write(here, b"shared")
    assert other.space.read(there, 6) == b"shared"
    assert other.space.query_page(there).share_count == 2


def test_a_write_to_an_image_separates_one_page(caller: Sections) -> None:
    image, ntdll = program_image("nop"), ntdll_image()
    provider = caller.machine.provider
    first, second = (
        startup.create_process(provider, image, ntdll, b"", name).space for name in ("1", "2")
    )
    pages = range(PROGRAM_BASE, PROGRAM_BASE + 4 * PAGE, PAGE)
    for va in pages:
        first.read(va, 1)
        second.read(va, 1)

    def shared() -> list[bool]:
        return [first.query_page(va).share_count == 2 for va in pages]

    assert shared() == [True] * 4
    second.write(PROGRAM_BASE + 2 * PAGE, b"x")
    assert shared() == [True, True, False, True]
    assert first.read(PROGRAM_BASE + 2 * PAGE, 1) == b"\0"


def test_a_based_section_has_one_address(caller: Sections) -> None:
    _, section = caller.create(kind=COMMIT | BASED)
    other = caller.other_process()
    _, here, _ = caller.map(section)
    _, there, _ = caller.map(section, process=caller.handle(other, 0x1FFFFF))
    assert here == there
    arguments = (section, 0, caller.buffer, 16, 0)
    assert caller.status("NtQuerySection", *arguments) == "SUCCESS"
    assert caller.machine.read(caller.buffer) == here


def test_a_view_that_must_not_change(caller: Sections) -> None:
    _, section = caller.create(kind=COMMIT | NO_CHANGE)
    _, view, _ = caller.map(section)
    assert caller.protect(view, PAGE, RO)[0] == "INVALID_PAGE_PROTECTION"
    _, section = caller.create()
    _, view, _ = caller.map(section, kind=NO_CHANGE)
    assert caller.protect(view, PAGE, RO)[0] == "INVALID_PAGE_PROTECTION"


@pytest.mark.parametrize(
    ("number", "length", "status"),
    [
        (2, 100, "INVALID_INFO_CLASS"),
        (0, 15, "INFO_LENGTH_MISMATCH"),
        (1, 47, "INFO_LENGTH_MISMATCH"),
        (1, 48, "SECTION_NOT_IMAGE"),
    ],
)
def test_section_queries_that_are_refused(
    caller: Sections, number: int, length: int, status: str
) -> None:
    _, section = caller.create()
    arguments = (section, number, caller.buffer, length, 0)
    assert caller.status("NtQuerySection", *arguments) == status


def test_a_section_tells_its_size_in_pages(caller: Sections) -> None:
    for kind in (COMMIT, RESERVE):
        _, section = caller.create(PAGE + 1, kind=kind)
        assert caller.status("NtQuerySection", section, 0, caller.buffer, 16, 0) == "SUCCESS"
        data = caller.machine.process.space.read(caller.buffer, 16)
        assert struct.unpack("<2Iq", data) == (0, kind, 2 * PAGE)


def test_files_take_the_rights_that_a_section_needs(caller: Sections) -> None:
    caller.open("a.txt")
    caller.machine.write(caller.buffer + 2048, 1)
    _, reader = caller.open("a.txt", 0x80100000)
    assert caller.create(page=RW, file=reader)[0] == "ACCESS_DENIED"
    assert caller.create(0, RO, file=reader)[0] == "MAPPED_FILE_SIZE_ZERO"
    assert caller.create(PAGE, RO, file=reader)[0] == "SECTION_TOO_BIG"
    assert caller.create(0, RO, IMAGE, reader)[0] == "INVALID_FILE_FOR_SECTION"
    assert caller.create(0, RO, file=caller.handle(KernelObject(), ALL))[0] == (
        "OBJECT_TYPE_MISMATCH"
    )


def test_a_mapped_file_is_neither_cut_nor_deleted(caller: Sections, tmp_path: Path) -> None:
    _, file = caller.open("a.txt", 0xC0110000)
    status, section = caller.create(2 * UNIT, file=file)
    assert status == "SUCCESS"
    _, view, size = caller.map(section)
    assert size == 2 * UNIT
    caller.machine.process.space.write(view + UNIT, b"written")
    assert caller.end_of_file(file, 100) == "USER_MAPPED_FILE"
    assert caller.open("a.txt", disposition=5)[0] == "USER_MAPPED_FILE"
    caller.machine.write(caller.buffer, 1)
    arguments = (file, caller.buffer + 16, caller.buffer, 1, 13)
    assert caller.status("NtSetInformationFile", *arguments) == "CANNOT_DELETE"
    assert caller.end_of_file(file, 3 * UNIT) == "SUCCESS"
    assert caller.status("NtClose", section) == "SUCCESS"
    assert caller.end_of_file(file, 100) == "USER_MAPPED_FILE"
    assert caller.status("NtUnmapViewOfSection", SELF, view) == "SUCCESS"
    assert (tmp_path / "a.txt").read_bytes()[UNIT : UNIT + 7] == b"written"
    assert caller.end_of_file(file, 100) == "SUCCESS"


def test_a_flush_writes_what_was_changed(caller: Sections, tmp_path: Path) -> None:
    _, file = caller.open("a.txt")
    _, section = caller.create(2 * PAGE, file=file)
    _, view, _ = caller.map(section)
    caller.machine.process.space.write(view + PAGE, b"changed")
    start, size = caller.cell(view + PAGE + 5, 1)
    flush = ("NtFlushVirtualMemory", SELF, start, size, caller.buffer)
    assert caller.status(*flush) == "SUCCESS"
    assert caller.words(2) == (view + PAGE, PAGE)
    assert (tmp_path / "a.txt").read_bytes()[PAGE : PAGE + 7] == b"changed"
    for va, status in ((0x30000000, "NOT_MAPPED_VIEW"), (PROGRAM_BASE, "NOT_MAPPED_DATA")):
        caller.cell(va, 0)
        assert caller.status(*flush) == status


def test_the_end_of_the_last_process_writes_its_views(caller: Sections, tmp_path: Path) -> None:
    _, file = caller.open("a.txt")
    _, section = caller.create(2 * PAGE, file=file)
    _, view, _ = caller.map(section)
    caller.machine.process.space.write(view + PAGE, b"last words")
    caller.machine.provider.routines.terminate_process(caller.machine.process, 0)
    assert (tmp_path / "a.txt").read_bytes()[PAGE : PAGE + 10] == b"last words"


def test_extension(caller: Sections, tmp_path: Path) -> None:
    _, file = caller.open("a.txt")
    _, section = caller.create(PAGE, file=file)
    low, _ = caller.cell(3 * PAGE, 0)
    assert caller.status("NtExtendSection", section, low) == "SUCCESS"
    assert (tmp_path / "a.txt").stat().st_size == 3 * PAGE
    low, _ = caller.cell(1, 0)
    assert caller.status("NtExtendSection", section, low) == "SUCCESS"
    assert caller.words(2) == (3 * PAGE, 0)
    _, section = caller.create(access=ALL & ~0x10)
    assert caller.status("NtExtendSection", section, low) == "ACCESS_DENIED"
    _, section = caller.create()
    assert caller.status("NtExtendSection", section, low) == "SECTION_NOT_EXTENDED"


def test_files_that_are_the_same(caller: Sections) -> None:
    def same(first: int, second: int) -> str:
        return caller.status("NtAreMappedFilesTheSame", first, second)

    _, section = caller.create()
    _, view, _ = caller.map(section)
    _, again, _ = caller.map(section)
    assert same(view, view + 5) == "SUCCESS"
    assert same(view, again) == "NOT_SAME_DEVICE"
    assert same(PROGRAM_BASE, NTDLL_BASE) == "NOT_SAME_DEVICE"
    assert same(PROGRAM_BASE, CONST_VA) == "SUCCESS"
    assert same(view, caller.buffer) == "CONFLICTING_ADDRESSES"
    assert same(view, 0x30000000) == "INVALID_ADDRESS"
    assert same(0xFFFFFFFF, view) == "INVALID_ADDRESS"


def test_unmapping(caller: Sections) -> None:
    _, section = caller.create()
    _, view, _ = caller.map(section)
    for va in (0, 0x30000000, 0x7FFE0000, 0xFFFFFFFF, caller.buffer):
        assert caller.status("NtUnmapViewOfSection", SELF, va) == "NOT_MAPPED_VIEW"
    assert caller.status("NtUnmapViewOfSectionEx", SELF, view, 4) == "INVALID_PARAMETER"
    assert caller.status("NtUnmapViewOfSectionEx", SELF, view, 2) == "CONFLICTING_ADDRESSES"
    assert caller.status("NtUnmapViewOfSectionEx", SELF, view + 5, 1) == "SUCCESS"
    assert caller.status("NtUnmapViewOfSection", SELF, view) == "NOT_MAPPED_VIEW"


@pytest.mark.parametrize("page", [RW, 0x1234])
def test_a_section_that_cannot_be_made_has_handle_0(caller: Sections, page: int) -> None:
    out, size, _ = caller.cell(0xDEADBEEF, 0, 0)
    assert caller.status("NtCreateSection", out, ALL, 0, size, page, COMMIT, 0) != "SUCCESS"
    assert caller.words(1) == (0,)
    caller.cell(0xDEADBEEF)
    name, attributes = caller.buffer, caller.buffer + 8
    caller.machine.write(name, 2 | 2 << 16, caller.buffer + 64)
    caller.machine.write(attributes, 24, 0x1234, name, 0, 0, 0)
    assert caller.status("NtOpenSection", out, ALL, attributes) == "INVALID_HANDLE"
    assert caller.words(1) == (0,)
