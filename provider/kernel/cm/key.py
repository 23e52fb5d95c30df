"""Keys and their values, whose names are compared without case, and what handles of keys stand for.

Everything that changes a key goes through `registry.Registry`, which counts bytes and tells who
watches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sortedcontainers import SortedDict

from emu.named_tuple import NamedTuple
from provider.kernel.errors import KernelError, Reason
from provider.kernel.ob.access import READ_CONTROL, STANDARD_REQUIRED, GenericMapping
from provider.kernel.ob.casing import upcase
from provider.kernel.ob.object import KernelObject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provider.kernel.cm.notify import KeyWatch
    from provider.kernel.cm.registry import Registry

LINK_VALUE: Final = "SymbolicLinkValue"
LINK_KIND: Final = 6
"""REG_LINK: UTF-16 without a terminator."""


class Value(NamedTuple):
    """A value; `kind` is its type (REG_SZ …), which means nothing here but for links."""

    name: str
    kind: int
    data: bytes


class Key:
    """A key; subkeys are listed by name, values in the order of their setting."""

    __slots__ = (
        "_listed",
        "flags",
        "is_deleted",
        "is_hive",
        "is_link",
        "is_volatile",
        "key_class",
        "name",
        "open_count",
        "parent",
        "security",
        "subkeys_by_name",
        "values_by_name",
        "watches",
        "written",
    )

    def __init__(
        self,
        name: str,
        parent: Key | None,
        written: int,
        *,
        is_volatile: bool = False,
        is_link: bool = False,
    ) -> None:
        self.name, self.parent, self.written = name, parent, written
        self.key_class = ""
        self.is_volatile, self.is_link = is_volatile, is_link
        self.is_hive = False
        """Whether the key is the root of a hive: it cannot be deleted, but perhaps unloaded."""
        self.is_deleted = False
        self.flags = 0
        """User flags, which mean nothing here."""
        self.security: bytes | None = None
        """A security descriptor; None: that of the key above."""
        self.open_count = 0
        """Key objects that stand for it."""
        self.watches: list[KeyWatch] = []
        self.subkeys_by_name: SortedDict = SortedDict()
        self.values_by_name: dict[str, Value] = {}
        self._listed: list[Value] | None = None

    @property
    def path(self) -> str:
        r"""From \REGISTRY on."""
        names, above = [self.name], self.parent
        while above is not None:
            names.append(above.name)
            above = above.parent
        return "\\" + "\\".join(reversed(names))

    @property
    def depth(self) -> int:
        """Keys above this one."""
        depth, key = 0, self.parent
        while key is not None:
            depth, key = depth + 1, key.parent
        return depth

    def subkeys(self) -> list[Key]:
        """In the order of their names without case."""
        return list(self.subkeys_by_name.values())

    def subkey_at(self, index: int) -> Key | None:
        """The subkey with that number in this order."""
        if index >= len(self.subkeys_by_name):
            return None
        key: Key = self.subkeys_by_name.peekitem(index)[1]
        return key

    def values(self) -> list[Value]:
        """In the order of their first setting."""
        if self._listed is None:
            self._listed = list(self.values_by_name.values())
        return self._listed

    def subkey(self, name: str) -> Key | None:
        """The subkey of that name."""
        key: Key | None = self.subkeys_by_name.get(upcase(name))
        return key

    def value(self, name: str) -> Value | None:
        """The value of that name; "" is the default value."""
        return self.values_by_name.get(upcase(name))

    def put(self, value: Value) -> None:
        """Store a value; one of that name keeps its place."""
        self.values_by_name[upcase(value.name)] = value
        self._listed = None

    def take(self, name: str) -> Value | None:
        """Remove a value and return it."""
        self._listed = None
        return self.values_by_name.pop(upcase(name), None)

    def clear_values(self) -> None:
        """Remove all values."""
        self.values_by_name.clear()
        self._listed = None

    def link_target(self) -> str | None:
        """The path that a symbolic link leads to; None if it does not say."""
        value = self.value(LINK_VALUE)
        if value is None or value.kind != LINK_KIND:
            return None
        return value.data[: len(value.data) & ~1].decode("utf-16-le", "surrogatepass")

    def effective_security(self) -> bytes | None:
        """The security descriptor of the key or of the nearest one above that has any."""
        key: Key | None = self
        while key is not None and key.security is None:
            key = key.parent
        return key.security if key is not None else None

    def tree(self) -> Iterator[Key]:
        """The key and all below it, each before its subkeys."""
        stack = [self]
        while stack:
            key = stack.pop()
            yield key
            stack += reversed(key.subkeys())


class KeyObject(KernelObject):
    """What a handle of a key stands for; `watch` is what it is notified of."""

    __slots__ = ("_registry", "key", "watch")

    type_name = "Key"
    parses = True
    security_required = True
    keeps_security = True
    generic = GenericMapping(
        read=READ_CONTROL | 0x19,
        write=READ_CONTROL | 0x6,
        execute=READ_CONTROL | 0x39,
        all=STANDARD_REQUIRED | 0x3F,
    )

    def __init__(self, key: Key, registry: Registry) -> None:
        super().__init__()
        self.key, self._registry = key, registry
        self.watch: KeyWatch | None = None
        key.open_count += 1

    def full_name(self) -> str:
        return live(self.key).path

    def get_security(self) -> bytes | None:
        return live(self.key).effective_security()

    def set_security(self, descriptor: bytes) -> None:
        self._registry.set_security(self.key, descriptor)

    def on_last_handle(self) -> None:
        if self.watch is not None:
            self.watch.close()

    def on_delete(self) -> None:
        self.key.open_count -= 1
        self._registry.on_released(self.key)


def live(key: Key) -> Key:
    """`key`, which must not have been deleted.  KernelError KEY_DELETED."""
    if key.is_deleted:
        raise KernelError(Reason.KEY_DELETED, key.name)
    return key
