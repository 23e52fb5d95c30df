"""Structures of the registry's calls (wdm.h, ntifs.h); variable parts follow them."""

from __future__ import annotations

from emu.struct import Struct, pointer, u32
from provider.nt.structs.member import Tail, count, named, time


class KEY_BASIC_INFORMATION(Struct, size=16):
    """Class 0; the name follows."""

    LastWriteTime = time()
    TitleIndex = u32()
    NameLength = count()
    Name = Tail("NameLength")


class KEY_NODE_INFORMATION(Struct, size=24):
    """Class 1; the name follows, then the class."""

    LastWriteTime = time()
    TitleIndex = u32()
    ClassOffset = u32()
    ClassLength = count()
    NameLength = count()
    Name = Tail("NameLength")
    Class = Tail("ClassLength", at="ClassOffset")


class KEY_FULL_INFORMATION(Struct, size=44):
    """Class 2; the class follows."""

    LastWriteTime = time()
    TitleIndex = u32()
    ClassOffset = u32()
    ClassLength = count()
    SubKeys = count()
    MaxNameLen = count()
    MaxClassLen = count()
    Values = count()
    MaxValueNameLen = count()
    MaxValueDataLen = count()
    Class = Tail("ClassLength", at="ClassOffset")


class KEY_NAME_INFORMATION(Struct):
    """Class 3; the name follows."""

    NameLength = count()
    Name = Tail("NameLength")


class KEY_CACHED_INFORMATION(Struct):
    """Class 4."""

    LastWriteTime = time()
    TitleIndex = u32()
    SubKeys = count()
    MaxNameLen = count()
    Values = count()
    MaxValueNameLen = count()
    MaxValueDataLen = count()
    NameLength = count()


class KEY_FLAGS_INFORMATION(Struct):
    """Class 5."""

    UserFlags = u32()
    KeyFlags = u32()
    ControlFlags = u32()


class KEY_VALUE_BASIC_INFORMATION(Struct):
    """Class 0; the name follows."""

    TitleIndex = u32()
    Type = named("REG_TYPE")
    NameLength = count()
    Name = Tail("NameLength")


class KEY_VALUE_FULL_INFORMATION(Struct):
    """Class 1; the name follows, then the data at DataOffset."""

    TitleIndex = u32()
    Type = named("REG_TYPE")
    DataOffset = u32()
    DataLength = count()
    NameLength = count()
    Name = Tail("NameLength")
    Data = Tail("DataLength", at="DataOffset", kind="Type")


class KEY_VALUE_PARTIAL_INFORMATION(Struct):
    """Class 2; the data follows."""

    TitleIndex = u32()
    Type = named("REG_TYPE")
    DataLength = count()
    Data = Tail("DataLength", kind="Type")


class KEY_VALUE_PARTIAL_INFORMATION_ALIGN64(Struct):
    """Class 4; the data follows."""

    Type = named("REG_TYPE")
    DataLength = count()
    Data = Tail("DataLength", kind="Type")


class KEY_VALUE_ENTRY(Struct):
    """One value of NtQueryMultipleValueKey; the last three are set by the call."""

    ValueName = pointer()
    DataLength = count()
    DataOffset = u32()
    Type = named("REG_TYPE")
