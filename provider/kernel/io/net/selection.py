"""Events that a socket tells an event object (WSAEventSelect, Winsock documentation).

An event is told once; then it is told no more until a call that has to do with it was made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.io.net.event import Event

if TYPE_CHECKING:
    from provider.kernel.errors import Reason
    from provider.kernel.ke.event import Event as EventObject


class Selection:
    """What is told to whom, and what is yet to be asked for."""

    __slots__ = ("_reported", "errors", "mask", "pending", "target")

    def __init__(self) -> None:
        self.target: EventObject | None = None
        self.mask = 0
        self.pending = 0
        """Events that came and that nobody has asked for."""
        self._reported = 0
        self.errors: dict[int, Reason] = {}
        """Why it came to an event, where it is a failure."""

    def select(self, target: EventObject | None, mask: int) -> None:
        """Tell `target` the events of `mask` from now on."""
        if target is not None:
            target.reference()
        if self.target is not None:
            self.target.dereference()
        self.target, self.mask = target, mask
        if self.pending & mask and target is not None:
            target.set()

    def post(self, events: int) -> None:
        """Events are so."""
        new = events & ~self._reported
        self._reported |= new
        self.pending |= new
        if new & self.mask and self.target is not None:
            self.target.set()

    def renew(self, events: int) -> None:
        """A call was made that lets events be told again."""
        self._reported &= ~events
        self.pending &= ~events

    def take(self) -> int:
        """The events that have come since they were last asked for."""
        found = self.pending & self.mask
        self.pending &= ~self.mask
        return found

    def close(self) -> None:
        """The socket is closed."""
        self.select(None, 0)


CONNECTING = Event.CONNECT | Event.CONNECT_FAIL
"""Events that come only when connecting ends, whatever a socket is."""
