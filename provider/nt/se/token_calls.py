"""Calls on access tokens."""

from __future__ import annotations

import struct

from provider.kernel.ob.access import GenericMapping
from provider.kernel.process import Process
from provider.kernel.thread import Thread
from provider.nt.access import PROCESS_QUERY_LIMITED_INFORMATION, THREAD_QUERY_LIMITED_INFORMATION
from provider.nt.handles import nt_part, reference
from provider.nt.se.token import SE_PRIVILEGE_ENABLED, Token
from provider.nt.se.token_query import QUERIES
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.se import GENERIC_MAPPING, LUID_AND_ATTRIBUTES
from provider.nt.table import nt
from provider.nt.types import ACCESS_MASK, BOOLEAN, HANDLE, NTSTATUS_VALUE, PVOID, ULONG
from provider.syscall import Out, Ref

CURRENT_PROCESS_TOKEN, CURRENT_THREAD_TOKEN = 0xFFFFFFFC, 0xFFFFFFFB
CURRENT_THREAD_EFFECTIVE_TOKEN = 0xFFFFFFFA
TOKEN_DUPLICATE = 0x02
TOKEN_QUERY = 0x08
TOKEN_QUERY_SOURCE = 0x10
TOKEN_ADJUST_PRIVILEGES = 0x20
_TOKEN_SOURCE = 7
_MOST_PRIVILEGES = 64
_INHERIT = 2


@nt.syscall(partial="All processes share one token.")
def NtOpenProcessToken(
    thread: Thread, ProcessHandle: HANDLE, DesiredAccess: ACCESS_MASK, TokenHandle: Out[HANDLE]
) -> None:
    """Open a process's token."""
    _open(thread, ProcessHandle, DesiredAccess, 0, TokenHandle)


@nt.syscall(partial="All processes share one token.")
def NtOpenProcessTokenEx(
    thread: Thread,
    ProcessHandle: HANDLE,
    DesiredAccess: ACCESS_MASK,
    HandleAttributes: ULONG,
    TokenHandle: Out[HANDLE],
) -> None:
    """Open a process's token."""
    _open(thread, ProcessHandle, DesiredAccess, HandleAttributes, TokenHandle)


@nt.syscall(partial="No thread impersonates anybody.")
def NtOpenThreadToken(
    thread: Thread,
    ThreadHandle: HANDLE,
    DesiredAccess: ACCESS_MASK,
    OpenAsSelf: BOOLEAN,
    TokenHandle: Out[HANDLE],
) -> None:
    """Open the token that a thread impersonates with: there is none."""
    reference(thread, ThreadHandle, Thread, THREAD_QUERY_LIMITED_INFORMATION)
    raise NtError(NTSTATUS.NO_TOKEN)


@nt.syscall(partial="No thread impersonates anybody.")
def NtOpenThreadTokenEx(
    thread: Thread,
    ThreadHandle: HANDLE,
    DesiredAccess: ACCESS_MASK,
    OpenAsSelf: BOOLEAN,
    HandleAttributes: ULONG,
    TokenHandle: Out[HANDLE],
) -> None:
    """Open the token that a thread impersonates with: there is none."""
    reference(thread, ThreadHandle, Thread, THREAD_QUERY_LIMITED_INFORMATION)
    raise NtError(NTSTATUS.NO_TOKEN)


@nt.syscall(
    partial="No groups with privileges, audit policy, origin, access information or claims."
)
def NtQueryInformationToken(
    thread: Thread,
    TokenHandle: HANDLE,
    TokenInformationClass: ULONG,
    TokenInformation: PVOID,
    TokenInformationLength: ULONG,
    ReturnLength: Out[ULONG],
) -> None:
    """Tell something about a token."""
    query = QUERIES.get(TokenInformationClass)
    if query is None:
        raise NtError(NTSTATUS.INVALID_INFO_CLASS)
    access = TOKEN_QUERY_SOURCE if TokenInformationClass == _TOKEN_SOURCE else TOKEN_QUERY
    data = query(_reference(thread, TokenHandle, access), TokenInformation)
    ReturnLength.value = len(data)
    if TokenInformationLength < len(data):
        raise NtError(NTSTATUS.BUFFER_TOO_SMALL)
    thread.process.space.write(TokenInformation, data)


@nt.syscall(partial="Privileges cannot be removed for good.")
def NtAdjustPrivilegesToken(
    thread: Thread,
    TokenHandle: HANDLE,
    DisableAllPrivileges: BOOLEAN,
    NewState: PVOID,
    BufferLength: ULONG,
    PreviousState: PVOID,
    ReturnLength: Out[ULONG] | None,
) -> NTSTATUS:
    """Enable and disable privileges; NOT_ALL_ASSIGNED, a success, tells of any not held."""
    token = reference(thread, TokenHandle, Token, TOKEN_ADJUST_PRIVILEGES)
    if DisableAllPrivileges:
        wanted = dict.fromkeys(token.privileges, 0)
    else:
        wanted = _read_privileges(thread, NewState)
    changes = [luid for luid in wanted if luid in token.privileges]
    if PreviousState:
        before = [struct.pack("<3I", luid, 0, token.privileges[luid]) for luid in changes]
        data = struct.pack("<I", len(before)) + b"".join(before)
        if ReturnLength is None:
            raise NtError(NTSTATUS.ACCESS_VIOLATION)
        ReturnLength.value = len(data)
        if BufferLength < len(data):
            raise NtError(NTSTATUS.BUFFER_TOO_SMALL)
        thread.process.space.write(PreviousState, data)
    for luid in changes:
        token.enable(luid, enabled=bool(wanted[luid] & SE_PRIVILEGE_ENABLED))
    return NTSTATUS.SUCCESS if len(changes) == len(wanted) else NTSTATUS.NOT_ALL_ASSIGNED


@nt.syscall(partial="The copy is the same token, and always a primary one.")
def NtDuplicateToken(
    thread: Thread,
    ExistingTokenHandle: HANDLE,
    DesiredAccess: ACCESS_MASK,
    ObjectAttributes: PVOID,
    EffectiveOnly: BOOLEAN,
    Type: ULONG,
    NewTokenHandle: Out[HANDLE],
) -> None:
    """Copy a token."""
    token = reference(thread, ExistingTokenHandle, Token, TOKEN_DUPLICATE)
    entry = thread.process.handles.entry(ExistingTokenHandle)
    granted = token.grant(DesiredAccess) if DesiredAccess else entry.access
    NewTokenHandle.value = thread.process.handles.insert(token, granted)


@nt.syscall(partial="Security descriptors are not read: the user is granted all that is asked for.")
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
    _reference(thread, ClientToken, TOKEN_QUERY)
    rights = GenericMappings
    mapping = GenericMapping(
        rights.GenericRead, rights.GenericWrite, rights.GenericExecute, rights.GenericAll
    )
    GrantedAccess.value = mapping.map(DesiredAccess)
    AccessStatus.value = NTSTATUS.SUCCESS


def _reference(thread: Thread, handle: int, access: int) -> Token:
    """The token behind a handle or one of the pseudo handles.  NtError as `reference`, NO_TOKEN."""
    if handle in (CURRENT_PROCESS_TOKEN, CURRENT_THREAD_EFFECTIVE_TOKEN):
        return nt_part(thread.process).provider.executive.token
    if handle == CURRENT_THREAD_TOKEN:
        raise NtError(NTSTATUS.NO_TOKEN)
    return reference(thread, handle, Token, access)


def _open(thread: Thread, process: int, access: int, attributes: int, handle: Out[int]) -> None:
    target = reference(thread, process, Process, PROCESS_QUERY_LIMITED_INFORMATION)
    token = nt_part(target).provider.executive.token
    granted = token.grant(access)
    if not granted and access:
        raise NtError(NTSTATUS.ACCESS_DENIED)
    inherit = bool(attributes & _INHERIT)
    handle.value = thread.process.handles.insert(token, granted, inherit=inherit)


def _read_privileges(thread: Thread, va: int) -> dict[int, int]:
    """TOKEN_PRIVILEGES as attributes by LUID.  NtError INVALID_PARAMETER, AccessViolation."""
    space = thread.process.space
    count = int.from_bytes(space.read(va, 4), "little")
    if count > _MOST_PRIVILEGES:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    size = LUID_AND_ATTRIBUTES.SIZE
    data = space.read(va + 4, count * size)
    rows = [LUID_AND_ATTRIBUTES.from_bytes(data[at:]) for at in range(0, len(data), size)]
    return {row.LuidLow | row.LuidHigh << 32: row.Attributes for row in rows}
