"""NtQueryObject and NtSetInformationObject."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError
from provider.kernel.io import FileObject
from provider.kernel.io.disk_file import NodeFile
from provider.kernel.thread import Thread
from provider.nt.contents import FILLED, GIVEN
from provider.nt.handles import userland_of
from provider.nt.legend import OBJECT_CLASS
from provider.nt.ob.strings import STRING_HEADER, string_at
from provider.nt.ob.syscalls import source_entry
from provider.nt.ob.type_table import FIRST_INDEX, INDEX, TYPES, ObjectType, Totals
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.ob import (
    OBJ,
    OBJECT_BASIC_INFORMATION,
    OBJECT_HANDLE_FLAG_INFORMATION,
    OBJECT_TYPE_INFORMATION,
)
from provider.nt.table import nt
from provider.nt.types import HANDLE, ULONG, UNICODE_STRING_HEADER
from provider.syscall import Out

if TYPE_CHECKING:
    from provider.kernel.kernel import Kernel
    from provider.kernel.ob.handle import HandleEntry
    from provider.kernel.ob.object import KernelObject

OBJECT_BASIC, OBJECT_NAME, OBJECT_TYPE, OBJECT_TYPES, OBJECT_HANDLE_FLAG = range(5)
_TYPES_HEADER = 4


@nt.syscall(partial="Pool charges are 0, and peaks are what there is now.")
def NtQueryObject(
    thread: Thread,
    Handle: HANDLE | None,
    ObjectInformationClass: OBJECT_CLASS,
    ObjectInformation: FILLED,
    ObjectInformationLength: ULONG,
    ReturnLength: Out[ULONG] | None,
) -> None:
    """Tell the counts, the name, the type or the flags of a handle, or all types."""
    query = {
        OBJECT_BASIC: _basic,
        OBJECT_NAME: _name,
        OBJECT_TYPE: _type,
        OBJECT_HANDLE_FLAG: _handle_flags,
    }.get(ObjectInformationClass)
    kernel = thread.process.kernel
    if ObjectInformationClass == OBJECT_TYPES:
        data = _types(kernel, ObjectInformation)
        _store(thread, data, ObjectInformation, ObjectInformationLength, ReturnLength)
        return
    if query is None:
        raise NtError(NTSTATUS.INVALID_INFO_CLASS)
    entry = source_entry(thread, thread.process, Handle or 0)
    if ObjectInformationClass == OBJECT_BASIC and (
        ObjectInformationLength != OBJECT_BASIC_INFORMATION.SIZE
    ):
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
    data = query(kernel, entry, ObjectInformation)
    userland = userland_of(thread.process)
    if ObjectInformationClass == OBJECT_NAME and userland is not None and userland.dos_file_names:
        data = _drive_name(entry, ObjectInformation) or data
    named_file = ObjectInformationClass == OBJECT_NAME and isinstance(entry.object, FileObject)
    warns = named_file and ObjectInformationLength >= STRING_HEADER
    short = NTSTATUS.BUFFER_OVERFLOW if warns else NTSTATUS.INFO_LENGTH_MISMATCH
    _store(thread, data, ObjectInformation, ObjectInformationLength, ReturnLength, short)


@nt.syscall(partial="Only the flags of handles can be set.")
def NtSetInformationObject(
    thread: Thread,
    Handle: HANDLE,
    ObjectInformationClass: OBJECT_CLASS,
    ObjectInformation: GIVEN,
    ObjectInformationLength: ULONG,
) -> None:
    """Make a handle inheritable, or keep it from being closed."""
    if ObjectInformationClass != OBJECT_HANDLE_FLAG:
        raise NtError(NTSTATUS.INVALID_INFO_CLASS)
    if ObjectInformationLength != OBJECT_HANDLE_FLAG_INFORMATION.SIZE:
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
    data = thread.process.space.read(ObjectInformation, ObjectInformationLength)
    flags = OBJECT_HANDLE_FLAG_INFORMATION.from_bytes(data)
    entry = thread.process.handles.entry(Handle)
    entry.inherit, entry.protect = bool(flags.Inherit), bool(flags.ProtectFromClose)


def _store(
    thread: Thread,
    data: bytes,
    va: int,
    length: int,
    returned: Out[int] | None,
    short: NTSTATUS = NTSTATUS.INFO_LENGTH_MISMATCH,
) -> None:
    """Store an answer.  NtError `short` where it does not fit."""
    if returned is not None:
        returned.value = len(data)
    if length < len(data):
        raise NtError(short)
    thread.process.space.write(va, data)


def _basic(kernel: Kernel, entry: HandleEntry, va: int) -> bytes:
    target = entry.object
    return bytes(
        OBJECT_BASIC_INFORMATION(
            Attributes=entry.inherit * OBJ.OBJ_INHERIT
            | entry.protect * OBJ.OBJ_PROTECT_CLOSE
            | target.permanent * OBJ.OBJ_PERMANENT,
            GrantedAccess=entry.access,
            HandleCount=target.handle_count,
            PointerCount=target.reference_count,
            NameInfoSize=_name_size(target),
            TypeInfoSize=len(_type(kernel, entry, 0)),
            SecurityDescriptorSize=_security_size(target),
        )
    )


def _name(kernel: Kernel, entry: HandleEntry, va: int) -> bytes:
    name = entry.object.full_name()
    return string_at(va, name) if name else bytes(STRING_HEADER)


def _drive_name(entry: HandleEntry, va: int) -> bytes | None:
    r"""The name of a file with its drive, below `\??`; None for other objects."""
    file = entry.object
    if not isinstance(file, NodeFile):
        return None
    return string_at(va, f"\\??\\{file.volume.drive}:{file.volume_path()}")


def _handle_flags(kernel: Kernel, entry: HandleEntry, va: int) -> bytes:
    return bytes(
        OBJECT_HANDLE_FLAG_INFORMATION(Inherit=entry.inherit, ProtectFromClose=entry.protect)
    )


def _security_size(target: KernelObject) -> int:
    """Bytes of the object's security descriptor; a deleted key has none any more."""
    try:
        return len(target.get_security() or b"")
    except KernelError:
        return 0


def _name_size(target: KernelObject) -> int:
    """Bytes of the object's name information; a deleted key has no name any more."""
    try:
        name = target.full_name()
    except KernelError:
        return 0
    return len(string_at(0, name)) if name else STRING_HEADER


def _type(kernel: Kernel, entry: HandleEntry, va: int) -> bytes:
    target = entry.object
    kind = TYPES[INDEX[target.type_name] - FIRST_INDEX]
    return _type_information(kind, Totals(kernel), va)


def _types(kernel: Kernel, va: int) -> bytes:
    """A count, then the types, each at a multiple of 4."""
    totals = Totals(kernel)
    data = len(TYPES).to_bytes(_TYPES_HEADER, "little")
    for kind in TYPES:
        data += _type_information(kind, totals, va + len(data))
    return data


def _type_information(kind: ObjectType, totals: Totals, va: int) -> bytes:
    name = string_at((va + OBJECT_TYPE_INFORMATION.SIZE - STRING_HEADER) & 0xFFFFFFFF, kind.name)
    information = OBJECT_TYPE_INFORMATION(
        TotalNumberOfObjects=totals.objects[kind.name],
        TotalNumberOfHandles=totals.handles[kind.name],
        HighWaterNumberOfObjects=totals.objects[kind.name],
        HighWaterNumberOfHandles=totals.handles[kind.name],
        GenericRead=kind.generic.read,
        GenericWrite=kind.generic.write,
        GenericExecute=kind.generic.execute,
        GenericAll=kind.generic.all,
        ValidAccessMask=kind.valid_access,
        SecurityRequired=kind.security_required,
        TypeIndex=INDEX[kind.name],
    )
    information.TypeName = UNICODE_STRING_HEADER.from_bytes(name)
    data = bytes(information) + name[STRING_HEADER:]
    return data.ljust(-(-len(data) // 4) * 4, b"\0")
