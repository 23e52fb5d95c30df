"""Timers: calls that are due at a virtual time, in a heap."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class SystemDue(int):
    """An interrupt time that stands for a system time: it moves when the system time is set."""

    __slots__ = ()


_FEW = 64
"""So many cancelled timers may stay in the heap, whatever their share."""


class Timer:
    """One pending call; `cancel` takes it back."""

    __slots__ = ("_queue", "action", "due")

    def __init__(self, queue: TimerQueue, due: int, action: Callable[[], None]) -> None:
        self._queue = queue
        self.due = due
        self.action: Callable[[], None] | None = action

    def cancel(self) -> None:
        """Do not make the call."""
        if self.action is not None:
            self.action = None
            self._queue.forget_one()


class TimerQueue:
    """Pending timers in the order of their due times, then of their setting.

    A cancelled timer stays in the heap until it comes to the top, or until half the heap is such.
    """

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Timer]] = []
        self._sequence = 0
        self._cancelled = 0

    def __len__(self) -> int:
        return len(self._heap) - self._cancelled

    def set(self, due: int, action: Callable[[], None]) -> Timer:
        """Call `action` at interrupt time `due`."""
        timer = Timer(self, due, action)
        self._sequence += 1
        heapq.heappush(self._heap, (due, self._sequence, timer))
        return timer

    def follow_system_time(self, change: int) -> None:
        """The system time was set forward by `change`: so are the timers that follow it."""
        moved = []
        for due, sequence, timer in self._heap:
            if isinstance(timer.due, SystemDue):
                timer.due = SystemDue(due - change)
            moved.append((timer.due, sequence, timer))
        heapq.heapify(moved)
        self._heap = moved

    def next_due(self) -> int | None:
        """When the next timer is due; None without any."""
        while self._heap and self._heap[0][2].action is None:
            heapq.heappop(self._heap)
            self._cancelled -= 1
        return self._heap[0][0] if self._heap else None

    def expire(self, now: int) -> None:
        """Make the calls that are due at interrupt time `now`."""
        while (due := self.next_due()) is not None and due <= now:
            timer = heapq.heappop(self._heap)[2]
            action, timer.action = timer.action, None
            if action is not None:
                action()

    def forget_one(self) -> None:
        """A timer of the heap was cancelled."""
        self._cancelled += 1
        if self._cancelled > max(_FEW, len(self._heap) // 2):
            self._heap = [entry for entry in self._heap if entry[2].action is not None]
            heapq.heapify(self._heap)
            self._cancelled = 0
