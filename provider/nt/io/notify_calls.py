"""Calls that ask to be told of changes in a directory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.io import FileObject
from provider.kernel.io.directory_file import DirectoryFile
from provider.kernel.io.notify import Filter
from provider.kernel.io.request import Access
from provider.kernel.thread import Thread
from provider.nt.handles import reference, userland_of
from provider.nt.io.operation import Operation
from provider.nt.io.perform import perform
from provider.nt.legend import DIRECTORY_NOTIFY_CLASS, FILE_NOTIFY
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.io import FILE_NOTIFY_INFORMATION, IO_STATUS_BLOCK
from provider.nt.table import nt
from provider.nt.types import BOOLEAN, CODE, HANDLE, PVOID, ULONG, encode_utf16
from provider.syscall import Out

if TYPE_CHECKING:
    from provider.kernel.io.notify import Change

NOTIFY_INFORMATION = 1


@nt.syscall()
async def NtNotifyChangeDirectoryFile(
    thread: Thread,
    FileHandle: HANDLE,
    Event: HANDLE,
    ApcRoutine: CODE,
    ApcContext: PVOID,
    IoStatusBlock: Out[IO_STATUS_BLOCK],
    Buffer: PVOID,
    Length: ULONG,
    CompletionFilter: FILE_NOTIFY,
    WatchTree: BOOLEAN,
) -> int:
    """Tell what changes in a directory, as soon as something does."""
    if not CompletionFilter or CompletionFilter & ~Filter.ALL:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    file = _directory(thread, FileHandle)
    if Length:
        thread.process.space.probe_write(Buffer, Length)
    operation = Operation(thread, IoStatusBlock, Event, ApcRoutine, ApcContext, file)
    watch = file.watch(CompletionFilter, _encode, subtree=bool(WatchTree), room=Length)
    userland = userland_of(thread.process)
    waits = False if userland is not None and userland.notifications_pend else None
    return await perform(
        thread, file, operation, lambda irp: watch.start(irp, Length), Buffer, waits=waits
    )


@nt.syscall(partial="Extended information of changes is refused.")
async def NtNotifyChangeDirectoryFileEx(
    thread: Thread,
    FileHandle: HANDLE,
    Event: HANDLE,
    ApcRoutine: CODE,
    ApcContext: PVOID,
    IoStatusBlock: Out[IO_STATUS_BLOCK],
    Buffer: PVOID,
    Length: ULONG,
    CompletionFilter: FILE_NOTIFY,
    WatchTree: BOOLEAN,
    DirectoryNotifyInformationClass: DIRECTORY_NOTIFY_CLASS,
) -> int:
    """The same, in one of several shapes."""
    if DirectoryNotifyInformationClass != NOTIFY_INFORMATION:
        raise NtError(NTSTATUS.INVALID_INFO_CLASS)
    return await NtNotifyChangeDirectoryFile(
        thread,
        FileHandle,
        Event,
        ApcRoutine,
        ApcContext,
        IoStatusBlock,
        Buffer,
        Length,
        CompletionFilter,
        WatchTree,
    )


def _directory(thread: Thread, handle: int) -> DirectoryFile:
    file = reference(thread, handle, FileObject, Access.READ_DATA)
    if not isinstance(file, DirectoryFile):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    return file


def _encode(changes: list[Change]) -> bytes:
    """FILE_NOTIFY_INFORMATION of each, linked to the next."""
    data = bytearray()
    for change in changes:
        name = encode_utf16(change.name)
        header = FILE_NOTIFY_INFORMATION(Action=change.action, FileNameLength=len(name))
        entry = bytes(header) + name
        if change is not changes[-1]:
            entry = entry.ljust(-(-len(entry) // 4) * 4, b"\0")
            entry = len(entry).to_bytes(4, "little") + entry[4:]
        data += entry
    return bytes(data)
