"""Semaphores: as many waits are satisfied as there are units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.ke.priority import Boost
from provider.kernel.ke.wait import signal
from provider.kernel.ke.waitable import Waitable
from provider.kernel.ob.access import GenericMapping

if TYPE_CHECKING:
    from provider.kernel.thread import Thread


class Semaphore(Waitable):
    """`count` units, never more than `limit`."""

    __slots__ = ("count", "limit")

    type_name = "Semaphore"
    generic = GenericMapping(read=0x20001, write=0x20002, execute=0x120000, all=0x1F0003)

    def __init__(self, count: int, limit: int) -> None:
        super().__init__()
        self.count, self.limit = count, limit

    def is_signaled(self, thread: Thread) -> bool:
        return self.count > 0

    def acquire(self, thread: Thread) -> bool:
        self.count -= 1
        return False

    def release(self, units: int) -> int:
        """Add units, of which there must be room for; returns how many there were."""
        before = self.count
        self.count += units
        signal(self, Boost.SEMAPHORE)
        return before
