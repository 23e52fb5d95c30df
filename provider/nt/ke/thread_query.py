"""NtQueryInformationThread and NtSetInformationThread."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from emu.int_enum import IntEnum
from provider.kernel.ke.clock import BLOCKS_PER_UNIT
from provider.kernel.ke.priority import increment_of
from provider.kernel.mm import AccessViolation
from provider.kernel.thread import Thread
from provider.nt.access import (
    THREAD_QUERY_INFORMATION,
    THREAD_QUERY_LIMITED_INFORMATION,
    THREAD_SET_INFORMATION,
    THREAD_SET_LIMITED_INFORMATION,
    THREAD_SET_THREAD_TOKEN,
)
from provider.nt.contents import FILLED, GIVEN
from provider.nt.ex.process_list import thread_information
from provider.nt.handles import nt_part, reference
from provider.nt.ke.thread_priority import set_base_priority, set_priority, told_increment
from provider.nt.legend import THREAD_CLASS
from provider.nt.process import NORMAL_IO_PRIORITY, NORMAL_PAGE_PRIORITY
from provider.nt.ps.local_descriptors import DESCRIPTOR_TABLE_ENTRY_BYTES, descriptor_table_entry
from provider.nt.query import answer
from provider.nt.se.assign_token import set_impersonation
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.ex import SYSTEM_THREAD_INFORMATION
from provider.nt.structs.ke import THREAD_BASIC_INFORMATION
from provider.nt.structs.process import CLIENT_ID, TEB
from provider.nt.structs.ps import KERNEL_USER_TIMES
from provider.nt.table import nt
from provider.nt.types import (
    HANDLE,
    ULONG,
    UNICODE_STRING_HEADER,
    UnicodeString,
    encode_utf16,
)
from provider.syscall import Out

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.nt.process import NtThread

_SLOTS, _EXPANSION_SLOTS = 64, 1024
_PROCESSORS = 1
"""The mask of the processors."""


class THREADINFO(IntEnum):
    """THREADINFOCLASS (winternl.h, phnt)."""

    BASIC = 0
    TIMES = 1
    PRIORITY = 2
    BASE_PRIORITY = 3
    AFFINITY_MASK = 4
    IMPERSONATION_TOKEN = 5
    DESCRIPTOR_TABLE_ENTRY = 6
    ENABLE_ALIGNMENT_FAULT_FIXUP = 7
    WIN32_START_ADDRESS = 9
    ZERO_TLS_CELL = 10
    PERFORMANCE_COUNT = 11
    AM_I_LAST_THREAD = 12
    IDEAL_PROCESSOR = 13
    PRIORITY_BOOST = 14
    IS_IO_PENDING = 16
    HIDE_FROM_DEBUGGER = 17
    BREAK_ON_TERMINATION = 18
    IS_TERMINATED = 20
    IO_PRIORITY = 22
    CYCLE_TIME = 23
    PAGE_PRIORITY = 24
    ACTUAL_BASE_PRIORITY = 25
    TEB_INFORMATION = 26
    GROUP_INFORMATION = 30
    IDEAL_PROCESSOR_EX = 33
    SUSPEND_COUNT = 35
    NAME = 38
    SYSTEM_THREAD_INFORMATION = 40
    SUBSYSTEM_INFORMATION = 45


@nt.syscall(partial="No last system call, profiling or CPU sets.")
def NtQueryInformationThread(
    thread: Thread,
    ThreadHandle: HANDLE,
    ThreadInformationClass: THREAD_CLASS,
    ThreadInformation: FILLED,
    ThreadInformationLength: ULONG,
    ReturnLength: Out[ULONG] | None,
) -> None:
    """Tell something about a thread."""
    _check_query(thread, ThreadInformationClass, ThreadInformation, ThreadInformationLength)
    if ThreadInformationClass == THREADINFO.TEB_INFORMATION:
        target = reference(thread, ThreadHandle, Thread, THREAD_QUERY_INFORMATION)
        _read_teb(thread, target, ThreadInformation)
        return
    if ThreadInformationClass == THREADINFO.DESCRIPTOR_TABLE_ENTRY:
        target = reference(thread, ThreadHandle, Thread, THREAD_QUERY_LIMITED_INFORMATION)
        selector = thread.process.space.read(ThreadInformation, 4)
        data = descriptor_table_entry(target, selector)
        answer(thread, data, ThreadInformation, ThreadInformationLength, None)
        if ReturnLength is not None:  # the descriptor's, without the selector's
            ReturnLength.value = DESCRIPTOR_TABLE_ENTRY_BYTES - 4
        return
    query = _QUERIES.get(ThreadInformationClass)
    is_limited = ThreadInformationClass in _LIMITED_QUERIES
    access = THREAD_QUERY_LIMITED_INFORMATION if is_limited else THREAD_QUERY_INFORMATION
    target = reference(thread, ThreadHandle, Thread, access)
    if query is not None:
        data = query(target)
        answer(thread, data, ThreadInformation, ThreadInformationLength, ReturnLength)
        return
    text = encode_utf16(_part(target).name)
    if ReturnLength is not None:
        ReturnLength.value = UNICODE_STRING_HEADER.SIZE + len(text)
    if ThreadInformationLength < UNICODE_STRING_HEADER.SIZE + len(text):
        raise NtError(NTSTATUS.BUFFER_TOO_SMALL)
    header = UNICODE_STRING_HEADER(Length=len(text), MaximumLength=len(text))
    header.Buffer = ThreadInformation + header.SIZE
    thread.process.space.write(ThreadInformation, bytes(header) + text)


@nt.syscall(
    partial="Affinity, ideal processor and I/O priority are accepted; there is one of each."
)
def NtSetInformationThread(
    thread: Thread,
    ThreadHandle: HANDLE,
    ThreadInformationClass: THREAD_CLASS,
    ThreadInformation: GIVEN,
    ThreadInformationLength: ULONG,
) -> None:
    """Change something about a thread."""
    known = _SETTERS.get(ThreadInformationClass)
    if known is None:
        raise NtError(NTSTATUS.INVALID_INFO_CLASS)
    size, setter = known
    if ThreadInformationLength != size:
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
    if ThreadInformation % min(max(size, 1), 4):
        raise NtError(NTSTATUS.DATATYPE_MISALIGNMENT)
    data = thread.process.space.read(ThreadInformation, size) if size else b""
    is_token = ThreadInformationClass == THREADINFO.IMPERSONATION_TOKEN
    is_limited = ThreadInformationClass in _LIMITED_SETTERS
    access = THREAD_SET_LIMITED_INFORMATION if is_limited else THREAD_SET_INFORMATION
    if is_token:
        access = THREAD_SET_THREAD_TOKEN
    target = reference(thread, ThreadHandle, Thread, access)
    if target.is_terminated:
        if ThreadInformationClass in _ALSO_OF_THE_DEAD:
            return
        raise NtError(NTSTATUS.THREAD_IS_TERMINATING)
    if is_token:
        set_impersonation(thread, target, int.from_bytes(data, "little"))
    elif ThreadInformationClass == THREADINFO.NAME:
        _part(target).name = UnicodeString().load(thread.process.space, ThreadInformation)
    else:
        setter(target, data)


def _check_query(thread: Thread, number: int, va: int, length: int) -> None:
    """What can be refused before the handle is looked at.

    NtError INVALID_INFO_CLASS, DATATYPE_MISALIGNMENT, INFO_LENGTH_MISMATCH; AccessViolation.
    """
    size = _SIZES.get(number)
    if size is None and number != THREADINFO.NAME:
        raise NtError(NTSTATUS.INVALID_INFO_CLASS)
    if length:
        if va % min(size or 4, 4):
            raise NtError(NTSTATUS.DATATYPE_MISALIGNMENT)
        thread.process.space.probe_write(va, length)
    if size is not None and length != size:
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)


def _read_teb(thread: Thread, target: Thread, va: int) -> None:
    """THREAD_TEB_INFORMATION: copy a part of the TEB to where the structure says.

    NtError INVALID_PARAMETER beyond the TEB, THREAD_IS_TERMINATING; AccessViolation.
    """
    to, offset, size = struct.unpack("<3I", thread.process.space.read(va, 12))
    if target.is_terminated:
        raise NtError(NTSTATUS.THREAD_IS_TERMINATING)
    if offset + size > TEB.SIZE:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    data = target.process.space.read(_part(target).teb_va + offset, size)
    thread.process.space.write(to, data)


def _part(target: Thread) -> NtThread:
    nt_part(target.process)
    part: NtThread = target.context
    return part


def _basic(target: Thread) -> bytes:
    status = target.exit_status
    part = _part(target)
    increment = told_increment(target, increment_of(target))
    is_relative = nt_part(target.process).userland.priority.is_relative
    information = THREAD_BASIC_INFORMATION(
        ExitStatus=NTSTATUS.PENDING if status is None else status,
        TebBaseAddress=0 if target.is_terminated else part.teb_va,
        AffinityMask=1,
        Priority=increment if is_relative else target.priority,
        BasePriority=increment,
    )
    information.ClientId = CLIENT_ID(UniqueProcess=target.process.id, UniqueThread=target.id)
    return bytes(information)


def _times(target: Thread) -> bytes:
    part = _part(target)
    user = target.process.kernel.blocks_of(target) // BLOCKS_PER_UNIT
    return bytes(
        KERNEL_USER_TIMES(CreateTime=part.create_time, ExitTime=part.exit_time, UserTime=user)
    )


def _cycles(target: Thread) -> bytes:
    return struct.pack("<2Q", 0, target.process.kernel.blocks_of(target))


def _ulong(get: Callable[[Thread], int]) -> Callable[[Thread], bytes]:
    return lambda target: struct.pack("<I", get(target) & 0xFFFFFFFF)


def _performance_count(target: Thread) -> bytes:
    return struct.pack("<q", target.process.kernel.clock.interrupt_time())


_QUERIES: dict[int, Callable[[Thread], bytes]] = {
    THREADINFO.BASIC: _basic,
    THREADINFO.TIMES: _times,
    THREADINFO.WIN32_START_ADDRESS: _ulong(lambda target: _part(target).start_va),
    THREADINFO.PERFORMANCE_COUNT: _performance_count,
    THREADINFO.AM_I_LAST_THREAD: _ulong(lambda target: len(target.process.threads) == 1),
    THREADINFO.PRIORITY_BOOST: _ulong(lambda target: target.is_boost_disabled),
    THREADINFO.IS_IO_PENDING: _ulong(lambda target: bool(target.irps)),
    THREADINFO.HIDE_FROM_DEBUGGER: lambda target: bytes([_part(target).is_hidden_from_debugger]),
    THREADINFO.BREAK_ON_TERMINATION: _ulong(lambda target: _part(target).breaks_on_termination),
    THREADINFO.IS_TERMINATED: _ulong(lambda target: target.is_terminated),
    THREADINFO.IO_PRIORITY: _ulong(lambda target: _part(target).io_priority),
    THREADINFO.CYCLE_TIME: _cycles,
    THREADINFO.PAGE_PRIORITY: _ulong(lambda target: _part(target).page_priority),
    THREADINFO.ACTUAL_BASE_PRIORITY: _ulong(lambda target: target.base_priority),
    THREADINFO.GROUP_INFORMATION: lambda target: struct.pack("<IH6x", 1, 0),
    THREADINFO.IDEAL_PROCESSOR_EX: lambda target: bytes(4),
    THREADINFO.SUSPEND_COUNT: _ulong(lambda target: target.suspend_count),
    THREADINFO.SYSTEM_THREAD_INFORMATION: lambda target: bytes(
        thread_information(target.process.kernel, target)
    ),
    THREADINFO.SUBSYSTEM_INFORMATION: _ulong(lambda target: 0),  # SubsystemInformationTypeWin32
}
_SIZES: dict[int, int] = {
    **dict.fromkeys(_QUERIES, 4),
    THREADINFO.BASIC: THREAD_BASIC_INFORMATION.SIZE,
    THREADINFO.TIMES: KERNEL_USER_TIMES.SIZE,
    THREADINFO.DESCRIPTOR_TABLE_ENTRY: DESCRIPTOR_TABLE_ENTRY_BYTES,
    THREADINFO.PERFORMANCE_COUNT: 8,
    THREADINFO.HIDE_FROM_DEBUGGER: 1,
    THREADINFO.CYCLE_TIME: 16,
    THREADINFO.TEB_INFORMATION: 12,
    THREADINFO.GROUP_INFORMATION: 12,
    THREADINFO.SYSTEM_THREAD_INFORMATION: SYSTEM_THREAD_INFORMATION.SIZE,
}
"""Bytes that an answer takes, to which a buffer's length has to be equal."""


def _set_affinity(target: Thread, data: bytes) -> None:
    """Processors that the process may not use do not count (Windows Vista and later)."""
    if not int.from_bytes(data, "little") & _PROCESSORS:
        raise NtError(NTSTATUS.INVALID_PARAMETER)


def _set_group_affinity(target: Thread, data: bytes) -> None:
    """A GROUP_AFFINITY: processors, group, reserved words."""
    mask, group, *reserved = struct.unpack("<IH3H", data[:12])
    if mask != _PROCESSORS or group or any(reserved):
        raise NtError(NTSTATUS.INVALID_PARAMETER)


def _set_ideal_processor(target: Thread, data: bytes) -> None:
    if int.from_bytes(data, "little") > 32:  # MAXIMUM_PROCESSORS means "keep it"
        raise NtError(NTSTATUS.INVALID_PARAMETER)


def _set_start_address(target: Thread, data: bytes) -> None:
    _part(target).start_va = int.from_bytes(data, "little")


def _set_boost(target: Thread, data: bytes) -> None:
    target.is_boost_disabled = any(data)


def _hide(target: Thread, data: bytes) -> None:
    _part(target).is_hidden_from_debugger = True


def _break_on_termination(target: Thread, data: bytes) -> None:
    raise NtError(NTSTATUS.PRIVILEGE_NOT_HELD)


def _zero_tls_cell(target: Thread, data: bytes) -> None:
    """Clear one TLS slot of every thread of the process, wherever its TEB is readable."""
    index = int.from_bytes(data, "little")
    if index >= _SLOTS + _EXPANSION_SLOTS:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    space = target.process.space
    for other in target.process.threads:
        va = _part(other).teb_va
        try:
            if index < _SLOTS:
                space.write(va + TEB.TlsSlots.offset + 4 * index, bytes(4))
                continue
            slots = int.from_bytes(space.read(va + TEB.TlsExpansionSlots.offset, 4), "little")
            if slots:
                space.write(slots + 4 * (index - _SLOTS), bytes(4))
        except AccessViolation:
            continue


def _set_io_priority(target: Thread, data: bytes) -> None:
    """Higher than normal is left to the system."""
    value = int.from_bytes(data, "little")
    if value > NORMAL_IO_PRIORITY:
        raise NtError(NTSTATUS.PRIVILEGE_NOT_HELD if value == 3 else NTSTATUS.INVALID_PARAMETER)
    _part(target).io_priority = value


def _set_page_priority(target: Thread, data: bytes) -> None:
    value = int.from_bytes(data, "little")
    if not 0 < value <= NORMAL_PAGE_PRIORITY:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    _part(target).page_priority = value


def _accept(target: Thread, data: bytes) -> None:
    """The value changes nothing here."""


_SETTERS: dict[int, tuple[int, Callable[[Thread, bytes], None]]] = {
    THREADINFO.PRIORITY: (4, set_priority),
    THREADINFO.BASE_PRIORITY: (4, set_base_priority),
    THREADINFO.AFFINITY_MASK: (4, _set_affinity),
    THREADINFO.IMPERSONATION_TOKEN: (4, _accept),
    THREADINFO.WIN32_START_ADDRESS: (4, _set_start_address),
    THREADINFO.ZERO_TLS_CELL: (4, _zero_tls_cell),
    THREADINFO.IDEAL_PROCESSOR: (4, _set_ideal_processor),
    THREADINFO.PRIORITY_BOOST: (4, _set_boost),
    THREADINFO.HIDE_FROM_DEBUGGER: (0, _hide),
    THREADINFO.BREAK_ON_TERMINATION: (4, _break_on_termination),
    THREADINFO.ENABLE_ALIGNMENT_FAULT_FIXUP: (1, _accept),
    THREADINFO.IO_PRIORITY: (4, _set_io_priority),
    THREADINFO.PAGE_PRIORITY: (4, _set_page_priority),
    THREADINFO.GROUP_INFORMATION: (12, _set_group_affinity),
    THREADINFO.IDEAL_PROCESSOR_EX: (4, _accept),
    THREADINFO.NAME: (8, _accept),
}
_ALSO_OF_THE_DEAD = frozenset((THREADINFO.PRIORITY, THREADINFO.BASE_PRIORITY))
"""What may be set, without effect, after a thread has ended (Wine's tests, from Windows)."""
_LIMITED_QUERIES = frozenset(
    (
        THREADINFO.BASIC,
        THREADINFO.TIMES,
        THREADINFO.AM_I_LAST_THREAD,
        THREADINFO.PRIORITY_BOOST,
        THREADINFO.IS_TERMINATED,
        THREADINFO.CYCLE_TIME,
        THREADINFO.ACTUAL_BASE_PRIORITY,
        THREADINFO.GROUP_INFORMATION,
        THREADINFO.IDEAL_PROCESSOR_EX,
        THREADINFO.SUSPEND_COUNT,
        THREADINFO.NAME,
        THREADINFO.SYSTEM_THREAD_INFORMATION,
        THREADINFO.SUBSYSTEM_INFORMATION,
    )
)
"""What THREAD_QUERY_LIMITED_INFORMATION is enough for (the Win32 functions' documentation)."""
_LIMITED_SETTERS = frozenset(
    (
        THREADINFO.PRIORITY,
        THREADINFO.BASE_PRIORITY,
        THREADINFO.AFFINITY_MASK,
        THREADINFO.PRIORITY_BOOST,
        THREADINFO.NAME,
    )
)
"""What THREAD_SET_LIMITED_INFORMATION is enough for (likewise)."""
