"""Guest code that makes no system calls: picorun against the bare engine, qemu-user and others.

Each figure is what some work adds to the processor time of a whole process, so that nobody's start
is in it.  The loads are in `bench/loads`; every way to run one must print the same result.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bench import references
from bench.measure import processor_seconds, seconds_of_work
from bench.row import Row
from tests.guests import ROOT, command, zig

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LOADS = Path(__file__).parent / "loads"
_IN_SPEAKEASY = Path(__file__).parent / "in_speakeasy.py"
_CODE = ("-O2", "-mcpu=pentium4", "-fno-builtin", "-s", f"-I{_LOADS}")
_FEW = 1
_OURS = "picorun"
_SLOW = ("flat engine", "Speakeasy")
_SLOW_PART = 4
"""The slow ones do a quarter of the work; the time of a load is linear in it."""
_AGAINST_BARE = 0.9
_AGAINST_FLAT = 5


class Load(NamedTuple):
    """A file of `bench/loads`, and how much of it takes a third of a second."""

    name: str
    title: str
    scale: int
    writes_code: bool = False
    least_against_flat: float | None = None


LOADS = (
    Load("integers", "integer loop", 200_000),
    Load("stores", "memory stores", 96_000, least_against_flat=_AGAINST_FLAT),
    Load("calls", "calls and returns", 20_000),
    Load("sieve", "sieve", 80, least_against_flat=_AGAINST_FLAT),
    Load("sha256", "SHA-256", 20_000),
    Load("floats", "floating point", 12_000),
    Load("strings", "strings from a free list", 280_000),
    Load("rewritten", "code written anew", 100_000, writes_code=True),
    Load("quicksort", "quicksort", 120),
    Load("random", "random access to 16 MB", 12_000),
    Load("copies", "blocks copied and filled", 2_000),
    Load("interpreter", "an interpreter", 40_000),
)


def rows() -> Iterator[Row]:
    """Seconds of each load in picorun, beside those of each reference."""
    for load in LOADS:
        results: set[tuple[int, bytes]] = set()
        words = {_OURS: _in_picorun(load), **dict(_references(load))}
        ways = {name: partial(_measured, run, results) for name, run in words.items()}
        parts = {name: _SLOW_PART if name in _SLOW else 1 for name in ways}
        many = {name: load.scale // part for name, part in parts.items()}
        seconds = seconds_of_work(ways, _FEW, many)
        ours = seconds.pop(_OURS)
        for name, part in seconds.items():
            theirs = part * parts[name]
            least = _AGAINST_BARE if name == "bare engine" else None
            if name == "flat engine":
                least = load.least_against_flat
            yield Row(load.title, ours, "s", None, name, theirs, least)
        if len(results) != len({_FEW, *many.values()}):
            raise ValueError(f"{load.name}: the results differ: {sorted(results)}")


def _references(load: Load) -> Iterator[tuple[str, Callable[[int], list[str]]]]:
    image = str(_build(load, "bare", "x86-windows-gnu", "-nostdlib", "-Wl,--entry=load"))
    alone = [sys.executable, "-m", "bench.bare"]
    paged = "paged-code" if load.writes_code else "paged"
    yield "bare engine", lambda scale: [*alone, paged, image, str(scale)]
    yield "flat engine", lambda scale: [*alone, "flat", image, str(scale)]
    if (qemu := references.qemu()) is not None:
        protection = "PROT_READ|PROT_WRITE" + ("|PROT_EXEC" if load.writes_code else "")
        program = _program(load, "linux", "x86-linux-musl", protection, "-static")
        yield "qemu-i386", lambda scale: [qemu, str(program), str(scale)]
    if (speakeasy := references.speakeasy()) is not None:
        yield "Speakeasy", lambda scale: [speakeasy, str(_IN_SPEAKEASY), image, str(scale)]
    if (wine := references.wine()) is not None:
        yield "native Wine", lambda scale: [*wine, str(_windows(load)), str(scale)]


def _in_picorun(load: Load) -> Callable[[int], list[str]]:
    image = _windows(load)
    return lambda scale: command("--quiet", image, str(scale))


def _windows(load: Load) -> Path:
    protection = "PAGE_EXECUTE_READWRITE" if load.writes_code else "PAGE_READWRITE"
    return _program(load, "windows", "x86-windows-gnu", protection)


def _program(load: Load, kind: str, target: str, protection: str, *flags: str) -> Path:
    main = str(_LOADS / "main.c")
    return _build(load, kind, target, f"-DROOM_PROTECTION={protection}", main, *flags)


def _build(load: Load, kind: str, target: str, *flags: str) -> Path:
    image = references.BUILT / f"{load.name}.{kind}.exe"
    image.parent.mkdir(parents=True, exist_ok=True)
    source = str(_LOADS / f"{load.name}.c")
    zig("cc", "-target", target, *_CODE, *flags, source, "-o", str(image))
    return image


def _measured(
    words: Callable[[int], list[str]], results: set[tuple[int, bytes]], scale: int
) -> float:
    seconds, output = processor_seconds(words(scale), cwd=str(ROOT))
    results.add((scale, output.strip()))
    return seconds
