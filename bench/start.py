"""Start-up: the whole process `picorun hello.exe`, and what of it is Python's own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

from bench.measure import median_seconds
from bench.row import Row
from tests.guests import PROGRAMS, WINE_DLLS, command, compile_program, peak_memory


def rows() -> list[Row]:
    """Seconds of each userland and of Python, and the most memory that the first needs."""
    words = command(compile_program(PROGRAMS / "hello.c"))
    hello = median_seconds(lambda: _silent(words), 9)
    python = median_seconds(lambda: _silent([sys.executable, "-c", "pass"]), 9)
    return [
        Row("picorun hello.exe, built-in userland", hello, "s", 0.15),
        *_on_wine(hello),
        Row("python alone", python, "s"),
        Row("memory of picorun hello.exe", peak_memory(words)[1] / 1e6, "MB", 80),
    ]


def _on_wine(builtin: float) -> Iterator[Row]:
    """The same program on Wine's DLLs, against `builtin` seconds."""
    if not WINE_DLLS.is_dir():
        print("skipped: hello.exe on Wine's DLLs: 'picorun userland install wine-8' gets them")
        return
    words = command("--userland", WINE_DLLS, compile_program(PROGRAMS / "hello.c"))
    seconds = median_seconds(lambda: _silent(words), 9)
    name = "picorun hello.exe, Wine's userland"
    yield Row(name, seconds, "s", 0.40, "the built-in one", builtin, 1 / 1.5)


def _silent(words: list[str]) -> None:
    subprocess.run(words, stdout=subprocess.DEVNULL, check=True)
