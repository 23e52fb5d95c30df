"""A directory of the host beneath a mount, held by a descriptor.

Every operation takes one name and is relative to the descriptor; no operation follows a symbolic
link.  A link is followed step by step by `resolve`, which never goes above the mount's root.  So
nothing here can reach outside the mount, whatever happens on the host at the same time.
"""

from __future__ import annotations

import os
import stat
from weakref import WeakValueDictionary

from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.host_error import host_errors
from provider.kernel.io.name import is_valid
from provider.kernel.ob.casing import upcase

MAX_LINKS = 16
_CACHED_INDEXES = 64
_WALK = os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_LIST = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC

FileKey = tuple[int, int]
"""The host's device and inode: which file it is.  Never shown to a guest."""


class NameIndex:
    """The names of directories by their upper-case form, each good for one modification time."""

    def __init__(self) -> None:
        self._indexes: dict[FileKey, tuple[int, dict[str, list[str]]]] = {}

    def find(self, directory: HostDirectory, name: str) -> str | None:
        """The first name in the directory that equals `name` but for case."""
        modified = os.fstat(directory.fd).st_mtime_ns
        known = self._indexes.get(directory.key)
        if known is None or known[0] != modified:
            known = modified, self._build(directory)
            while len(self._indexes) >= _CACHED_INDEXES:
                del self._indexes[next(iter(self._indexes))]
            self._indexes[directory.key] = known
        names = known[1].get(upcase(name))
        return min(names) if names else None

    def changed(
        self, directory: HostDirectory, *, added: str | None = None, removed: str | None = None
    ) -> None:
        """A name came or went by our own doing."""
        known = self._indexes.get(directory.key)
        if known is None:
            return
        index = known[1]
        if removed is not None and removed in index.get(upcase(removed), ()):
            index[upcase(removed)].remove(removed)
        if added is not None:
            index.setdefault(upcase(added), []).append(added)
        self._indexes[directory.key] = os.fstat(directory.fd).st_mtime_ns, index

    @staticmethod
    def _build(directory: HostDirectory) -> dict[str, list[str]]:
        index: dict[str, list[str]] = {}
        for name in directory.names():
            index.setdefault(upcase(name), []).append(name)
        return index


class HostDirectory:
    """One directory; the descriptor lives as long as the object."""

    def __init__(
        self, fd: int, parent: HostDirectory | None, index: NameIndex, key: FileKey
    ) -> None:
        """Takes over the O_PATH descriptor `fd`; no parent: the root of a mount."""
        self.fd, self.parent, self.key, self._index = fd, parent, key, index
        self._children: WeakValueDictionary[FileKey, HostDirectory] = WeakValueDictionary()

    def __del__(self) -> None:
        os.close(self.fd)

    @classmethod
    def root(cls, path: str, index: NameIndex) -> HostDirectory:
        """The directory at a path that the user named.  OSError."""
        fd = os.open(path, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        status = os.fstat(fd)
        return cls(fd, None, index, (status.st_dev, status.st_ino))

    def is_within(self, key: FileKey) -> bool:
        """Whether this directory is the one of that key or beneath it."""
        directory: HostDirectory | None = self
        while directory is not None:
            if directory.key == key:
                return True
            directory = directory.parent
        return False

    def names(self) -> list[str]:
        """The names that a guest can use, in no order.  KernelError."""
        with host_errors():
            fd = os.open(".", _LIST, dir_fd=self.fd)
            try:
                return [name for name in os.listdir(fd) if is_valid(name)]
            finally:
                os.close(fd)

    def is_empty(self) -> bool:
        """Whether there is nothing in the directory, not even what guests cannot name."""
        with host_errors():
            fd = os.open(".", _LIST, dir_fd=self.fd)
            try:
                with os.scandir(fd) as entries:
                    return next(entries, None) is None
            finally:
                os.close(fd)

    def find(self, name: str) -> tuple[str, os.stat_result] | None:
        """The stored name and status of what `name` means: the very name first."""
        status = self.status(name)
        if status is None:
            with host_errors():
                stored = self._index.find(self, name)
            if stored is None:
                return None
            name, status = stored, self.status(stored)
        return None if status is None else (name, status)

    def status(self, name: str) -> os.stat_result | None:
        """The status of an entry, of a link itself; None without one.  KernelError."""
        try:
            with host_errors():
                return os.stat(name, dir_fd=self.fd, follow_symlinks=False)
        except KernelError as error:
            if error.reason is Reason.OBJECT_NAME_NOT_FOUND:
                return None
            raise

    def resolve(
        self, name: str, status: os.stat_result, links: int = MAX_LINKS
    ) -> tuple[HostDirectory, str, os.stat_result]:
        """Follow symbolic links beneath the mount: directory, name and status of the target.

        KernelError ACCESS_DENIED for a link that leads outside, to nothing, or in a circle.
        """
        if not stat.S_ISLNK(status.st_mode):
            return self, name, status
        with host_errors():
            target = os.readlink(name, dir_fd=self.fd)
        *above, last = [part for part in target.split("/") if part not in ("", ".")] or [".."]
        if links == 0 or target.startswith("/") or last == "..":
            raise KernelError(Reason.ACCESS_DENIED, "a symbolic link")
        directory = self
        for part in above:
            parent = directory.parent if part == ".." else directory.enter(part, links - 1)
            if parent is None:
                raise KernelError(Reason.ACCESS_DENIED, "a symbolic link out of the mount")
            directory = parent
        found = directory.status(last)
        if found is None:
            raise KernelError(Reason.ACCESS_DENIED, "a symbolic link to nothing")
        return directory.resolve(last, found, links - 1)

    def enter(self, name: str, links: int = MAX_LINKS) -> HostDirectory | None:
        """The directory `name`, exactly so spelt, or what a link of that name leads to."""
        status = self.status(name)
        if status is None:
            return None
        directory, name, status = self.resolve(name, status, links)
        return directory.child(name, status) if stat.S_ISDIR(status.st_mode) else None

    def child(self, name: str, status: os.stat_result) -> HostDirectory:
        """The subdirectory `name`, whose status is known.  KernelError."""
        key = (status.st_dev, status.st_ino)
        known = self._children.get(key)
        if known is not None:
            return known
        with host_errors():
            fd = os.open(name, _WALK, dir_fd=self.fd)
            opened = os.fstat(fd)
        child = HostDirectory(fd, self, self._index, (opened.st_dev, opened.st_ino))
        self._children[child.key] = child
        return child

    def open_file(self, name: str, key: FileKey, *, write: bool) -> int:
        """A descriptor of the regular file `name`.  KernelError, also if it is not that file."""
        mode = os.O_RDWR if write else os.O_RDONLY
        with host_errors():
            fd = os.open(name, _FILE | mode, dir_fd=self.fd)
            status = os.fstat(fd)
        if (status.st_dev, status.st_ino) != key or not stat.S_ISREG(status.st_mode):
            os.close(fd)
            raise KernelError(Reason.ACCESS_DENIED, "the file was replaced on the host")
        return fd

    def create_file(self, name: str) -> int:
        """A descriptor of a new empty file.  KernelError OBJECT_NAME_COLLISION and others."""
        with host_errors():
            fd = os.open(name, _FILE | os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666, dir_fd=self.fd)
            self._index.changed(self, added=name)
        return fd

    def create_directory(self, name: str) -> None:
        """Make an empty directory.  KernelError."""
        with host_errors():
            os.mkdir(name, dir_fd=self.fd)
            self._index.changed(self, added=name)

    def remove(self, name: str, *, directory: bool) -> None:
        """Remove a file or an empty directory.  KernelError."""
        with host_errors():
            if directory:
                os.rmdir(name, dir_fd=self.fd)
            else:
                os.unlink(name, dir_fd=self.fd)
            self._index.changed(self, removed=name)

    def rename(self, name: str, target: HostDirectory, new_name: str) -> None:
        """Move an entry; a file of the new name is replaced.  KernelError."""
        with host_errors():
            os.rename(name, new_name, src_dir_fd=self.fd, dst_dir_fd=target.fd)
            self._index.changed(self, removed=name)
            self._index.changed(target, removed=new_name)
            self._index.changed(target, added=new_name)

    def link(self, name: str, target: HostDirectory, new_name: str) -> None:
        """Give a file another name.  KernelError."""
        with host_errors():
            os.link(name, new_name, src_dir_fd=self.fd, dst_dir_fd=target.fd, follow_symlinks=False)
            self._index.changed(target, added=new_name)
