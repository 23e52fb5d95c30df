"""Start-up: the whole process `picorun hello.exe`, and what of it is Python's own."""

from __future__ import annotations

import subprocess
import sys

from bench.measure import median_seconds
from bench.row import Row
from tests.guests import PROGRAMS, command, compile_program, peak_memory


def rows() -> list[Row]:
    """Seconds of the two, and the most resident memory that the first needs."""
    words = command(compile_program(PROGRAMS / "hello.c"))
    hello = median_seconds(lambda: _silent(words), 9)
    python = median_seconds(lambda: _silent([sys.executable, "-c", "pass"]), 9)
    return [
        Row("picorun hello.exe, built-in userland", hello, "s", 0.15),
        Row("python alone", python, "s"),
        Row("memory of picorun hello.exe", peak_memory(words)[1] / 1e6, "MB", 80),
    ]


def _silent(words: list[str]) -> None:
    subprocess.run(words, stdout=subprocess.DEVNULL, check=True)
