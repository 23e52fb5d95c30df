"""Reads a hive file, which may come from a guest, into a tree of keys that stands alone."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.kernel.cm.hive import (
    BASE_BLOCK,
    INLINE,
    KEY_CELL,
    KEY_LINK,
    KEY_NARROW_NAME,
    LIST_HEADER,
    MAGIC,
    NOTHING,
    SECURITY_CELL,
    SEGMENT,
    VALUE_CELL,
    VALUE_NARROW_NAME,
    checksum,
)
from provider.kernel.cm.key import Key, Value
from provider.kernel.cm.registry import MAX_DEPTH, MAX_KEY_NAME, MAX_VALUE_NAME
from provider.kernel.errors import KernelError, Reason
from provider.kernel.ob.casing import upcase

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_FILE = 64 << 20
_MOST_LISTS = 1 << 16
_VERSION_WITH_SEGMENTS = 4


def read_hive(data: bytes) -> Key:
    """The root key of a hive file.  KernelError NOT_REGISTRY_FILE, REGISTRY_CORRUPT."""
    if len(data) < BASE_BLOCK or data[:4] != MAGIC:
        raise KernelError(Reason.NOT_REGISTRY_FILE, "no regf signature")
    major, minor, _, _, root, size = struct.unpack_from("<6I", data, 20)
    (stored,) = struct.unpack_from("<I", data, 508)
    if major != 1 or stored != checksum(data) or BASE_BLOCK + size > len(data):
        raise _corrupt("the base block is damaged")
    reader = _Reader(data[BASE_BLOCK : BASE_BLOCK + size], minor >= _VERSION_WITH_SEGMENTS)
    return reader.tree(root)


class _Reader:
    """The bins of a file; every cell may be used once, but for security."""

    def __init__(self, bins: bytes, segments: bool) -> None:
        self._bins, self._segments = bins, segments
        self._keys: set[int] = set()
        self._descriptors: dict[int, bytes] = {}
        self._left = MAX_FILE
        """Bytes that keys may still take: cells that many share must not multiply."""

    def tree(self, root: int) -> Key:
        """The key in cell `root`, with all below it.  KernelError REGISTRY_CORRUPT."""
        top, pending = self._key(root, None, 0)
        stack = [(top, cell, 1) for cell in pending]
        while stack:
            above, cell, depth = stack.pop()
            if depth > MAX_DEPTH:
                raise _corrupt("the keys are nested too deeply")
            key, pending = self._key(cell, above, depth)
            if above.subkey(key.name) is not None:
                raise _corrupt(f"two keys have the name {key.name!r}")
            above.subkeys_by_name[upcase(key.name)] = key
            stack += [(key, below, depth + 1) for below in pending]
        return top

    def _key(self, cell: int, parent: Key | None, depth: int) -> tuple[Key, list[int]]:
        """A key, and the cells of its subkeys."""
        if cell in self._keys:
            raise _corrupt("a key is below itself")
        self._keys.add(cell)
        self._charge(KEY_CELL.size)
        body = self._cell(cell, KEY_CELL.size, b"nk")
        (_, flags, written, _, count, _, subkeys, _, value_count, values, security, class_cell) = (
            KEY_CELL.unpack_from(body)[:12]
        )
        name_length, class_length = KEY_CELL.unpack_from(body)[16:18]
        name = _text(body[KEY_CELL.size :], name_length, flags & KEY_NARROW_NAME)
        if (not name and depth) or len(name) > MAX_KEY_NAME or "\\" in name:
            raise _corrupt("the name of a key is damaged")
        key = Key(name, parent, written, is_link=bool(flags & KEY_LINK))
        self._charge(class_length + VALUE_CELL.size * value_count)
        if class_length and class_cell != NOTHING:
            key.key_class = _text(self._cell(class_cell, class_length), class_length, narrow=0)
        if security != NOTHING:
            key.security = self._descriptor(security)
        for value_cell in self._table(values, value_count):
            key.put(self._value(value_cell))
        return key, list(self._subkeys(subkeys, 0)) if count else []

    def _subkeys(self, cell: int, level: int) -> Iterator[int]:
        body = self._cell(cell, LIST_HEADER.size)
        kind, count = LIST_HEADER.unpack_from(body)
        step = 2 if kind in (b"lf", b"lh") else 1
        words = self._words(body[LIST_HEADER.size :], count * step)[::step]
        if kind in (b"lf", b"lh", b"li"):
            yield from words
        elif kind == b"ri" and not level and count <= _MOST_LISTS:
            for part in words:
                yield from self._subkeys(part, 1)
        else:
            raise _corrupt("a list of subkeys is damaged")

    def _value(self, cell: int) -> Value:
        body = self._cell(cell, VALUE_CELL.size, b"vk")
        _, name_length, size, where, kind, flags = VALUE_CELL.unpack_from(body)
        name = _text(body[VALUE_CELL.size :], name_length, flags & VALUE_NARROW_NAME)
        if len(name) > MAX_VALUE_NAME:
            raise _corrupt("the name of a value is damaged")
        if size & INLINE:
            return Value(name, kind, where.to_bytes(4, "little")[: size & ~INLINE])
        self._charge(size)
        if size > SEGMENT and self._segments:
            return Value(name, kind, self._joined(where, size))
        return Value(name, kind, self._cell(where, size)[:size] if size else b"")

    def _joined(self, cell: int, size: int) -> bytes:
        body = self._cell(cell, LIST_HEADER.size + 4, b"db")
        _, count = LIST_HEADER.unpack_from(body)
        (table,) = struct.unpack_from("<I", body, LIST_HEADER.size)
        if count != -(-size // SEGMENT):
            raise _corrupt("a large value is damaged")
        parts = [self._cell(part, 0)[:SEGMENT] for part in self._table(table, count)]
        data = b"".join(parts)[:size]
        if len(data) != size:
            raise _corrupt("a large value is damaged")
        return data

    def _descriptor(self, cell: int) -> bytes:
        if cell in self._descriptors:
            return self._descriptors[cell]
        body = self._cell(cell, SECURITY_CELL.size, b"sk")
        size = SECURITY_CELL.unpack_from(body)[4]
        if SECURITY_CELL.size + size > len(body):
            raise _corrupt("a security descriptor is damaged")
        descriptor = body[SECURITY_CELL.size :][:size]
        self._charge(size)
        self._descriptors[cell] = descriptor
        return descriptor

    def _charge(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise _corrupt("cells overlap")

    def _table(self, cell: int, count: int) -> list[int]:
        return self._words(self._cell(cell, 4 * count), count) if count else []

    def _words(self, body: bytes, count: int) -> list[int]:
        if 4 * count > len(body):
            raise _corrupt("a list is longer than its cell")
        return list(struct.unpack_from(f"<{count}I", body))

    def _cell(self, cell: int, size: int, signature: bytes = b"") -> bytes:
        """The contents of a cell, at least `size` bytes."""
        if cell % 8 or cell + 4 > len(self._bins):
            raise _corrupt(f"there is no cell at {cell:#x}")
        total = -struct.unpack_from("<i", self._bins, cell)[0]
        body = self._bins[cell + 4 : cell + total] if total > 0 else b""
        if total <= 0 or cell + total > len(self._bins) or len(body) < size:
            raise _corrupt(f"the cell at {cell:#x} is damaged")
        if not body.startswith(signature):
            raise _corrupt(f"the cell at {cell:#x} is no {signature.decode()}")
        return body


def _text(data: bytes, length: int, narrow: int) -> str:
    """`length` bytes as text."""
    if length > len(data) or (not narrow and length % 2):
        raise _corrupt("a name is longer than its cell")
    if narrow:
        return data[:length].decode("latin-1")
    return data[:length].decode("utf-16-le", "surrogatepass")


def _corrupt(detail: str) -> KernelError:
    return KernelError(Reason.REGISTRY_CORRUPT, detail)
