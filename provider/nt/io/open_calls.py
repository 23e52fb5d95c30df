"""Calls that open, create and delete files, or look at one that is not open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.io import FileObject, OpenRequest
from provider.kernel.io.request import (
    SYNCHRONOUS,
    Access,
    Disposition,
    OpenOptions,
)
from provider.kernel.ob.object import KernelObject
from provider.kernel.thread import Thread
from provider.nt.contents import GIVEN, OPEN_STATUS_BLOCK
from provider.nt.handles import reference, userland_of
from provider.nt.io import ea_format
from provider.nt.io.opener import NtOpener
from provider.nt.io.operation import Operation
from provider.nt.legend import (
    FILE_ACCESS_MASK,
    FILE_ATTRIBUTES,
    FILE_DISPOSITION,
    FILE_OPTIONS,
    FILE_SHARE,
)
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.io import (
    FILE_BASIC_INFORMATION,
    FILE_NETWORK_OPEN_INFORMATION,
    IO_STATUS_BLOCK,
)
from provider.nt.structs.ob import OBJECT_ATTRIBUTES, ObjectAttributes
from provider.nt.table import nt
from provider.nt.types import HANDLE, LARGE_INTEGER, ULONG
from provider.syscall import Out

if TYPE_CHECKING:
    from provider.kernel.io.extended_attributes import ExtendedAttribute
    from provider.kernel.io.record import FileStatus

ALL_OPTIONS = 0xFFFFFF
ALL_SHARING = 7
ALL_ATTRIBUTES = 0x7FFFFF
_GENERIC_DELETE = 0x10000000 | 0x02000000
_GENERIC_WAIT = 0xF2000000
_FOR_DIRECTORIES = (Disposition.OPEN, Disposition.CREATE, Disposition.OPEN_IF)


@nt.syscall(partial="Allocation sizes are ignored.")
def NtCreateFile(
    thread: Thread,
    FileHandle: Out[HANDLE],
    DesiredAccess: FILE_ACCESS_MASK,
    ObjectAttributes: OBJECT_ATTRIBUTES | None,
    IoStatusBlock: Out[OPEN_STATUS_BLOCK],
    AllocationSize: LARGE_INTEGER | None,
    FileAttributes: FILE_ATTRIBUTES,
    ShareAccess: FILE_SHARE,
    CreateDisposition: FILE_DISPOSITION,
    CreateOptions: FILE_OPTIONS,
    EaBuffer: GIVEN,
    EaLength: ULONG,
) -> None:
    """Open or create a file or directory, or open a device."""
    userland = userland_of(thread.process)
    if userland is not None and userland.flags_among_attributes:
        FileAttributes &= ALL_ATTRIBUTES
    if FileAttributes & ~ALL_ATTRIBUTES or (AllocationSize is not None and AllocationSize < 0):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    request = open_request(
        thread,
        ObjectAttributes,
        DesiredAccess,
        ShareAccess,
        CreateDisposition,
        CreateOptions,
    )
    request.attributes = FileAttributes
    if EaLength:
        request.extended_attributes = _initial_attributes(thread, EaBuffer, EaLength)
    _open(thread, FileHandle, IoStatusBlock, request, ObjectAttributes)


@nt.syscall()
def NtOpenFile(
    thread: Thread,
    FileHandle: Out[HANDLE],
    DesiredAccess: FILE_ACCESS_MASK,
    ObjectAttributes: OBJECT_ATTRIBUTES | None,
    IoStatusBlock: Out[OPEN_STATUS_BLOCK],
    ShareAccess: FILE_SHARE,
    OpenOptions: FILE_OPTIONS,
) -> None:
    """Open a file, directory or device that exists."""
    request = open_request(
        thread, ObjectAttributes, DesiredAccess, ShareAccess, Disposition.OPEN, OpenOptions
    )
    _open(thread, FileHandle, IoStatusBlock, request, ObjectAttributes)


@nt.syscall()
def NtQueryAttributesFile(
    thread: Thread,
    ObjectAttributes: OBJECT_ATTRIBUTES,
    FileInformation: Out[FILE_BASIC_INFORMATION],
) -> None:
    """Tell the times and attributes of a file by its name."""
    FileInformation.value = basic_information(_status_of(thread, ObjectAttributes))


@nt.syscall()
def NtQueryFullAttributesFile(
    thread: Thread,
    ObjectAttributes: OBJECT_ATTRIBUTES,
    FileInformation: Out[FILE_NETWORK_OPEN_INFORMATION],
) -> None:
    """Tell the times, sizes and attributes of a file by its name."""
    FileInformation.value = network_open_information(_status_of(thread, ObjectAttributes))


@nt.syscall()
def NtDeleteFile(thread: Thread, ObjectAttributes: OBJECT_ATTRIBUTES) -> None:
    """Delete a file by its name."""
    request = _named(thread, ObjectAttributes)
    request.access = Access.DELETE
    request.options = OpenOptions.DELETE_ON_CLOSE
    file, _ = thread.process.kernel.io.open(request)
    file.close()


def _initial_attributes(thread: Thread, va: int, length: int) -> list[ExtendedAttribute]:
    """NtError of a list that is none; AccessViolation."""
    if length > ea_format.MAX_LIST:
        raise NtError(NTSTATUS.EA_TOO_LARGE)
    return ea_format.parse_full(thread.process.space.read(va, length))


def basic_information(status: FileStatus) -> FILE_BASIC_INFORMATION:
    """Times and attributes."""
    times = status.times
    return FILE_BASIC_INFORMATION(
        CreationTime=times.creation,
        LastAccessTime=times.access,
        LastWriteTime=times.write,
        ChangeTime=times.change,
        FileAttributes=status.attributes,
    )


def network_open_information(status: FileStatus) -> FILE_NETWORK_OPEN_INFORMATION:
    """Times, sizes and attributes."""
    times = status.times
    return FILE_NETWORK_OPEN_INFORMATION(
        CreationTime=times.creation,
        LastAccessTime=times.access,
        LastWriteTime=times.write,
        ChangeTime=times.change,
        AllocationSize=status.allocation,
        EndOfFile=status.size,
        FileAttributes=status.attributes,
    )


def named_request(thread: Thread, path: str, root: int) -> OpenRequest:
    """A request for what `path` names below the directory of the handle `root`, if there is one.

    KernelError of the handle table.
    """
    return _named(thread, ObjectAttributes(path, root, 0))


def _named(thread: Thread, attributes: ObjectAttributes) -> OpenRequest:
    """Case never counts in names of files, whatever the attributes say (obcaseinsensitive)."""
    if attributes.root and not attributes.has_name:
        raise NtError(NTSTATUS.OBJECT_NAME_INVALID)
    root = reference(thread, attributes.root, KernelObject) if attributes.root else None
    return OpenRequest(
        attributes.name,
        root=root,
        process_id=thread.process.id,
        opener=NtOpener(thread, attributes),
    )


def open_to_ask(thread: Thread, attributes: ObjectAttributes) -> FileObject:
    """A file that is only asked about, and to be closed.  KernelError."""
    request = _named(thread, attributes)
    request.access, request.options = Access.READ_ATTRIBUTES, 0
    return thread.process.kernel.io.open(request)[0]


def _status_of(thread: Thread, attributes: ObjectAttributes) -> FileStatus:
    file = open_to_ask(thread, attributes)
    try:
        return file.status()
    finally:
        file.close()


def open_request(
    thread: Thread,
    attributes: ObjectAttributes | None,
    access: int,
    share: int,
    disposition: int,
    options: int,
) -> OpenRequest:
    """The request of a call, if its values go together ("NtCreateFile", Windows documentation)."""
    if share & ~ALL_SHARING or options & ~ALL_OPTIONS or disposition > Disposition.OVERWRITE_IF:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    if attributes is None:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    request = _named(thread, attributes)
    request.access, request.share, request.options = access, share, options
    if options & OpenOptions.FOR_BACKUP:
        request.opener = NtOpener(thread, attributes, options)
    request.disposition = Disposition(disposition)
    deletes = access & (Access.DELETE | _GENERIC_DELETE)
    waits = access & (Access.SYNCHRONIZE | _GENERIC_WAIT)
    if (
        (options & SYNCHRONOUS == SYNCHRONOUS)
        or (options & SYNCHRONOUS and not waits)
        or (options & OpenOptions.DELETE_ON_CLOSE and not deletes)
        or (options & OpenOptions.DIRECTORY and options & OpenOptions.NOT_DIRECTORY)
        or (options & OpenOptions.DIRECTORY and request.disposition not in _FOR_DIRECTORIES)
        or (options & OpenOptions.NO_BUFFERING and access & Access.APPEND_DATA)
    ):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    return request


def _open(
    thread: Thread,
    handle: Out[int],
    io: Out[IO_STATUS_BLOCK],
    request: OpenRequest,
    attributes: ObjectAttributes | None,
) -> None:
    file, outcome = thread.process.kernel.io.open(request)
    if file.is_socket and request.extended_attributes:
        from provider.nt.io.afd.open_packet import prepare  # few programs have sockets

        prepare(file, request.extended_attributes)
    handle.value = insert_file(thread, file, attributes)
    Operation(thread, io).complete(outcome)


def insert_file(thread: Thread, file: FileObject, attributes: ObjectAttributes | None) -> int:
    """A handle for a file that was just opened.  KernelError, and then the file is closed."""
    inherit = attributes is not None and attributes.inherit
    file.reference()
    try:
        return thread.process.handles.insert(file, file.access, inherit=inherit)
    finally:
        file.dereference()
