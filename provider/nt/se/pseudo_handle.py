"""Tokens as NtQueryInformationToken takes them: handles, and three pseudo handles (winnt.h)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.nt.handles import nt_part, reference
from provider.nt.se.token import Token
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from provider.kernel.thread import Thread
    from provider.nt.process import NtThread

CURRENT_PROCESS_TOKEN, CURRENT_THREAD_TOKEN = 0xFFFFFFFC, 0xFFFFFFFB
CURRENT_THREAD_EFFECTIVE_TOKEN = 0xFFFFFFFA


def reference_token(thread: Thread, handle: int, access: int) -> Token:
    """The token behind a handle.  NtError as `reference`, NO_TOKEN."""
    if not CURRENT_THREAD_EFFECTIVE_TOKEN <= handle <= CURRENT_PROCESS_TOKEN:
        return reference(thread, handle, Token, access)
    process_token = nt_part(thread.process).token
    part: NtThread = thread.context
    if handle == CURRENT_PROCESS_TOKEN:
        return process_token
    if part.impersonation is not None:
        return part.impersonation.token
    if handle == CURRENT_THREAD_TOKEN:
        raise NtError(NTSTATUS.NO_TOKEN)
    return process_token
