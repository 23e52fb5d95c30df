"""Security descriptors: captured from a guest, merged, made for new objects, stored self-relative.

    SECURITY_DESCRIPTOR_RELATIVE (winnt.h)
    0 Revision  1 Sbz1  2 Control  4 Owner  8 Group  12 Sacl  16 Dacl     the last four are offsets

In an absolute one the last four are pointers.  A DACL that is present but NULL grants everything;
here it is b"".
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final, NamedTuple

from provider.nt.se.identity import GROUP_SIDS, LOGON_SID, USER_SID, sid
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from provider.kernel.ob.access import GenericMapping
    from provider.syscall import UserMemory

OWNER, GROUP, DACL, SACL = 1, 2, 4, 8
"""SECURITY_INFORMATION."""
SE_OWNER_DEFAULTED, SE_GROUP_DEFAULTED = 0x1, 0x2
SE_DACL_PRESENT, SE_DACL_DEFAULTED, SE_SACL_PRESENT, SE_SACL_DEFAULTED = 0x4, 0x8, 0x10, 0x20
SE_DACL_BITS, SE_SACL_BITS = 0x150C, 0x2A30
SE_SELF_RELATIVE: Final = 0x8000
_HEADER = struct.Struct("<BBH4I")
_ACL_HEADER = struct.Struct("<BBHHH")
_ACE_HEADER = struct.Struct("<BBH")
_REVISION, _ACL_REVISIONS = 1, range(2, 5)
_MOST_SUBAUTHORITIES = 15
_CONTAINER_INHERIT, _NO_PROPAGATE, _INHERIT_ONLY, _INHERITED = 0x2, 0x4, 0x8, 0x10
SYSTEM_SID = sid("S-1-5-18")
ADMINISTRATORS_SID = sid("S-1-5-32-544")
PRIMARY_GROUP_SID = GROUP_SIDS[0][0]


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
            | (SE_SACL_BITS if information & SACL else 0)
        )
        return Descriptor(
            control,
            self.owner if information & OWNER else None,
            self.group if information & GROUP else None,
            self.sacl if information & SACL else None,
            self.dacl if information & DACL else None,
        )

    def merged(self, new: Descriptor, information: int) -> Descriptor:
        """A copy with the parts of `new` that `information` names."""
        kept, taken = self.part(~information), new.part(information)
        return Descriptor(
            kept.control | taken.control,
            taken.owner if information & OWNER else kept.owner,
            taken.group if information & GROUP else kept.group,
            taken.sacl if information & SACL else kept.sacl,
            taken.dacl if information & DACL else kept.dacl,
        )

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
        _capture_sid(memory, owner) if owner else None,
        _capture_sid(memory, group) if group else None,
        _capture_acl(memory, sacl) if control & SE_SACL_PRESENT else None,
        _capture_acl(memory, dacl) if control & SE_DACL_PRESENT else None,
    )


def parse(data: bytes) -> Descriptor:
    """The inverse of `bytes(descriptor)`."""
    return capture(_Stored(data), 0)


def assign(
    explicit: Descriptor | None, parent: Descriptor | None, mapping: GenericMapping
) -> bytes:
    """What a new object gets: what its creator says, then what it inherits, then the defaults.

    The generic rights in ACEs become those of the object's type (SeAssignSecurity).
    """
    given = explicit or Descriptor()
    dacl = _map_generic(given.dacl, mapping) if given.dacl is not None else None
    if dacl is None and parent is not None and parent.dacl is not None:
        dacl = inherited(parent.dacl)
    if dacl is None:
        dacl = _map_generic(DEFAULT_DACL, mapping)
    control = given.control & (SE_DACL_BITS | SE_SACL_BITS) & ~SE_DACL_DEFAULTED
    owner, group = given.owner or USER_SID, given.group or PRIMARY_GROUP_SID
    return bytes(Descriptor(control, owner, group, given.sacl, dacl))


def acl(*aces: tuple[int, int, bytes]) -> bytes:
    """An ACL of ACCESS_ALLOWED_ACEs: flags, rights, SID."""
    body = b"".join(
        _ACE_HEADER.pack(0, flags, 8 + len(who)) + struct.pack("<I", rights) + who
        for flags, rights, who in aces
    )
    return _ACL_HEADER.pack(2, 0, _ACL_HEADER.size + len(body), len(aces), 0) + body


def inherited(dacl: bytes) -> bytes | None:
    """What a container gets of the ACL of the one above; None for nothing."""
    aces = []
    for kind, flags, rest in _aces(dacl):
        if not flags & _CONTAINER_INHERIT:
            continue
        kept = 0 if flags & _NO_PROPAGATE else flags & ~_INHERIT_ONLY
        aces.append(_ACE_HEADER.pack(kind, kept | _INHERITED, 4 + len(rest)) + rest)
    if not aces:
        return None
    body = b"".join(aces)
    return _ACL_HEADER.pack(dacl[0], 0, _ACL_HEADER.size + len(body), len(aces), 0) + body


def _map_generic(dacl: bytes, mapping: GenericMapping) -> bytes:
    """The ACL with the type's own rights; ACEs that only others inherit keep theirs."""
    if not dacl:
        return dacl
    out = bytearray(dacl[: _ACL_HEADER.size])
    for kind, flags, rest in _aces(dacl):
        rights = int.from_bytes(rest[:4], "little")
        if len(rest) >= 4 and not flags & _INHERIT_ONLY:
            rest = mapping.map_ace(rights).to_bytes(4, "little") + rest[4:]
        out += _ACE_HEADER.pack(kind, flags, 4 + len(rest)) + rest
    return bytes(out) + dacl[len(out) :]


def _aces(dacl: bytes) -> list[tuple[int, int, bytes]]:
    """Type, flags and the rest of each ACE.  NtError INVALID_ACL."""
    if not dacl:
        return []
    found, at = [], _ACL_HEADER.size
    for _ in range(_ACL_HEADER.unpack_from(dacl)[3]):
        if at + _ACE_HEADER.size > len(dacl):
            raise NtError(NTSTATUS.INVALID_ACL)
        kind, flags, size = _ACE_HEADER.unpack_from(dacl, at)
        if size < _ACE_HEADER.size or at + size > len(dacl):
            raise NtError(NTSTATUS.INVALID_ACL)
        found.append((kind, flags, dacl[at + 4 : at + size]))
        at += size
    return found


def _capture_sid(memory: UserMemory, va: int) -> bytes:
    revision, count = memory.read(va, 2)
    if revision != 1 or count > _MOST_SUBAUTHORITIES:
        raise NtError(NTSTATUS.INVALID_SID)
    return memory.read(va, 8 + 4 * count)


def _capture_acl(memory: UserMemory, va: int) -> bytes:
    if not va:
        return b""
    revision, _, size, _, _ = _ACL_HEADER.unpack(memory.read(va, _ACL_HEADER.size))
    if revision not in _ACL_REVISIONS or size < _ACL_HEADER.size or size % 4:
        raise NtError(NTSTATUS.INVALID_ACL)
    data = memory.read(va, size)
    _aces(data)
    return data


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


DEFAULT_DACL = acl(
    (0, 0x10000000, USER_SID), (0, 0x10000000, SYSTEM_SID), (0, 0xA0000000, LOGON_SID)
)
"""The token's default: everything for the user and the system, reading for the session."""
