"""What the next of something costs after many of it: the cost should not grow with history.

Each figure is what the second half of a run costs against the first, by processor time: 1.0 is
flat.  With a trace, so is the trace.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bench.measure import REPEAT, processor_seconds
from bench.row import Row
from tests.guests import command, compile_program

_SOURCE = Path(__file__).parent / "loads" / "history.c"
_STEEPEST = 1.3


class _Load(NamedTuple):
    """What `loads/history.c` does, and how often."""

    name: str
    title: str
    times: int
    is_traced: bool = False


_LOADS = (
    _Load("calls", "system calls", 200_000),
    _Load("calls", "system calls, traced", 20_000, is_traced=True),
    _Load("handles", "handles opened and kept", 60_000),
    _Load("memory", "reserved and kept memory", 24_000),
    _Load("heap", "heap blocks kept", 400_000),
    _Load("files", "files made in a directory", 8_000),
    _Load("lookups", "files made and looked up by name", 1_500),
    _Load("locks", "ranges of a file locked", 10_000),
    _Load("keys", "registry keys made", 10_000),
    _Load("exceptions", "exceptions handled", 8_000),
    _Load("apcs", "APCs queued and run", 10_000),
    _Load("timers", "timers set", 20_000),
    _Load("threads", "threads made, run and closed", 1_500),
    _Load("crowd", "threads that all wait", 2_000),
    _Load("processes", "processes made, run and closed", 100),
)


def rows() -> Iterator[Row]:
    """The ratio of each."""
    image = str(compile_program(_SOURCE, "-ladvapi32"))
    for load in _LOADS:
        yield Row(f"history: {load.title}, {load.times}", _growth(image, load), "x", _STEEPEST)


def _growth(image: str, load: _Load) -> float:
    """Seconds of the second half over those of the first."""
    none, half, whole = (
        min(_seconds(image, load, count) for _ in range(REPEAT))
        for count in (0, load.times // 2, load.times)
    )
    return (whole - half) / (half - none)


def _seconds(image: str, load: _Load, count: int) -> float:
    with TemporaryDirectory() as directory:
        trace = ("--trace=trace.txt",) if load.is_traced else ()
        words = command("--quiet", *trace, image, load.name, str(count))
        return processor_seconds(words, cwd=directory)[0]
