"""Calls on global atoms."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.kernel.thread import Thread
from provider.nt.contents import FILLED, TEXT_GIVEN
from provider.nt.ex.atom import FIRST_STRING_ATOM, LONGEST_NAME
from provider.nt.handles import nt_part
from provider.nt.legend import ATOM_CLASS
from provider.nt.status import NTSTATUS, NtError
from provider.nt.table import nt
from provider.nt.types import ULONG, USHORT, decode_utf16, encode_utf16
from provider.syscall import Out

if TYPE_CHECKING:
    from provider.nt.ex.atom import AtomTable

ATOM_BASIC, ATOM_TABLE = 0, 1
_BASIC_SIZE = 8
"""Bytes of ATOM_BASIC_INFORMATION with one character, the one that ends the name."""
_MOST_COUNT = 0xFFFF
"""What ATOM_BASIC_INFORMATION.UsageCount can tell."""


@nt.syscall()
def NtAddAtom(
    thread: Thread, AtomName: TEXT_GIVEN, Length: ULONG, Atom: Out[USHORT] | None
) -> None:
    """Give a string a number."""
    value = _table(thread).add(_name(thread, AtomName, Length))
    if Atom is not None:
        Atom.value = value


@nt.syscall()
def NtFindAtom(
    thread: Thread, AtomName: TEXT_GIVEN, Length: ULONG, Atom: Out[USHORT] | None
) -> None:
    """Tell a string's number."""
    value = _table(thread).find(_name(thread, AtomName, Length))
    if Atom is not None:
        Atom.value = value


@nt.syscall()
def NtDeleteAtom(thread: Thread, Atom: USHORT) -> None:
    """Take a string's number back that was given once."""
    _table(thread).delete(Atom)


@nt.syscall()
def NtQueryInformationAtom(
    thread: Thread,
    Atom: USHORT,
    AtomInformationClass: ATOM_CLASS,
    AtomInformation: FILLED,
    AtomInformationLength: ULONG,
    ReturnLength: Out[ULONG] | None,
) -> None:
    """Tell an atom's string, or all atoms."""
    table = _table(thread)
    if AtomInformationClass == ATOM_BASIC:
        atom = table.get(Atom)
        name = encode_utf16(atom.name)
        pinned = atom.value < FIRST_STRING_ATOM
        count = min(atom.count or 1, _MOST_COUNT)
        if ReturnLength is not None:
            ReturnLength.value = _BASIC_SIZE - 2 + len(name)
        _store_basic(thread, (count, pinned), name, AtomInformation, AtomInformationLength)
        return
    elif AtomInformationClass == ATOM_TABLE:
        values = table.values()
        data = struct.pack(f"<I{len(values)}H", len(values), *values)
    else:
        raise NtError(NTSTATUS.INVALID_INFO_CLASS)
    if ReturnLength is not None:
        ReturnLength.value = len(data)
    if AtomInformationLength < len(data):
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
    thread.process.space.write(AtomInformation, data)


def _store_basic(
    thread: Thread, counts: tuple[int, int], name: bytes, va: int, length: int
) -> None:
    """ATOM_BASIC_INFORMATION, whose name ends early where it does not fit, but is not empty.

    NtError INFO_LENGTH_MISMATCH; BUFFER_TOO_SMALL, with the name's whole length stored.
    """
    if length < _BASIC_SIZE:
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
    room = (length - _BASIC_SIZE) & ~1
    shown = name[:room]
    header = struct.pack("<3H", *counts, len(shown) or len(name))
    thread.process.space.write(va, header + (shown + b"\0\0" if shown else b""))
    if not shown:
        raise NtError(NTSTATUS.BUFFER_TOO_SMALL)


def _table(thread: Thread) -> AtomTable:
    return nt_part(thread.process).provider.executive.atoms


def _name(thread: Thread, va: int, length: int) -> str:
    """The string of `length` bytes at `va`; a number instead of a pointer is an integer atom."""
    if not va or length > 2 * LONGEST_NAME:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    if va < FIRST_STRING_ATOM:
        return f"#{va}"
    return decode_utf16(thread.process.space.read(va, length & ~1)).partition("\0")[0]
