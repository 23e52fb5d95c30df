"""Who runs the guests: one fixed user, an ordinary member of Users, not elevated."""

from __future__ import annotations

import struct
from typing import Final

USER_NAME = "user"
USER_SID_TEXT = "S-1-5-21-0-0-0-1000"
"""The first user of a machine whose own SID is S-1-5-21-0-0-0: Wine's advapi32 finds the names of
no other machine's accounts."""


def sid(text: str) -> bytes:
    """A SID from its text form S-1-authority-subauthority… (ntifs.h, SID)."""
    _, revision, authority, *rest = text.split("-")
    header = struct.pack("<BB", int(revision), len(rest)) + int(authority).to_bytes(6, "big")
    return header + struct.pack(f"<{len(rest)}I", *map(int, rest))


USER_SID = sid(USER_SID_TEXT)
LOGON_LUID = 0x10000
"""The session; smaller numbers stand for privileges and the system's own sessions."""
ANONYMOUS_LOGON_LUID = 0x3E6
SYSTEM_LUID = 0x3E7
LOGON_SID = sid(f"S-1-5-5-0-{LOGON_LUID}")
EVERYONE_SID = sid("S-1-1-0")
CREATOR_OWNER_SID = sid("S-1-3-0")
CREATOR_GROUP_SID = sid("S-1-3-1")
OWNER_RIGHTS_SID = sid("S-1-3-4")
ANONYMOUS_SID = sid("S-1-5-7")
SELF_SID = sid("S-1-5-10")
SYSTEM_SID = sid("S-1-5-18")
ADMINISTRATORS_SID = sid("S-1-5-32-544")
USERS_SID = sid("S-1-5-32-545")
PRIMARY_GROUP_SID = sid(USER_SID_TEXT.rpartition("-")[0] + "-513")

SE_GROUP_MANDATORY, SE_GROUP_ENABLED_BY_DEFAULT, SE_GROUP_ENABLED, SE_GROUP_OWNER = 1, 2, 4, 8
SE_GROUP_USE_FOR_DENY_ONLY = 0x10
SE_GROUP_INTEGRITY, SE_GROUP_INTEGRITY_ENABLED = 0x20, 0x40
SE_GROUP_LOGON_ID = 0xC0000000
_ORDINARY: Final = SE_GROUP_MANDATORY | SE_GROUP_ENABLED_BY_DEFAULT | SE_GROUP_ENABLED
GROUP_SIDS = (
    (PRIMARY_GROUP_SID, _ORDINARY),
    (EVERYONE_SID, _ORDINARY),
    (USERS_SID, _ORDINARY),
    (sid("S-1-5-4"), _ORDINARY),  # interactive
    (sid("S-1-2-1"), _ORDINARY),  # console logon
    (sid("S-1-5-11"), _ORDINARY),  # authenticated
    (sid("S-1-5-15"), _ORDINARY),  # this organization
    (LOGON_SID, _ORDINARY | SE_GROUP_LOGON_ID),
    (sid("S-1-2-0"), _ORDINARY),  # local
)
"""Groups with their attributes, as Windows 10 gives them to a user who logs on at the console."""

UNTRUSTED_LEVEL, LOW_LEVEL, MEDIUM_LEVEL = 0, 0x1000, 0x2000
_LABEL_AUTHORITY = bytes((0, 0, 0, 0, 0, 16))


def level_sid(level: int) -> bytes:
    """The SID of a mandatory integrity level (SECURITY_MANDATORY_…_RID)."""
    return sid(f"S-1-16-{level}")


def is_level(who: bytes) -> bool:
    """Whether a SID is that of an integrity level."""
    return who[1] == 1 and who[2:8] == _LABEL_AUTHORITY


def integrity_level(who: bytes) -> int:
    """The level that a SID stands for; its last part counts."""
    return int.from_bytes(who[-4:], "little") if len(who) > 8 else UNTRUSTED_LEVEL
