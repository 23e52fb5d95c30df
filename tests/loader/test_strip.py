"""Debugging sections go; what stays lies where it lay."""

from __future__ import annotations

import struct

import pytest

from loader.error import ImageError
from loader.pe import read_pe
from loader.strip import strip_debug
from tests.loader.builder import FILE_HEADER, OPTIONAL_HEADER, READ, Part, PeFile, wine_dll

DEBUG = ".debug_info", ".debug_line", ".zdebug_str", ".stab", ".stabstr"


def _file(*names: str, directories: dict[int, tuple[int, int]] | None = None) -> bytes:
    """A section of each name, one page each; long names are in a string table."""
    strings = b"".join(name.encode() + b"\0" for name in names)
    parts, place = [], 4
    for number, name in enumerate(names, 1):
        short = name if len(name) <= 8 else f"/{place}"
        parts.append(Part(short, 0x1000 * number, 0x800, name.encode().ljust(0x200), READ))
        place += len(name) + 1
    size = 0x1000 * (len(names) + 1)
    file = PeFile(parts, size_of_image=size, size_of_headers=0x400)
    file.directories = directories or {}
    data = bytearray(file.build())
    struct.pack_into("<II", data, FILE_HEADER + 8, len(data), 1)
    return bytes(data) + bytes(18) + struct.pack("<I", 4 + len(strings)) + strings


@pytest.mark.parametrize(
    "data", [b"", b"MZ", b"MZ".ljust(0x400, b"\xff"), PeFile().build()[:0x150]]
)
def test_no_image(data: bytes) -> None:
    with pytest.raises(ImageError):
        strip_debug(data)


@pytest.mark.parametrize(
    "names",
    [
        (".text",),
        (".debug_info",),
        (".text", ".debug_info", ".reloc"),
        (".text", ".debugger"),
        (".text", ".eh_frame_and_more"),
    ],
)
def test_what_has_nothing_to_lose_at_its_end(names: tuple[str, ...]) -> None:
    data = _file(*names)
    if len(names) == 1 and names[0] in DEBUG:
        assert len(read_pe(strip_debug(data), "x").sections) == 1
    else:
        assert strip_debug(data) == data


@pytest.mark.parametrize("place", [5, 1, 4, 6])
def test_what_a_directory_points_into_stays(place: int) -> None:
    """The place of a certificate (4) is one in the file, where things would move."""
    rva = 0x10 if place == 4 else 0x2000
    data = _file(".text", ".debug_info", directories={place: (rva, 0x10)})
    assert strip_debug(data) == data


@pytest.mark.parametrize("symbols", [0, 0xFFFF_FFF0, 3])
def test_long_names_without_their_table_say_nothing(symbols: int) -> None:
    data = bytearray(_file(".text", ".debug_info"))
    struct.pack_into("<I", data, FILE_HEADER + 8, symbols)
    assert strip_debug(bytes(data)) == bytes(data)


@pytest.mark.parametrize("last", DEBUG)
def test_the_rest_is_where_it_was(last: str) -> None:
    data = _file(".text", ".eh_frame_x", ".debug_abbrev", last)
    before, after = read_pe(data, "x"), read_pe(strip_debug(data), "x")
    assert after.sections == before.sections[:2]
    assert after.size_of_image == 0x3000
    assert [after.read(rva, 0x800) for rva in (0x1000, 0x2000)] == [
        before.read(rva, 0x800) for rva in (0x1000, 0x2000)
    ]
    assert len(after.data) == 0x400 + 2 * 0x200
    assert after.data[FILE_HEADER + 8 : FILE_HEADER + 16] == bytes(8)
    assert strip_debug(after.data) == after.data


def test_the_checksum_is_that_of_the_new_file() -> None:
    """The rule of IMAGEHLP, spelt out: add words and carries, then the length."""
    data = strip_debug(_file(".text", ".debug_info"))
    field = OPTIONAL_HEADER + 64
    total = 0
    for at in range(0, len(data), 2):
        total += 0 if field <= at < field + 4 else int.from_bytes(data[at : at + 2], "little")
        total = (total & 0xFFFF) + (total >> 16)
    assert read_pe(data, "x").checksum == total + len(data)


def test_one_of_wine() -> None:
    data = wine_dll("kernel32.dll")
    before, after = read_pe(data, "x"), read_pe(strip_debug(data), "x")
    assert (after.exports, after.imports) == (before.exports, before.imports)
    assert after.relocations == before.relocations
