"""NtQuerySystemInformation and NtSetSystemInformation."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from emu.int_enum import IntEnum
from emu.paging import SYSTEM_BASE
from emu.ram import PAGE_SIZE
from provider.kernel.cm.registry import MAX_BYTES
from provider.kernel.ke.clock import BLOCKS_PER_UNIT
from provider.kernel.thread import Thread
from provider.nt.contents import FILLED, GIVEN
from provider.nt.ex.process_list import extended_process_list, process_list
from provider.nt.ex.processor_topology import (
    CACHE,
    CACHE_LINE,
    RELATION_CACHE,
    RELATION_CORE,
    RELATION_NUMA_NODE,
    RELATION_PACKAGE,
)
from provider.nt.ex.system_firmware import query_firmware
from provider.nt.ex.system_objects import (
    handle_list,
    handle_list_ex,
    module_list,
    module_list_ex,
)
from provider.nt.ex.time_calls import COARSEST_RESOLUTION
from provider.nt.handles import nt_part, userland_of
from provider.nt.legend import SYSTEM_CLASS
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.ex import (
    SYSTEM_BASIC_INFORMATION,
    SYSTEM_BOOT_ENVIRONMENT_INFORMATION,
    SYSTEM_LOGICAL_PROCESSOR_INFORMATION,
    SYSTEM_PERFORMANCE_INFORMATION,
    SYSTEM_PROCESSOR_INFORMATION,
    SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION,
    SYSTEM_REGISTRY_QUOTA_INFORMATION,
    SYSTEM_TIME_ADJUSTMENT,
    SYSTEM_TIMEOFDAY_INFORMATION,
)
from provider.nt.table import nt
from provider.nt.types import ULONG, encode_utf16
from provider.syscall import Out

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.kernel import Kernel

GRANULARITY = 0x10000
LOWEST_USER_VA, HIGHEST_USER_VA = 0x10000, 0x7FFEFFFF
_PROCESSOR_LEVEL, _PROCESSOR_REVISION = 6, 0x0F0B
_PROCESSOR_FEATURES = 0x000BBFFF
_SMALLEST_PERFORMANCE = 312
"""Bytes of the structure before Windows 8, which are enough for older programs."""
_CODE_INTEGRITY_ENABLED = 1
_FIRMWARE_BIOS = 1


class SYSTEM(IntEnum):
    """SYSTEM_INFORMATION_CLASS (winternl.h, phnt)."""

    BASIC = 0
    PROCESSOR = 1
    PERFORMANCE = 2
    TIME_OF_DAY = 3
    PROCESS = 5
    PROCESSOR_PERFORMANCE = 8
    FLAGS = 9
    MODULE = 11
    HANDLE = 16
    PAGE_FILE = 18
    FILE_CACHE = 21
    INTERRUPT = 23
    DPC_BEHAVIOR = 24
    TIME_ADJUSTMENT = 28
    EXCEPTION = 33
    KERNEL_DEBUGGER = 35
    CONTEXT_SWITCH = 36
    REGISTRY_QUOTA = 37
    PROCESSOR_IDLE = 42
    TIME_ZONE = 44
    LOOKASIDE = 45
    RANGE_START = 50
    NUMA_PROCESSOR_MAP = 55
    EXTENDED_PROCESS = 57
    SHARED_DATA_ALIGNMENT = 58
    COM_PLUS_PACKAGE = 59
    EMULATION_BASIC = 62
    EMULATION_PROCESSOR = 63
    EXTENDED_HANDLE = 64
    LOGICAL_PROCESSOR = 73
    FIRMWARE_TABLE = 76
    MODULE_EX = 77
    BOOT_ENVIRONMENT = 90
    DYNAMIC_TIME_ZONE = 102
    CODE_INTEGRITY = 103
    NATIVE_BASIC = 114
    """Of NtWow64GetNativeSystemInformation only."""
    SECURE_BOOT = 145
    KERNEL_DEBUGGER_EX = 149


_EXACT = (
    SYSTEM.BASIC,
    SYSTEM.TIME_OF_DAY,
    SYSTEM.TIME_ADJUSTMENT,
    SYSTEM.EMULATION_BASIC,
)
"""Classes whose buffer must not be larger than the answer."""


@nt.syscall(partial="No classes about pool, power, page files, sessions or caches of processors.")
def NtQuerySystemInformation(
    thread: Thread,
    SystemInformationClass: SYSTEM_CLASS,
    SystemInformation: FILLED,
    SystemInformationLength: ULONG,
    ReturnLength: Out[ULONG] | None,
) -> None:
    """Tell something about the machine."""
    if SystemInformationClass == SYSTEM.FIRMWARE_TABLE:
        query_firmware(thread, SystemInformation, SystemInformationLength, ReturnLength)
        return
    query = _QUERIES.get(SystemInformationClass)
    if query is None:
        raise NtError(NTSTATUS.INVALID_INFO_CLASS)
    if SystemInformationLength:
        thread.process.space.probe_write(SystemInformation, 1)
    data = query(thread.process.kernel, SystemInformation)
    userland = userland_of(thread.process)
    if SystemInformationClass == SYSTEM.INTERRUPT and userland and userland.interrupts_are_noise:
        data = nt_part(thread.process).provider.noise.take(len(data))
    length = SystemInformationLength
    if SystemInformationClass == SYSTEM.PERFORMANCE and length >= _SMALLEST_PERFORMANCE:
        data = data[:length]
    if SystemInformationClass == SYSTEM.TIME_OF_DAY and length <= len(data):
        data = data[:length]
    if SystemInformationClass == SYSTEM.CODE_INTEGRITY:
        _check_length_member(thread, SystemInformation, length, len(data))
    if ReturnLength is not None:
        ReturnLength.value = len(data)
    if length < len(data) or (length > len(data) and SystemInformationClass in _EXACT):
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
    if data:
        thread.process.space.write(SystemInformation, data)


@nt.syscall()
def NtWow64GetNativeSystemInformation(
    thread: Thread,
    SystemInformationClass: SYSTEM_CLASS,
    SystemInformation: FILLED,
    SystemInformationLength: ULONG,
    ReturnLength: Out[ULONG] | None,
) -> None:
    """Tell something about the machine as programs of its own width see it."""
    native = SystemInformationClass == SYSTEM.NATIVE_BASIC
    NtQuerySystemInformation(
        thread,
        SYSTEM.BASIC if native else SystemInformationClass,
        SystemInformation,
        SystemInformationLength,
        ReturnLength,
    )


@nt.syscall(partial="Everything is refused.")
def NtSetSystemInformation(
    thread: Thread,
    SystemInformationClass: SYSTEM_CLASS,
    SystemInformation: GIVEN,
    SystemInformationLength: ULONG,
) -> None:
    """Change something about the machine, which takes privileges that no guest holds."""
    if SystemInformationClass not in _QUERIES:
        raise NtError(NTSTATUS.INVALID_INFO_CLASS)
    raise NtError(NTSTATUS.PRIVILEGE_NOT_HELD)


def _check_length_member(thread: Thread, va: int, length: int, size: int) -> None:
    """The structure begins with its own size, which the caller has set."""
    if length < size or thread.process.space.read(va, 4) != size.to_bytes(4, "little"):
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)


def _basic(kernel: Kernel, va: int) -> bytes:
    pages = kernel.ram.size // PAGE_SIZE
    return bytes(
        SYSTEM_BASIC_INFORMATION(
            TimerResolution=COARSEST_RESOLUTION,
            PageSize=PAGE_SIZE,
            NumberOfPhysicalPages=pages,
            LowestPhysicalPageNumber=1,
            HighestPhysicalPageNumber=pages - 1,
            AllocationGranularity=GRANULARITY,
            MinimumUserModeAddress=LOWEST_USER_VA,
            MaximumUserModeAddress=HIGHEST_USER_VA,
            ActiveProcessorsAffinityMask=1,
            NumberOfProcessors=1,
        )
    )


def _processor(kernel: Kernel, va: int) -> bytes:
    return bytes(
        SYSTEM_PROCESSOR_INFORMATION(
            ProcessorLevel=_PROCESSOR_LEVEL,
            ProcessorRevision=_PROCESSOR_REVISION,
            MaximumProcessors=1,
            ProcessorFeatureBits=_PROCESSOR_FEATURES,
        )
    )


def _performance(kernel: Kernel, va: int) -> bytes:
    memory = kernel.memory
    totals = memory.totals()
    return bytes(
        SYSTEM_PERFORMANCE_INFORMATION(
            IdleProcessTime=kernel.clock.idle_time(),
            AvailablePages=memory.pfns.available,
            CommittedPages=memory.committed,
            CommitLimit=memory.commit_limit,
            PeakCommitment=memory.peak_committed,
            PageFaultCount=totals["faults"],
            CopyOnWriteCount=totals["copy_faults"],
            TransitionCount=totals["transition_faults"],
            DemandZeroCount=totals["demand_zero_faults"],
            PageReadCount=totals["pages_read"],
        )
    )


def _time_of_day(kernel: Kernel, va: int) -> bytes:
    clock = kernel.clock
    return bytes(
        SYSTEM_TIMEOFDAY_INFORMATION(BootTime=clock.boot_time, CurrentTime=clock.system_time())
    )


def _processor_performance(kernel: Kernel, va: int) -> bytes:
    """As in NT, the kernel's time includes the idle time."""
    idle = kernel.clock.idle_time()
    user = kernel.cpu.executed_blocks() // BLOCKS_PER_UNIT
    return bytes(
        SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION(IdleTime=idle, KernelTime=idle, UserTime=user)
    )


def _time_adjustment(kernel: Kernel, va: int) -> bytes:
    return bytes(
        SYSTEM_TIME_ADJUSTMENT(
            TimeAdjustment=COARSEST_RESOLUTION, TimeIncrement=COARSEST_RESOLUTION, Enable=1
        )
    )


def _registry_quota(kernel: Kernel, va: int) -> bytes:
    return bytes(
        SYSTEM_REGISTRY_QUOTA_INFORMATION(RegistryQuotaAllowed=MAX_BYTES, PagedPoolSize=MAX_BYTES)
    )


def _processor_idle(kernel: Kernel, va: int) -> bytes:
    """SYSTEM_PROCESSOR_IDLE_INFORMATION: idle times and transitions, of which only the first."""
    return struct.pack("<Q", kernel.clock.idle_time()).ljust(48, b"\0")


_ZONE_NAMES = ("@tzres.dll,-22000", "@tzres.dll,-22001")
"""UTC's names of standard and daylight time, as its registry key refers to them.

The numbers are those of Wine's tzres.dll; our own DLLs name UTC without looking anywhere.
"""


def _time_zone(kernel: Kernel, va: int) -> bytes:
    """RTL_TIME_ZONE_INFORMATION of UTC: bias, name, date and bias of standard and daylight time."""
    names = (encode_utf16(name).ljust(64, b"\0") for name in _ZONE_NAMES)
    return bytes(4) + b"".join(name + bytes(16) + bytes(4) for name in names)


def _dynamic_time_zone(kernel: Kernel, va: int) -> bytes:
    """The same with the name of its registry key, and whether its rules never change."""
    return _time_zone(kernel, va) + encode_utf16("UTC").ljust(256, b"\0") + bytes(4)


def _logical_processor(kernel: Kernel, va: int) -> bytes:
    """One core, one package, one NUMA node, one cache."""
    relation = SYSTEM_LOGICAL_PROCESSOR_INFORMATION
    kinds = (RELATION_CORE, RELATION_PACKAGE, RELATION_NUMA_NODE)
    rows = [relation(ProcessorMask=1, Relationship=kind) for kind in kinds]
    cache = relation(ProcessorMask=1, Relationship=RELATION_CACHE)
    cache.ProcessorFlags, cache.Rest = CACHE[0], CACHE[1:]
    return b"".join(map(bytes, [*rows, cache]))


def _boot_environment(kernel: Kernel, va: int) -> bytes:
    return bytes(SYSTEM_BOOT_ENVIRONMENT_INFORMATION(FirmwareType=_FIRMWARE_BIOS))


def _fixed(data: bytes) -> Callable[[Kernel, int], bytes]:
    return lambda kernel, va: data


_QUERIES: dict[int, Callable[[Kernel, int], bytes]] = {
    SYSTEM.BASIC: _basic,
    SYSTEM.PROCESSOR: _processor,
    SYSTEM.PERFORMANCE: _performance,
    SYSTEM.TIME_OF_DAY: _time_of_day,
    SYSTEM.PROCESS: process_list,
    SYSTEM.PROCESSOR_PERFORMANCE: _processor_performance,
    SYSTEM.FLAGS: _fixed(bytes(4)),
    SYSTEM.MODULE: module_list,
    SYSTEM.HANDLE: handle_list,
    SYSTEM.PAGE_FILE: _fixed(b""),
    SYSTEM.FILE_CACHE: _fixed(bytes(36)),
    SYSTEM.INTERRUPT: _fixed(bytes(24)),
    SYSTEM.DPC_BEHAVIOR: _fixed(struct.pack("<5I", 0, 4, 3, 20, 0)),
    SYSTEM.TIME_ADJUSTMENT: _time_adjustment,
    SYSTEM.EXCEPTION: _fixed(bytes(16)),
    SYSTEM.KERNEL_DEBUGGER: _fixed(b"\0\1"),  # not enabled, not present
    SYSTEM.CONTEXT_SWITCH: _fixed(bytes(48)),
    SYSTEM.REGISTRY_QUOTA: _registry_quota,
    SYSTEM.PROCESSOR_IDLE: _processor_idle,
    SYSTEM.TIME_ZONE: _time_zone,
    SYSTEM.LOOKASIDE: _fixed(b""),
    SYSTEM.RANGE_START: _fixed(struct.pack("<I", SYSTEM_BASE)),
    SYSTEM.NUMA_PROCESSOR_MAP: _fixed(struct.pack("<IIIII", 0, 0, 1, 0, 0).ljust(776, b"\0")),
    SYSTEM.EXTENDED_PROCESS: extended_process_list,
    SYSTEM.SHARED_DATA_ALIGNMENT: _fixed(struct.pack("<I", CACHE_LINE)),
    SYSTEM.COM_PLUS_PACKAGE: _fixed(bytes(4)),
    SYSTEM.EMULATION_BASIC: _basic,
    SYSTEM.EMULATION_PROCESSOR: _processor,
    SYSTEM.EXTENDED_HANDLE: handle_list_ex,
    SYSTEM.MODULE_EX: module_list_ex,
    SYSTEM.LOGICAL_PROCESSOR: _logical_processor,
    SYSTEM.DYNAMIC_TIME_ZONE: _dynamic_time_zone,
    SYSTEM.BOOT_ENVIRONMENT: _boot_environment,
    SYSTEM.CODE_INTEGRITY: _fixed(struct.pack("<2I", 8, _CODE_INTEGRITY_ENABLED)),
    SYSTEM.SECURE_BOOT: _fixed(b"\0\0"),  # not enabled, and no firmware that could
    SYSTEM.KERNEL_DEBUGGER_EX: _fixed(b"\0\0\0"),
}
