"""Structures of NtQuerySystemInformation (winternl.h; phnt's ntexapi.h for the undocumented)."""

from __future__ import annotations

from emu.struct import Struct, i32, i64, raw, struct_of, u8, u16, u32, u64
from provider.nt.structs.process import CLIENT_ID
from provider.nt.structs.ps import IO_COUNTERS, VM_COUNTERS
from provider.nt.types import UNICODE_STRING_HEADER


class SYSTEM_BASIC_INFORMATION(Struct):
    """Class 0."""

    Reserved = u32()
    TimerResolution = u32()
    PageSize = u32()
    NumberOfPhysicalPages = u32()
    LowestPhysicalPageNumber = u32()
    HighestPhysicalPageNumber = u32()
    AllocationGranularity = u32()
    MinimumUserModeAddress = u32()
    MaximumUserModeAddress = u32()
    ActiveProcessorsAffinityMask = u32()
    NumberOfProcessors = u8()


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

    BootTime = i64()
    CurrentTime = i64()
    TimeZoneBias = i64()
    TimeZoneId = u32()
    Reserved = u32()
    BootTimeBias = u64()
    SleepTimeBias = u64()


class SYSTEM_PROCESS_INFORMATION(Struct):
    """Class 5: one for each process; its threads follow, then its name."""

    NextEntryOffset = u32()
    NumberOfThreads = u32()
    WorkingSetPrivateSize = i64()
    HardFaultCount = u32()
    NumberOfThreadsHighWatermark = u32()
    CycleTime = u64()
    CreateTime = i64()
    UserTime = i64()
    KernelTime = i64()
    ImageName = struct_of(UNICODE_STRING_HEADER)
    BasePriority = i32()
    UniqueProcessId = u32()
    InheritedFromUniqueProcessId = u32()
    HandleCount = u32()
    SessionId = u32()
    UniqueProcessKey = u32()
    VirtualMemory = struct_of(VM_COUNTERS)
    PrivatePageCount = u32()
    Io = struct_of(IO_COUNTERS)


class SYSTEM_THREAD_INFORMATION(Struct):
    """One thread of a SYSTEM_PROCESS_INFORMATION."""

    KernelTime = i64()
    UserTime = i64()
    CreateTime = i64()
    WaitTime = u32()
    StartAddress = u32()
    ClientId = struct_of(CLIENT_ID)
    Priority = i32()
    BasePriority = i32()
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

    IdleTime = i64()
    KernelTime = i64()
    UserTime = i64()
    DpcTime = i64()
    InterruptTime = i64()
    InterruptCount = u32()


class SYSTEM_TIME_ADJUSTMENT(Struct):
    """Class 28."""

    TimeAdjustment = u32()
    TimeIncrement = u32()
    Enable = u8()


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
