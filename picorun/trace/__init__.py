"""What a run tells about itself, written down: the sinks of its events.

A sink subscribes to the types of events that it wants.  It must not change the run: no virtual time
passes while a sink works.  Each format is a module with `open_sink(file, settings)`, imported when
it is asked for.
"""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from emu.named_tuple import NamedTuple
from picorun.exit_code import RunFailed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from picorun.trace.filter import Filter
    from provider.kernel.event_stream import EventStream

FORMATS = {
    "text": "a line for each system call",
    "jsonl": "a JSON object for each event",
    "html": "one page with everything, for a browser",
    "perfetto": "tracks and counters for the Perfetto UI",
    "drcov": "which code has run, for Lighthouse and others",
    "summary": "calls, errors and time by name",
}
"""Names of formats, which are those of the modules, and a line about each."""
STDERR = "-"
_FLAGS = ("relative", "duration", "caller")
"""Those of `Shown` that --trace-show names."""


class TraceFailed(RunFailed):
    """The trace cannot be written; the message says where and why."""


class Target(NamedTuple):
    """A format, and the file that is to have it, or STDERR."""

    format: str
    file: str


class Shown(NamedTuple):
    """What lines of the text trace have besides, or leave out."""

    relative: bool = False
    """Times count from the line before."""
    duration: bool = False
    """How long each call took."""
    caller: bool = False
    """Where each call came from."""
    string_limit: int = 200
    """Characters of a string; 0 for all."""


class Settings(NamedTuple):
    """What the user wants of all traces."""

    filter: Filter | None = None
    """Which events are there; None: all."""
    shown: Shown = Shown()


class Sink(Protocol):
    """What writes events down."""

    def attach(self, events: EventStream) -> None:
        """Subscribe to what the sink wants, before the run begins."""

    def close(self) -> None:
        """Write what is left, after the run, however it ended.  Raises TraceFailed."""


def parse_target(text: str) -> Target:
    """`FORMAT:FILE`, or a format alone for stderr, or a file that gets text."""
    name, colon, file = text.partition(":")
    if name not in FORMATS:
        return Target("text", text)
    return Target(name, file if colon else STDERR)


def parse_filter(text: str) -> Filter:
    """See `picorun.trace.filter`.  ValueError."""
    from picorun.trace.filter import Filter

    return Filter(text)


def parse_shown(text: str) -> Shown:
    """`relative,duration,caller,strings=N`, or some of these.  ValueError."""
    shown = Shown()
    for word in text.split(","):
        name, _, count = word.strip().partition("=")
        if name == "strings" and count.isascii() and count.isdecimal() and len(count) < 7:
            shown = shown._replace(string_limit=int(count))
        elif word.strip() in _FLAGS:
            shown = shown._replace(**{word.strip(): True})
        else:
            raise ValueError(f"{word!r} is none of {', '.join(_FLAGS)}, strings=N")
    return shown


@contextmanager
def open_sinks(
    targets: Sequence[Target], settings: Settings | None = None
) -> Iterator[tuple[Sink, ...]]:
    """The sinks for `targets`, closed in the end.  Raises TraceFailed."""
    places = [_place(target.file) for target in targets]
    for index, place in enumerate(places):
        if place in places[:index]:
            words = f"two traces cannot go to {targets[index].file}"
            raise TraceFailed(words, "Give each a file of its own: --trace=FORMAT:FILE.")
    with ExitStack() as stack:
        sinks = []
        for target in targets:
            module = import_module(f"picorun.trace.{target.format}")
            sink = module.open_sink(target.file, settings or Settings())
            stack.callback(sink.close)
            sinks.append(sink)
        yield tuple(sinks)


def _place(file: str) -> str:
    return STDERR if file in (STDERR, "/dev/stderr") else os.path.realpath(file)
