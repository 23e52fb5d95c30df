r"""Mounts: which directories of the host a guest sees, and where.

    mounts   C:\work = /home/u/w       tree  C:  ──┬── work ───── (mount)
             C:\Windows\System32 = …               └── Windows ── System32 (mount)

Directories above a mount exist by themselves and cannot be changed, unless a mount further up has
a directory of that name.  A `Place` is a directory of the guest: a point of this tree, a directory
of the host, or both at once.
"""

from __future__ import annotations

import re
import stat
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.directory import Directory, FileKey, HostStatus
from provider.kernel.io.host_directory import HostDirectory, NameIndex
from provider.kernel.io.layered_directory import LayeredDirectory
from provider.kernel.io.name import is_valid
from provider.kernel.ob.casing import upcase

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping

    from provider.kernel.io.layer import Layer


class MountMode(Enum):
    """What the guest may do beneath a mount."""

    READ_ONLY = "ro"
    READ_WRITE = "rw"
    COPY_ON_WRITE = "cow"
    """All that READ_WRITE allows, but the changes stay in the machine's layer."""


class Mount:
    r"""A host directory at a guest path such as `C:\work`; ValueError for any other path."""

    __slots__ = ("_host", "beneath", "find_missing", "guest", "missing_names", "mode")

    def __init__(
        self,
        guest: str,
        host: Path | Callable[[], Path],
        mode: MountMode = MountMode.READ_ONLY,
        *,
        beneath: tuple[Path, ...] = (),
        find_missing: Callable[[str], Path | None] | None = None,
        missing_names: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        """`host` may also be what makes the directory, once somebody looks at it."""
        self.guest, self._host, self.mode = guest, host, mode
        self.beneath = beneath
        """More host directories, whose entries show where the ones before have none of the name."""
        self.find_missing = find_missing
        """Gives the host directory with an entry that is looked for here, and that none has."""
        self.missing_names = missing_names
        """Gives the names for which it may find one, for listings."""
        if not re.fullmatch(r"[A-Za-z]:(\\.*)?", self.guest) or not all(map(is_valid, self.names)):
            raise ValueError(f"{self.guest!r} is not a path such as C:\\work")

    @property
    def host(self) -> Path:
        """The directory, which is there."""
        if not self.is_made:
            assert callable(self._host)
            self._host = self._host()
        assert isinstance(self._host, Path)
        return self._host

    @property
    def is_made(self) -> bool:
        """Whether anybody needed the directory."""
        return isinstance(self._host, Path)

    @property
    def drive(self) -> str:
        """The drive's letter."""
        return self.guest[0].upper()

    @property
    def names(self) -> list[str]:
        """The path's components below the drive."""
        return [name for name in self.guest[3:].split("\\") if name]


class MountPoint:
    """A directory that exists because of a mount at it or below it."""

    __slots__ = (
        "_host",
        "_open",
        "beneath",
        "children",
        "elsewhere",
        "name",
        "names_elsewhere",
        "writable",
    )

    def __init__(self, name: str) -> None:
        self.name = name
        self.elsewhere: Callable[[str], Directory | None] = lambda name: None
        """What has an entry that neither `host` nor `beneath` has; never written to."""
        self.names_elsewhere: Callable[[], Iterable[str]] = tuple
        self.children: dict[str, MountPoint] = {}
        self._host: Directory | None = None
        self._open: Callable[[], Directory] | None = None
        self.beneath: tuple[Directory, ...] = ()
        """Directories whose entries show where `host` has none of the name; never written to."""
        self.writable = False

    @property
    def host(self) -> Directory | None:
        """The directory of the host that is mounted here, if any."""
        if self._open is not None:
            self._host, self._open = self._open(), None
        return self._host

    def attach(self, mount: Mount, index: NameIndex, layer: Layer) -> None:
        """Mount a directory at its place below this one.  OSError; ValueError if it is taken."""
        point = self
        for name in mount.names:
            point = point.children.setdefault(upcase(name), MountPoint(name))
        if point._host is not None or point._open is not None:
            raise ValueError(f"{mount.guest} is mounted twice")

        def open_host() -> Directory:
            host = HostDirectory.root(str(mount.host), index)
            layered = mount.mode is MountMode.COPY_ON_WRITE
            return LayeredDirectory.root(host, layer, mount.guest) if layered else host

        if mount.is_made:
            point._host = open_host()
        else:
            point._open = open_host
        point.beneath = tuple(HostDirectory.root(str(path), index) for path in mount.beneath)
        point.writable = mount.mode is not MountMode.READ_ONLY
        if mount.find_missing is not None:
            point.elsewhere = _opened(mount.find_missing, index)
            point.names_elsewhere = mount.missing_names


def _opened(
    find: Callable[[str], Path | None], index: NameIndex
) -> Callable[[str], Directory | None]:
    """The same with directories in place of their paths, each opened once."""
    opened: dict[Path, Directory] = {}

    def directory(name: str) -> Directory | None:
        path = find(name)
        if path is None:
            return None
        if path not in opened:
            opened[path] = HostDirectory.root(str(path), index)
        return opened[path]

    return directory


class Place:
    """A directory as the guest sees it."""

    __slots__ = ("host", "name", "parent", "point", "writable")

    def __init__(
        self,
        name: str,
        parent: Place | None,
        point: MountPoint | None,
        host: Directory | None,
        writable: bool,
    ) -> None:
        self.name, self.parent = name, parent
        self.point = point
        """The mount point here, if any."""
        self.host = host
        """The host's directory here, if any; this or `point` is there."""
        self.writable = writable
        """Whether entries of the host's directory may change."""

    @classmethod
    def root(cls, point: MountPoint) -> Place:
        """The top directory of a drive."""
        return cls("", None, point, point.host, point.writable)

    def path(self) -> str:
        r"""The path below the drive: `\work\x`; of the drive's top: `\`."""
        names = []
        place: Place | None = self
        while place is not None:
            names.append(place.name)
            place = place.parent
        return "\\".join(reversed(names)) or "\\"

    @property
    def key(self) -> FileKey:
        """What tells the directory from others."""
        return self.host.key if self.host is not None else (-1, id(self.point))

    def point_at(self, name: str) -> MountPoint | None:
        """The mount point of that name in this directory."""
        return self.point.children.get(upcase(name)) if self.point is not None else None

    def locate(self, name: str) -> Located | None:
        """The entry `name`, in any case.  KernelError ACCESS_DENIED for what is no plain file."""
        point = self.point_at(name)
        if point is not None and point.host is not None:
            place = Place(point.name, self, point, point.host, point.writable)
            return Located(self, point.name, point.host.key, place, None, None)
        found = self.host.find(name) if self.host is not None else None
        if found is not None:
            return self.located(*found)
        for other in self._beneath():
            assert other.host is not None
            if (found := other.host.find(name)) is not None:
                return other.located(*found)
        if point is None:
            return self._locate_elsewhere(name)
        place = Place(point.name, self, point, None, False)
        return Located(self, point.name, (-1, id(point)), place, None, None)

    def located(self, name: str, status: HostStatus) -> Located:
        """An entry of the host's directory.  KernelError ACCESS_DENIED as `locate`."""
        assert self.host is not None
        directory, target, status = self.host.resolve(name, status)
        key = status.key
        entry, source = (self.host, name), (directory, target)
        if stat.S_ISREG(status.mode):
            return Located(self, name, key, None, entry, source)
        if not stat.S_ISDIR(status.mode):
            raise KernelError(Reason.ACCESS_DENIED, "neither file nor directory")
        point = self.point_at(name)
        place = Place(name, self, point, directory.child(target, key), self.writable)
        return Located(self, name, key, place, None if point else entry, source)

    def here(self) -> Located:
        """Where the directory itself is."""
        if self.parent is not None and (found := self.parent.locate(self.name)) is not None:
            return found
        return Located(self.parent, self.name, self.key, self, None, None)

    def _locate_elsewhere(self, name: str) -> Located | None:
        if self.point is None or self.host is not self.point.host:
            return None
        host = self.point.elsewhere(name)
        found = host.find(name) if host is not None else None
        if found is None:
            return None
        return Place(self.name, self.parent, self.point, host, False).located(*found)

    def _beneath(self) -> list[Place]:
        """The same directory as the mount's further host directories have it."""
        if self.point is None or self.host is not self.point.host:
            return []
        return [
            Place(self.name, self.parent, self.point, host, False) for host in self.point.beneath
        ]

    def version(self) -> tuple[Hashable, ...] | None:
        """Something that is equal only as long as `names` stay the same; None if nothing is."""
        hosts = [self.host, *(other.host for other in self._beneath())]
        versions = tuple(host.version() for host in hosts if host is not None)
        if None in versions:
            return None
        names = self.point.children if self.point is not None else ()
        if self.point is not None and self.host is self.point.host:
            names = (*names, *self.point.names_elsewhere())
        return *names, *versions

    def changed_since(self, version: tuple[Hashable, ...]) -> Mapping[str, bool] | None:
        """Names that came or went since that version, and whether they are there; None: unknown."""
        now = self.version()
        if self.host is None or now is None or len(now) != 1 or len(version) != 1:
            return None
        return self.host.changed_since(version[0])

    def names(self) -> list[str]:
        """The entries' names, sorted without case, then with it.  KernelError."""
        points = self.point.children if self.point is not None else {}
        names = [point.name for point in points.values()]
        if self.host is not None:
            names += [name for name in self.host.names() if upcase(name) not in points]
        for other in self._beneath():
            assert other.host is not None
            seen = {upcase(name) for name in names}
            names += [name for name in other.host.names() if upcase(name) not in seen]
        if self.point is not None and self.host is self.point.host:
            seen = {upcase(name) for name in names}
            names += [name for name in self.point.names_elsewhere() if upcase(name) not in seen]
        return sorted(names, key=lambda name: (upcase(name), name))


Entry = tuple[Directory, str]


class Located(NamedTuple):
    """Where a path leads: an existing file or directory."""

    parent: Place | None
    """None for the top of a drive."""
    name: str
    key: FileKey
    directory: Place | None
    """The directory itself, for one."""
    entry: Entry | None
    """What deleting and renaming change; None for a mount point."""
    source: Entry | None
    """Where the contents are: `entry`, unless that is a symbolic link of the host."""

    @property
    def writable(self) -> bool:
        """Whether the mount lets the file or directory be changed."""
        if self.entry is None:
            return self.directory is not None and self.directory.writable
        return self.parent is not None and self.parent.writable
