"""Calls on semaphores."""

from __future__ import annotations

from provider.kernel.ke.semaphore import Semaphore
from provider.kernel.thread import Thread
from provider.nt.contents import FILLED
from provider.nt.handles import reference
from provider.nt.legend import SEMAPHORE_ACCESS, SEMAPHORE_CLASS
from provider.nt.ob.create import insert_object, late, open_object
from provider.nt.query import answer
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.ke import SEMAPHORE_BASIC_INFORMATION
from provider.nt.structs.ob import LATE_OBJECT_ATTRIBUTES, OBJECT_ATTRIBUTES
from provider.nt.table import nt
from provider.nt.types import HANDLE, LONG, ULONG
from provider.syscall import Out

SEMAPHORE_QUERY_STATE = 1
SEMAPHORE_MODIFY_STATE = 2


@nt.syscall()
def NtCreateSemaphore(
    thread: Thread,
    SemaphoreHandle: Out[HANDLE],
    DesiredAccess: SEMAPHORE_ACCESS,
    ObjectAttributes: LATE_OBJECT_ATTRIBUTES | None,
    InitialCount: LONG,
    MaximumCount: LONG,
) -> NTSTATUS:
    """Create a semaphore."""
    if MaximumCount <= 0 or not 0 <= InitialCount <= MaximumCount:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    semaphore = Semaphore(InitialCount, MaximumCount)
    status, SemaphoreHandle.value = insert_object(
        thread, semaphore, DesiredAccess, late(ObjectAttributes)
    )
    return status


@nt.syscall()
def NtOpenSemaphore(
    thread: Thread,
    SemaphoreHandle: Out[HANDLE],
    DesiredAccess: SEMAPHORE_ACCESS,
    ObjectAttributes: OBJECT_ATTRIBUTES | None,
) -> None:
    """Open a semaphore by name."""
    SemaphoreHandle.value = open_object(thread, Semaphore, DesiredAccess, ObjectAttributes)


@nt.syscall()
def NtReleaseSemaphore(
    thread: Thread, SemaphoreHandle: HANDLE, ReleaseCount: LONG, PreviousCount: Out[LONG] | None
) -> None:
    """Add units to a semaphore."""
    if ReleaseCount <= 0:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    semaphore = reference(thread, SemaphoreHandle, Semaphore, SEMAPHORE_MODIFY_STATE)
    before = release_semaphore(semaphore, ReleaseCount)
    if PreviousCount is not None:
        PreviousCount.value = before


@nt.syscall()
def NtQuerySemaphore(
    thread: Thread,
    SemaphoreHandle: HANDLE,
    SemaphoreInformationClass: SEMAPHORE_CLASS,
    SemaphoreInformation: FILLED,
    SemaphoreInformationLength: ULONG,
    ReturnLength: Out[ULONG] | None,
) -> None:
    """Tell a semaphore's units and their limit."""
    if SemaphoreInformationClass:
        raise NtError(NTSTATUS.INVALID_INFO_CLASS)
    semaphore = reference(thread, SemaphoreHandle, Semaphore, SEMAPHORE_QUERY_STATE)
    information = SEMAPHORE_BASIC_INFORMATION(
        CurrentCount=semaphore.count, MaximumCount=semaphore.limit
    )
    data = bytes(information)
    answer(thread, data, SemaphoreInformation, SemaphoreInformationLength, ReturnLength)


def release_semaphore(semaphore: Semaphore, units: int) -> int:
    """Add units; returns how many there were.  NtError SEMAPHORE_LIMIT_EXCEEDED."""
    if semaphore.count + units > semaphore.limit:
        raise NtError(NTSTATUS.SEMAPHORE_LIMIT_EXCEEDED)
    return semaphore.release(units)
