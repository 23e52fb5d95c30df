"""Timers: calls that are due at a virtual time, in a heap."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Timer:
    """One pending call; `cancel` takes it back."""

    __slots__ = ("action", "due")

    def __init__(self, due: int, action: Callable[[], None]) -> None:
        self.due = due
        self.action: Callable[[], None] | None = action

    def cancel(self) -> None:
        """Do not make the call."""
        self.action = None


class TimerQueue:
    """Pending timers in the order of their due times, then of their setting."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Timer]] = []
        self._sequence = 0

    def set(self, due: int, action: Callable[[], None]) -> Timer:
        """Call `action` at interrupt time `due`."""
        timer = Timer(due, action)
        self._sequence += 1
        heapq.heappush(self._heap, (due, self._sequence, timer))
        return timer

    def next_due(self) -> int | None:
        """When the next timer is due; None without any."""
        while self._heap and self._heap[0][2].action is None:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def expire(self, now: int) -> None:
        """Make the calls that are due at interrupt time `now`."""
        while (due := self.next_due()) is not None and due <= now:
            timer = heapq.heappop(self._heap)[2]
            action, timer.action = timer.action, None
            if action is not None:
                action()
