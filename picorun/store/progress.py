"""What a long task shows: bars on a terminal, elsewhere nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Progress(Protocol):
    """Told what goes on; a step lasts until the next begins."""

    def step(self, words: str, total: float) -> None:
        """Begin a step of `total` units of any kind."""

    def done(self, units: float) -> None:
        """So much of the step is done."""


class Silence:
    """Shows nothing."""

    def step(self, words: str, total: float) -> None:
        pass

    def done(self, units: float) -> None:
        pass


@contextmanager
def shown() -> Iterator[Progress]:
    """Bars on standard error if that is a terminal."""
    if not sys.stderr.isatty():
        yield Silence()
        return
    # Imported here: it takes longer than all of the rest, and only a terminal has a use for it.
    from rich import progress
    from rich.console import Console

    columns = (
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.TaskProgressColumn(),
        progress.TimeElapsedColumn(),
    )
    with progress.Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        yield _Bars(bars)


class _Bars:
    def __init__(self, bars: object) -> None:
        from rich.progress import Progress as RichProgress

        assert isinstance(bars, RichProgress)
        self._bars = bars
        self._task = bars.add_task("", total=None, visible=False)

    def step(self, words: str, total: float) -> None:
        self._bars.update(self._task, visible=False)
        self._task = self._bars.add_task(words, total=total)

    def done(self, units: float) -> None:
        self._bars.update(self._task, completed=units)
