"""Structures of the object manager's calls (ntdef.h, winternl.h, ntifs.h)."""

from __future__ import annotations

import struct
from typing import Annotated

from emu.named_tuple import NamedTuple
from emu.struct import Struct, raw, u8, u32
from provider.codec import STRANGER, Codec, UserMemory, Viewer
from provider.kernel.mm import AccessViolation
from provider.nt.legend import Named
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.member import count, flag, named, text, time
from provider.nt.types import (
    OBJECT_ATTRIBUTES_HEADER,
    UNICODE_STRING_HEADER,
    Handle,
    decode_utf16,
    quoted,
)


class OBJ:
    """Attributes of handles and names."""

    OBJ_PROTECT_CLOSE = 0x1
    OBJ_INHERIT = 0x2
    OBJ_PERMANENT = 0x10
    OBJ_EXCLUSIVE = 0x20
    OBJ_CASE_INSENSITIVE = 0x40
    OBJ_OPENIF = 0x80
    OBJ_OPENLINK = 0x100
    OBJ_KERNEL_HANDLE = 0x200
    OBJ_FORCE_ACCESS_CHECK = 0x400
    OBJ_IGNORE_IMPERSONATED_DEVICEMAP = 0x800
    OBJ_DONT_REPARSE = 0x1000


OBJ_VALID = 0x1FF2
LONGEST_NAME = 0xFFFC
"""Bytes of a name, which has to have room for a terminator in a UNICODE_STRING."""


_HEADER = struct.Struct("<6I").unpack
"""All of an OBJECT_ATTRIBUTES_HEADER at once: every open takes this way."""
_STRING = struct.Struct("<2HI").unpack
"""The same of a UNICODE_STRING_HEADER."""


class ObjectAttributes(NamedTuple):
    """A captured OBJECT_ATTRIBUTES; `root` is 0 where there is none."""

    name: str
    root: int
    attributes: int
    security: int = 0
    """Where the security descriptor is; 0 for none."""
    has_name: bool = True
    """Whether there is a string for the name, which may be empty."""
    quality: int = 0
    """Where a SECURITY_QUALITY_OF_SERVICE is; 0 for none."""

    @property
    def ignore_case(self) -> bool:
        """Whether names that differ in case only are the same."""
        return bool(self.attributes & OBJ.OBJ_CASE_INSENSITIVE)

    @property
    def inherit(self) -> bool:
        """Whether children of the process get the handle."""
        return bool(self.attributes & OBJ.OBJ_INHERIT)


_FLAGS = Named("OBJ_ATTRIBUTES")


class ObjectAttributesCodec(Codec[ObjectAttributes]):
    """OBJECT_ATTRIBUTES, captured with the name that it points to.

    NtError INVALID_PARAMETER for a wrong length or unknown attributes, OBJECT_NAME_INVALID for a
    name with half a character or one too many, DATATYPE_MISALIGNMENT.
    """

    by_pointer = True
    size = OBJECT_ATTRIBUTES_HEADER.SIZE

    def load(self, memory: UserMemory, va: int) -> ObjectAttributes:
        length, root, name_va, attributes, security, quality = _HEADER(memory.read(va, self.size))
        if length != self.size or attributes & ~OBJ_VALID:
            raise NtError(NTSTATUS.INVALID_PARAMETER)
        name = _capture_name(memory, name_va) if name_va else ""
        return ObjectAttributes(name, root, attributes, security, bool(name_va), quality)

    def show(self, value: ObjectAttributes, viewer: Viewer = STRANGER) -> str:
        name = quoted(value.name)
        more = value.attributes & ~OBJ.OBJ_CASE_INSENSITIVE
        flags = f"<{_FLAGS.show(more)}>" if more else ""
        return f"{Handle().show(value.root, viewer)}:{name}{flags}" if value.root else name + flags


def _capture_name(memory: UserMemory, va: int) -> str:
    length, _, buffer = _STRING(memory.read(va, UNICODE_STRING_HEADER.SIZE))
    if length and buffer & 1:
        raise NtError(NTSTATUS.DATATYPE_MISALIGNMENT)
    if length & 1 or length > LONGEST_NAME:
        raise NtError(NTSTATUS.OBJECT_NAME_INVALID)
    return decode_utf16(memory.read(buffer, length)) if length else ""


OBJECT_ATTRIBUTES = Annotated[ObjectAttributes, ObjectAttributesCodec()]


class Uncaptured:
    """An OBJECT_ATTRIBUTES that NT looks at last: other arguments are checked before it."""

    __slots__ = ("_memory", "_va")

    def __init__(self, memory: UserMemory, va: int) -> None:
        self._memory, self._va = memory, va

    def capture(self) -> ObjectAttributes:
        """The attributes as they are now.  NtError and AccessViolation of the codec."""
        return ObjectAttributesCodec().load(self._memory, self._va)


class UncapturedCodec(Codec[Uncaptured]):
    """The address of an OBJECT_ATTRIBUTES."""

    by_pointer = True
    size = OBJECT_ATTRIBUTES_HEADER.SIZE

    def load(self, memory: UserMemory, va: int) -> Uncaptured:
        return Uncaptured(memory, va)

    def show(self, value: Uncaptured, viewer: Viewer = STRANGER) -> str:
        try:
            return ObjectAttributesCodec().show(value.capture(), viewer)
        except (NtError, AccessViolation):
            return "?"


LATE_OBJECT_ATTRIBUTES = Annotated[Uncaptured, UncapturedCodec()]


class OBJECT_BASIC_INFORMATION(Struct):
    """NtQueryObject, class 0."""

    Attributes = named("OBJ_ATTRIBUTES")
    GrantedAccess = named("STANDARD_ACCESS")
    HandleCount = count()
    PointerCount = count()
    PagedPoolCharge = u32()
    NonPagedPoolCharge = u32()
    Reserved = raw(12)
    NameInfoSize = u32()
    TypeInfoSize = u32()
    SecurityDescriptorSize = u32()
    CreationTime = time()


class OBJECT_TYPE_INFORMATION(Struct):
    """NtQueryObject, class 2; the name's characters follow."""

    TypeName = text()
    TotalNumberOfObjects = count()
    TotalNumberOfHandles = count()
    PoolUsage = raw(16)
    HighWaterNumberOfObjects = u32()
    HighWaterNumberOfHandles = u32()
    HighWaterPoolUsage = raw(16)
    InvalidAttributes = u32()
    GenericRead = u32()
    GenericWrite = u32()
    GenericExecute = u32()
    GenericAll = u32()
    ValidAccessMask = u32()
    SecurityRequired = u8()
    MaintainHandleCount = u8()
    TypeIndex = u8()
    ReservedByte = u8()
    PoolType = u32()
    DefaultPagedPoolCharge = u32()
    DefaultNonPagedPoolCharge = u32()


class OBJECT_HANDLE_FLAG_INFORMATION(Struct):
    """NtQueryObject and NtSetInformationObject, class 4."""

    Inherit = flag()
    ProtectFromClose = flag()


class OBJECT_DIRECTORY_INFORMATION(Struct):
    """One entry of NtQueryDirectoryObject."""

    Name = text()
    TypeName = text()
