"""What mounts need of a directory: names, and what they stand for.

There are two kinds: the host's own (`host_directory`), and one whose changes stay in a private
layer (`layered_directory`).
"""

from __future__ import annotations

import os
import stat
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from provider.kernel.errors import KernelError, Reason

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

MAX_LINKS = 16

FileKey = tuple[int, int]
"""Which file it is: the host's device and inode, or the layer's own.  Never shown to a guest."""


class HostStatus(NamedTuple):
    """What the host says of a file."""

    key: FileKey
    mode: int
    """Its kind and permissions, as in `st_mode`."""
    size: int
    modified: int
    """Nanoseconds since 1970."""
    links: int

    @classmethod
    def of(cls, status: os.stat_result) -> HostStatus:
        """From what the host answers."""
        key = (status.st_dev, status.st_ino)
        return cls(key, status.st_mode, status.st_size, status.st_mtime_ns, status.st_nlink)


class Directory(ABC):
    """A directory beneath a mount; every operation takes one name and follows no link."""

    key: FileKey
    parent: Directory | None
    """None for the root of a mount."""

    def is_within(self, key: FileKey) -> bool:
        """Whether this directory is the one of that key or beneath it."""
        directory: Directory | None = self
        while directory is not None:
            if directory.key == key:
                return True
            directory = directory.parent
        return False

    def resolve(
        self, name: str, status: HostStatus, links: int = MAX_LINKS
    ) -> tuple[Directory, str, HostStatus]:
        """Follow symbolic links beneath the mount: directory, name and status of the target.

        KernelError ACCESS_DENIED for a link that leads outside, to nothing, or in a circle.
        """
        if not stat.S_ISLNK(status.mode):
            return self, name, status
        target = self.read_link(name)
        *above, last = [part for part in target.split("/") if part not in ("", ".")] or [".."]
        if links == 0 or target.startswith("/") or last == "..":
            raise KernelError(Reason.ACCESS_DENIED, "a symbolic link")
        directory: Directory = self
        for part in above:
            parent = directory.parent if part == ".." else directory.enter(part, links - 1)
            if parent is None:
                raise KernelError(Reason.ACCESS_DENIED, "a symbolic link out of the mount")
            directory = parent
        found = directory.status(last)
        if found is None:
            raise KernelError(Reason.ACCESS_DENIED, "a symbolic link to nothing")
        return directory.resolve(last, found, links - 1)

    def enter(self, name: str, links: int = MAX_LINKS) -> Directory | None:
        """The directory `name`, exactly so spelt, or what a link of that name leads to."""
        status = self.status(name)
        if status is None:
            return None
        directory, name, status = self.resolve(name, status, links)
        return directory.child(name, status.key) if stat.S_ISDIR(status.mode) else None

    @abstractmethod
    def names(self) -> list[str]:
        """The names that a guest can use, in no order.  KernelError."""

    @abstractmethod
    def version(self) -> Hashable | None:
        """Something that is equal only as long as `names` stay the same; None if nothing is."""

    def changed_since(self, version: Hashable) -> Mapping[str, bool] | None:
        """Names that came or went since that version, and whether they are there; None: unknown."""
        return None

    @abstractmethod
    def is_empty(self, *, but: Iterable[str] = ()) -> bool:
        """Whether there is nothing `but` these names, not even what guests cannot name."""

    @abstractmethod
    def find(self, name: str) -> tuple[str, HostStatus] | None:
        """The stored name and status of what `name` means: the very name first.

        Then the first in order that equals it but for case.  KernelError.
        """

    @abstractmethod
    def status(self, name: str) -> HostStatus | None:
        """The status of an entry, of a link itself; None without one.  KernelError."""

    @abstractmethod
    def own_status(self) -> HostStatus:
        """The status of the directory itself.  OSError."""

    @abstractmethod
    def opened_status(self, fd: int, key: FileKey) -> HostStatus:
        """The status of a file of this directory that is open as `fd`.  OSError."""

    @abstractmethod
    def read_link(self, name: str) -> str:
        """Where a symbolic link of the host leads.  KernelError."""

    @abstractmethod
    def child(self, name: str, key: FileKey) -> Directory:
        """The subdirectory `name`.  KernelError."""

    @abstractmethod
    def open_file(self, name: str, key: FileKey, *, write: bool) -> tuple[int, bool]:
        """A descriptor of the regular file `name`, and whether changes may go to it.

        KernelError, also if it is not that file.
        """

    @abstractmethod
    def own_file(self, name: str, key: FileKey, fd: int, size: int | None = None) -> int:
        """A descriptor that changes may go to, for `fd`, which it replaces.

        What lies beyond `size` may be missing.  OSError.
        """

    @abstractmethod
    def set_mode(self, fd: int, key: FileKey, mode: int) -> None:
        """Set the permissions of a file open as `fd`, one for changes.  OSError."""

    @abstractmethod
    def create_file(self, name: str) -> tuple[int, FileKey]:
        """A descriptor of a new empty file.  KernelError OBJECT_NAME_COLLISION and others."""

    @abstractmethod
    def create_directory(self, name: str) -> None:
        """Make an empty directory.  KernelError."""

    @abstractmethod
    def remove(self, name: str, *, directory: bool) -> None:
        """Remove a file or an empty directory.  KernelError."""

    @abstractmethod
    def rename(self, name: str, target: Directory, new_name: str) -> None:
        """Move an entry; a file of the new name is replaced.  KernelError."""

    @abstractmethod
    def link(self, name: str, target: Directory, new_name: str) -> None:
        """Give a file another name.  KernelError."""
