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
    ways: Mapping[str, Callable[[int], float]], few: int, many: Mapping[str, int]
) -> dict[str, float]:
    """Seconds that `many` units of work less `few` take each way, whatever a start costs.

    The ways take turns, so that other load on the host touches them alike.
    """
    rounds = [
        {name: (run(few), run(many[name])) for name, run in ways.items()} for _ in range(REPEAT)
    ]
    return {
        name: statistics.median(each[name][1] for each in rounds)
        - statistics.median(each[name][0] for each in rounds)
        for name in ways
    }


def _seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start
