"""The registry: keys, their subkeys and values, whose names are compared without case."""

from __future__ import annotations

from typing import NamedTuple

from provider.kernel.errors import KernelError, Reason
from provider.kernel.ob.access import READ_CONTROL, STANDARD_REQUIRED, GenericMapping
from provider.kernel.ob.casing import upcase
from provider.kernel.ob.object import KernelObject

MAX_DEPTH = 512
MAX_KEY_NAME = 255
MAX_VALUE_NAME = 16383
MAX_BYTES = 64 << 20
"""All names and values of a machine; bounds the host's memory."""
_ENTRY_COST = 256
"""Bytes that a key or value counts besides its name and data."""


class Value(NamedTuple):
    """A value; `kind` is its type (REG_SZ …), which means nothing here."""

    name: str
    kind: int
    data: bytes


class Key:
    """A key; subkeys are listed by name, values in the order of their setting."""

    __slots__ = ("_subkeys", "_values", "is_deleted", "key_class", "name", "parent", "written")

    def __init__(self, name: str, parent: Key | None, written: int) -> None:
        self.name, self.parent, self.written = name, parent, written
        self.key_class = ""
        self.is_deleted = False
        self._subkeys: dict[str, Key] = {}
        self._values: dict[str, Value] = {}

    @property
    def path(self) -> str:
        r"""From \REGISTRY on."""
        return f"{self.parent.path}\\{self.name}" if self.parent else f"\\{self.name}"

    @property
    def depth(self) -> int:
        """Keys above this one."""
        return self.parent.depth + 1 if self.parent else 0

    def subkeys(self) -> list[Key]:
        """In the order of their names without case."""
        return [self._subkeys[name] for name in sorted(self._subkeys)]

    def values(self) -> list[Value]:
        """In the order of their first setting."""
        return list(self._values.values())

    def subkey(self, name: str) -> Key | None:
        """The subkey of that name."""
        return self._subkeys.get(upcase(name))

    def value(self, name: str) -> Value | None:
        """The value of that name; "" is the default value."""
        return self._values.get(upcase(name))


class KeyObject(KernelObject):
    """What a handle of a key stands for."""

    __slots__ = ("key",)

    type_name = "Key"
    generic = GenericMapping(
        read=READ_CONTROL | 0x19,
        write=READ_CONTROL | 0x6,
        execute=READ_CONTROL | 0x19,
        all=STANDARD_REQUIRED | 0x3F,
    )

    def __init__(self, key: Key) -> None:
        super().__init__()
        self.key = key

    def full_name(self) -> str:
        return self.key.path


class Registry:
    """The tree of keys and values below one root."""

    def __init__(self) -> None:
        self.root = Key("REGISTRY", None, 0)
        self._bytes = 0

    def find(self, key: Key, path: str) -> Key:
        """The key at `path` below `key`; empty: the key itself.

        KernelError OBJECT_NAME_NOT_FOUND, KEY_DELETED.
        """
        for name in _components(path):
            below = live(key).subkey(name)
            if below is None:
                raise KernelError(Reason.OBJECT_NAME_NOT_FOUND, path)
            key = below
        return live(key)

    def create(self, key: Key, path: str, now: int) -> tuple[Key, bool]:
        """The key at `path` below `key`, made if it is only the last name that is missing.

        Returns whether it is new.  KernelError OBJECT_NAME_NOT_FOUND, OBJECT_NAME_INVALID,
        KEY_DELETED, INSUFFICIENT_RESOURCES.
        """
        above, _, name = path.rstrip("\\").rpartition("\\")
        key = self.find(key, above)
        if not name:
            return key, False
        below = key.subkey(name)
        if below is not None:
            return below, False
        if key is self.root:
            raise KernelError(Reason.OBJECT_NAME_INVALID, "hives are the system's own")
        return self._add(key, name, now), True

    def ensure(self, path: str) -> Key:
        """The key at `path` below the root, made with all above it: for the system's own."""
        key = self.root
        for name in _components(path):
            key = key.subkey(name) or self._add(key, name, 0)
        return key

    def set_value(self, key: Key, value: Value, now: int) -> None:
        """Store a value.  KernelError KEY_DELETED, INVALID_PARAMETER, INSUFFICIENT_RESOURCES."""
        if len(value.name) > MAX_VALUE_NAME:
            raise KernelError(Reason.INVALID_PARAMETER, "the value's name is too long")
        before = live(key).value(value.name)
        grown = _cost(value) - (_cost(before) if before is not None else 0)
        self._charge(grown)
        if before is not None:
            value = value._replace(name=before.name)
        key._values[upcase(value.name)] = value
        key.written = now

    def delete_value(self, key: Key, name: str, now: int) -> None:
        """Take a value away.  KernelError KEY_DELETED, OBJECT_NAME_NOT_FOUND."""
        value = live(key)._values.pop(upcase(name), None)
        if value is None:
            raise KernelError(Reason.OBJECT_NAME_NOT_FOUND, name)
        self._charge(-_cost(value))
        key.written = now

    def delete(self, key: Key, now: int) -> None:
        """Take a key away that has no subkeys.  KernelError KEY_DELETED, CANNOT_DELETE."""
        if live(key)._subkeys or key.parent is None or key.parent.parent is None:
            raise KernelError(Reason.CANNOT_DELETE, key.path)
        del key.parent._subkeys[upcase(key.name)]
        key.parent.written = now
        key.is_deleted = True
        self._charge(-_ENTRY_COST - 2 * len(key.name) - sum(map(_cost, key.values())))

    def _add(self, above: Key, name: str, now: int) -> Key:
        if len(name) > MAX_KEY_NAME or above.depth >= MAX_DEPTH:
            raise KernelError(Reason.OBJECT_NAME_INVALID, name)
        self._charge(_ENTRY_COST + 2 * len(name))
        key = above._subkeys[upcase(name)] = Key(name, above, now)
        above.written = now
        return key

    def _charge(self, size: int) -> None:
        if size > 0 and self._bytes + size > MAX_BYTES:
            raise KernelError(Reason.INSUFFICIENT_RESOURCES, "the registry is full")
        self._bytes += size


def live(key: Key) -> Key:
    """`key`, which must not have been deleted.  KernelError KEY_DELETED."""
    if key.is_deleted:
        raise KernelError(Reason.KEY_DELETED, key.path)
    return key


def _components(path: str) -> list[str]:
    return [name for name in path.split("\\") if name]


def _cost(value: Value) -> int:
    return _ENTRY_COST + 2 * len(value.name) + len(value.data)
