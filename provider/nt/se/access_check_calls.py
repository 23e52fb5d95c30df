"""Calls that check access and privileges for a server's client."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.kernel.ob.access import GENERIC, GenericMapping
from provider.kernel.thread import Thread
from provider.nt.legend import ACCESS_MASK
from provider.nt.se.access_check import TypeNode, check_types
from provider.nt.se.acl import capture_sid
from provider.nt.se.capture import privilege_rows, read_privilege_rows, read_types
from provider.nt.se.descriptor import capture
from provider.nt.se.privilege import SE_PRIVILEGE_USED_FOR_ACCESS
from provider.nt.se.pseudo_handle import reference_token
from provider.nt.se.token import Level, TokenType
from provider.nt.se.token_calls import TOKEN_QUERY
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.se import GENERIC_MAPPING, PRIVILEGE_SET_HEADER
from provider.nt.table import nt
from provider.nt.types import BOOLEAN, HANDLE, NTSTATUS_VALUE, PVOID, ULONG
from provider.syscall import Out, Ref

if TYPE_CHECKING:
    from collections.abc import Sequence

    from provider.nt.se.access_check import Decision
    from provider.nt.se.token import Token

PRIVILEGE_SET_ALL_NECESSARY = 1
_LEAST_PRIVILEGE_SET = 20
"""A PRIVILEGE_SET of one, for which there has to be room also where none is used."""
_LARGEST_PRIVILEGE_SET = 0x10000
_OBJECT_ITSELF = (TypeNode(0, b""),)


@nt.syscall()
def NtAccessCheck(
    thread: Thread,
    SecurityDescriptor: PVOID,
    ClientToken: HANDLE,
    DesiredAccess: ACCESS_MASK,
    GenericMappings: GENERIC_MAPPING,
    PrivilegeSet: PVOID,
    PrivilegeSetLength: Ref[ULONG],
    GrantedAccess: Out[ACCESS_MASK],
    AccessStatus: Out[NTSTATUS_VALUE],
) -> None:
    """Tell what a client may do with an object."""
    decision = _check(
        thread,
        SecurityDescriptor,
        0,
        ClientToken,
        DesiredAccess,
        _OBJECT_ITSELF,
        GenericMappings,
        (PrivilegeSet, PrivilegeSetLength),
    )[0]
    GrantedAccess.value, AccessStatus.value = decision.granted, decision.status


@nt.syscall()
def NtAccessCheckByType(
    thread: Thread,
    SecurityDescriptor: PVOID,
    PrincipalSelfSid: PVOID,
    ClientToken: HANDLE,
    DesiredAccess: ACCESS_MASK,
    ObjectTypeList: PVOID,
    ObjectTypeListLength: ULONG,
    GenericMappings: GENERIC_MAPPING,
    PrivilegeSet: PVOID,
    PrivilegeSetLength: Ref[ULONG],
    GrantedAccess: Out[ACCESS_MASK],
    AccessStatus: Out[NTSTATUS_VALUE],
) -> None:
    """Tell what a client may do with an object and all of its parts."""
    nodes = read_types(thread.process.space, ObjectTypeList, ObjectTypeListLength)
    decision = _check(
        thread,
        SecurityDescriptor,
        PrincipalSelfSid,
        ClientToken,
        DesiredAccess,
        nodes or _OBJECT_ITSELF,
        GenericMappings,
        (PrivilegeSet, PrivilegeSetLength),
    )[0]
    GrantedAccess.value, AccessStatus.value = decision.granted, decision.status


@nt.syscall()
def NtAccessCheckByTypeResultList(
    thread: Thread,
    SecurityDescriptor: PVOID,
    PrincipalSelfSid: PVOID,
    ClientToken: HANDLE,
    DesiredAccess: ACCESS_MASK,
    ObjectTypeList: PVOID,
    ObjectTypeListLength: ULONG,
    GenericMappings: GENERIC_MAPPING,
    PrivilegeSet: PVOID,
    PrivilegeSetLength: Ref[ULONG],
    GrantedAccess: PVOID,
    AccessStatus: PVOID,
) -> None:
    """Tell what a client may do with each part of an object."""
    space = thread.process.space
    nodes = read_types(space, ObjectTypeList, ObjectTypeListLength)
    if not nodes:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    space.probe_write(GrantedAccess, 4 * len(nodes))
    space.probe_write(AccessStatus, 4 * len(nodes))
    decisions = _check(
        thread,
        SecurityDescriptor,
        PrincipalSelfSid,
        ClientToken,
        DesiredAccess,
        nodes,
        GenericMappings,
        (PrivilegeSet, PrivilegeSetLength),
    )
    words = struct.Struct(f"<{len(nodes)}I")
    space.write(GrantedAccess, words.pack(*(decision.granted for decision in decisions)))
    space.write(AccessStatus, words.pack(*(decision.status for decision in decisions)))


@nt.syscall()
def NtPrivilegeCheck(
    thread: Thread, ClientToken: HANDLE, RequiredPrivileges: PVOID, Result: Out[BOOLEAN]
) -> None:
    """Tell whether privileges are enabled in a token, and mark those that are."""
    space = thread.process.space
    token = reference_token(thread, ClientToken, TOKEN_QUERY)
    if token.kind is TokenType.IMPERSONATION and token.level < Level.IDENTIFICATION:
        raise NtError(NTSTATUS.BAD_IMPERSONATION_LEVEL)
    size = PRIVILEGE_SET_HEADER.SIZE
    header = PRIVILEGE_SET_HEADER.from_bytes(space.read(RequiredPrivileges, size))
    rows = read_privilege_rows(space, RequiredPrivileges + size, header.PrivilegeCount)
    held = [token.has(luid) for luid, _ in rows]
    marked = [
        (luid, attributes | SE_PRIVILEGE_USED_FOR_ACCESS if has else attributes)
        for (luid, attributes), has in zip(rows, held, strict=True)
    ]
    space.write(RequiredPrivileges + size, privilege_rows(marked)[4:])
    needs_all = bool(header.Control & PRIVILEGE_SET_ALL_NECESSARY)
    Result.value = int(all(held) if needs_all else any(held))


def _check(
    thread: Thread,
    descriptor_va: int,
    self_va: int,
    token_handle: int,
    desired: int,
    nodes: Sequence[TypeNode],
    rights: GENERIC_MAPPING,
    privilege_set: tuple[int, Ref[int]],
) -> list[Decision]:
    """The decisions, once everything that the caller passes is in order.

    NtError GENERIC_NOT_MAPPED, NO_IMPERSONATION_TOKEN, BAD_IMPERSONATION_LEVEL,
    INVALID_SECURITY_DESCR without owner or group, BUFFER_TOO_SMALL for the privileges, and those
    of what cannot be read.
    """
    space = thread.process.space
    set_va, set_length = privilege_set
    if set_length.value:
        space.probe_write(set_va, min(set_length.value, _LARGEST_PRIVILEGE_SET))
    if desired & GENERIC:
        raise NtError(NTSTATUS.GENERIC_NOT_MAPPED)
    token = _client(thread, token_handle)
    if not descriptor_va:
        raise NtError(NTSTATUS.ACCESS_VIOLATION)
    descriptor = capture(space, descriptor_va)
    if descriptor.owner is None or descriptor.group is None:
        raise NtError(NTSTATUS.INVALID_SECURITY_DESCR)
    if set_length.value < _LEAST_PRIVILEGE_SET:
        set_length.value = _LEAST_PRIVILEGE_SET
        raise NtError(NTSTATUS.BUFFER_TOO_SMALL)
    self_sid = capture_sid(space, self_va) if self_va else b""
    mapping = GenericMapping(
        rights.GenericRead, rights.GenericWrite, rights.GenericExecute, rights.GenericAll
    )
    decisions = check_types(token.subject, descriptor, desired, mapping, nodes, self_sid=self_sid)
    used = [(luid, SE_PRIVILEGE_USED_FOR_ACCESS) for luid in decisions[0].privileges]
    header = bytes(PRIVILEGE_SET_HEADER(PrivilegeCount=len(used)))
    space.write(set_va, header + privilege_rows(used)[4:])
    return decisions


def _client(thread: Thread, handle: int) -> Token:
    """NtError NO_IMPERSONATION_TOKEN, BAD_IMPERSONATION_LEVEL, and as `reference`."""
    token = reference_token(thread, handle, TOKEN_QUERY)
    if token.kind is not TokenType.IMPERSONATION:
        raise NtError(NTSTATUS.NO_IMPERSONATION_TOKEN)
    if token.level < Level.IDENTIFICATION:
        raise NtError(NTSTATUS.BAD_IMPERSONATION_LEVEL)
    return token
