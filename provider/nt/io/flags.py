"""Flags and classes of the I/O calls by name, for traces (winnt.h, wdm.h, ntifs.h)."""

from __future__ import annotations

from enum import IntEnum, IntFlag
from typing import Annotated

from provider.syscall import Names


class _FileAccess(IntFlag):
    FILE_READ_DATA = 0x1
    FILE_WRITE_DATA = 0x2
    FILE_APPEND_DATA = 0x4
    FILE_READ_EA = 0x8
    FILE_WRITE_EA = 0x10
    FILE_EXECUTE = 0x20
    FILE_DELETE_CHILD = 0x40
    FILE_READ_ATTRIBUTES = 0x80
    FILE_WRITE_ATTRIBUTES = 0x100
    DELETE = 0x10000
    READ_CONTROL = 0x20000
    WRITE_DAC = 0x40000
    WRITE_OWNER = 0x80000
    SYNCHRONIZE = 0x100000
    ACCESS_SYSTEM_SECURITY = 0x1000000
    MAXIMUM_ALLOWED = 0x2000000
    GENERIC_ALL = 0x10000000
    GENERIC_EXECUTE = 0x20000000
    GENERIC_WRITE = 0x40000000
    GENERIC_READ = 0x80000000


class _Share(IntFlag):
    FILE_SHARE_READ = 0x1
    FILE_SHARE_WRITE = 0x2
    FILE_SHARE_DELETE = 0x4


class _Disposition(IntEnum):
    FILE_SUPERSEDE = 0
    FILE_OPEN = 1
    FILE_CREATE = 2
    FILE_OPEN_IF = 3
    FILE_OVERWRITE = 4
    FILE_OVERWRITE_IF = 5


class _Options(IntFlag):
    FILE_DIRECTORY_FILE = 0x1
    FILE_WRITE_THROUGH = 0x2
    FILE_SEQUENTIAL_ONLY = 0x4
    FILE_NO_INTERMEDIATE_BUFFERING = 0x8
    FILE_SYNCHRONOUS_IO_ALERT = 0x10
    FILE_SYNCHRONOUS_IO_NONALERT = 0x20
    FILE_NON_DIRECTORY_FILE = 0x40
    FILE_CREATE_TREE_CONNECTION = 0x80
    FILE_COMPLETE_IF_OPLOCKED = 0x100
    FILE_NO_EA_KNOWLEDGE = 0x200
    FILE_RANDOM_ACCESS = 0x800
    FILE_DELETE_ON_CLOSE = 0x1000
    FILE_OPEN_BY_FILE_ID = 0x2000
    FILE_OPEN_FOR_BACKUP_INTENT = 0x4000
    FILE_NO_COMPRESSION = 0x8000
    FILE_RESERVE_OPFILTER = 0x100000
    FILE_OPEN_REPARSE_POINT = 0x200000
    FILE_OPEN_NO_RECALL = 0x400000
    FILE_OPEN_FOR_FREE_SPACE_QUERY = 0x800000


class _Attributes(IntFlag):
    FILE_ATTRIBUTE_READONLY = 0x1
    FILE_ATTRIBUTE_HIDDEN = 0x2
    FILE_ATTRIBUTE_SYSTEM = 0x4
    FILE_ATTRIBUTE_DIRECTORY = 0x10
    FILE_ATTRIBUTE_ARCHIVE = 0x20
    FILE_ATTRIBUTE_NORMAL = 0x80
    FILE_ATTRIBUTE_TEMPORARY = 0x100


class FileInformation(IntEnum):
    """FILE_INFORMATION_CLASS."""

    FileDirectoryInformation = 1
    FileFullDirectoryInformation = 2
    FileBothDirectoryInformation = 3
    FileBasicInformation = 4
    FileStandardInformation = 5
    FileInternalInformation = 6
    FileEaInformation = 7
    FileAccessInformation = 8
    FileNameInformation = 9
    FileRenameInformation = 10
    FileLinkInformation = 11
    FileNamesInformation = 12
    FileDispositionInformation = 13
    FilePositionInformation = 14
    FileModeInformation = 16
    FileAlignmentInformation = 17
    FileAllInformation = 18
    FileAllocationInformation = 19
    FileEndOfFileInformation = 20
    FileAlternateNameInformation = 21
    FileStreamInformation = 22
    FilePipeInformation = 23
    FilePipeLocalInformation = 24
    FileMailslotQueryInformation = 26
    FileMailslotSetInformation = 27
    FileCompressionInformation = 28
    FileObjectIdInformation = 29
    FileCompletionInformation = 30
    FileQuotaInformation = 32
    FileReparsePointInformation = 33
    FileNetworkOpenInformation = 34
    FileAttributeTagInformation = 35
    FileIdBothDirectoryInformation = 37
    FileIdFullDirectoryInformation = 38
    FileValidDataLengthInformation = 39
    FileShortNameInformation = 40
    FileIoCompletionNotificationInformation = 41
    FileIoPriorityHintInformation = 43
    FileHardLinkInformation = 46
    FileProcessIdsUsingFileInformation = 47
    FileNormalizedNameInformation = 48
    FileIdGlobalTxDirectoryInformation = 50
    FileIsRemoteDeviceInformation = 51
    FileStandardLinkInformation = 54
    FileIdInformation = 59
    FileIdExtdDirectoryInformation = 60
    FileReplaceCompletionInformation = 61
    FileIdExtdBothDirectoryInformation = 63
    FileDispositionInformationEx = 64
    FileRenameInformationEx = 65
    FileStatInformation = 68
    FileCaseSensitiveInformation = 71
    FileLinkInformationEx = 72


class FsInformation(IntEnum):
    """FS_INFORMATION_CLASS."""

    FileFsVolumeInformation = 1
    FileFsLabelInformation = 2
    FileFsSizeInformation = 3
    FileFsDeviceInformation = 4
    FileFsAttributeInformation = 5
    FileFsControlInformation = 6
    FileFsFullSizeInformation = 7
    FileFsObjectIdInformation = 8
    FileFsSectorSizeInformation = 11


FILE_ACCESS_MASK = Annotated[int, Names(_FileAccess)]
FILE_SHARE = Annotated[int, Names(_Share)]
FILE_DISPOSITION = Annotated[int, Names(_Disposition)]
FILE_OPTIONS = Annotated[int, Names(_Options)]
FILE_ATTRIBUTES = Annotated[int, Names(_Attributes)]
FILE_INFORMATION_CLASS = Annotated[int, Names(FileInformation)]
FS_INFORMATION_CLASS = Annotated[int, Names(FsInformation)]
