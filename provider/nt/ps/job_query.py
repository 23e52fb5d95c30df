"""NtQueryInformationJobObject and NtSetInformationJobObject.

Classes, sizes and what is refused: "SetInformationJobObject", "QueryInformationJobObject" and the
structures that they name (Win32 documentation, winnt.h).
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from emu.int_enum import IntEnum
from emu.ram import PAGE_SIZE
from provider.kernel.io.completion import Association, IoCompletion
from provider.kernel.thread import Thread
from provider.nt.contents import FILLED, GIVEN
from provider.nt.handles import nt_part, reference
from provider.nt.legend import JOB_CLASS
from provider.nt.ps.io_counters import io_counters
from provider.nt.ps.job import JOB_LIMIT, Job
from provider.nt.ps.job_calls import JOB_OBJECT_QUERY, JOB_OBJECT_SET_ATTRIBUTES
from provider.nt.query import answer
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.job import (
    JOBOBJECT_ASSOCIATE_COMPLETION_PORT,
    JOBOBJECT_BASIC_ACCOUNTING_INFORMATION,
    JOBOBJECT_BASIC_LIMIT_INFORMATION,
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION,
)
from provider.nt.table import nt
from provider.nt.types import HANDLE, ULONG
from provider.syscall import Out

if TYPE_CHECKING:
    from collections.abc import Callable

BASIC_LIMITS = 0xFF
EXTENDED_LIMITS = 0x7FFF
UI_RESTRICTIONS = 0xFF
MOST_SCHEDULING_CLASS = 9
HIGHEST_PRIORITY_CLASS = 6
TERMINATE_AT_END_OF_JOB, POST_AT_END_OF_JOB = 0, 1
_ID_LIST_HEADER = 8
_IO_COMPLETION_MODIFY_STATE = 2


class JOBINFO(IntEnum):
    """JOBOBJECTINFOCLASS (winnt.h)."""

    BASIC_ACCOUNTING = 1
    BASIC_LIMIT = 2
    BASIC_PROCESS_ID_LIST = 3
    BASIC_UI_RESTRICTIONS = 4
    END_OF_JOB_TIME = 6
    ASSOCIATE_COMPLETION_PORT = 7
    BASIC_AND_IO_ACCOUNTING = 8
    EXTENDED_LIMIT = 9


@nt.syscall(partial="No security limits, processor groups, notification limits or CPU rates.")
def NtQueryInformationJobObject(
    thread: Thread,
    JobHandle: HANDLE,
    JobObjectInformationClass: JOB_CLASS,
    JobObjectInformation: FILLED,
    JobObjectInformationLength: ULONG,
    ReturnLength: Out[ULONG] | None,
) -> NTSTATUS:
    """Tell something about a job; without a handle, about the innermost one of the caller."""
    job = _queried(thread, JobHandle)
    if JobObjectInformationClass == JOBINFO.BASIC_PROCESS_ID_LIST:
        buffer = JobObjectInformation, JobObjectInformationLength
        return _list_processes(thread, job, *buffer, ReturnLength)
    query = _QUERIES.get(JobObjectInformationClass)
    if query is None:
        raise NtError(NTSTATUS.INVALID_INFO_CLASS)
    data = query(job)
    answer(thread, data, JobObjectInformation, JobObjectInformationLength, ReturnLength)
    return NTSTATUS.SUCCESS


@nt.syscall(partial="No security limits, processor groups, notification limits or CPU rates.")
def NtSetInformationJobObject(
    thread: Thread,
    JobHandle: HANDLE,
    JobObjectInformationClass: JOB_CLASS,
    JobObjectInformation: GIVEN,
    JobObjectInformationLength: ULONG,
) -> None:
    """Limit a job, or connect it with a completion port."""
    known = _SETTERS.get(JobObjectInformationClass)
    if known is None:
        raise NtError(NTSTATUS.INVALID_INFO_CLASS)
    size, setter = known
    if JobObjectInformationLength != size:
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
    data = thread.process.space.read(JobObjectInformation, size)
    setter(thread, reference(thread, JobHandle, Job, JOB_OBJECT_SET_ATTRIBUTES), data)


def _queried(thread: Thread, handle: int) -> Job:
    if handle:
        return reference(thread, handle, Job, JOB_OBJECT_QUERY)
    own = nt_part(thread.process).job
    if own is None:
        raise NtError(NTSTATUS.ACCESS_DENIED)
    return own


def _list_processes(
    thread: Thread, job: Job, buffer: int, length: int, returned: Out[int] | None
) -> NTSTATUS:
    """Counts, then as many process ids as there is room for; BUFFER_OVERFLOW if some are left."""
    room = (length - _ID_LIST_HEADER) // 4
    if room < 1:
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
    listed = [process.id for process in job.active[:room]]
    data = struct.pack(f"<{2 + len(listed)}I", len(job.active), len(listed), *listed)
    thread.process.space.write(buffer, data)
    if returned is not None:
        returned.value = len(data)
    return NTSTATUS.SUCCESS if len(listed) == len(job.active) else NTSTATUS.BUFFER_OVERFLOW


def _accounting(job: Job) -> bytes:
    time = job.user_time()
    return bytes(
        JOBOBJECT_BASIC_ACCOUNTING_INFORMATION(
            TotalUserTime=time,
            ThisPeriodTotalUserTime=time - job.time_at_limit,
            TotalPageFaultCount=job.page_faults(),
            TotalProcesses=job.total,
            ActiveProcesses=len(job.active),
            TotalTerminatedProcesses=job.terminated,
        )
    )


def _accounting_with_io(job: Job) -> bytes:
    return _accounting(job) + bytes(io_counters(job.io_counters()))


def _basic_limits(job: Job) -> bytes:
    basic = JOBOBJECT_BASIC_LIMIT_INFORMATION.from_bytes(bytes(job.basic))
    basic.LimitFlags &= BASIC_LIMITS
    return bytes(basic)


def _extended_limits(job: Job) -> bytes:
    limits = JOBOBJECT_EXTENDED_LIMIT_INFORMATION.from_bytes(bytes(job.limits))
    limits.PeakProcessMemoryUsed = job.peak_process_memory * PAGE_SIZE
    limits.PeakJobMemoryUsed = job.peak_job_memory * PAGE_SIZE
    limits.IoInfo = io_counters(job.io_counters())
    return bytes(limits)


def _ui_restrictions(job: Job) -> bytes:
    return job.ui_restrictions.to_bytes(4, "little")


def _end_of_job_time(job: Job) -> bytes:
    action = TERMINATE_AT_END_OF_JOB if job.ends_at_time_limit else POST_AT_END_OF_JOB
    return action.to_bytes(4, "little")


def _set_basic_limits(thread: Thread, job: Job, data: bytes) -> None:
    limits = JOBOBJECT_EXTENDED_LIMIT_INFORMATION.from_bytes(bytes(job.limits))
    limits.BasicLimitInformation = JOBOBJECT_BASIC_LIMIT_INFORMATION.from_bytes(data)
    _set_limits(thread, job, limits, BASIC_LIMITS)


def _set_extended_limits(thread: Thread, job: Job, data: bytes) -> None:
    limits = JOBOBJECT_EXTENDED_LIMIT_INFORMATION.from_bytes(data)
    _set_limits(thread, job, limits, EXTENDED_LIMITS)


def _set_limits(
    thread: Thread, job: Job, limits: JOBOBJECT_EXTENDED_LIMIT_INFORMATION, known: int
) -> None:
    """Replace all limits.  NtError INVALID_PARAMETER."""
    flags = limits.BasicLimitInformation.LimitFlags
    if flags & ~known or not _makes_sense(limits, flags):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    if not flags & JOB_LIMIT.PRESERVE_JOB_TIME:
        job.time_at_limit = job.user_time()
    elif job.flags & JOB_LIMIT.JOB_TIME:
        limits.BasicLimitInformation.LimitFlags |= JOB_LIMIT.JOB_TIME
        limits.BasicLimitInformation.PerJobUserTimeLimit = job.basic.PerJobUserTimeLimit
    limits.BasicLimitInformation.LimitFlags &= ~JOB_LIMIT.PRESERVE_JOB_TIME
    job.limits = limits
    for process in job.active:
        job.impose(process)
    nt_part(thread.process).provider.executive.timed_jobs.watch(job)


def _makes_sense(limits: JOBOBJECT_EXTENDED_LIMIT_INFORMATION, flags: int) -> bool:
    """Whether the limits that `flags` sets have possible values."""
    basic = limits.BasicLimitInformation
    both_times = JOB_LIMIT.JOB_TIME | JOB_LIMIT.PRESERVE_JOB_TIME
    working_set = 0 < basic.MinimumWorkingSetSize <= basic.MaximumWorkingSetSize
    rules = (
        (JOB_LIMIT.WORKINGSET, working_set),
        (JOB_LIMIT.PROCESS_TIME, basic.PerProcessUserTimeLimit > 0),
        (JOB_LIMIT.JOB_TIME, basic.PerJobUserTimeLimit > 0),
        (JOB_LIMIT.ACTIVE_PROCESS, basic.ActiveProcessLimit > 0),
        (JOB_LIMIT.AFFINITY, basic.Affinity == 1),
        (JOB_LIMIT.PRIORITY_CLASS, 0 < basic.PriorityClass <= HIGHEST_PRIORITY_CLASS),
        (JOB_LIMIT.SCHEDULING_CLASS, basic.SchedulingClass <= MOST_SCHEDULING_CLASS),
        (JOB_LIMIT.PROCESS_MEMORY, limits.ProcessMemoryLimit >= PAGE_SIZE),
        (JOB_LIMIT.JOB_MEMORY, limits.JobMemoryLimit >= PAGE_SIZE),
    )
    return flags & both_times != both_times and all(
        holds or not flags & limit for limit, holds in rules
    )


def _set_ui_restrictions(thread: Thread, job: Job, data: bytes) -> None:
    """Remember them; there is no user interface.  A job with parents cannot have any."""
    wanted = int.from_bytes(data, "little")
    if wanted & ~UI_RESTRICTIONS:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    if job.parent is not None:
        raise NtError(NTSTATUS.ACCESS_DENIED)
    job.ui_restrictions = wanted


def _set_end_of_job_time(thread: Thread, job: Job, data: bytes) -> None:
    action = int.from_bytes(data, "little")
    if action not in (TERMINATE_AT_END_OF_JOB, POST_AT_END_OF_JOB):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    job.ends_at_time_limit = action == TERMINATE_AT_END_OF_JOB


def _set_port(thread: Thread, job: Job, data: bytes) -> None:
    """Connect a port; handle 0 disconnects.  NtError INVALID_PARAMETER: there is one already."""
    wanted = JOBOBJECT_ASSOCIATE_COMPLETION_PORT.from_bytes(data)
    if not wanted.CompletionPort:
        job.disconnect()
        return
    if job.port is not None:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    port = reference(thread, wanted.CompletionPort, IoCompletion, _IO_COMPLETION_MODIFY_STATE)
    job.connect(Association(port, wanted.CompletionKey))


_QUERIES: dict[int, Callable[[Job], bytes]] = {
    JOBINFO.BASIC_ACCOUNTING: _accounting,
    JOBINFO.BASIC_LIMIT: _basic_limits,
    JOBINFO.BASIC_UI_RESTRICTIONS: _ui_restrictions,
    JOBINFO.END_OF_JOB_TIME: _end_of_job_time,
    JOBINFO.BASIC_AND_IO_ACCOUNTING: _accounting_with_io,
    JOBINFO.EXTENDED_LIMIT: _extended_limits,
}
_SETTERS: dict[int, tuple[int, Callable[[Thread, Job, bytes], None]]] = {
    JOBINFO.BASIC_LIMIT: (JOBOBJECT_BASIC_LIMIT_INFORMATION.SIZE, _set_basic_limits),
    JOBINFO.BASIC_UI_RESTRICTIONS: (4, _set_ui_restrictions),
    JOBINFO.END_OF_JOB_TIME: (4, _set_end_of_job_time),
    JOBINFO.ASSOCIATE_COMPLETION_PORT: (JOBOBJECT_ASSOCIATE_COMPLETION_PORT.SIZE, _set_port),
    JOBINFO.EXTENDED_LIMIT: (JOBOBJECT_EXTENDED_LIMIT_INFORMATION.SIZE, _set_extended_limits),
}
