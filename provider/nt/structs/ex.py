"""Structures of NtQuerySystemInformation (winternl.h; phnt's ntexapi.h for the undocumented)."""

from __future__ import annotations

from emu.struct import Struct, i64, raw, struct_of, u8, u16, u32, u64
from provider.nt.structs.member import amount, code, count, flag, number, text, time
from provider.nt.structs.process import CLIENT_ID
from provider.nt.structs.ps import IO_COUNTERS, VM_COUNTERS


class SYSTEM_BASIC_INFORMATION(Struct):
    """Class 0."""

    Reserved = u32()
    TimerResolution = u32()
    PageSize = u32()
    NumberOfPhysicalPages = count()
    LowestPhysicalPageNumber = u32()
    HighestPhysicalPageNumber = u32()
    AllocationGranularity = u32()
    MinimumUserModeAddress = u32()
    MaximumUserModeAddress = u32()
    ActiveProcessorsAffinityMask = u32()
    NumberOfProcessors = flag()


class SYSTEM_PROCESSOR_INFORMATION(Struct):
    """Class 1."""

    ProcessorArchitecture = u16()
    ProcessorLevel = u16()
    ProcessorRevision = u16()
    MaximumProcessors = u16()
    ProcessorFeatureBits = u32()


class SYSTEM_PERFORMANCE_INFORMATION(Struct, size=344):
    """Class 2; what is not declared is 0."""

    IdleProcessTime = i64()
    AvailablePages = u32(at=44)
    CommittedPages = u32()
    CommitLimit = u32()
    PeakCommitment = u32()
    PageFaultCount = u32()
    CopyOnWriteCount = u32()
    TransitionCount = u32()
    CacheTransitionCount = u32()
    DemandZeroCount = u32()
    PageReadCount = u32()


class SYSTEM_TIMEOFDAY_INFORMATION(Struct):
    """Class 3."""

    BootTime = time()
    CurrentTime = time()
    TimeZoneBias = amount()
    TimeZoneId = u32()
    Reserved = u32()
    BootTimeBias = u64()
    SleepTimeBias = u64()


class SYSTEM_PROCESS_INFORMATION(Struct):
    """Class 5: one for each process; its threads follow, then its name."""

    NextEntryOffset = u32()
    NumberOfThreads = count()
    WorkingSetPrivateSize = i64()
    HardFaultCount = u32()
    NumberOfThreadsHighWatermark = u32()
    CycleTime = u64()
    CreateTime = time()
    UserTime = amount()
    KernelTime = amount()
    ImageName = text()
    BasePriority = number()
    UniqueProcessId = count()
    InheritedFromUniqueProcessId = count()
    HandleCount = count()
    SessionId = u32()
    UniqueProcessKey = u32()
    VirtualMemory = struct_of(VM_COUNTERS)
    PrivatePageCount = u32()
    Io = struct_of(IO_COUNTERS)


class SYSTEM_THREAD_INFORMATION(Struct):
    """One thread of a SYSTEM_PROCESS_INFORMATION."""

    KernelTime = amount()
    UserTime = amount()
    CreateTime = time()
    WaitTime = u32()
    StartAddress = code()
    ClientId = struct_of(CLIENT_ID)
    Priority = number()
    BasePriority = number()
    ContextSwitches = u32()
    ThreadState = u32()
    WaitReason = u32()


class SYSTEM_EXTENDED_THREAD_INFORMATION(Struct):
    """One thread of class 57; the stack is the one in system space, which no thread has here."""

    ThreadInfo = struct_of(SYSTEM_THREAD_INFORMATION)
    StackBase = u32()
    StackLimit = u32()
    Win32StartAddress = u32()
    TebBase = u32()
    Reserved = raw(12)


class SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION(Struct):
    """Class 8: one for each processor."""

    IdleTime = amount()
    KernelTime = amount()
    UserTime = amount()
    DpcTime = i64()
    InterruptTime = i64()
    InterruptCount = u32()


class SYSTEM_TIME_ADJUSTMENT(Struct):
    """Class 28."""

    TimeAdjustment = u32()
    TimeIncrement = u32()
    Enable = u8()


class SYSTEM_KERNEL_DEBUGGER_INFORMATION(Struct):
    """Class 35."""

    KernelDebuggerEnabled = flag()
    KernelDebuggerNotPresent = flag()


class SYSTEM_REGISTRY_QUOTA_INFORMATION(Struct):
    """Class 37."""

    RegistryQuotaAllowed = u32()
    RegistryQuotaUsed = u32()
    PagedPoolSize = u32()


class SYSTEM_LOGICAL_PROCESSOR_INFORMATION(Struct):
    """Class 73: one for each relation of processors."""

    ProcessorMask = u32()
    Relationship = u32()
    ProcessorFlags = u8(at=8)
    Rest = raw(15)


class SYSTEM_BOOT_ENVIRONMENT_INFORMATION(Struct):
    """Class 90."""

    BootIdentifier = raw(16)
    FirmwareType = u32()
    BootFlags = u64()
