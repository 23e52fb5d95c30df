"""One measured figure."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable


class Row(NamedTuple):
    """`value` in `unit`, against what the design allows; a budget of None is only reported."""

    name: str
    value: float
    unit: str
    budget: float | None = None


def median_seconds(action: Callable[[], object], repeat: int = 5) -> float:
    """The median host time of `action` over `repeat` runs."""
    return statistics.median(_seconds(action) for _ in range(repeat))


def _seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start
