"""NtQueryEaFile and NtSetEaFile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.io.disk_file import NodeFile
from provider.kernel.io.extended_attributes import ExtendedAttribute
from provider.kernel.io.request import Access
from provider.kernel.thread import Thread
from provider.nt.contents import FILLED, GIVEN
from provider.nt.io import ea_format
from provider.nt.io.operation import Operation, file_of
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.io import IO_STATUS_BLOCK
from provider.nt.table import nt
from provider.nt.types import BOOLEAN, HANDLE, PVOID, ULONG, ULONG_AT
from provider.syscall import Out

if TYPE_CHECKING:
    from provider.kernel.io.extended_attributes import ExtendedAttributes


@nt.syscall()
def NtQueryEaFile(
    thread: Thread,
    FileHandle: HANDLE,
    IoStatusBlock: Out[IO_STATUS_BLOCK],
    Buffer: FILLED,
    Length: ULONG,
    ReturnSingleEntry: BOOLEAN,
    EaList: PVOID,
    EaListLength: ULONG,
    EaIndex: ULONG_AT | None,
    RestartScan: BOOLEAN,
) -> int:
    """Tell the extended attributes of a file: those of a list, one by number, or all."""
    space = thread.process.space
    if Length:
        space.probe_write(Buffer, Length)
    file = file_of(thread, FileHandle, NodeFile, Access.READ_EA)
    room = min(Length, ea_format.MAX_LIST)
    known = file.node.records.get(file.node.where.key).extended_attributes
    if EaList and EaListLength:
        data = space.read(EaList, min(EaListLength, ea_format.MAX_LIST))
        wanted = [_named(known, name) for name in ea_format.parse_names(data)]
    else:
        if known is None or not len(known):
            space.write(Buffer, bytes(room))
            raise NtError(NTSTATUS.NO_EAS_ON_FILE)
        wanted = list(known)
        if EaIndex is not None:
            file.ea_index = _index(EaIndex, len(wanted))
        elif RestartScan:
            file.ea_index = 0
        wanted = wanted[file.ea_index :]
        if not wanted:
            raise NtError(NTSTATUS.NO_MORE_EAS)
    data, count, status = _fill(wanted[:1] if ReturnSingleEntry else wanted, room)
    if not EaList:
        file.ea_index += count
    space.write(Buffer, data)
    return Operation(thread, IoStatusBlock).complete(len(data), status)


@nt.syscall()
def NtSetEaFile(
    thread: Thread,
    FileHandle: HANDLE,
    IoStatusBlock: Out[IO_STATUS_BLOCK],
    Buffer: GIVEN,
    Length: ULONG,
) -> int:
    """Set extended attributes; an empty value takes one away."""
    if Length > ea_format.MAX_LIST:
        raise NtError(NTSTATUS.EA_TOO_LARGE)
    data = thread.process.space.read(Buffer, Length)
    file = file_of(thread, FileHandle, NodeFile, Access.WRITE_EA)
    file.set_extended_attributes(ea_format.parse_full(data))
    return Operation(thread, IoStatusBlock).complete(0)


def _named(known: ExtendedAttributes | None, name: bytes) -> ExtendedAttribute:
    """An attribute by its name; one without a value where there is none."""
    found = known.get(name) if known is not None else None
    return found or ExtendedAttribute(name.upper(), b"")


def _index(number: int, count: int) -> int:
    """From 1; one past the last means that there are no more.  NtError NONEXISTENT_EA_ENTRY."""
    if not 1 <= number <= count + 1:
        raise NtError(NTSTATUS.NONEXISTENT_EA_ENTRY)
    return number - 1


def _fill(entries: list[ExtendedAttribute], room: int) -> tuple[bytes, int, NTSTATUS]:
    """What fits, how many attributes that is, and whether it is all.

    NtError BUFFER_TOO_SMALL where not even the first fits.
    """
    data, last = bytearray(), 0
    for number, entry in enumerate(entries):
        start = -(-len(data) // 4) * 4
        encoded = ea_format.encode(entry)
        if start + len(encoded) > room:
            if not number:
                raise NtError(NTSTATUS.BUFFER_TOO_SMALL)
            return bytes(data), number, NTSTATUS.BUFFER_OVERFLOW
        if number:
            data[last : last + 4] = (start - last).to_bytes(4, "little")
        data += bytes(start - len(data)) + encoded
        last = start
    return bytes(data), len(entries), NTSTATUS.SUCCESS
