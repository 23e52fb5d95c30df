"""Import tables that lie, then those of old linkers; test_pe.py has the usual ones."""

from __future__ import annotations

import struct

import pytest

from loader.error import ImageError
from loader.image import Directory, Image
from loader.pe import read_pe
from tests.loader.builder import READ, WRITE, Part, PeFile

TABLE = 0x2000
BASE = 0x40_0000


def _image(data: bytes, directory: Directory = Directory.IMPORT, size: int = 0x1000) -> Image:
    """An image whose page at TABLE begins with `data`, which the directory points to."""
    parts = [Part(), Part(".idata", TABLE, size, data.ljust(size, b"\0"), READ | WRITE)]
    file = PeFile(parts, {directory: (TABLE, 40)}, size_of_image=TABLE + size)
    return read_pe(file.build(), "x")


def _descriptor(thunks: int, name: int, iat: int) -> bytes:
    return struct.pack("<5I", thunks, 0, 0, name, iat)


def _refused(data: bytes, directory: Directory = Directory.IMPORT, size: int = 0x1000) -> str:
    with pytest.raises(ImageError) as caught:
        _ = _image(data, directory, size).imports
    return str(caught.value)


@pytest.mark.parametrize("rva", [0x7000_0000, 0xFFFF_FFFF])
def test_what_lies_outside_the_image(rva: int) -> None:
    name = b"a.dll".ljust(16, b"\0")
    far_thunks = _descriptor(rva, TABLE + 40, 4).ljust(40, b"\0") + name
    assert _refused(far_thunks) == f"its thunks at rva {rva:#x} do not end"
    far_name = _descriptor(TABLE + 56, rva, 4).ljust(40, b"\0") + name + b"\1\0\0\x80"
    assert "leaves the image" in _refused(far_name)
    far_function = _descriptor(TABLE + 56, TABLE + 40, 4).ljust(40, b"\0") + name
    assert "leaves the image" in _refused(far_function + struct.pack("<I", rva & 0x7FFF_FFFF))
    old_compiler = struct.pack("<8I", 0, rva, 0, rva, rva, 0, 0, 0)
    assert "leaves the image" in _refused(old_compiler, Directory.DELAY_IMPORT)


def test_thunks_that_do_not_end() -> None:
    table = _descriptor(TABLE + 60, TABLE + 40, 4).ljust(40, b"\0") + b"a.dll".ljust(20, b"\0")
    thunks = struct.pack("<I", 0x8000_0001) * ((0x1000 - 60) // 4)
    assert "do not end" in _refused(table + thunks)


def test_descriptors_that_do_not_end() -> None:
    assert "leaves the image" in _refused(_descriptor(TABLE + 8, TABLE + 8, 4) * 205)


def test_many_descriptors_of_the_same_thunks() -> None:
    """Without a limit 3,000 descriptors of 15,000 thunks would be 45 million imports."""
    size = 0x20000
    descriptors = _descriptor(TABLE + 0x10000, TABLE + 0xFFF0, 4) * 3000
    thunks = struct.pack("<I", 0x8000_0001) * 15000
    table = descriptors.ljust(0xFFF0, b"\0") + b"a.dll".ljust(16, b"\0") + thunks
    assert _refused(table, size=size) == "it imports more than 65536 functions"


def test_a_linker_that_leaves_out_the_lookup_table() -> None:
    table = _descriptor(0, TABLE + 40, TABLE + 48).ljust(40, b"\0") + b"a.dll\0\0\0"
    table += struct.pack("<III", TABLE + 64, 0x8000_0007, 0).ljust(16, b"\0") + b"\5\0F\0"
    by_name, by_ordinal = _image(table).imports
    assert (by_name.name, by_name.hint, by_name.iat_rva) == ("F", 5, TABLE + 48)
    assert (by_ordinal.name, by_ordinal.ordinal, by_ordinal.iat_rva) == (None, 7, TABLE + 52)


@pytest.mark.parametrize(("attributes", "base"), [(0, BASE), (1, 0)])
def test_delayed_imports_of_old_and_new_compilers(attributes: int, base: int) -> None:
    name, thunks, iat = (base + TABLE + place for place in (64, 72, 88))
    table = struct.pack("<8I", attributes, name, 0, iat, thunks, 0, 0, 0).ljust(64, b"\0")
    table += b"a.dll\0\0\0" + struct.pack("<II", 0x8000_0003, 0)
    (only,) = _image(table, Directory.DELAY_IMPORT).imports
    assert (only.dll, only.ordinal, only.delay) == ("a.dll", 3, True)
    assert only.iat_rva == TABLE + 88
