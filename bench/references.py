"""What picorun is measured against, where this machine has it.

The engine alone is always there.  `qemu-i386` is Debian's qemu-user.  Native Wine is a 32-bit one:
`wine` on the PATH, or the command that PICORUN_NATIVE_WINE names (words, separated by blanks).
Speakeasy is a package in an environment of its own: PICORUN_SPEAKEASY names its Python.
"""

from __future__ import annotations

import os
import shlex
import shutil
from functools import cache


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
    """The Python that has Speakeasy."""
    return os.environ.get("PICORUN_SPEAKEASY")


def missing() -> list[str]:
    """A line for each reference that this machine lacks."""
    lines = []
    if qemu() is None:
        lines.append("qemu-i386: not installed (package qemu-user)")
    if wine() is None:
        lines.append("native Wine: no 'wine' on the PATH, and PICORUN_NATIVE_WINE is not set")
    if speakeasy() is None:
        lines.append("Speakeasy: PICORUN_SPEAKEASY does not name a Python that has it")
    return lines
