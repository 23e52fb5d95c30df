"""Small PE32 files, made from bytes, with one thing wrong at a time."""

from __future__ import annotations

import struct
from dataclasses import dataclass

BASE = 0x400000
TEXT, DATA = 0x1000, 0x2000
_FILE_ALIGNMENT = 0x200
_OPTIONAL_SIZE = 224


@dataclass(frozen=True, slots=True)
class Pe:
    """The fields of a console program whose code is `code`; its imports are by name."""

    code: bytes = b"\xc3"
    imports: tuple[tuple[str, str], ...] = ()
    machine: int = 0x14C
    magic: int = 0x10B
    characteristics: int = 0x0102
    subsystem: int = 3
    com_descriptor: tuple[int, int] = (0, 0)
    text_file_offset: int = _FILE_ALIGNMENT

    def build(self) -> bytes:
        """The bytes of the file."""
        data = _import_data(self.imports)
        headers = self._headers(len(data))
        return headers.ljust(0x200, b"\0") + self.code.ljust(0x200, b"\0") + data

    def _headers(self, data_size: int) -> bytes:
        dos = b"MZ".ljust(60, b"\0") + struct.pack("<I", 64)
        coff = struct.pack(
            "<4sHHIIIHH", b"PE\0\0", self.machine, 2, 0, 0, 0, _OPTIONAL_SIZE, self.characteristics
        )
        optional = struct.pack("<HBB6I", self.magic, 14, 0, 0x200, data_size, 0, TEXT, TEXT, DATA)
        optional += struct.pack(
            "<3I6H4I", BASE, 0x1000, 0x200, 6, 0, 0, 0, 6, 0, 0, 0x3000, 0x200, 0
        )
        optional += struct.pack(
            "<2H6I", self.subsystem, 0, 0x100000, 0x1000, 0x100000, 0x1000, 0, 16
        )
        directories = [(0, 0)] * 16
        directories[1] = (DATA, 20 * (len(self.imports) + 1)) if self.imports else (0, 0)
        directories[14] = self.com_descriptor
        optional += b"".join(struct.pack("<2I", *entry) for entry in directories)
        text = _section(b".text", TEXT, 0x200, self.text_file_offset, 0x60000020)
        return dos + coff + optional + text + _section(b".data", DATA, data_size, 0x400, 0xC0000040)


def _section(name: bytes, rva: int, size: int, offset: int, characteristics: int) -> bytes:
    return struct.pack("<8s6I2HI", name, size, rva, size, offset, 0, 0, 0, 0, characteristics)


def _import_data(imports: tuple[tuple[str, str], ...]) -> bytes:
    """Import descriptors, one per (DLL, function), and what they point to, at RVA `DATA`."""
    at = DATA + 20 * (len(imports) + 1)
    descriptors = b""
    rest = b""
    for dll, function in imports:
        hint_name = struct.pack("<H", 0) + function.encode() + b"\0"
        table = at + len(rest)
        entry = table + 16
        name = entry + len(hint_name)
        descriptors += struct.pack("<5I", table, 0, 0, name, table + 8)
        words = hint_name + dll.encode() + b"\0"
        rest += struct.pack("<4I", entry, 0, entry, 0) + words + bytes(-len(words) % 4)
    return (descriptors + bytes(20) + rest).ljust(0x200, b"\0")
