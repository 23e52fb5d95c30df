"""Calls on keyed events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.ke.keyed_event import KeyedEvent
from provider.kernel.ob.namespace import Directory
from provider.kernel.thread import Thread
from provider.nt.handles import reference
from provider.nt.ke.timeout import due_time, wait_status
from provider.nt.legend import KEYED_EVENT_ACCESS
from provider.nt.ob.create import insert_object, open_object
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.ob import OBJECT_ATTRIBUTES
from provider.nt.table import nt
from provider.nt.types import BOOLEAN, HANDLE, PVOID, TIMEOUT, ULONG
from provider.syscall import Out

if TYPE_CHECKING:
    from provider.kernel.kernel import Kernel

KEYEDEVENT_WAIT = 1
KEYEDEVENT_WAKE = 2
_DIRECTORY = "\\KernelObjects"
_SHARED = "\\KernelObjects\\CritSecOutOfMemoryEvent"


@nt.syscall()
def NtCreateKeyedEvent(
    thread: Thread,
    KeyedEventHandle: Out[HANDLE],
    DesiredAccess: KEYED_EVENT_ACCESS,
    ObjectAttributes: OBJECT_ATTRIBUTES | None,
    Flags: ULONG,
) -> NTSTATUS:
    """Create a keyed event."""
    if Flags:
        raise NtError(NTSTATUS.INVALID_PARAMETER_4)
    status, KeyedEventHandle.value = insert_object(
        thread, KeyedEvent(), DesiredAccess, ObjectAttributes
    )
    return status


@nt.syscall()
def NtOpenKeyedEvent(
    thread: Thread,
    KeyedEventHandle: Out[HANDLE],
    DesiredAccess: KEYED_EVENT_ACCESS,
    ObjectAttributes: OBJECT_ATTRIBUTES | None,
) -> None:
    """Open a keyed event by name."""
    _shared_event(thread.process.kernel)
    KeyedEventHandle.value = open_object(thread, KeyedEvent, DesiredAccess, ObjectAttributes)


@nt.syscall()
async def NtWaitForKeyedEvent(
    thread: Thread,
    KeyedEventHandle: HANDLE,
    KeyValue: PVOID,
    Alertable: BOOLEAN,
    Timeout: TIMEOUT | None,
) -> int:
    """Wait until somebody releases a key."""
    event = _event(thread, KeyedEventHandle, KeyValue, KEYEDEVENT_WAIT)
    due = due_time(thread.process.kernel.clock, Timeout)
    return wait_status(await event.wait(thread, KeyValue, alertable=bool(Alertable), due=due))


@nt.syscall()
async def NtReleaseKeyedEvent(
    thread: Thread,
    KeyedEventHandle: HANDLE,
    KeyValue: PVOID,
    Alertable: BOOLEAN,
    Timeout: TIMEOUT | None,
) -> int:
    """Let one thread go on that waits for a key; wait for one to come."""
    event = _event(thread, KeyedEventHandle, KeyValue, KEYEDEVENT_WAKE)
    due = due_time(thread.process.kernel.clock, Timeout)
    return wait_status(await event.release(thread, KeyValue, alertable=bool(Alertable), due=due))


def _event(thread: Thread, handle: int, key: int, access: int) -> KeyedEvent:
    """The event behind `handle`; 0: the one that critical sections fall back to."""
    if key & 1:
        raise NtError(NTSTATUS.INVALID_PARAMETER_1)
    if not handle:
        return _shared_event(thread.process.kernel)
    return reference(thread, handle, KeyedEvent, access)


def _shared_event(kernel: Kernel) -> KeyedEvent:
    """The event that the system itself names, made at its first use."""
    if kernel.namespace.find(_DIRECTORY).object is None:
        kernel.namespace.make_permanent(_DIRECTORY, Directory())
    found = kernel.namespace.find(_SHARED).object
    if found is None:
        found = KeyedEvent()
        kernel.namespace.make_permanent(_SHARED, found)
    assert isinstance(found, KeyedEvent)
    return found
