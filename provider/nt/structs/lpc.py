"""Structures of the port calls (phnt, ntlpcapi.h; "Local Procedure Call", NT 4 DDK headers)."""

from __future__ import annotations

from emu.struct import Struct, i64, pointer, struct_of, u16, u32
from provider.nt.structs.member import handle, named
from provider.nt.structs.process import CLIENT_ID


class PORT_MESSAGE(Struct):
    """The header of every message; lengths are in bytes, `TotalLength` with the header."""

    DataLength = u16()
    TotalLength = u16()
    Type = named("LPC_TYPE", size=2)
    DataInfoOffset = u16()
    """From the header to a PORT_DATA_INFORMATION in the message; 0: there is none."""
    ClientId = struct_of(CLIENT_ID)
    MessageId = u32()
    CallbackId = u32()


class PORT_VIEW(Struct):
    """A section that a side brings along, and where both sides see it."""

    Length = u32()
    SectionHandle = handle()
    SectionOffset = u32()
    ViewSize = u32()
    ViewBase = pointer()
    ViewRemoteBase = pointer()


class REMOTE_PORT_VIEW(Struct):
    """The section of the other side."""

    Length = u32()
    ViewSize = u32()
    ViewBase = pointer()


class CLIENT_DIED_DATA(Struct):
    """What follows the header of an LPC_CLIENT_DIED message."""

    CreateTime = i64()
