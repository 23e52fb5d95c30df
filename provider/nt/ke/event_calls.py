"""Calls on events."""

from __future__ import annotations

from provider.kernel.ke.event import Event
from provider.kernel.thread import Thread
from provider.nt.contents import FILLED
from provider.nt.handles import reference
from provider.nt.legend import EVENT_ACCESS, EVENT_CLASS, EVENT_TYPE
from provider.nt.ob.create import insert_object, late, open_object
from provider.nt.query import answer
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.ke import EVENT_BASIC_INFORMATION
from provider.nt.structs.ob import LATE_OBJECT_ATTRIBUTES, OBJECT_ATTRIBUTES
from provider.nt.table import nt
from provider.nt.types import BOOLEAN, HANDLE, LONG, ULONG
from provider.syscall import Out

EVENT_QUERY_STATE = 1
EVENT_MODIFY_STATE = 2
NOTIFICATION_EVENT, SYNCHRONIZATION_EVENT = 0, 1


@nt.syscall()
def NtCreateEvent(
    thread: Thread,
    EventHandle: Out[HANDLE],
    DesiredAccess: EVENT_ACCESS,
    ObjectAttributes: LATE_OBJECT_ATTRIBUTES | None,
    EventType: EVENT_TYPE,
    InitialState: BOOLEAN,
) -> NTSTATUS:
    """Create an event."""
    if EventType not in (NOTIFICATION_EVENT, SYNCHRONIZATION_EVENT):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    event = Event(is_notification=EventType == NOTIFICATION_EVENT, signaled=bool(InitialState))
    status, EventHandle.value = insert_object(thread, event, DesiredAccess, late(ObjectAttributes))
    return status


@nt.syscall()
def NtOpenEvent(
    thread: Thread,
    EventHandle: Out[HANDLE],
    DesiredAccess: EVENT_ACCESS,
    ObjectAttributes: OBJECT_ATTRIBUTES | None,
) -> None:
    """Open an event by name."""
    EventHandle.value = open_object(thread, Event, DesiredAccess, ObjectAttributes)


@nt.syscall()
def NtSetEvent(thread: Thread, EventHandle: HANDLE, PreviousState: Out[LONG] | None) -> None:
    """Signal an event."""
    before = _event(thread, EventHandle).set()
    if PreviousState is not None:
        PreviousState.value = int(before)


@nt.syscall()
def NtSetEventBoostPriority(thread: Thread, EventHandle: HANDLE) -> None:
    """Signal a synchronisation event, and hand the caller's priority to who waits for it."""
    event = _event(thread, EventHandle)
    if event.is_notification:
        raise NtError(NTSTATUS.OBJECT_TYPE_MISMATCH)
    event.set_and_lift(thread)


@nt.syscall()
def NtResetEvent(thread: Thread, EventHandle: HANDLE, PreviousState: Out[LONG] | None) -> None:
    """Take an event's signal back."""
    before = _event(thread, EventHandle).reset()
    if PreviousState is not None:
        PreviousState.value = int(before)


@nt.syscall()
def NtClearEvent(thread: Thread, EventHandle: HANDLE) -> None:
    """Take an event's signal back."""
    _event(thread, EventHandle).reset()


@nt.syscall()
def NtPulseEvent(thread: Thread, EventHandle: HANDLE, PreviousState: Out[LONG] | None) -> None:
    """Signal an event for those who wait for it now."""
    before = _event(thread, EventHandle).pulse()
    if PreviousState is not None:
        PreviousState.value = int(before)


@nt.syscall()
def NtQueryEvent(
    thread: Thread,
    EventHandle: HANDLE,
    EventInformationClass: EVENT_CLASS,
    EventInformation: FILLED,
    EventInformationLength: ULONG,
    ReturnLength: Out[ULONG] | None,
) -> None:
    """Tell an event's type and state."""
    if EventInformationClass:
        raise NtError(NTSTATUS.INVALID_INFO_CLASS)
    event = reference(thread, EventHandle, Event, EVENT_QUERY_STATE)
    kind = NOTIFICATION_EVENT if event.is_notification else SYNCHRONIZATION_EVENT
    data = bytes(EVENT_BASIC_INFORMATION(EventType=kind, EventState=int(event.signaled)))
    answer(thread, data, EventInformation, EventInformationLength, ReturnLength)


def _event(thread: Thread, handle: int) -> Event:
    return reference(thread, handle, Event, EVENT_MODIFY_STATE)
