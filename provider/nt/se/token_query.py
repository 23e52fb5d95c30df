"""What NtQueryInformationToken tells, by class.  An answer's pointers lead into the answer."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.nt.se.capture import privilege_rows
from provider.nt.se.identity import (
    SE_GROUP_INTEGRITY,
    SE_GROUP_INTEGRITY_ENABLED,
    SE_GROUP_LOGON_ID,
    SYSTEM_LUID,
    level_sid,
)
from provider.nt.se.token import TokenType
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.se import TOKEN_STATISTICS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from provider.nt.se.token import Token

_NEVER = (1 << 63) - 1
_INTEGRITY_ATTRIBUTES = SE_GROUP_INTEGRITY | SE_GROUP_INTEGRITY_ENABLED
_ELEVATION_DEFAULT = 1
_DYNAMIC_CHARGED = 500
_GROUPS_AND_PRIVILEGES = struct.Struct("<9IQ")


def _pointer(va: int) -> bytes:
    """The bytes of an address, which wraps around in a buffer that cannot be."""
    return struct.pack("<I", va & 0xFFFFFFFF)


def sid_list(sids: Sequence[tuple[bytes, int]], va: int) -> bytes:
    """TOKEN_GROUPS: a count, pointers with attributes, then the SIDs."""
    return struct.pack("<I", len(sids)) + _sid_rows(sids, va + 4)


def _sid_rows(sids: Sequence[tuple[bytes, int]], va: int) -> bytes:
    table, tail = bytearray(), bytearray()
    start = va + 8 * len(sids)
    for sid, attributes in sids:
        table += _pointer(start + len(tail)) + struct.pack("<I", attributes)
        tail += sid
    return bytes(table) + bytes(tail)


def _level_group(token: Token) -> tuple[bytes, int]:
    return level_sid(token.integrity), _INTEGRITY_ATTRIBUTES


def _user(token: Token, va: int) -> bytes:
    return _sid_rows((token.user,), va)


def _groups(token: Token, va: int) -> bytes:
    """With the integrity level, which is kept like a group."""
    return sid_list((*token.groups, _level_group(token)), va)


def _restricted_sids(token: Token, va: int) -> bytes:
    return sid_list(token.restricted or (), va)


def _privileges(token: Token, va: int) -> bytes:
    return privilege_rows(list(token.privileges.items()))


def _owner(token: Token, va: int) -> bytes:
    return _pointer(va + 4) + token.owner


def _primary_group(token: Token, va: int) -> bytes:
    return _pointer(va + 4) + token.primary_group


def _default_dacl(token: Token, va: int) -> bytes:
    if token.default_dacl is None:
        return _pointer(0)
    return _pointer(va + 4) + token.default_dacl


def _source(token: Token, va: int) -> bytes:
    return token.source


def _statistics(token: Token, va: int) -> bytes:
    used = len(token.primary_group) + len(token.default_dacl or b"")
    return bytes(
        TOKEN_STATISTICS(
            TokenIdLow=token.id,
            AuthenticationIdLow=token.authentication_id,
            ExpirationTime=_NEVER,
            TokenType=token.kind,
            ImpersonationLevel=token.level,
            DynamicCharged=max(_DYNAMIC_CHARGED, used),
            DynamicAvailable=max(_DYNAMIC_CHARGED - used, 0),
            GroupCount=len(token.groups) + 1,
            PrivilegeCount=len(token.privileges),
            ModifiedIdLow=token.modified_id,
        )
    )


def _groups_and_privileges(token: Token, va: int) -> bytes:
    """TOKEN_GROUPS_AND_PRIVILEGES: counts, lengths and pointers, then three lists.

    The user is the first of the SIDs.
    """
    at = va + _GROUPS_AND_PRIVILEGES.size
    groups = (token.user, *token.groups, _level_group(token))
    sids = _sid_rows(groups, at)
    restricted_at = at + len(sids)
    restricted = _sid_rows(token.restricted or (), restricted_at)
    privileges_at = restricted_at + len(restricted)
    privileges = _privileges(token, 0)[4:]
    return (
        _GROUPS_AND_PRIVILEGES.pack(
            len(groups),
            len(sids),
            at & 0xFFFFFFFF,
            len(token.restricted or ()),
            len(restricted),
            restricted_at & 0xFFFFFFFF if restricted else 0,
            len(token.privileges),
            len(privileges),
            privileges_at & 0xFFFFFFFF,
            token.authentication_id,
        )
        + sids
        + restricted
        + privileges
    )


def _integrity(token: Token, va: int) -> bytes:
    return _sid_rows((_level_group(token),), va)


def _logon_sid(token: Token, va: int) -> bytes:
    logon = [group for group in token.groups if group.attributes & SE_GROUP_LOGON_ID]
    if not logon:
        raise NtError(NTSTATUS.NOT_FOUND)
    return sid_list(logon, va)


def _ulong(get: Callable[[Token], int]) -> Callable[[Token, int], bytes]:
    return lambda token, va: struct.pack("<I", get(token))


def _zero(token: Token, va: int) -> bytes:
    return bytes(4)


def _impersonation_level(token: Token, va: int) -> bytes:
    if token.kind is TokenType.PRIMARY:
        raise NtError(NTSTATUS.INVALID_INFO_CLASS)
    return struct.pack("<I", token.level)


def _origin(token: Token, va: int) -> bytes:
    """The session that made the token: the system's."""
    return struct.pack("<Q", SYSTEM_LUID)


def _linked_token(token: Token, va: int) -> bytes:
    raise NtError(NTSTATUS.NO_SUCH_LOGON_SESSION)  # the user has one token only


QUERIES: dict[int, Callable[[Token, int], bytes]] = {
    1: _user,
    2: _groups,
    3: _privileges,
    4: _owner,
    5: _primary_group,
    6: _default_dacl,
    7: _source,
    8: _ulong(lambda token: token.kind),
    9: _impersonation_level,
    10: _statistics,
    11: _restricted_sids,
    12: _ulong(lambda token: token.session),
    13: _groups_and_privileges,
    15: _ulong(lambda token: token.is_sandbox_inert),
    17: _origin,
    18: _ulong(lambda token: _ELEVATION_DEFAULT),
    19: _linked_token,
    20: _zero,  # TokenElevation
    21: _ulong(lambda token: token.is_filtered),  # TokenHasRestrictions
    23: _zero,  # TokenVirtualizationAllowed
    24: _zero,  # TokenVirtualizationEnabled
    25: _integrity,
    26: _zero,  # TokenUIAccess
    27: _ulong(lambda token: token.policy),
    28: _logon_sid,
    29: _zero,  # TokenIsAppContainer
    30: _zero,  # TokenCapabilities: none
    31: _zero,  # TokenAppContainerSid
    40: _ulong(lambda token: token.is_restricted),  # TokenIsRestricted
}
"""Answers for a buffer at an address, by TOKEN_INFORMATION_CLASS (winnt.h)."""
