"""How long things take: processor time of child processes, and what one unit of work adds to it."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

REPEAT = 3


def median_seconds(action: Callable[[], object], repeat: int = 5) -> float:
    """The median host time of `action` over `repeat` runs."""
    return statistics.median(_seconds(action) for _ in range(repeat))


def processor_seconds(words: Sequence[str], *, cwd: str | None = None) -> tuple[float, bytes]:
    """User and system time of a process and its children, and what it printed.

    Other load on the host touches these much less than the clock on the wall.  CalledProcessError.
    """
    process = subprocess.Popen(words, stdout=subprocess.PIPE, cwd=cwd)
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.stdout.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, words, output)
    return usage.ru_utime + usage.ru_stime, output


def seconds_of_work(
    ways: Mapping[str, Callable[[int], float]], few: int, many: int
) -> dict[str, float]:
    """Seconds that `many - few` units of work take each way, whatever a start costs.

    The ways take turns, so that other load on the host touches them alike.
    """
    rounds = [[(run(few), run(many)) for run in ways.values()] for _ in range(REPEAT)]
    return {
        name: statistics.median(much for _, much in pairs) - min(little for little, _ in pairs)
        for name, pairs in zip(ways, zip(*rounds, strict=True), strict=True)
    }


def _seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start
