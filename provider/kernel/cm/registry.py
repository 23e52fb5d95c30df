r"""The registry: one tree of keys, made of hives.

\REGISTRY
    MACHINE     not a hive itself; nor is USER: keys are not made directly in them
        SOFTWARE, SYSTEM, …     roots of hives
    USER        one hive for each user
    A           hives that processes have loaded for themselves
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.cm.key import LINK_KIND, LINK_VALUE, Key, Value, live
from provider.kernel.cm.notify import Change, KeyWatch
from provider.kernel.errors import KernelError, Reason
from provider.kernel.event_stream import EventStream
from provider.kernel.events import RegistryAccess
from provider.kernel.ob.casing import upcase

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.events import RegistryOperation
    from provider.kernel.thread import Thread

MAX_DEPTH = 512
MAX_KEY_NAME = 256
MAX_VALUE_NAME = 16383
MAX_LINKS = 32
MAX_BYTES = 64 << 20
"""All names and values of a machine; bounds the host's memory."""
_ENTRY_COST = 256
"""Bytes that a key or value counts besides its name and data."""
_ROOT = "\\REGISTRY\\"
APPLICATION_HIVES = "A"


class Registry:
    """The tree of keys and values below one root."""

    def __init__(self, events: EventStream | None = None) -> None:
        self._events = events or EventStream()
        self._accesses = self._events.channel(RegistryAccess)
        self.root = Key("REGISTRY", None, 0, is_volatile=True)
        self.used_bytes = 0
        self.on_released: Callable[[Key], None] = lambda key: None
        """Called when one who had opened a key is done with it."""
        self._watches: dict[KeyWatch, None] = {}
        for name in ("MACHINE", "USER", APPLICATION_HIVES):
            self.root.subkeys_by_name[name] = Key(name, self.root, 0, is_volatile=True)

    def find(self, key: Key, path: str, *, open_link: bool = False) -> Key:
        """The key at `path` below `key`; empty: the key itself.

        Symbolic links are followed, the last one not if `open_link`.  KernelError
        OBJECT_NAME_NOT_FOUND, INVALID_PARAMETER, KEY_DELETED.
        """
        walk = _Walk(self.root, key, path)
        while walk.names:
            below = live(walk.key).subkey(walk.next_name())
            if below is None:
                if self._accesses.listeners:
                    missing = "\\".join([walk.key.path, *walk.names])
                    self._tell("open", missing, "", succeeded=False)
                raise KernelError(Reason.OBJECT_NAME_NOT_FOUND, path)
            walk.enter(below, open_link=open_link)
        self.note("open", walk.key)
        return live(walk.key)

    def note(
        self, operation: RegistryOperation, key: Key, value: str = "", *, succeeded: bool = True
    ) -> None:
        """Tell whoever listens that a key or a value of it was used."""
        if self._accesses.listeners:
            self._tell(operation, key.path, value, succeeded=succeeded)

    def _tell(
        self, operation: RegistryOperation, path: str, value: str, *, succeeded: bool
    ) -> None:
        stamp = self._events.stamp_running()
        self._accesses.emit(RegistryAccess(*stamp, operation, path, value, succeeded))

    def create(
        self,
        key: Key,
        path: str,
        now: int,
        *,
        is_volatile: bool = False,
        is_link: bool = False,
        open_link: bool = False,
        admit: Callable[[Key], None] | None = None,
    ) -> tuple[Key, bool]:
        """The key at `path` below `key`, made if it is only the last name that is missing.

        A symbolic link to a key that is missing makes that.  Returns whether the key is new.
        `admit` may refuse the key that is to have it.
        KernelError OBJECT_NAME_NOT_FOUND, OBJECT_NAME_COLLISION, INVALID_PARAMETER, KEY_DELETED,
        CHILD_MUST_BE_VOLATILE, INSUFFICIENT_RESOURCES.
        """
        walk = _Walk(self.root, key, path)
        while walk.names:
            name, above = walk.next_name(), live(walk.key)
            below = above.subkey(name)
            if below is None and not walk.is_last:
                raise KernelError(Reason.OBJECT_NAME_NOT_FOUND, path)
            if below is None:
                if self._is_top(above):
                    raise KernelError(Reason.INVALID_PARAMETER, "hives are the system's own")
                if admit is not None:
                    admit(above)
                return self._add(above, name, now, is_volatile=is_volatile, is_link=is_link), True
            if is_link and walk.is_last:
                raise KernelError(Reason.OBJECT_NAME_COLLISION, path)
            walk.enter(below, open_link=open_link)
        self.note("open", walk.key)
        return live(walk.key), False

    def ensure(self, path: str, *, is_volatile: bool = False) -> Key:
        """The key at `path` below the root, made with all above it: for the system's own.

        Symbolic links are followed but for the last.  KernelError as `create`.
        """
        walk = _Walk(self.root, self.root, path)
        while walk.names:
            name, above = walk.next_name(), walk.key
            below = above.subkey(name)
            if below is None:
                volatile = is_volatile or (above.is_volatile and not self._is_top(above))
                below = self._add(above, name, 0, is_volatile=volatile)
            walk.enter(below, open_link=True)
        return walk.key

    def watch(self, key: Key, changes: int, *, subtree: bool) -> KeyWatch:
        """Begin to watch a key.  KernelError KEY_DELETED."""
        return KeyWatch(live(key), changes, self._watches, subtree=subtree)

    def set_value(self, key: Key, value: Value, now: int) -> None:
        """Store a value.

        KernelError KEY_DELETED, INVALID_PARAMETER, INSUFFICIENT_RESOURCES; ACCESS_DENIED for
        anything but its target in a symbolic link.
        """
        if len(value.name) > MAX_VALUE_NAME:
            raise KernelError(Reason.INVALID_PARAMETER, "the value's name is too long")
        is_target = value.kind == LINK_KIND and upcase(value.name) == upcase(LINK_VALUE)
        if live(key).is_link and not is_target:
            raise KernelError(Reason.ACCESS_DENIED, "a symbolic link has no other values")
        before = key.value(value.name)
        self._charge(_cost(value) - (_cost(before) if before is not None else 0))
        self.note("set_value", key, value.name)
        key.put(value if before is None else value._replace(name=before.name))
        key.written = now
        self._report(key, Change.LAST_SET)

    def delete_value(self, key: Key, name: str, now: int) -> None:
        """Take a value away.  KernelError KEY_DELETED, OBJECT_NAME_NOT_FOUND."""
        value = live(key).take(name)
        self.note("delete_value", key, name, succeeded=value is not None)
        if value is None:
            raise KernelError(Reason.OBJECT_NAME_NOT_FOUND, name)
        self._charge(-_cost(value))
        key.written = now
        self._report(key, Change.LAST_SET)

    def delete(self, key: Key, now: int) -> None:
        """Take a key away that has no subkeys.  KernelError CANNOT_DELETE."""
        if key.is_deleted:
            return
        if key.subkeys_by_name or key.is_hive or self._is_top(key):
            raise KernelError(Reason.CANNOT_DELETE, key.path)
        self.discard(key, now)

    def discard(self, key: Key, now: int) -> None:
        """Take a key away with all below it; handles of them stand for deleted keys."""
        assert key.parent is not None, "the root stays"
        self.note("delete_key", key)
        del key.parent.subkeys_by_name[upcase(key.name)]
        for gone in key.tree():
            self._charge(-_key_cost(gone))
            gone.is_deleted = True
            gone.clear_values()
            for watch in tuple(gone.watches):
                watch.close()
        key.parent.written = now
        self._report(key.parent, Change.NAME)

    def rename(self, key: Key, name: str, now: int) -> None:
        """Give a key another name.

        KernelError KEY_DELETED, INVALID_PARAMETER, CANNOT_DELETE where the name is taken (also by
        the key itself) or the key is a hive.
        """
        if not name or "\\" in name or len(name) > MAX_KEY_NAME:
            raise KernelError(Reason.INVALID_PARAMETER, name)
        above = live(key).parent
        if above is None or key.is_hive or self._is_top(key) or above.subkey(name) is not None:
            raise KernelError(Reason.CANNOT_DELETE, name)
        self._charge(2 * (len(name) - len(key.name)))
        self.note("rename_key", key, name)
        del above.subkeys_by_name[upcase(key.name)]
        key.name = name
        above.subkeys_by_name[upcase(name)] = key
        key.written = above.written = now
        self._report(above, Change.NAME)

    def set_security(self, key: Key, descriptor: bytes) -> None:
        """Store a security descriptor.  KernelError KEY_DELETED, INSUFFICIENT_RESOURCES."""
        self._charge(len(descriptor) - len(live(key).security or b""))
        key.security = descriptor
        self._report(key, Change.SECURITY | Change.ATTRIBUTES)

    def graft(self, above: Key, name: str, hive: Key) -> None:
        """Make a tree that stands alone a hive of `above`.

        KernelError OBJECT_NAME_COLLISION, INVALID_PARAMETER, INSUFFICIENT_RESOURCES.
        """
        if above.parent is not self.root or not name or len(name) > MAX_KEY_NAME:
            raise KernelError(Reason.INVALID_PARAMETER, name)
        if above.subkey(name) is not None:
            raise KernelError(Reason.OBJECT_NAME_COLLISION, name)
        hive.name = name
        self._charge(sum(map(_key_cost, hive.tree())))
        hive.parent, hive.is_hive = above, True
        above.subkeys_by_name[upcase(name)] = hive
        self._report(above, Change.NAME)

    def replace_contents(self, key: Key, source: Key, now: int) -> None:
        """Let `key` have the subkeys and values of a tree that stands alone.

        Handles of keys below stand for deleted keys.  KernelError INSUFFICIENT_RESOURCES.
        """
        self._charge(sum(map(_key_cost, source.tree())) - _own_cost(source))
        for below in key.subkeys():
            self.discard(below, now)
        for value in tuple(key.values()):
            self._charge(-_cost(value))
            key.take(value.name)
        for below in source.subkeys():
            below.parent = key
        key.subkeys_by_name = source.subkeys_by_name
        for value in source.values():
            key.put(value)
        key.key_class, key.written = source.key_class, now
        self._report(key, Change.NAME | Change.LAST_SET)

    def run_down(self, thread: Thread) -> None:
        """End the notifications that a thread which ends has asked for."""
        for watch in tuple(self._watches):
            watch.run_down(thread)

    def _is_top(self, key: Key) -> bool:
        """Whether `key` is above all hives."""
        return key is self.root or key.parent is self.root

    def _add(
        self, above: Key, name: str, now: int, *, is_volatile: bool, is_link: bool = False
    ) -> Key:
        if len(name) > MAX_KEY_NAME or above.depth >= MAX_DEPTH:
            raise KernelError(Reason.INVALID_PARAMETER, name)
        if above.is_link:
            raise KernelError(Reason.ACCESS_DENIED, "a symbolic link has no subkeys")
        is_top = self._is_top(above)
        if above.is_volatile and not is_volatile and not is_top:
            raise KernelError(Reason.CHILD_MUST_BE_VOLATILE, name)
        self._charge(_ENTRY_COST + 2 * len(name))
        key = Key(name, above, now, is_volatile=is_volatile, is_link=is_link)
        key.is_hive = above.parent is self.root and not is_link
        above.subkeys_by_name[upcase(name)] = key
        above.written = now
        self.note("create", key)
        self._report(above, Change.NAME)
        return key

    def _report(self, key: Key, change: int) -> None:
        above: Key | None = key
        while above is not None:
            for watch in tuple(above.watches):
                watch.report(change, below=above is not key)
            above = above.parent

    def _charge(self, size: int) -> None:
        if size > 0 and self.used_bytes + size > MAX_BYTES:
            raise KernelError(Reason.INSUFFICIENT_RESOURCES, "the registry is full")
        self.used_bytes += size


class _Walk:
    """A key on the way along a path, and the names that are left."""

    __slots__ = ("_links", "_root", "key", "names")

    def __init__(self, root: Key, key: Key, path: str) -> None:
        self._root, self.key, self.names = root, key, _components(path)
        self._links = 0

    @property
    def is_last(self) -> bool:
        """Whether the path ends with the next name."""
        return len(self.names) == 1

    def next_name(self) -> str:
        """The name of the key below.  KernelError INVALID_PARAMETER."""
        if len(self.names[0]) > MAX_KEY_NAME:
            raise KernelError(Reason.INVALID_PARAMETER, "the key's name is too long")
        return self.names[0]

    def enter(self, below: Key, *, open_link: bool) -> None:
        """Go to `below`, or where it leads if it is a symbolic link that is to be followed.

        KernelError OBJECT_NAME_NOT_FOUND; INVALID_PARAMETER after too many links.
        """
        self.key, self.names = below, self.names[1:]
        if not below.is_link or (open_link and not self.names):
            return
        target = below.link_target()
        if target is None or not upcase(target).startswith(_ROOT):
            raise KernelError(Reason.OBJECT_NAME_NOT_FOUND, f"{below.path} leads nowhere")
        self._links += 1
        if self._links > MAX_LINKS:
            raise KernelError(Reason.INVALID_PARAMETER, "too many symbolic links")
        self.key, self.names = self._root, _components(target[len(_ROOT) :]) + self.names


def _components(path: str) -> list[str]:
    return [name for name in path.split("\\") if name]


def _key_cost(key: Key) -> int:
    return _own_cost(key) + sum(map(_cost, key.values()))


def _own_cost(key: Key) -> int:
    security = len(key.security) if key.security is not None else 0
    return _ENTRY_COST + 2 * len(key.name) + security


def _cost(value: Value) -> int:
    return _ENTRY_COST + 2 * len(value.name) + len(value.data)
