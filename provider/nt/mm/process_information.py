"""What NtQueryInformationProcess and NtSetInformationProcess say of a process's memory."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from emu.ram import PAGE_SIZE
from emu.struct import Struct, i64, u32
from provider.kernel.mm import Protection, working_set
from provider.nt.ex.process_list import memory_counters
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from provider.kernel.process import Process

LEAST_WORKING_SET = 20
"""Pages; smaller minimums are raised to that (SetProcessWorkingSetSize, Win32 API)."""
NOT_FOR_WORKING_SETS = 512
"""Available pages beyond any maximum (SetProcessWorkingSetSize, Win32 API)."""
UNLIMITED = 0xFFFFFFFF
QUOTA_LIMITS_HARDWS_MIN_DISABLE, QUOTA_LIMITS_HARDWS_MAX_DISABLE = 2, 8
QUOTA_LIMITS_BYTES, QUOTA_LIMITS_EX_BYTES = 32, 56
VM_COUNTERS_BYTES = (44, 48, 56)
"""VM_COUNTERS, VM_COUNTERS_EX and VM_COUNTERS_EX2: each begins with the one before."""
STACK_ALLOCATION_BYTES = (12, 28)
"""PROCESS_STACK_ALLOCATION_INFORMATION; in the _EX form a NUMA node comes first (phnt)."""
_STACK_ALLOCATION = struct.Struct("<3I")


class QUOTA_LIMITS_EX(Struct):
    """Class 1; QUOTA_LIMITS ends after TimeLimit (winnt.h)."""

    PagedPoolLimit = u32()
    NonPagedPoolLimit = u32()
    MinimumWorkingSetSize = u32()
    MaximumWorkingSetSize = u32()
    PagefileLimit = u32()
    TimeLimit = i64()
    WorkingSetLimit = u32()
    Reserved2 = u32()
    Reserved3 = u32()
    Reserved4 = u32()
    Flags = u32()
    CpuRateLimit = u32()


class POOLED_USAGE_AND_LIMITS(Struct):
    """Class 14."""

    PeakPagedPoolUsage = u32()
    PagedPoolUsage = u32()
    PagedPoolLimit = u32()
    PeakNonPagedPoolUsage = u32()
    NonPagedPoolUsage = u32()
    NonPagedPoolLimit = u32()
    PeakPagefileUsage = u32()
    PagefileUsage = u32()
    PagefileLimit = u32()


def reserve_stack(process: Process, data: bytes) -> bytes:
    """Reserve addresses for a stack as class 41 asks; the same structure with StackBase set.

    KernelError of `AddressSpace.allocate`.
    """
    head, tail = data[: -_STACK_ALLOCATION.size], data[-_STACK_ALLOCATION.size :]
    size, zero_bits, _ = _STACK_ALLOCATION.unpack(tail)
    start, _ = process.space.allocate(
        None,
        size,
        reserve=True,
        commit=False,
        protection=Protection.READ | Protection.WRITE,
        zero_bits=zero_bits,
    )
    return head + _STACK_ALLOCATION.pack(size, zero_bits, start)


def vm_counters(process: Process, buffer: int) -> bytes:
    """Sizes, page faults and commit of a process, then PrivateUsage and PrivateWorkingSetSize."""
    space = process.space
    private = sum(not state.shared for state in space.query_working_set())
    more = struct.pack("<3I", space.committed * PAGE_SIZE, private * PAGE_SIZE, 0)
    return bytes(memory_counters(process)) + more


def quota_limits(process: Process, buffer: int) -> bytes:
    """The bounds of the working set; nothing else has a limit."""
    space = process.space
    return bytes(
        QUOTA_LIMITS_EX(
            PagedPoolLimit=UNLIMITED,
            NonPagedPoolLimit=UNLIMITED,
            MinimumWorkingSetSize=space.minimum * PAGE_SIZE,
            MaximumWorkingSetSize=space.maximum * PAGE_SIZE,
            PagefileLimit=UNLIMITED,
            TimeLimit=-1,
            Flags=QUOTA_LIMITS_HARDWS_MIN_DISABLE | QUOTA_LIMITS_HARDWS_MAX_DISABLE,
        )
    )


def pooled_usage(process: Process, buffer: int) -> bytes:
    """Commit; there are no pools."""
    space = process.space
    return bytes(
        POOLED_USAGE_AND_LIMITS(
            PagedPoolLimit=UNLIMITED,
            NonPagedPoolLimit=UNLIMITED,
            PeakPagefileUsage=space.peak_committed * PAGE_SIZE,
            PagefileUsage=space.committed * PAGE_SIZE,
            PagefileLimit=UNLIMITED,
        )
    )


def set_quota_limits(process: Process, value: int) -> NTSTATUS:
    """Bound the working set, or empty it if both bounds are −1; a bound of 0 changes nothing.

    `value` is the structure as one number.  WORKING_SET_LIMIT_RANGE: a bound was outside of what is
    allowed, and is now at its end.  NtError BAD_WORKING_SET_LIMIT (the minimum is above the
    maximum), INSUFFICIENT_RESOURCES (more than half of RAM, or more than others leave of it).
    """
    limits = QUOTA_LIMITS_EX.from_bytes(value.to_bytes(QUOTA_LIMITS_EX_BYTES, "little"))
    low, high = limits.MinimumWorkingSetSize, limits.MaximumWorkingSetSize
    space = process.space
    if low == high == UNLIMITED:
        working_set.empty(space)
        return NTSTATUS.SUCCESS
    if not low or not high:
        return NTSTATUS.SUCCESS
    if low > high:
        raise NtError(NTSTATUS.BAD_WORKING_SET_LIMIT)
    asked = low // PAGE_SIZE, high // PAGE_SIZE
    total = space.mm.pfns.total
    minimum = max(asked[0], LEAST_WORKING_SET)
    more = minimum - space.minimum
    if minimum > total // 2 or (more > 0 and not working_set.can_keep(space.mm, more)):
        raise NtError(NTSTATUS.INSUFFICIENT_RESOURCES)
    maximum = max(min(asked[1], total - NOT_FOR_WORKING_SETS), minimum)
    space.minimum, space.maximum = minimum, maximum
    as_asked = (minimum, maximum) == asked
    return NTSTATUS.SUCCESS if as_asked else NTSTATUS.WORKING_SET_LIMIT_RANGE
