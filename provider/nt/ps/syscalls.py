"""Calls on processes."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError, Reason
from provider.kernel.ob.access import MAXIMUM_ALLOWED
from provider.kernel.process import Process
from provider.kernel.thread import Thread
from provider.nt.access import (
    PROCESS_QUERY_INFORMATION,
    PROCESS_QUERY_LIMITED_INFORMATION,
    PROCESS_SET_INFORMATION,
    PROCESS_SET_QUOTA,
    PROCESS_TERMINATE,
)
from provider.nt.handles import live_process, nt_part, reference, userland_of
from provider.nt.mm.image_information import image_information
from provider.nt.mm.process_information import (
    QUOTA_LIMITS_BYTES,
    QUOTA_LIMITS_EX_BYTES,
    STACK_ALLOCATION_BYTES,
    VM_COUNTERS_BYTES,
    pooled_usage,
    quota_limits,
    reserve_stack,
    set_quota_limits,
    vm_counters,
)
from provider.nt.ps.job import JOB_LIMIT
from provider.nt.ps.local_descriptors import (
    LONGEST_LDT_INFORMATION,
    query_information,
    set_information,
    set_size,
)
from provider.nt.ps.priority_class import (
    check_privilege,
    is_priority_class,
    set_priority_class,
)
from provider.nt.se.assign_token import set_primary_token
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.ps import (
    IO_COUNTERS,
    KERNEL_USER_TIMES,
    PROCESS_BASIC_INFORMATION,
    PROCESS_PRIORITY_CLASS,
)
from provider.nt.structs.se import PROCESS_ACCESS_TOKEN
from provider.nt.table import nt
from provider.nt.types import HANDLE, LONG, PVOID, ULONG, UNICODE_STRING_HEADER, encode_utf16
from provider.syscall import Out

if TYPE_CHECKING:
    from collections.abc import Callable

DOSDEVICE_DRIVE_FIXED = 3
MEM_EXECUTE_OPTION_DISABLE = 1
MEM_EXECUTE_OPTION_ENABLE = 2
MEM_EXECUTE_OPTION_PERMANENT = 8


class PROCESSINFO(IntEnum):
    """PROCESSINFOCLASS (winternl.h, ntddk.h, phnt)."""

    BASIC = 0
    QUOTA_LIMITS = 1
    IO_COUNTERS = 2
    VM_COUNTERS = 3
    TIMES = 4
    BASE_PRIORITY = 5
    DEBUG_PORT = 7
    ACCESS_TOKEN = 9
    LDT_INFORMATION = 10
    LDT_SIZE = 11
    DEFAULT_HARD_ERROR_MODE = 12
    POOLED_USAGE_AND_LIMITS = 14
    PRIORITY_CLASS = 18
    HANDLE_COUNT = 20
    AFFINITY_MASK = 21
    PRIORITY_BOOST = 22
    DEVICE_MAP = 23
    SESSION = 24
    WOW64 = 26
    IMAGE_FILE_NAME = 27
    BREAK_ON_TERMINATION = 29
    DEBUG_OBJECT_HANDLE = 30
    DEBUG_FLAGS = 31
    IO_PRIORITY = 33
    EXECUTE_FLAGS = 34
    COOKIE = 36
    IMAGE = 37
    PAGE_PRIORITY = 39
    THREAD_STACK_ALLOCATION = 41
    IMAGE_FILE_NAME_WIN32 = 43


@nt.syscall()
def NtTerminateProcess(thread: Thread, ProcessHandle: HANDLE, ExitStatus: LONG) -> None:
    """End a process; with handle 0, every other thread of the caller's."""
    status = ExitStatus & 0xFFFFFFFF
    process = thread.process
    routines = nt_part(process).provider.routines
    if not ProcessHandle:
        for other in [other for other in process.threads if other is not thread]:
            routines.terminate_thread(other, status)
        return
    target = reference(thread, ProcessHandle, Process, PROCESS_TERMINATE)
    if target.is_minimal:
        raise NtError(NTSTATUS.ACCESS_DENIED)
    if target.exit_status is not None:
        raise NtError(NTSTATUS.PROCESS_IS_TERMINATING)
    routines.terminate_process(target, status)


@nt.syscall(
    partial="No working-set watch, I/O priority, cycle time, handle list, command line, "
    "mitigation policy or protection."
)
def NtQueryInformationProcess(
    thread: Thread,
    ProcessHandle: HANDLE,
    ProcessInformationClass: ULONG,
    ProcessInformation: PVOID,
    ProcessInformationLength: ULONG,
    ReturnLength: Out[ULONG] | None,
) -> None:
    """Tell something about a process."""
    is_table = ProcessInformationClass == PROCESSINFO.LDT_INFORMATION
    answer = _QUERIES.get(ProcessInformationClass)
    if answer is None and not is_table:
        raise NtError(NTSTATUS.INVALID_INFO_CLASS)
    process = _queried(thread, ProcessHandle)
    if answer is not None:
        data = answer(process, ProcessInformation)
    else:
        request = thread.process.space.read(ProcessInformation, 8)
        data = query_information(process, request, ProcessInformationLength)
    if ProcessInformationLength in _PREFIXES.get(ProcessInformationClass, ()):
        data = data[:ProcessInformationLength]
    varies = ProcessInformationClass in _VARIABLE
    if ProcessInformationLength < len(data) or not (
        varies or ProcessInformationLength == len(data)
    ):
        if ReturnLength is not None and varies:
            ReturnLength.value = len(data)
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
    thread.process.space.write(ProcessInformation, data)
    if ReturnLength is not None:
        ReturnLength.value = len(data)


@nt.syscall(partial="The error mode is only told again; other priorities are dropped.")
def NtSetInformationProcess(
    thread: Thread,
    ProcessHandle: HANDLE,
    ProcessInformationClass: ULONG,
    ProcessInformation: PVOID,
    ProcessInformationLength: ULONG,
) -> int:
    """Change something about a process."""
    if ProcessInformationClass in _TABLE_SETTERS:
        if ProcessInformationLength > LONGEST_LDT_INFORMATION:
            raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
        data = thread.process.space.read(ProcessInformation, ProcessInformationLength)
        target = live_process(thread, ProcessHandle, PROCESS_SET_INFORMATION)
        _TABLE_SETTERS[ProcessInformationClass](target, data)
        return NTSTATUS.SUCCESS
    sizes = _SETTABLE.get(ProcessInformationClass)
    if sizes is None:
        raise NtError(NTSTATUS.INVALID_INFO_CLASS)
    if ProcessInformationLength not in sizes:
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
    is_quota = ProcessInformationClass == PROCESSINFO.QUOTA_LIMITS
    access = PROCESS_SET_QUOTA if is_quota else PROCESS_SET_INFORMATION
    process = live_process(thread, ProcessHandle, access)
    data = thread.process.space.read(ProcessInformation, ProcessInformationLength)
    if ProcessInformationClass == PROCESSINFO.ACCESS_TOKEN:
        set_primary_token(thread, process, PROCESS_ACCESS_TOKEN.from_bytes(data).Token)
        return NTSTATUS.SUCCESS
    if ProcessInformationClass == PROCESSINFO.THREAD_STACK_ALLOCATION:
        thread.process.space.write(ProcessInformation, reserve_stack(process, data))
        return NTSTATUS.SUCCESS
    setter = _SETTERS.get(ProcessInformationClass)
    if setter is None:
        return NTSTATUS.SUCCESS
    return setter(process, int.from_bytes(data, "little")) or NTSTATUS.SUCCESS


def _queried(thread: Thread, handle: int) -> Process:
    """The process of a handle with either query right; the wider one implies the limited one."""
    try:
        return reference(thread, handle, Process, PROCESS_QUERY_LIMITED_INFORMATION)
    except KernelError as error:
        if error.reason is not Reason.ACCESS_DENIED:
            raise
        return reference(thread, handle, Process, PROCESS_QUERY_INFORMATION)


def _basic(process: Process, buffer: int) -> bytes:
    status = process.exit_status
    return bytes(
        PROCESS_BASIC_INFORMATION(
            ExitStatus=NTSTATUS.PENDING if status is None else status,
            PebBaseAddress=nt_part(process).peb_va if not process.is_minimal else 0,
            AffinityMask=1,
            BasePriority=_told_priority(process),
            UniqueProcessId=process.id,
            InheritedFromUniqueProcessId=process.parent_id,
        )
    )


def _told_priority(process: Process) -> int:
    """The base priority, or what the userland takes for it."""
    userland = userland_of(process)
    if userland is not None and userland.priority.tells_class:
        return nt_part(process).priority_class
    return process.base_priority


def _times(process: Process, buffer: int) -> bytes:
    return bytes(
        KERNEL_USER_TIMES(
            CreateTime=process.create_time,
            ExitTime=process.exit_time,
            UserTime=process.kernel.user_time(process),
        )
    )


def _image_name(process: Process, buffer: int) -> bytes:
    r"""The image's path as the system names it: `\Device\HarddiskVolume1\…`."""
    return _string(nt_part(process).image_device_path(process), buffer)


def _image_name_win32(process: Process, buffer: int) -> bytes:
    """The image's path with its drive letter."""
    return _string(nt_part(process).image_path, buffer)


def _string(value: str, buffer: int) -> bytes:
    """A UNICODE_STRING and its text, as one block at `buffer`."""
    text = encode_utf16(value)
    header = UNICODE_STRING_HEADER(
        Length=len(text), MaximumLength=len(text) + 2, Buffer=buffer + UNICODE_STRING_HEADER.SIZE
    )
    return bytes(header) + text + b"\0\0"


def _ulong(value: int) -> Callable[[Process, int], bytes]:
    return lambda _process, _buffer: value.to_bytes(4, "little")


def _priority_class(process: Process, buffer: int) -> bytes:
    return bytes(PROCESS_PRIORITY_CLASS(PriorityClass=nt_part(process).priority_class))


def _set_priority_class(process: Process, value: int) -> None:
    """The second byte of a PROCESS_PRIORITY_CLASS."""
    wanted = value >> 8
    if not is_priority_class(wanted):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    jobs = nt_part(process).jobs()
    limiting = [job for job in jobs if job.flags & JOB_LIMIT.PRIORITY_CLASS]
    wanted = limiting[0].basic.PriorityClass if limiting else wanted
    check_privilege(wanted)
    set_priority_class(process, wanted)


def _hard_error_mode(process: Process, buffer: int) -> bytes:
    return nt_part(process).hard_error_mode.to_bytes(4, "little")


def _set_hard_error_mode(process: Process, value: int) -> None:
    nt_part(process).hard_error_mode = value


def _boost_disabled(process: Process, buffer: int) -> bytes:
    return process.is_boost_disabled.to_bytes(4, "little")


def _set_boost_disabled(process: Process, value: int) -> None:
    """For the threads that there are and those to come."""
    process.is_boost_disabled = bool(value)
    for target in process.threads:
        target.is_boost_disabled = bool(value)


def _set_affinity(process: Process, value: int) -> None:
    if value != 1:  # none, or a processor that is not there
        raise NtError(NTSTATUS.INVALID_PARAMETER)


def _device_map(process: Process, buffer: int) -> bytes:
    """A bit for each drive letter, then the kind of each drive."""
    letters = [ord(letter) - ord("A") for letter in process.kernel.io.volumes]
    kinds = bytes(DOSDEVICE_DRIVE_FIXED if index in letters else 0 for index in range(32))
    return sum(1 << index for index in letters).to_bytes(4, "little") + kinds


def _handle_count(process: Process, buffer: int) -> bytes:
    return len(process.handles).to_bytes(4, "little")


def _execute_flags(process: Process, buffer: int) -> bytes:
    enabled = process.space.execute_data
    flags = MEM_EXECUTE_OPTION_ENABLE if enabled else MEM_EXECUTE_OPTION_DISABLE
    if nt_part(process).execution_is_permanent:
        flags |= MEM_EXECUTE_OPTION_PERMANENT
    return flags.to_bytes(4, "little")


def _set_execute_flags(process: Process, value: int) -> None:
    part = nt_part(process)
    if part.execution_is_permanent:
        raise NtError(NTSTATUS.ACCESS_DENIED)
    process.space.execute_data = bool(value & MEM_EXECUTE_OPTION_ENABLE)
    part.execution_is_permanent = bool(value & MEM_EXECUTE_OPTION_PERMANENT)


def _io_counters(process: Process, buffer: int) -> bytes:
    return bytes(IO_COUNTERS())


def _cookie(process: Process, buffer: int) -> bytes:
    """A value that differs between processes and never between runs."""
    return (process.id * 0x9E3779B1 & 0xFFFFFFFF).to_bytes(4, "little")


def _image_information(process: Process, buffer: int) -> bytes:
    return bytes(image_information(nt_part(process).image))


def _debug_port(process: Process, buffer: int) -> bytes:
    """All ones for a debuggee."""
    is_debugged = nt_part(process).debug_object is not None
    return (0xFFFFFFFF if is_debugged else 0).to_bytes(4, "little")


def _debug_object(process: Process, buffer: int) -> bytes:
    """A handle of the caller's for the debug object.  NtError PORT_NOT_SET."""
    debugger = nt_part(process).debug_object
    caller = process.kernel.scheduler.running
    if debugger is None or caller is None:
        raise NtError(NTSTATUS.PORT_NOT_SET)
    access = debugger.grant(MAXIMUM_ALLOWED)
    return caller.process.handles.insert(debugger, access).to_bytes(4, "little")


def _debug_flags(process: Process, buffer: int) -> bytes:
    """1: children of a debuggee are debuggees too (PROCESS_DEBUG_INHERIT)."""
    return (not nt_part(process).no_debug_inherit).to_bytes(4, "little")


def _set_debug_flags(process: Process, value: int) -> None:
    nt_part(process).no_debug_inherit = not value & 1


_QUERIES: dict[int, Callable[[Process, int], bytes]] = {
    PROCESSINFO.BASIC: _basic,
    PROCESSINFO.QUOTA_LIMITS: quota_limits,
    PROCESSINFO.IO_COUNTERS: _io_counters,
    PROCESSINFO.VM_COUNTERS: vm_counters,
    PROCESSINFO.TIMES: _times,
    PROCESSINFO.DEBUG_PORT: _debug_port,
    PROCESSINFO.DEFAULT_HARD_ERROR_MODE: _hard_error_mode,
    PROCESSINFO.POOLED_USAGE_AND_LIMITS: pooled_usage,
    PROCESSINFO.PRIORITY_CLASS: _priority_class,
    PROCESSINFO.HANDLE_COUNT: _handle_count,
    PROCESSINFO.AFFINITY_MASK: _ulong(1),
    PROCESSINFO.PRIORITY_BOOST: _boost_disabled,
    PROCESSINFO.DEVICE_MAP: _device_map,
    PROCESSINFO.SESSION: _ulong(1),
    PROCESSINFO.WOW64: _ulong(0),
    PROCESSINFO.IMAGE_FILE_NAME: _image_name,
    PROCESSINFO.BREAK_ON_TERMINATION: _ulong(0),
    PROCESSINFO.DEBUG_OBJECT_HANDLE: _debug_object,
    PROCESSINFO.DEBUG_FLAGS: _debug_flags,
    PROCESSINFO.EXECUTE_FLAGS: _execute_flags,
    PROCESSINFO.COOKIE: _cookie,
    PROCESSINFO.IMAGE: _image_information,
    PROCESSINFO.PAGE_PRIORITY: _ulong(5),  # normal
    PROCESSINFO.IMAGE_FILE_NAME_WIN32: _image_name_win32,
}
_VARIABLE = (
    PROCESSINFO.IMAGE_FILE_NAME,
    PROCESSINFO.IMAGE_FILE_NAME_WIN32,
    PROCESSINFO.LDT_INFORMATION,
)
_PREFIXES: dict[int, tuple[int, ...]] = {
    PROCESSINFO.QUOTA_LIMITS: (QUOTA_LIMITS_BYTES,),
    PROCESSINFO.VM_COUNTERS: VM_COUNTERS_BYTES,
}
"""Lengths of the older structures that an answer begins with."""
_SETTABLE: dict[int, tuple[int, ...]] = {
    PROCESSINFO.QUOTA_LIMITS: (QUOTA_LIMITS_BYTES, QUOTA_LIMITS_EX_BYTES),
    PROCESSINFO.BASE_PRIORITY: (4,),
    PROCESSINFO.ACCESS_TOKEN: (8,),
    PROCESSINFO.DEFAULT_HARD_ERROR_MODE: (4,),
    PROCESSINFO.PRIORITY_CLASS: (2,),
    PROCESSINFO.AFFINITY_MASK: (4,),
    PROCESSINFO.PRIORITY_BOOST: (4,),
    PROCESSINFO.BREAK_ON_TERMINATION: (4,),
    PROCESSINFO.DEBUG_FLAGS: (4,),
    PROCESSINFO.IO_PRIORITY: (4,),
    PROCESSINFO.EXECUTE_FLAGS: (4,),
    PROCESSINFO.PAGE_PRIORITY: (4,),
    PROCESSINFO.THREAD_STACK_ALLOCATION: STACK_ALLOCATION_BYTES,
}
_TABLE_SETTERS: dict[int, Callable[[Process, bytes], None]] = {
    PROCESSINFO.LDT_INFORMATION: set_information,
    PROCESSINFO.LDT_SIZE: set_size,
}
_SETTERS: dict[int, Callable[[Process, int], int | None]] = {
    PROCESSINFO.QUOTA_LIMITS: set_quota_limits,
    PROCESSINFO.DEFAULT_HARD_ERROR_MODE: _set_hard_error_mode,
    PROCESSINFO.PRIORITY_CLASS: _set_priority_class,
    PROCESSINFO.AFFINITY_MASK: _set_affinity,
    PROCESSINFO.PRIORITY_BOOST: _set_boost_disabled,
    PROCESSINFO.DEBUG_FLAGS: _set_debug_flags,
    PROCESSINFO.EXECUTE_FLAGS: _set_execute_flags,
}
