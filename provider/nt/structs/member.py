"""Members of structures that say what they hold, for whoever shows them, and what follows those."""

from __future__ import annotations

from typing import Any, TypeVar

from emu.named_tuple import NamedTuple
from emu.struct import Field, Integer, Nested, i32, i64, pointer, struct_of, u8, u16, u32
from provider.codec import STRANGER, Codec, Names, Viewer, Word
from provider.nt.legend import Named
from provider.nt.types import (
    PAGE_PROTECTION,
    UNICODE_STRING_HEADER,
    Code,
    Handle,
    Status,
    Time,
    Timeout,
    decode_utf16,
    quoted,
)

F = TypeVar("F", bound=Field[Any])
_UNSIGNED = {1: u8, 2: u16, 4: u32}
_LONGEST_TEXT = 0x400
"""Bytes of a string that are shown at most."""
_SID_HEADER, _MOST_SUBAUTHORITIES = 8, 15


class CountedText(Codec[UNICODE_STRING_HEADER]):
    """A UNICODE_STRING, shown as the text that it points to."""

    size = UNICODE_STRING_HEADER.SIZE

    def from_bytes(self, data: bytes) -> UNICODE_STRING_HEADER:
        return UNICODE_STRING_HEADER.from_bytes(data)

    def show(self, value: UNICODE_STRING_HEADER, viewer: Viewer = STRANGER) -> str:
        size = min(value.Length & ~1, _LONGEST_TEXT)
        data = viewer.peek(value.Buffer, size) if size else b""
        if len(data) < size:
            return f"{{Length={value.Length}, Buffer={value.Buffer:#x}}}"
        return quoted(decode_utf16(data)) + ("..." if value.Length > size + 1 else "")


class PaddedText(Codec[bytes]):
    """UTF-16 text in a field of a fixed size, filled up with zeros."""

    def show(self, value: bytes, viewer: Viewer = STRANGER) -> str:
        return quoted(decode_utf16(value).partition("\0")[0])


class SidPointer(Word):
    """The address of a SID, with its text form."""

    def show(self, value: int, viewer: Viewer = STRANGER) -> str:
        head = viewer.peek(value, _SID_HEADER)
        count = head[1] if len(head) == _SID_HEADER else _MOST_SUBAUTHORITIES + 1
        data = viewer.peek(value + _SID_HEADER, 4 * count) if count <= _MOST_SUBAUTHORITIES else b""
        if not data or len(data) < 4 * count:
            return f"{value:#x}"
        parts = [int.from_bytes(data[at : at + 4], "little") for at in range(0, len(data), 4)]
        authority = int.from_bytes(head[2:], "big")
        return f"{value:#x}<S-{head[0]}-{'-'.join(map(str, (authority, *parts)))}>"


class Tail(NamedTuple):
    """What follows the fixed part of a structure: UTF-16 text, or data of a registry value."""

    length: str
    """The member that has its bytes."""
    at: str = ""
    """The member that has its offset; empty: it comes at once."""
    kind: str = ""
    """The member that has the type of the data; empty: it is text."""


def shown_as(codec: Codec[Any], field: F) -> F:
    """The field, with a codec for its value."""
    field.codec = codec
    return field


def named(*kinds: str, size: int = 4, at: int | None = None) -> Integer:
    """A number by the names of the legend."""
    return shown_as(Named(*kinds, size=size), _UNSIGNED[size](at))


def handle(at: int | None = None) -> Integer:
    """A handle of the caller."""
    return shown_as(Handle(), u32(at))


def status(at: int | None = None) -> Integer:
    """An NTSTATUS."""
    return shown_as(Status(), u32(at))


def code(at: int | None = None) -> Integer:
    """An address of code."""
    return shown_as(Code(), pointer(at))


def sid(at: int | None = None) -> Integer:
    """The address of a SID."""
    return shown_as(SidPointer(), pointer(at))


def time(at: int | None = None) -> Integer:
    """A FILETIME."""
    return shown_as(Time(), i64(at))


def timeout(at: int | None = None) -> Integer:
    """A time to wait until, relative where it is negative."""
    return shown_as(Timeout(), i64(at))


def page_protection(at: int | None = None) -> Integer:
    """PAGE_… of winnt.h."""
    return shown_as(Names(PAGE_PROTECTION), u32(at))


def amount(at: int | None = None) -> Integer:
    """A number of 64 bits that is a size or a count."""
    return shown_as(Word(8, signed=True, decimal=True), i64(at))


def count(at: int | None = None) -> Integer:
    """A number of 32 bits that is a size or a count."""
    return shown_as(Word(decimal=True), u32(at))


def number(at: int | None = None) -> Integer:
    """A signed number of 32 bits."""
    return shown_as(Word(signed=True, decimal=True), i32(at))


def flag(at: int | None = None) -> Integer:
    """A BOOLEAN."""
    return shown_as(Word(1, decimal=True), u8(at))


def text(at: int | None = None) -> Nested[UNICODE_STRING_HEADER]:
    """A UNICODE_STRING."""
    return shown_as(CountedText(), struct_of(UNICODE_STRING_HEADER, at))
