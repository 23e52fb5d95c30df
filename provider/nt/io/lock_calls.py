"""Calls on byte-range locks."""

from __future__ import annotations

from provider.kernel.io.disk_file import DiskFile
from provider.kernel.io.request import Access
from provider.kernel.thread import Thread
from provider.nt.handles import userland_of
from provider.nt.io.operation import Operation, file_of, lock_key
from provider.nt.io.perform import perform
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.io import IO_STATUS_BLOCK
from provider.nt.table import nt
from provider.nt.types import BOOLEAN, CODE, HANDLE, LARGE_INTEGER, PVOID, ULONG
from provider.syscall import Out

_UNSIGNED = (1 << 64) - 1
_LOCKING = Access.READ_DATA | Access.EXECUTE | Access.WRITE_DATA | Access.APPEND_DATA


@nt.syscall()
async def NtLockFile(
    thread: Thread,
    FileHandle: HANDLE,
    Event: HANDLE,
    ApcRoutine: CODE,
    ApcContext: PVOID,
    IoStatusBlock: Out[IO_STATUS_BLOCK] | None,
    ByteOffset: LARGE_INTEGER,
    Length: LARGE_INTEGER,
    Key: ULONG,
    FailImmediately: BOOLEAN,
    ExclusiveLock: BOOLEAN,
) -> int:
    """Lock a range of bytes."""
    _check_status_block(thread, IoStatusBlock)
    file = _lockable(thread, FileHandle)
    operation = Operation(thread, IoStatusBlock, Event, ApcRoutine, ApcContext, file)
    start, length = ByteOffset & _UNSIGNED, Length & _UNSIGNED
    key, exclusive = lock_key(thread, Key), bool(ExclusiveLock)
    if file.lock(start, length, exclusive=exclusive, key=key):
        return operation.complete(0)
    if FailImmediately:
        raise NtError(NTSTATUS.LOCK_NOT_GRANTED)
    return await perform(
        thread,
        file,
        operation,
        lambda irp: file.start_lock(irp, start, length, exclusive=exclusive, key=key),
    )


@nt.syscall()
def NtUnlockFile(
    thread: Thread,
    FileHandle: HANDLE,
    IoStatusBlock: Out[IO_STATUS_BLOCK] | None,
    ByteOffset: LARGE_INTEGER,
    Length: LARGE_INTEGER,
    Key: ULONG,
) -> int:
    """Give up a lock."""
    _check_status_block(thread, IoStatusBlock)
    file = _lockable(thread, FileHandle)
    file.unlock(ByteOffset & _UNSIGNED, Length & _UNSIGNED, key=lock_key(thread, Key))
    return Operation(thread, IoStatusBlock).complete(0)


def _lockable(thread: Thread, handle: int) -> DiskFile:
    file = file_of(thread, handle, DiskFile)
    if not thread.process.handles.entry(handle).access & _LOCKING:
        raise NtError(NTSTATUS.ACCESS_DENIED)
    return file


def _check_status_block(thread: Thread, io: Out[IO_STATUS_BLOCK] | None) -> None:
    """NT writes the block without asking whether there is one."""
    userland = userland_of(thread.process)
    if io is None and not (userland is not None and userland.locks_without_status):
        raise NtError(NTSTATUS.ACCESS_VIOLATION)
