"""NT's scalar types, as parameter annotations of system calls: an int with the codec that shows it.

Structures are in `provider.nt.structs`; the flag types belong to the documentation of the calls
that take them (Windows SDK headers winnt.h and winternl.h).
"""

from __future__ import annotations

from enum import IntFlag
from typing import Annotated

from emu.struct import Struct, pointer, u16, u32
from provider.syscall import STRANGER, Codec, Names, UserMemory, Viewer, Word


def printable(text: str) -> str:
    """A guest's text with escapes for what is not printable."""
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text
    )


def quoted(text: str) -> str:
    """A guest's text as a literal in C."""
    return '"' + printable(text.replace("\\", "\\\\").replace('"', '\\"')) + '"'


class Handle(Word):
    """A handle; one that a call is to make is 0 until it succeeds, as since Windows 7."""

    clears_output = True

    def show(self, value: int, viewer: Viewer = STRANGER) -> str:
        name = viewer.name_of(value)
        return f"{value:#x}<{printable(name)}>" if name else f"{value:#x}"


HANDLE = Annotated[int, Handle()]
PVOID = Annotated[int, Word()]
ULONG = Annotated[int, Word(decimal=True)]
LONG = Annotated[int, Word(signed=True, decimal=True)]
ULONG_AT = Annotated[int, Word(decimal=True, by_pointer=True)]
"""A ULONG that the argument points to, and that is only read."""
USHORT = Annotated[int, Word(2, decimal=True)]
ULONG_PTR = Annotated[int, Word()]
SIZE_T = Annotated[int, Word()]
BOOLEAN = Annotated[int, Word(1, decimal=True)]
LARGE_INTEGER = Annotated[int, Word(8, signed=True, decimal=True)]
ULARGE_INTEGER = Annotated[int, Word(8, decimal=True)]
ULONGLONG = Annotated[int, Word(8)]
NTSTATUS_VALUE = Annotated[int, Word()]


class ALLOCATION(IntFlag):
    """AllocationType and FreeType of the virtual-memory calls (winnt.h)."""

    MEM_COMMIT = 0x1000
    MEM_RESERVE = 0x2000
    MEM_DECOMMIT = 0x4000
    MEM_RELEASE = 0x8000
    MEM_RESERVE_PLACEHOLDER = 0x40000
    MEM_RESET = 0x80000
    MEM_TOP_DOWN = 0x100000
    MEM_WRITE_WATCH = 0x200000
    MEM_PHYSICAL = 0x400000
    MEM_RESET_UNDO = 0x1000000
    MEM_LARGE_PAGES = 0x20000000
    AT_ROUND_TO_PAGE = 0x40000000


MEM_COALESCE_PLACEHOLDERS, MEM_PRESERVE_PLACEHOLDER, MEM_REPLACE_PLACEHOLDER = 1, 2, 0x4000
"""Flags of the calls that know placeholders (winnt.h)."""


class PAGE_PROTECTION(IntFlag):
    """Page protections (winnt.h)."""

    PAGE_NOACCESS = 0x01
    PAGE_READONLY = 0x02
    PAGE_READWRITE = 0x04
    PAGE_WRITECOPY = 0x08
    PAGE_EXECUTE = 0x10
    PAGE_EXECUTE_READ = 0x20
    PAGE_EXECUTE_READWRITE = 0x40
    PAGE_EXECUTE_WRITECOPY = 0x80
    PAGE_GUARD = 0x100
    PAGE_NOCACHE = 0x200
    PAGE_WRITECOMBINE = 0x400
    PAGE_TARGETS_INVALID = 0x40000000


class STANDARD_ACCESS(IntFlag):
    """Access rights that every object type has (winnt.h)."""

    DELETE = 0x10000
    READ_CONTROL = 0x20000
    WRITE_DAC = 0x40000
    WRITE_OWNER = 0x80000
    SYNCHRONIZE = 0x100000
    ACCESS_SYSTEM_SECURITY = 0x1000000
    MAXIMUM_ALLOWED = 0x2000000
    GENERIC_ALL = 0x10000000
    GENERIC_EXECUTE = 0x20000000
    GENERIC_WRITE = 0x40000000
    GENERIC_READ = 0x80000000


MEM = Annotated[int, Names(ALLOCATION)]
PAGE = Annotated[int, Names(PAGE_PROTECTION)]
ACCESS_MASK = Annotated[int, Names(STANDARD_ACCESS)]


class UNICODE_STRING_HEADER(Struct):
    """A counted UTF-16 string; Length is in bytes and leaves out any terminator."""

    Length = u16()
    MaximumLength = u16()
    Buffer = pointer()


def decode_utf16(data: bytes) -> str:
    """UTF-16 text of a guest; unpaired surrogates, which NT allows in names, survive."""
    return data.decode("utf-16-le", "surrogatepass")


def encode_utf16(text: str) -> bytes:
    """The inverse of `decode_utf16`."""
    return text.encode("utf-16-le", "surrogatepass")


class UnicodeString(Codec[str]):
    """A UNICODE_STRING passed by pointer, captured as text."""

    by_pointer = True
    size = UNICODE_STRING_HEADER.SIZE

    def load(self, memory: UserMemory, va: int) -> str:
        header = UNICODE_STRING_HEADER.from_bytes(memory.read(va, self.size))
        length = header.Length & ~1
        return decode_utf16(memory.read(header.Buffer, length)) if length else ""

    def show(self, value: str, viewer: Viewer = STRANGER) -> str:
        return quoted(value)


UNICODE_STRING = Annotated[str, UnicodeString()]


class OBJECT_ATTRIBUTES_HEADER(Struct):
    """The parameter block that names an object (ntdef.h)."""

    Length = u32()
    RootDirectory = u32()
    ObjectName = pointer()
    Attributes = u32()
    SecurityDescriptor = pointer()
    SecurityQualityOfService = pointer()
