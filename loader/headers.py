"""The headers of a PE32 file ("PE Format", COFF File Header to Section Table)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from emu.named_tuple import NamedTuple
from loader.address import FileOffset, Rva
from loader.image import Protection, Section

_SIGNATURE_SIZE: Final = 4
_FILE: Final = struct.Struct("<HHIIIHH")
_OPTIONAL: Final = struct.Struct("<HBB9I6H4I2H6I")
_DIRECTORY: Final = struct.Struct("<II")
_SECTION: Final = struct.Struct("<8s4I12xI")
_MOST_DIRECTORIES: Final = 16
_TAIL: Final = {
    "CheckSum": 64,
    "Subsystem": 68,
    "DllCharacteristics": 70,
    "SizeOfStackReserve": 72,
    "SizeOfStackCommit": 76,
    "SizeOfHeapReserve": 80,
    "SizeOfHeapCommit": 84,
    "LoaderFlags": 88,
    "NumberOfRvaAndSizes": 92,
}
"""Offsets in the optional header of the fields that SizeOfOptionalHeader may leave out."""


class FileHeader(NamedTuple):
    """IMAGE_FILE_HEADER."""

    Machine: int
    NumberOfSections: int
    TimeDateStamp: int
    PointerToSymbolTable: int
    NumberOfSymbols: int
    SizeOfOptionalHeader: int
    Characteristics: int


class OptionalHeader(NamedTuple):
    """IMAGE_OPTIONAL_HEADER32 up to its data directories."""

    Magic: int
    MajorLinkerVersion: int
    MinorLinkerVersion: int
    SizeOfCode: int
    SizeOfInitializedData: int
    SizeOfUninitializedData: int
    AddressOfEntryPoint: int
    BaseOfCode: int
    BaseOfData: int
    ImageBase: int
    SectionAlignment: int
    FileAlignment: int
    MajorOperatingSystemVersion: int
    MinorOperatingSystemVersion: int
    MajorImageVersion: int
    MinorImageVersion: int
    MajorSubsystemVersion: int
    MinorSubsystemVersion: int
    Win32VersionValue: int
    SizeOfImage: int
    SizeOfHeaders: int
    CheckSum: int
    Subsystem: int
    DllCharacteristics: int
    SizeOfStackReserve: int
    SizeOfStackCommit: int
    SizeOfHeapReserve: int
    SizeOfHeapCommit: int
    LoaderFlags: int
    NumberOfRvaAndSizes: int


class Headers(NamedTuple):
    """What the headers say."""

    file: FileHeader
    optional: OptionalHeader
    """With 0 for what lies beyond SizeOfOptionalHeader, from CheckSum on; NT reads the rest."""
    directories: tuple[tuple[Rva, int], ...]
    sections: tuple[Section, ...]


def read_headers(data: bytes, offset: FileOffset) -> Headers:
    """The headers at the "PE" signature, whose `offset` `find_pe32` has told, and so checked."""
    file_at = offset + _SIGNATURE_SIZE
    file = FileHeader(*_FILE.unpack_from(data, file_at))
    optional_at = file_at + _FILE.size
    size = file.SizeOfOptionalHeader
    optional = OptionalHeader(*_OPTIONAL.unpack_from(data, optional_at))
    optional = optional._replace(**{name: 0 for name, at in _TAIL.items() if at >= size})
    return Headers(
        file,
        optional,
        tuple(_directories(data, optional_at, size, optional.NumberOfRvaAndSizes)),
        tuple(_sections(data, optional_at + size, file.NumberOfSections)),
    )


def _directories(data: bytes, optional_at: int, size: int, count: int) -> Iterator[tuple[Rva, int]]:
    for index in range(min(count, _MOST_DIRECTORIES)):
        place = _OPTIONAL.size + index * _DIRECTORY.size
        if place >= size:
            return
        rva, length = _DIRECTORY.unpack_from(data, optional_at + place)
        yield Rva(rva), length


def _sections(data: bytes, at: int, count: int) -> Iterator[Section]:
    for index in range(count):
        row = _SECTION.unpack_from(data, at + index * _SECTION.size)
        name, virtual_size, rva, file_size, file_offset, flags = row
        yield Section(
            name=name.rstrip(b"\0").decode("latin-1"),
            rva=Rva(rva),
            virtual_size=virtual_size,
            file_offset=FileOffset(file_offset),
            file_size=file_size,
            characteristics=flags,
            protection=Protection(
                readable=bool(flags & 0x4000_0000),
                writable=bool(flags & 0x8000_0000),
                executable=bool(flags & 0x2000_0000),
                shared=bool(flags & 0x1000_0000),
            ),
        )
