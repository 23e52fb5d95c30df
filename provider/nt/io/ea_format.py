"""Lists of extended attributes as calls pass them (FILE_FULL_EA_INFORMATION and its kin)."""

from __future__ import annotations

import struct

from provider.kernel.io.extended_attributes import ExtendedAttribute
from provider.nt.status import NTSTATUS, NtError

MAX_LIST = 0x10000
"""Bytes that a call may pass or take."""
NEED_EA = 0x80
_FULL = struct.Struct("<IBBH")
_GET = struct.Struct("<IB")
_FORBIDDEN = frozenset(b'"*+,/:;<=>?[\\]|')


def parse_full(data: bytes) -> list[ExtendedAttribute]:
    """The attributes of a FILE_FULL_EA_INFORMATION list.

    NtError EA_LIST_INCONSISTENT, INVALID_EA_NAME, INVALID_EA_FLAG.
    """
    entries, at = [], 0
    while True:
        following, flags, name_size, value_size = _unpack(_FULL, data, at)
        name = _name(data, at + _FULL.size, name_size)
        start = at + _FULL.size + name_size + 1
        if start + value_size > len(data):
            raise NtError(NTSTATUS.EA_LIST_INCONSISTENT)
        if flags & ~NEED_EA:
            raise NtError(NTSTATUS.INVALID_EA_FLAG)
        entries.append(ExtendedAttribute(name, data[start : start + value_size], flags))
        if not following:
            return entries
        at = _next(at, following)


def parse_names(data: bytes) -> list[bytes]:
    """The names of a FILE_GET_EA_INFORMATION list.  NtError as `parse_full`."""
    names, at = [], 0
    while True:
        following, size = _unpack(_GET, data, at)
        names.append(_name(data, at + _GET.size, size))
        if not following:
            return names
        at = _next(at, following)


def encode(entry: ExtendedAttribute) -> bytes:
    """One FILE_FULL_EA_INFORMATION that nothing follows."""
    header = _FULL.pack(0, entry.flags, len(entry.name), len(entry.value))
    return header + entry.name + b"\0" + entry.value


def _unpack(layout: struct.Struct, data: bytes, at: int) -> tuple[int, ...]:
    if at + layout.size > len(data):
        raise NtError(NTSTATUS.EA_LIST_INCONSISTENT)
    return layout.unpack_from(data, at)


def _name(data: bytes, start: int, size: int) -> bytes:
    """A name; in lists it ends with a zero that its size leaves out."""
    name = data[start : start + size]
    if len(name) != size or data[start + size : start + size + 1] != b"\0":
        raise NtError(NTSTATUS.EA_LIST_INCONSISTENT)
    if not name or not _FORBIDDEN.isdisjoint(name) or min(name) < 0x20:
        raise NtError(NTSTATUS.INVALID_EA_NAME)
    return name


def _next(at: int, following: int) -> int:
    if following & 3:
        raise NtError(NTSTATUS.EA_LIST_INCONSISTENT)
    return at + following
