"""Directories of the host for what the guest finds empty and may fill; gone after the run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from picorun.exit_code import RunFailed
from provider.kernel.io.record import EPOCH_1970

if TYPE_CHECKING:
    from tempfile import TemporaryDirectory

    from provider.kernel.io.layer import Layer


class Scratch:
    """Makes them when the guest first looks, since most guests never do."""

    def __init__(self, layer: Layer, start: int) -> None:
        """They are as old as the run: `start` is in 100 ns since 1601.  `layer` hides them."""
        self._layer = layer
        self._modified = (start - EPOCH_1970) * 100
        self._root: TemporaryDirectory[str] | None = None

    def make(self, name: str, below: tuple[str, ...] = ()) -> Path:
        """A new directory with some in it.  RunFailed if the host has no room."""
        try:
            made = Path(self._make_root()) / name
            for each in ("", *below):
                (made / each).mkdir(parents=True)
            for directory, _, _ in os.walk(made):
                os.utime(directory, ns=(self._modified, self._modified))
        except OSError as error:
            raise RunFailed.by_host(f"cannot make {name} for the guest", error) from None
        return made

    def remove(self) -> None:
        """Remove all of them."""
        if self._root is not None:
            self._root.cleanup()

    def _make_root(self) -> str:
        if self._root is None:
            from tempfile import TemporaryDirectory  # 3 ms, which most runs spare

            self._root = TemporaryDirectory(prefix="picorun-", ignore_cleanup_errors=True)
            self._layer.hide(self._root.name)
        return self._root.name
