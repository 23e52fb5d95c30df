"""Structures of NtQueryInformationProcess (winternl.h; ntpsapi's public symbols)."""

from __future__ import annotations

from emu.struct import Struct, struct_of, u8, u32, u64
from provider.nt.structs.member import amount, count, status, time


class PROCESS_BASIC_INFORMATION(Struct):
    """Class 0."""

    ExitStatus = status()
    PebBaseAddress = u32()
    AffinityMask = u32()
    BasePriority = count()
    UniqueProcessId = count()
    InheritedFromUniqueProcessId = count()


class PROCESS_EXTENDED_BASIC_INFORMATION(Struct):
    """The same since Windows 8."""

    Length = u32()
    BasicInfo = struct_of(PROCESS_BASIC_INFORMATION)
    Flags = u32()


class PROCESS_HANDLE_TABLE_ENTRY_INFO(Struct):
    """One handle of class 51."""

    HandleValue = u32()
    HandleCount = u32()
    PointerCount = u32()
    GrantedAccess = u32()
    ObjectTypeIndex = u32()
    HandleAttributes = u32()
    Reserved = u32()


class VM_COUNTERS(Struct):
    """Class 3; sizes in bytes."""

    PeakVirtualSize = u32()
    VirtualSize = u32()
    PageFaultCount = u32()
    PeakWorkingSetSize = u32()
    WorkingSetSize = u32()
    QuotaPeakPagedPoolUsage = u32()
    QuotaPagedPoolUsage = u32()
    QuotaPeakNonPagedPoolUsage = u32()
    QuotaNonPagedPoolUsage = u32()
    PagefileUsage = u32()
    PeakPagefileUsage = u32()


class KERNEL_USER_TIMES(Struct):
    """Class 4; units of 100 ns."""

    CreateTime = time()
    ExitTime = time()
    KernelTime = amount()
    UserTime = amount()


class IO_COUNTERS(Struct):
    """Class 2."""

    ReadOperationCount = u64()
    WriteOperationCount = u64()
    OtherOperationCount = u64()
    ReadTransferCount = u64()
    WriteTransferCount = u64()
    OtherTransferCount = u64()


class PROCESS_PRIORITY_CLASS(Struct):
    """Class 18."""

    Foreground = u8()
    PriorityClass = u8()
