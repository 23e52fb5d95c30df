"""What token and access-check calls read from a guest: lists of SIDs, of privileges, of types."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from emu.named_tuple import NamedTuple
from provider.nt.se.access_check import TypeNode
from provider.nt.se.acl import capture_sid
from provider.nt.se.token import Level
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.se import (
    LUID_AND_ATTRIBUTES,
    OBJECT_TYPE_LIST,
    SECURITY_QUALITY_OF_SERVICE,
    SID_AND_ATTRIBUTES,
)

if TYPE_CHECKING:
    from provider.codec import UserMemory

MOST_PRIVILEGES: Final = 0x3C
MOST_GROUPS: Final = 0x400
MOST_TYPES: Final = 0x100
_DEEPEST_TYPE = 4
_GUID_BYTES = 16


class Quality(NamedTuple):
    """SECURITY_QUALITY_OF_SERVICE: how far a server may act for its client."""

    level: Level
    is_dynamic: bool
    effective_only: bool


def read_quality(memory: UserMemory, va: int, *, any_length: bool = False) -> Quality:
    """`any_length`: the structure's length is not looked at, as when ports are connected.

    NtError INVALID_PARAMETER, BAD_IMPERSONATION_LEVEL; AccessViolation.
    """
    size = SECURITY_QUALITY_OF_SERVICE.SIZE
    found = SECURITY_QUALITY_OF_SERVICE.from_bytes(memory.read(va, size))
    if found.Length != size and not any_length:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    if found.ImpersonationLevel > Level.DELEGATION:
        raise NtError(NTSTATUS.BAD_IMPERSONATION_LEVEL)
    level = Level(found.ImpersonationLevel)
    return Quality(level, bool(found.ContextTrackingMode), bool(found.EffectiveOnly))


def read_privileges(memory: UserMemory, va: int) -> list[tuple[int, int]]:
    """TOKEN_PRIVILEGES: LUIDs with attributes.  NtError INVALID_PARAMETER; AccessViolation."""
    count = int.from_bytes(memory.read(va, 4), "little")
    return read_privilege_rows(memory, va + 4, count)


def read_privilege_rows(memory: UserMemory, va: int, count: int) -> list[tuple[int, int]]:
    """`count` rows of LUID_AND_ATTRIBUTES.  NtError INVALID_PARAMETER; AccessViolation."""
    if count > MOST_PRIVILEGES:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    size = LUID_AND_ATTRIBUTES.SIZE
    data = memory.read(va, count * size)
    rows = [LUID_AND_ATTRIBUTES.from_bytes(data[at:]) for at in range(0, len(data), size)]
    return [(row.LuidLow | row.LuidHigh << 32, row.Attributes) for row in rows]


def read_groups(memory: UserMemory, va: int) -> list[tuple[bytes, int]]:
    """TOKEN_GROUPS: SIDs with attributes.

    NtError INVALID_PARAMETER, INVALID_SID; AccessViolation.
    """
    count = int.from_bytes(memory.read(va, 4), "little")
    if count > MOST_GROUPS:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    size = SID_AND_ATTRIBUTES.SIZE
    data = memory.read(va + 4, count * size)
    rows = [SID_AND_ATTRIBUTES.from_bytes(data[at:]) for at in range(0, len(data), size)]
    return [(capture_sid(memory, row.Sid), row.Attributes) for row in rows]


def read_types(memory: UserMemory, va: int, count: int) -> list[TypeNode]:
    """An OBJECT_TYPE_LIST, whose first entry is the only one at level 0.

    NtError INVALID_PARAMETER; AccessViolation.
    """
    if count > MOST_TYPES:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    size = OBJECT_TYPE_LIST.SIZE
    data = memory.read(va, count * size)
    nodes: list[TypeNode] = []
    for at in range(0, len(data), size):
        row = OBJECT_TYPE_LIST.from_bytes(data[at:])
        deepest = nodes[-1].level + 1 if nodes else 0
        if row.Level > min(deepest, _DEEPEST_TYPE) or bool(nodes) != bool(row.Level):
            raise NtError(NTSTATUS.INVALID_PARAMETER)
        nodes.append(TypeNode(row.Level, memory.read(row.ObjectType, _GUID_BYTES)))
    return nodes


def privilege_rows(rows: list[tuple[int, int]]) -> bytes:
    """TOKEN_PRIVILEGES of LUIDs with attributes."""
    body = b"".join(
        struct.pack("<3I", luid & 0xFFFFFFFF, luid >> 32, attributes) for luid, attributes in rows
    )
    return struct.pack("<I", len(rows)) + body
