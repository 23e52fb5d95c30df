"""Calls that make jobs, fill them and end them."""

from __future__ import annotations

from provider.kernel.process import Process
from provider.kernel.thread import Thread
from provider.nt.access import (
    PROCESS_QUERY_LIMITED_INFORMATION,
    PROCESS_SET_QUOTA,
    PROCESS_TERMINATE,
)
from provider.nt.handles import live_process, nt_part, reference
from provider.nt.legend import JOB_ACCESS
from provider.nt.ob.create import insert_object, open_object
from provider.nt.ps.job import Job
from provider.nt.status import NTSTATUS
from provider.nt.structs.ob import OBJECT_ATTRIBUTES
from provider.nt.table import nt
from provider.nt.types import HANDLE, NTSTATUS_VALUE
from provider.syscall import Out

JOB_OBJECT_ASSIGN_PROCESS, JOB_OBJECT_SET_ATTRIBUTES = 0x1, 0x2
JOB_OBJECT_QUERY, JOB_OBJECT_TERMINATE = 0x4, 0x8


@nt.syscall()
def NtCreateJobObject(
    thread: Thread,
    JobHandle: Out[HANDLE],
    DesiredAccess: JOB_ACCESS,
    ObjectAttributes: OBJECT_ATTRIBUTES | None,
) -> NTSTATUS:
    """Create a job without processes."""
    status, JobHandle.value = insert_object(thread, Job(), DesiredAccess, ObjectAttributes)
    return status


@nt.syscall()
def NtOpenJobObject(
    thread: Thread,
    JobHandle: Out[HANDLE],
    DesiredAccess: JOB_ACCESS,
    ObjectAttributes: OBJECT_ATTRIBUTES | None,
) -> None:
    """Open a job by name."""
    JobHandle.value = open_object(thread, Job, DesiredAccess, ObjectAttributes)


@nt.syscall()
def NtAssignProcessToJobObject(thread: Thread, JobHandle: HANDLE, ProcessHandle: HANDLE) -> None:
    """Put a process into a job."""
    job = reference(thread, JobHandle, Job, JOB_OBJECT_ASSIGN_PROCESS)
    job.assign(live_process(thread, ProcessHandle, PROCESS_SET_QUOTA | PROCESS_TERMINATE))


@nt.syscall()
def NtTerminateJobObject(thread: Thread, JobHandle: HANDLE, ExitStatus: NTSTATUS_VALUE) -> None:
    """End all processes of a job."""
    reference(thread, JobHandle, Job, JOB_OBJECT_TERMINATE).terminate(ExitStatus)


@nt.syscall()
def NtIsProcessInJob(thread: Thread, ProcessHandle: HANDLE, JobHandle: HANDLE) -> NTSTATUS:
    """Tell whether a process belongs to a job; without a handle, to any."""
    process = reference(thread, ProcessHandle, Process, PROCESS_QUERY_LIMITED_INFORMATION)
    if JobHandle:
        is_member = reference(thread, JobHandle, Job, JOB_OBJECT_QUERY).contains(process)
    else:
        is_member = nt_part(process).job is not None
    return NTSTATUS.PROCESS_IN_JOB if is_member else NTSTATUS.PROCESS_NOT_IN_JOB
