"""Sections of executable images: what NtCreateSection takes with SEC_IMAGE, and what it says of the
rest; the statuses are Windows 10's, as the tests of Wine's kernel32 record them.
"""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from tests.loader.builder import EXECUTE, OPTIONAL_HEADER, READ, Part, PeFile
from tests.provider.nt.mm.test_section_calls import (
    ALL,
    COMMIT,
    IMAGE,
    LARGE,
    NO_CHANGE,
    PAGE,
    RO,
    UNIT,
    Sections,
)
from tests.provider.nt.test_mm_calls import SELF

RESERVE, NO_CACHE, WRITE_COMBINE = 0x4000000, 0x10000000, 0x40000000
COM_DESCRIPTOR = 14
NE = b"MZ".ljust(0x3C, b"\0") + b"\x40\0\0\0NE"
DYNAMIC_BASE = 0x40


@pytest.fixture
def caller(tmp_path: Path) -> Sections:
    return Sections(tmp_path)


def create(caller: Sections, path: Path, data: bytes, *, size: int = 0, kind: int = IMAGE) -> str:
    """The status of NtCreateSection over a file of `data`; the handle is the first cell."""
    (path / "image.dll").write_bytes(data)
    _, file = caller.open("image.dll", 0xA0100000)
    status, _ = caller.create(size, RO, kind, file)
    return status


def information(caller: Sections, path: Path, file: PeFile) -> tuple[int, ...]:
    """ImageContainsCode, ImageFlags and LoaderFlags."""
    data = bytearray(file.build())
    data[OPTIONAL_HEADER + 4 : OPTIONAL_HEADER + 8] = bytes(4)  # SizeOfCode
    assert create(caller, path, bytes(data)) == "SUCCESS"
    section = caller.words(1)[0]
    assert caller.status("NtQuerySection", section, 1, caller.buffer, 48, 0) == "SUCCESS"
    return struct.unpack("<2BI", caller.machine.process.space.read(caller.buffer + 34, 6))


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"", "INVALID_FILE_FOR_SECTION"),
        (b"M", "INVALID_IMAGE_NOT_MZ"),
        (b"PE\0\0".ljust(0x400, b"\0"), "INVALID_IMAGE_NOT_MZ"),
        (b"MZ", "INVALID_IMAGE_PROTECT"),
        (b"MZ".ljust(0x400, b"\0"), "INVALID_IMAGE_PROTECT"),
        (b"MZ".ljust(0x3C, b"\0") + b"\0\0\x76\x98", "INVALID_IMAGE_PROTECT"),
        (b"MZ".ljust(0x3C, b"\0") + b"\x40\0\0\0LE\0\0", "INVALID_IMAGE_LE_FORMAT"),
        (NE.ljust(0x80, b"\0"), "INVALID_IMAGE_NE_FORMAT"),
        (NE.ljust(0x76, b"\0") + b"\1", "INVALID_IMAGE_NE_FORMAT"),
        (NE.ljust(0x76, b"\0") + b"\2", "INVALID_IMAGE_WIN_16"),
        (NE.ljust(0x76, b"\0") + b"\5", "INVALID_IMAGE_PROTECT"),
        (PeFile(magic=0xDEAD).build(), "INVALID_IMAGE_FORMAT"),
        (PeFile(machine=0xDEAD).build(), "INVALID_IMAGE_FORMAT"),
        (PeFile(machine=0).build(), "INVALID_IMAGE_FORMAT"),
        (PeFile(machine=0x8664).build(), "INVALID_IMAGE_FORMAT"),
        (PeFile(machine=0x8664, magic=0x20B).build(), "INVALID_IMAGE_WIN_64"),
        (PeFile(machine=0x14C, magic=0x20B).build(), "INVALID_IMAGE_WIN_64"),
        (PeFile(machine=0xAA64, magic=0x20B).build(), "INVALID_IMAGE_WIN_64"),
        (PeFile(characteristics=0x100).build(), "INVALID_IMAGE_FORMAT"),
        (PeFile(optional_size=0).build(), "INVALID_IMAGE_FORMAT"),
        (PeFile(size_of_image=0).build(), "INVALID_IMAGE_FORMAT"),
        (PeFile(section_alignment=0x200, file_alignment=0x1000).build(), "INVALID_IMAGE_FORMAT"),
        (PeFile(parts=[Part(rva=0x3000)], size_of_image=0x4000).build(), "INVALID_IMAGE_FORMAT"),
        (PeFile().build()[:0x3FF], "INVALID_IMAGE_FORMAT"),
    ],
)
def test_files_that_are_no_images(
    caller: Sections, tmp_path: Path, data: bytes, status: str
) -> None:
    assert create(caller, tmp_path, data) == status
    assert caller.words(1) == (0,)


@pytest.mark.parametrize(
    "file",
    [
        PeFile(entry_point=0x12345678),
        PeFile(subsystem=1),
        PeFile(directories={1: (0xFFFF_FFF0, 40), COM_DESCRIPTOR: (1, 1)}),
        PeFile(parts=[Part(data=b"x" * 16)], size_of_headers=0x1000),
    ],
)
def test_what_only_matters_to_who_runs_it(caller: Sections, tmp_path: Path, file: PeFile) -> None:
    assert create(caller, tmp_path, file.build()) == "SUCCESS"


@pytest.mark.parametrize("other", [COMMIT, RESERVE, NO_CHANGE, LARGE, WRITE_COMBINE, 0x800000])
def test_attributes_that_images_do_not_have(caller: Sections, tmp_path: Path, other: int) -> None:
    data = PeFile().build()
    assert create(caller, tmp_path, data, kind=IMAGE | other) == "INVALID_PARAMETER_6"


def test_an_image_without_execution_tells_no_other_attribute(
    caller: Sections, tmp_path: Path
) -> None:
    assert create(caller, tmp_path, PeFile().build(), kind=IMAGE | NO_CACHE) == "SUCCESS"
    section = caller.words(1)[0]
    assert caller.status("NtQuerySection", section, 0, caller.buffer, 16, 0) == "SUCCESS"
    assert caller.machine.read(caller.buffer + 4) == IMAGE | 0x800000


@pytest.mark.parametrize(
    ("size", "told"), [(0, 0x2000), (1, 1), (0x1FFF, 0x1FFF), (0x2000, 0x2000), (0x2001, None)]
)
def test_the_size_of_an_image(
    caller: Sections, tmp_path: Path, size: int, told: int | None
) -> None:
    data = PeFile(size_of_image=0x1F00).build().ljust(0x8000, b"\0")
    status = create(caller, tmp_path, data, size=size)
    if told is None:
        assert status == "SECTION_TOO_BIG"
        return
    assert status == "SUCCESS"
    section = caller.words(1)[0]
    assert caller.status("NtQuerySection", section, 0, caller.buffer, 16, 0) == "SUCCESS"
    assert caller.machine.read(caller.buffer + 8) == told


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (PeFile(), (1, 0, 0)),
        (PeFile(entry_point=0, parts=[Part(characteristics=READ)]), (0, 0, 0)),
        (PeFile(entry_point=0, parts=[Part(characteristics=READ | EXECUTE)]), (1, 0, 0)),
        (PeFile(dll_characteristics=DYNAMIC_BASE), (1, 4, 0)),
        (
            PeFile(
                entry_point=0,
                dll_characteristics=DYNAMIC_BASE,
                parts=[Part(characteristics=READ)],
            ),
            (0, 0, 0),
        ),
        (
            PeFile(
                section_alignment=0x200,
                parts=[Part(rva=0x200, virtual_size=0x200)],
                size_of_image=0x400,
            ),
            (1, 8, 0),
        ),
        (PeFile(directories={COM_DESCRIPTOR: (1, 0)}), (1, 0, 0)),
        (PeFile(directories={COM_DESCRIPTOR: (0xFFFFFFFF, 1)}), (1, 0, 1)),
    ],
)
def test_what_is_told_of_an_image(
    caller: Sections, tmp_path: Path, file: PeFile, told: tuple[int, ...]
) -> None:
    assert information(caller, tmp_path, file) == told


@pytest.mark.parametrize(
    ("version", "flags", "told"),
    [
        ((2, 4), 1, 0),
        ((2, 5), 0, 0),
        ((2, 5), 1, 3),
        ((3, 0), 1, 3),
        ((2, 5), 1 | 2, 2),
        ((2, 5), 1 | 0x20000, 0x23),
    ],
)
def test_images_of_il(
    caller: Sections, tmp_path: Path, version: tuple[int, int], flags: int, told: int
) -> None:
    header = struct.pack("<I2H8xI", 72, *version, flags)
    file = PeFile(
        parts=[Part(data=header)],
        directories={COM_DESCRIPTOR: (0x1000, 72)},
        dll_characteristics=DYNAMIC_BASE,
    )
    assert information(caller, tmp_path, file) == (1, told, 1)


def test_a_page_has_whole_sectors_of_the_file(caller: Sections, tmp_path: Path) -> None:
    data = PeFile(parts=[Part(data=b"", file_offset=0x90, file_size=10)]).build()
    data = data.ljust(0x400, b"x")
    assert create(caller, tmp_path, data) == "SUCCESS"
    status, base, _ = caller.map(caller.words(1)[0], page=RO)
    assert status == "IMAGE_NOT_AT_BASE"
    found = caller.machine.process.space.read(base + PAGE, PAGE)
    assert found == data[:0x200].ljust(PAGE, b"\0")


@pytest.mark.parametrize(
    ("offset", "size", "status"),
    [
        (PAGE, 0, "MAPPED_ALIGNMENT"),
        (2 * UNIT, 0, "INVALID_VIEW_SIZE"),
        (UNIT, UNIT + 1, "INVALID_VIEW_SIZE"),
        (0, 2 * UNIT + 1, "INVALID_VIEW_SIZE"),
        (0, 1, "SUCCESS"),
        (UNIT, 0, "SUCCESS"),
        (UNIT, PAGE + 1, "SUCCESS"),
    ],
)
def test_views_of_a_part_of_an_image(
    caller: Sections, tmp_path: Path, offset: int, size: int, status: str
) -> None:
    body = b"".join(bytes([page]) * PAGE for page in range(1, 32))
    file = PeFile(
        parts=[Part(data=body, virtual_size=31 * PAGE)],
        image_base=0x20000000,
        size_of_image=2 * UNIT,
    )
    assert create(caller, tmp_path, file.build()) == "SUCCESS"
    found, base, length = caller.map(caller.words(1)[0], offset=offset, size=size, page=RO)
    assert found == status
    if status != "SUCCESS":
        return
    assert base == 0x20000000 + offset
    assert length == (-(-size // PAGE) * PAGE or UNIT)
    page = offset // PAGE
    assert caller.machine.process.space.read(base, 2) == (bytes([page]) * 2 if page else b"MZ")
    assert caller.machine.process.space.query(base + length).vad is None
    assert caller.status("NtUnmapViewOfSection", SELF, base) == "SUCCESS"
    assert caller.status("NtOpenSection", caller.cells, ALL, 0) != "SUCCESS"
