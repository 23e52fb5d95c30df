"""Calls on object directories and symbolic links."""

from __future__ import annotations

from provider.kernel.ob.namespace import MAX_PATH_CHARS, Directory, SymbolicLink
from provider.kernel.thread import Thread
from provider.nt.contents import TEXT_FILLED
from provider.nt.handles import reference
from provider.nt.legend import DIRECTORY_ACCESS, SYMBOLIC_LINK_ACCESS
from provider.nt.ob.create import insert_object, late, open_object
from provider.nt.ob.strings import LONGEST_STRING, write_string
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.ob import (
    LATE_OBJECT_ATTRIBUTES,
    OBJECT_ATTRIBUTES,
    OBJECT_DIRECTORY_INFORMATION,
)
from provider.nt.table import nt
from provider.nt.types import (
    BOOLEAN,
    HANDLE,
    PVOID,
    ULONG,
    UNICODE_STRING_HEADER,
    decode_utf16,
    encode_utf16,
)
from provider.syscall import Out, Ref

DIRECTORY_QUERY = 1
SYMBOLIC_LINK_QUERY = 1


@nt.syscall()
def NtCreateDirectoryObject(
    thread: Thread,
    DirectoryHandle: Out[HANDLE],
    DesiredAccess: DIRECTORY_ACCESS,
    ObjectAttributes: OBJECT_ATTRIBUTES | None,
) -> NTSTATUS:
    """Create a directory of objects."""
    status, DirectoryHandle.value = insert_object(
        thread, Directory(), DesiredAccess, ObjectAttributes
    )
    return status


@nt.syscall()
def NtOpenDirectoryObject(
    thread: Thread,
    DirectoryHandle: Out[HANDLE],
    DesiredAccess: DIRECTORY_ACCESS,
    ObjectAttributes: OBJECT_ATTRIBUTES | None,
) -> None:
    """Open a directory of objects."""
    DirectoryHandle.value = open_object(thread, Directory, DesiredAccess, ObjectAttributes)


@nt.syscall()
def NtQueryDirectoryObject(
    thread: Thread,
    DirectoryHandle: HANDLE,
    Buffer: PVOID,
    Length: ULONG,
    ReturnSingleEntry: BOOLEAN,
    RestartScan: BOOLEAN,
    Context: Ref[ULONG],
    ReturnLength: Out[ULONG] | None,
) -> NTSTATUS:
    """List names and types: as many entries as fit, closed by an empty one."""
    directory = reference(thread, DirectoryHandle, Directory, DIRECTORY_QUERY)
    first = 0 if RestartScan else Context.value
    texts = [(entry.name, entry.type_name) for entry in directory][first:]
    count, size = _fitting(texts, Length, single=bool(ReturnSingleEntry))
    if ReturnLength is not None:
        ReturnLength.value = size
    if count or Length >= OBJECT_DIRECTORY_INFORMATION.SIZE:
        thread.process.space.write(Buffer, _entries(texts[:count], Buffer))
    if not texts:
        raise NtError(NTSTATUS.NO_MORE_ENTRIES)
    if not count and ReturnSingleEntry:
        raise NtError(NTSTATUS.BUFFER_TOO_SMALL)
    Context.value = first + count
    more = count < len(texts) and not ReturnSingleEntry
    return NTSTATUS.MORE_ENTRIES if more else NTSTATUS.SUCCESS


@nt.syscall()
def NtCreateSymbolicLinkObject(
    thread: Thread,
    LinkHandle: Out[HANDLE],
    DesiredAccess: SYMBOLIC_LINK_ACCESS,
    ObjectAttributes: LATE_OBJECT_ATTRIBUTES,
    LinkTarget: UNICODE_STRING_HEADER,
) -> NTSTATUS:
    """Create a name that stands for another."""
    if LinkTarget.Length > LinkTarget.MaximumLength or LinkTarget.Length & 1:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    if not LinkTarget.Length or LinkTarget.Length > 2 * MAX_PATH_CHARS:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    target = decode_utf16(thread.process.space.read(LinkTarget.Buffer, LinkTarget.Length))
    status, LinkHandle.value = insert_object(
        thread, SymbolicLink(target), DesiredAccess, late(ObjectAttributes)
    )
    return status


@nt.syscall()
def NtOpenSymbolicLinkObject(
    thread: Thread,
    LinkHandle: Out[HANDLE],
    DesiredAccess: SYMBOLIC_LINK_ACCESS,
    ObjectAttributes: OBJECT_ATTRIBUTES | None,
) -> None:
    """Open a symbolic link itself."""
    LinkHandle.value = open_object(thread, SymbolicLink, DesiredAccess, ObjectAttributes, link=True)


@nt.syscall()
def NtQuerySymbolicLinkObject(
    thread: Thread, LinkHandle: HANDLE, LinkTarget: TEXT_FILLED, ReturnedLength: Out[ULONG] | None
) -> None:
    """Tell what a symbolic link stands for."""
    target = reference(thread, LinkHandle, SymbolicLink, SYMBOLIC_LINK_QUERY).target
    needs_end = ReturnedLength is not None
    if ReturnedLength is not None:
        ReturnedLength.value = len(encode_utf16(target)) + 2
    write_string(thread.process.space, LinkTarget, target, needs_end=needs_end)


def _fitting(texts: list[tuple[str, str]], length: int, *, single: bool) -> tuple[int, int]:
    """How many entries fit into `length` bytes, and the bytes that they (or one) take."""
    entry_size = OBJECT_DIRECTORY_INFORMATION.SIZE
    size, count = entry_size, 0
    for pair in texts[:1] if single else texts:
        grown = size + entry_size + sum(len(encode_utf16(text)) + 2 for text in pair)
        if grown > length:
            return count, grown if single else size
        size, count = grown, count + 1
    return count, size


def _entries(texts: list[tuple[str, str]], va: int) -> bytes:
    """The entries for a buffer at `va`, then an empty one, then the characters."""
    entry_size = OBJECT_DIRECTORY_INFORMATION.SIZE
    headers, tail = bytearray(), bytearray()
    start = va + entry_size * (len(texts) + 1)
    for pair in texts:
        for text in pair:
            encoded = encode_utf16(text)[:LONGEST_STRING]
            header = UNICODE_STRING_HEADER(
                Length=len(encoded), MaximumLength=len(encoded) + 2, Buffer=start + len(tail)
            )
            headers += bytes(header)
            tail += encoded + b"\0\0"
    return bytes(headers) + bytes(entry_size) + bytes(tail)
