"""Change notification: what open directories are told about changes in and beneath them.

The rules are those of FsRtlNotifyFullChangeDirectory and ReadDirectoryChangesW: the first call on
a directory says what counts, how deep, and how much is kept while nobody asks; who gets more than
fits is told to list the directory anew.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from emu.int_enum import IntEnum
from emu.named_tuple import NamedTuple
from provider.kernel.errors import Reason

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.io.directory import FileKey
    from provider.kernel.io.irp import Irp
    from provider.kernel.io.mount import Located, Place

MAX_ROOM = 1 << 16
"""Bytes that are kept for one directory, whatever its first call offers."""


class Filter:
    """Kinds of change that a call asks for (FILE_NOTIFY_CHANGE_…)."""

    FILE_NAME = 0x1
    DIR_NAME = 0x2
    ATTRIBUTES = 0x4
    SIZE = 0x8
    LAST_WRITE = 0x10
    LAST_ACCESS = 0x20
    CREATION = 0x40
    EA = 0x80
    SECURITY = 0x100
    ALL = 0xFFF
    """With those of streams, of which there are none."""


class Action(IntEnum):
    """What has happened to a name (FILE_ACTION_…)."""

    ADDED = 1
    REMOVED = 2
    MODIFIED = 3
    RENAMED_OLD_NAME = 4
    RENAMED_NEW_NAME = 5


class Change(NamedTuple):
    """One change; the name is relative to the directory that is watched."""

    action: Action
    name: str


class DirectoryWatch:
    """What one directory handle is told, and the calls that wait for it."""

    def __init__(
        self,
        wanted: int,
        encode: Callable[[list[Change]], bytes],
        *,
        subtree: bool,
        room: int,
    ) -> None:
        """`room` in bytes, as `encode` makes them: what is kept between calls."""
        self.wanted, self.subtree = wanted, subtree
        self.has_ended = False
        self._encode = encode
        self._room = min(room, MAX_ROOM)
        self._changes: list[Change] = []
        self._kept = 0
        self._overflowed = False
        self._waiting: deque[tuple[Irp, int]] = deque()

    def start(self, irp: Irp, room: int) -> None:
        """Tell what has changed in up to `room` bytes, now or as soon as something does."""
        self._waiting.append((irp, room))
        irp.pend(self._withdraw)
        self._answer()

    def tell(self, changes: list[Change]) -> None:
        """Something has changed; who waits is told all of it at once."""
        for change in changes:
            if change.action is Action.MODIFIED and self._changes[-1:] == [change]:
                continue
            self._changes.append(change)
            self._kept += len(self._encode([change]))
        if self._kept > self._room:
            self._overflowed = True
            self._changes.clear()
        self._answer()

    def end(self, reason: Reason) -> None:
        """Nothing more is told; who waits is told why."""
        self.has_ended = True
        waiting, self._waiting = self._waiting, deque()
        for irp, _ in waiting:
            irp.fail(reason)

    def _answer(self) -> None:
        if not self._waiting or not (self._changes or self._overflowed):
            return
        irp, room = self._waiting.popleft()
        data = self._encode(self._changes)
        fits = not self._overflowed and len(data) <= room
        self._changes, self._kept, self._overflowed = [], 0, False
        if fits:
            irp.complete(len(data), data)
        else:
            irp.fail(Reason.NOTIFY_ENUM_DIR)

    def _withdraw(self, irp: Irp) -> None:
        self._waiting = deque(entry for entry in self._waiting if entry[0] is not irp)


class Watches:
    """The watched directories of a machine."""

    def __init__(self) -> None:
        self._watches: dict[FileKey, list[DirectoryWatch]] = {}

    def __bool__(self) -> bool:
        return bool(self._watches)

    def add(self, key: FileKey, watch: DirectoryWatch) -> None:
        """Watch a directory."""
        self._watches.setdefault(key, []).append(watch)

    def remove(self, key: FileKey, watch: DirectoryWatch) -> None:
        """Watch it no more."""
        same = self._watches[key]
        same.remove(watch)
        if not same:
            del self._watches[key]

    def end(self, key: FileKey) -> None:
        """A directory is to be deleted."""
        for watch in tuple(self._watches.get(key, ())):
            watch.end(Reason.DELETE_PENDING)

    def added(self, parent: Place, name: str, *, directory: bool) -> None:
        """A directory has a new entry."""
        self._tell(parent, _kind(directory), [Change(Action.ADDED, name)])
        self._written(parent)

    def removed(self, parent: Place, name: str, *, directory: bool) -> None:
        """A directory has lost an entry."""
        self._written(parent)
        self._tell(parent, _kind(directory), [Change(Action.REMOVED, name)])

    def renamed(
        self, parent: Place, name: str, target: Place, new_name: str, *, directory: bool
    ) -> None:
        """An entry has another name, or another directory."""
        if parent.key != target.key:
            self.removed(parent, name, directory=directory)
            self.added(target, new_name, directory=directory)
            return
        changes = [
            Change(Action.RENAMED_OLD_NAME, name),
            Change(Action.RENAMED_NEW_NAME, new_name),
        ]
        self._tell(parent, _kind(directory), changes)
        self._written(parent)

    def modified(self, where: Located, kinds: int) -> None:
        """A file or directory has changed, but not its name."""
        if self._watches and where.parent is not None:
            self._tell(where.parent, kinds, [Change(Action.MODIFIED, where.name)])

    def _written(self, place: Place) -> None:
        """The entries of a directory changed, and so its own time in the one above."""
        if self._watches and place.parent is not None:
            change = [Change(Action.MODIFIED, place.name)]
            self._tell(place.parent, Filter.LAST_WRITE, change)

    def _tell(self, parent: Place, kinds: int, changes: list[Change]) -> None:
        if not self._watches:
            return
        place: Place | None = parent
        while place is not None:
            for watch in tuple(self._watches.get(place.key, ())):
                if watch.wanted & kinds and (watch.subtree or place is parent):
                    watch.tell(changes)
            changes = [Change(action, f"{place.name}\\{name}") for action, name in changes]
            place = place.parent


def _kind(directory: bool) -> int:
    return Filter.DIR_NAME if directory else Filter.FILE_NAME
