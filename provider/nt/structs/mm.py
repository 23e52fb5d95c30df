"""Structures of the memory calls (winnt.h, ntifs.h)."""

from __future__ import annotations

from emu.struct import Struct, u8, u16, u32
from provider.nt.structs.member import amount, code, flag, named, page_protection


class MEMORY_BASIC_INFORMATION(Struct):
    """A run of like pages."""

    BaseAddress = u32()
    AllocationBase = u32()
    AllocationProtect = page_protection()
    RegionSize = u32()
    State = named("MEM_STATE")
    Protect = page_protection()
    Type = named("MEM_TYPE")


class MEMORY_REGION_INFORMATION(Struct):
    """An allocation: NtQueryVirtualMemory class 3 (ntifs.h)."""

    AllocationBase = u32()
    AllocationProtect = page_protection()
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
    Attributes = named("SECTION_ATTRIBUTES")
    MaximumSize = amount()


class SECTION_IMAGE_INFORMATION(Struct):
    """NtQuerySection class 1: what process creation reads from an image."""

    TransferAddress = code()
    ZeroBits = u32()
    MaximumStackSize = u32()
    CommittedStackSize = u32()
    SubSystemType = named("IMAGE_SUBSYSTEM")
    SubSystemMinorVersion = u16()
    SubSystemMajorVersion = u16()
    OperatingSystemVersion = u32()
    ImageCharacteristics = named("IMAGE_CHARACTERISTICS", size=2)
    DllCharacteristics = named("IMAGE_DLL_CHARACTERISTICS", size=2)
    Machine = named("IMAGE_MACHINE", size=2)
    ImageContainsCode = flag()
    ImageFlags = u8()
    LoaderFlags = u32()
    ImageFileSize = u32()
    CheckSum = u32()
