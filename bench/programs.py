"""Large programs of others on small inputs: the whole process, and the most memory that it has."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bench import references
from bench.measure import median_seconds
from bench.row import Row
from tests.guests import command, peak_memory
from tests.registry import ESBUILD, RUFF, SEVEN_ZIP, Program, Unavailable

_SCRIPT = b"function add(first, second) { return first + second }\nconsole.log(add(1, 2));\n"
_MODULE = b"import os\n\n\ndef add(first, second):\n    return first + second\n"
_SQUARES = b"".join(b"%d squared is %d\n" % (n, n * n) for n in range(200_000))[: 4 << 20]
_FINDS = 1
"""A linter that finds something ends with it."""


class _Load(NamedTuple):
    """What is run in a directory that has the input, and the seconds that it may take."""

    name: str
    program: Program
    words: tuple[str, ...]
    input: tuple[str, bytes]
    budget: float | None = None


_LOADS = (
    _Load(
        "7za compressing 4 MB",
        SEVEN_ZIP,
        ("a", "-mmt1", "-mx1", "-bd", "out.7z", "in.txt"),
        ("in.txt", _SQUARES),
    ),
    _Load("esbuild --minify", ESBUILD, ("--minify", "in.js"), ("in.js", _SCRIPT), 6),
    _Load("ruff check", RUFF, ("check", "--no-cache", "in.py"), ("in.py", _MODULE), 10),
)


def rows() -> Iterator[Row]:
    """Seconds and megabytes of each that can be had."""
    for load in _LOADS:
        try:
            image = load.program.fetch()
        except Unavailable as error:
            print(f"skipped: {load.name}: {error}")
            continue
        with TemporaryDirectory() as work:
            yield from _rows(load, image, work)


def _rows(load: _Load, image: Path, work: str) -> Iterator[Row]:
    name, data = load.input
    (Path(work) / name).write_bytes(data)
    words = command("--quiet", image, *load.words)
    ours = median_seconds(lambda: _run(words, work), 3)
    theirs = _native_seconds([str(image), *load.words], work)
    if theirs is None:
        yield Row(load.name, ours, "s", load.budget)
    else:
        yield Row(load.name, ours, "s", load.budget, "native Wine", theirs)
    yield Row(f"memory of {load.name}", peak_memory(words, Path(work))[1] / 1e6, "MB")


def _native_seconds(words: list[str], work: str) -> float | None:
    """What native Wine takes; None where there is none, or the program does not run on it."""
    if (wine := references.wine()) is None:
        return None
    try:
        return median_seconds(lambda: _run([*wine, *words], work), 3)
    except subprocess.CalledProcessError as error:
        print(f"skipped: {Path(words[0]).name} on native Wine: it ends with {error.returncode}")
        return None


def _run(words: list[str], work: str) -> None:
    """Raises CalledProcessError."""
    quiet = subprocess.DEVNULL
    done = subprocess.run(words, cwd=work, stdout=quiet, stderr=quiet, check=False)
    if done.returncode not in (0, _FINDS):
        raise subprocess.CalledProcessError(done.returncode, words)
