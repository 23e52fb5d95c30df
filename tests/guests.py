"""Guest programs for tests: compiled once per content, run as the user runs them."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from guest.build import CACHE
from picorun.store.installed import Store

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = ROOT / "tests" / "programs"


def _wine_dlls(variable: str, name: str) -> Path:
    """Those of the variable, else of what 'picorun userland install' installed by that name."""
    if named := os.environ.get(variable):
        return Path(named)
    installed = Store().find(name)
    return installed.system if installed else Path("/usr/lib/i386-linux-gnu/wine/i386-windows")


WINE_DLLS = _wine_dlls("PICORUN_WINE_DLLS", "wine-8")
"""Wine's 32-bit DLLs; tests that need them are skipped where they are not installed."""
LATE_WINE_DLLS = _wine_dlls("PICORUN_LATE_WINE_DLLS", "wine-10")
"""The same of Wine 10."""
FACTS = ROOT.parent / "shared" / "facts"
"""Lists of what other systems' DLLs contain, for whoever has them beside the repository."""
_BUILT = ROOT / "build" / "programs"
_COMPILE = ("-target", "x86-windows-gnu", "-s", "-Wall", "-Wextra", "-Werror")


@dataclass(frozen=True, slots=True)
class Finished:
    """What the command `picorun` left behind."""

    exit_code: int
    stdout: bytes
    stderr: str


def compile_program(source: Path, *flags: str) -> Path:
    """The .exe of a C file, compiled by zig against UCRT unless it was compiled before."""
    key = hashlib.sha256(repr((_COMPILE, flags)).encode() + source.read_bytes()).hexdigest()[:16]
    image = _BUILT / key / f"{source.stem}.exe"
    if not image.exists():
        image.parent.mkdir(parents=True, exist_ok=True)
        fresh = image.with_name(f"{os.getpid()}.exe")
        zig("cc", *_COMPILE, *flags, "-o", str(fresh), str(source))
        fresh.replace(image)
    return image


def zig(*arguments: str) -> None:
    """Run the zig of the ziglang package; its cache outlives a test run."""
    variables = {"ZIG_GLOBAL_CACHE_DIR": str(CACHE / "zig"), **os.environ}
    command = [sys.executable, "-m", "ziglang", *arguments]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def picorun(*words: str | Path, stdin: bytes = b"", cwd: Path | None = None) -> Finished:
    """Run the command line to its end."""
    done = subprocess.run(
        command(*words), input=stdin, capture_output=True, cwd=cwd, timeout=120, check=False
    )
    return Finished(done.returncode, done.stdout, done.stderr.decode())


_MEASURE = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(code)
"""


def peak_memory(words: list[str], cwd: Path | None = None) -> tuple[Finished, int]:
    """Run a command to its end; also the most memory that it had, in bytes.

    A small process starts it: a command's figure begins with that of the process it is forked from.
    """
    measuring = [sys.executable, "-c", _MEASURE, *words]
    done = subprocess.run(measuring, capture_output=True, cwd=cwd, timeout=120, check=False)
    *errors, kilobytes = done.stderr.decode().splitlines()
    return Finished(done.returncode, done.stdout, "\n".join(errors)), int(kilobytes) * 1024


def command(*words: str | Path) -> list[str]:
    """The words that start `picorun` from these sources in a process of its own."""
    return [sys.executable, "-m", "picorun", *map(str, words)]
