"""How far a handle has come in listing its directory, and what it looks for."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from emu.named_tuple import NamedTuple
from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.pattern import is_literal, matches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provider.kernel.io.record import FileStatus


class DirectoryEntry(NamedTuple):
    """A name in a directory and what it stands for."""

    name: str
    status: FileStatus
    short_name: str
    """Empty where the name is short itself."""


class Listed(Protocol):
    """A directory that can be listed."""

    def list_names(self) -> list[str]:
        """The names, in a fixed order.  KernelError."""

    def list_named(self, name: str) -> list[str]:
        """Those of them that equal `name` but for case, or whose short names do.  KernelError."""

    def entry(self, name: str) -> DirectoryEntry | None:
        """What a name stands for; None if it is gone or cannot be reached."""

    def short_name(self, name: str) -> str:
        """The short name of a name that was listed last; empty if that is short itself."""


class Listing:
    """A listing: the names are those at its start; a pattern without wildcards is looked up."""

    __slots__ = ("_directory", "_has_answered", "_names", "_next", "_pattern")

    def __init__(self, directory: Listed) -> None:
        self._directory = directory
        self._names: list[str] | None = None
        self._next = 0
        self._pattern = "*"
        self._has_answered = False
        """An entry was found, or a first listing has found none."""

    def begin(self, pattern: str, *, restart: bool) -> None:
        """Start, or go on; the first pattern of a handle stays.  KernelError."""
        if self._names is not None and not restart:
            return
        if self._names is None:
            self._pattern = pattern or "*"
        if is_literal(self._pattern):
            self._names = self._directory.list_named(self._pattern)
        else:
            self._names = self._directory.list_names()
        self._next = 0

    def next_entry(self) -> DirectoryEntry:
        """The next entry that matches, by its name or its short name.

        KernelError NO_SUCH_FILE where a first listing finds none, NO_MORE_FILES at the end.
        """
        names = self._names or []
        while self._next < len(names):
            name = names[self._next]
            self._next += 1
            if self._matches(name):
                entry = self._directory.entry(name)
                if entry is not None:
                    self._has_answered = True
                    return entry
        missing = Reason.NO_MORE_FILES if self._has_answered else Reason.NO_SUCH_FILE
        self._has_answered = True
        raise KernelError(missing)

    def put_back(self) -> None:
        """Let `next_entry` return the last entry once more."""
        self._next -= 1

    @contextmanager
    def cursor(self, *, keep: bool) -> Iterator[None]:
        """Unless `keep`: let the listing be afterwards where it was before."""
        before = self._names, self._next, self._has_answered
        yield
        if not keep:
            self._names, self._next, self._has_answered = before

    def _matches(self, name: str) -> bool:
        if self._pattern == "*" or matches(self._pattern, name):
            return True
        short = self._directory.short_name(name)
        return bool(short) and matches(self._pattern, short)
