"""How the command ends: its codes, and the exceptions that carry words for the user."""

from __future__ import annotations

import errno
import sys
from contextlib import suppress
from typing import Self

from emu.int_enum import IntEnum


class ExitCode(IntEnum):
    """The codes that are ours and not the guest's: those of env, timeout and shells."""

    LIMIT = 124
    FAILED = 125
    CANNOT_RUN = 126
    NOT_FOUND = 127
    INTERRUPTED = 130


class Refusal(Exception):
    """Ends the command with `code`: `words` say what and where, `advice` what to do."""

    def __init__(self, code: ExitCode, words: str, advice: str = "") -> None:
        super().__init__(words)
        self.code, self.advice = code, advice


class LimitReached(Exception):
    """A limit that the user set ends the run; the text says which."""


class RunFailed(Exception):
    """Something beside the guest failed, such as a file that the user wants to be written."""

    def __init__(self, words: str, advice: str = "") -> None:
        super().__init__(words)
        self.advice = advice
        self.reader_left = False
        """Whether it is no more than a pipe whose reader has seen enough."""

    @classmethod
    def by_host(cls, what: str, error: OSError) -> Self:
        """`what` could not be done; the host says why."""
        failure = cls(f"{what}: {error.strerror}", _HOST_ADVICE.get(error.errno or 0, ""))
        failure.reader_left = isinstance(error, BrokenPipeError)
        return failure


_HOST_ADVICE = {
    errno.ENOENT: "Check the path; the directory above the file must be there.",
    errno.ENOTDIR: "Check the path: a part of it is a file, not a directory.",
    errno.EISDIR: "Name a file, not a directory.",
    errno.EEXIST: "Choose a name that is not taken.",
    errno.EACCES: "Check who may read and write there, or choose another place.",
    errno.EPERM: "Check who may read and write there, or choose another place.",
    errno.EROFS: "Choose a place on a file system that can be written.",
    errno.ENOSPC: "Free some space, or choose a place on another disk.",
    errno.EDQUOT: "Free some of your quota, or choose a place on another disk.",
    errno.EFBIG: "Choose a place that may hold a larger file (see 'ulimit -f').",
    errno.ENAMETOOLONG: "Choose a shorter name.",
    errno.ELOOP: "Check the symbolic links on the way; they go round in a circle.",
    errno.EMFILE: "Raise the limit of open files (see 'ulimit -n').",
}
"""What the user can do about an error of the host."""


def note(words: str, advice: str = "") -> None:
    """A line on stderr that says who speaks; `advice` follows on its own line."""
    with suppress(BrokenPipeError):
        print(f"picorun: {words}", *([advice] if advice else []), sep="\n", file=sys.stderr)
