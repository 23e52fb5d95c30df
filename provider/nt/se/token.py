"""Access tokens: who a process acts for, and the privileges that it may enable."""

from __future__ import annotations

from typing import ClassVar

from provider.kernel.ob.access import READ_CONTROL, STANDARD_REQUIRED, GenericMapping
from provider.kernel.ob.object import KernelObject

SE_PRIVILEGE_ENABLED_BY_DEFAULT = 1
SE_PRIVILEGE_ENABLED = 2
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


class Token(KernelObject):
    """The user's primary token; `privileges` are attributes by LUID."""

    __slots__ = ("privileges",)

    type_name: ClassVar[str] = "Token"
    security_required = True
    generic = GenericMapping(
        read=READ_CONTROL | 0x1A,
        write=READ_CONTROL | 0x1E0,
        execute=READ_CONTROL | 0x05,
        all=STANDARD_REQUIRED | 0x1FF,
    )

    def __init__(self) -> None:
        super().__init__()
        self.privileges: dict[int, int] = dict(_HELD)

    def enable(self, luid: int, *, enabled: bool) -> int | None:
        """Enable or disable a privilege; returns its attributes before, None if it is not held."""
        before = self.privileges.get(luid)
        if before is None:
            return None
        default = before & SE_PRIVILEGE_ENABLED_BY_DEFAULT
        self.privileges[luid] = default | (SE_PRIVILEGE_ENABLED if enabled else 0)
        return before
