"""Privileges by LUID (winnt.h, SE_…_NAME), and whether a caller has enabled one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.nt.process import NtProcess
from provider.nt.se.token import SE_PRIVILEGE_ENABLED
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from provider.kernel.thread import Thread

SE_LOCK_MEMORY = 4
SE_CREATE_PERMANENT = 16
SE_BACKUP = 17
SE_RESTORE = 18


def has_privilege(thread: Thread, luid: int) -> bool:
    """Whether a caller's token has that privilege enabled; other personalities have no tokens."""
    context = thread.process.context
    if not isinstance(context, NtProcess):
        return False
    token = context.provider.executive.token
    return bool(token.privileges.get(luid, 0) & SE_PRIVILEGE_ENABLED)


def require_privilege(thread: Thread, luid: int) -> None:
    """NtError PRIVILEGE_NOT_HELD unless the caller has that privilege enabled."""
    if not has_privilege(thread, luid):
        raise NtError(NTSTATUS.PRIVILEGE_NOT_HELD)
