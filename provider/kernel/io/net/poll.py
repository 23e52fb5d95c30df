"""Polls: requests that end when one of several sockets is ready (IOCTL_AFD_POLL)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from provider.kernel.errors import Reason
from provider.kernel.io.net.event import Event

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from provider.kernel.io.irp import Irp
    from provider.kernel.io.net.endpoint import Endpoint
    from provider.kernel.ke.timer import Timer


class Watched(NamedTuple):
    """A socket and the events that are waited for; `handle` is how its owner calls it."""

    endpoint: Endpoint
    events: int
    handle: int


class Ready(NamedTuple):
    """What a poll found."""

    handle: int
    events: int
    reason: Reason | None


class Poll:
    """One such request.

    The first one that waits for a socket is its main poll; if it is exclusive, the next exclusive
    one ends it and takes its place.
    """

    __slots__ = ("_encode", "_irp", "is_exclusive", "sockets", "timer")

    def __init__(
        self,
        irp: Irp,
        sockets: Sequence[Watched],
        encode: Callable[[list[Ready]], bytes],
        *,
        is_exclusive: bool,
    ) -> None:
        self._irp, self.sockets, self._encode = irp, sockets, encode
        self.is_exclusive = is_exclusive
        self.timer: Timer | None = None

    def start(self, *, may_wait: bool) -> None:
        """Look at the sockets, and wait if none is ready."""
        for endpoint in {watched.endpoint: None for watched in self.sockets}:
            main = endpoint.main_poll
            if main is not None and main.is_exclusive and self.is_exclusive:
                main.finish([])
            if endpoint.main_poll is None:
                endpoint.main_poll = self
        found = self._ready()
        if found or not may_wait:
            self.finish(found)
            return
        for watched in self.sockets:
            if self not in watched.endpoint.polls:
                watched.endpoint.reference()
                watched.endpoint.polls[self] = None
        self._irp.pend(lambda _: self._leave())

    def look(self, endpoint: Endpoint) -> None:
        """Something has happened to a socket; its first entry that was waited for is told."""
        found = self._ready(endpoint)
        if found:
            self.finish(found[:1])

    def close(self, endpoint: Endpoint) -> None:
        """One of the sockets was closed."""
        self.finish(
            [
                Ready(w.handle, Event.LOCAL_CLOSE, None)
                for w in self.sockets
                if w.endpoint is endpoint
            ]
        )

    def time_out(self) -> None:
        """The time is over."""
        self.timer = None
        self._leave()
        data = self._encode([])
        self._irp.complete(len(data), data, warning=Reason.TIMEOUT)

    def finish(self, found: list[Ready]) -> None:
        """Tell what was found."""
        self._leave()
        data = self._encode(found)
        self._irp.complete(len(data), data)

    def _ready(self, changed: Endpoint | None = None) -> list[Ready]:
        return [
            Ready(watched.handle, events, watched.endpoint.failure(events))
            for watched in self.sockets
            if changed in (None, watched.endpoint)
            and (events := watched.endpoint.readiness() & watched.events)
        ]

    def _leave(self) -> None:
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None
        for watched in self.sockets:
            if watched.endpoint.main_poll is self:
                watched.endpoint.main_poll = None
            if watched.endpoint.polls.pop(self, self) is None:
                watched.endpoint.dereference()
