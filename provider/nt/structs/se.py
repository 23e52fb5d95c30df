"""Structures of the token calls (winnt.h)."""

from __future__ import annotations

from emu.struct import Struct, i64, raw, u32


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
    ExpirationTime = i64()
    TokenType = u32()
    ImpersonationLevel = u32()
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
