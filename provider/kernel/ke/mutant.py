"""Mutants, which user mode calls mutexes: owned by one thread, as often as it likes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.ke.priority import Boost
from provider.kernel.ke.wait import signal
from provider.kernel.ke.waitable import Waitable
from provider.kernel.ob.access import GenericMapping

if TYPE_CHECKING:
    from provider.kernel.thread import Thread


class Mutant(Waitable):
    """A lock with an owner; `abandoned` once an owner ended without releasing it."""

    __slots__ = ("abandoned", "count", "owner")

    type_name = "Mutant"
    generic = GenericMapping(read=0x20001, write=0x20000, execute=0x120000, all=0x1F0001)

    def __init__(self, owner: Thread | None = None) -> None:
        super().__init__()
        self.owner: Thread | None = None
        self.count = 0
        """How often the owner has acquired it."""
        self.abandoned = False
        if owner is not None:
            self.acquire(owner)

    def is_signaled(self, thread: Thread) -> bool:
        return self.owner is None or self.owner is thread

    def acquire(self, thread: Thread) -> bool:
        self.owner = thread
        self.count += 1
        thread.wait_state.mutants[self] = None
        abandoned, self.abandoned = self.abandoned, False
        return abandoned

    def release(self) -> None:
        """Undo one acquisition of the owner's."""
        self.count -= 1
        if not self.count:
            self._let_go()

    def abandon(self) -> None:
        """The owner has ended."""
        self.abandoned = True
        self.count = 0
        self._let_go()

    def on_delete(self) -> None:
        if self.owner is not None:
            self.abandon()

    def _let_go(self) -> None:
        if self.owner is not None:
            del self.owner.wait_state.mutants[self]
        self.owner = None
        signal(self, Boost.MUTANT)
