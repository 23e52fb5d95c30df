"""What threads can wait for, and the part of a thread that waiting concerns.

An object is waitable if it can be *signalled*.  A wait that an object satisfies may change it: it
resets a synchronisation event, takes one of a semaphore's units, acquires a mutant.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from provider.kernel.ob.object import KernelObject

if TYPE_CHECKING:
    from provider.kernel.ke.mutant import Mutant
    from provider.kernel.ke.wait import WaitBlock
    from provider.kernel.thread import Thread


class Waitable(KernelObject):
    """An object that threads can wait for; `waiters` are in the order of their coming."""

    __slots__ = ("waiters",)

    def __init__(self) -> None:
        super().__init__()
        self.waiters: dict[WaitBlock, None] = {}

    def is_signaled(self, thread: Thread) -> bool:
        """Whether a wait of `thread` for this object alone would be satisfied now."""
        raise NotImplementedError

    def acquire(self, thread: Thread) -> bool:
        """Do what a satisfied wait does to the object; True if it was abandoned before."""
        return False


class WaitState:
    """A thread's side of waiting, alerts and user APCs."""

    __slots__ = ("alerted", "alerted_by_id", "apc_due", "block", "mutants", "user_apcs")

    def __init__(self) -> None:
        self.block: WaitBlock | None = None
        """The wait under way."""
        self.alerted = False
        """An alert came while the thread was in no alertable wait."""
        self.alerted_by_id = False
        """The same for alerts by thread id."""
        self.apc_due = False
        """An APC has ended a wait inside a call; it runs when that returns, whatever it says."""
        self.mutants: dict[Mutant, None] = {}
        """Mutants that the thread owns, in the order of their acquisition."""
        self.user_apcs: deque[Any] = deque()
        """The provider's data about APCs that wait for an alertable wait."""
