"""NT's scalar types, as parameter annotations of system calls: an int with the codec that shows it.

Structures are in `provider.nt.structs`; the flag types belong to the documentation of the calls
that take them (Windows SDK headers winnt.h and winternl.h).
"""

from __future__ import annotations

from enum import IntFlag
from typing import Annotated

from emu.struct import Struct, pointer, u16, u32
from provider.codec import STRANGER, Codec, Names, UserMemory, Viewer, Word
from provider.nt.status import status_name


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


class Status(Word):
    """An NTSTATUS, by name."""

    def show(self, value: int, viewer: Viewer = STRANGER) -> str:
        return status_name(value)


class ExitStatus(Word):
    """How a process or thread ends: a status by name if it is one that ends it, else a number."""

    def __init__(self) -> None:
        super().__init__(signed=True)

    def show(self, value: int, viewer: Viewer = STRANGER) -> str:
        return status_name(value) if value < _LAST_STATUS else str(value)


class Code(Word):
    """An address of code, with its module."""

    def show(self, value: int, viewer: Viewer = STRANGER) -> str:
        place = viewer.place_of(value) if value else ""
        return f"{value:#x}<{printable(place)}>" if place else f"{value:#x}"


class Time(Word):
    """A FILETIME (100 ns since 1601, UTC) or, below a day's worth, what it is of a time: 0, -1."""

    def __init__(self) -> None:
        super().__init__(8, signed=True)

    def show(self, value: int, viewer: Viewer = STRANGER) -> str:
        date = date_of(value)
        return f"{value}<{date}>" if date else str(value)


class Timeout(Time):
    """A time to wait until: negative ones are relative, in 100 ns."""

    def show(self, value: int, viewer: Viewer = STRANGER) -> str:
        if value >= 0:
            return super().show(value, viewer)
        return f"{value}<{'for ever' if value == _FOR_EVER else _seconds(-value)}>"


_LAST_STATUS = -0x30000000
"""Statuses of errors and warnings are below, as signed numbers."""
_FOR_EVER = -0x8000000000000000
_DAY = 86_400 * 10_000_000
_LAST_DAY = 3_652_058
"""9999-12-31 as days since 0001-01-01."""
_EPOCH_DAY = 584_388
"""1601-01-01 in the same count."""


def date_of(time: int) -> str:
    """A FILETIME as ISO 8601 has it, in UTC; empty for what is none of a year with four digits."""
    days, rest = divmod(time, _DAY)
    if days <= 0 or days + _EPOCH_DAY > _LAST_DAY:
        return ""
    from datetime import date  # only traces come here

    seconds, fraction = divmod(rest, 10_000_000)
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{fraction:07}"
    return f"{date.fromordinal(days + _EPOCH_DAY + 1)} {clock}"


def _seconds(ticks: int) -> str:
    return f"{ticks // 10_000_000}.{ticks % 10_000_000:07}".rstrip("0").rstrip(".") + " s"


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
NTSTATUS_VALUE = Annotated[int, Status()]
EXIT_STATUS = Annotated[int, ExitStatus()]
CODE = Annotated[int, Code()]
TIME = Annotated[int, Time()]
TIMEOUT = Annotated[int, Timeout()]


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


MEM = Annotated[int, Names(ALLOCATION)]
PAGE = Annotated[int, Names(PAGE_PROTECTION)]


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
