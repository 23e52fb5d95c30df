"""Input that comes from the host while the machine runs.

Threads that wait for it let others run.  When every thread waits, the machine waits for the host,
and time passes as on the host until a timer is due: so a guest that waits five seconds for a key
gives its user five seconds.  Input that is there already is taken before time moves, which makes
runs with given input repeat.
"""

from __future__ import annotations

import select
from typing import Protocol

LONGEST_WAIT = 3600.0
"""Seconds that one call of the host waits; what is further off is waited for again."""


class Pollable(Protocol):
    """Something of the host that can be waited for."""

    def fileno(self) -> int | None:
        """Its descriptor; None: it never has to be waited for."""


class InputSource(Protocol):
    """A file that host bytes come to."""

    @property
    def stream(self) -> Pollable:
        """Where they come from."""

    @property
    def interest(self) -> int:
        """What the host is asked for: POLLIN, POLLOUT or both."""

    @property
    def is_wanted(self) -> bool:
        """Whether somebody waits for them."""

    @property
    def paces(self) -> bool:
        """Whether somebody looks for them again and again, so that time is to pass as outside."""

    def prepare(self) -> None:
        """Do what must be done before the host is waited for."""

    def take(self) -> None:
        """Read what is there now, and let those go on who waited for it.  KernelError."""


class _Interrupted(BaseException):
    """Ends a wait for the host; raised by a handler of signals, past all others."""


class HostInput:
    """All sources of a machine, and whether the host wants to interrupt it."""

    __slots__ = ("_sources", "_waits", "is_interrupted")

    def __init__(self) -> None:
        self._sources: list[InputSource] = []
        self._waits = False
        self.is_interrupted = False
        """Somebody outside wants attention; whoever sees to it takes this back."""

    def interrupt(self) -> None:
        """Ask for attention; a wait for the host ends.  To be called by a handler of signals."""
        self.is_interrupted = True
        if self._waits:
            raise _Interrupted

    def add(self, source: InputSource) -> None:
        """Look at one more source."""
        self._sources.append(source)

    def remove(self, source: InputSource) -> None:
        """Look at a source no more, if it was looked at."""
        self._sources = [other for other in self._sources if other is not source]

    def poll(self, seconds: float | None = 0) -> bool:
        """Wait for input that somebody wants, None: without end; whether any came."""
        wanted = [
            source
            for source in self._sources
            if source.is_wanted or (source.paces and seconds is not None and seconds)
        ]
        if not wanted:
            return False
        for source in wanted:
            source.prepare()
        ready = self._wait(wanted, seconds)
        for source in ready:
            if source in self._sources:  # another one's may have ended it
                source.take()
        return bool(ready) or self.is_interrupted

    def _wait(self, sources: list[InputSource], seconds: float | None) -> list[InputSource]:
        try:
            self._waits = True
            found = [] if self.is_interrupted else _ready(sources, seconds)
        except _Interrupted:
            found = []
        finally:
            self._waits = False
        return found


def _ready(sources: list[InputSource], seconds: float | None) -> list[InputSource]:
    """The sources that have what they are asked for, waiting for one of them."""
    by_fd = {fd: source for source in sources if (fd := source.stream.fileno()) is not None}
    at_once = [source for source in sources if source.stream.fileno() is None]
    poller = select.poll()
    for fd, source in by_fd.items():
        poller.register(fd, source.interest)
    limit = 0 if at_once else LONGEST_WAIT if seconds is None else min(seconds, LONGEST_WAIT)
    return at_once + [by_fd[fd] for fd, _ in poller.poll(limit * 1000)]
