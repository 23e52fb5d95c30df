"""Calls of debuggers."""

from __future__ import annotations

from provider.kernel.ke.wait import WaitEnd, wait_for
from provider.kernel.process import Process
from provider.kernel.thread import Thread
from provider.nt.access import PROCESS_SUSPEND_RESUME
from provider.nt.contents import GIVEN, STATE_CHANGE
from provider.nt.dbg.debug_object import DebugObject
from provider.nt.dbg.report import tell_present
from provider.nt.handles import live_process, nt_part, reference
from provider.nt.ke.timeout import due_time, wait_status
from provider.nt.legend import (
    DEBUG_OBJECT_ACCESS,
    DEBUG_OBJECT_CLASS,
    DEBUG_OBJECT_FLAGS,
)
from provider.nt.ob.create import insert_object, late
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.dbg import DBGUI_BYTES, DBGUI_HEADER
from provider.nt.structs.ob import LATE_OBJECT_ATTRIBUTES
from provider.nt.structs.process import CLIENT_ID
from provider.nt.table import nt
from provider.nt.types import BOOLEAN, HANDLE, NTSTATUS_VALUE, TIMEOUT, ULONG
from provider.syscall import Out

DEBUG_READ_EVENT, DEBUG_PROCESS_ASSIGN, DEBUG_SET_INFORMATION = 1, 2, 4
DEBUG_KILL_ON_CLOSE = 1
_CONTINUATIONS = (
    NTSTATUS.DBG_CONTINUE,
    NTSTATUS.DBG_EXCEPTION_HANDLED,
    NTSTATUS.DBG_EXCEPTION_NOT_HANDLED,
    NTSTATUS.DBG_REPLY_LATER,
    NTSTATUS.DBG_TERMINATE_THREAD,
    NTSTATUS.DBG_TERMINATE_PROCESS,
)


@nt.syscall()
def NtCreateDebugObject(
    thread: Thread,
    DebugObjectHandle: Out[HANDLE],
    DesiredAccess: DEBUG_OBJECT_ACCESS,
    ObjectAttributes: LATE_OBJECT_ATTRIBUTES | None,
    Flags: DEBUG_OBJECT_FLAGS,
) -> NTSTATUS:
    """Create a debug object without debuggees."""
    if Flags & ~DEBUG_KILL_ON_CLOSE:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    made = DebugObject(kills_on_close=bool(Flags & DEBUG_KILL_ON_CLOSE))
    status, DebugObjectHandle.value = insert_object(
        thread, made, DesiredAccess, late(ObjectAttributes)
    )
    return status


@nt.syscall()
def NtDebugActiveProcess(thread: Thread, ProcessHandle: HANDLE, DebugObjectHandle: HANDLE) -> None:
    """Make a running process a debuggee."""
    process = live_process(thread, ProcessHandle, PROCESS_SUSPEND_RESUME)
    if process is thread.process or process.is_minimal:
        raise NtError(NTSTATUS.ACCESS_DENIED)
    debugger = reference(thread, DebugObjectHandle, DebugObject, DEBUG_PROCESS_ASSIGN)
    part = nt_part(process)
    if part.debug_object is not None:
        raise NtError(NTSTATUS.PORT_ALREADY_SET)
    debugger.attach(process)
    part.no_debug_inherit = True
    if process.threads:
        part.is_reported = True
        tell_present(process, debugger)


@nt.syscall()
def NtRemoveProcessDebug(thread: Thread, ProcessHandle: HANDLE, DebugObjectHandle: HANDLE) -> None:
    """Let a debuggee go."""
    process = reference(thread, ProcessHandle, Process, PROCESS_SUSPEND_RESUME)
    debugger = reference(thread, DebugObjectHandle, DebugObject, DEBUG_PROCESS_ASSIGN)
    if nt_part(process).debug_object is not debugger:
        raise NtError(NTSTATUS.PORT_NOT_SET)
    debugger.detach(process)


@nt.syscall()
async def NtWaitForDebugEvent(
    thread: Thread,
    DebugObjectHandle: HANDLE,
    Alertable: BOOLEAN,
    Timeout: TIMEOUT | None,
    WaitStateChange: STATE_CHANGE,
) -> int:
    """Read the next event, and wait for one if there is none."""
    space = thread.process.space
    debugger = reference(thread, DebugObjectHandle, DebugObject, DEBUG_READ_EVENT)
    space.probe_write(WaitStateChange, DBGUI_BYTES)
    due = due_time(thread.process.kernel.clock, Timeout)
    debugger.reference()
    try:
        while (event := debugger.next_event()) is None:
            outcome = await wait_for(thread, (debugger,), alertable=bool(Alertable), due=due)
            if outcome.end is not WaitEnd.SATISFIED:
                return wait_status(outcome)
        event.is_read = True
        client = CLIENT_ID(UniqueProcess=event.process.id, UniqueThread=event.thread.id)
        header = DBGUI_HEADER(NewState=event.state, AppClientId=client)
        data = bytes(header) + event.describe(thread.process)
        space.write(WaitStateChange, data.ljust(DBGUI_BYTES, b"\0"))
    finally:
        debugger.dereference()
    return NTSTATUS.SUCCESS


@nt.syscall()
def NtDebugContinue(
    thread: Thread, DebugObjectHandle: HANDLE, ClientId: CLIENT_ID, ContinueStatus: NTSTATUS_VALUE
) -> None:
    """Let the threads that an event has stopped go on.

    After DBG_REPLY_LATER the event comes once more as soon as its thread would run.
    """
    if ContinueStatus not in _CONTINUATIONS:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    debugger = reference(thread, DebugObjectHandle, DebugObject, DEBUG_READ_EVENT)
    event = debugger.find_read(ClientId.UniqueProcess, ClientId.UniqueThread)
    if event is None:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    debugger.resume(event, ContinueStatus)
    routines = nt_part(event.process).provider.routines
    if ContinueStatus == NTSTATUS.DBG_TERMINATE_THREAD:
        routines.terminate_thread(event.thread, ContinueStatus)
    elif ContinueStatus == NTSTATUS.DBG_TERMINATE_PROCESS:
        routines.terminate_process(event.process, ContinueStatus)


@nt.syscall()
def NtSetInformationDebugObject(
    thread: Thread,
    DebugObjectHandle: HANDLE,
    DebugObjectInformationClass: DEBUG_OBJECT_CLASS,
    DebugInformation: GIVEN,
    DebugInformationLength: ULONG,
    ReturnLength: Out[ULONG] | None,
) -> None:
    """Say whether debuggees end with the debug object; that is the only class."""
    if DebugObjectInformationClass != 1:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    if DebugInformationLength != 4:
        if ReturnLength is not None:
            ReturnLength.value = 4
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
    flags = int.from_bytes(thread.process.space.read(DebugInformation, 4), "little")
    if flags & ~DEBUG_KILL_ON_CLOSE:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    debugger = reference(thread, DebugObjectHandle, DebugObject, DEBUG_SET_INFORMATION)
    debugger.kills_on_close = bool(flags)
    if ReturnLength is not None:
        ReturnLength.value = 0
