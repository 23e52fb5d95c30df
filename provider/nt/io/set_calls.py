"""NtSetInformationFile: what a guest can change about an open file."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import NoReturn

from emu.named_tuple import NamedTuple
from provider.kernel.io import FileObject, move
from provider.kernel.io.completion import Association, IoCompletion
from provider.kernel.io.disk_file import DiskFile, NodeFile
from provider.kernel.io.file import NORMAL_PRIORITY
from provider.kernel.io.mailslot import Mailslot
from provider.kernel.io.request import Access
from provider.kernel.io.stream_pipe import AnyPipe
from provider.kernel.thread import Thread
from provider.nt.contents import GIVEN
from provider.nt.handles import reference, reference_file
from provider.nt.io.completion_calls import IO_COMPLETION_MODIFY_STATE
from provider.nt.io.flags import FileInformation as _Class
from provider.nt.io.mailslot_calls import set_mailslot_information
from provider.nt.io.open_calls import named_request
from provider.nt.io.operation import SKIP_HANDLE, SKIP_PORT_ON_SUCCESS, Operation
from provider.nt.io.pipe_calls import set_pipe_information
from provider.nt.legend import FILE_INFORMATION_CLASS
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.io import (
    FILE_BASIC_INFORMATION,
    FILE_LONG_INFORMATION,
    FILE_PIPE_INFORMATION,
    FILE_POSITION_INFORMATION,
    FILE_RENAME_INFORMATION,
    IO_STATUS_BLOCK,
)
from provider.nt.table import nt
from provider.nt.types import HANDLE, ULONG, decode_utf16
from provider.syscall import Out

MAX_LENGTH = 0x20000
"""No class has more bytes: a path takes 64 KB."""
DISPOSITION_DELETE, DISPOSITION_ON_CLOSE, DISPOSITION_IGNORE_READONLY = 0x1, 0x8, 0x10
ALL_DISPOSITIONS = 0x1F
REPLACE_IF_EXISTS = 0x1
POSIX_SEMANTICS = 0x2
"""Of deleting and of renaming: names go at once, and open files are replaced."""
MODE_BITS = 0x3E
SHORT_NAME_BYTES = 8
COMPLETION_MODES = 0x7
_KEEP_TIMES = (0, -1, -2)


class _Change(NamedTuple):
    """How a class is carried out: the rights that it takes, and its least bytes."""

    make: Callable[[Thread, FileObject, bytes], None]
    access: int
    minimum: int
    strict: bool = False
    """No userland does without the rights."""


@nt.syscall(partial="Short names, quotas, object identifiers, valid data length, reparse points.")
def NtSetInformationFile(
    thread: Thread,
    FileHandle: HANDLE,
    IoStatusBlock: Out[IO_STATUS_BLOCK],
    FileInformation: GIVEN,
    Length: ULONG,
    FileInformationClass: FILE_INFORMATION_CLASS,
) -> int:
    """Change something about an open file."""
    change = _CHANGES.get(FileInformationClass)
    if change is None:
        raise NtError(NTSTATUS.INVALID_INFO_CLASS)
    if not change.minimum <= Length <= MAX_LENGTH:
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
    find = reference if change.strict else reference_file
    file = find(thread, FileHandle, FileObject, change.access)
    change.make(thread, file, thread.process.space.read(FileInformation, Length))
    return Operation(thread, IoStatusBlock).complete(0)


def _basic(thread: Thread, file: FileObject, data: bytes) -> None:
    """Times of 0, −1 and −2 stay as they are; attributes of 0 too."""
    information = FILE_BASIC_INFORMATION.from_bytes(data)
    times = (
        information.CreationTime,
        information.LastAccessTime,
        information.LastWriteTime,
        information.ChangeTime,
    )
    if any(time < 0 and time not in _KEEP_TIMES for time in times):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    creation, access, write, change = (None if t in _KEEP_TIMES else t for t in times)
    target = _node_file(file)
    target.set_attributes(information.FileAttributes)
    target.set_times(creation=creation, access=access, write=write, change=change)


def _rename(thread: Thread, file: FileObject, data: bytes) -> None:
    _move(move.rename, thread, file, data, REPLACE_IF_EXISTS if data[0] else 0)


def _rename_ex(thread: Thread, file: FileObject, data: bytes) -> None:
    _move(move.rename, thread, file, data, FILE_RENAME_INFORMATION.from_bytes(data).Flags)


def _link(thread: Thread, file: FileObject, data: bytes) -> None:
    _move(move.link, thread, file, data, REPLACE_IF_EXISTS if data[0] else 0)


def _link_ex(thread: Thread, file: FileObject, data: bytes) -> None:
    _move(move.link, thread, file, data, FILE_RENAME_INFORMATION.from_bytes(data).Flags)


def _move(
    action: Callable[..., None], thread: Thread, file: FileObject, data: bytes, flags: int
) -> None:
    target = _node_file(file)
    path, root = _target_name(data)
    new_name = thread.process.kernel.io.new_name(target, named_request(thread, path, root))
    replace, posix = bool(flags & REPLACE_IF_EXISTS), bool(flags & POSIX_SEMANTICS)
    action(target, new_name, replace=replace, posix=posix)


def _disposition(thread: Thread, file: FileObject, data: bytes) -> None:
    _node_file(file).set_delete(bool(data[0]))


def _disposition_ex(thread: Thread, file: FileObject, data: bytes) -> None:
    flags = FILE_LONG_INFORMATION.from_bytes(data).Value
    if flags & ~ALL_DISPOSITIONS:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    target, wanted = _node_file(file), bool(flags & DISPOSITION_DELETE)
    if flags & DISPOSITION_ON_CLOSE:
        target.delete_on_close = wanted
        return
    ignore = bool(flags & DISPOSITION_IGNORE_READONLY)
    target.set_delete(wanted, ignore_read_only=ignore)
    target.is_posix = wanted and bool(flags & POSIX_SEMANTICS)


def _position(thread: Thread, file: FileObject, data: bytes) -> None:
    position = FILE_POSITION_INFORMATION.from_bytes(data).Value
    if position < 0:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    file.position = position


def _mode(thread: Thread, file: FileObject, data: bytes) -> None:
    """Only what has no effect on data may change: the synchronous options must stay."""
    mode = FILE_LONG_INFORMATION.from_bytes(data).Value
    kept = 0x38
    if mode & ~MODE_BITS or (mode ^ file.mode) & kept:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    file.mode = file.mode & ~MODE_BITS | mode


def _allocation(thread: Thread, file: FileObject, data: bytes) -> None:
    """A smaller allocation cuts the file; a larger one is no promise that we need to keep."""
    size = FILE_POSITION_INFORMATION.from_bytes(data).Value
    target = _disk_file(file)
    if size < 0 or size < target.status().size:
        target.set_size(size)


def _end_of_file(thread: Thread, file: FileObject, data: bytes) -> None:
    _disk_file(file).set_size(FILE_POSITION_INFORMATION.from_bytes(data).Value)


def _pipe(thread: Thread, file: FileObject, data: bytes) -> None:
    if not isinstance(file, AnyPipe):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    set_pipe_information(file, data)


def _node_file(file: FileObject) -> NodeFile:
    if not isinstance(file, NodeFile):
        raise NtError(NTSTATUS.INVALID_DEVICE_REQUEST)
    return file


def _disk_file(file: FileObject) -> DiskFile:
    if not isinstance(file, DiskFile):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    return file


def _completion(thread: Thread, file: FileObject, data: bytes) -> None:
    """Let the file's operations tell a port their end; once, and never of a synchronous file."""
    handle, key = struct.unpack_from("<2I", data)
    port = reference(thread, handle, IoCompletion, IO_COMPLETION_MODIFY_STATE)
    if file.is_synchronous or file.completion is not None:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    port.reference()
    file.completion = Association(port, key)


def _replace_completion(thread: Thread, file: FileObject, data: bytes) -> None:
    """Let the operations tell another port their end, or none (a handle of 0)."""
    handle, key = struct.unpack_from("<2I", data)
    if file.is_synchronous:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    port = None
    if handle:
        port = reference(thread, handle, IoCompletion, IO_COMPLETION_MODIFY_STATE)
        port.reference()
    if file.completion is not None:
        file.completion.port.dereference()
    file.completion = None if port is None else Association(port, key)


def _completion_modes(thread: Thread, file: FileObject, data: bytes) -> None:
    """What an operation's end leaves out; a flag that was set stays."""
    flags = FILE_LONG_INFORMATION.from_bytes(data).Value & COMPLETION_MODES
    if file.is_synchronous and flags & SKIP_PORT_ON_SUCCESS:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    file.notification |= flags
    if flags & SKIP_HANDLE:
        file.signaled = False


def _priority(thread: Thread, file: FileObject, data: bytes) -> None:
    priority = FILE_LONG_INFORMATION.from_bytes(data).Value
    if priority > NORMAL_PRIORITY:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    file.priority = priority


def _refused(thread: Thread, file: FileObject, data: bytes) -> NoReturn:
    """What only an administrator may: the privilege is not held."""
    _node_file(file)
    raise NtError(NTSTATUS.PRIVILEGE_NOT_HELD)


def _mailslot(thread: Thread, file: FileObject, data: bytes) -> None:
    if not isinstance(file, Mailslot):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    set_mailslot_information(thread, file, data)


def _target_name(data: bytes) -> tuple[str, int]:
    """The new path and the handle of the directory that it is relative to."""
    header = FILE_RENAME_INFORMATION.from_bytes(data)
    name = data[header.SIZE :][: header.FileNameLength]
    if len(name) != header.FileNameLength or len(name) & 1 or not name:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    return decode_utf16(name), header.RootDirectory


_RENAME_BYTES = FILE_RENAME_INFORMATION.SIZE + 2
_CHANGES: dict[int, _Change] = {
    _Class.FileBasicInformation: _Change(
        _basic, Access.WRITE_ATTRIBUTES, FILE_BASIC_INFORMATION.SIZE
    ),
    _Class.FileRenameInformation: _Change(_rename, Access.DELETE, _RENAME_BYTES),
    _Class.FileLinkInformation: _Change(_link, 0, _RENAME_BYTES),
    _Class.FileDispositionInformation: _Change(_disposition, Access.DELETE, 1),
    _Class.FilePositionInformation: _Change(_position, 0, FILE_POSITION_INFORMATION.SIZE),
    _Class.FileModeInformation: _Change(_mode, 0, FILE_LONG_INFORMATION.SIZE),
    _Class.FileAllocationInformation: _Change(
        _allocation, Access.WRITE_DATA, FILE_POSITION_INFORMATION.SIZE
    ),
    _Class.FileEndOfFileInformation: _Change(
        _end_of_file, Access.WRITE_DATA, FILE_POSITION_INFORMATION.SIZE
    ),
    _Class.FileCompletionInformation: _Change(_completion, 0, 8),
    _Class.FilePipeInformation: _Change(
        _pipe, Access.WRITE_ATTRIBUTES, FILE_PIPE_INFORMATION.SIZE, strict=True
    ),
    _Class.FileMailslotSetInformation: _Change(_mailslot, 0, 4),
    _Class.FileIoCompletionNotificationInformation: _Change(
        _completion_modes, 0, FILE_LONG_INFORMATION.SIZE
    ),
    _Class.FileReplaceCompletionInformation: _Change(_replace_completion, 0, 8),
    _Class.FileDispositionInformationEx: _Change(
        _disposition_ex, Access.DELETE, FILE_LONG_INFORMATION.SIZE
    ),
    _Class.FileIoPriorityHintInformation: _Change(_priority, 0, FILE_LONG_INFORMATION.SIZE),
    _Class.FileValidDataLengthInformation: _Change(
        _refused, Access.WRITE_DATA, FILE_POSITION_INFORMATION.SIZE
    ),
    _Class.FileShortNameInformation: _Change(_refused, Access.DELETE, SHORT_NAME_BYTES),
    _Class.FileLinkInformationEx: _Change(_link_ex, 0, _RENAME_BYTES),
    _Class.FileRenameInformationEx: _Change(_rename_ex, Access.DELETE, _RENAME_BYTES),
}
