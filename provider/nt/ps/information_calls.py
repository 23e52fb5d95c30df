"""NtQueryInformationProcess and NtSetInformationProcess."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError, Reason
from provider.kernel.process import Process
from provider.kernel.thread import Thread
from provider.nt.access import PROCESS_QUERY_INFORMATION, PROCESS_QUERY_LIMITED_INFORMATION
from provider.nt.contents import FILLED, GIVEN
from provider.nt.handles import live_process, reference
from provider.nt.legend import PROCESS_CLASS
from provider.nt.ps.process_query import QUERIES, Asked
from provider.nt.ps.process_set import SETTERS, Change
from provider.nt.status import NTSTATUS, NtError
from provider.nt.table import nt
from provider.nt.types import HANDLE, ULONG
from provider.syscall import Out

if TYPE_CHECKING:
    from provider.nt.ps.process_query import Query


@nt.syscall(
    partial="Working sets and handles are not watched, no mitigation policy is in force, "
    "and there is no protection."
)
def NtQueryInformationProcess(
    thread: Thread,
    ProcessHandle: HANDLE,
    ProcessInformationClass: PROCESS_CLASS,
    ProcessInformation: FILLED,
    ProcessInformationLength: ULONG,
    ReturnLength: Out[ULONG] | None,
) -> None:
    """Tell something about a process."""
    query = QUERIES.get(ProcessInformationClass)
    if query is None:
        raise NtError(NTSTATUS.INVALID_INFO_CLASS)
    length, space = ProcessInformationLength, thread.process.space
    if length:
        _check_alignment(ProcessInformation, query.alignment)
        space.probe_write(ProcessInformation, length)
    if query.sizes and length not in query.sizes:
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
    process = _queried(thread, ProcessHandle, query)
    data = query.answer(Asked(thread, process, ProcessInformation, length))
    if not query.sizes and length < len(data):
        if ReturnLength is not None:
            ReturnLength.value = len(data)
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
    space.write(ProcessInformation, data[:length])
    if ReturnLength is not None:
        ReturnLength.value = min(length, len(data))


@nt.syscall(
    partial="Priorities of I/O and pages are only told again, the base priority is dropped; "
    "no instrumentation callbacks, no watches."
)
def NtSetInformationProcess(
    thread: Thread,
    ProcessHandle: HANDLE,
    ProcessInformationClass: PROCESS_CLASS,
    ProcessInformation: GIVEN,
    ProcessInformationLength: ULONG,
) -> int:
    """Change something about a process."""
    setter = SETTERS.get(ProcessInformationClass)
    if setter is None:
        raise NtError(NTSTATUS.INVALID_INFO_CLASS)
    length = ProcessInformationLength
    if length:
        _check_alignment(ProcessInformation, setter.alignment)
    if length > setter.longest if setter.longest else length not in setter.sizes:
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
    data = thread.process.space.read(ProcessInformation, length)
    process = live_process(thread, ProcessHandle, setter.access)
    change = Change(thread, process, data, ProcessInformation)
    return setter.apply(change) or NTSTATUS.SUCCESS


def _check_alignment(va: int, alignment: int) -> None:
    if va % alignment:
        raise NtError(NTSTATUS.DATATYPE_MISALIGNMENT)


def _queried(thread: Thread, handle: int, query: Query) -> Process:
    """The process of a handle with the right; the wider one implies the limited one."""
    try:
        return reference(thread, handle, Process, query.access)
    except KernelError as error:
        limited = query.access == PROCESS_QUERY_LIMITED_INFORMATION
        if not limited or error.reason is not Reason.ACCESS_DENIED:
            raise
        return reference(thread, handle, Process, PROCESS_QUERY_INFORMATION)
