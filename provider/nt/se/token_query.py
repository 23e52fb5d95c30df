"""What NtQueryInformationToken tells, by class.  An answer's pointers lead into the answer."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.nt.se.identity import (
    GROUP_SIDS,
    LOGON_LUID,
    LOGON_SID,
    MEDIUM_INTEGRITY_SID,
    USER_SID,
)
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.se import TOKEN_SOURCE, TOKEN_STATISTICS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from provider.nt.se.token import Token

TOKEN_PRIMARY = 1
_TOKEN_LUID = 0x1001
_NEVER = (1 << 63) - 1
_LOGON_GROUP = 0xC0000007
_INTEGRITY_ATTRIBUTES = 0x60
_NO_WRITE_UP_NEW_PROCESS_MIN = 3
_ELEVATION_DEFAULT = 1
_SESSION = 1


def _pointer(va: int) -> bytes:
    """The bytes of an address, which wraps around in a buffer that cannot be."""
    return struct.pack("<I", va & 0xFFFFFFFF)


def _user(token: Token, va: int) -> bytes:
    return _pointer(va + 8) + bytes(4) + USER_SID


def _groups(token: Token, va: int) -> bytes:
    return _sid_list(GROUP_SIDS, va)


def _sid_list(sids: Sequence[tuple[bytes, int]], va: int) -> bytes:
    """TOKEN_GROUPS: a count, pointers with attributes, then the SIDs."""
    table, tail = bytearray(), bytearray()
    start = va + 4 + 8 * len(sids)
    for sid, attributes in sids:
        table += _pointer(start + len(tail)) + struct.pack("<I", attributes)
        tail += sid
    return struct.pack("<I", len(sids)) + bytes(table) + bytes(tail)


def _privileges(token: Token, va: int) -> bytes:
    rows = (struct.pack("<3I", luid, 0, state) for luid, state in token.privileges.items())
    return struct.pack("<I", len(token.privileges)) + b"".join(rows)


def _owner(token: Token, va: int) -> bytes:
    return _pointer(va + 4) + USER_SID


def _primary_group(token: Token, va: int) -> bytes:
    return _pointer(va + 4) + GROUP_SIDS[0][0]


def _source(token: Token, va: int) -> bytes:
    return bytes(TOKEN_SOURCE(SourceName=b"User32 ", SourceLow=LOGON_LUID))


def _statistics(token: Token, va: int) -> bytes:
    return bytes(
        TOKEN_STATISTICS(
            TokenIdLow=_TOKEN_LUID,
            AuthenticationIdLow=LOGON_LUID,
            ExpirationTime=_NEVER,
            TokenType=TOKEN_PRIMARY,
            GroupCount=len(GROUP_SIDS),
            PrivilegeCount=len(token.privileges),
            ModifiedIdLow=_TOKEN_LUID + 1,
        )
    )


def _integrity(token: Token, va: int) -> bytes:
    return _pointer(va + 8) + struct.pack("<I", _INTEGRITY_ATTRIBUTES) + MEDIUM_INTEGRITY_SID


def _logon_sid(token: Token, va: int) -> bytes:
    return _sid_list(((LOGON_SID, _LOGON_GROUP),), va)


def _ulong(value: int) -> Callable[[Token, int], bytes]:
    return lambda token, va: struct.pack("<I", value)


def _impersonation_level(token: Token, va: int) -> bytes:
    raise NtError(NTSTATUS.INVALID_PARAMETER)  # a primary token has none


def _linked_token(token: Token, va: int) -> bytes:
    raise NtError(NTSTATUS.NO_SUCH_LOGON_SESSION)  # the user has one token only


QUERIES: dict[int, Callable[[Token, int], bytes]] = {
    1: _user,
    2: _groups,
    3: _privileges,
    4: _owner,
    5: _primary_group,
    6: _ulong(0),  # TokenDefaultDacl: none
    7: _source,
    8: _ulong(TOKEN_PRIMARY),
    9: _impersonation_level,
    10: _statistics,
    11: _ulong(0),  # TokenRestrictedSids: none
    12: _ulong(_SESSION),
    15: _ulong(0),  # TokenSandBoxInert
    18: _ulong(_ELEVATION_DEFAULT),
    19: _linked_token,
    20: _ulong(0),  # TokenElevation
    21: _ulong(0),  # TokenHasRestrictions
    23: _ulong(0),  # TokenVirtualizationAllowed
    24: _ulong(0),  # TokenVirtualizationEnabled
    25: _integrity,
    26: _ulong(0),  # TokenUIAccess
    27: _ulong(_NO_WRITE_UP_NEW_PROCESS_MIN),
    28: _logon_sid,
    29: _ulong(0),  # TokenIsAppContainer
    30: _ulong(0),  # TokenCapabilities: none
    31: _ulong(0),  # TokenAppContainerSid
}
"""Answers for a buffer at an address, by TOKEN_INFORMATION_CLASS (winnt.h)."""
