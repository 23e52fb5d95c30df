"""Calls on jobs, of which there are none."""

from __future__ import annotations

from provider.kernel.process import Process
from provider.kernel.thread import Thread
from provider.nt.access import PROCESS_QUERY_LIMITED_INFORMATION
from provider.nt.handles import reference
from provider.nt.status import NTSTATUS, NtError
from provider.nt.table import nt
from provider.nt.types import HANDLE, PVOID, ULONG
from provider.syscall import Out


@nt.syscall(partial="No process is in a job.")
def NtIsProcessInJob(thread: Thread, ProcessHandle: HANDLE, JobHandle: HANDLE) -> NTSTATUS:
    """Tell whether a process belongs to a job, or to any."""
    reference(thread, ProcessHandle, Process, PROCESS_QUERY_LIMITED_INFORMATION)
    if JobHandle:
        raise NtError(NTSTATUS.INVALID_HANDLE)
    return NTSTATUS.PROCESS_NOT_IN_JOB


@nt.syscall(partial="No process is in a job.")
def NtQueryInformationJobObject(
    thread: Thread,
    JobHandle: HANDLE,
    JobObjectInformationClass: ULONG,
    JobObjectInformation: PVOID,
    JobObjectInformationLength: ULONG,
    ReturnLength: Out[ULONG] | None,
) -> None:
    """Tell the limits of a job; without a handle, of the caller's, which has none."""
    raise NtError(NTSTATUS.INVALID_HANDLE if JobHandle else NTSTATUS.ACCESS_DENIED)
