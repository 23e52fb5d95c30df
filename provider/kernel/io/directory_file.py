"""Open directories, and listing them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.disk_file import NodeFile
from provider.kernel.io.notify import Change, DirectoryWatch
from provider.kernel.io.pattern import matches

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.io.node import Node
    from provider.kernel.io.record import FileStatus
    from provider.kernel.io.volume import Volume


class DirectoryEntry(NamedTuple):
    """A name in a directory and what it stands for."""

    name: str
    status: FileStatus


class DirectoryFile(NodeFile):
    """A directory; it remembers how far a listing has come, and what changes it is told."""

    __slots__ = ("_found", "_names", "_next", "_pattern", "_watch")

    always_pends = True

    def __init__(self, volume: Volume, node: Node, access: int, share: int, options: int) -> None:
        super().__init__(volume, node, access, share, options)
        self._names: list[str] | None = None
        self._next = 0
        self._pattern = "*"
        self._found = False
        self._watch: DirectoryWatch | None = None

    def on_close(self) -> None:
        if self._watch is not None:
            self.volume.watches.remove(self.node.where.key, self._watch)
            self._watch.end(Reason.NOTIFY_CLEANUP)
        super().on_close()

    def watch(
        self, wanted: int, encode: Callable[[list[Change]], bytes], *, subtree: bool, room: int
    ) -> DirectoryWatch:
        """What the directory is told of changes; the first call decides what that is.

        KernelError DELETE_PENDING for a directory that is to be deleted.
        """
        if self.node.delete_pending:
            raise KernelError(Reason.DELETE_PENDING)
        key, watch = self.node.where.key, self._watch
        if watch is not None and watch.has_ended:
            self.volume.watches.remove(key, watch)
            watch = None
        if watch is None:
            watch = self._watch = DirectoryWatch(wanted, encode, subtree=subtree, room=room)
            self.volume.watches.add(key, watch)
        return watch

    def begin(self, pattern: str, *, restart: bool) -> None:
        """Start a listing, or go on with the one under way, which keeps its pattern.

        The names are those at the start, `.` and `..` first, then in the order of their upper-case
        forms.  KernelError.
        """
        directory = self.node.where.directory
        assert directory is not None
        if self._names is not None and not restart:
            return
        if self._names is None or pattern:
            self._pattern = pattern or "*"
        dots = [".", ".."] if directory.parent is not None else []
        self._names = dots + directory.names()
        self._next = 0
        self._found = False

    def next_entry(self) -> DirectoryEntry:
        """The next entry that matches.

        KernelError NO_SUCH_FILE where none did, NO_MORE_FILES at the end.
        """
        names = self._names or []
        while self._next < len(names):
            name = names[self._next]
            self._next += 1
            if self._pattern == "*" or matches(self._pattern, name):
                status = self._status(name)
                if status is not None:
                    self._found = True
                    return DirectoryEntry(name, status)
        raise KernelError(Reason.NO_MORE_FILES if self._found else Reason.NO_SUCH_FILE)

    def put_back(self) -> None:
        """Let `next_entry` return the last entry once more."""
        self._next -= 1

    def _status(self, name: str) -> FileStatus | None:
        """The status of an entry; None if it is gone or cannot be reached."""
        directory = self.node.where.directory
        assert directory is not None
        if name == ".":
            return self.status()
        try:
            if name == "..":
                above = directory.parent
                return None if above is None else self.volume.node(above.here()).status()
            found = directory.locate(name)
            return None if found is None else self.volume.node(found).status()
        except KernelError:
            return None
