"""Notification of changes: who has a handle of a key may be told of the next one.

As in NT the first request through a handle decides which changes count and whether those below the
key do; later requests through it wait for the same.  A change that nobody waits for ends the next
request at once.
"""

from __future__ import annotations

from collections import deque
from enum import Enum, auto
from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError, Reason

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.cm.key import Key
    from provider.kernel.thread import Thread

MOST_REQUESTS = 1 << 12
"""Requests that wait through one handle; NT is bounded by its pool only."""


class Change:
    """What may happen to a key (REG_NOTIFY_CHANGE_…)."""

    NAME = 1
    ATTRIBUTES = 2
    LAST_SET = 4
    SECURITY = 8


class NotifyEnd(Enum):
    """Why a request ended."""

    CHANGED = auto()
    CLOSED = auto()
    """The handle was closed, or the key deleted."""


class Request:
    """Somebody waits for a change; `thread` is who asked, None if that does not matter."""

    __slots__ = ("on_end", "thread")

    def __init__(self, thread: Thread | None, on_end: Callable[[NotifyEnd], None]) -> None:
        self.thread, self.on_end = thread, on_end


class KeyWatch:
    """The requests made through one handle."""

    __slots__ = ("_all", "_changed", "_filter", "_key", "_requests", "_subtree")

    def __init__(
        self, key: Key, changes: int, watches: dict[KeyWatch, None], *, subtree: bool
    ) -> None:
        """Begin to watch for `changes` of `key`, and of the keys below if `subtree`.

        `watches` are all of a registry: the watch is in there until it is closed.
        """
        self._key, self._filter, self._subtree = key, changes, subtree
        self._requests: deque[Request] = deque()
        self._changed = False
        key.watches.append(self)
        self._all = watches
        watches[self] = None

    def wait(self, request: Request) -> bool:
        """Wait for a change; False if one has come that nobody knows of.

        KernelError INSUFFICIENT_RESOURCES.
        """
        if self._changed:
            self._changed = False
            return False
        if len(self._requests) >= MOST_REQUESTS:
            raise KernelError(Reason.INSUFFICIENT_RESOURCES, "notifications of one key")
        self._requests.append(request)
        return True

    def report(self, change: int, *, below: bool) -> None:
        """The key has changed, or one `below` it."""
        if not self._filter & change or (below and not self._subtree):
            return
        if self._requests:
            self._end(NotifyEnd.CHANGED, list(self._requests))
        else:
            self._changed = True

    def close(self) -> None:
        """Nobody can be told any more."""
        if self._all.pop(self, self) is None:
            self._key.watches.remove(self)
        self._end(NotifyEnd.CLOSED, list(self._requests))

    def forget(self, request: Request) -> None:
        """End nothing, but wait no longer."""
        if request in self._requests:
            self._requests.remove(request)

    def run_down(self, thread: Thread) -> None:
        """A thread ends, and its requests with it."""
        ended = [request for request in self._requests if request.thread is thread]
        self._end(NotifyEnd.CLOSED, ended)

    def _end(self, end: NotifyEnd, requests: list[Request]) -> None:
        for request in requests:
            self._requests.remove(request)
        for request in requests:
            request.on_end(end)
