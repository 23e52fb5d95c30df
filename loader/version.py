"""The version resource of an image: what its maker says that it is.

Formats: "PE Format", the .rsrc section (a tree of three levels: type, name, language);
VS_VERSIONINFO and the structures in it ("Version Information"), each of which is

    +0 Length   +2 ValueLength   +4 Type   +6 Key, UTF-16, zero   | to 4 | Value   | to 4 | children
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from emu.named_tuple import NamedTuple
from loader.image import Directory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loader.image import Image

_RT_VERSION: Final = 16
_SUBDIRECTORY: Final = 0x8000_0000
_LARGEST: Final = 0x10000
"""Length has 16 bits."""
_FIXED_SIGNATURE: Final = 0xFEEF04BD
_TEXT: Final = 1
_MOST_STRINGS: Final = 256


class Version(NamedTuple):
    """VS_FIXEDFILEINFO's two versions, and the strings of the first language by name."""

    file: tuple[int, int, int, int] | None
    product: tuple[int, int, int, int] | None
    strings: dict[str, str]


def read_version(image: Image) -> Version | None:
    """The image's version; None without one, or where it is malformed."""
    data = _version_resource(image)
    root = _Node.at(data, 0)
    if root is None or root.key != "VS_VERSION_INFO":
        return None
    value = root.value
    file = product = None
    if len(value) >= 24 and int.from_bytes(value[:4], "little") == _FIXED_SIGNATURE:
        low_high = struct.unpack_from("<8H", value, 8)
        file = (low_high[1], low_high[0], low_high[3], low_high[2])
        product = (low_high[5], low_high[4], low_high[7], low_high[6])
    strings: dict[str, str] = {}
    for table in (t for info in root.children() if info.key == "StringFileInfo"
                  for t in info.children()):  # fmt: skip
        for string in table.children():
            if string.key and len(strings) < _MOST_STRINGS:
                strings.setdefault(string.key, string.text())
        break
    return Version(file, product, strings)


def _version_resource(image: Image) -> bytes:
    """The bytes of the first version resource, none if there is none."""
    start, size = image.directory(Directory.RESOURCE)
    if not start or not size:
        return b""
    entry = next(
        (offset for name, offset in _entries(image, start, 0) if name == _RT_VERSION), None
    )
    for _ in ("name", "language"):
        if entry is None or not entry & _SUBDIRECTORY:
            return b""
        entry = next((o for _, o in _entries(image, start, entry ^ _SUBDIRECTORY)), None)
    if entry is None or entry & _SUBDIRECTORY:
        return b""
    leaf = image.peek(start + entry, 8)
    if len(leaf) < 8:
        return b""
    rva, length = struct.unpack("<II", leaf)
    return image.peek(rva, min(length, _LARGEST))


def _entries(image: Image, start: int, offset: int) -> Iterator[tuple[int, int]]:
    """The names or ids, and the offsets, in one directory of the tree."""
    header = image.peek(start + offset, 16)
    if len(header) < 16:
        return
    named, numbered = struct.unpack_from("<HH", header, 12)
    rows = image.peek(start + offset + 16, 8 * (named + numbered))
    yield from struct.iter_unpack("<II", rows[: len(rows) // 8 * 8])


class _Node(NamedTuple):
    """One structure of a version resource; `end` is the offset behind it."""

    data: bytes
    key: str
    value: bytes
    body: int
    end: int

    @classmethod
    def at(cls, data: bytes, offset: int) -> _Node | None:
        """The structure at an offset, None where none fits."""
        if offset + 6 > len(data):
            return None
        length, value_length, kind = struct.unpack_from("<3H", data, offset)
        end = min(offset + length, len(data))
        if length < 8:
            return None
        key, after = _text_at(data, offset + 6, end)
        if after > end:
            return None
        start = _aligned(after)
        size = value_length * 2 if kind == _TEXT else value_length
        stop = min(start + size, end)
        return cls(data, key, data[start:stop], _aligned(stop), end)

    def children(self) -> Iterator[_Node]:
        """The structures inside."""
        offset = self.body
        while offset < self.end and (child := _Node.at(self.data, offset)) is not None:
            yield child
            offset = _aligned(child.end)

    def text(self) -> str:
        """The value as text."""
        return _text_at(self.value, 0, len(self.value))[0]


def _text_at(data: bytes, offset: int, end: int) -> tuple[str, int]:
    """Zero-terminated UTF-16, and the offset behind it."""
    stop = offset
    while stop + 2 <= end and data[stop : stop + 2] != b"\0\0":
        stop += 2
    return data[offset:stop].decode("utf-16-le", "replace"), stop + 2


def _aligned(offset: int) -> int:
    return (offset + 3) & ~3
