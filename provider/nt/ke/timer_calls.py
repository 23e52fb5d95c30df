"""Calls on waitable timers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.ke.alert import queue_user_apc
from provider.kernel.ke.timer_object import TimerObject
from provider.kernel.thread import Thread
from provider.nt.contents import FILLED
from provider.nt.handles import reference
from provider.nt.ke.timeout import due_time
from provider.nt.legend import TIMER_ACCESS, TIMER_CLASS, TIMER_TYPE
from provider.nt.ob.create import insert_object, late, open_object
from provider.nt.process import UserApc
from provider.nt.query import answer
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.ke import TIMER_BASIC_INFORMATION
from provider.nt.structs.ob import LATE_OBJECT_ATTRIBUTES, OBJECT_ATTRIBUTES
from provider.nt.table import nt
from provider.nt.types import BOOLEAN, CODE, HANDLE, LONG, PVOID, TIMEOUT, ULONG
from provider.syscall import Out

if TYPE_CHECKING:
    from collections.abc import Callable

TIMER_QUERY_STATE = 1
TIMER_MODIFY_STATE = 2
NOTIFICATION_TIMER, SYNCHRONIZATION_TIMER = 0, 1
_UNITS_PER_MILLISECOND = 10_000
_NEVER = (1 << 63) - 1


@nt.syscall()
def NtCreateTimer(
    thread: Thread,
    TimerHandle: Out[HANDLE],
    DesiredAccess: TIMER_ACCESS,
    ObjectAttributes: LATE_OBJECT_ATTRIBUTES | None,
    TimerType: TIMER_TYPE,
) -> NTSTATUS:
    """Create a waitable timer."""
    if TimerType not in (NOTIFICATION_TIMER, SYNCHRONIZATION_TIMER):
        raise NtError(NTSTATUS.INVALID_PARAMETER_4)
    kernel = thread.process.kernel
    timer = TimerObject(kernel, is_notification=TimerType == NOTIFICATION_TIMER)
    status, TimerHandle.value = insert_object(thread, timer, DesiredAccess, late(ObjectAttributes))
    return status


@nt.syscall()
def NtOpenTimer(
    thread: Thread,
    TimerHandle: Out[HANDLE],
    DesiredAccess: TIMER_ACCESS,
    ObjectAttributes: OBJECT_ATTRIBUTES | None,
) -> None:
    """Open a waitable timer by name."""
    TimerHandle.value = open_object(thread, TimerObject, DesiredAccess, ObjectAttributes)


@nt.syscall(partial="No timer wakes a sleeping machine.")
def NtSetTimer(
    thread: Thread,
    TimerHandle: HANDLE,
    DueTime: TIMEOUT,
    TimerApcRoutine: CODE,
    TimerContext: PVOID,
    ResumeTimer: BOOLEAN,
    Period: LONG,
    PreviousState: Out[BOOLEAN] | None,
) -> NTSTATUS:
    """Let a timer be signalled at a time, then each `Period` milliseconds."""
    if Period < 0:
        raise NtError(NTSTATUS.INVALID_PARAMETER_6)
    timer = reference(thread, TimerHandle, TimerObject, TIMER_MODIFY_STATE)
    on_expiry = _apc_queuer(thread, TimerApcRoutine, TimerContext) if TimerApcRoutine else None
    due = due_time(thread.process.kernel.clock, DueTime)
    before = timer.set(due, Period * _UNITS_PER_MILLISECOND, on_expiry)
    if PreviousState is not None:
        PreviousState.value = int(before)
    return NTSTATUS.TIMER_RESUME_IGNORED if ResumeTimer else NTSTATUS.SUCCESS


@nt.syscall()
def NtCancelTimer(thread: Thread, TimerHandle: HANDLE, CurrentState: Out[BOOLEAN] | None) -> None:
    """Let a timer not expire."""
    state = reference(thread, TimerHandle, TimerObject, TIMER_MODIFY_STATE).cancel()
    if CurrentState is not None:
        CurrentState.value = int(state)


@nt.syscall()
def NtQueryTimer(
    thread: Thread,
    TimerHandle: HANDLE,
    TimerInformationClass: TIMER_CLASS,
    TimerInformation: FILLED,
    TimerInformationLength: ULONG,
    ReturnLength: Out[ULONG] | None,
) -> None:
    """Tell whether a timer is signalled, and how long it has still to go."""
    if TimerInformationClass:
        raise NtError(NTSTATUS.INVALID_INFO_CLASS)
    timer = reference(thread, TimerHandle, TimerObject, TIMER_QUERY_STATE)
    now = thread.process.kernel.clock.interrupt_time()
    remaining = _NEVER if timer.due is None else timer.due - now
    data = bytes(TIMER_BASIC_INFORMATION(RemainingTime=remaining, TimerState=timer.signaled))
    answer(thread, data, TimerInformation, TimerInformationLength, ReturnLength)


def _apc_queuer(thread: Thread, routine: int, context: int) -> Callable[[], None]:
    """Queues the timer's APC, with the time as its arguments, unless it is queued still."""
    queued: UserApc | None = None

    def queue() -> None:
        nonlocal queued
        pending = any(apc is queued for apc in thread.wait_state.user_apcs)
        if pending or thread.is_terminated:
            return
        now = thread.process.kernel.clock.system_time()
        queued = UserApc(routine, context, now & 0xFFFFFFFF, now >> 32 & 0xFFFFFFFF)
        queue_user_apc(thread, queued)

    return queue
