"""What changes tokens, and what makes tokens of tokens."""

from __future__ import annotations

from enum import IntFlag
from typing import TYPE_CHECKING

from provider.nt.se.identity import (
    ADMINISTRATORS_SID,
    SE_GROUP_ENABLED,
    SE_GROUP_ENABLED_BY_DEFAULT,
    SE_GROUP_MANDATORY,
    SE_GROUP_OWNER,
    SE_GROUP_USE_FOR_DENY_ONLY,
)
from provider.nt.se.privilege import (
    SE_CHANGE_NOTIFY,
    SE_PRIVILEGE_ENABLED,
    SE_PRIVILEGE_REMOVED,
)
from provider.nt.se.token import Group, Level, Token, TokenType
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_RESTRICTED_ATTRIBUTES = SE_GROUP_MANDATORY | SE_GROUP_ENABLED_BY_DEFAULT | SE_GROUP_ENABLED
_GIVEN_UP = _RESTRICTED_ATTRIBUTES | SE_GROUP_OWNER


class Filter(IntFlag):
    """Flags of NtFilterToken (winnt.h)."""

    DISABLE_MAX_PRIVILEGE = 1
    SANDBOX_INERT = 2
    LUA_TOKEN = 4
    WRITE_RESTRICTED = 8


def duplicate(
    token: Token, token_id: int, kind: TokenType, level: Level, *, effective_only: bool = False
) -> Token:
    """A copy, perhaps of the other kind; `effective_only`: without all that is disabled.

    NtError BAD_IMPERSONATION_LEVEL for a level that an impersonation token does not have.
    """
    if token.kind is TokenType.IMPERSONATION:
        least = Level.IMPERSONATION if kind is TokenType.PRIMARY else level
        if token.level < least:
            raise NtError(NTSTATUS.BAD_IMPERSONATION_LEVEL)
    made = _copy(token, token_id)
    made.kind = kind
    made.level = level if kind is TokenType.IMPERSONATION else Level.ANONYMOUS
    if effective_only:
        kept = SE_GROUP_ENABLED | SE_GROUP_USE_FOR_DENY_ONLY
        made.groups = tuple(group for group in token.groups if group.attributes & kept)
        made.privileges = {luid: has for luid, has in token.privileges.items() if token.has(luid)}
    return made


def filtered(
    token: Token,
    token_id: int,
    flags: Filter,
    disabled: Iterable[bytes],
    deleted: Iterable[int],
    restricting: Iterable[bytes],
) -> Token:
    """A token of the same kind that may do less (NtFilterToken)."""
    made = _copy(token, token_id)
    made.parent_id, made.is_filtered = token.id, True
    refused, gone = set(disabled), set(deleted)
    if flags & Filter.LUA_TOKEN:
        refused.add(ADMINISTRATORS_SID)
    if flags & (Filter.DISABLE_MAX_PRIVILEGE | Filter.LUA_TOKEN):
        gone |= set(token.privileges) - {SE_CHANGE_NOTIFY}
    made.user = _deny_only(token.user) if token.user.sid in refused else token.user
    made.groups = tuple(
        _deny_only(group) if group.sid in refused else group for group in token.groups
    )
    made.privileges = {luid: has for luid, has in token.privileges.items() if luid not in gone}
    made.is_sandbox_inert = token.is_sandbox_inert or bool(flags & Filter.SANDBOX_INERT)
    sids = list(dict.fromkeys(restricting))
    if sids:
        if token.restricted is not None:
            before = {group.sid for group in token.restricted}
            sids = [sid for sid in sids if sid in before]
        made.restricted = tuple(Group(sid, _RESTRICTED_ATTRIBUTES) for sid in sids)
        made.is_restricted_for_writing = bool(flags & Filter.WRITE_RESTRICTED)
    return made


def adjust_privileges(token: Token, wanted: Mapping[int, int], modified_id: int) -> None:
    """Enable, disable or remove privileges that `privilege_changes` found."""
    for luid, attributes in wanted.items():
        if attributes & SE_PRIVILEGE_REMOVED:
            del token.privileges[luid]
        elif attributes & SE_PRIVILEGE_ENABLED:
            token.privileges[luid] |= SE_PRIVILEGE_ENABLED
        else:
            token.privileges[luid] &= ~SE_PRIVILEGE_ENABLED
    if wanted:
        token.changed(modified_id)


def privilege_changes(token: Token, wanted: Mapping[int, int]) -> dict[int, int]:
    """Those of `wanted`, attributes by LUID, that the token has and that are otherwise now."""
    changes = {}
    for luid, attributes in wanted.items():
        now = token.privileges.get(luid)
        if now is None:
            continue
        if attributes & SE_PRIVILEGE_REMOVED or (now ^ attributes) & SE_PRIVILEGE_ENABLED:
            changes[luid] = attributes
    return changes


def group_changes(token: Token, wanted: Mapping[bytes, int]) -> dict[bytes, int]:
    """New attributes of the groups that become enabled or disabled.

    NtError CANT_DISABLE_MANDATORY, CANT_ENABLE_DENY_ONLY.
    """
    if token.user.sid in wanted and not wanted[token.user.sid] & SE_GROUP_ENABLED:
        raise NtError(NTSTATUS.CANT_DISABLE_MANDATORY)
    changes = {}
    for sid, now in token.groups:
        attributes = wanted.get(sid)
        if attributes is None or not (now ^ attributes) & SE_GROUP_ENABLED:
            continue
        if now & SE_GROUP_MANDATORY:
            raise NtError(NTSTATUS.CANT_DISABLE_MANDATORY)
        if now & SE_GROUP_USE_FOR_DENY_ONLY:
            raise NtError(NTSTATUS.CANT_ENABLE_DENY_ONLY)
        changes[sid] = now ^ SE_GROUP_ENABLED
    return changes


def default_groups(token: Token) -> dict[bytes, int]:
    """What `group_changes` has to be asked for to have the groups as they were at first."""
    return {
        sid: SE_GROUP_ENABLED if attributes & SE_GROUP_ENABLED_BY_DEFAULT else 0
        for sid, attributes in token.groups
        if not attributes & (SE_GROUP_MANDATORY | SE_GROUP_USE_FOR_DENY_ONLY)
    }


def adjust_groups(token: Token, changes: Mapping[bytes, int], modified_id: int) -> None:
    """Give groups the attributes that `group_changes` found."""
    token.groups = tuple(Group(sid, changes.get(sid, now)) for sid, now in token.groups)
    if changes:
        token.changed(modified_id)


def are_equal(first: Token, second: Token) -> bool:
    """Whether both are granted the same in every check (NtCompareTokens)."""
    if first is second:
        return True
    return (
        first.subject == second.subject
        and first.user.sid == second.user.sid
        and set(first.groups) == set(second.groups)
        and set(first.restricted or ()) == set(second.restricted or ())
        and first.privileges == second.privileges
    )


def _copy(token: Token, token_id: int) -> Token:
    made = Token(token_id, token.modified_id)
    for name in _COPIED:
        setattr(made, name, getattr(token, name))
    made.privileges = dict(token.privileges)
    return made


def _deny_only(group: Group) -> Group:
    return Group(group.sid, group.attributes & ~_GIVEN_UP | SE_GROUP_USE_FOR_DENY_ONLY)


_COPIED = (
    "authentication_id",
    "default_dacl",
    "groups",
    "integrity",
    "is_filtered",
    "is_restricted_for_writing",
    "is_sandbox_inert",
    "kind",
    "level",
    "owner",
    "parent_id",
    "policy",
    "primary_group",
    "restricted",
    "session",
    "source",
    "user",
)
