"""Directories that are no file system's: a device's names, as a listing shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.directory_file import DirectoryEntry
from provider.kernel.io.file import FileObject
from provider.kernel.io.pattern import matches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provider.kernel.io.record import FileStatus


class FlatDirectory(FileObject):
    """The root of a device; it remembers how far a listing has come."""

    __slots__ = ("_entries", "_found", "_next", "_pattern")

    def __init__(self, access: int, share: int, options: int) -> None:
        super().__init__(access, share, options)
        self._entries: list[DirectoryEntry] | None = None
        self._next = 0
        self._pattern = "*"
        self._found = False

    def members(self) -> Iterator[tuple[str, FileStatus]]:
        """Names and what they stand for, in a fixed order."""
        raise NotImplementedError

    def volume_path(self) -> str:
        return "\\"

    def read(self, size: int, offset: int | None = None, *, key: int = 0) -> bytes:
        raise KernelError(Reason.INVALID_PARAMETER, "a directory")

    def write(self, data: bytes, offset: int | None = None, *, key: int = 0) -> int:
        raise KernelError(Reason.INVALID_PARAMETER, "a directory")

    def begin(self, pattern: str, *, restart: bool) -> None:
        """Start a listing, or go on with the one under way, which keeps its pattern."""
        if self._entries is not None and not restart:
            return
        if self._entries is None or pattern:
            self._pattern = pattern or "*"
        self._entries = [DirectoryEntry(name, status) for name, status in self.members()]
        self._next = 0
        self._found = False

    def next_entry(self) -> DirectoryEntry:
        """The next entry that matches.

        KernelError NO_SUCH_FILE where none did, NO_MORE_FILES at the end.
        """
        entries = self._entries or []
        while self._next < len(entries):
            entry = entries[self._next]
            self._next += 1
            if self._pattern == "*" or matches(self._pattern, entry.name):
                self._found = True
                return entry
        raise KernelError(Reason.NO_MORE_FILES if self._found else Reason.NO_SUCH_FILE)

    def put_back(self) -> None:
        """Let `next_entry` return the last entry once more."""
        self._next -= 1
