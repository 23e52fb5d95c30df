"""Calls on alerts and user APCs."""

from __future__ import annotations

import struct

from provider.kernel.ke.alert import (
    alert,
    alert_by_id,
    queue_user_apc,
    wait_for_alert_by_id,
)
from provider.kernel.ke.apc import KernelApc, queue_kernel_apc
from provider.kernel.ke.suspension import resume_thread
from provider.kernel.ke.wait import WaitEnd, take_alert
from provider.kernel.thread import Thread
from provider.nt.access import THREAD_ALERT, THREAD_SET_CONTEXT, THREAD_SUSPEND_RESUME
from provider.nt.dispatch import KEEP_REGISTERS
from provider.nt.handles import live_thread, nt_part, reference
from provider.nt.ke.timeout import due_time, wait_status
from provider.nt.process import UserApc
from provider.nt.status import NTSTATUS, NtError
from provider.nt.table import nt
from provider.nt.types import CODE, HANDLE, PVOID, TIMEOUT, ULONG
from provider.syscall import Out

_MOST_IDS = 1 << 12


@nt.syscall()
def NtTestAlert(thread: Thread) -> object:
    """Take a pending alert, or else run the pending user APCs."""
    outcome = take_alert(thread)
    if outcome is None:
        return NTSTATUS.SUCCESS
    if outcome.end is WaitEnd.ALERTED:
        return NTSTATUS.ALERTED
    thread.registers.set_result(NTSTATUS.SUCCESS)
    provider = nt_part(thread.process).provider
    provider.deliver_apc(thread, thread.wait_state.user_apcs.popleft())
    return KEEP_REGISTERS


@nt.syscall()
def NtAlertThread(thread: Thread, ThreadHandle: HANDLE) -> None:
    """End a thread's alertable wait, now or when it begins one."""
    alert(live_thread(thread, ThreadHandle, THREAD_ALERT))


@nt.syscall()
def NtAlertResumeThread(
    thread: Thread, ThreadHandle: HANDLE, PreviousSuspendCount: Out[ULONG] | None
) -> None:
    """Alert a thread and lower its suspend count."""
    target = reference(thread, ThreadHandle, Thread, THREAD_SUSPEND_RESUME)
    alert(target)
    before = resume_thread(target)
    if PreviousSuspendCount is not None:
        PreviousSuspendCount.value = before


@nt.syscall()
def NtQueueApcThread(
    thread: Thread,
    ThreadHandle: HANDLE,
    ApcRoutine: CODE,
    ApcArgument1: PVOID,
    ApcArgument2: PVOID,
    ApcArgument3: PVOID,
) -> None:
    """Let a thread call a routine when it is alertable next."""
    apc = UserApc(ApcRoutine, ApcArgument1, ApcArgument2, ApcArgument3)
    _queue(thread, ThreadHandle, apc)


@nt.syscall(
    partial="Special user APCs are delivered like all others: when the thread is alertable."
)
def NtQueueApcThreadEx(
    thread: Thread,
    ThreadHandle: HANDLE,
    ReserveHandle: HANDLE,
    ApcRoutine: CODE,
    ApcArgument1: PVOID,
    ApcArgument2: PVOID,
    ApcArgument3: PVOID,
) -> None:
    """Let a thread call a routine; memory for it may have been reserved, which is not needed."""
    apc = UserApc(ApcRoutine, ApcArgument1, ApcArgument2, ApcArgument3)
    _queue(thread, ThreadHandle, apc)


@nt.syscall()
async def NtWaitForAlertByThreadId(thread: Thread, Address: PVOID, Timeout: TIMEOUT | None) -> int:
    """Wait until a thread of the process alerts the caller by its id; `Address` is a mere hint."""
    due = due_time(thread.process.kernel.clock, Timeout)
    return wait_status(await wait_for_alert_by_id(thread, due, f"address {Address:#x}"))


@nt.syscall()
def NtAlertThreadByThreadId(thread: Thread, ThreadId: HANDLE) -> None:
    """End the wait of NtWaitForAlertByThreadId, or let the next one end at once."""
    _alert_by_id(thread, ThreadId)


@nt.syscall(partial="Priorities are not lifted.")
def NtAlertMultipleThreadByThreadId(
    thread: Thread, MultipleThreadId: PVOID, Count: ULONG, Boost: PVOID, BoostParam: ULONG
) -> None:
    """End the waits of NtWaitForAlertByThreadId of several threads."""
    if Count > _MOST_IDS:
        raise NtError(NTSTATUS.INVALID_PARAMETER_2)
    data = thread.process.space.read(MultipleThreadId, 4 * Count)
    for (thread_id,) in struct.iter_unpack("<I", data):
        _alert_by_id(thread, thread_id)


def _alert_by_id(thread: Thread, thread_id: int) -> None:
    target = thread.process.kernel.client_ids.find(thread_id, Thread)
    if target is None:
        raise NtError(NTSTATUS.INVALID_CID)
    if target.process is not thread.process:
        raise NtError(NTSTATUS.ACCESS_DENIED)
    alert_by_id(target)


def _queue(thread: Thread, handle: int, apc: UserApc) -> None:
    target = reference(thread, handle, Thread, THREAD_SET_CONTEXT)
    if target.is_terminated:
        raise NtError(NTSTATUS.UNSUCCESSFUL)
    if apc.routine:
        queue_user_apc(target, apc)
    else:  # without a normal routine it is a special kernel APC, whose kernel routine frees it
        queue_kernel_apc(target, KernelApc(_forget))


def _forget(thread: Thread) -> None:
    """There is nothing to free."""
