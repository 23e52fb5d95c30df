"""Structures of the job calls (winnt.h)."""

from __future__ import annotations

from emu.struct import Struct, struct_of, u32
from provider.nt.structs.member import amount, count, handle
from provider.nt.structs.ps import IO_COUNTERS


class JOBOBJECT_BASIC_ACCOUNTING_INFORMATION(Struct):
    """Class 1; times in 100 ns."""

    TotalUserTime = amount()
    TotalKernelTime = amount()
    ThisPeriodTotalUserTime = amount()
    ThisPeriodTotalKernelTime = amount()
    TotalPageFaultCount = u32()
    TotalProcesses = count()
    ActiveProcesses = count()
    TotalTerminatedProcesses = u32()


class JOBOBJECT_BASIC_AND_IO_ACCOUNTING_INFORMATION(Struct):
    """Class 8."""

    BasicInfo = struct_of(JOBOBJECT_BASIC_ACCOUNTING_INFORMATION)
    IoInfo = struct_of(IO_COUNTERS)


class JOBOBJECT_BASIC_LIMIT_INFORMATION(Struct):
    """Class 2; times in 100 ns, working sets in bytes, the priority class is NT's."""

    PerProcessUserTimeLimit = amount()
    PerJobUserTimeLimit = amount()
    LimitFlags = u32()
    MinimumWorkingSetSize = u32()
    MaximumWorkingSetSize = u32()
    ActiveProcessLimit = count()
    Affinity = u32()
    PriorityClass = u32()
    SchedulingClass = u32()


class JOBOBJECT_EXTENDED_LIMIT_INFORMATION(Struct):
    """Class 9; sizes in bytes."""

    BasicLimitInformation = struct_of(JOBOBJECT_BASIC_LIMIT_INFORMATION)
    IoInfo = struct_of(IO_COUNTERS)
    ProcessMemoryLimit = u32()
    JobMemoryLimit = u32()
    PeakProcessMemoryUsed = u32()
    PeakJobMemoryUsed = u32()


class JOBOBJECT_ASSOCIATE_COMPLETION_PORT(Struct):
    """Class 7."""

    CompletionKey = u32()
    CompletionPort = handle()
