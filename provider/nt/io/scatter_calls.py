"""Calls that read into separate pages, or write from them."""

from __future__ import annotations

from emu.ram import PAGE_SIZE
from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.counters import Transfer
from provider.kernel.io.disk_file import DiskFile
from provider.kernel.io.file import CHUNK
from provider.kernel.io.request import Access, OpenOptions
from provider.kernel.thread import Thread
from provider.nt.io.operation import Operation, file_of, lock_key
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.io import IO_STATUS_BLOCK
from provider.nt.table import nt
from provider.nt.types import CODE, HANDLE, LARGE_INTEGER, PVOID, ULONG, ULONG_AT
from provider.syscall import Out

SEGMENT_BYTES = 8
"""A FILE_SEGMENT_ELEMENT: the address of a page, as 64 bits."""


@nt.syscall()
def NtReadFileScatter(
    thread: Thread,
    FileHandle: HANDLE,
    Event: HANDLE,
    ApcRoutine: CODE,
    ApcContext: PVOID,
    IoStatusBlock: Out[IO_STATUS_BLOCK],
    SegmentArray: PVOID,
    Length: ULONG,
    ByteOffset: LARGE_INTEGER | None,
    Key: ULONG_AT | None,
) -> int:
    """Read into one page after the other of a list."""
    file = _unbuffered(thread, FileHandle, Access.READ_DATA)
    pages = _pages(thread, SegmentArray, Length)
    operation = Operation(thread, IoStatusBlock, Event, ApcRoutine, ApcContext, file, Transfer.READ)
    offset = _offset(file, ByteOffset, Length)
    space, done = thread.process.space, 0
    try:
        for va in pages:
            size = min(PAGE_SIZE, Length - done)
            data = file.read(size, offset + done, key=lock_key(thread, Key))
            space.write(va, data)
            done += len(data)
            if len(data) < size:
                break
    except KernelError as error:
        if not done or error.reason is not Reason.END_OF_FILE:
            return operation.end_call(0, NTSTATUS[error.reason.name])
    return operation.end_call(done)


@nt.syscall()
def NtWriteFileGather(
    thread: Thread,
    FileHandle: HANDLE,
    Event: HANDLE,
    ApcRoutine: CODE,
    ApcContext: PVOID,
    IoStatusBlock: Out[IO_STATUS_BLOCK],
    SegmentArray: PVOID,
    Length: ULONG,
    ByteOffset: LARGE_INTEGER | None,
    Key: ULONG_AT | None,
) -> int:
    """Write one page after the other of a list."""
    file = _unbuffered(thread, FileHandle, Access.WRITE_DATA)
    pages = _pages(thread, SegmentArray, Length)
    operation = Operation(
        thread, IoStatusBlock, Event, ApcRoutine, ApcContext, file, Transfer.WRITE
    )
    offset = _offset(file, ByteOffset, Length)
    space, done = thread.process.space, 0
    try:
        for va in pages:
            data = space.read(va, min(PAGE_SIZE, Length - done))
            done += file.write(data, offset + done, key=lock_key(thread, Key))
    except KernelError as error:
        return operation.end_call(0, NTSTATUS[error.reason.name])
    return operation.end_call(done)


def _unbuffered(thread: Thread, handle: int, access: int) -> DiskFile:
    """The file; both calls need one that is asynchronous and without intermediate buffering."""
    file = file_of(thread, handle, DiskFile, access)
    if file.is_synchronous or not file.mode & OpenOptions.NO_BUFFERING:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    return file


def _offset(file: DiskFile, offset: int | None, length: int) -> int:
    """Where the transfer begins, which has to be said.  KernelError, NtError INVALID_PARAMETER."""
    file.check_transfer(offset, length)
    if offset is None or offset < 0:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    return offset


def _pages(thread: Thread, segments: int, length: int) -> list[int]:
    """The addresses of the pages that `length` bytes take.  NtError INVALID_PARAMETER."""
    count = -(-length // PAGE_SIZE)
    space = thread.process.space
    if count * SEGMENT_BYTES > CHUNK:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    data = space.read(segments, count * SEGMENT_BYTES) if count else b""
    pages = [
        int.from_bytes(data[at : at + SEGMENT_BYTES], "little")
        for at in range(0, len(data), SEGMENT_BYTES)
    ]
    if any(va % PAGE_SIZE or va >= space.limit for va in pages):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    return pages
