"""Security descriptors: captured from a guest, merged, made for new objects, stored self-relative.

    SECURITY_DESCRIPTOR_RELATIVE (winnt.h)
    0 Revision  1 Sbz1  2 Control  4 Owner  8 Group  12 Sacl  16 Dacl     the last four are offsets

In an absolute one the last four are pointers.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from emu.named_tuple import NamedTuple
from provider.nt.se.acl import (
    build,
    capture_acl,
    capture_sid,
    inherited,
    label,
    map_generic,
    only,
    raw_aces,
)
from provider.nt.se.identity import CREATOR_GROUP_SID, CREATOR_OWNER_SID, MEDIUM_LEVEL, level_sid
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from provider.codec import UserMemory
    from provider.kernel.ob.access import GenericMapping

OWNER, GROUP, DACL, SACL, LABEL = 1, 2, 4, 8, 0x10
"""SECURITY_INFORMATION.  A mandatory label is kept in the SACL, but asked for by itself."""
SE_OWNER_DEFAULTED, SE_GROUP_DEFAULTED = 0x1, 0x2
SE_DACL_PRESENT, SE_DACL_DEFAULTED, SE_SACL_PRESENT, SE_SACL_DEFAULTED = 0x4, 0x8, 0x10, 0x20
SE_DACL_AUTO_INHERITED = 0x400
SE_DACL_BITS, SE_SACL_BITS = 0x150C, 0x2A30
SE_SELF_RELATIVE: Final = 0x8000
_HEADER = struct.Struct("<BBH4I")
_REVISION = 1
_NO_WRITE_UP = 1


class Descriptor(NamedTuple):
    """A security descriptor; None: there is no such part."""

    control: int = 0
    owner: bytes | None = None
    group: bytes | None = None
    sacl: bytes | None = None
    dacl: bytes | None = None

    def part(self, information: int) -> Descriptor:
        """Only what `information` asks for."""
        control = self.control & (
            (SE_OWNER_DEFAULTED if information & OWNER else 0)
            | (SE_GROUP_DEFAULTED if information & GROUP else 0)
            | (SE_DACL_BITS if information & DACL else 0)
            | (SE_SACL_BITS if information & (SACL | LABEL) else 0)
        )
        return Descriptor(
            control,
            self.owner if information & OWNER else None,
            self.group if information & GROUP else None,
            self._sacl_part(information),
            self.dacl if information & DACL else None,
        )

    def merged(self, new: Descriptor, information: int) -> Descriptor:
        """A copy with the parts of `new` that `information` names."""
        kept, taken = self.part(~information), new.part(information)
        return Descriptor(
            kept.control | taken.control,
            taken.owner if information & OWNER else kept.owner,
            taken.group if information & GROUP else kept.group,
            _joined(kept.sacl, taken.sacl),
            taken.dacl if information & DACL else kept.dacl,
        )

    def _sacl_part(self, information: int) -> bytes | None:
        """The whole SACL, its labels or the rest of it."""
        if not self.sacl or information & (SACL | LABEL) == SACL | LABEL:
            return self.sacl if information & (SACL | LABEL) else None
        if not information & (SACL | LABEL):
            return None
        return only(self.sacl, labels=bool(information & LABEL))

    def __bytes__(self) -> bytes:
        """Self-relative."""
        control = self.control | SE_SELF_RELATIVE
        control |= SE_DACL_PRESENT if self.dacl is not None else 0
        control |= SE_SACL_PRESENT if self.sacl is not None else 0
        offsets, tail = [], b""
        for part in (self.owner, self.group, self.sacl, self.dacl):
            offsets.append(_HEADER.size + len(tail) if part else 0)
            tail += part or b""
        return _HEADER.pack(_REVISION, 0, control, *offsets) + tail


def capture(memory: UserMemory, va: int) -> Descriptor:
    """The descriptor at `va`, absolute or self-relative.

    NtError UNKNOWN_REVISION, INVALID_SID, INVALID_ACL; AccessViolation.
    """
    revision, _, control, *places = _HEADER.unpack(memory.read(va, _HEADER.size))
    if revision != _REVISION:
        raise NtError(NTSTATUS.UNKNOWN_REVISION)
    base = va if control & SE_SELF_RELATIVE else 0
    owner, group, sacl, dacl = (base + place if place else 0 for place in places)
    return Descriptor(
        control & ~SE_SELF_RELATIVE,
        capture_sid(memory, owner) if owner else None,
        capture_sid(memory, group) if group else None,
        capture_acl(memory, sacl) if control & SE_SACL_PRESENT else None,
        capture_acl(memory, dacl) if control & SE_DACL_PRESENT else None,
    )


def parse(data: bytes) -> Descriptor:
    """The inverse of `bytes(descriptor)`."""
    return capture(_Stored(data), 0)


class Creator(NamedTuple):
    """What of the creator's token a new object's descriptor is made of."""

    owner: bytes
    group: bytes
    dacl: bytes | None
    level: int
    """Integrity; lower ones than medium are put into labels."""


def assign(
    explicit: Descriptor | None,
    parent: Descriptor | None,
    mapping: GenericMapping,
    creator: Creator,
    policy: int | None = None,
    *,
    is_container: bool = True,
    marks_inherited: bool = False,
) -> bytes:
    """What a new object gets: what its creator says, then what it inherits, then the defaults.

    The generic rights in ACEs become those of the object's type (SeAssignSecurity).  `policy` is
    that of the label that each object of the type has; None: there is no such rule.  With
    `marks_inherited` a list that is inherited says so, as those of files do.
    """
    given = explicit or Descriptor()
    owner, group = given.owner or creator.owner, given.group or creator.group
    replaced = {CREATOR_OWNER_SID: owner, CREATOR_GROUP_SID: group}
    control = given.control & (SE_DACL_BITS | SE_SACL_BITS) & ~SE_DACL_DEFAULTED
    dacl = None
    if given.dacl is not None:
        dacl = map_generic(given.dacl, mapping, replaced)
    elif parent is not None and parent.dacl:
        dacl = inherited(parent.dacl, mapping, replaced, is_container=is_container)
        if dacl is not None and marks_inherited:
            control |= SE_DACL_AUTO_INHERITED
    if dacl is None and creator.dacl is not None:
        dacl = map_generic(creator.dacl, mapping, replaced)
    sacl = given.sacl
    if policy is None and creator.level < MEDIUM_LEVEL:
        policy = _NO_WRITE_UP
    if policy is not None and not (sacl and only(sacl, labels=True)[4:6] != b"\0\0"):
        sacl = _joined(sacl, label(level_sid(creator.level), policy))
    return bytes(Descriptor(control, owner, group, sacl, dacl))


def _joined(first: bytes | None, second: bytes | None) -> bytes | None:
    """The entries of two SACLs."""
    if not first or not second:
        return first if second is None else second or first
    return build([*raw_aces(first), *raw_aces(second)], max(first[0], second[0]))


class _Stored:
    """Bytes of a stored descriptor, read as if they were memory."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def read(self, va: int, size: int) -> bytes:
        return self._data[va : va + size]

    def write(self, va: int, data: bytes) -> None:
        raise TypeError("a stored descriptor is not changed")

    def probe_write(self, va: int, size: int) -> None:
        raise TypeError("a stored descriptor is not changed")
