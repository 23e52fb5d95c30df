"""Watches: somebody other than a thread wants to know when an object is signalled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.ke.wait import SATISFIED, Outcome, WaitBlock

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.ke.waitable import Waitable
    from provider.kernel.thread import Thread


class Watch(WaitBlock):
    """Calls `action` once, when the object is signalled next; nothing is taken from it."""

    __slots__ = ("_action",)

    def __init__(self, thread: Thread, target: Waitable, action: Callable[[], None]) -> None:
        """Begin to watch on behalf of `thread`, which goes on."""
        super().__init__(thread, (target,))
        self._action = action
        target.waiters[self] = None

    def satisfy(self) -> Outcome:
        return SATISFIED

    def end(self, outcome: Outcome, increment: int = 0) -> None:
        self.unlink()
        self._action()

    def unlink(self) -> None:
        """Watch no more."""
        for target in self.objects:
            target.waiters.pop(self, None)
