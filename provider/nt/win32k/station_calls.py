"""Calls about window stations and desktops: there is one of each, WinSta0 and Default."""

from __future__ import annotations

import struct

from provider.kernel.ob.access import STANDARD_REQUIRED, GenericMapping
from provider.kernel.ob.object import KernelObject
from provider.kernel.thread import Thread
from provider.nt.handles import reference
from provider.nt.legend import ACCESS_MASK
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.ob import OBJ, OBJECT_ATTRIBUTES
from provider.nt.table import win32k
from provider.nt.types import HANDLE, LONG, PVOID, ULONG, encode_utf16
from provider.nt.win32k.desktop import desktop_of
from provider.nt.win32k.last_error import ERROR_INSUFFICIENT_BUFFER, ERROR_INVALID_PARAMETER, fail

_UOI_FLAGS, _UOI_NAME, _UOI_TYPE = 1, 2, 3
_WSF_VISIBLE = 1


class WindowStation(KernelObject):
    """What has a clipboard and desktops."""

    __slots__ = ()

    type_name = "WindowStation"
    generic = GenericMapping(read=0x20303, write=0x2001C, execute=0x20060, all=0xF037F)
    title = "WinSta0"


class DesktopObject(KernelObject):
    """What has windows."""

    __slots__ = ()

    type_name = "Desktop"
    generic = GenericMapping(read=0x20041, write=0x200BE, execute=0x20100, all=0xF01FF)
    title = "Default"


UserObject = WindowStation | DesktopObject
_ALL = STANDARD_REQUIRED | 0x3FF


def _handle(thread: Thread, kind: type[UserObject], access: int = _ALL, attributes: int = 0) -> int:
    """A new handle.  KernelError."""
    objects = desktop_of(thread).objects
    target = objects.get(kind.type_name)
    if target is None:
        target = objects[kind.type_name] = kind()
        target.reference()
    granted = target.generic.map(access)
    inherit = bool(attributes & OBJ.OBJ_INHERIT)
    return thread.process.handles.insert(target, granted, inherit=inherit)


def _kept_handle(thread: Thread, kind: type[UserObject]) -> int:
    """The handle that the process has from its beginning."""
    handles = desktop_of(thread).process(thread.process).station_handles
    if kind.type_name not in handles:
        handles[kind.type_name] = _handle(thread, kind)
    return handles[kind.type_name]


@win32k.syscall()
def NtUserGetProcessWindowStation(thread: Thread) -> int:
    """The handle of the process's window station."""
    return _kept_handle(thread, WindowStation)


@win32k.syscall()
def NtUserGetThreadDesktop(thread: Thread, ThreadId: ULONG) -> int:
    """The handle of a thread's desktop."""
    return _kept_handle(thread, DesktopObject)


def _open(
    thread: Thread, kind: type[UserObject], attributes: OBJECT_ATTRIBUTES | None, access: int
) -> int:
    """NtError OBJECT_NAME_NOT_FOUND."""
    name = attributes.name.rpartition("\\")[2] if attributes is not None else ""
    if name.lower() not in ("", kind.title.lower()):
        raise NtError(NTSTATUS.OBJECT_NAME_NOT_FOUND)
    return _handle(thread, kind, access, attributes.attributes if attributes is not None else 0)


@win32k.syscall()
def NtUserOpenWindowStation(
    thread: Thread, Attributes: OBJECT_ATTRIBUTES | None, Access: ACCESS_MASK
) -> int:
    """Open the window station."""
    return _open(thread, WindowStation, Attributes, Access)


@win32k.syscall(partial="Only to open the one that there is.")
def NtUserCreateWindowStation(
    thread: Thread,
    Attributes: OBJECT_ATTRIBUTES | None,
    Access: ACCESS_MASK,
    Unknown1: ULONG,
    Unknown2: ULONG,
    Unknown3: ULONG,
    Unknown4: ULONG,
    Unknown5: ULONG,
) -> int:
    """Make a window station."""
    return _open(thread, WindowStation, Attributes, Access)


@win32k.syscall()
def NtUserOpenDesktop(
    thread: Thread, Attributes: OBJECT_ATTRIBUTES | None, Flags: ULONG, Access: ACCESS_MASK
) -> int:
    """Open the desktop."""
    return _open(thread, DesktopObject, Attributes, Access)


@win32k.syscall(partial="Only to open the one that there is.")
def NtUserCreateDesktopEx(
    thread: Thread,
    Attributes: OBJECT_ATTRIBUTES | None,
    Device: PVOID,
    Mode: PVOID,
    Flags: ULONG,
    Access: ACCESS_MASK,
    HeapSize: ULONG,
) -> int:
    """Make a desktop."""
    return _open(thread, DesktopObject, Attributes, Access)


@win32k.syscall()
def NtUserOpenInputDesktop(
    thread: Thread, Flags: ULONG, Inherit: ULONG, Access: ACCESS_MASK
) -> int:
    """Open the desktop that input would go to."""
    return _handle(thread, DesktopObject, Access, OBJ.OBJ_INHERIT if Inherit else 0)


def _close(thread: Thread, handle: int, kind: type[UserObject]) -> int:
    reference(thread, handle, kind)
    kept = desktop_of(thread).process(thread.process).station_handles
    if handle in kept.values():
        raise NtError(NTSTATUS.INVALID_HANDLE)
    thread.process.handles.close(handle)
    return 1


@win32k.syscall()
def NtUserCloseWindowStation(thread: Thread, Handle: HANDLE) -> int:
    """Close a handle that is not the process's own."""
    return _close(thread, Handle, WindowStation)


@win32k.syscall()
def NtUserCloseDesktop(thread: Thread, Handle: HANDLE) -> int:
    """Close a handle that is not the thread's own."""
    return _close(thread, Handle, DesktopObject)


@win32k.syscall(partial="There is no other to choose.")
def NtUserSetProcessWindowStation(thread: Thread, Handle: HANDLE) -> int:
    """Choose the process's window station."""
    reference(thread, Handle, WindowStation)
    return 1


@win32k.syscall(partial="There is no other to choose.")
def NtUserSetThreadDesktop(thread: Thread, Handle: HANDLE) -> int:
    """Choose the thread's desktop."""
    reference(thread, Handle, DesktopObject)
    return 1


@win32k.syscall(partial="Flags, name and type.")
def NtUserGetObjectInformation(
    thread: Thread, Handle: HANDLE, Index: LONG, Information: PVOID, Length: ULONG, Needed: PVOID
) -> int:
    """What a window station or a desktop is."""
    target = reference(thread, Handle, KernelObject)
    if not isinstance(target, WindowStation | DesktopObject):
        raise NtError(NTSTATUS.INVALID_HANDLE)
    visible = _WSF_VISIBLE if isinstance(target, WindowStation) else 0
    answers = {
        _UOI_FLAGS: struct.pack("<3I", 0, 0, visible),
        _UOI_NAME: encode_utf16(target.title) + b"\0\0",
        _UOI_TYPE: encode_utf16(target.type_name) + b"\0\0",
    }
    answer = answers.get(Index)
    if answer is None:
        return fail(thread, ERROR_INVALID_PARAMETER)
    if Needed:
        thread.process.space.write(Needed, len(answer).to_bytes(4, "little"))
    if Length < len(answer):
        return fail(thread, ERROR_INSUFFICIENT_BUFFER)
    thread.process.space.write(Information, answer)
    return 1


@win32k.syscall(partial="Taken, without effect.")
def NtUserSetObjectInformation(
    thread: Thread, Handle: HANDLE, Index: LONG, Information: PVOID, Length: ULONG
) -> int:
    """Change flags of a window station or a desktop."""
    reference(thread, Handle, KernelObject)
    return 1
