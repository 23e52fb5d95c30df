"""Structures of the registry's calls (wdm.h, ntifs.h); variable parts follow them."""

from __future__ import annotations

from emu.struct import Struct, i64, pointer, u32


class KEY_BASIC_INFORMATION(Struct, size=16):
    """Class 0; the name follows."""

    LastWriteTime = i64()
    TitleIndex = u32()
    NameLength = u32()


class KEY_NODE_INFORMATION(Struct, size=24):
    """Class 1; the name follows, then the class."""

    LastWriteTime = i64()
    TitleIndex = u32()
    ClassOffset = u32()
    ClassLength = u32()
    NameLength = u32()


class KEY_FULL_INFORMATION(Struct, size=44):
    """Class 2; the class follows."""

    LastWriteTime = i64()
    TitleIndex = u32()
    ClassOffset = u32()
    ClassLength = u32()
    SubKeys = u32()
    MaxNameLen = u32()
    MaxClassLen = u32()
    Values = u32()
    MaxValueNameLen = u32()
    MaxValueDataLen = u32()


class KEY_NAME_INFORMATION(Struct):
    """Class 3; the name follows."""

    NameLength = u32()


class KEY_CACHED_INFORMATION(Struct):
    """Class 4."""

    LastWriteTime = i64()
    TitleIndex = u32()
    SubKeys = u32()
    MaxNameLen = u32()
    Values = u32()
    MaxValueNameLen = u32()
    MaxValueDataLen = u32()
    NameLength = u32()


class KEY_FLAGS_INFORMATION(Struct):
    """Class 5."""

    UserFlags = u32()
    KeyFlags = u32()
    ControlFlags = u32()


class KEY_VALUE_BASIC_INFORMATION(Struct):
    """Class 0; the name follows."""

    TitleIndex = u32()
    Type = u32()
    NameLength = u32()


class KEY_VALUE_FULL_INFORMATION(Struct):
    """Class 1; the name follows, then the data at DataOffset."""

    TitleIndex = u32()
    Type = u32()
    DataOffset = u32()
    DataLength = u32()
    NameLength = u32()


class KEY_VALUE_PARTIAL_INFORMATION(Struct):
    """Class 2; the data follows."""

    TitleIndex = u32()
    Type = u32()
    DataLength = u32()


class KEY_VALUE_PARTIAL_INFORMATION_ALIGN64(Struct):
    """Class 4; the data follows."""

    Type = u32()
    DataLength = u32()


class KEY_VALUE_ENTRY(Struct):
    """One value of NtQueryMultipleValueKey; the last three are set by the call."""

    ValueName = pointer()
    DataLength = u32()
    DataOffset = u32()
    Type = u32()
