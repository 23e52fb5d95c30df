"""Start-up: the whole process `picorun hello.exe`, and what of it is Python's own.

Warm is as the second of two runs, cold as the first one after the machine has started: the host
has none of the files in memory that a run reads.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import guest
from bench.measure import median_seconds
from bench.row import Row
from picorun.store.paths import cache_directory
from tests.guests import PROGRAMS, ROOT, WINE_DLLS, compile_program, peak_memory

_COMMAND = [str(Path(sys.executable).with_name("picorun"))]
"""As it is installed: it has a cache of its modules."""
_REPEAT = 9
_COLD = 3
_MODULES = ("emu", "loader", "provider", "picorun", "guest")
_LIBRARIES = ("stdlib", "platstdlib", "purelib", "platlib")


def rows() -> Iterator[Row]:
    """Seconds and megabytes of each userland, and seconds of Python."""
    image = compile_program(PROGRAMS / "hello.c")
    words = [*_COMMAND, "--userland", "builtin", str(image)]
    builtin = median_seconds(lambda: _silent(words), _REPEAT)
    python = median_seconds(lambda: _silent([sys.executable, "-c", "pass"]), _REPEAT)
    yield Row("hello.exe, built-in userland", builtin, "s", 0.15, "python alone", python)
    files = _python_files()
    own = [*files, *_files(Path(guest.__file__).parent / "system32")]
    yield Row("hello.exe, built-in userland, cold", _cold(words, own), "s")
    yield Row("memory of hello.exe, built-in userland", _megabytes(words), "MB", 80)
    if not WINE_DLLS.is_dir():
        print("skipped: hello.exe on Wine's DLLs: 'picorun userland install wine-8' gets them")
        return
    words = [*_COMMAND, "--userland", str(WINE_DLLS), str(image)]
    seconds = median_seconds(lambda: _silent(words), _REPEAT)
    title = "hello.exe, Wine's userland"
    yield Row(title, seconds, "s", 0.40, "the built-in one", builtin, 1 / 1.5)
    yield Row(f"{title}, cold", _cold(words, [*files, *_files(WINE_DLLS)]), "s")
    yield Row(f"memory of {title}", _megabytes(words), "MB", 80)


def _silent(words: list[str]) -> None:
    subprocess.run(words, stdout=subprocess.DEVNULL, check=True)


def _megabytes(words: list[str]) -> float:
    return peak_memory(words)[1] / 1e6


def _cold(words: list[str], files: list[Path]) -> float:
    """The least, as other load on the host's disk only adds to it."""
    seconds = []
    for _ in range(_COLD):
        _forget(files)
        seconds.append(median_seconds(lambda: _silent(words), 1))
    return min(seconds)


def _python_files() -> list[Path]:
    """All that a run may import; what it does not read costs nothing either way."""
    places = {Path(sysconfig.get_path(name)) for name in _LIBRARIES}
    places |= {ROOT / name for name in _MODULES}
    files = [file for place in sorted(places) for file in _files(place)]
    return [*files, *cache_directory().glob("modules-*")]


def _files(directory: Path) -> list[Path]:
    suffixes = (".pyc", ".so", ".2", ".dll", ".nls", ".txt")
    return [path for path in directory.rglob("*") if path.suffix in suffixes and path.is_file()]


def _forget(files: list[Path]) -> None:
    """Take files out of the host's page cache (posix_fadvise(2))."""
    for file in files:
        fd = os.open(file, os.O_RDONLY)
        try:
            os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(fd)
