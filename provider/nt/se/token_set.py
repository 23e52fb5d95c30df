"""What NtSetInformationToken changes, by class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from provider.nt.se.acl import capture_acl, capture_sid
from provider.nt.se.identity import integrity_level, is_level
from provider.nt.se.privilege import SE_RELABEL, SE_RESTORE
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.codec import UserMemory
    from provider.nt.se.token import Token


class Setter(NamedTuple):
    """How many bytes are read, and what is done with them; NtError for what is refused."""

    size: int
    apply: Callable[[Token, UserMemory, bytes], None]


def _word(data: bytes) -> int:
    return int.from_bytes(data[:4], "little")


def _set_owner(token: Token, memory: UserMemory, data: bytes) -> None:
    owner = capture_sid(memory, _word(data))
    if not token.may_own(owner) and not token.has(SE_RESTORE):
        raise NtError(NTSTATUS.INVALID_OWNER)
    token.owner = owner


def _set_primary_group(token: Token, memory: UserMemory, data: bytes) -> None:
    group = capture_sid(memory, _word(data))
    if group != token.user.sid and all(group != own.sid for own in token.groups):
        raise NtError(NTSTATUS.INVALID_PRIMARY_GROUP)
    token.primary_group = group


def _set_default_dacl(token: Token, memory: UserMemory, data: bytes) -> None:
    va = _word(data)
    token.default_dacl = capture_acl(memory, va) if va else None


def _set_integrity(token: Token, memory: UserMemory, data: bytes) -> None:
    """Only ever lower: to raise it takes a privilege."""
    label = capture_sid(memory, _word(data))
    if not is_level(label):
        raise NtError(NTSTATUS.INVALID_LABEL)
    level = integrity_level(label)
    if level > token.integrity and not token.has(SE_RELABEL):
        raise NtError(NTSTATUS.PRIVILEGE_NOT_HELD)
    token.integrity = level


def _refuse(token: Token, memory: UserMemory, data: bytes) -> None:
    """Takes SeTcbPrivilege."""
    raise NtError(NTSTATUS.PRIVILEGE_NOT_HELD)


def _set_virtualization(token: Token, memory: UserMemory, data: bytes) -> None:
    if _word(data):  # it is not allowed for the token
        raise NtError(NTSTATUS.INVALID_PARAMETER)


SETTERS: dict[int, Setter] = {
    4: Setter(4, _set_owner),
    5: Setter(4, _set_primary_group),
    6: Setter(4, _set_default_dacl),
    12: Setter(4, _refuse),  # TokenSessionId
    14: Setter(4, _refuse),  # TokenSessionReference
    16: Setter(4, _refuse),  # TokenAuditPolicy
    17: Setter(8, _refuse),  # TokenOrigin
    23: Setter(4, _refuse),  # TokenVirtualizationAllowed
    24: Setter(4, _set_virtualization),
    25: Setter(8, _set_integrity),
    26: Setter(4, _refuse),  # TokenUIAccess
    27: Setter(4, _refuse),  # TokenMandatoryPolicy
}
"""By TOKEN_INFORMATION_CLASS (winnt.h)."""
