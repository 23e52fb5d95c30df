"""How the command ends: its codes, and the exception that carries one with its words."""

from __future__ import annotations

import sys
from contextlib import suppress
from enum import IntEnum


class ExitCode(IntEnum):
    """The codes that are ours and not the guest's: those of env, timeout and shells."""

    LIMIT = 124
    FAILED = 125
    CANNOT_RUN = 126
    NOT_FOUND = 127
    INTERRUPTED = 130


class Refusal(Exception):
    """Ends the command with `code` and a line of words."""

    def __init__(self, code: ExitCode, words: str) -> None:
        super().__init__(words)
        self.code = code


def note(words: str) -> None:
    """A line on stderr that says who speaks."""
    with suppress(BrokenPipeError):
        print(f"picorun: {words}", file=sys.stderr)
