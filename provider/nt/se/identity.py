"""Who runs the guests: one fixed user, an ordinary member of Users, not elevated."""

from __future__ import annotations

import struct

USER_SID_TEXT = "S-1-5-21-100000001-100000002-100000003-1000"


def sid(text: str) -> bytes:
    """A SID from its text form S-1-authority-subauthority… (ntifs.h, SID)."""
    _, revision, authority, *rest = text.split("-")
    header = struct.pack("<BB", int(revision), len(rest)) + int(authority).to_bytes(6, "big")
    return header + struct.pack(f"<{len(rest)}I", *map(int, rest))


USER_SID = sid(USER_SID_TEXT)
LOGON_LUID = 0x10000
"""The session; smaller numbers stand for privileges and the system's own sessions."""
LOGON_SID = sid(f"S-1-5-5-0-{LOGON_LUID}")
USERS_SID = sid("S-1-5-32-545")
MEDIUM_INTEGRITY_SID = sid("S-1-16-8192")
GROUP_SIDS = (
    (sid(USER_SID_TEXT.rpartition("-")[0] + "-513"), 7),
    (sid("S-1-1-0"), 7),
    (USERS_SID, 7),
    (sid("S-1-5-4"), 7),
    (sid("S-1-5-11"), 7),
    (LOGON_SID, 0xC0000007),
)
"""Groups with their attributes (SE_GROUP_MANDATORY, ENABLED_BY_DEFAULT, ENABLED, LOGON_ID)."""
