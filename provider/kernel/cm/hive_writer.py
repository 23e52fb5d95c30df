"""Writes a key and all below it as a hive file; volatile keys are left out."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.kernel.cm.hive import (
    BASE_BLOCK,
    BIN_HEADER,
    INLINE,
    KEY_CELL,
    KEY_HIVE_ENTRY,
    KEY_LINK,
    KEY_NARROW_NAME,
    KEY_NO_DELETE,
    LIST_HEADER,
    MAGIC,
    NOTHING,
    SECURITY_CELL,
    SEGMENT,
    VALUE_CELL,
    VALUE_NARROW_NAME,
    checksum,
)
from provider.kernel.ob.casing import upcase

if TYPE_CHECKING:
    from provider.kernel.cm.key import Key, Value

_MAJOR, _MINOR = 1, 5
_MEMORY_FORMAT = 1
_CELL_ALIGNMENT = 8
_LIST_LENGTH = 500
"""Keys of one lh list; more are in an ri list of lists."""


def hive_bytes(key: Key, now: int) -> bytes:
    """The file of a hive whose root has the contents of `key`; `now` is its time stamp."""
    writer = _Writer(key.effective_security() or b"")
    root = writer.add_tree(key)
    return writer.finish(root, now)


class _Writer:
    """Collects cells in one bin."""

    def __init__(self, security: bytes) -> None:
        self._bin = bytearray(BIN_HEADER.size)
        self._security_cells: dict[bytes, int] = {}
        self._security_users: dict[int, int] = {}
        self._default_security = security

    def add_tree(self, root: Key) -> int:
        """The cell of `root`, with those of all that it has."""
        top = self._reserve(KEY_CELL.size + len(_encoded(root.name)[0]))
        pending = [(root, top, NOTHING)]
        while pending:
            key, cell, parent = pending.pop()
            stable = [below for below in key.subkeys() if not below.is_volatile]
            cells = [
                self._reserve(KEY_CELL.size + len(_encoded(below.name)[0])) for below in stable
            ]
            pending += [(*pair, cell) for pair in zip(stable, cells, strict=True)]
            self._fill_key(key, cell, parent, stable, cells)
        return top

    def finish(self, root: int, now: int) -> bytes:
        """The file."""
        self._link_security()
        size = -(-len(self._bin) // BASE_BLOCK) * BASE_BLOCK
        if free := size - len(self._bin):
            self._bin += struct.pack("<i", free).ljust(free, b"\0")
        BIN_HEADER.pack_into(self._bin, 0, b"hbin", 0, size, now)
        head = struct.pack(
            "<4s2IQ7I", MAGIC, 1, 1, now, _MAJOR, _MINOR, 0, _MEMORY_FORMAT, root, size, 1
        ).ljust(508, b"\0")
        return (head + struct.pack("<I", checksum(head))).ljust(BASE_BLOCK, b"\0") + self._bin

    def _fill_key(
        self, key: Key, cell: int, parent: int, subkeys: list[Key], cells: list[int]
    ) -> None:
        name, narrow = _encoded(key.name)
        flags = KEY_NARROW_NAME if narrow else 0
        flags |= KEY_LINK if key.is_link else 0
        flags |= KEY_HIVE_ENTRY | KEY_NO_DELETE if parent == NOTHING else 0
        key_class = key.key_class.encode("utf-16-le", "surrogatepass")
        values = [self._add_value(value) for value in key.values()]
        body = KEY_CELL.pack(
            b"nk",
            flags,
            key.written,
            0 if parent == NOTHING else parent,
            len(cells),
            0,
            self._add_subkey_list(subkeys, cells),
            NOTHING,
            len(values),
            self._add(struct.pack(f"<{len(values)}I", *values)) if values else NOTHING,
            self._security(key.security or self._default_security),
            self._add(key_class) if key_class else NOTHING,
            max((2 * len(below.name) for below in subkeys), default=0),
            max((2 * len(below.key_class) for below in subkeys), default=0),
            max((2 * len(value.name) for value in key.values()), default=0),
            max((len(value.data) for value in key.values()), default=0),
            len(name),
            len(key_class),
        )
        self._store(cell, body + name)

    def _add_subkey_list(self, subkeys: list[Key], cells: list[int]) -> int:
        if not cells:
            return NOTHING
        entries = [
            struct.pack("<2I", cell, _hash(key.name))
            for key, cell in zip(subkeys, cells, strict=True)
        ]
        parts = [
            entries[start : start + _LIST_LENGTH] for start in range(0, len(entries), _LIST_LENGTH)
        ]
        lists = [self._add(LIST_HEADER.pack(b"lh", len(part)) + b"".join(part)) for part in parts]
        if len(lists) == 1:
            return lists[0]
        return self._add(
            LIST_HEADER.pack(b"ri", len(lists)) + struct.pack(f"<{len(lists)}I", *lists)
        )

    def _add_value(self, value: Value) -> int:
        name, narrow = _encoded(value.name)
        size, data = len(value.data), value.data
        if size <= 4:
            where, size = int.from_bytes(data, "little"), size | INLINE
        elif size <= SEGMENT:
            where = self._add(data)
        else:
            where = self._add_segments(data)
        flags = VALUE_NARROW_NAME if narrow and name else 0
        return self._add(VALUE_CELL.pack(b"vk", len(name), size, where, value.kind, flags) + name)

    def _add_segments(self, data: bytes) -> int:
        cells = [self._add(data[at : at + SEGMENT]) for at in range(0, len(data), SEGMENT)]
        table = self._add(struct.pack(f"<{len(cells)}I", *cells))
        return self._add(LIST_HEADER.pack(b"db", len(cells)) + struct.pack("<I", table))

    def _security(self, descriptor: bytes) -> int:
        cell = self._security_cells.get(descriptor)
        if cell is None:
            body = SECURITY_CELL.pack(b"sk", 0, 0, 0, len(descriptor)) + descriptor
            cell = self._security_cells[descriptor] = self._add(body)
            self._security_users[cell] = 0
        self._security_users[cell] += 1
        return cell

    def _link_security(self) -> None:
        """The sk cells form a ring."""
        cells = list(self._security_users)
        for index, cell in enumerate(cells):
            after, before = cells[(index + 1) % len(cells)], cells[index - 1]
            users = self._security_users[cell]
            struct.pack_into("<3I", self._bin, cell + 8, after, before, users)

    def _add(self, body: bytes) -> int:
        cell = self._reserve(len(body))
        self._store(cell, body)
        return cell

    def _reserve(self, size: int) -> int:
        """A cell for `size` bytes."""
        cell = len(self._bin)
        total = -(-(size + 4) // _CELL_ALIGNMENT) * _CELL_ALIGNMENT
        self._bin += struct.pack("<i", -total).ljust(total, b"\0")
        return cell

    def _store(self, cell: int, body: bytes) -> None:
        self._bin[cell + 4 : cell + 4 + len(body)] = body


def _encoded(name: str) -> tuple[bytes, bool]:
    """A name as it is stored, and whether with one byte a character."""
    try:
        return name.encode("latin-1"), True
    except UnicodeEncodeError:
        return name.encode("utf-16-le", "surrogatepass"), False


def _hash(name: str) -> int:
    total = 0
    for char in upcase(name):
        total = (total * 37 + ord(char)) & 0xFFFFFFFF
    return total
