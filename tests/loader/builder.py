"""Small PE32 files for the tests, field by field."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

import pytest

from tests.guests import WINE_DLLS

PE_OFFSET = 0x80
FILE_HEADER = PE_OFFSET + 4
OPTIONAL_HEADER = FILE_HEADER + 20
DIRECTORIES = OPTIONAL_HEADER + 96
SECTION_TABLE = OPTIONAL_HEADER + 224

READ, WRITE, EXECUTE, SHARED = 0x4000_0000, 0x8000_0000, 0x2000_0000, 0x1000_0000


@dataclass
class Part:
    """A section; the file offset follows from those before it unless it is given."""

    name: str = ".text"
    rva: int = 0x1000
    virtual_size: int = 0x1000
    data: bytes = b"\xc3".ljust(0x200, b"\xcc")
    characteristics: int = READ | EXECUTE
    file_offset: int | None = None
    file_size: int | None = None


@dataclass
class PeFile:
    """A console program with one section; `directories` maps an index to an rva and a size."""

    parts: list[Part] = field(default_factory=lambda: [Part()])
    directories: dict[int, tuple[int, int]] = field(default_factory=dict)
    machine: int = 0x14C
    section_count: int | None = None
    optional_size: int = 224
    characteristics: int = 0x0102
    magic: int = 0x10B
    entry_point: int = 0x1000
    image_base: int = 0x40_0000
    section_alignment: int = 0x1000
    file_alignment: int = 0x200
    size_of_image: int = 0x2000
    size_of_headers: int = 0x200
    subsystem: int = 3
    dll_characteristics: int = 0
    directory_count: int = 16

    def build(self) -> bytes:
        """The file."""
        rows, body = [], bytearray()
        offset = self.size_of_headers
        for part in self.parts:
            place = offset + len(body) if part.file_offset is None else part.file_offset
            size = len(part.data) if part.file_size is None else part.file_size
            name = part.name.encode("latin-1")
            sizes = (part.virtual_size, part.rva, size, place)
            rows.append(struct.pack("<8s4I12xI", name, *sizes, part.characteristics))
            body += part.data.ljust(-(-len(part.data) // 0x200) * 0x200, b"\0")
        headers = self._headers() + b"".join(rows)
        return headers.ljust(self.size_of_headers, b"\0") + bytes(body)

    def _headers(self) -> bytes:
        dos = b"MZ".ljust(0x18, b"\0") + struct.pack("<H34xI", 0x40, PE_OFFSET)
        count = len(self.parts) if self.section_count is None else self.section_count
        file = struct.pack(
            "<HHIIIHH", self.machine, count, 0x5F5E100, 0, 0, self.optional_size,
            self.characteristics,
        )  # fmt: skip
        optional = struct.pack(
            "<HBB9I6H4I2H6I", self.magic, 14, 0, 0x200, 0, 0, self.entry_point, 0x1000, 0x2000,
            self.image_base, self.section_alignment, self.file_alignment,
            6, 0, 1, 2, 6, 1, 0, self.size_of_image, self.size_of_headers, 0xABCD,
            self.subsystem, self.dll_characteristics,
            0x100000, 0x1000, 0x200000, 0x2000, 0, self.directory_count,
        )  # fmt: skip
        table = b"".join(struct.pack("<II", *self.directories.get(i, (0, 0))) for i in range(16))
        return dos.ljust(PE_OFFSET, b"\0") + b"PE\0\0" + file + optional + table


def wine_dll(name: str) -> bytes:
    """The bytes of one of Wine's DLLs; skips the test where Wine is not installed."""
    path = WINE_DLLS / name
    if not path.exists():
        pytest.skip(f"Wine's {name} is not installed")
    return path.read_bytes()


def export_directory(
    rva: int, functions: list[bytes], names: list[str], forwarders: tuple[str, ...] = ()
) -> tuple[bytes, tuple[int, int]]:
    """A section at `rva`: an export directory, then the code of `functions`, named in order.

    `forwarders` are exported after them.  Returns the section's bytes and the directory's place.
    """
    ordered = sorted(range(len(names)), key=lambda index: names[index])
    total, strings = len(functions) + len(forwarders), bytearray()
    tables = rva + 40
    strings_rva = tables + 4 * total + 4 * len(names) + 2 * len(names)
    name_rvas = {}
    for index in ordered:
        name_rvas[index] = strings_rva + len(strings)
        strings += names[index].encode() + b"\0"
    forwarder_rvas = []
    for text in forwarders:
        forwarder_rvas.append(strings_rva + len(strings))
        strings += text.encode() + b"\0"
    size = strings_rva + len(strings) - rva
    code, code_rvas = bytearray(), []
    for body in functions:
        code_rvas.append(rva + size + len(code))
        code += body.ljust(32, b"\x90")
    header = struct.pack(
        "<IIHHIIIIIII", 0, 0, 0, 0, strings_rva, 1, total, len(names),
        tables, tables + 4 * total, tables + 4 * total + 4 * len(names),
    )  # fmt: skip
    table = struct.pack(f"<{total}I", *code_rvas, *forwarder_rvas)
    table += struct.pack(f"<{len(names)}I", *(name_rvas[index] for index in ordered))
    table += struct.pack(f"<{len(names)}H", *ordered)
    return header + table + bytes(strings) + bytes(code), (rva, size)
