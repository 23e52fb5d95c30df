"""Reading and writing files on disk: the whole way from a guest's buffer to the file.

A transfer of an asynchronous file is over when the call returns STATUS_PENDING, as NTFS does it
since Vista; what the file system refuses is told like any other end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.file import CHUNK
from provider.kernel.io.request import APPEND
from provider.kernel.mm import AccessViolation
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from provider.kernel.io.disk_file import DiskFile
    from provider.kernel.mm import AddressSpace
    from provider.nt.io.operation import Operation


def read(
    space: AddressSpace,
    file: DiskFile,
    operation: Operation,
    buffer: int,
    length: int,
    offset: int | None,
    key: int,
) -> int:
    """Read all there is into a buffer, which can be written; the call's status.

    The end of the file is told as by fast I/O: with an I/O status block.  KernelError.
    """
    file.check_transfer(offset, length)
    try:
        data = file.read(length, offset, key=key)
        space.write(buffer, data)
        done = len(data)
        while done < length and len(data) == CHUNK:
            data = _more(file, length - done, None if offset is None else offset + done, key)
            space.write(buffer + done, data)
            done += len(data)
    except KernelError as error:
        return _refused(file, operation, error)
    return operation.end_call(done)


def write(
    space: AddressSpace,
    file: DiskFile,
    operation: Operation,
    buffer: int,
    length: int,
    offset: int | None,
    key: int,
) -> int:
    """Write a buffer; the call's status.

    KernelError; AccessViolation for what is no user address, NtError INVALID_USER_BUFFER for one
    that cannot be read.
    """
    if buffer + length > space.limit:
        space.probe_read(buffer, length)
    file.check_transfer(offset, length)
    try:
        done = file.write(_taken(space, buffer, min(length, CHUNK)), offset, key=key)
        while done < length:
            data = _taken(space, buffer + done, min(length - done, CHUNK))
            start = offset if offset is None or offset == APPEND else offset + done
            done += file.write(data, start, key=key)
    except KernelError as error:
        return _refused(file, operation, error)
    return operation.end_call(done)


def _more(file: DiskFile, size: int, offset: int | None, key: int) -> bytes:
    try:
        return file.read(size, offset, key=key)
    except KernelError as error:
        if error.reason is not Reason.END_OF_FILE:
            raise
        return b""


def _taken(space: AddressSpace, va: int, size: int) -> bytes:
    """What the file system copies for itself, and so says INVALID_USER_BUFFER."""
    try:
        return space.read(va, size)
    except AccessViolation as error:
        raise NtError(NTSTATUS.INVALID_USER_BUFFER) from error


def _refused(file: DiskFile, operation: Operation, error: KernelError) -> int:
    if not file.is_synchronous or error.reason is Reason.END_OF_FILE:
        return operation.end_call(0, NTSTATUS[error.reason.name])
    raise error
