"""Large programs of others on small inputs: the whole process, from the command line to its end."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bench.measure import median_seconds
from bench.row import Row
from tests.guests import command
from tests.registry import ESBUILD, RUFF, Program, Unavailable

_SCRIPT = "function add(first, second) { return first + second }\nconsole.log(add(1, 2));\n"
_MODULE = "import os\n\n\ndef add(first, second):\n    return first + second\n"


class _Load(NamedTuple):
    """What is run in a directory that has the input, and the seconds that it may take."""

    name: str
    program: Program
    words: tuple[str, ...]
    input: tuple[str, str]
    budget: float


_LOADS = (
    _Load("esbuild --minify", ESBUILD, ("--minify", "in.js"), ("in.js", _SCRIPT), 6),
    _Load("ruff check", RUFF, ("check", "--no-cache", "in.py"), ("in.py", _MODULE), 10),
)


def rows() -> Iterator[Row]:
    """Seconds of each that can be had."""
    for load in _LOADS:
        try:
            yield Row(load.name, _seconds(load, load.program.fetch()), "s", load.budget)
        except Unavailable as error:
            print(f"skipped: {load.name}: {error}")


def _seconds(load: _Load, image: Path) -> float:
    with TemporaryDirectory() as work:
        name, text = load.input
        (Path(work) / name).write_text(text, encoding="utf-8")
        words = command("--quiet", image, *load.words)
        return median_seconds(lambda: _run(words, work), 3)


def _run(words: list[str], work: str) -> None:
    """A linter that finds something ends with 1."""
    done = subprocess.run(words, cwd=work, stdout=subprocess.DEVNULL, check=False)
    assert done.returncode in (0, 1)
