"""The access check: what a descriptor grants to a subject.  It knows no object, token or process.

The order is NT's ([MS-DTYP] 2.5.3.2; SeAccessCheck, SeAccessCheckByType): the mandatory label,
rights that privileges give, those of the owner, the list.  Each right is decided by the first entry
that speaks of it, so that one walk serves both named rights and MAXIMUM_ALLOWED.  A restricted
subject has to be granted a right twice, the second time by its restricting SIDs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emu.named_tuple import NamedTuple
from provider.kernel.ob.access import (
    DELETE,
    MAXIMUM_ALLOWED,
    READ_CONTROL,
    SYNCHRONIZE,
    SYSTEM_SECURITY,
    WRITE_DAC,
    WRITE_OWNER,
)
from provider.nt.se.acl import (
    ALLOWED,
    ALLOWED_OBJECT,
    DENIED,
    DENIED_CALLBACK,
    DENIED_OBJECT,
    INHERIT_ONLY,
    MANDATORY_LABEL,
    parse_acl,
)
from provider.nt.se.identity import MEDIUM_LEVEL, OWNER_RIGHTS_SID, SELF_SID, integrity_level
from provider.nt.se.privilege import SE_SECURITY, SE_TAKE_OWNERSHIP
from provider.nt.status import NTSTATUS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from provider.kernel.ob.access import GenericMapping
    from provider.nt.se.acl import Ace
    from provider.nt.se.descriptor import Descriptor

NO_WRITE_UP, NO_READ_UP, NO_EXECUTE_UP = 1, 2, 4
_OWNERS: Final = READ_CONTROL | WRITE_DAC
_EVERYTHING: Final = 0xFFFFFFFF


class Subject(NamedTuple):
    """Who asks, as far as the check needs to know."""

    allowing: frozenset[bytes]
    """SIDs that entries which allow count for."""
    denying: frozenset[bytes]
    """Those and the ones that are there to be denied only."""
    restricting: frozenset[bytes] | None = None
    is_write_restricted: bool = False
    """Whether the restricting SIDs count for rights to write only."""
    level: int = MEDIUM_LEVEL
    obeys_labels: bool = True
    privileges: frozenset[int] = frozenset()
    """The enabled ones."""

    def owns(self, descriptor: Descriptor) -> bool:
        """Whether one of the subject's SIDs is the owner."""
        owner = descriptor.owner
        return owner in self.allowing and (self.restricting is None or owner in self.restricting)


class TypeNode(NamedTuple):
    """A node of an OBJECT_TYPE_LIST: the object, a property set, a property …."""

    level: int
    guid: bytes


class Decision(NamedTuple):
    """What is granted; `privileges` are those that it took."""

    status: NTSTATUS
    granted: int
    privileges: tuple[int, ...] = ()


_WHOLE: Final = (TypeNode(0, b""),)


def check(
    subject: Subject,
    descriptor: Descriptor,
    desired: int,
    mapping: GenericMapping,
    *,
    previous: int = 0,
    self_sid: bytes = b"",
) -> Decision:
    """Whether all of `desired`, in which no generic right is left, is granted.

    `previous` has been granted already; `self_sid` is what PRINCIPAL_SELF stands for.
    """
    decisions = check_types(
        subject, descriptor, desired, mapping, _WHOLE, previous=previous, self_sid=self_sid
    )
    return decisions[0]


def check_types(
    subject: Subject,
    descriptor: Descriptor,
    desired: int,
    mapping: GenericMapping,
    nodes: Sequence[TypeNode],
    *,
    previous: int = 0,
    self_sid: bytes = b"",
) -> list[Decision]:
    """The decision for each node of an object type list, whose first is the object itself."""
    maximum = bool(desired & MAXIMUM_ALLOWED)
    wanted = desired & ~MAXIMUM_ALLOWED
    if not desired and not previous:
        return [Decision(NTSTATUS.ACCESS_DENIED, 0)] * len(nodes)
    by_privilege, used = _privileged(subject, wanted)
    if wanted & SYSTEM_SECURITY & ~by_privilege:
        return [Decision(NTSTATUS.PRIVILEGE_NOT_HELD, 0)] * len(nodes)
    by_privilege |= previous
    unlabelled = _label_allows(subject, descriptor, mapping)
    granted = _granted(subject, descriptor, mapping, nodes, self_sid)
    decisions = []
    for mask in granted:
        has = mask & unlabelled | by_privilege
        given = has if maximum else (wanted | previous) & has
        if wanted & ~has or not given:
            decisions.append(Decision(NTSTATUS.ACCESS_DENIED, 0))
        else:
            decisions.append(Decision(NTSTATUS.SUCCESS, given, used))
    return decisions


def _privileged(subject: Subject, wanted: int) -> tuple[int, tuple[int, ...]]:
    """The wanted rights that privileges give, and these privileges."""
    granted, used = 0, []
    for right, luid in ((SYSTEM_SECURITY, SE_SECURITY), (WRITE_OWNER, SE_TAKE_OWNERSHIP)):
        if wanted & right and luid in subject.privileges:
            granted |= right
            used.append(luid)
    return granted, tuple(used)


def _label_allows(subject: Subject, descriptor: Descriptor, mapping: GenericMapping) -> int:
    """The rights that the mandatory label leaves ([MS-DTYP] 2.5.3.3); medium where none is."""
    if not subject.obeys_labels:
        return _EVERYTHING
    level, policy = MEDIUM_LEVEL, NO_WRITE_UP
    for ace in parse_acl(descriptor.sacl or b""):
        if ace.kind == MANDATORY_LABEL and not ace.flags & INHERIT_ONLY:
            level, policy = integrity_level(ace.sid), ace.mask
            break
    if subject.level >= level:
        return _EVERYTHING
    if not policy & NO_WRITE_UP and not policy & (NO_READ_UP | NO_EXECUTE_UP):
        return _EVERYTHING
    allowed = SYNCHRONIZE
    allowed |= 0 if policy & NO_READ_UP else mapping.read
    allowed |= 0 if policy & NO_EXECUTE_UP else mapping.execute
    if not policy & NO_WRITE_UP:
        allowed |= mapping.write | DELETE | WRITE_DAC | WRITE_OWNER
    return allowed


def _granted(
    subject: Subject,
    descriptor: Descriptor,
    mapping: GenericMapping,
    nodes: Sequence[TypeNode],
    self_sid: bytes,
) -> list[int]:
    """What owner and list grant for each node."""
    if not descriptor.dacl:  # none, or a NULL one
        return [mapping.all] * len(nodes)
    aces = [ace for ace in parse_acl(descriptor.dacl) if not ace.flags & INHERIT_ONLY]
    owns = subject.owns(descriptor)
    aliases = {OWNER_RIGHTS_SID: descriptor.owner or b""} if owns else {}
    if self_sid:
        aliases[SELF_SID] = self_sid
    granted = _walk(aces, subject.allowing, subject.denying, mapping, nodes, aliases)
    if subject.restricting is not None:
        second = _walk(aces, subject.restricting, subject.restricting, mapping, nodes, aliases)
        exempt = 0
        if subject.is_write_restricted:
            writing = mapping.write & ~(mapping.read | mapping.execute)
            exempt = ~(writing | DELETE | WRITE_DAC | WRITE_OWNER)
        granted = [one & (two | exempt) for one, two in zip(granted, second, strict=True)]
    if owns and not any(ace.sid == OWNER_RIGHTS_SID for ace in aces):
        granted = [mask | _OWNERS for mask in granted]
    return granted


def _walk(
    aces: Sequence[Ace],
    allowing: frozenset[bytes],
    denying: frozenset[bytes],
    mapping: GenericMapping,
    nodes: Sequence[TypeNode],
    aliases: dict[bytes, bytes],
) -> list[int]:
    """What the entries grant for each node to the bearer of these SIDs."""
    tree = _Tree(nodes)
    for ace in aces:
        sid = aliases.get(ace.sid, ace.sid)
        start = tree.find(ace.object_type)
        if ace.kind in (ALLOWED, ALLOWED_OBJECT):
            if start is not None and sid in allowing:
                tree.allow(start, mapping.map_ace(ace.mask))
        elif ace.kind in (DENIED, DENIED_OBJECT, DENIED_CALLBACK) and sid in denying:
            if start is None and len(nodes) == 1:
                start = 0  # without a list, what is denied to a part is denied to the whole
            if start is not None:
                tree.deny(start, mapping.map_ace(ace.mask))
    return tree.granted


class _Tree:
    """Rights of nodes; a node stands for all below it."""

    def __init__(self, nodes: Sequence[TypeNode]) -> None:
        self._nodes = nodes
        self.granted = [0] * len(nodes)
        self._denied = [0] * len(nodes)

    def find(self, guid: bytes) -> int | None:
        """The node of a type; the root for no type."""
        if not guid:
            return 0
        for index, node in enumerate(self._nodes):
            if node.guid == guid:
                return index
        return None

    def allow(self, start: int, mask: int) -> None:
        """Grant to a node and all below it, and to one above once all of its children have it."""
        for index in self._subtree(start):
            self.granted[index] |= mask & ~self._denied[index]
        above = self._parent(start)
        while above is not None:
            common = mask
            for child in self._children(above):
                common &= self.granted[child]
            self.granted[above] |= common & ~self._denied[above]
            above = self._parent(above)

    def deny(self, start: int, mask: int) -> None:
        """Deny to a node, all below it and all above."""
        for index in self._subtree(start):
            self._denied[index] |= mask & ~self.granted[index]
        refused = self._denied[start] & mask
        above = self._parent(start)
        while above is not None:
            self._denied[above] |= refused & ~self.granted[above]
            above = self._parent(above)

    def _subtree(self, start: int) -> list[int]:
        level, end = self._nodes[start].level, start + 1
        while end < len(self._nodes) and self._nodes[end].level > level:
            end += 1
        return list(range(start, end))

    def _children(self, start: int) -> list[int]:
        level = self._nodes[start].level + 1
        return [index for index in self._subtree(start) if self._nodes[index].level == level]

    def _parent(self, start: int) -> int | None:
        level = self._nodes[start].level
        return next((i for i in range(start - 1, -1, -1) if self._nodes[i].level < level), None)
