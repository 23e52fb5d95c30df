"""NtQueryDirectoryFile: listing a directory, in all the shapes that an entry can have."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from provider.kernel.errors import KernelError, Reason
from provider.kernel.io import FileObject
from provider.kernel.io.directory_file import DirectoryFile
from provider.kernel.io.flat_directory import FlatDirectory
from provider.kernel.io.pattern import from_dos
from provider.kernel.io.request import Access
from provider.kernel.thread import Thread
from provider.nt.contents import FILLED
from provider.nt.handles import reference, userland_of
from provider.nt.io.flags import FileInformation as _Class
from provider.nt.io.operation import Operation
from provider.nt.legend import DIRECTORY_QUERY_FLAGS, FILE_INFORMATION_CLASS
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.io import (
    FILE_NAMES_INFORMATION,
    IO_STATUS_BLOCK,
)
from provider.nt.table import nt
from provider.nt.types import BOOLEAN, CODE, HANDLE, PVOID, ULONG, UNICODE_STRING, encode_utf16
from provider.syscall import Out

if TYPE_CHECKING:
    from provider.kernel.io.listing import DirectoryEntry

MAX_BUFFER = 1 << 20
_COMMON = struct.Struct("<2I6q2I")
"""What entries of all classes begin with, but those of names (FILE_DIRECTORY_INFORMATION)."""


class _Shape(NamedTuple):
    """Where an entry of a class has its parts; 0: it has none."""

    name: int
    id: int = 0
    id_size: int = 8
    short_name: int = 0

    @property
    def least(self) -> int:
        """The room of an entry with a name of one character, which a buffer must have."""
        return -(-(self.name + 2) // 8) * 8


_SHAPES: dict[int, _Shape] = {
    _Class.FileDirectoryInformation: _Shape(64),
    _Class.FileFullDirectoryInformation: _Shape(68),
    _Class.FileBothDirectoryInformation: _Shape(94, short_name=68),
    _Class.FileNamesInformation: _Shape(12),
    _Class.FileIdBothDirectoryInformation: _Shape(104, 96, short_name=68),
    _Class.FileIdFullDirectoryInformation: _Shape(80, 72),
    _Class.FileIdGlobalTxDirectoryInformation: _Shape(92, 64),
    _Class.FileIdExtdDirectoryInformation: _Shape(88, 72, 16),
    _Class.FileIdExtdBothDirectoryInformation: _Shape(114, 72, 16, short_name=88),
}
_REFUSED: dict[int, int] = {
    _Class.FileObjectIdInformation: 72,
    _Class.FileQuotaInformation: 56,
    _Class.FileReparsePointInformation: 16,
}
"""Classes that only files of the file system's own have, and the sizes that come first."""
RESTART_SCAN, RETURN_SINGLE_ENTRY, NO_CURSOR_UPDATE = 0x1, 0x2, 0x10
ALL_QUERY_FLAGS = 0x1F


@nt.syscall()
def NtQueryDirectoryFile(
    thread: Thread,
    FileHandle: HANDLE,
    Event: HANDLE,
    ApcRoutine: CODE,
    ApcContext: PVOID,
    IoStatusBlock: Out[IO_STATUS_BLOCK],
    FileInformation: FILLED,
    Length: ULONG,
    FileInformationClass: FILE_INFORMATION_CLASS,
    ReturnSingleEntry: BOOLEAN,
    FileName: UNICODE_STRING | None,
    RestartScan: BOOLEAN,
) -> int:
    """List a directory, from where the last call stopped."""
    flags = (RESTART_SCAN if RestartScan else 0) | (RETURN_SINGLE_ENTRY if ReturnSingleEntry else 0)
    directory = _directory(thread, FileHandle, FileInformationClass, Length)
    operation = Operation(thread, IoStatusBlock, Event, ApcRoutine, ApcContext, directory)
    asked = _Asked(FileInformation, Length, _SHAPES[FileInformationClass], flags)
    return _list(thread, directory, operation, asked, FileName or "")


@nt.syscall()
def NtQueryDirectoryFileEx(
    thread: Thread,
    FileHandle: HANDLE,
    Event: HANDLE,
    ApcRoutine: CODE,
    ApcContext: PVOID,
    IoStatusBlock: Out[IO_STATUS_BLOCK],
    FileInformation: FILLED,
    Length: ULONG,
    FileInformationClass: FILE_INFORMATION_CLASS,
    QueryFlags: DIRECTORY_QUERY_FLAGS,
    FileName: UNICODE_STRING | None,
) -> int:
    """The same, with flags."""
    if QueryFlags & ~ALL_QUERY_FLAGS:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    directory = _directory(thread, FileHandle, FileInformationClass, Length)
    operation = Operation(thread, IoStatusBlock, Event, ApcRoutine, ApcContext, directory)
    asked = _Asked(FileInformation, Length, _SHAPES[FileInformationClass], QueryFlags)
    return _list(thread, directory, operation, asked, FileName or "")


class _Asked(NamedTuple):
    """The buffer of a call, and how it is to be filled."""

    buffer: int
    length: int
    shape: _Shape
    flags: int


def _directory(
    thread: Thread, handle: int, information: int, length: int
) -> DirectoryFile | FlatDirectory:
    """The directory to list.  NtError for a class or a length that cannot be."""
    shape = _SHAPES.get(information)
    least = _REFUSED.get(information) if shape is None else shape.least
    if least is None:
        raise NtError(NTSTATUS.INVALID_INFO_CLASS)
    if length < least:
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
    if shape is None:
        raise NtError(NTSTATUS.INVALID_INFO_CLASS)
    file = reference(thread, handle, FileObject, Access.READ_DATA)
    if not isinstance(file, DirectoryFile | FlatDirectory):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    return file


def _list(
    thread: Thread,
    directory: DirectoryFile | FlatDirectory,
    operation: Operation,
    asked: _Asked,
    pattern: str,
) -> int:
    space, shape, length = thread.process.space, asked.shape, asked.length
    space.probe_write(asked.buffer, length)
    userland = userland_of(thread.process)
    if userland is not None and userland.dos_patterns:
        pattern = from_dos(pattern)
    with directory.listing.cursor(keep=not asked.flags & NO_CURSOR_UPDATE):
        directory.listing.begin(pattern, restart=bool(asked.flags & RESTART_SCAN))
        try:
            data = bytearray(_encode(directory, directory.listing.next_entry(), shape))
        except KernelError as error:
            if error.reason is not Reason.NO_MORE_FILES:
                raise
            return operation.complete(0, NTSTATUS.NO_MORE_FILES)
        if len(data) > length:
            space.write(asked.buffer, bytes(data[:length]))
            return operation.complete(length, NTSTATUS.BUFFER_OVERFLOW)
        if not asked.flags & RETURN_SINGLE_ENTRY:
            _fill(data, directory, shape, min(length, MAX_BUFFER))
    space.write(asked.buffer, bytes(data))
    return operation.complete(len(data))


def _fill(
    data: bytearray, directory: DirectoryFile | FlatDirectory, shape: _Shape, length: int
) -> None:
    """Add as many entries as fit, each linked from the one before."""
    last = 0
    while True:
        try:
            entry = _encode(directory, directory.listing.next_entry(), shape)
        except KernelError as error:
            if error.reason is not Reason.NO_MORE_FILES:
                raise
            return
        start = -(-len(data) // 8) * 8
        if start + len(entry) > length:
            directory.listing.put_back()
            return
        data[last : last + 4] = (start - last).to_bytes(4, "little")
        data += bytes(start - len(data)) + entry
        last = start


def _encode(
    directory: DirectoryFile | FlatDirectory, entry: DirectoryEntry, shape: _Shape
) -> bytes:
    name = encode_utf16(entry.name)
    if shape is _SHAPES[_Class.FileNamesInformation]:
        return bytes(FILE_NAMES_INFORMATION(FileNameLength=len(name))) + name
    status, times = entry.status, entry.status.times
    header = bytearray(shape.name)
    _COMMON.pack_into(
        header,
        0,
        0,
        0,
        times.creation,
        times.access,
        times.write,
        times.change,
        status.size,
        status.allocation,
        status.attributes,
        len(name),
    )
    if shape.id:
        if isinstance(directory, DirectoryFile):
            directory.tell_identifier(entry)
        header[shape.id : shape.id + shape.id_size] = status.id.to_bytes(shape.id_size, "little")
    if shape.short_name and entry.short_name:
        short = encode_utf16(entry.short_name)
        header[shape.short_name] = len(short)
        header[shape.short_name + 2 : shape.short_name + 2 + len(short)] = short
    return bytes(header) + name
