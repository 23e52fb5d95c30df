"""NtQueryDirectoryFile: listing a directory, in all the shapes that an entry can have."""

from __future__ import annotations

from typing import NamedTuple

from provider.kernel.errors import KernelError, Reason
from provider.kernel.io import FileObject
from provider.kernel.io.directory_file import DirectoryEntry, DirectoryFile
from provider.kernel.io.flat_directory import FlatDirectory
from provider.kernel.io.request import Access
from provider.kernel.thread import Thread
from provider.nt.handles import reference
from provider.nt.io.flags import FILE_INFORMATION_CLASS
from provider.nt.io.flags import FileInformation as _Class
from provider.nt.io.operation import Operation
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.io import (
    FILE_DIRECTORY_INFORMATION,
    FILE_NAMES_INFORMATION,
    IO_STATUS_BLOCK,
)
from provider.nt.table import nt
from provider.nt.types import BOOLEAN, HANDLE, PVOID, ULONG, UNICODE_STRING, encode_utf16
from provider.syscall import Out

MAX_BUFFER = 1 << 20


class _Shape(NamedTuple):
    """Where an entry of a class has its name and its file identifier; 0: it has none."""

    name: int
    id: int = 0
    id_size: int = 8


_SHAPES: dict[int, _Shape] = {
    _Class.FileDirectoryInformation: _Shape(64),
    _Class.FileFullDirectoryInformation: _Shape(68),
    _Class.FileBothDirectoryInformation: _Shape(94),
    _Class.FileNamesInformation: _Shape(12),
    _Class.FileIdBothDirectoryInformation: _Shape(104, 96),
    _Class.FileIdFullDirectoryInformation: _Shape(80, 72),
    _Class.FileIdExtdDirectoryInformation: _Shape(88, 72, 16),
    _Class.FileIdExtdBothDirectoryInformation: _Shape(114, 72, 16),
}


@nt.syscall(partial="Short names are empty, as on a volume that makes none.")
def NtQueryDirectoryFile(
    thread: Thread,
    FileHandle: HANDLE,
    Event: HANDLE,
    ApcRoutine: PVOID,
    ApcContext: PVOID,
    IoStatusBlock: Out[IO_STATUS_BLOCK],
    FileInformation: PVOID,
    Length: ULONG,
    FileInformationClass: FILE_INFORMATION_CLASS,
    ReturnSingleEntry: BOOLEAN,
    FileName: UNICODE_STRING | None,
    RestartScan: BOOLEAN,
) -> int:
    """List a directory, from where the last call stopped."""
    shape = _SHAPES.get(FileInformationClass)
    if shape is None:
        raise NtError(NTSTATUS.INVALID_INFO_CLASS)
    if Length <= shape.name:
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
    directory = reference(thread, FileHandle, FileObject, Access.READ_DATA)
    if not isinstance(directory, DirectoryFile | FlatDirectory):
        raise NtError(NTSTATUS.INVALID_DEVICE_REQUEST)
    operation = Operation(thread, IoStatusBlock, Event, ApcRoutine, ApcContext)
    thread.process.space.probe_write(FileInformation, Length)
    directory.begin(FileName or "", restart=bool(RestartScan))
    entry = directory.next_entry()
    data = bytearray(_encode(entry, shape))
    if len(data) > Length:
        thread.process.space.write(FileInformation, bytes(data[:Length]))
        return operation.complete(Length, NTSTATUS.BUFFER_OVERFLOW)
    if not ReturnSingleEntry:
        _fill(data, directory, shape, min(Length, MAX_BUFFER))
    thread.process.space.write(FileInformation, bytes(data))
    return operation.complete(len(data))


def _fill(
    data: bytearray, directory: DirectoryFile | FlatDirectory, shape: _Shape, length: int
) -> None:
    """Add as many entries as fit, each linked from the one before."""
    last = 0
    while True:
        try:
            entry = _encode(directory.next_entry(), shape)
        except KernelError as error:
            if error.reason not in (Reason.NO_MORE_FILES, Reason.NO_SUCH_FILE):
                raise
            return
        start = -(-len(data) // 8) * 8
        if start + len(entry) > length:
            directory.put_back()
            return
        data[last : last + 4] = (start - last).to_bytes(4, "little")
        data += bytes(start - len(data)) + entry
        last = start


def _encode(entry: DirectoryEntry, shape: _Shape) -> bytes:
    name = encode_utf16(entry.name)
    if shape is _SHAPES[_Class.FileNamesInformation]:
        return bytes(FILE_NAMES_INFORMATION(FileNameLength=len(name))) + name
    status, times = entry.status, entry.status.times
    header = bytearray(shape.name)
    FILE_DIRECTORY_INFORMATION(
        header,
        0,
        CreationTime=times.creation,
        LastAccessTime=times.access,
        LastWriteTime=times.write,
        ChangeTime=times.change,
        EndOfFile=status.size,
        AllocationSize=status.allocation,
        FileAttributes=status.attributes,
        FileNameLength=len(name),
    )
    if shape.id:
        header[shape.id : shape.id + shape.id_size] = status.id.to_bytes(shape.id_size, "little")
    return bytes(header) + name
