r"""The private layer that the changes of all copy-on-write mounts go to.

    directory of the host        what was changed in it          contents
    key ──────────────────────►  name ── None: removed
                                 name ── LayerFile ───────────►  store/17, or a file of the host
                                 name ── LayerDirectory ──────►  a moved directory, or a new one

Names are kept in memory by the host directory that they belong to, so that every path to a
directory shows the same.  A file is copied into the store, a temporary directory of the host, when
it is first changed; until then it is read where it is.  A directory is never copied.
"""

from __future__ import annotations

import errno
import os
import stat
import weakref
from collections import deque
from itertools import count
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from provider.kernel.io.directory import FileKey, HostStatus
from provider.kernel.ob.casing import upcase

if TYPE_CHECKING:
    from provider.kernel.io.host_directory import HostDirectory

MAX_NAMES = 1 << 18
"""Names that may differ from the host's: the disk of such a mount is full then."""
_LAYER_DEVICE = -1 << 64
"""The device of files that the guest made."""
_CHUNK = 1 << 26
_REMEMBERED = 64
"""Changes of a directory that it can name."""


def layered_key(key: FileKey) -> FileKey:
    """The key of a host's file as a copy-on-write mount shows it, and back.

    It is another one, as the same file may be mounted for real as well.
    """
    return ~key[0], key[1]


class LayerFile:
    """A file, or a link, that is no longer as the host has it."""

    __slots__ = ("key", "links", "lower", "mode", "store")

    def __init__(self, status: HostStatus, lower: tuple[HostDirectory, str] | None) -> None:
        self.key, self.mode, self.links = status.key, status.mode, status.links
        self.lower = lower
        """Where the contents are until the store has them."""
        self.store: str | None = None
        """The name of the copy in the store."""


class LayerDirectory(NamedTuple):
    """A directory where the host has none: a new one, or, with `lower`, a moved one."""

    key: FileKey
    lower: HostDirectory | None

    def status(self) -> HostStatus:
        """Its status.  OSError."""
        if self.lower is None:
            return HostStatus(self.key, stat.S_IFDIR | 0o755, 0, 0, 1)
        _, mode, size, modified, links = self.lower.own_status()
        return HostStatus(self.key, mode, size, modified, links)


Item = LayerFile | LayerDirectory


class Changes:
    """The names of one directory that differ from the host's."""

    __slots__ = ("_alike", "_latest", "count", "entries")

    def __init__(self) -> None:
        self.entries: dict[str, Item | None] = {}
        self.count = 0
        """How often a name came or went."""
        self._latest: deque[str] = deque(maxlen=_REMEMBERED)
        """Which ones they were."""
        self._alike: dict[str, list[str]] = {}

    def alike(self, name: str) -> list[str]:
        """The names here that equal `name` but for case."""
        return self._alike.get(upcase(name), [])

    def put(self, name: str, item: Item) -> None:
        """Let a name stand for something."""
        if self.entries.get(name) is None:
            self._note(name)
            self._alike.setdefault(upcase(name), []).append(name)
        self.entries[name] = item

    def take(self, name: str, *, hide: bool) -> None:
        """Let a name stand for nothing; `hide`: the host has it."""
        self._note(name)
        if self.entries.pop(name, None) is not None:
            self._alike[upcase(name)].remove(name)
        if hide:
            self.entries[name] = None

    def since(self, count: int) -> dict[str, bool] | None:
        """Names that came or went since `count` was that, and whether they are there.

        None if it is too long ago.
        """
        first = len(self._latest) - (self.count - count)
        if first < 0:
            return None
        names = list(self._latest)[first:]
        return {name: self.entries.get(name) is not None for name in names}

    def _note(self, name: str) -> None:
        self.count += 1
        self._latest.append(name)


class Layer:
    """All changes of a machine.  The store goes with the object, or when it is closed."""

    def __init__(self) -> None:
        self.files: dict[FileKey, LayerFile] = {}
        self.changes: dict[FileKey, Changes] = {}
        self.places: dict[FileKey, tuple[FileKey, str]] = {}
        """Above each directory with changes, up to a root: the parent and the name in it."""
        self.roots: dict[FileKey, str] = {}
        """The guest's paths of the mounts."""
        self.hidden: set[tuple[FileKey, str]] = set()
        """Our own directories, should a mount show the directories that they are in."""
        self.names = 0
        """How many names differ from the host's."""
        self._numbers = count(1)
        self._store_fd = -1
        self._remove_store: weakref.finalize[[str, int], Layer] | None = None

    def hide(self, path: str) -> None:
        """Let no mount show a directory of ours.  OSError."""
        above, name = os.path.split(path)
        found = os.stat(above)
        key = layered_key((found.st_dev, found.st_ino))
        self.hidden.add((key, name))
        self.changes.setdefault(key, Changes()).take(name, hide=True)

    def close(self) -> None:
        """Remove the store; the contents of changed files are gone."""
        if self._remove_store is not None:
            self._remove_store()

    def new_key(self) -> FileKey:
        """A key for something that the guest makes."""
        return _LAYER_DEVICE, next(self._numbers)

    def check_room(self) -> None:
        """OSError ENOSPC unless one more name may differ."""
        if self.names >= MAX_NAMES:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def status(self, item: Item) -> HostStatus | None:
        """What a guest sees of an item.  KernelError, OSError."""
        if isinstance(item, LayerDirectory):
            return item.status()
        if item.store is not None:
            found = os.stat(item.store, dir_fd=self._store_fd)
            size, modified = found.st_size, found.st_mtime_ns
        else:
            status = item.lower[0].status(item.lower[1]) if item.lower is not None else None
            if status is None:
                return None
            size, modified = status.size, status.modified
        return HostStatus(item.key, item.mode, size, modified, item.links)

    def open(self, file: LayerFile) -> int:
        """A descriptor of the contents, for changes too if they are in the store.

        KernelError, OSError.
        """
        if file.store is not None:
            return os.open(file.store, os.O_RDWR | os.O_CLOEXEC, dir_fd=self._store_fd)
        if file.lower is None:
            raise OSError(errno.ENOENT, os.strerror(errno.ENOENT))
        directory, name = file.lower
        return directory.open_file(name, layered_key(file.key), write=False)[0]

    def create(self) -> tuple[int, LayerFile]:
        """A new empty file and its descriptor.  OSError."""
        fd, name = self._new_store_file()
        file = LayerFile(HostStatus(self.new_key(), os.fstat(fd).st_mode, 0, 0, 1), None)
        file.store = name
        return fd, file

    def copy(self, file: LayerFile, fd: int, size: int | None) -> int:
        """Bring the contents, open as `fd`, into the store, or the first `size` bytes of them.

        Returns the descriptor of the copy.  OSError.
        """
        copy, name = self._new_store_file()
        try:
            status = os.fstat(fd)
            left = status.st_size if size is None else min(size, status.st_size)
            done = 0
            while left > done and (sent := os.sendfile(copy, fd, done, min(left - done, _CHUNK))):
                done += sent
            os.utime(copy, ns=(status.st_mtime_ns, status.st_mtime_ns))
        except BaseException:
            os.close(copy)
            os.unlink(name, dir_fd=self._store_fd)
            raise
        file.store, file.lower = name, None
        return copy

    def drop_link(self, file: LayerFile) -> None:
        """One name of a file is gone; the contents go with the last.

        A file of the host's is remembered as one that has no name, for whoever has it open.
        """
        file.links -= 1
        if file.links > 0:
            self.files[file.key] = file
        elif file.store is not None:
            self.files.pop(file.key, None)
            self.discard(file)
        else:
            self.files[file.key] = file
            file.lower = None

    def discard(self, file: LayerFile) -> None:
        """Remove the contents; who has them open keeps them, with the file's permissions."""
        if file.store is not None:
            os.chmod(file.store, stat.S_IMODE(file.mode), dir_fd=self._store_fd)
            os.unlink(file.store, dir_fd=self._store_fd)

    def forget_directory(self, key: FileKey) -> None:
        """A directory is gone; the root of a mount stays there, and empty."""
        if key in self.roots:
            return
        changes = self.changes.pop(key, None)
        self.names -= len(changes.entries) if changes is not None else 0
        self.places.pop(key, None)

    def _new_store_file(self) -> tuple[int, str]:
        if self._store_fd < 0:
            self._make_store()
        name = str(next(self._numbers))
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        return os.open(name, flags, 0o666, dir_fd=self._store_fd), name

    def _make_store(self) -> None:
        import tempfile  # 3 ms, which a run that changes no file spares

        path = tempfile.mkdtemp(prefix="picorun-layer-")
        self.hide(path)
        self._store_fd = os.open(path, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        self._remove_store = weakref.finalize(self, _remove, path, self._store_fd)


def _remove(path: str, fd: int) -> None:
    import shutil

    os.close(fd)
    shutil.rmtree(path, ignore_errors=True)
