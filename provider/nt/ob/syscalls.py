"""Calls on handles and on objects of any type."""

from __future__ import annotations

from contextlib import suppress

from provider.kernel.errors import KernelError
from provider.kernel.ob.access import DELETE, GENERIC, MAXIMUM_ALLOWED, SYNCHRONIZE, SYSTEM_SECURITY
from provider.kernel.ob.handle import HandleEntry
from provider.kernel.ob.object import KernelObject
from provider.kernel.process import Process
from provider.kernel.thread import Thread
from provider.nt.access import PROCESS_DUP_HANDLE
from provider.nt.dbg.bad_handle import raise_for_debugger
from provider.nt.handles import CURRENT_THREAD, reference
from provider.nt.legend import ACCESS_MASK, DUPLICATE_OPTIONS, OBJ_ATTRIBUTES
from provider.nt.se.privilege import SE_CREATE_PERMANENT
from provider.nt.se.subject import open_access, require_privilege
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.ob import (
    OBJ,
)
from provider.nt.table import nt
from provider.nt.types import HANDLE
from provider.syscall import Out

DUPLICATE_CLOSE_SOURCE = 1
DUPLICATE_SAME_ACCESS = 2
DUPLICATE_SAME_ATTRIBUTES = 4


_LOWEST_PSEUDO_HANDLE = 0xFFFFFFFA
"""Windows 10 closes −1 to −6 without a word, of which −3 stands for nothing."""


@nt.syscall()
def NtClose(thread: Thread, Handle: HANDLE) -> None:
    """Give a handle up; a debuggee that cannot gets an exception too."""
    if Handle >= _LOWEST_PSEUDO_HANDLE:
        return
    try:
        thread.process.handles.close(Handle)
    except KernelError as error:
        if Handle:
            raise_for_debugger(thread, NTSTATUS[error.reason.name])
        raise


@nt.syscall()
def NtDuplicateObject(
    thread: Thread,
    SourceProcessHandle: HANDLE,
    SourceHandle: HANDLE,
    TargetProcessHandle: HANDLE,
    TargetHandle: Out[HANDLE] | None,
    DesiredAccess: ACCESS_MASK,
    HandleAttributes: OBJ_ATTRIBUTES,
    Options: DUPLICATE_OPTIONS,
) -> None:
    """Make another handle for an object, in any process.

    With DUPLICATE_CLOSE_SOURCE the source is closed first, even if the duplication fails then, so
    that the new handle may have its number; a source that is protected stays.
    """
    source = reference(thread, SourceProcessHandle, Process, PROCESS_DUP_HANDLE)
    entry = source_entry(thread, source, SourceHandle)
    entry.object.open_handle()  # it must not see its last handle go
    try:
        if Options & DUPLICATE_CLOSE_SOURCE and SourceHandle < CURRENT_THREAD:
            with suppress(KernelError):
                source.handles.close(SourceHandle)
        if TargetProcessHandle:
            target = reference(thread, TargetProcessHandle, Process, PROCESS_DUP_HANDLE)
            if target.exit_status is not None:
                raise NtError(NTSTATUS.PROCESS_IS_TERMINATING)
            same = bool(Options & DUPLICATE_SAME_ACCESS)
            access = entry.access if same else _granted(thread, entry, DesiredAccess)
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
        entry.object.close_handle()


@nt.syscall()
def NtMakeTemporaryObject(thread: Thread, Handle: HANDLE) -> None:
    """Let an object's name go with its last handle."""
    target = reference(thread, Handle, KernelObject, DELETE)
    target.permanent = False
    target.drop_name()


@nt.syscall()
def NtMakePermanentObject(thread: Thread, Handle: HANDLE) -> None:
    """Let an object stay though nobody has a handle of it."""
    require_privilege(thread, SE_CREATE_PERMANENT)
    target = reference(thread, Handle, KernelObject)
    if not target.permanent:
        target.permanent = True


@nt.syscall()
def NtCompareObjects(
    thread: Thread, FirstObjectHandle: HANDLE, SecondObjectHandle: HANDLE
) -> NTSTATUS:
    """Whether two handles refer to one object."""
    first = reference(thread, FirstObjectHandle, KernelObject)
    second = reference(thread, SecondObjectHandle, KernelObject)
    return NTSTATUS.SUCCESS if first is second else NTSTATUS.NOT_SAME_OBJECT


def _granted(thread: Thread, entry: HandleEntry, access: int) -> int:
    """The rights of another handle, perhaps none.

    Those that the source has need no check.  NtError ACCESS_DENIED.
    """
    target = entry.object
    if not access:
        return 0
    if not target.generic.map_ace(access) & ~entry.access:
        return target.grant(access)
    known = GENERIC | MAXIMUM_ALLOWED | SYSTEM_SECURITY | SYNCHRONIZE | target.generic.all
    if access & ~known or target.keeps_security:
        raise NtError(NTSTATUS.ACCESS_DENIED)
    return open_access(thread, target, access)


def source_entry(thread: Thread, process: Process, handle: int) -> HandleEntry:
    """The entry of a handle of `process`; a pseudo handle has all rights.  KernelError, NtError."""
    if handle < CURRENT_THREAD:
        return process.handles.entry(handle)
    target = reference(thread, handle, KernelObject)
    return HandleEntry(target, target.generic.all, False, False)
