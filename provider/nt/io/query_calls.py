"""NtQueryInformationFile: what a guest can ask about an open file."""

from __future__ import annotations

from collections.abc import Callable

from emu.named_tuple import NamedTuple
from provider.kernel.io import FileObject
from provider.kernel.io.disk_file import NodeFile
from provider.kernel.io.mailslot import Mailslot
from provider.kernel.io.request import Access
from provider.kernel.io.stream_pipe import AnyPipe
from provider.kernel.thread import Thread
from provider.nt.contents import FILLED
from provider.nt.handles import reference, reference_file
from provider.nt.io import link_query
from provider.nt.io.flags import FileInformation as _Class
from provider.nt.io.mailslot_calls import mailslot_information
from provider.nt.io.open_calls import basic_information, network_open_information, open_to_ask
from provider.nt.io.operation import Operation
from provider.nt.io.pipe_calls import pipe_information, pipe_local_information
from provider.nt.legend import FILE_INFORMATION_CLASS
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.io import (
    FILE_ALL_INFORMATION,
    FILE_ATTRIBUTE_TAG_INFORMATION,
    FILE_ID_INFORMATION,
    FILE_INTERNAL_INFORMATION,
    FILE_LONG_INFORMATION,
    FILE_NAME_INFORMATION,
    FILE_POSITION_INFORMATION,
    FILE_STANDARD_INFORMATION,
    FILE_STANDARD_LINK_INFORMATION,
    FILE_STREAM_INFORMATION,
    IO_STATUS_BLOCK,
)
from provider.nt.structs.ob import OBJECT_ATTRIBUTES
from provider.nt.table import nt
from provider.nt.types import HANDLE, ULONG, encode_utf16
from provider.syscall import Out

FILE_NAME_MINIMUM = 8
FILE_ALL_MINIMUM = 104
FILE_LINKS_MINIMUM = 8
_DEFAULT_STREAM = encode_utf16("::$DATA")


class _Asked(NamedTuple):
    """The file that is asked about, the rights of the handle, and who asks."""

    file: FileObject
    access: int
    thread: Thread


class _Query(NamedTuple):
    """How a class is answered: the rights that it takes, and the least bytes that must fit.

    -1: all of them.
    """

    answer: Callable[[_Asked], bytes]
    access: int = 0
    minimum: int = -1
    strict: bool = False
    """No userland does without the rights."""


@nt.syscall(partial="Classes of links by name, quotas, object identifiers and reparse points.")
def NtQueryInformationFile(
    thread: Thread,
    FileHandle: HANDLE,
    IoStatusBlock: Out[IO_STATUS_BLOCK],
    FileInformation: FILLED,
    Length: ULONG,
    FileInformationClass: FILE_INFORMATION_CLASS,
) -> int:
    """Tell something about an open file."""
    query = _QUERIES.get(FileInformationClass)
    if query is None:
        raise NtError(NTSTATUS.INVALID_INFO_CLASS)
    if Length < query.minimum:
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
    find = reference if query.strict else reference_file
    file = find(thread, FileHandle, FileObject, query.access)
    access = thread.process.handles.entry(FileHandle).access
    data = query.answer(_Asked(file, access, thread))
    operation = Operation(thread, IoStatusBlock)
    return operation.answer(FileInformation, Length, data, minimum=query.minimum)


@nt.syscall()
def NtQueryInformationByName(
    thread: Thread,
    ObjectAttributes: OBJECT_ATTRIBUTES,
    IoStatusBlock: Out[IO_STATUS_BLOCK],
    FileInformation: FILLED,
    Length: ULONG,
    FileInformationClass: FILE_INFORMATION_CLASS,
) -> int:
    """Tell something about a file that is not open."""
    if FileInformationClass not in _BY_NAME:
        raise NtError(NTSTATUS.INVALID_INFO_CLASS)
    file = open_to_ask(thread, ObjectAttributes)
    try:
        data = _QUERIES[FileInformationClass].answer(_Asked(file, file.access, thread))
    finally:
        file.close()
    return Operation(thread, IoStatusBlock).answer(FileInformation, Length, data)


def _basic(asked: _Asked) -> bytes:
    return bytes(basic_information(asked.file.status()))


def _standard_information(file: FileObject) -> FILE_STANDARD_INFORMATION:
    status = file.status()
    pending = isinstance(file, NodeFile) and file.node.delete_pending
    return FILE_STANDARD_INFORMATION(
        AllocationSize=status.allocation,
        EndOfFile=status.size,
        NumberOfLinks=status.links,
        DeletePending=pending,
        Directory=status.is_directory,
    )


def _standard(asked: _Asked) -> bytes:
    return bytes(_standard_information(asked.file))


def _internal(asked: _Asked) -> bytes:
    return bytes(FILE_INTERNAL_INFORMATION(IndexNumber=_identifier(asked.file)))


def _identifier(file: FileObject) -> int:
    return file.identifier() if isinstance(file, NodeFile) else file.status().id


def _zero(asked: _Asked) -> bytes:
    return bytes(FILE_LONG_INFORMATION())


def _ea_size(asked: _Asked) -> int:
    file = asked.file
    if not isinstance(file, NodeFile):
        return 0
    attributes = file.node.records.get(file.node.where.key).extended_attributes
    return attributes.packed_size if attributes is not None else 0


def _ea(asked: _Asked) -> bytes:
    return bytes(FILE_LONG_INFORMATION(Value=_ea_size(asked)))


def _access(asked: _Asked) -> bytes:
    return bytes(FILE_LONG_INFORMATION(Value=asked.access))


def _mode(asked: _Asked) -> bytes:
    return bytes(FILE_LONG_INFORMATION(Value=asked.file.mode))


def _position(asked: _Asked) -> bytes:
    return bytes(FILE_POSITION_INFORMATION(Value=asked.file.position))


def _name(asked: _Asked) -> bytes:
    name = encode_utf16(asked.file.volume_path())
    return bytes(FILE_NAME_INFORMATION(FileNameLength=len(name))) + name


def _all(asked: _Asked) -> bytes:
    information = FILE_ALL_INFORMATION(
        EaSize=_ea_size(asked),
        AccessFlags=asked.access,
        CurrentByteOffset=asked.file.position,
        Mode=asked.file.mode,
    )
    status = asked.file.status()
    information.BasicInformation = basic_information(status)
    information.StandardInformation = _standard_information(asked.file)
    information.InternalInformation.IndexNumber = _identifier(asked.file)
    return bytes(information) + _name(asked)


def _stream(asked: _Asked) -> bytes:
    status = asked.file.status()
    if status.is_directory:
        return b""
    information = FILE_STREAM_INFORMATION(
        StreamNameLength=len(_DEFAULT_STREAM),
        StreamSize=status.size,
        StreamAllocationSize=status.allocation,
    )
    return bytes(information) + _DEFAULT_STREAM


def _network_open(asked: _Asked) -> bytes:
    return bytes(network_open_information(asked.file.status()))


def _attribute_tag(asked: _Asked) -> bytes:
    return bytes(FILE_ATTRIBUTE_TAG_INFORMATION(FileAttributes=asked.file.status().attributes))


def _standard_link(asked: _Asked) -> bytes:
    standard = _standard_information(asked.file)
    return bytes(
        FILE_STANDARD_LINK_INFORMATION(
            NumberOfAccessibleLinks=standard.NumberOfLinks,
            TotalNumberOfLinks=standard.NumberOfLinks,
            DeletePending=standard.DeletePending,
            Directory=standard.Directory,
        )
    )


def _id(asked: _Asked) -> bytes:
    file = asked.file
    if not isinstance(file, NodeFile):
        file.refuse()
    identifier = file.identifier().to_bytes(16, "little")
    return bytes(FILE_ID_INFORMATION(VolumeSerialNumber=file.volume.serial, FileId=identifier))


def _node(asked: _Asked) -> NodeFile:
    if not isinstance(asked.file, NodeFile):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    return asked.file


def _priority(asked: _Asked) -> bytes:
    return bytes(FILE_LONG_INFORMATION(Value=asked.file.priority))


def _is_remote(asked: _Asked) -> bytes:
    _node(asked)
    return b"\0"


def _pipe(asked: _Asked) -> bytes:
    return pipe_information(_pipe_end(asked.file))


def _pipe_local(asked: _Asked) -> bytes:
    return pipe_local_information(_pipe_end(asked.file))


def _mailslot(asked: _Asked) -> bytes:
    if not isinstance(asked.file, Mailslot):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    return mailslot_information(asked.file)


def _completion_modes(asked: _Asked) -> bytes:
    return bytes(FILE_LONG_INFORMATION(Value=asked.file.notification))


def _pipe_end(file: FileObject) -> AnyPipe:
    if not isinstance(file, AnyPipe):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    return file


_BY_NAME = (_Class.FileStatInformation, _Class.FileCaseSensitiveInformation)
_QUERIES: dict[int, _Query] = {
    _Class.FileBasicInformation: _Query(_basic, Access.READ_ATTRIBUTES),
    _Class.FileStandardInformation: _Query(_standard),
    _Class.FileInternalInformation: _Query(_internal),
    _Class.FileEaInformation: _Query(_ea),
    _Class.FileAccessInformation: _Query(_access),
    _Class.FileNameInformation: _Query(_name, 0, FILE_NAME_MINIMUM),
    _Class.FilePositionInformation: _Query(_position),
    _Class.FileModeInformation: _Query(_mode),
    _Class.FileAlignmentInformation: _Query(_zero),
    _Class.FileAllInformation: _Query(_all, Access.READ_ATTRIBUTES, FILE_ALL_MINIMUM),
    _Class.FileStreamInformation: _Query(_stream, 0, FILE_STREAM_INFORMATION.SIZE),
    _Class.FilePipeInformation: _Query(_pipe, Access.READ_ATTRIBUTES, strict=True),
    _Class.FilePipeLocalInformation: _Query(_pipe_local, Access.READ_ATTRIBUTES, strict=True),
    _Class.FileMailslotQueryInformation: _Query(_mailslot),
    _Class.FileIoCompletionNotificationInformation: _Query(_completion_modes),
    _Class.FileNetworkOpenInformation: _Query(_network_open, Access.READ_ATTRIBUTES),
    _Class.FileAttributeTagInformation: _Query(_attribute_tag, Access.READ_ATTRIBUTES),
    _Class.FileNormalizedNameInformation: _Query(_name, 0, FILE_NAME_MINIMUM),
    _Class.FileStandardLinkInformation: _Query(_standard_link),
    _Class.FileIdInformation: _Query(_id),
    _Class.FileAlternateNameInformation: _Query(
        lambda asked: link_query.alternate_name(_node(asked)), 0, FILE_NAME_MINIMUM
    ),
    _Class.FileCompressionInformation: _Query(lambda asked: link_query.compression(_node(asked))),
    _Class.FileIoPriorityHintInformation: _Query(_priority),
    _Class.FileHardLinkInformation: _Query(
        lambda asked: link_query.hard_links(_node(asked)), 0, FILE_LINKS_MINIMUM
    ),
    _Class.FileProcessIdsUsingFileInformation: _Query(
        lambda asked: link_query.users(_node(asked), asked.thread.process.kernel)
    ),
    _Class.FileIsRemoteDeviceInformation: _Query(_is_remote),
    _Class.FileStatInformation: _Query(
        lambda asked: link_query.stat(_node(asked), asked.access), Access.READ_ATTRIBUTES
    ),
    _Class.FileCaseSensitiveInformation: _Query(_zero, Access.READ_ATTRIBUTES),
}
