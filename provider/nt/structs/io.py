"""Structures of the I/O manager's calls (wdm.h, ntifs.h; sizes in bytes, times in 100 ns)."""

from __future__ import annotations

from emu.struct import Struct, i64, raw, struct_of, u8, u16, u32, u64


class IO_STATUS_BLOCK(Struct):
    """How an operation ended."""

    Status = u32()
    Information = u32()


class FILE_BASIC_INFORMATION(Struct):
    """Class 4."""

    CreationTime = i64()
    LastAccessTime = i64()
    LastWriteTime = i64()
    ChangeTime = i64()
    FileAttributes = u32()


class FILE_STANDARD_INFORMATION(Struct):
    """Class 5."""

    AllocationSize = i64()
    EndOfFile = i64()
    NumberOfLinks = u32()
    DeletePending = u8()
    Directory = u8()


class FILE_INTERNAL_INFORMATION(Struct):
    """Class 6."""

    IndexNumber = u64()


class FILE_LONG_INFORMATION(Struct):
    """Classes of one ULONG: EaSize, AccessFlags, Mode, AlignmentRequirement, Flags."""

    Value = u32()


class FILE_POSITION_INFORMATION(Struct):
    """Classes of one LARGE_INTEGER: position, allocation size, end of file."""

    Value = i64()


class FILE_NAME_INFORMATION(Struct):
    """Class 9; the name's characters follow."""

    FileNameLength = u32()


class FILE_ALL_INFORMATION(Struct):
    """Class 18; the name's characters follow."""

    BasicInformation = struct_of(FILE_BASIC_INFORMATION)
    StandardInformation = struct_of(FILE_STANDARD_INFORMATION)
    InternalInformation = struct_of(FILE_INTERNAL_INFORMATION)
    EaSize = u32()
    AccessFlags = u32()
    CurrentByteOffset = i64()
    Mode = u32()
    AlignmentRequirement = u32()


class FILE_STREAM_INFORMATION(Struct):
    """Class 22; the name's characters follow."""

    NextEntryOffset = u32()
    StreamNameLength = u32()
    StreamSize = i64()
    StreamAllocationSize = i64()


class FILE_NETWORK_OPEN_INFORMATION(Struct):
    """Class 34."""

    CreationTime = i64()
    LastAccessTime = i64()
    LastWriteTime = i64()
    ChangeTime = i64()
    AllocationSize = i64()
    EndOfFile = i64()
    FileAttributes = u32()


class FILE_ATTRIBUTE_TAG_INFORMATION(Struct):
    """Class 35."""

    FileAttributes = u32()
    ReparseTag = u32()


class FILE_STANDARD_LINK_INFORMATION(Struct):
    """Class 54."""

    NumberOfAccessibleLinks = u32()
    TotalNumberOfLinks = u32()
    DeletePending = u8()
    Directory = u8()


class FILE_ID_INFORMATION(Struct):
    """Class 59."""

    VolumeSerialNumber = u64()
    FileId = raw(16)


class FILE_RENAME_INFORMATION(Struct):
    """Classes 10 and 11, and with flags 65 and 72; the name's characters follow."""

    Flags = u32()
    RootDirectory = u32()
    FileNameLength = u32()


class FILE_PIPE_INFORMATION(Struct):
    """Class 23."""

    ReadMode = u32()
    CompletionMode = u32()


class FILE_PIPE_LOCAL_INFORMATION(Struct):
    """Class 24."""

    NamedPipeType = u32()
    NamedPipeConfiguration = u32()
    MaximumInstances = u32()
    CurrentInstances = u32()
    InboundQuota = u32()
    ReadDataAvailable = u32()
    OutboundQuota = u32()
    WriteQuotaAvailable = u32()
    NamedPipeState = u32()
    NamedPipeEnd = u32()


class FILE_MAILSLOT_QUERY_INFORMATION(Struct):
    """Class 26; class 27 is a pointer to a time-out."""

    MaximumMessageSize = u32()
    MailslotQuota = u32()
    NextMessageSize = u32()
    MessagesAvailable = u32()
    ReadTimeout = i64()


class FILE_MAILSLOT_PEEK_BUFFER(Struct):
    """What FSCTL_MAILSLOT_PEEK answers; the data follows."""

    ReadDataAvailable = u32()
    NumberOfMessages = u32()
    MessageLength = u32()


class FILE_PIPE_PEEK_BUFFER(Struct):
    """What FSCTL_PIPE_PEEK answers; the data follows."""

    NamedPipeState = u32()
    ReadDataAvailable = u32()
    NumberOfMessages = u32()
    MessageLength = u32()


class FILE_PIPE_WAIT_FOR_BUFFER(Struct):
    """What FSCTL_PIPE_WAIT takes; the name's characters begin at `Name`."""

    Timeout = i64()
    NameLength = u32()
    TimeoutSpecified = u8()
    Name = u16()


class FILE_FS_VOLUME_INFORMATION(Struct):
    """Class 1 of volumes; the label's characters follow."""

    VolumeCreationTime = i64()
    VolumeSerialNumber = u32()
    VolumeLabelLength = u32()
    SupportsObjects = u8()


class FILE_FS_SIZE_INFORMATION(Struct):
    """Class 3 of volumes, in allocation units."""

    TotalAllocationUnits = i64()
    AvailableAllocationUnits = i64()
    SectorsPerAllocationUnit = u32()
    BytesPerSector = u32()


class FILE_FS_DEVICE_INFORMATION(Struct):
    """Class 4 of volumes."""

    DeviceType = u32()
    Characteristics = u32()


class FILE_FS_ATTRIBUTE_INFORMATION(Struct):
    """Class 5 of volumes; the file system's name follows."""

    FileSystemAttributes = u32()
    MaximumComponentNameLength = u32()
    FileSystemNameLength = u32()


class FILE_FS_CONTROL_INFORMATION(Struct):
    """Class 6 of volumes; quotas in bytes, -1 for none."""

    FreeSpaceStartFiltering = i64()
    FreeSpaceThreshold = i64()
    FreeSpaceStopFiltering = i64()
    DefaultQuotaThreshold = i64()
    DefaultQuotaLimit = i64()
    FileSystemControlFlags = u32()


class FILE_FS_SECTOR_SIZE_INFORMATION(Struct):
    """Class 11 of volumes, in bytes."""

    LogicalBytesPerSector = u32()
    PhysicalBytesPerSectorForAtomicity = u32()
    PhysicalBytesPerSectorForPerformance = u32()
    FileSystemEffectivePhysicalBytesPerSectorForAtomicity = u32()
    Flags = u32()
    ByteOffsetForSectorAlignment = u32()
    ByteOffsetForPartitionAlignment = u32()


class FILE_FS_FULL_SIZE_INFORMATION(Struct):
    """Class 7 of volumes, in allocation units."""

    TotalAllocationUnits = i64()
    CallerAvailableAllocationUnits = i64()
    ActualAvailableAllocationUnits = i64()
    SectorsPerAllocationUnit = u32()
    BytesPerSector = u32()


class FILE_NAMES_INFORMATION(Struct):
    """An entry of class 12; the name's characters follow."""

    NextEntryOffset = u32()
    FileIndex = u32()
    FileNameLength = u32()


class FILE_NOTIFY_INFORMATION(Struct):
    """One change in a directory; the name's characters follow."""

    NextEntryOffset = u32()
    Action = u32()
    FileNameLength = u32()


class CONSOLE_OUTPUT_INFO(Struct):
    """The screen buffer as the console protocol has it (Wine's wine/condrv.h documents it)."""

    cursor_size = u16()
    cursor_visible = u16()
    cursor_x = u16()
    cursor_y = u16()
    width = u16()
    height = u16()
    attr = u16()
    popup_attr = u16()
    win_left = u16()
    win_top = u16()
    win_right = u16()
    win_bottom = u16()
    max_width = u16()
    max_height = u16()
    font_width = u16()
    font_height = u16()
    font_weight = u16()
    font_pitch_family = u16()
    color_map = raw(64)
