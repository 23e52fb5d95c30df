"""What a program asks of the system, beside native Wine; and how it grows with threads, processes.

Each figure is what the work adds to a whole run by the clock on the wall, since Wine does a part of
it in its server.
"""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from bench import references
from bench.measure import processor_seconds, seconds_of_work
from bench.row import Row
from tests.guests import command, compile_program

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_SOURCE = Path(__file__).parent / "loads" / "system.c"
_MICROSECONDS = 1e6
_OURS, _WINE = "picorun", "native Wine"
_THREADS = (1, 8, 64)
_PROCESSES = (1, 10, 50)


class Ask(NamedTuple):
    """What `loads/system.c` does, how often, and what one of it may cost in microseconds."""

    name: str
    title: str
    times: int
    budget: float | None = None
    least_speed: float | None = None


ASKS = (
    Ask("event", "SetEvent", 50_000, least_speed=1),
    Ask("poll", "WaitForSingleObject, time-out 0", 50_000),
    Ask("pingpong", "SignalObjectAndWait, there and back", 10_000),
    Ask("write", "WriteFile of 4 KB", 20_000),
    Ask("read", "SetFilePointer and ReadFile of 4 KB", 20_000),
    Ask("touch", "VirtualAlloc, a page touched", 32_768),
    Ask("threads", "thread created and joined", 1_000),
    Ask("processes", "process created and waited for", 40),
)


def rows() -> Iterator[Row]:
    """Microseconds of each, then seconds of runs with more and more threads and processes."""
    image = str(compile_program(_SOURCE))
    wine = references.wine()
    for ask in ASKS:
        ways = {_OURS: command("--quiet", image)}
        if wine is not None:
            ways[_WINE] = [*wine, image]
        each = _each(ways, ask)
        theirs, ours = each.get(_WINE), each[_OURS]
        against = "" if theirs is None else _WINE
        yield Row(ask.title, ours, "us", ask.budget, against, theirs, ask.least_speed)
    for title, name, counts in (
        ("the same work in {} threads", "shared", _THREADS),
        ("{} processes at once", "many", _PROCESSES),
    ):
        for count in counts:
            seconds, _ = processor_seconds(command("--quiet", image, name, str(count)))
            yield Row(title.format(count), seconds, "s")


def _each(ways: Mapping[str, Sequence[str]], ask: Ask) -> dict[str, float]:
    with TemporaryDirectory() as directory:
        runs = {
            name: partial(_wall_seconds, words, ask.name, directory) for name, words in ways.items()
        }
        seconds = seconds_of_work(runs, 1, dict.fromkeys(runs, ask.times))
    return {name: total / ask.times * _MICROSECONDS for name, total in seconds.items()}


def _wall_seconds(words: Sequence[str], name: str, directory: str, count: int) -> float:
    start = time.perf_counter()
    processor_seconds([*words, name, str(count)], cwd=directory)
    return time.perf_counter() - start
