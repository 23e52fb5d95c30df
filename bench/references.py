"""What picorun is measured against, where this machine has it.

The engine alone is always there.  `qemu-i386` is Debian's qemu-user.  Native Wine is a 32-bit one:
`wine` on the PATH, or the command that PICORUN_NATIVE_WINE names (words, separated by blanks).
Speakeasy gets an environment of its own in `build/bench`, since it needs an older engine; once it
is there, it stays.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from guest.build import CACHE

if TYPE_CHECKING:
    from collections.abc import Sequence

BUILT = CACHE.parent / "bench"
"""Where the benchmark keeps what it makes."""
_SPEAKEASY = "speakeasy-emulator==1.5.11"
_LONGEST_INSTALL = 180


@cache
def qemu() -> str | None:
    """The command that runs i386 Linux programs."""
    return shutil.which("qemu-i386") or shutil.which("qemu-i386-static")


@cache
def wine() -> tuple[str, ...] | None:
    """The words that run Windows programs natively."""
    named = os.environ.get("PICORUN_NATIVE_WINE")
    if named:
        return tuple(shlex.split(named))
    found = shutil.which("wine")
    return (found,) if found else None


@cache
def speakeasy() -> str | None:
    """The Python that has Speakeasy; None if the package registry does not give it."""
    environment = BUILT / _SPEAKEASY.replace("==", "-")
    python = environment / "bin" / "python"
    if not (environment / "installed").exists():
        shutil.rmtree(environment, ignore_errors=True)
        install = (python, "-m", "pip", "install", "--quiet")
        try:
            _quietly([sys.executable, "-m", "venv", environment])
            _quietly([*install, "setuptools<81"])  # its engine's binding wants pkg_resources
            _quietly([*install, _SPEAKEASY])
            _quietly([python, "-c", "import speakeasy"])
        except (OSError, subprocess.SubprocessError):
            return None
        (environment / "installed").touch()
    return str(python)


def missing() -> list[str]:
    """A line for each reference that this machine lacks."""
    lines = []
    if qemu() is None:
        lines.append("qemu-i386: not installed (package qemu-user)")
    if wine() is None:
        lines.append("native Wine: no 'wine' on the PATH, and PICORUN_NATIVE_WINE is not set")
    if speakeasy() is None:
        lines.append(f"Speakeasy: pip cannot install {_SPEAKEASY} here")
    return lines


def _quietly(words: Sequence[str | Path]) -> None:
    subprocess.run(words, check=True, capture_output=True, timeout=_LONGEST_INSTALL)
