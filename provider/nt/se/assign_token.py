"""Tokens given to threads and processes: PsAssignImpersonationToken, PspAssignPrimaryToken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.nt.handles import nt_part, reference
from provider.nt.se.impersonation import impersonate, revert
from provider.nt.se.privilege import SE_ASSIGN_PRIMARY_TOKEN
from provider.nt.se.subject import require_privilege
from provider.nt.se.token import Level, Token, TokenType
from provider.nt.se.token_change import duplicate
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from provider.kernel.process import Process
    from provider.kernel.thread import Thread

TOKEN_ASSIGN_PRIMARY = 0x01
TOKEN_IMPERSONATE = 0x04


def set_impersonation(caller: Thread, target: Thread, handle: int) -> None:
    """Let `target` act for the token behind a handle of the caller's; 0: for its process.

    NtError BAD_TOKEN_TYPE for a primary token, and as `reference`.
    """
    if not handle:
        revert(target)
        return
    token = reference(caller, handle, Token, TOKEN_IMPERSONATE)
    if token.kind is not TokenType.IMPERSONATION:
        raise NtError(NTSTATUS.BAD_TOKEN_TYPE)
    impersonate(target, token, token.level)


def set_primary_token(caller: Thread, process: Process, handle: int) -> None:
    """Let a process that has not begun to run act for a copy of a token of the caller's.

    It takes a privilege unless the token was filtered from the caller's own or copied like it.
    NtError BAD_TOKEN_TYPE, PRIVILEGE_NOT_HELD, NOT_SUPPORTED, and as `reference`.
    """
    token = reference(caller, handle, Token, TOKEN_ASSIGN_PRIMARY)
    if token.kind is not TokenType.PRIMARY:
        raise NtError(NTSTATUS.BAD_TOKEN_TYPE)
    if not is_akin(token, nt_part(caller.process).token):
        require_privilege(caller, SE_ASSIGN_PRIMARY_TOKEN)
    part = nt_part(process)
    if part.token_is_fixed:
        raise NtError(NTSTATUS.NOT_SUPPORTED)
    made = duplicate(token, part.provider.executive.take_luid(), TokenType.PRIMARY, Level.ANONYMOUS)
    made.set_security(made.default_security(Token))
    part.token = made


def is_akin(token: Token, own: Token) -> bool:
    """Whether a token gives nothing beyond `own`: its child or its sibling (SeIsTokenChild)."""
    if token.authentication_id != own.authentication_id:
        return False
    return token.parent_id in (own.id, own.parent_id)
