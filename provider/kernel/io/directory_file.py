"""Open directories: listing them, and being told of changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.disk_file import NodeFile
from provider.kernel.io.listing import DirectoryEntry, Listing
from provider.kernel.io.notify import DirectoryWatch
from provider.kernel.io.short_name import ShortNameTable

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.io.mount import Place
    from provider.kernel.io.node import Node
    from provider.kernel.io.notify import Change
    from provider.kernel.io.record import FileStatus
    from provider.kernel.io.volume import Volume


class DirectoryFile(NodeFile):
    """A directory."""

    __slots__ = ("_short_names", "_watch", "listing")

    always_pends = True

    def __init__(self, volume: Volume, node: Node, access: int, share: int, options: int) -> None:
        super().__init__(volume, node, access, share, options)
        self.listing = Listing(self)
        self._short_names = ShortNameTable()
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

    def list_names(self) -> list[str]:
        """`.` and `..`, then the names in the order of their upper-case forms.  KernelError."""
        directory = self.node.where.directory
        assert directory is not None
        self._short_names = self.node.records.short_names.of(directory)
        names = self._short_names.names
        return [".", "..", *names] if directory.parent is not None else names

    def list_named(self, name: str) -> list[str]:
        """See `Listed`."""
        directory = self.node.where.directory
        assert directory is not None
        if name in (".", ".."):
            return [name] if directory.parent is not None else []
        if "~" not in name and not _may_have(directory, name):
            return []
        self._short_names = self.node.records.short_names.of(directory)
        return self._short_names.meant_by(name)

    def short_name(self, name: str) -> str:
        """See `Listed`."""
        return self._short_names.short(name)

    def entry(self, name: str) -> DirectoryEntry | None:
        """See `Listed`."""
        status = self._status(name)
        return None if status is None else DirectoryEntry(name, status, self.short_name(name))

    def tell_identifier(self, entry: DirectoryEntry) -> None:
        """The guest is told the identifier of an entry, and may open it by that."""
        place = self.node.where.directory
        assert place is not None
        if entry.name == "..":
            place = place.parent or place
        path = place.path()
        if entry.name not in (".", ".."):
            path = f"{path}\\{entry.name}"
        self.node.records.places[entry.status.id] = self.volume, path

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


def _may_have(directory: Place, name: str) -> bool:
    """False where no name equals `name`, case aside: that is known without a look at the others."""
    try:
        return directory.locate(name) is not None
    except KernelError:
        return True
