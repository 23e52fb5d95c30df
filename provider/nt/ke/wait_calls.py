"""Calls that wait for objects or for a time."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.kernel.ke.event import Event
from provider.kernel.ke.mutant import Mutant
from provider.kernel.ke.semaphore import Semaphore
from provider.kernel.ke.wait import WaitEnd, WaitReason, wait_for
from provider.kernel.ke.waitable import Waitable
from provider.kernel.ob.access import SYNCHRONIZE
from provider.kernel.ob.object import KernelObject
from provider.kernel.thread import Thread
from provider.nt.contents import HANDLES
from provider.nt.handles import nt_part, reference
from provider.nt.ke.event_calls import EVENT_MODIFY_STATE
from provider.nt.ke.mutant_calls import release_mutant
from provider.nt.ke.semaphore_calls import SEMAPHORE_MODIFY_STATE, release_semaphore
from provider.nt.ke.timeout import due_time, wait_status
from provider.nt.legend import WAIT_TYPE
from provider.nt.status import NTSTATUS, NtError
from provider.nt.table import nt
from provider.nt.types import BOOLEAN, HANDLE, TIMEOUT, ULONG

if TYPE_CHECKING:
    from collections.abc import Callable

MAXIMUM_WAIT_OBJECTS = 64
WAIT_ALL, WAIT_ANY = 0, 1


@nt.syscall()
async def NtWaitForSingleObject(
    thread: Thread, Handle: HANDLE, Alertable: BOOLEAN, Timeout: TIMEOUT | None
) -> int:
    """Wait until an object is signalled."""
    target = waitable(thread, Handle)
    if target.is_signaled(thread):  # what the rest does too, but not as fast
        abandoned = target.acquire(thread)
        return NTSTATUS.ABANDONED_WAIT_0 if abandoned else NTSTATUS.WAIT_0
    if Timeout == 0 and not Alertable:
        return NTSTATUS.TIMEOUT
    due = due_time(thread.process.kernel.clock, Timeout)
    target.reference()
    try:
        outcome = await wait_for(thread, (target,), alertable=bool(Alertable), due=due)
    finally:
        target.dereference()
    return wait_status(outcome)


@nt.syscall()
async def NtWaitForMultipleObjects(
    thread: Thread,
    Count: ULONG,
    Handles: HANDLES,
    WaitType: WAIT_TYPE,
    Alertable: BOOLEAN,
    Timeout: TIMEOUT | None,
) -> int:
    """Wait until one of up to 64 objects is signalled, or all of them are."""
    if not 0 < Count <= MAXIMUM_WAIT_OBJECTS:
        raise NtError(NTSTATUS.INVALID_PARAMETER_1)
    if WaitType not in (WAIT_ALL, WAIT_ANY):
        raise NtError(NTSTATUS.INVALID_PARAMETER_3)
    handles = struct.unpack(f"<{Count}I", thread.process.space.read(Handles, 4 * Count))
    targets = [waitable(thread, handle) for handle in handles]
    if WaitType == WAIT_ALL and len(set(targets)) < Count:
        raise NtError(NTSTATUS.INVALID_PARAMETER_MIX)
    due = due_time(thread.process.kernel.clock, Timeout)
    return await wait_on(
        thread, targets, wait_all=WaitType == WAIT_ALL, alertable=bool(Alertable), due=due
    )


@nt.syscall()
async def NtSignalAndWaitForSingleObject(
    thread: Thread,
    SignalHandle: HANDLE,
    WaitHandle: HANDLE,
    Alertable: BOOLEAN,
    Timeout: TIMEOUT | None,
) -> int:
    """Signal an event, a mutant or a semaphore, and wait for another object."""
    target = waitable(thread, WaitHandle)
    act = _signaller(thread, SignalHandle)
    due = due_time(thread.process.kernel.clock, Timeout)
    act()
    return await wait_on(thread, [target], alertable=bool(Alertable), due=due)


@nt.syscall()
async def NtDelayExecution(
    thread: Thread, Alertable: BOOLEAN, DelayInterval: TIMEOUT | None
) -> int:
    """Wait for a time; a delay of zero lets other threads run."""
    if DelayInterval is None and not nt_part(thread.process).userland.sleeps_without_time:
        raise NtError(NTSTATUS.ACCESS_VIOLATION)
    kernel = thread.process.kernel
    due = due_time(kernel.clock, DelayInterval)
    outcome = await wait_for(
        thread,
        (),
        alertable=bool(Alertable),
        due=due,
        reason="a delay",
        kind=WaitReason.DELAY_EXECUTION,
    )
    if outcome.end is not WaitEnd.TIMED_OUT:
        return wait_status(outcome)
    if DelayInterval == 0:
        kernel.scheduler.give_way(thread)
    return NTSTATUS.SUCCESS


@nt.syscall()
def NtYieldExecution(thread: Thread) -> NTSTATUS:
    """Let another ready thread of the same priority run."""
    if thread.process.kernel.scheduler.give_way(thread):
        return NTSTATUS.SUCCESS
    return NTSTATUS.NO_YIELD_PERFORMED


def waitable(thread: Thread, handle: int) -> Waitable:
    """What a wait for the object behind a handle waits for: types without a signal share one.

    NtError INVALID_HANDLE; KernelError ACCESS_DENIED.
    """
    target = reference(thread, handle, KernelObject, SYNCHRONIZE)
    return target if isinstance(target, Waitable) else thread.process.kernel.default_object


async def wait_on(
    thread: Thread,
    targets: list[Waitable],
    *,
    wait_all: bool = False,
    alertable: bool,
    due: int | None,
) -> int:
    """Wait for objects, which stay referenced meanwhile; returns the status."""
    for target in targets:
        target.reference()
    try:
        outcome = await wait_for(thread, targets, wait_all=wait_all, alertable=alertable, due=due)
    finally:
        for target in targets:
            target.dereference()
    return wait_status(outcome)


def _signaller(thread: Thread, handle: int) -> Callable[[], object]:
    """What signals the object behind `handle`.  NtError; KernelError ACCESS_DENIED."""
    target = reference(thread, handle, KernelObject)
    if isinstance(target, Event):
        reference(thread, handle, Event, EVENT_MODIFY_STATE)
        return target.set
    if isinstance(target, Mutant):
        return lambda: release_mutant(thread, target)
    if isinstance(target, Semaphore):
        reference(thread, handle, Semaphore, SEMAPHORE_MODIFY_STATE)
        return lambda: release_semaphore(target, 1)
    raise NtError(NTSTATUS.OBJECT_TYPE_MISMATCH)
