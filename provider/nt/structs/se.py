"""Structures of the token calls (winnt.h)."""

from __future__ import annotations

from emu.struct import Struct, pointer, raw, u8, u16, u32
from provider.nt.structs.member import handle, named, sid, time


class LUID_AND_ATTRIBUTES(Struct, size=12):
    """A privilege and whether it is enabled."""

    LuidLow = u32()
    LuidHigh = u32()
    Attributes = u32()


class TOKEN_SOURCE(Struct):
    """Who made the token."""

    SourceName = raw(8)
    SourceLow = u32()
    SourceHigh = u32()


class TOKEN_STATISTICS(Struct):
    """Class 10 of NtQueryInformationToken."""

    TokenIdLow = u32()
    TokenIdHigh = u32()
    AuthenticationIdLow = u32()
    AuthenticationIdHigh = u32()
    ExpirationTime = time()
    TokenType = named("TOKEN_TYPE")
    ImpersonationLevel = named("SECURITY_IMPERSONATION_LEVEL")
    DynamicCharged = u32()
    DynamicAvailable = u32()
    GroupCount = u32()
    PrivilegeCount = u32()
    ModifiedIdLow = u32()
    ModifiedIdHigh = u32()


class GENERIC_MAPPING(Struct):
    """What the generic rights stand for."""

    GenericRead = u32()
    GenericWrite = u32()
    GenericExecute = u32()
    GenericAll = u32()


class SID_AND_ATTRIBUTES(Struct):
    """An entry of TOKEN_GROUPS."""

    Sid = sid()
    Attributes = u32()


class SECURITY_QUALITY_OF_SERVICE(Struct, size=12):
    """How far a server may act for its client."""

    Length = u32()
    ImpersonationLevel = named("SECURITY_IMPERSONATION_LEVEL")
    ContextTrackingMode = u8()
    EffectiveOnly = u8()


class OBJECT_TYPE_LIST(Struct):
    """An object type, property set or property of NtAccessCheckByType."""

    Level = u16()
    Sbz = u16()
    ObjectType = pointer()


class PRIVILEGE_SET_HEADER(Struct):
    """PRIVILEGE_SET before its LUID_AND_ATTRIBUTES."""

    PrivilegeCount = u32()
    Control = u32()


class PROCESS_ACCESS_TOKEN(Struct):
    """NtSetInformationProcess, class 9."""

    Token = handle()
    Thread = handle()
