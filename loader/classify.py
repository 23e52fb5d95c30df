"""What kind of executable some bytes are, told from the first headers alone.

Formats: "PE Format" (Microsoft) for PE; the signatures NE, LE and LX at the offset in the MZ
header's word 0x3C are those of 16-bit Windows, virtual device drivers and OS/2.
"""

from __future__ import annotations

import struct
from typing import Final

from loader.address import FileOffset
from loader.error import ImageError, ImageErrorKind

MACHINE_I386: Final = 0x14C
PE32_MAGIC: Final = 0x10B
PE64_MAGIC: Final = 0x20B
MOST_SECTIONS: Final = 96
"""What the Windows loader takes ("PE Format", NumberOfSections)."""

NT_HEADERS_SIZE: Final = 264
"""Bytes of the larger IMAGE_NT_HEADERS, which NT reads whatever SizeOfOptionalHeader says."""

MACHINES: Final = {
    0x0000: "no particular machine",
    0x0162: "MIPS R3000",
    0x0166: "MIPS R4000",
    0x0168: "MIPS R10000",
    0x0169: "MIPS WCE v2",
    0x0184: "Alpha AXP",
    0x01A2: "Hitachi SH-3",
    0x01A6: "Hitachi SH-4",
    0x01C0: "ARM",
    0x01C2: "ARM (Thumb)",
    0x01C4: "ARM (Thumb-2)",
    0x01D3: "Matsushita AM33",
    0x01F0: "PowerPC",
    0x0200: "Itanium (IA-64)",
    0x0284: "64-bit Alpha AXP",
    0x0EBC: "EFI byte code",
    0x5032: "32-bit RISC-V",
    0x5064: "64-bit RISC-V",
    0x6232: "32-bit LoongArch",
    0x6264: "64-bit LoongArch",
    0x8664: "x86-64",
    0x9041: "Mitsubishi M32R",
    0xA641: "ARM64EC",
    0xAA64: "ARM64",
}

_DOS_HEADER_SIZE: Final = 0x40
_NE_SYSTEM: Final = 0x36
"""Offset in an NE header of the system that it is for, ne_exetyp (winnt.h)."""
_NE_KINDS: Final = {b"\2": ImageErrorKind.NE_WINDOWS, b"\5": ImageErrorKind.NE_BOSS}
_NT_HEADER_SIZE: Final = 4 + 20


def find_pe32(data: bytes) -> FileOffset:
    """The offset of the "PE" signature; ImageError where `data` is no whole PE32 image for x86.

    After it returns, the headers and the section table lie within `data`.
    """
    offset = _find_signature(data)
    if offset + _NT_HEADER_SIZE > len(data):
        raise truncated("its file header", len(data))
    machine, count = struct.unpack_from("<HH", data, offset + 4)
    optional_size = struct.unpack_from("<H", data, offset + 20)[0]
    optional = offset + _NT_HEADER_SIZE
    magic = data[optional : optional + 2]
    _check_machine(machine, magic)
    if not optional_size:
        raise ImageError(ImageErrorKind.SIZE, "no optional header")
    if max(optional + optional_size, offset + NT_HEADERS_SIZE) > len(data):
        raise truncated("its optional header", len(data))
    if int.from_bytes(magic, "little") != PE32_MAGIC:
        value = int.from_bytes(magic, "little")
        raise ImageError(ImageErrorKind.HEADER, f"unknown optional header magic {value:#x}")
    if count > MOST_SECTIONS:
        raise ImageError(ImageErrorKind.SIZE, f"{count} sections, Windows takes {MOST_SECTIONS}")
    if optional + optional_size + 40 * count > len(data):
        raise truncated("its section table", len(data))
    return offset


def truncated(part: str, size: int) -> ImageError:
    """The error for a file of `size` bytes that ends inside `part`."""
    return ImageError(
        ImageErrorKind.TRUNCATED, f"truncated: the file ends ({size} bytes) in {part}"
    )


def _find_signature(data: bytes) -> FileOffset:
    if data[:2] != b"MZ":
        what = "an empty file" if not data else "no MZ signature"
        raise ImageError(ImageErrorKind.NOT_PE, f"not a PE file: {what}")
    if len(data) < _DOS_HEADER_SIZE:
        raise _dos_or_truncated(data, "its MZ header")
    offset = struct.unpack_from("<I", data, 0x3C)[0]
    signature = data[offset : offset + 4]
    if signature == b"PE\0\0":
        return FileOffset(offset)
    if signature[:2] == b"NE":
        kind = _NE_KINDS.get(data[offset + _NE_SYSTEM : offset + _NE_SYSTEM + 1])
        text = "a 16-bit program for Windows 3 or OS/2 (NE)"
        raise ImageError(kind or ImageErrorKind.NE, text)
    if signature[:2] in (b"LE", b"LX"):
        text = f"a virtual device driver or OS/2 program ({signature[:2].decode()})"
        raise ImageError(ImageErrorKind.LE, text)
    if len(signature) < 4:
        raise _dos_or_truncated(data, "the space before its PE header")
    raise ImageError(ImageErrorKind.DOS, "a DOS program (plain MZ, no PE header)")


def _dos_or_truncated(data: bytes, part: str) -> ImageError:
    """A relocation table at 0x40 or later is how an MZ header announces a newer header."""
    table = int.from_bytes(data[0x18:0x1A], "little")
    if len(data) >= 0x1A and table < _DOS_HEADER_SIZE:
        return ImageError(ImageErrorKind.DOS, "a DOS program (plain MZ, no PE header)")
    text = f"truncated: the file ends ({len(data)} bytes) in {part}"
    return ImageError(ImageErrorKind.TRUNCATED_STUB, text)


def _check_machine(machine: int, magic: bytes) -> None:
    is_64_bit = int.from_bytes(magic, "little") == PE64_MAGIC
    if machine == MACHINE_I386 and not is_64_bit:
        return
    name = "x86" if machine == MACHINE_I386 else MACHINES.get(machine, f"machine {machine:#06x}")
    if is_64_bit:
        raise ImageError(
            ImageErrorKind.PE64, f"a 64-bit program (PE32+ for {name}); 32-bit x86 is needed"
        )
    raise ImageError(ImageErrorKind.MACHINE, f"made for {name}; 32-bit x86 is needed")
