"""Calls on handles and on objects of any type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.io import FileObject
from provider.kernel.ob.access import DELETE
from provider.kernel.ob.handle import HandleEntry
from provider.kernel.ob.object import KernelObject
from provider.kernel.process import Process
from provider.kernel.thread import Thread
from provider.nt.access import PROCESS_DUP_HANDLE
from provider.nt.handles import CURRENT_THREAD, reference
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.ob import (
    OBJ,
    OBJECT_BASIC_INFORMATION,
    OBJECT_HANDLE_FLAG_INFORMATION,
    OBJECT_TYPE_INFORMATION,
)
from provider.nt.table import nt
from provider.nt.types import (
    ACCESS_MASK,
    HANDLE,
    PVOID,
    ULONG,
    UNICODE_STRING_HEADER,
    encode_utf16,
)
from provider.syscall import Out

if TYPE_CHECKING:
    from provider.kernel.mm import AddressSpace

DUPLICATE_CLOSE_SOURCE = 1
DUPLICATE_SAME_ACCESS = 2
DUPLICATE_SAME_ATTRIBUTES = 4

OBJECT_BASIC, OBJECT_NAME, OBJECT_TYPE, OBJECT_TYPES, OBJECT_HANDLE_FLAG = range(5)
STRING_HEADER = UNICODE_STRING_HEADER.SIZE
LONGEST_STRING = 0xFFFC


@nt.syscall()
def NtClose(thread: Thread, Handle: HANDLE) -> None:
    """Give a handle up."""
    if Handle >= CURRENT_THREAD:
        return
    thread.process.handles.close(Handle)


@nt.syscall()
def NtDuplicateObject(
    thread: Thread,
    SourceProcessHandle: HANDLE,
    SourceHandle: HANDLE,
    TargetProcessHandle: HANDLE,
    TargetHandle: Out[HANDLE] | None,
    DesiredAccess: ACCESS_MASK,
    HandleAttributes: ULONG,
    Options: ULONG,
) -> None:
    """Make another handle for an object, in any process.

    With DUPLICATE_CLOSE_SOURCE the source is closed even if the duplication fails.
    """
    source = reference(thread, SourceProcessHandle, Process, PROCESS_DUP_HANDLE)
    entry = _source_entry(thread, source, SourceHandle)
    try:
        if TargetProcessHandle:
            target = reference(thread, TargetProcessHandle, Process, PROCESS_DUP_HANDLE)
            if target.exit_status is not None:
                raise NtError(NTSTATUS.PROCESS_IS_TERMINATING)
            same = bool(Options & DUPLICATE_SAME_ACCESS)
            access = entry.access if same else entry.object.grant(DesiredAccess)
            keep = bool(Options & DUPLICATE_SAME_ATTRIBUTES)
            handle = target.handles.insert(
                entry.object,
                access,
                inherit=entry.inherit if keep else bool(HandleAttributes & OBJ.OBJ_INHERIT),
                protect=entry.protect if keep else bool(HandleAttributes & OBJ.OBJ_PROTECT_CLOSE),
            )
            if TargetHandle is not None:
                TargetHandle.value = handle
        elif not Options & DUPLICATE_CLOSE_SOURCE:
            raise NtError(NTSTATUS.INVALID_PARAMETER)
    finally:
        if Options & DUPLICATE_CLOSE_SOURCE and SourceHandle < CURRENT_THREAD:
            source.handles.close(SourceHandle)


@nt.syscall(partial="Object types are not enumerated; pool charges are 0.")
def NtQueryObject(
    thread: Thread,
    Handle: HANDLE | None,
    ObjectInformationClass: ULONG,
    ObjectInformation: PVOID,
    ObjectInformationLength: ULONG,
    ReturnLength: Out[ULONG] | None,
) -> None:
    """Tell the counts, the name, the type or the flags of a handle."""
    query = {
        OBJECT_BASIC: _basic,
        OBJECT_NAME: _name,
        OBJECT_TYPE: _type,
        OBJECT_HANDLE_FLAG: _handle_flags,
    }.get(ObjectInformationClass)
    if query is None:
        raise NtError(NTSTATUS.INVALID_INFO_CLASS)
    entry = _source_entry(thread, thread.process, Handle or 0)
    data = query(entry, ObjectInformation)
    if ReturnLength is not None:
        ReturnLength.value = len(data)
    if ObjectInformationLength < len(data):
        named_file = ObjectInformationClass == OBJECT_NAME and isinstance(entry.object, FileObject)
        warns = named_file and ObjectInformationLength >= STRING_HEADER
        raise NtError(NTSTATUS.BUFFER_OVERFLOW if warns else NTSTATUS.INFO_LENGTH_MISMATCH)
    thread.process.space.write(ObjectInformation, data)


@nt.syscall(partial="Only the flags of handles can be set.")
def NtSetInformationObject(
    thread: Thread,
    Handle: HANDLE,
    ObjectInformationClass: ULONG,
    ObjectInformation: PVOID,
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


@nt.syscall()
def NtMakeTemporaryObject(thread: Thread, Handle: HANDLE) -> None:
    """Let an object's name go with its last handle."""
    target = reference(thread, Handle, KernelObject, DELETE)
    target.permanent = False
    target.drop_name()


@nt.syscall()
def NtMakePermanentObject(thread: Thread, Handle: HANDLE) -> None:
    """Refused: it takes a privilege that no guest holds."""
    reference(thread, Handle, KernelObject)
    raise NtError(NTSTATUS.PRIVILEGE_NOT_HELD)


@nt.syscall()
def NtCompareObjects(
    thread: Thread, FirstObjectHandle: HANDLE, SecondObjectHandle: HANDLE
) -> NTSTATUS:
    """Whether two handles refer to one object."""
    first = reference(thread, FirstObjectHandle, KernelObject)
    second = reference(thread, SecondObjectHandle, KernelObject)
    return NTSTATUS.SUCCESS if first is second else NTSTATUS.NOT_SAME_OBJECT


def string_at(va: int, text: str) -> bytes:
    """A UNICODE_STRING for address `va` with its zero-ended characters behind it."""
    encoded = encode_utf16(text)[:LONGEST_STRING]
    header = UNICODE_STRING_HEADER(
        Length=len(encoded), MaximumLength=len(encoded) + 2, Buffer=(va + STRING_HEADER)
    )
    return bytes(header) + encoded + b"\0\0"


def write_string(space: AddressSpace, va: int, text: str) -> int:
    """Fill the UNICODE_STRING at `va`, whose Buffer and MaximumLength the guest has set.

    Returns the bytes that it takes with its zero; NtError BUFFER_TOO_SMALL.
    """
    header = UNICODE_STRING_HEADER.from_bytes(space.read(va, STRING_HEADER))
    encoded = encode_utf16(text)
    if header.MaximumLength < len(encoded):
        raise NtError(NTSTATUS.BUFFER_TOO_SMALL)
    room = header.MaximumLength >= len(encoded) + 2
    space.write(header.Buffer, encoded + b"\0\0" if room else encoded)
    header.Length = len(encoded)
    space.write(va, bytes(header))
    return len(encoded) + 2


def _source_entry(thread: Thread, process: Process, handle: int) -> HandleEntry:
    if handle < CURRENT_THREAD:
        return process.handles.entry(handle)
    target = reference(thread, handle, KernelObject)
    return HandleEntry(target, target.generic.all, False, False)


def _basic(entry: HandleEntry, va: int) -> bytes:
    target = entry.object
    return bytes(
        OBJECT_BASIC_INFORMATION(
            Attributes=entry.inherit * OBJ.OBJ_INHERIT
            | entry.protect * OBJ.OBJ_PROTECT_CLOSE
            | target.permanent * OBJ.OBJ_PERMANENT,
            GrantedAccess=entry.access,
            HandleCount=target.handle_count,
            PointerCount=target.reference_count,
            NameInfoSize=len(_name(entry, 0)),
            TypeInfoSize=len(_type(entry, 0)),
        )
    )


def _name(entry: HandleEntry, va: int) -> bytes:
    name = entry.object.full_name()
    return string_at(va, name) if name else bytes(STRING_HEADER)


def _type(entry: HandleEntry, va: int) -> bytes:
    target = entry.object
    name = string_at(va + OBJECT_TYPE_INFORMATION.SIZE - STRING_HEADER, target.type_name)
    information = OBJECT_TYPE_INFORMATION(
        TotalNumberOfObjects=1,
        TotalNumberOfHandles=target.handle_count,
        GenericRead=target.generic.read,
        GenericWrite=target.generic.write,
        GenericExecute=target.generic.execute,
        GenericAll=target.generic.all,
        ValidAccessMask=target.generic.all,
    )
    information.TypeName = UNICODE_STRING_HEADER.from_bytes(name)
    data = bytes(information) + name[STRING_HEADER:]
    return data.ljust(-(-len(data) // 4) * 4, b"\0")


def _handle_flags(entry: HandleEntry, va: int) -> bytes:
    return bytes(
        OBJECT_HANDLE_FLAG_INFORMATION(Inherit=entry.inherit, ProtectFromClose=entry.protect)
    )
