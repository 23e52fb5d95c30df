"""A directory of the host beneath a mount, held by a descriptor.

Every operation takes one name and is relative to the descriptor; no operation follows a symbolic
link.  A link is followed step by step by `Directory.resolve`, never above the mount's root.  So
nothing here can reach outside the mount, whatever happens on the host at the same time.
"""

from __future__ import annotations

import os
import stat
import time
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.directory import Directory, FileKey, HostStatus
from provider.kernel.io.host_error import host_errors, kernel_error
from provider.kernel.io.name import is_valid
from provider.kernel.ob.casing import upcase

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

_CACHED_INDEXES = 64
_WALK = os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_LIST = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


_TICK = 100_000_000
"""Nanoseconds; so far apart, two changes by others give a directory two modification times."""


class NameIndex:
    """The names of directories by their upper-case form, each good for one modification time."""

    def __init__(self) -> None:
        self._indexes: dict[FileKey, tuple[int, dict[str, list[str]]]] = {}
        self._own: dict[FileKey, tuple[int, int]] = {}
        """How often a name of a directory came or went by our doing, and the last time of that."""

    def version(self, directory: HostDirectory) -> Hashable | None:
        """See `Directory.version`.  OSError."""
        modified = os.fstat(directory.fd).st_mtime_ns
        count, at = self._own.get(directory.key, (0, 0))
        is_fresh = modified != at and abs(time.time_ns() - modified) < _TICK
        return None if is_fresh else (modified, count)

    def alike(self, directory: HostDirectory, name: str) -> list[str]:
        """The names in the directory that equal `name` but for case."""
        modified = os.fstat(directory.fd).st_mtime_ns
        known = self._indexes.get(directory.key)
        if known is None or known[0] != modified:
            known = modified, self._build(directory)
            while len(self._indexes) >= _CACHED_INDEXES:
                del self._indexes[next(iter(self._indexes))]
            self._indexes[directory.key] = known
        return known[1].get(upcase(name), [])

    def changed(
        self, directory: HostDirectory, *, added: str | None = None, removed: str | None = None
    ) -> None:
        """A name came or went by our own doing."""
        count, _ = self._own.get(directory.key, (0, 0))
        self._own[directory.key] = count + 1, os.fstat(directory.fd).st_mtime_ns
        known = self._indexes.get(directory.key)
        if known is None:
            return
        index = known[1]
        if removed is not None and removed in index.get(upcase(removed), ()):
            index[upcase(removed)].remove(removed)
        if added is not None:
            index.setdefault(upcase(added), []).append(added)
        self._indexes[directory.key] = self._own[directory.key][1], index

    @staticmethod
    def _build(directory: HostDirectory) -> dict[str, list[str]]:
        index: dict[str, list[str]] = {}
        for name in directory.names():
            index.setdefault(upcase(name), []).append(name)
        return index


class HostDirectory(Directory):
    """One directory; the descriptor lives as long as the object."""

    def __init__(
        self, fd: int, parent: HostDirectory | None, index: NameIndex, key: FileKey
    ) -> None:
        """Takes over the O_PATH descriptor `fd`; no parent: the root of a mount."""
        self.fd, self.key, self._index = fd, key, index
        self.parent: Directory | None = parent
        self._children: WeakValueDictionary[FileKey, HostDirectory] = WeakValueDictionary()

    def __del__(self) -> None:
        os.close(self.fd)

    @classmethod
    def root(cls, path: str, index: NameIndex) -> HostDirectory:
        """The directory at a path that the user named.  OSError."""
        fd = os.open(path, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        status = os.fstat(fd)
        return cls(fd, None, index, (status.st_dev, status.st_ino))

    def names(self) -> list[str]:
        with host_errors():
            fd = os.open(".", _LIST, dir_fd=self.fd)
            try:
                return [name for name in os.listdir(fd) if is_valid(name)]
            finally:
                os.close(fd)

    def version(self) -> Hashable | None:
        with host_errors():
            return self._index.version(self)

    def is_empty(self, *, but: Iterable[str] = ()) -> bool:
        with host_errors():
            fd = os.open(".", _LIST, dir_fd=self.fd)
            try:
                with os.scandir(fd) as entries:
                    return next((e for e in entries if e.name not in but), None) is None
            finally:
                os.close(fd)

    def find(self, name: str) -> tuple[str, HostStatus] | None:
        status = self.status(name)
        if status is None:
            alike = self.alike(name)
            if not alike:
                return None
            name = min(alike)
            status = self.status(name)
        return None if status is None else (name, status)

    def alike(self, name: str) -> list[str]:
        """The names that equal `name` but for case, in no order.  KernelError."""
        with host_errors():
            return self._index.alike(self, name)

    def status(self, name: str) -> HostStatus | None:
        try:
            return HostStatus.of(os.stat(name, dir_fd=self.fd, follow_symlinks=False))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise kernel_error(error) from error

    def own_status(self) -> HostStatus:
        return HostStatus.of(os.fstat(self.fd))

    def opened_status(self, fd: int, key: FileKey) -> HostStatus:
        return HostStatus.of(os.fstat(fd))

    def read_link(self, name: str) -> str:
        with host_errors():
            return os.readlink(name, dir_fd=self.fd)

    def child(self, name: str, key: FileKey) -> HostDirectory:
        known = self._children.get(key)
        if known is not None:
            return known
        with host_errors():
            fd = os.open(name, _WALK, dir_fd=self.fd)
            opened = os.fstat(fd)
        child = HostDirectory(fd, self, self._index, (opened.st_dev, opened.st_ino))
        self._children[child.key] = child
        return child

    def open_file(self, name: str, key: FileKey, *, write: bool) -> tuple[int, bool]:
        mode = os.O_RDWR if write else os.O_RDONLY
        with host_errors():
            fd = os.open(name, _FILE | mode, dir_fd=self.fd)
            status = os.fstat(fd)
        if (status.st_dev, status.st_ino) != key or not stat.S_ISREG(status.st_mode):
            os.close(fd)
            raise KernelError(Reason.ACCESS_DENIED, "the file was replaced on the host")
        return fd, True

    def own_file(self, name: str, key: FileKey, fd: int, size: int | None = None) -> int:
        return fd

    def set_mode(self, fd: int, key: FileKey, mode: int) -> None:
        os.fchmod(fd, mode)

    def create_file(self, name: str) -> tuple[int, FileKey]:
        with host_errors():
            fd = os.open(name, _FILE | os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666, dir_fd=self.fd)
            self._index.changed(self, added=name)
            status = os.fstat(fd)
        return fd, (status.st_dev, status.st_ino)

    def create_directory(self, name: str) -> None:
        with host_errors():
            os.mkdir(name, dir_fd=self.fd)
            self._index.changed(self, added=name)

    def remove(self, name: str, *, directory: bool) -> None:
        with host_errors():
            if directory:
                os.rmdir(name, dir_fd=self.fd)
            else:
                os.unlink(name, dir_fd=self.fd)
            self._index.changed(self, removed=name)

    def rename(self, name: str, target: Directory, new_name: str) -> None:
        assert isinstance(target, HostDirectory)
        with host_errors():
            os.rename(name, new_name, src_dir_fd=self.fd, dst_dir_fd=target.fd)
            if (target.key, new_name) != (self.key, name) and self.status(name) is not None:
                os.unlink(name, dir_fd=self.fd)  # both names were of one file: rename(2) kept them
            self._index.changed(self, removed=name)
            self._index.changed(target, removed=new_name)
            self._index.changed(target, added=new_name)

    def link(self, name: str, target: Directory, new_name: str) -> None:
        assert isinstance(target, HostDirectory)
        with host_errors():
            os.link(name, new_name, src_dir_fd=self.fd, dst_dir_fd=target.fd, follow_symlinks=False)
            self._index.changed(target, added=new_name)
