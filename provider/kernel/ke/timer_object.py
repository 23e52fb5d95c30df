"""Waitable timers: signalled at a time, once or again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.ke.wait import signal
from provider.kernel.ke.waitable import Waitable
from provider.kernel.ob.access import GenericMapping

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.ke.timer import Timer
    from provider.kernel.kernel import Kernel
    from provider.kernel.thread import Thread


class TimerObject(Waitable):
    """A notification timer, or a synchronisation timer, which a satisfied wait resets."""

    __slots__ = ("_kernel", "_pending", "is_notification", "on_expiry", "period", "signaled")

    type_name = "Timer"
    generic = GenericMapping(read=0x20001, write=0x20002, execute=0x120000, all=0x1F0003)

    def __init__(self, kernel: Kernel, *, is_notification: bool) -> None:
        super().__init__()
        self._kernel = kernel
        self.is_notification = is_notification
        self.signaled = False
        self.period = 0
        """Units of 100 ns from one signal to the next; 0: only one."""
        self.on_expiry: Callable[[], None] | None = None
        self._pending: Timer | None = None

    @property
    def due(self) -> int | None:
        """The interrupt time of the next signal; None while the timer is not set."""
        return self._pending.due if self._pending is not None else None

    def is_signaled(self, thread: Thread) -> bool:
        return self.signaled

    def acquire(self, thread: Thread) -> bool:
        if not self.is_notification:
            self.signaled = False
        return False

    def set(self, due: int | None, period: int, on_expiry: Callable[[], None] | None) -> bool:
        """Signal at interrupt time `due`, then each `period`; returns whether it was signalled.

        None: never.  A time that has passed signals at once.
        """
        before = self.cancel()
        self.signaled = False
        self.period, self.on_expiry = period, on_expiry
        if due is not None:
            now = self._kernel.clock.interrupt_time()
            if due <= now:
                self._expire(now)
            else:
                self._start(due)
        return before

    def cancel(self) -> bool:
        """Let the timer not expire; returns whether it was signalled, which it stays."""
        if self._pending is not None:
            self._pending.cancel()
        self._pending = self.on_expiry = None
        return self.signaled

    def on_delete(self) -> None:
        self.cancel()

    def _start(self, due: int) -> None:
        self._pending = self._kernel.timers.set(due, lambda: self._expire(due))

    def _expire(self, due: int) -> None:
        self._pending = None
        if self.period:
            self._start(due + self.period)
        self.signaled = True
        if self.on_expiry is not None:
            self.on_expiry()
        signal(self)
