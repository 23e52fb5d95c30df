"""Calls with which a thread comes to act for somebody else."""

from __future__ import annotations

from provider.kernel.thread import Thread
from provider.nt.access import THREAD_DIRECT_IMPERSONATION, THREAD_IMPERSONATE
from provider.nt.handles import nt_part, reference
from provider.nt.se.capture import read_quality
from provider.nt.se.impersonation import impersonate, impersonate_client
from provider.nt.se.token import Level
from provider.nt.status import NTSTATUS, NtError
from provider.nt.table import nt
from provider.nt.types import HANDLE, PVOID


@nt.syscall()
def NtImpersonateThread(
    thread: Thread, ServerThreadHandle: HANDLE, ClientThreadHandle: HANDLE, SecurityQos: PVOID
) -> None:
    """Let one thread act for another."""
    quality = read_quality(thread.process.space, SecurityQos)
    client = reference(thread, ClientThreadHandle, Thread, THREAD_DIRECT_IMPERSONATION)
    server = reference(thread, ServerThreadHandle, Thread, THREAD_IMPERSONATE)
    impersonate_client(server, client, quality)


@nt.syscall()
def NtImpersonateAnonymousToken(thread: Thread, ThreadHandle: HANDLE) -> None:
    """Let a thread act for nobody in particular."""
    target = reference(thread, ThreadHandle, Thread, THREAD_IMPERSONATE)
    part = nt_part(target.process)
    if part.token.is_restricted:
        raise NtError(NTSTATUS.ACCESS_DENIED)
    token = part.provider.executive.anonymous_token()
    impersonate(target, token, Level.IMPERSONATION, copy_on_open=True)
