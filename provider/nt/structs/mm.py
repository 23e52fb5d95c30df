"""Structures of the memory calls (winnt.h, ntifs.h)."""

from __future__ import annotations

from emu.struct import Struct, i64, u8, u16, u32


class MEMORY_BASIC_INFORMATION(Struct):
    """A run of like pages."""

    BaseAddress = u32()
    AllocationBase = u32()
    AllocationProtect = u32()
    RegionSize = u32()
    State = u32()
    Protect = u32()
    Type = u32()


class MEMORY_REGION_INFORMATION(Struct):
    """An allocation: NtQueryVirtualMemory class 3 (ntifs.h)."""

    AllocationBase = u32()
    AllocationProtect = u32()
    RegionType = u32()
    RegionSize = u32()
    CommitSize = u32()
    PartitionId = u32()
    NodePreference = u32()


class MEMORY_SHARED_COMMIT_INFORMATION(Struct):
    """NtQueryVirtualMemory class 5; in bytes."""

    CommitSize = u32()


class MEMORY_IMAGE_INFORMATION(Struct):
    """NtQueryVirtualMemory class 6."""

    ImageBase = u32()
    SizeOfImage = u32()
    ImageFlags = u32()


class SECTION_BASIC_INFORMATION(Struct):
    """NtQuerySection class 0."""

    BaseAddress = u32()
    Attributes = u32()
    MaximumSize = i64()


class SECTION_IMAGE_INFORMATION(Struct):
    """NtQuerySection class 1: what process creation reads from an image."""

    TransferAddress = u32()
    ZeroBits = u32()
    MaximumStackSize = u32()
    CommittedStackSize = u32()
    SubSystemType = u32()
    SubSystemMinorVersion = u16()
    SubSystemMajorVersion = u16()
    OperatingSystemVersion = u32()
    ImageCharacteristics = u16()
    DllCharacteristics = u16()
    Machine = u16()
    ImageContainsCode = u8()
    ImageFlags = u8()
    LoaderFlags = u32()
    ImageFileSize = u32()
    CheckSum = u32()
