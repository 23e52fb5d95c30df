"""Calls of servers that audit, all of which take SeAuditPrivilege, which no guest holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.thread import Thread
from provider.nt.handles import nt_part
from provider.nt.legend import ACCESS_MASK
from provider.nt.status import NTSTATUS, NtError
from provider.nt.table import nt
from provider.nt.types import BOOLEAN, HANDLE, PVOID, ULONG

if TYPE_CHECKING:
    from provider.nt.process import NtThread


@nt.syscall()
def NtAccessCheckAndAuditAlarm(
    thread: Thread,
    SubsystemName: PVOID,
    HandleId: PVOID,
    ObjectTypeName: PVOID,
    ObjectName: PVOID,
    SecurityDescriptor: PVOID,
    DesiredAccess: ACCESS_MASK,
    GenericMapping: PVOID,
    ObjectCreation: BOOLEAN,
    GrantedAccess: PVOID,
    AccessStatus: PVOID,
    GenerateOnClose: PVOID,
) -> None:
    """Check access for the client that the thread impersonates: refused."""
    _require_client(thread)
    raise NtError(NTSTATUS.PRIVILEGE_NOT_HELD)


@nt.syscall()
def NtAccessCheckByTypeAndAuditAlarm(
    thread: Thread,
    SubsystemName: PVOID,
    HandleId: PVOID,
    ObjectTypeName: PVOID,
    ObjectName: PVOID,
    SecurityDescriptor: PVOID,
    PrincipalSelfSid: PVOID,
    DesiredAccess: ACCESS_MASK,
    AuditType: ULONG,
    Flags: ULONG,
    ObjectTypeList: PVOID,
    ObjectTypeListLength: ULONG,
    GenericMapping: PVOID,
    ObjectCreation: BOOLEAN,
    GrantedAccess: PVOID,
    AccessStatus: PVOID,
    GenerateOnClose: PVOID,
) -> None:
    """Check access to an object and its parts for that client: refused."""
    _require_client(thread)
    raise NtError(NTSTATUS.PRIVILEGE_NOT_HELD)


@nt.syscall()
def NtAccessCheckByTypeResultListAndAuditAlarm(
    thread: Thread,
    SubsystemName: PVOID,
    HandleId: PVOID,
    ObjectTypeName: PVOID,
    ObjectName: PVOID,
    SecurityDescriptor: PVOID,
    PrincipalSelfSid: PVOID,
    DesiredAccess: ACCESS_MASK,
    AuditType: ULONG,
    Flags: ULONG,
    ObjectTypeList: PVOID,
    ObjectTypeListLength: ULONG,
    GenericMapping: PVOID,
    ObjectCreation: BOOLEAN,
    GrantedAccess: PVOID,
    AccessStatus: PVOID,
    GenerateOnClose: PVOID,
) -> None:
    """Check access to each part of an object for that client: refused."""
    _require_client(thread)
    raise NtError(NTSTATUS.PRIVILEGE_NOT_HELD)


@nt.syscall()
def NtAccessCheckByTypeResultListAndAuditAlarmByHandle(
    thread: Thread,
    SubsystemName: PVOID,
    HandleId: PVOID,
    ClientToken: HANDLE,
    ObjectTypeName: PVOID,
    ObjectName: PVOID,
    SecurityDescriptor: PVOID,
    PrincipalSelfSid: PVOID,
    DesiredAccess: ACCESS_MASK,
    AuditType: ULONG,
    Flags: ULONG,
    ObjectTypeList: PVOID,
    ObjectTypeListLength: ULONG,
    GenericMapping: PVOID,
    ObjectCreation: BOOLEAN,
    GrantedAccess: PVOID,
    AccessStatus: PVOID,
    GenerateOnClose: PVOID,
) -> None:
    """Check access to each part of an object for a client: refused."""
    raise NtError(NTSTATUS.PRIVILEGE_NOT_HELD)


@nt.syscall()
def NtPrivilegeObjectAuditAlarm(
    thread: Thread,
    SubsystemName: PVOID,
    HandleId: PVOID,
    ClientToken: HANDLE,
    DesiredAccess: ACCESS_MASK,
    Privileges: PVOID,
    AccessGranted: BOOLEAN,
) -> None:
    """Report the use of privileges on an object: refused."""
    raise NtError(NTSTATUS.PRIVILEGE_NOT_HELD)


@nt.syscall()
def NtPrivilegedServiceAuditAlarm(
    thread: Thread,
    SubsystemName: PVOID,
    ServiceName: PVOID,
    ClientToken: HANDLE,
    Privileges: PVOID,
    AccessGranted: BOOLEAN,
) -> None:
    """Report the use of privileges: refused."""
    raise NtError(NTSTATUS.PRIVILEGE_NOT_HELD)


@nt.syscall()
def NtOpenObjectAuditAlarm(
    thread: Thread,
    SubsystemName: PVOID,
    HandleId: PVOID,
    ObjectTypeName: PVOID,
    ObjectName: PVOID,
    SecurityDescriptor: PVOID,
    ClientToken: HANDLE,
    DesiredAccess: ACCESS_MASK,
    GrantedAccess: ACCESS_MASK,
    Privileges: PVOID,
    ObjectCreation: BOOLEAN,
    AccessGranted: BOOLEAN,
    GenerateOnClose: PVOID,
) -> None:
    """Report that an object was opened: refused."""
    raise NtError(NTSTATUS.PRIVILEGE_NOT_HELD)


@nt.syscall()
def NtCloseObjectAuditAlarm(
    thread: Thread,
    SubsystemName: PVOID,
    HandleId: PVOID,
    GenerateOnClose: BOOLEAN,
) -> None:
    """Report that a handle was closed: refused."""
    raise NtError(NTSTATUS.PRIVILEGE_NOT_HELD)


@nt.syscall()
def NtDeleteObjectAuditAlarm(
    thread: Thread,
    SubsystemName: PVOID,
    HandleId: PVOID,
    GenerateOnClose: BOOLEAN,
) -> None:
    """Report that an object was deleted: refused."""
    raise NtError(NTSTATUS.PRIVILEGE_NOT_HELD)


def _require_client(thread: Thread) -> None:
    """NtError NO_IMPERSONATION_TOKEN for a thread that acts for its own process."""
    nt_part(thread.process)
    part: NtThread = thread.context
    if part.impersonation is None:
        raise NtError(NTSTATUS.NO_IMPERSONATION_TOKEN)
