"""An image without its debugging sections and its symbol table.

What a linker of the GNU family adds for debuggers lies behind everything else: sections named
".debug…" ("/123" where the name is in the string table), then the symbols, then that table ("PE
Format", COFF Symbol Table).  Wine's DLLs are five sixths of that.  Nothing moves: an rva of the
image is one of the stripped image.
"""

from __future__ import annotations

import re
import struct
from typing import Final

from loader.address import PAGE_SIZE
from loader.classify import find_pe32
from loader.image import Directory, Image, Section
from loader.pe import read_pe

_DEBUG: Final = re.compile(r"\.z?debug(_|$)|\.stab(str)?$")
_SYMBOL_SIZE: Final = 18
_SECTION_SIZE: Final = 40
_SIZE_OF_IMAGE: Final = 56
_CHECKSUM: Final = 64
"""Offsets in the optional header."""
_LONG_NAME: Final = re.compile(r"/([0-9]{1,7})$", re.ASCII)


def strip_debug(data: bytes) -> bytes:
    """The file `data` without what is only there to debug it; the same bytes if there is nothing.

    Sections go from the end on, as long as they are for debugging and the rest is still an image of
    consecutive sections.  A file with a certificate stays as it is.  ImageError where `data` is no
    PE32 image.
    """
    image = read_pe(data, "the image")
    names = _Names(data)
    kept = list(image.sections)
    while len(kept) > 1 and _DEBUG.match(names.of(kept[-1])):
        kept.pop()
    if len(kept) == len(image.sections) or any(image.directory(Directory.SECURITY)):
        return data
    if any(rva >= kept[-1].rva + kept[-1].size for rva, _ in image.directory_table):
        return data
    end = max(section.file_offset + section.file_size for section in kept if section.file_size)
    return _with_sections(image, kept, end)


def _with_sections(image: Image, kept: list[Section], file_end: int) -> bytes:
    """The image's file up to `file_end`, its headers made those of the sections that are kept."""
    stripped = bytearray(image.data[:file_end])
    coff = find_pe32(image.data) + 4
    optional = coff + 20
    table = optional + struct.unpack_from("<H", stripped, coff + 16)[0]
    struct.pack_into("<H", stripped, coff + 2, len(kept))
    struct.pack_into("<II", stripped, coff + 8, 0, 0)  # symbols and their number
    size_of_image = -(-(kept[-1].rva + kept[-1].size) // PAGE_SIZE) * PAGE_SIZE
    struct.pack_into("<I", stripped, optional + _SIZE_OF_IMAGE, size_of_image)
    start, end = (table + _SECTION_SIZE * len(rows) for rows in (kept, image.sections))
    stripped[start:end] = bytes(end - start)
    struct.pack_into("<I", stripped, optional + _CHECKSUM, 0)
    struct.pack_into("<I", stripped, optional + _CHECKSUM, _checksum(stripped))
    return bytes(stripped)


def _checksum(data: bytearray) -> int:
    """CheckSum as IMAGEHLP computes it, of a file whose field is zero.

    The sum of its words with every carry added back, and its length.
    """
    padded = data + bytes(len(data) % 2)
    total = sum(memoryview(padded).cast("H"))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total + len(data)


class _Names:
    """The names of sections, the long ones from the COFF string table."""

    def __init__(self, data: bytes) -> None:
        coff = find_pe32(data) + 4
        symbols, count = struct.unpack_from("<II", data, coff + 8)
        self._data = data
        self._strings = symbols + count * _SYMBOL_SIZE if symbols else len(data)

    def of(self, section: Section) -> str:
        """The name; "" where the table has none at that place."""
        long = _LONG_NAME.match(section.name)
        if long is None:
            return section.name
        start = self._strings + int(long[1])
        end = self._data.find(b"\0", start, start + 64)
        return "" if end < 0 else self._data[start:end].decode("latin-1")
