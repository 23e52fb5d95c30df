"""Calls on the security descriptors of objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.ob.access import READ_CONTROL, SYSTEM_SECURITY, WRITE_DAC, WRITE_OWNER
from provider.kernel.ob.object import KernelObject
from provider.kernel.thread import Thread
from provider.nt.contents import FILLED
from provider.nt.handles import reference
from provider.nt.legend import SECURITY_INFORMATION
from provider.nt.se.acl import MANDATORY_LABEL, map_generic, only, parse_acl
from provider.nt.se.descriptor import DACL, GROUP, LABEL, OWNER, SACL, Descriptor, capture, parse
from provider.nt.se.identity import integrity_level
from provider.nt.se.privilege import SE_RELABEL
from provider.nt.se.subject import check_owner, effective_token
from provider.nt.status import NTSTATUS, NtError
from provider.nt.table import nt
from provider.nt.types import HANDLE, PVOID, ULONG
from provider.syscall import Out

if TYPE_CHECKING:
    from collections.abc import Mapping

    from provider.nt.se.token import Token

_TO_READ = {
    OWNER: READ_CONTROL,
    GROUP: READ_CONTROL,
    DACL: READ_CONTROL,
    SACL: SYSTEM_SECURITY,
    LABEL: READ_CONTROL,
}
_TO_WRITE = {
    OWNER: WRITE_OWNER,
    GROUP: WRITE_OWNER,
    DACL: WRITE_DAC,
    SACL: SYSTEM_SECURITY,
    LABEL: WRITE_OWNER,
}


@nt.syscall()
def NtQuerySecurityObject(
    thread: Thread,
    Handle: HANDLE,
    SecurityInformation: SECURITY_INFORMATION,
    SecurityDescriptor: FILLED,
    Length: ULONG,
    LengthNeeded: Out[ULONG],
) -> None:
    """Tell an object's owner, group and access lists."""
    access = _rights(_TO_READ, SecurityInformation)
    target = reference(thread, Handle, KernelObject, access)
    data = bytes(_descriptor(thread, target).part(SecurityInformation))
    LengthNeeded.value = len(data)
    if Length < len(data):
        raise NtError(NTSTATUS.BUFFER_TOO_SMALL)
    thread.process.space.write(SecurityDescriptor, data)


@nt.syscall()
def NtSetSecurityObject(
    thread: Thread,
    Handle: HANDLE,
    SecurityInformation: SECURITY_INFORMATION,
    SecurityDescriptor: PVOID,
) -> None:
    """Change an object's owner, group or access lists."""
    access = _rights(_TO_WRITE, SecurityInformation)
    if not SecurityDescriptor:
        raise NtError(NTSTATUS.ACCESS_VIOLATION)
    new = capture(thread.process.space, SecurityDescriptor)
    target = reference(thread, Handle, KernelObject, access)
    if (SecurityInformation & OWNER and new.owner is None) or (
        SecurityInformation & GROUP and new.group is None
    ):
        raise NtError(NTSTATUS.INVALID_SECURITY_DESCR)
    token = effective_token(thread)
    if token is not None:
        if SecurityInformation & OWNER and new.owner is not None:
            check_owner(token, new.owner)
        if SecurityInformation & LABEL:
            _check_label(token, new.sacl)
    if new.dacl:
        new = new._replace(dacl=map_generic(new.dacl, target.generic, {}))
    target.set_security(bytes(_descriptor(thread, target).merged(new, SecurityInformation)))


def _rights(table: Mapping[int, int], information: int) -> int:
    access = 0
    for part, right in table.items():
        if information & part:
            access |= right
    return access


def _check_label(token: Token, sacl: bytes | None) -> None:
    """NtError INVALID_LABEL, PRIVILEGE_NOT_HELD for a level above the token's."""
    labels = parse_acl(only(sacl, labels=True)) if sacl else []
    if any(ace.kind != MANDATORY_LABEL or not ace.sid for ace in labels):
        raise NtError(NTSTATUS.INVALID_LABEL)
    for ace in labels:
        if integrity_level(ace.sid) > token.integrity and not token.has(SE_RELABEL):
            raise NtError(NTSTATUS.PRIVILEGE_NOT_HELD)


def _descriptor(thread: Thread, target: KernelObject) -> Descriptor:
    """What an object has; of those that the system made what the caller's would have."""
    stored = target.get_security()
    if stored is not None:
        return parse(stored)
    token = effective_token(thread)
    if token is not None and (target.security_required or target.directory is not None):
        return parse(token.default_security(type(target)))
    return Descriptor()
