"""Access tokens: who a process or thread acts for, and the privileges that it may enable."""

from __future__ import annotations

from enum import IntFlag
from typing import TYPE_CHECKING, ClassVar

from emu.int_enum import IntEnum
from emu.named_tuple import NamedTuple
from provider.kernel.io.request import FILE_ACCESS
from provider.kernel.ob.access import READ_CONTROL, STANDARD_REQUIRED, GenericMapping
from provider.kernel.ob.object import KernelObject
from provider.kernel.process import Process
from provider.nt.se import identity
from provider.nt.se.access_check import NO_READ_UP, NO_WRITE_UP, Subject
from provider.nt.se.acl import acl
from provider.nt.se.descriptor import Creator, assign, parse
from provider.nt.se.identity import (
    SE_GROUP_ENABLED,
    SE_GROUP_OWNER,
    SE_GROUP_USE_FOR_DENY_ONLY,
)
from provider.nt.se.privilege import SE_PRIVILEGE_ENABLED, SE_PRIVILEGE_ENABLED_BY_DEFAULT
from provider.nt.structs.se import TOKEN_SOURCE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


_HELD = (
    (4, 0),  # SeLockMemoryPrivilege, a right that policy gives without a group
    (17, 0),  # SeBackupPrivilege, the same
    (18, 0),  # SeRestorePrivilege, the same
    (19, 0),  # SeShutdownPrivilege
    (23, SE_PRIVILEGE_ENABLED_BY_DEFAULT | SE_PRIVILEGE_ENABLED),  # SeChangeNotifyPrivilege
    (25, 0),  # SeUndockPrivilege
    (33, 0),  # SeIncreaseWorkingSetPrivilege
    (34, 0),  # SeTimeZonePrivilege
)
"""What Windows 10 gives an ordinary user who may also lock memory and save hives, by LUID."""
_MOST_DECISIONS = 64
_LONGEST_REMEMBERED = 1024
"""Bytes of a descriptor whose decision is kept."""


class TokenType(IntEnum):
    """TOKEN_TYPE (winnt.h)."""

    PRIMARY = 1
    IMPERSONATION = 2


class Level(IntEnum):
    """SECURITY_IMPERSONATION_LEVEL (winnt.h)."""

    ANONYMOUS = 0
    IDENTIFICATION = 1
    IMPERSONATION = 2
    DELEGATION = 3


class Policy(IntFlag):
    """TOKEN_MANDATORY_POLICY."""

    NO_WRITE_UP = 1
    NEW_PROCESS_MIN = 2


class Group(NamedTuple):
    """A SID of a token with its attributes (SE_GROUP_…)."""

    sid: bytes
    attributes: int


class Token(KernelObject):
    """A token; what is changed calls `changed`."""

    __slots__ = (
        "_creator",
        "_defaults",
        "_inherited",
        "_subject",
        "authentication_id",
        "decisions",
        "default_dacl",
        "groups",
        "id",
        "integrity",
        "is_filtered",
        "is_restricted_for_writing",
        "is_sandbox_inert",
        "kind",
        "level",
        "modified_id",
        "owner",
        "parent_id",
        "policy",
        "primary_group",
        "privileges",
        "restricted",
        "session",
        "source",
        "user",
    )

    type_name: ClassVar[str] = "Token"
    security_required = True
    generic = GenericMapping(
        read=READ_CONTROL | 0x1A,
        write=READ_CONTROL | 0x1E0,
        execute=READ_CONTROL | 0x05,
        all=STANDARD_REQUIRED | 0x1FF,
    )

    def __init__(self, token_id: int, modified_id: int) -> None:
        """The primary token of the one user; ids are LUIDs."""
        super().__init__()
        self.id, self.parent_id, self.modified_id = token_id, 0, modified_id
        self.authentication_id = identity.LOGON_LUID
        self.kind, self.level = TokenType.PRIMARY, Level.ANONYMOUS
        self.user = Group(identity.USER_SID, 0)
        self.groups = tuple(Group(*group) for group in identity.GROUP_SIDS)
        self.restricted: tuple[Group, ...] | None = None
        """The restricting SIDs; None for a token that is not restricted."""
        self.is_restricted_for_writing = False
        self.is_sandbox_inert = False
        self.is_filtered = False
        """Whether NtFilterToken made the token or one that it was copied from."""
        self.privileges: dict[int, int] = dict(_HELD)
        """Attributes by LUID."""
        self.owner, self.primary_group = identity.USER_SID, identity.PRIMARY_GROUP_SID
        self.default_dacl: bytes | None = DEFAULT_DACL
        self.integrity = identity.MEDIUM_LEVEL
        self.policy = Policy.NO_WRITE_UP | Policy.NEW_PROCESS_MIN
        self.session = 1
        self.source = bytes(TOKEN_SOURCE(SourceName=b"User32 ", SourceLow=identity.LOGON_LUID))
        self.decisions: dict[tuple[bytes, type[KernelObject], int], int] = {}
        """Rights that were granted, by descriptor, type of object and desired access."""
        self._subject: Subject | None = None
        self._creator: Creator | None = None
        self._defaults: dict[type[KernelObject], bytes] = {}
        self._inherited: dict[tuple[bytes, bool], bytes] = {}

    def changed(self, modified_id: int) -> None:
        """Something that counts in checks is no more as it was."""
        self.modified_id = modified_id
        self.forget()

    def forget(self) -> None:
        """Drop what was worked out."""
        self.decisions = {}
        self._subject = self._creator = None
        self._defaults, self._inherited = {}, {}

    @property
    def is_restricted(self) -> bool:
        """Whether rights have to be granted a second time."""
        return self.restricted is not None

    @property
    def subject(self) -> Subject:
        """The token as the access check sees it."""
        if self._subject is None:
            self._subject = self._make_subject()
        return self._subject

    @property
    def creator(self) -> Creator:
        """What new objects take from the token."""
        if self._creator is None:
            self._creator = Creator(
                self.owner, self.primary_group, self.default_dacl, self.integrity
            )
        return self._creator

    def default_security(self, kind: type[KernelObject]) -> bytes:
        """The descriptor of a new object for which nobody gives one."""
        made = self._defaults.get(kind)
        if made is None:
            made = self._defaults[kind] = assign(
                None, None, kind.generic, self.creator, LABEL_POLICIES.get(kind)
            )
        return made

    def inherited_security(self, above: bytes, *, is_container: bool) -> bytes:
        """The descriptor of a new file or directory for which nobody gives one."""
        made = self._inherited.get((above, is_container))
        if made is None:
            if len(self._inherited) >= _MOST_DECISIONS:
                self._inherited.clear()
            made = self._inherited[above, is_container] = assign(
                None,
                parse(above),
                FILE_ACCESS,
                self.creator,
                is_container=is_container,
                marks_inherited=True,
            )
        return made

    def remember(
        self, security: bytes, kind: type[KernelObject], access: int, granted: int
    ) -> None:
        """Keep a decision for the next time, as long as there are few."""
        if len(security) <= _LONGEST_REMEMBERED:
            if len(self.decisions) >= _MOST_DECISIONS:
                self.decisions.clear()
            self.decisions[security, kind, access] = granted

    def may_own(self, sid: bytes) -> bool:
        """Whether new objects may belong to a SID without a privilege."""
        if sid == self.user.sid:
            return not self.user.attributes & SE_GROUP_USE_FOR_DENY_ONLY
        return any(sid == group.sid and group.attributes & SE_GROUP_OWNER for group in self.groups)

    def has(self, luid: int) -> bool:
        """Whether a privilege is enabled."""
        return bool(self.privileges.get(luid, 0) & SE_PRIVILEGE_ENABLED)

    def _make_subject(self) -> Subject:
        allowing, denying = set(), set()
        if not self.user.attributes & SE_GROUP_USE_FOR_DENY_ONLY:
            allowing.add(self.user.sid)
        denying.add(self.user.sid)
        for sid, attributes in self.groups:
            if attributes & SE_GROUP_ENABLED:
                allowing.add(sid)
            if attributes & (SE_GROUP_ENABLED | SE_GROUP_USE_FOR_DENY_ONLY):
                denying.add(sid)
        return Subject(
            frozenset(allowing),
            frozenset(denying),
            frozenset(sid for sid, _ in self.restricted) if self.restricted is not None else None,
            self.is_restricted_for_writing,
            self.integrity,
            bool(self.policy & Policy.NO_WRITE_UP),
            frozenset(luid for luid in self.privileges if self.has(luid)),
        )


LABEL_POLICIES: Mapping[type[KernelObject], int] = {
    Process: NO_WRITE_UP | NO_READ_UP,
    Token: NO_WRITE_UP,
}
"""Types whose objects all have a mandatory label, with its policy."""
DEFAULT_DACL = acl(
    (0, 0x10000000, identity.USER_SID),
    (0, 0x10000000, identity.SYSTEM_SID),
    (0, 0xA0000000, identity.LOGON_SID),
)
"""Everything for the user and the system, reading for the session."""


def anonymous_token(take_luid: Callable[[], int]) -> Token:
    """The token of a caller who says nothing of itself (SeAnonymousLogonToken)."""
    token = Token(take_luid(), take_luid())
    token.authentication_id = identity.ANONYMOUS_LOGON_LUID
    token.kind, token.level = TokenType.IMPERSONATION, Level.IMPERSONATION
    token.user = Group(identity.ANONYMOUS_SID, 0)
    token.groups, token.privileges = (), {}
    token.owner = token.primary_group = identity.ANONYMOUS_SID
    token.default_dacl = acl(
        (0, 0x10000000, identity.SYSTEM_SID), (0, 0x10000000, identity.ANONYMOUS_SID)
    )
    token.integrity = identity.UNTRUSTED_LEVEL
    token.session = 0
    token.source = bytes(TOKEN_SOURCE(SourceName=b"SeMgr"))
    return token
