"""Structures of the I/O manager's calls (wdm.h, ntifs.h; sizes in bytes, times in 100 ns)."""

from __future__ import annotations

from emu.struct import Struct, i64, raw, struct_of, u8, u16, u32, u64
from provider.nt.structs.member import (
    PaddedText,
    Tail,
    amount,
    count,
    flag,
    handle,
    named,
    shown_as,
    status,
    time,
    timeout,
)


class IO_STATUS_BLOCK(Struct):
    """How an operation ended."""

    Status = status()
    Information = u32()


class FILE_BASIC_INFORMATION(Struct):
    """Class 4."""

    CreationTime = time()
    LastAccessTime = time()
    LastWriteTime = time()
    ChangeTime = time()
    FileAttributes = named("FILE_ATTRIBUTES")


class FILE_STANDARD_INFORMATION(Struct):
    """Class 5."""

    AllocationSize = amount()
    EndOfFile = amount()
    NumberOfLinks = count()
    DeletePending = flag()
    Directory = flag()


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

    FileNameLength = count()
    FileName = Tail("FileNameLength")


class FILE_ALL_INFORMATION(Struct):
    """Class 18; the name's characters follow."""

    BasicInformation = struct_of(FILE_BASIC_INFORMATION)
    StandardInformation = struct_of(FILE_STANDARD_INFORMATION)
    InternalInformation = struct_of(FILE_INTERNAL_INFORMATION)
    EaSize = count()
    AccessFlags = named("FILE_ACCESS", "STANDARD_ACCESS")
    CurrentByteOffset = amount()
    Mode = named("FILE_OPTIONS")
    AlignmentRequirement = u32()


class FILE_STREAM_INFORMATION(Struct):
    """Class 22; the name's characters follow."""

    NextEntryOffset = count()
    StreamNameLength = count()
    StreamSize = amount()
    StreamAllocationSize = amount()
    StreamName = Tail("StreamNameLength")


class FILE_NETWORK_OPEN_INFORMATION(Struct):
    """Class 34."""

    CreationTime = time()
    LastAccessTime = time()
    LastWriteTime = time()
    ChangeTime = time()
    AllocationSize = amount()
    EndOfFile = amount()
    FileAttributes = named("FILE_ATTRIBUTES")


class FILE_ATTRIBUTE_TAG_INFORMATION(Struct):
    """Class 35."""

    FileAttributes = named("FILE_ATTRIBUTES")
    ReparseTag = u32()


class FILE_STANDARD_LINK_INFORMATION(Struct):
    """Class 54."""

    NumberOfAccessibleLinks = count()
    TotalNumberOfLinks = count()
    DeletePending = flag()
    Directory = flag()


class FILE_ID_INFORMATION(Struct):
    """Class 59."""

    VolumeSerialNumber = u64()
    FileId = raw(16)


class FILE_RENAME_INFORMATION(Struct):
    """Classes 10 and 11, and with flags 65 and 72; the name's characters follow."""

    Flags = named("FILE_RENAME_FLAGS")
    RootDirectory = handle()
    FileNameLength = count()
    FileName = Tail("FileNameLength")


class FILE_COMPLETION_INFORMATION(Struct):
    """Classes 30 and 61."""

    Port = handle()
    Key = u32()


class FILE_PIPE_INFORMATION(Struct):
    """Class 23."""

    ReadMode = named("PIPE_READ_MODE")
    CompletionMode = named("PIPE_COMPLETION_MODE")


class FILE_PIPE_LOCAL_INFORMATION(Struct):
    """Class 24."""

    NamedPipeType = named("PIPE_TYPE")
    NamedPipeConfiguration = named("PIPE_CONFIGURATION")
    MaximumInstances = count()
    CurrentInstances = count()
    InboundQuota = count()
    ReadDataAvailable = count()
    OutboundQuota = count()
    WriteQuotaAvailable = count()
    NamedPipeState = named("PIPE_STATE")
    NamedPipeEnd = named("PIPE_END")


class FILE_MAILSLOT_QUERY_INFORMATION(Struct):
    """Class 26; class 27 is a pointer to a time-out."""

    MaximumMessageSize = count()
    MailslotQuota = count()
    NextMessageSize = count()
    MessagesAvailable = count()
    ReadTimeout = timeout()


class FILE_MAILSLOT_PEEK_BUFFER(Struct):
    """What FSCTL_MAILSLOT_PEEK answers; the data follows."""

    ReadDataAvailable = count()
    NumberOfMessages = count()
    MessageLength = count()


class FILE_PIPE_PEEK_BUFFER(Struct):
    """What FSCTL_PIPE_PEEK answers; the data follows."""

    NamedPipeState = named("PIPE_STATE")
    ReadDataAvailable = count()
    NumberOfMessages = count()
    MessageLength = count()


class FILE_PIPE_WAIT_FOR_BUFFER(Struct):
    """What FSCTL_PIPE_WAIT takes; the name's characters begin at `Name`."""

    Timeout = timeout()
    NameLength = count()
    TimeoutSpecified = flag()
    Name = u16()


class FILE_FS_VOLUME_INFORMATION(Struct):
    """Class 1 of volumes; the label's characters follow."""

    VolumeCreationTime = time()
    VolumeSerialNumber = u32()
    VolumeLabelLength = count()
    SupportsObjects = flag()
    VolumeLabel = Tail("VolumeLabelLength")


class FILE_FS_SIZE_INFORMATION(Struct):
    """Class 3 of volumes, in allocation units."""

    TotalAllocationUnits = amount()
    AvailableAllocationUnits = amount()
    SectorsPerAllocationUnit = count()
    BytesPerSector = count()


class FILE_FS_DEVICE_INFORMATION(Struct):
    """Class 4 of volumes."""

    DeviceType = named("DEVICE_TYPE")
    Characteristics = named("FILE_CHARACTERISTICS")


class FILE_FS_ATTRIBUTE_INFORMATION(Struct):
    """Class 5 of volumes; the file system's name follows."""

    FileSystemAttributes = named("FS_ATTRIBUTES")
    MaximumComponentNameLength = count()
    FileSystemNameLength = count()
    FileSystemName = Tail("FileSystemNameLength")


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

    TotalAllocationUnits = amount()
    CallerAvailableAllocationUnits = amount()
    ActualAvailableAllocationUnits = amount()
    SectorsPerAllocationUnit = count()
    BytesPerSector = count()


class FILE_DIRECTORY_INFORMATION(Struct):
    """An entry of class 1; the name's characters follow."""

    NextEntryOffset = count()
    FileIndex = u32()
    CreationTime = time()
    LastAccessTime = time()
    LastWriteTime = time()
    ChangeTime = time()
    EndOfFile = amount()
    AllocationSize = amount()
    FileAttributes = named("FILE_ATTRIBUTES")
    FileNameLength = count()
    FileName = Tail("FileNameLength")


class FILE_FULL_DIR_INFORMATION(FILE_DIRECTORY_INFORMATION, size=68):
    """An entry of class 2."""

    EaSize = count()


class FILE_BOTH_DIR_INFORMATION(FILE_FULL_DIR_INFORMATION, size=94):
    """An entry of class 3."""

    ShortNameLength = u8()
    ShortName = shown_as(PaddedText(), raw(24, at=70))


class FILE_ID_BOTH_DIR_INFORMATION(FILE_BOTH_DIR_INFORMATION):
    """An entry of class 37."""

    FileId = u64()


class FILE_ID_FULL_DIR_INFORMATION(FILE_FULL_DIR_INFORMATION):
    """An entry of class 38."""

    FileId = u64()


class FILE_NAMES_INFORMATION(Struct):
    """An entry of class 12; the name's characters follow."""

    NextEntryOffset = count()
    FileIndex = u32()
    FileNameLength = count()
    FileName = Tail("FileNameLength")


class FILE_NOTIFY_INFORMATION(Struct):
    """One change in a directory; the name's characters follow."""

    NextEntryOffset = count()
    Action = named("FILE_ACTION")
    FileNameLength = count()
    FileName = Tail("FileNameLength")


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
