"""Calls that tell of tokens and change them."""

from __future__ import annotations

from provider.kernel.thread import Thread
from provider.nt.contents import FILLED, GIVEN
from provider.nt.handles import nt_part, reference
from provider.nt.legend import TOKEN_CLASS
from provider.nt.se.capture import privilege_rows, read_groups, read_privileges
from provider.nt.se.pseudo_handle import reference_token
from provider.nt.se.token import Token
from provider.nt.se.token_change import (
    adjust_groups,
    adjust_privileges,
    are_equal,
    default_groups,
    group_changes,
    privilege_changes,
)
from provider.nt.se.token_query import QUERIES, sid_list
from provider.nt.se.token_set import SETTERS
from provider.nt.status import NTSTATUS, NtError
from provider.nt.table import nt
from provider.nt.types import BOOLEAN, HANDLE, PVOID, ULONG
from provider.syscall import Out

TOKEN_QUERY = 0x08
TOKEN_QUERY_SOURCE = 0x10
TOKEN_ADJUST_PRIVILEGES = 0x20
TOKEN_ADJUST_GROUPS = 0x40
TOKEN_ADJUST_DEFAULT = 0x80
_TOKEN_SOURCE = 7


@nt.syscall(partial="No audit policy and no claims.")
def NtQueryInformationToken(
    thread: Thread,
    TokenHandle: HANDLE,
    TokenInformationClass: TOKEN_CLASS,
    TokenInformation: FILLED,
    TokenInformationLength: ULONG,
    ReturnLength: Out[ULONG],
) -> None:
    """Tell something about a token."""
    query = QUERIES.get(TokenInformationClass)
    if query is None:
        raise NtError(NTSTATUS.INVALID_INFO_CLASS)
    access = TOKEN_QUERY_SOURCE if TokenInformationClass == _TOKEN_SOURCE else TOKEN_QUERY
    data = query(reference_token(thread, TokenHandle, access), TokenInformation)
    ReturnLength.value = len(data)
    if TokenInformationLength < len(data):
        raise NtError(NTSTATUS.BUFFER_TOO_SMALL)
    thread.process.space.write(TokenInformation, data)


@nt.syscall(partial="What takes SeTcbPrivilege, which no guest holds, is only refused.")
def NtSetInformationToken(
    thread: Thread,
    TokenHandle: HANDLE,
    TokenInformationClass: TOKEN_CLASS,
    TokenInformation: GIVEN,
    TokenInformationLength: ULONG,
) -> None:
    """Change a token's owner, primary group, default DACL or integrity level."""
    setter = SETTERS.get(TokenInformationClass)
    if setter is None:
        raise NtError(NTSTATUS.INVALID_INFO_CLASS)
    token = reference(thread, TokenHandle, Token, TOKEN_ADJUST_DEFAULT)
    if TokenInformationLength < setter.size:
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
    data = thread.process.space.read(TokenInformation, setter.size)
    setter.apply(token, thread.process.space, data)
    token.changed(_take_luid(thread))


@nt.syscall()
def NtAdjustPrivilegesToken(
    thread: Thread,
    TokenHandle: HANDLE,
    DisableAllPrivileges: BOOLEAN,
    NewState: PVOID,
    BufferLength: ULONG,
    PreviousState: PVOID,
    ReturnLength: Out[ULONG] | None,
) -> NTSTATUS:
    """Enable, disable and remove privileges; NOT_ALL_ASSIGNED, a success, tells of any not held."""
    if not DisableAllPrivileges and not NewState:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    access = TOKEN_ADJUST_PRIVILEGES | (TOKEN_QUERY if PreviousState else 0)
    token = reference(thread, TokenHandle, Token, access)
    if DisableAllPrivileges:
        wanted = dict.fromkeys(token.privileges, 0)
    else:
        wanted = dict(read_privileges(thread.process.space, NewState))
    changes = privilege_changes(token, wanted)
    if PreviousState:
        before = privilege_rows([(luid, token.privileges[luid]) for luid in changes])
        _tell_previous(thread, before, PreviousState, BufferLength, ReturnLength)
    missing = any(luid not in token.privileges for luid in wanted)
    adjust_privileges(token, changes, _take_luid(thread))
    return NTSTATUS.NOT_ALL_ASSIGNED if missing else NTSTATUS.SUCCESS


@nt.syscall()
def NtAdjustGroupsToken(
    thread: Thread,
    TokenHandle: HANDLE,
    ResetToDefault: BOOLEAN,
    NewState: PVOID,
    BufferLength: ULONG,
    PreviousState: PVOID,
    ReturnLength: Out[ULONG] | None,
) -> NTSTATUS:
    """Enable and disable groups; NOT_ALL_ASSIGNED, a success, tells of any that is not there."""
    access = TOKEN_ADJUST_GROUPS | (TOKEN_QUERY if PreviousState else 0)
    token = reference(thread, TokenHandle, Token, access)
    if not ResetToDefault and not NewState:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    if ResetToDefault:
        wanted = default_groups(token)
    else:
        wanted = dict(read_groups(thread.process.space, NewState))
    changes = group_changes(token, wanted)
    present = {group.sid: group.attributes for group in token.groups}
    if PreviousState:
        before = sid_list([(sid, present[sid]) for sid in changes], PreviousState)
        _tell_previous(thread, before, PreviousState, BufferLength, ReturnLength)
    adjust_groups(token, changes, _take_luid(thread))
    missing = any(sid not in present and sid != token.user.sid for sid in wanted)
    return NTSTATUS.NOT_ALL_ASSIGNED if missing else NTSTATUS.SUCCESS


@nt.syscall()
def NtCompareTokens(
    thread: Thread, FirstTokenHandle: HANDLE, SecondTokenHandle: HANDLE, Equal: Out[BOOLEAN]
) -> None:
    """Tell whether two tokens are granted the same everywhere."""
    first = reference(thread, FirstTokenHandle, Token, TOKEN_QUERY)
    second = reference(thread, SecondTokenHandle, Token, TOKEN_QUERY)
    Equal.value = int(are_equal(first, second))


def _take_luid(thread: Thread) -> int:
    return nt_part(thread.process).provider.executive.take_luid()


def _tell_previous(
    thread: Thread, data: bytes, va: int, room: int, length: Out[int] | None
) -> None:
    """Store what was before.  NtError BUFFER_TOO_SMALL; then nothing is to change."""
    if length is None:
        raise NtError(NTSTATUS.ACCESS_VIOLATION)
    length.value = len(data)
    if room < len(data):
        raise NtError(NTSTATUS.BUFFER_TOO_SMALL)
    thread.process.space.write(va, data)
