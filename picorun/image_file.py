"""The file of a program, as the command line names it."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from picorun.exit_code import ExitCode, Refusal, RunFailed

if TYPE_CHECKING:
    from loader.image import Image, ImageError

_PATH_ADVICE = "Give the program's path on this machine, not the guest's (C:\\...)."
_NO_DIRECTORY = "Name a Windows .exe file in it."


def readable_file(name: str) -> Path:
    """The path of a regular file that can be opened.  Raises Refusal."""
    path = Path(name)
    try:
        if not name:
            raise FileNotFoundError
        kind = path.stat().st_mode
        if not stat.S_ISDIR(kind) and not stat.S_ISREG(kind):
            words, advice = f"{name}: not a regular file", "Copy what it gives into a file."
            raise Refusal(ExitCode.CANNOT_RUN, words, advice)
        with path.open("rb"):
            return path
    except (FileNotFoundError, NotADirectoryError):
        raise Refusal(ExitCode.NOT_FOUND, f"{name}: no such file", _PATH_ADVICE) from None
    except OSError as error:
        failure = RunFailed.by_host(name, error)
        advice = _NO_DIRECTORY if isinstance(error, IsADirectoryError) else failure.advice
        raise Refusal(ExitCode.CANNOT_RUN, str(failure), advice) from None


def program_file(name: str, userland: str) -> Path:
    """The file to run: one of the host's, else the userland's program of that name.

    Raises Refusal, UserlandMissing.
    """
    try:
        return readable_file(name)
    except Refusal as refusal:
        if refusal.code != ExitCode.NOT_FOUND or os.sep in name or not name:
            raise
        missing = refusal
    from picorun.choice import find_program, where_to_get

    program = find_program(userland, name)
    if program is None:
        raise Refusal(missing.code, str(missing), where_to_get(name) or missing.advice)
    return program


def read_image(name: str) -> Image:
    """The image in a file.  Raises Refusal."""
    from loader.image import ImageError
    from loader.pe import read_pe

    path = readable_file(name)
    try:
        return read_pe(path.read_bytes(), path.name)
    except ImageError as error:
        raise no_image(name, error) from None


def no_image(name: str, error: ImageError) -> Refusal:
    """What a file that is no image, or no program, ends with."""
    from picorun.advice import advice_for

    return Refusal(ExitCode.CANNOT_RUN, f"{name}: {error}", advice_for(error.kind))
