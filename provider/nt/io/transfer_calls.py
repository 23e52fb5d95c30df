"""Calls that move bytes: reading, writing, flushing."""

from __future__ import annotations

from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.counters import Transfer
from provider.kernel.io.disk_file import DiskFile
from provider.kernel.io.file import CHUNK, DeviceType, FileObject
from provider.kernel.io.pipe_queue import POOL_BYTES
from provider.kernel.io.request import APPEND, Access
from provider.kernel.thread import Thread
from provider.nt.contents import FILLED, GIVEN
from provider.nt.handles import reference
from provider.nt.io import disk_transfer
from provider.nt.io.operation import Operation, lock_key
from provider.nt.io.perform import perform
from provider.nt.legend import FLUSH_FLAGS
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.io import IO_STATUS_BLOCK
from provider.nt.table import nt
from provider.nt.types import CODE, HANDLE, LARGE_INTEGER, PVOID, ULONG, ULONG_AT
from provider.syscall import Out

USE_FILE_POINTER = -2
ALL_FLUSH_FLAGS = 0xF
"""FLUSH_FLAGS_FILE_DATA_ONLY, …_NO_SYNC, …_FILE_DATA_SYNC_ONLY, …_FLUSH_AND_PURGE."""
_WRITING = Access.WRITE_DATA | Access.APPEND_DATA


_WITHOUT_OFFSETS = (DeviceType.NAMED_PIPE, DeviceType.MAILSLOT, DeviceType.CONSOLE)


@nt.syscall(partial="Asynchronous reads of disk files are finished when the call returns.")
async def NtReadFile(
    thread: Thread,
    FileHandle: HANDLE,
    Event: HANDLE,
    ApcRoutine: CODE,
    ApcContext: PVOID,
    IoStatusBlock: Out[IO_STATUS_BLOCK],
    Buffer: FILLED,
    Length: ULONG,
    ByteOffset: LARGE_INTEGER | None,
    Key: ULONG_AT | None,
) -> int:
    """Read from a file."""
    file = reference(thread, FileHandle, FileObject, Access.READ_DATA)
    space = thread.process.space
    if Length:
        space.probe_write(Buffer, Length)
    operation = Operation(thread, IoStatusBlock, Event, ApcRoutine, ApcContext, file, Transfer.READ)
    offset = None if ByteOffset == USE_FILE_POINTER and file.is_synchronous else ByteOffset
    operation.transfer = "read", -1 if offset is None else offset
    if (offset is not None and offset < 0) or (offset is None and _needs_offset(file)):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    key = lock_key(thread, Key)
    if isinstance(file, DiskFile):
        return disk_transfer.read(space, file, operation, Buffer, Length, offset, key)
    if file.queues_requests:
        return await perform(
            thread, file, operation, lambda irp: file.start_read(irp, Length), Buffer
        )
    file.reference()
    try:
        done = _read(thread, file, offset, key, Buffer, Length)
    finally:
        file.dereference()
    return operation.end_call(done)


@nt.syscall(partial="Asynchronous writes of disk files are finished when the call returns.")
async def NtWriteFile(
    thread: Thread,
    FileHandle: HANDLE,
    Event: HANDLE,
    ApcRoutine: CODE,
    ApcContext: PVOID,
    IoStatusBlock: Out[IO_STATUS_BLOCK],
    Buffer: GIVEN,
    Length: ULONG,
    ByteOffset: LARGE_INTEGER | None,
    Key: ULONG_AT | None,
) -> int:
    """Write to a file."""
    file = reference(thread, FileHandle, FileObject)
    if not thread.process.handles.entry(FileHandle).access & _WRITING:
        raise NtError(NTSTATUS.ACCESS_DENIED)
    operation = Operation(
        thread, IoStatusBlock, Event, ApcRoutine, ApcContext, file, Transfer.WRITE
    )
    offset = None if ByteOffset == USE_FILE_POINTER and file.is_synchronous else ByteOffset
    operation.transfer = "write", -1 if offset is None else offset
    if (offset is not None and offset < APPEND) or (offset is None and _needs_offset(file)):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    space, key = thread.process.space, lock_key(thread, Key)
    if isinstance(file, DiskFile):
        return disk_transfer.write(space, file, operation, Buffer, Length, offset, key)
    if file.queues_requests:
        if Length > POOL_BYTES:
            raise NtError(NTSTATUS.INSUFFICIENT_RESOURCES)
        message = space.read(Buffer, Length) if Length else b""
        return await perform(thread, file, operation, lambda irp: file.start_write(irp, message))
    file.reference()
    try:
        done = 0
        while True:
            data = space.read(Buffer + done, min(Length - done, CHUNK))
            start = offset if offset is None or offset == APPEND else offset + done
            done += file.write(data, start, key=key)
            if done >= Length:
                return operation.end_call(done)
    finally:
        file.dereference()


@nt.syscall()
async def NtFlushBuffersFile(
    thread: Thread, FileHandle: HANDLE, IoStatusBlock: Out[IO_STATUS_BLOCK]
) -> int:
    """See to it that what was written is on its way."""
    return await _flush(thread, FileHandle, IoStatusBlock)


@nt.syscall()
async def NtFlushBuffersFileEx(
    thread: Thread,
    FileHandle: HANDLE,
    Flags: FLUSH_FLAGS,
    Parameters: PVOID,
    ParametersSize: ULONG,
    IoStatusBlock: Out[IO_STATUS_BLOCK],
) -> int:
    """The same; what the flags leave out would not be seen here."""
    if Flags & ~ALL_FLUSH_FLAGS or ParametersSize:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    return await _flush(thread, FileHandle, IoStatusBlock)


async def _flush(thread: Thread, handle: int, io: Out[IO_STATUS_BLOCK]) -> int:
    file = reference(thread, handle, FileObject)
    if not thread.process.handles.entry(handle).access & _WRITING:
        raise NtError(NTSTATUS.ACCESS_DENIED)
    operation = Operation(thread, io, file=file)
    if file.queues_requests:
        return await perform(thread, file, operation, file.start_flush, waits=True)
    file.flush()
    return operation.complete(0)


def _needs_offset(file: FileObject) -> bool:
    """Whether calls must tell a place: on asynchronous files, but not on pipes."""
    if file.is_synchronous:
        return False
    return file.is_socket or file.device_type not in _WITHOUT_OFFSETS


def _read(
    thread: Thread, file: FileObject, offset: int | None, key: int, buffer: int, length: int
) -> int:
    """Read into a buffer; from a disk, all that there is.  Returns how many bytes."""
    space = thread.process.space
    data = file.read(length, offset, key=key)
    space.write(buffer, data)
    done = len(data)
    while done < length and len(data) == CHUNK and file.device_type is DeviceType.DISK:
        try:
            start = None if offset is None else offset + done
            data = file.read(length - done, start, key=key)
        except KernelError as error:
            if error.reason is not Reason.END_OF_FILE:
                raise
            break
        space.write(buffer + done, data)
        done += len(data)
    return done
