"""A directory beneath a copy-on-write mount: the host's, as the layer has changed it.

Nothing here changes anything of the host's: the directory below is asked for names, status and
descriptors that can only be read.
"""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.directory import Directory, FileKey, HostStatus
from provider.kernel.io.host_error import host_errors
from provider.kernel.io.layer import Changes, Item, LayerDirectory, LayerFile, layered_key

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from provider.kernel.io.host_directory import HostDirectory
    from provider.kernel.io.layer import Layer


class LayeredDirectory(Directory):
    """One directory; several objects may stand for the same one."""

    def __init__(
        self,
        layer: Layer,
        key: FileKey,
        lower: HostDirectory | None,
        parent: Directory | None,
        name: str,
    ) -> None:
        """No `lower`: the guest has made the directory."""
        self._layer, self.key, self._lower = layer, key, lower
        self.parent, self._name = parent, name
        self._children: WeakValueDictionary[FileKey, LayeredDirectory] = WeakValueDictionary()

    @classmethod
    def root(cls, lower: HostDirectory, layer: Layer, guest: str) -> LayeredDirectory:
        """The directory of a mount at a guest path."""
        key = layered_key(lower.key)
        layer.roots.setdefault(key, guest)
        return cls(layer, key, lower, None, "")

    @property
    def _changes(self) -> Changes | None:
        return self._layer.changes.get(self.key)

    def names(self) -> list[str]:
        names = self._lower.names() if self._lower is not None else []
        changes = self._changes
        if changes is None:
            return names
        entries = changes.entries
        names = [name for name in names if name not in entries]
        return names + [name for name, item in entries.items() if item is not None]

    def version(self) -> tuple[Hashable, int] | None:
        lower = self._lower.version() if self._lower is not None else ()
        changes = self._changes
        return None if lower is None else (lower, changes.count if changes is not None else 0)

    def changed_since(self, version: Hashable) -> Mapping[str, bool] | None:
        now, changes = self.version(), self._changes
        if now is None or changes is None or not isinstance(version, tuple):
            return None
        lower, count = version
        return changes.since(count) if lower == now[0] else None

    def is_empty(self, *, but: Iterable[str] = ()) -> bool:
        entries = self._changes.entries if self._changes is not None else {}
        if any(item is not None and name not in but for name, item in entries.items()):
            return False
        return self._lower is None or self._lower.is_empty(but={*entries, *but})

    def find(self, name: str) -> tuple[str, HostStatus] | None:
        lower, changes = self._lower, self._changes
        if changes is None:
            found = lower.find(name) if lower is not None else None
            return None if found is None else (found[0], self._seen(found[1]))
        status = self.status(name)
        if status is None:
            alike = list(changes.alike(name))
            if lower is not None:
                alike += [other for other in lower.alike(name) if other not in changes.entries]
            if not alike:
                return None
            name = min(alike)
            status = self.status(name)
        return None if status is None else (name, status)

    def status(self, name: str) -> HostStatus | None:
        changes = self._changes
        if changes is not None and name in changes.entries:
            item = changes.entries[name]
            with host_errors():
                return None if item is None else self._layer.status(item)
        status = self._lower.status(name) if self._lower is not None else None
        return None if status is None else self._seen(status)

    def own_status(self) -> HostStatus:
        return LayerDirectory(self.key, self._lower).status()

    def opened_status(self, fd: int, key: FileKey) -> HostStatus:
        status = os.fstat(fd)
        file = self._layer.files.get(key)
        mode, links = (status.st_mode, status.st_nlink) if file is None else (file.mode, file.links)
        return HostStatus(key, mode, status.st_size, status.st_mtime_ns, links)

    def read_link(self, name: str) -> str:
        item = self._item(name)
        if isinstance(item, LayerFile) and item.lower is not None:
            directory, name = item.lower
            return directory.read_link(name)
        if self._lower is None:
            raise KernelError(Reason.ACCESS_DENIED, "no symbolic link")
        return self._lower.read_link(name)

    def child(self, name: str, key: FileKey) -> LayeredDirectory:
        known = self._children.get(key)
        if known is not None:
            return known
        item = self._item(name)
        if isinstance(item, LayerDirectory):
            lower, key = item.lower, item.key
        elif self._lower is not None:
            lower = self._lower.child(name, layered_key(key))
            key = layered_key(lower.key)
        else:
            raise KernelError(Reason.OBJECT_NAME_NOT_FOUND, name)
        child = LayeredDirectory(self._layer, key, lower, self, name)
        self._children[key] = child
        return child

    def open_file(self, name: str, key: FileKey, *, write: bool) -> tuple[int, bool]:
        file = self._layer.files.get(key)
        if file is not None:
            with host_errors():
                return self._layer.open(file), file.store is not None
        if self._lower is None:
            raise KernelError(Reason.OBJECT_NAME_NOT_FOUND, name)
        fd, _ = self._lower.open_file(name, layered_key(key), write=False)
        return fd, False

    def own_file(self, name: str, key: FileKey, fd: int, size: int | None = None) -> int:
        layer = self._layer
        file = layer.files.get(key)
        if file is not None and file.store is not None:
            return layer.open(file)
        status = self._status_of(name)
        if status is None or status.key != key:
            return self._copy_of_removed(key, fd, size)
        if file is None:
            assert self._lower is not None
            file = LayerFile(status, (self._lower, name))
        copy = layer.copy(file, fd, size)
        try:
            self._put(name, file)
        except OSError:
            os.close(copy)
            layer.discard(file)
            raise
        return copy

    def set_mode(self, fd: int, key: FileKey, mode: int) -> None:
        file = self._layer.files.get(key)
        if file is not None:
            file.mode = stat.S_IFMT(file.mode) | mode
        else:
            os.fchmod(fd, mode)

    def create_file(self, name: str) -> tuple[int, FileKey]:
        self._check_new(name)
        with host_errors():
            fd, file = self._layer.create()
            try:
                self._put(name, file)
            except OSError:
                os.close(fd)
                self._layer.discard(file)
                raise
        return fd, file.key

    def create_directory(self, name: str) -> None:
        self._check_new(name)
        with host_errors():
            self._put(name, LayerDirectory(self._layer.new_key(), None))

    def remove(self, name: str, *, directory: bool) -> None:
        item = self._required(name)
        if isinstance(item, LayerDirectory) is not directory:
            raise KernelError(Reason.FILE_IS_A_DIRECTORY if directory else Reason.NOT_A_DIRECTORY)
        if isinstance(item, LayerDirectory):
            if not self.child(name, item.key).is_empty():
                raise KernelError(Reason.DIRECTORY_NOT_EMPTY)
            self._hide(name)
            self._layer.forget_directory(item.key)
            return
        self._hide(name)
        self._layer.drop_link(item)

    def rename(self, name: str, target: Directory, new_name: str) -> None:
        assert isinstance(target, LayeredDirectory)
        if (target.key, new_name) == (self.key, name):
            return
        item = self._required(name)
        if isinstance(item, LayerDirectory) and target.is_within(item.key):
            raise KernelError(Reason.INVALID_PARAMETER, "a directory does not move into itself")
        replaced = target._existing(new_name)
        with host_errors():
            target._put(new_name, item)
        self._hide(name)
        if isinstance(replaced, LayerFile):
            self._layer.drop_link(replaced)
        if isinstance(item, LayerDirectory):
            self._layer.places[item.key] = target.key, new_name
            moved = self._children.pop(item.key, None)
            if moved is not None:
                moved.parent, moved._name = target, new_name
                target._children[item.key] = moved

    def link(self, name: str, target: Directory, new_name: str) -> None:
        assert isinstance(target, LayeredDirectory)
        item = self._required(name)
        target._check_new(new_name)
        assert isinstance(item, LayerFile)
        with host_errors():
            self._put(name, item)
            target._put(new_name, item)
        item.links += 1

    def file(self, name: str) -> LayerFile:
        """The regular file of that name, to be read.  KernelError."""
        item = self._required(name)
        if not isinstance(item, LayerFile):
            raise KernelError(Reason.FILE_IS_A_DIRECTORY, name)
        return item

    def _seen(self, status: HostStatus) -> HostStatus:
        """What a guest sees of a file that the host has under this name."""
        key = layered_key(status.key)
        file = self._layer.files.get(key)
        if file is not None:
            with host_errors():
                return self._layer.status(file) or status._replace(key=key)
        return HostStatus(key, status.mode, status.size, status.modified, status.links)

    def _item(self, name: str) -> Item | None:
        """What the layer has under a name."""
        changes = self._changes
        return None if changes is None else changes.entries.get(name)

    def _existing(self, name: str) -> Item | None:
        """What a name stands for, as an item that the layer can have.  KernelError."""
        item = self._item(name)
        status = self.status(name) if item is None else None
        if item is not None or status is None:
            return item
        assert self._lower is not None
        if stat.S_ISDIR(status.mode):
            child = self.child(name, status.key)
            return LayerDirectory(child.key, child._lower)
        known = self._layer.files.get(status.key)
        return known or LayerFile(status, (self._lower, name))

    def _required(self, name: str) -> Item:
        item = self._existing(name)
        if item is None:
            raise KernelError(Reason.OBJECT_NAME_NOT_FOUND, name)
        return item

    def _check_new(self, name: str) -> None:
        if self.status(name) is not None:
            raise KernelError(Reason.OBJECT_NAME_COLLISION, name)

    def _status_of(self, name: str) -> HostStatus | None:
        """`status` with its errors as the host's.  OSError."""
        try:
            return self.status(name)
        except KernelError as error:
            raise OSError(errno.EIO, str(error)) from error

    def _put(self, name: str, item: Item) -> None:
        """Let a name stand for an item.  OSError ENOSPC."""
        known = self._changes
        if known is None or name not in known.entries:
            self._layer.check_room()
            self._layer.names += 1
        self._changed().put(name, item)
        if isinstance(item, LayerFile):
            self._layer.files[item.key] = item

    def _hide(self, name: str) -> None:
        """Let a name that is there stand for nothing.  KernelError."""
        on_host = self._lower is not None and self._lower.status(name) is not None
        changes = self._changed()
        self._layer.names += on_host - (name in changes.entries)
        changes.take(name, hide=on_host)

    def _changed(self) -> Changes:
        """The directory's changes, made if need be; where it is gets known."""
        layer = self._layer
        directory: Directory | None = self
        while isinstance(directory, LayeredDirectory) and directory.parent is not None:
            if directory.key in layer.places:
                break
            layer.places[directory.key] = directory.parent.key, directory._name
            directory = directory.parent
        return layer.changes.setdefault(self.key, Changes())

    def _copy_of_removed(self, key: FileKey, fd: int, size: int | None) -> int:
        """A copy without a name, for a file that is open and has none."""
        status = os.fstat(fd)
        file = LayerFile(HostStatus.of(status)._replace(key=key), None)
        copy = self._layer.copy(file, fd, size)
        self._layer.discard(file)
        return copy
