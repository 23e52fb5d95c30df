"""The answers of NtQueryInformationProcess."""

from __future__ import annotations

import struct
from functools import partial
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from provider.kernel.ob.access import MAXIMUM_ALLOWED
from provider.nt.access import PROCESS_QUERY_INFORMATION, PROCESS_QUERY_LIMITED_INFORMATION
from provider.nt.handles import nt_part, userland_of
from provider.nt.mm.image_information import image_information
from provider.nt.mm.process_information import (
    QUOTA_LIMITS_BYTES,
    QUOTA_LIMITS_EX_BYTES,
    VM_COUNTERS_BYTES,
    pooled_usage,
    quota_limits,
    vm_counters,
)
from provider.nt.ob.strings import string_at
from provider.nt.ps.handle_snapshot import handle_snapshot, handle_values
from provider.nt.ps.io_counters import io_counters
from provider.nt.ps.local_descriptors import query_information
from provider.nt.ps.peb_strings import command_line, window_information
from provider.nt.ps.process_class import PROCESSINFO
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.ps import (
    KERNEL_USER_TIMES,
    PROCESS_BASIC_INFORMATION,
    PROCESS_EXTENDED_BASIC_INFORMATION,
    PROCESS_PRIORITY_CLASS,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.process import Process
    from provider.kernel.thread import Thread

DOSDEVICE_DRIVE_FIXED = 3
MEM_EXECUTE_OPTION_DISABLE, MEM_EXECUTE_OPTION_ENABLE, MEM_EXECUTE_OPTION_PERMANENT = 1, 2, 8
EXTENDED_BASIC_BYTES = PROCESS_EXTENDED_BASIC_INFORMATION.SIZE
DEVICE_MAP_BYTES, DEVICE_MAP_EX_BYTES = 36, 40
_IS_DELETING = 4
_LAST_MITIGATION_POLICY = 10
"""ProcessChildProcessPolicy is 13; Windows 7's last one is 0 (PROCESS_MITIGATION_POLICY)."""


class Asked(NamedTuple):
    """A query: whose process, and where the answer goes."""

    caller: Thread
    process: Process
    buffer: int
    length: int

    def read(self, size: int) -> bytes:
        """What the caller has put at the beginning of its buffer.  AccessViolation."""
        return self.caller.process.space.read(self.buffer, size)


class Query(NamedTuple):
    """How a class is answered."""

    answer: Callable[[Asked], bytes]
    sizes: tuple[int, ...] = ()
    """Lengths that the buffer may have; none: as long as the answer, or longer."""
    access: int = PROCESS_QUERY_INFORMATION
    alignment: int = 4


def _basic(asked: Asked) -> bytes:
    if asked.length == EXTENDED_BASIC_BYTES:
        return _extended_basic(asked)
    return bytes(_basic_information(asked.process))


def _basic_information(process: Process) -> PROCESS_BASIC_INFORMATION:
    status = process.exit_status
    return PROCESS_BASIC_INFORMATION(
        ExitStatus=NTSTATUS.PENDING if status is None else status,
        PebBaseAddress=nt_part(process).peb_va if not process.is_minimal else 0,
        AffinityMask=1,
        BasePriority=_told_priority(process),
        UniqueProcessId=process.id,
        InheritedFromUniqueProcessId=process.parent_id,
    )


def _extended_basic(asked: Asked) -> bytes:
    """The first field says how much the caller knows (Windows 8).  NtError INFO_LENGTH_MISMATCH."""
    if int.from_bytes(asked.read(4), "little") < EXTENDED_BASIC_BYTES:
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
    return bytes(
        PROCESS_EXTENDED_BASIC_INFORMATION(
            Length=EXTENDED_BASIC_BYTES,
            BasicInfo=_basic_information(asked.process),
            Flags=_IS_DELETING if asked.process.exit_status is not None else 0,
        )
    )


def _told_priority(process: Process) -> int:
    """The base priority, or what the userland takes for it."""
    userland = userland_of(process)
    if userland is not None and userland.priority.tells_class:
        return nt_part(process).priority_class
    return process.base_priority


def _times(asked: Asked) -> bytes:
    process = asked.process
    return bytes(
        KERNEL_USER_TIMES(
            CreateTime=process.create_time,
            ExitTime=process.exit_time,
            UserTime=process.kernel.user_time(process),
        )
    )


def _cycles(asked: Asked) -> bytes:
    """PROCESS_CYCLE_TIME_INFORMATION: a cycle is a basic block here."""
    process = asked.process
    return struct.pack("<2Q", process.kernel.blocks_of_process(process), 0)


def _image_name(asked: Asked) -> bytes:
    r"""The image's path as the system names it: `\Device\HarddiskVolume1\…`."""
    return string_at(asked.buffer, nt_part(asked.process).image_device_path(asked.process))


def _image_name_win32(asked: Asked) -> bytes:
    """The image's path with its drive letter."""
    return string_at(asked.buffer, nt_part(asked.process).image_path)


def _ulong(get: Callable[[Process], int]) -> Callable[[Asked], bytes]:
    return lambda asked: get(asked.process).to_bytes(4, "little")


def _constant(value: int) -> Callable[[Asked], bytes]:
    return lambda asked: value.to_bytes(4, "little")


def _of_memory(get: Callable[[Process, int], bytes]) -> Callable[[Asked], bytes]:
    return lambda asked: get(asked.process, asked.buffer)


def _priority_class(asked: Asked) -> bytes:
    return bytes(PROCESS_PRIORITY_CLASS(PriorityClass=nt_part(asked.process).priority_class))


def _device_map(asked: Asked) -> bytes:
    """A bit for each drive letter, then the kind of each drive; flags come back as they were."""
    letters = [ord(letter) - ord("A") for letter in asked.process.kernel.io.volumes]
    kinds = bytes(DOSDEVICE_DRIVE_FIXED if index in letters else 0 for index in range(32))
    answer = sum(1 << index for index in letters).to_bytes(4, "little") + kinds
    if asked.length == DEVICE_MAP_EX_BYTES:
        flags = asked.read(DEVICE_MAP_EX_BYTES)[DEVICE_MAP_BYTES:]
        if int.from_bytes(flags, "little") & ~1:  # PROCESS_LUID_DOSDEVICES_ONLY
            raise NtError(NTSTATUS.INVALID_PARAMETER)
        answer += flags
    return answer


def _handle_count(asked: Asked) -> bytes:
    """The handles that there are, and for who asks for more, the most that there were."""
    handles = asked.process.handles
    return struct.pack("<2I", len(handles), max(handles.peak, len(handles)))[: asked.length]


def _execute_flags(asked: Asked) -> bytes:
    enabled = asked.process.space.execute_data
    flags = MEM_EXECUTE_OPTION_ENABLE if enabled else MEM_EXECUTE_OPTION_DISABLE
    if nt_part(asked.process).execution_is_permanent:
        flags |= MEM_EXECUTE_OPTION_PERMANENT
    return flags.to_bytes(4, "little")


def _io_counters(asked: Asked) -> bytes:
    return bytes(io_counters(asked.process.io_counters))


def _cookie(asked: Asked) -> bytes:
    """A value that differs between processes and never between runs; only one's own."""
    if asked.process is not asked.caller.process:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    return (asked.process.id * 0x9E3779B1 & 0xFFFFFFFF).to_bytes(4, "little")


def _image_information(asked: Asked) -> bytes:
    if asked.process.exit_status is not None:
        raise NtError(NTSTATUS.PROCESS_IS_TERMINATING)
    return bytes(image_information(nt_part(asked.process).image))


def _debug_port(asked: Asked) -> bytes:
    """All ones for a debuggee."""
    is_debugged = nt_part(asked.process).debug_object is not None
    return (0xFFFFFFFF if is_debugged else 0).to_bytes(4, "little")


def _debug_object(asked: Asked) -> bytes:
    """A handle of the caller's for the debug object.  NtError PORT_NOT_SET, with a NULL handle."""
    debugger = nt_part(asked.process).debug_object
    caller = asked.caller.process
    if debugger is None:
        caller.space.write(asked.buffer, bytes(4))
        raise NtError(NTSTATUS.PORT_NOT_SET)
    return caller.handles.insert(debugger, debugger.grant(MAXIMUM_ALLOWED)).to_bytes(4, "little")


def _debug_flags(process: Process) -> int:
    """1: children of a debuggee are debuggees too (PROCESS_DEBUG_INHERIT)."""
    return int(not nt_part(process).no_debug_inherit)


def _group(asked: Asked) -> bytes:
    """The processor groups: the one that there is."""
    return bytes(2)


def _mitigation_policy(asked: Asked) -> bytes:
    """None of the policies is in force.  NtError INVALID_PARAMETER for one that is unknown."""
    policy = int.from_bytes(asked.read(4), "little")
    if not 0 < policy <= _LAST_MITIGATION_POLICY:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    return struct.pack("<2I", policy, 0)


def _local_descriptors(asked: Asked) -> bytes:
    return query_information(asked.process, asked.read(8), asked.length)


def _watch(asked: Asked) -> bytes:
    """Nobody has begun to watch the working set."""
    raise NtError(NTSTATUS.UNSUCCESSFUL)


def _tracing(asked: Asked) -> bytes:
    """Nobody has begun to trace handles."""
    raise NtError(NTSTATUS.INVALID_PARAMETER)


_limited = partial(Query, access=PROCESS_QUERY_LIMITED_INFORMATION)
QUERIES: dict[int, Query] = {
    PROCESSINFO.BASIC: _limited(_basic, (PROCESS_BASIC_INFORMATION.SIZE, EXTENDED_BASIC_BYTES)),
    PROCESSINFO.QUOTA_LIMITS: _limited(
        _of_memory(quota_limits), (QUOTA_LIMITS_BYTES, QUOTA_LIMITS_EX_BYTES)
    ),
    PROCESSINFO.IO_COUNTERS: _limited(_io_counters, (48,)),
    PROCESSINFO.VM_COUNTERS: _limited(_of_memory(vm_counters), VM_COUNTERS_BYTES),
    PROCESSINFO.TIMES: _limited(_times, (32,)),
    PROCESSINFO.DEBUG_PORT: Query(_debug_port, (4,)),
    PROCESSINFO.LDT_INFORMATION: Query(_local_descriptors),
    PROCESSINFO.DEFAULT_HARD_ERROR_MODE: _limited(
        _ulong(lambda process: nt_part(process).hard_error_mode), (4,)
    ),
    PROCESSINFO.POOLED_USAGE_AND_LIMITS: Query(_of_memory(pooled_usage), (36,)),
    PROCESSINFO.WORKING_SET_WATCH: Query(_watch),
    PROCESSINFO.PRIORITY_CLASS: _limited(_priority_class, (2,), alignment=1),
    PROCESSINFO.HANDLE_COUNT: _limited(_handle_count, (4, 8)),
    PROCESSINFO.AFFINITY_MASK: _limited(_constant(1), (4,)),
    PROCESSINFO.PRIORITY_BOOST: _limited(
        _ulong(lambda process: int(process.is_boost_disabled)), (4,)
    ),
    PROCESSINFO.DEVICE_MAP: Query(_device_map, (DEVICE_MAP_BYTES, DEVICE_MAP_EX_BYTES)),
    PROCESSINFO.SESSION: Query(_constant(1), (4,)),
    PROCESSINFO.WOW64: _limited(_constant(0), (4,)),
    PROCESSINFO.IMAGE_FILE_NAME: _limited(_image_name),
    PROCESSINFO.LUID_DEVICE_MAPS_ENABLED: _limited(_constant(1), (4,)),
    PROCESSINFO.BREAK_ON_TERMINATION: _limited(_constant(0), (4,)),
    PROCESSINFO.DEBUG_OBJECT_HANDLE: Query(_debug_object, (4,)),
    PROCESSINFO.DEBUG_FLAGS: Query(_ulong(_debug_flags), (4,)),
    PROCESSINFO.HANDLE_TRACING: Query(_tracing),
    PROCESSINFO.IO_PRIORITY: _limited(_ulong(lambda process: nt_part(process).io_priority), (4,)),
    PROCESSINFO.EXECUTE_FLAGS: Query(_execute_flags, (4,)),
    PROCESSINFO.COOKIE: Query(_cookie, (4,)),
    PROCESSINFO.IMAGE: _limited(_image_information, (48,)),
    PROCESSINFO.CYCLE_TIME: _limited(_cycles, (16,)),
    PROCESSINFO.PAGE_PRIORITY: _limited(
        _ulong(lambda process: nt_part(process).page_priority), (4,)
    ),
    PROCESSINFO.IMAGE_FILE_NAME_WIN32: _limited(_image_name_win32),
    PROCESSINFO.AFFINITY_UPDATE_MODE: Query(_constant(0), (4,)),
    PROCESSINFO.GROUP_INFORMATION: Query(_group, alignment=2),
    PROCESSINFO.CONSOLE_HOST_PROCESS: _limited(_constant(0), (4,)),
    PROCESSINFO.WINDOW_INFORMATION: Query(lambda asked: window_information(asked.process)),
    PROCESSINFO.HANDLE_INFORMATION: Query(lambda asked: handle_snapshot(asked.process)),
    PROCESSINFO.MITIGATION_POLICY: Query(_mitigation_policy, (8,)),
    PROCESSINFO.HANDLE_TABLE: Query(lambda asked: handle_values(asked.process)),
    PROCESSINFO.COMMAND_LINE: _limited(
        lambda asked: string_at(asked.buffer, command_line(asked.process))
    ),
    PROCESSINFO.PROTECTION: _limited(lambda asked: bytes(1), (1,), alignment=1),
}
