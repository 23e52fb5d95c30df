"""Calls on the security descriptors of objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.ob.access import READ_CONTROL, SYSTEM_SECURITY, WRITE_DAC, WRITE_OWNER
from provider.kernel.ob.object import KernelObject
from provider.kernel.thread import Thread
from provider.nt.handles import reference
from provider.nt.se.descriptor import (
    DACL,
    GROUP,
    OWNER,
    SACL,
    Descriptor,
    assign,
    capture,
    parse,
)
from provider.nt.se.identity import USER_SID
from provider.nt.se.privilege import SE_RESTORE, has_privilege
from provider.nt.status import NTSTATUS, NtError
from provider.nt.table import nt
from provider.nt.types import HANDLE, PVOID, ULONG
from provider.syscall import Out

if TYPE_CHECKING:
    from collections.abc import Mapping

_TO_READ = {OWNER: READ_CONTROL, GROUP: READ_CONTROL, DACL: READ_CONTROL, SACL: SYSTEM_SECURITY}
_TO_WRITE = {OWNER: WRITE_OWNER, GROUP: WRITE_OWNER, DACL: WRITE_DAC, SACL: SYSTEM_SECURITY}


@nt.syscall(partial="Descriptors are kept and told, but access is not checked against them.")
def NtQuerySecurityObject(
    thread: Thread,
    Handle: HANDLE,
    SecurityInformation: ULONG,
    SecurityDescriptor: PVOID,
    Length: ULONG,
    LengthNeeded: Out[ULONG],
) -> None:
    """Tell an object's owner, group and access lists."""
    access = _rights(_TO_READ, SecurityInformation)
    target = reference(thread, Handle, KernelObject, access)
    data = bytes(_descriptor(target).part(SecurityInformation))
    LengthNeeded.value = len(data)
    if Length < len(data):
        raise NtError(NTSTATUS.BUFFER_TOO_SMALL)
    thread.process.space.write(SecurityDescriptor, data)


@nt.syscall(partial="Descriptors are kept and told, but access is not checked against them.")
def NtSetSecurityObject(
    thread: Thread, Handle: HANDLE, SecurityInformation: ULONG, SecurityDescriptor: PVOID
) -> None:
    """Change an object's owner, group or access lists."""
    access = _rights(_TO_WRITE, SecurityInformation)
    if not SecurityDescriptor:
        raise NtError(NTSTATUS.ACCESS_VIOLATION)
    new = capture(thread.process.space, SecurityDescriptor)
    target = reference(thread, Handle, KernelObject, access)
    if SecurityInformation & OWNER and not _may_own(thread, new.owner):
        raise NtError(NTSTATUS.INVALID_OWNER)
    if SecurityInformation & GROUP and new.group is None:
        raise NtError(NTSTATUS.INVALID_PRIMARY_GROUP)
    target.set_security(bytes(_descriptor(target).merged(new, SecurityInformation)))


def _rights(table: Mapping[int, int], information: int) -> int:
    access = 0
    for part, right in table.items():
        if information & part:
            access |= right
    return access


def _may_own(thread: Thread, owner: bytes | None) -> bool:
    return owner == USER_SID or (owner is not None and has_privilege(thread, SE_RESTORE))


def _descriptor(target: KernelObject) -> Descriptor:
    stored = target.get_security()
    if stored is not None:
        return parse(stored)
    if target.security_required or target.directory is not None:
        return parse(assign(None, None, target.generic))
    return Descriptor()
