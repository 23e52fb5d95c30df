"""Threads that act for others: PsImpersonateClient, SeCreateClientSecurity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.nt.handles import nt_part
from provider.nt.process import Impersonation, NtThread
from provider.nt.se.identity import ANONYMOUS_SID
from provider.nt.se.privilege import SE_IMPERSONATE
from provider.nt.se.subject import effective_token
from provider.nt.se.token import Level, Token, TokenType
from provider.nt.se.token_change import duplicate
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from provider.kernel.thread import Thread
    from provider.nt.se.capture import Quality


def impersonate(
    server: Thread,
    token: Token,
    level: Level,
    *,
    copy_on_open: bool = False,
    effective_only: bool = False,
) -> None:
    """Let a thread act for a token, but only as far as its process may (SeTokenCanImpersonate).

    Where it may not, the thread can only tell who its client is.
    """
    executive = nt_part(server.process).provider.executive
    if level > Level.IDENTIFICATION and not _may_impersonate(server, token):
        luid = executive.take_luid()
        level = Level.IDENTIFICATION
        token = duplicate(token, luid, TokenType.IMPERSONATION, level)
        token.set_security(token.default_security(Token))
    _part(server).impersonation = Impersonation(token, level, copy_on_open, effective_only)


def revert(thread: Thread) -> None:
    """Let a thread act for its process again."""
    _part(thread).impersonation = None


def impersonate_client(server: Thread, client: Thread, quality: Quality) -> None:
    """Let `server` act for the one that `client` acts for now.

    NtError BAD_IMPERSONATION_LEVEL where the client itself may not go that far.
    """
    token = client_token(client, quality)
    impersonate(server, token, quality.level, effective_only=quality.effective_only)


def client_token(client: Thread, quality: Quality) -> Token:
    """What a server may act for `client` with.

    NtError BAD_IMPERSONATION_LEVEL where the client itself may not go that far.
    """
    executive = nt_part(client.process).provider.executive
    source = lent_token(client, quality)
    if source is None:
        raise NtError(NTSTATUS.NOT_SUPPORTED)
    token = duplicate(
        source,
        executive.take_luid(),
        TokenType.IMPERSONATION,
        quality.level,
        effective_only=quality.effective_only,
    )
    token.set_security(token.default_security(Token))
    return token


def lent_token(client: Thread, quality: Quality) -> Token | None:
    """The token that `client` acts for itself; None for one of another personality.

    NtError BAD_IMPERSONATION_LEVEL where the client itself may not go that far.
    """
    part = client.context
    impersonation = part.impersonation if isinstance(part, NtThread) else None
    if impersonation is not None and impersonation.level < quality.level:
        raise NtError(NTSTATUS.BAD_IMPERSONATION_LEVEL)
    return effective_token(client)


def _may_impersonate(server: Thread, token: Token) -> bool:
    own = nt_part(server.process).token
    if own.has(SE_IMPERSONATE):
        return True
    if token.integrity > own.integrity or (own.is_restricted and not token.is_restricted):
        return False
    return token.user.sid in (own.user.sid, ANONYMOUS_SID)


def _part(thread: Thread) -> NtThread:
    """NtError NOT_SUPPORTED for a thread of another personality."""
    nt_part(thread.process)
    part: NtThread = thread.context
    return part
