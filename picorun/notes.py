"""Notes: what a run met that a program would not meet on Windows, such as a call that is missing.

A program's stderr is its own.  So notes are collected, and whoever runs the machine decides whether
anybody wants to read them; those that a guest causes are events of the run, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from provider.kernel.event_stream import Event

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.event_stream import EventStream

MISSING_CALL, NETWORK, MISSING_PROGRAM = "missing call", "network", "missing program"
"""Kinds of notes that guests cause."""


class RunNote(Event):
    """Something that the running thread met and would not meet on Windows; told once in a run."""

    kind: str
    text: str


class Note(NamedTuple):
    """What was met, and what the user can do about it, if there is something."""

    words: str
    advice: str = ""


class Notes:
    """The notes of one run, in their order."""

    def __init__(self, events: EventStream, listener: Callable[[str, str], None] | None) -> None:
        """`listener` gets each at once: words and advice."""
        self._events, self._listener = events, listener
        self._kinds: set[str] = set()
        self.taken: list[Note] = []

    def of_guest(self, kind: str, words: str, advice: str = "") -> None:
        """Take a note of what a guest did."""
        channel = self._events.channel(RunNote)
        if channel.listeners:
            channel.emit(RunNote(*self._events.stamp_running(), kind, words))
        self.of_run(words, advice)

    def once_of_guest(self, kind: str, words: str, advice: str = "") -> None:
        """Take a note unless there is one of that kind."""
        if kind not in self._kinds:
            self._kinds.add(kind)
            self.of_guest(kind, words, advice)

    def of_run(self, words: str, advice: str = "") -> None:
        """Take a note of what depends on the host or the options; that is no event of the guest."""
        self.taken.append(Note(words, advice))
        if self._listener is not None:
            self._listener(words, advice)
