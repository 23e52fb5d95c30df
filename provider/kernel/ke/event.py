"""Events: signalled until reset, or until one wait is satisfied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.ke.priority import Boost
from provider.kernel.ke.wait import signal
from provider.kernel.ke.waitable import Waitable
from provider.kernel.ob.access import GenericMapping

if TYPE_CHECKING:
    from provider.kernel.thread import Thread


class Event(Waitable):
    """A notification event, or a synchronisation event, which a satisfied wait resets."""

    __slots__ = ("is_notification", "signaled")

    type_name = "Event"
    generic = GenericMapping(read=0x20001, write=0x20002, execute=0x120000, all=0x1F0003)

    def __init__(self, *, is_notification: bool, signaled: bool = False) -> None:
        super().__init__()
        self.is_notification = is_notification
        self.signaled = signaled

    def is_signaled(self, thread: Thread) -> bool:
        return self.signaled

    def acquire(self, thread: Thread) -> bool:
        if not self.is_notification:
            self.signaled = False
        return False

    def set(self) -> bool:
        """Signal the event; returns whether it was signalled."""
        before = self.signaled
        if not before:
            self.signaled = True
            signal(self, Boost.EVENT)
        return before

    def set_and_lift(self, setter: Thread) -> None:
        """Signal the event, and let who waits first run at the setter's priority for a quantum."""
        first = next((block for block in self.waiters if not block.wait_all), None)
        self.set()
        if first is not None and first not in self.waiters:
            setter.process.kernel.scheduler.lift(first.thread, setter.priority)

    def reset(self) -> bool:
        """Take the signal back; returns whether it was signalled."""
        before, self.signaled = self.signaled, False
        return before

    def pulse(self) -> bool:
        """Signal only those who wait now; returns whether it was signalled."""
        before = self.set()
        self.signaled = False
        return before
