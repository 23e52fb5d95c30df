"""Who opens a file: what descriptors grant to it, and the descriptors of what it makes.

A personality with security passes one of its own with each request, as NT passes an ACCESS_STATE.
Descriptors are bytes that mean nothing here.
"""

from __future__ import annotations

from provider.kernel.errors import KernelError, Reason
from provider.kernel.ob.access import SYSTEM_SECURITY


class Opener:
    """One for whom nothing is checked, and whose files get no descriptors."""

    __slots__ = ()

    @property
    def traverses_freely(self) -> bool:
        """Whether the directories on the way to a file need not be looked at."""
        return True

    def rights(self, security: bytes | None, access: int) -> int:
        """All rights that a descriptor grants to who asks for `access`, which may be 0.

        KernelError, also for rights that take a privilege.
        """
        if access & SYSTEM_SECURITY:
            raise KernelError(Reason.PRIVILEGE_NOT_HELD, "access to the audit list")
        return -1

    def assign(self, above: bytes | None, *, is_directory: bool) -> bytes | None:
        """The descriptor of something new below what has the descriptor `above`.  KernelError."""
        return None

    def identity(self, *, is_opening: bool) -> object:
        """Who a server may act for when it has read what is written now; None: for nobody.

        `is_opening`: nothing is written yet.  KernelError.
        """
        return None


ANYBODY = Opener()
