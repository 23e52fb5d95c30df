"""SIDs and access-control lists as bytes: checked, read, built, mapped, inherited (winnt.h).

    ACL   0 AclRevision  1 Sbz1  2 AclSize  4 AceCount  6 Sbz2         then the entries
    ACE   0 AceType  1 AceFlags  2 AceSize  4 Mask  8 SID              object ACEs differ after 8
    SID   0 Revision  1 SubAuthorityCount  2 IdentifierAuthority[6]  8 SubAuthority[count]

A list that is present but NULL grants everything; it is b"" wherever lists are kept.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from emu.named_tuple import NamedTuple
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from provider.codec import UserMemory
    from provider.kernel.ob.access import GenericMapping

ALLOWED, DENIED = 0, 1
ALLOWED_OBJECT, DENIED_OBJECT = 5, 6
ALLOWED_CALLBACK, DENIED_CALLBACK = 9, 10
MANDATORY_LABEL = 0x11
OBJECT_INHERIT, CONTAINER_INHERIT, NO_PROPAGATE, INHERIT_ONLY, INHERITED = 1, 2, 4, 8, 0x10
OBJECT_TYPE_PRESENT, INHERITED_OBJECT_TYPE_PRESENT = 1, 2
MOST_SUBAUTHORITIES = 15
_GUID_BYTES = 16
_REVISION, _REVISIONS = 2, range(2, 5)
_HEADER = struct.Struct("<BBHHH")
_ACE_HEADER = struct.Struct("<BBH")
_PLAIN: Final = frozenset((ALLOWED, DENIED, ALLOWED_CALLBACK, DENIED_CALLBACK, 2, 13, 0x11))
_OBJECT: Final = frozenset((ALLOWED_OBJECT, DENIED_OBJECT, 7, 8, 11, 12, 15, 16))


class Ace(NamedTuple):
    """An entry; `object_type` is a GUID, b"" for none, and `sid` b"" for kinds without one."""

    kind: int
    flags: int
    mask: int
    sid: bytes
    object_type: bytes = b""


def sid_at(data: bytes, at: int = 0) -> bytes:
    """The SID that begins at `at`.  NtError INVALID_SID."""
    if at + 8 > len(data) or data[at] != 1 or data[at + 1] > MOST_SUBAUTHORITIES:
        raise NtError(NTSTATUS.INVALID_SID)
    end = at + 8 + 4 * data[at + 1]
    if end > len(data):
        raise NtError(NTSTATUS.INVALID_SID)
    return data[at:end]


def capture_sid(memory: UserMemory, va: int) -> bytes:
    """The SID at `va`.  NtError INVALID_SID; AccessViolation."""
    revision, count = memory.read(va, 2)
    if revision != 1 or count > MOST_SUBAUTHORITIES:
        raise NtError(NTSTATUS.INVALID_SID)
    return sid_at(memory.read(va, 8 + 4 * count))


def capture_acl(memory: UserMemory, va: int) -> bytes:
    """The list at `va`, all of whose entries are whole; 0: b"".

    NtError INVALID_ACL; AccessViolation.
    """
    if not va:
        return b""
    revision, _, size, _, _ = _HEADER.unpack(memory.read(va, _HEADER.size))
    if revision not in _REVISIONS or size < _HEADER.size or size % 4:
        raise NtError(NTSTATUS.INVALID_ACL)
    data = memory.read(va, size)
    parse_acl(data)
    return data


def raw_aces(acl: bytes) -> list[tuple[int, int, bytes]]:
    """Type, flags and what follows the header of each entry.  NtError INVALID_ACL."""
    if not acl:
        return []
    found, at = [], _HEADER.size
    for _ in range(_HEADER.unpack_from(acl)[3]):
        if at + _ACE_HEADER.size > len(acl):
            raise NtError(NTSTATUS.INVALID_ACL)
        kind, flags, size = _ACE_HEADER.unpack_from(acl, at)
        if size < _ACE_HEADER.size or at + size > len(acl):
            raise NtError(NTSTATUS.INVALID_ACL)
        found.append((kind, flags, acl[at + _ACE_HEADER.size : at + size]))
        at += size
    return found


def parse_acl(acl: bytes) -> list[Ace]:
    """The entries of a list.  NtError INVALID_ACL, also for an entry whose SID is not whole."""
    return [_ace(kind, flags, rest) for kind, flags, rest in raw_aces(acl)]


def _ace(kind: int, flags: int, rest: bytes) -> Ace:
    mask = int.from_bytes(rest[:4], "little")
    if kind not in _PLAIN and kind not in _OBJECT:
        return Ace(kind, flags, mask, b"")
    at, object_type = 4, b""
    if kind in _OBJECT:
        present = int.from_bytes(rest[4:8], "little")
        at = 8
        if present & OBJECT_TYPE_PRESENT:
            object_type = rest[at : at + _GUID_BYTES]
            at += _GUID_BYTES
        if present & INHERITED_OBJECT_TYPE_PRESENT:
            at += _GUID_BYTES
    try:
        return Ace(kind, flags, mask, sid_at(rest, at), object_type)
    except NtError as error:
        raise NtError(NTSTATUS.INVALID_ACL) from error


def build(aces: Iterable[tuple[int, int, bytes]], revision: int = _REVISION) -> bytes:
    """A list of raw entries; one that grows too long for its own size field is an INVALID_ACL."""
    entries = [_ACE_HEADER.pack(kind, flags, 4 + len(rest)) + rest for kind, flags, rest in aces]
    body = b"".join(entries)
    if _HEADER.size + len(body) > 0xFFFC:
        raise NtError(NTSTATUS.INVALID_ACL)
    return _HEADER.pack(revision, 0, _HEADER.size + len(body), len(entries), 0) + body


def acl(*aces: tuple[int, int, bytes]) -> bytes:
    """A list that allows: flags, rights, SID."""
    return build((ALLOWED, flags, struct.pack("<I", rights) + who) for flags, rights, who in aces)


def label(level_sid: bytes, policy: int) -> bytes:
    """A SACL with a mandatory label alone."""
    return build([(MANDATORY_LABEL, 0, struct.pack("<I", policy) + level_sid)])


def only(acl: bytes, *, labels: bool) -> bytes:
    """A SACL's mandatory labels, or what else is in it."""
    kept = [ace for ace in raw_aces(acl) if (ace[0] == MANDATORY_LABEL) is labels]
    return build(kept, acl[0]) if acl else b""


def inherited(
    dacl: bytes,
    mapping: GenericMapping,
    replaced: dict[bytes, bytes],
    *,
    is_container: bool = True,
) -> bytes | None:
    """What a container, or what is none, gets of the list of the one above; None for nothing.

    An entry whose rights or whose SID (CREATOR OWNER …, in `replaced`) the new object's differ
    from goes on to be inherited as it is, beside the one that counts for the object itself.
    """
    made: list[tuple[int, int, bytes]] = []
    for kind, flags, rest in raw_aces(dacl):
        if not is_container:
            if flags & OBJECT_INHERIT:
                own = _map_rest(kind, _replace_sid(kind, rest, replaced), mapping)
                made.append((kind, INHERITED, own))
            continue
        if not flags & CONTAINER_INHERIT:
            if flags & OBJECT_INHERIT and not flags & NO_PROPAGATE:
                made.append((kind, flags | INHERIT_ONLY | INHERITED, rest))
            continue
        onward = 0 if flags & NO_PROPAGATE else flags & (OBJECT_INHERIT | CONTAINER_INHERIT)
        own = _map_rest(kind, _replace_sid(kind, rest, replaced), mapping)
        if own == rest:
            made.append((kind, onward | INHERITED, rest))
            continue
        made.append((kind, INHERITED, own))
        if onward:
            made.append((kind, onward | INHERIT_ONLY | INHERITED, rest))
    return build(made, dacl[0]) if made else None


def map_generic(acl: bytes, mapping: GenericMapping, replaced: dict[bytes, bytes]) -> bytes:
    """The list with the type's own rights; entries that only others inherit keep theirs.

    In the others the SIDs that are in `replaced` become what they stand for.
    """
    if not acl:
        return acl
    made = []
    for kind, flags, rest in raw_aces(acl):
        if not flags & INHERIT_ONLY:
            rest = _map_rest(kind, _replace_sid(kind, rest, replaced), mapping)
        made.append((kind, flags, rest))
    size: int = _HEADER.unpack_from(acl)[2]
    out = build(made, acl[0])
    if len(out) >= size:
        return out
    return out[:2] + size.to_bytes(2, "little") + out[4:].ljust(size - 4, b"\0")


def _map_rest(kind: int, rest: bytes, mapping: GenericMapping) -> bytes:
    if len(rest) < 4 or kind == MANDATORY_LABEL:
        return rest
    return mapping.map_ace(int.from_bytes(rest[:4], "little")).to_bytes(4, "little") + rest[4:]


def _replace_sid(kind: int, rest: bytes, replaced: dict[bytes, bytes]) -> bytes:
    if kind in (ALLOWED, DENIED) and rest[4:] in replaced:
        return rest[:4] + replaced[rest[4:]]
    return rest
