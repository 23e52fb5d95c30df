"""Calls that find processes: by id, and one after another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.process import Process
from provider.kernel.thread import Thread
from provider.nt.handles import reference
from provider.nt.legend import OBJ_ATTRIBUTES, PROCESS_ACCESS
from provider.nt.se.subject import open_access
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.ob import OBJ, OBJECT_ATTRIBUTES
from provider.nt.structs.process import CLIENT_ID
from provider.nt.table import nt
from provider.nt.types import HANDLE, ULONG
from provider.syscall import Out

if TYPE_CHECKING:
    from collections.abc import Iterable

GET_NEXT_PREVIOUS = 1
"""PROCESS_GET_NEXT_FLAGS_PREVIOUS_PROCESS."""


@nt.syscall()
def NtOpenProcess(
    thread: Thread,
    ProcessHandle: Out[HANDLE],
    DesiredAccess: PROCESS_ACCESS,
    ObjectAttributes: OBJECT_ATTRIBUTES,
    ClientId: CLIENT_ID | None,
) -> None:
    """Open a process by its id, or by that of one of its threads."""
    if ObjectAttributes.name or ClientId is None:
        raise NtError(NTSTATUS.INVALID_PARAMETER_MIX)
    target = _find(thread, ClientId)
    granted = open_access(thread, target, DesiredAccess)
    inherit = ObjectAttributes.inherit
    ProcessHandle.value = thread.process.handles.insert(target, granted, inherit=inherit)


@nt.syscall()
def NtGetNextProcess(
    thread: Thread,
    ProcessHandle: HANDLE,
    DesiredAccess: PROCESS_ACCESS,
    HandleAttributes: OBJ_ATTRIBUTES,
    Flags: ULONG,
    NewProcessHandle: Out[HANDLE],
) -> None:
    """Open the process after another one in the order of creation, or the one before it."""
    if Flags & ~GET_NEXT_PREVIOUS:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    processes: Iterable[Process] = thread.process.kernel.client_ids.all(Process)
    if Flags & GET_NEXT_PREVIOUS:
        processes = reversed(list(processes))
    candidates = iter(processes)
    if ProcessHandle:
        last = reference(thread, ProcessHandle, Process)
        for process in candidates:
            if process is last:
                break
    following = next(candidates, None)
    if following is None:
        raise NtError(NTSTATUS.NO_MORE_ENTRIES)
    granted = open_access(thread, following, DesiredAccess)
    inherit = bool(HandleAttributes & OBJ.OBJ_INHERIT)
    NewProcessHandle.value = thread.process.handles.insert(following, granted, inherit=inherit)


def _find(caller: Thread, client: CLIENT_ID) -> Process:
    """The process that a client id names, whose thread may be 0.  NtError INVALID_CID."""
    table = caller.process.kernel.client_ids
    process_id, thread_id = client.UniqueProcess, client.UniqueThread
    target = table.find(process_id, Process)
    if thread_id:
        owner = table.find(thread_id, Thread)
        if owner is None or (process_id and owner.process is not target):
            raise NtError(NTSTATUS.INVALID_CID)
        target = owner.process
    if target is None:
        raise NtError(NTSTATUS.INVALID_CID)
    return target
