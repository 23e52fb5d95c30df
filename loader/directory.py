"""The export and relocation directories ("PE Format", the .edata and .reloc sections)."""

from __future__ import annotations

import struct
from bisect import bisect_left
from collections.abc import Iterator
from typing import Final

from loader.address import Rva
from loader.error import ImageError, ImageErrorKind
from loader.image import Directory, Export, Image, Relocation, RelocationBlock

_MOST_EXPORTS: Final = 0x10000
"""Ordinals have 16 bits."""

_LARGEST_BLOCK: Final = 8 + 2 * 0x1000 + 2
"""A fix-up for every byte of a page, and one that pads, in bytes."""


def read_exports(image: Image) -> tuple[Export, ...]:
    """Every export by ordinal; ImageError (DIRECTORY) where a table leaves the image."""
    rva, size = image.directory(Directory.EXPORT)
    if not rva or not size:
        return ()
    base, function_count, functions_rva = struct.unpack("<II4xI", image.read(rva + 16, 16))
    _check_count(function_count, "functions")
    functions = struct.unpack(f"<{function_count}I", image.read(functions_rva, 4 * function_count))
    strings = _Strings(image, rva, size)
    names = [strings.at(name_rva) for name_rva in _name_rvas(image, rva)]
    ordinals_rva = int.from_bytes(image.read(rva + 36, 4), "little")
    indexes = struct.unpack(f"<{len(names)}H", image.read(ordinals_rva, 2 * len(names)))
    named: dict[int, list[str]] = {}
    for name, index in zip(names, indexes, strict=True):
        named.setdefault(index, []).append(name)
    exports = []
    for index, target in enumerate(functions):
        if not target:
            continue
        forwarder = strings.at(target) if rva <= target < rva + size else None
        exports += [
            Export(name, base + index, Rva(target), forwarder) for name in named.get(index, (None,))
        ]
    return tuple(exports)


class ExportNames:
    """The names in an export directory, looked up as NT's loader does: they are in order.

    ImageError (DIRECTORY) where a table leaves the image, also from a look-up.
    """

    def __init__(self, image: Image) -> None:
        rva, size = image.directory(Directory.EXPORT)
        self._strings = _Strings(image, rva, size)
        self._rvas = _name_rvas(image, rva) if rva and size else ()

    def __contains__(self, name: str) -> bool:
        index = bisect_left(self._rvas, name, key=self._strings.at)
        return index < len(self._rvas) and self._strings.at(self._rvas[index]) == name


def _name_rvas(image: Image, rva: int) -> tuple[int, ...]:
    """Where the names of the export directory at `rva` are."""
    count = int.from_bytes(image.read(rva + 24, 4), "little")
    _check_count(count, "names")
    names_rva = int.from_bytes(image.read(rva + 32, 4), "little")
    return struct.unpack(f"<{count}I", image.read(names_rva, 4 * count))


def _check_count(count: int, what: str) -> None:
    if count > _MOST_EXPORTS:
        text = f"its export directory counts {count} {what}"
        raise ImageError(ImageErrorKind.DIRECTORY, text)


class _Strings:
    """The strings of a directory; those inside of it, nearly all, cost one search each."""

    def __init__(self, image: Image, rva: int, size: int) -> None:
        self._image, self._rva = image, rva
        self._bytes = image.peek(rva, min(size, _MOST_EXPORTS * 64))

    def at(self, rva: int) -> str:
        start = rva - self._rva
        end = self._bytes.find(b"\0", start, start + 512) if start >= 0 else -1
        return self._image.read_string(rva) if end < 0 else self._bytes[start:end].decode("latin-1")


def read_relocations(image: Image) -> tuple[RelocationBlock, ...]:
    """The blocks of the directory; ImageError (DIRECTORY) where one is malformed."""
    rva, size = image.directory(Directory.BASERELOC)
    return tuple(_blocks(image, rva, rva + size)) if rva and size else ()


def _blocks(image: Image, rva: int, end: int) -> Iterator[RelocationBlock]:
    while rva + 8 <= end:
        page_rva, size = struct.unpack("<II", image.read(rva, 8))
        if not size:
            return
        if (
            not 8 <= size <= min(_LARGEST_BLOCK, end - rva)
            or size % 2
            or page_rva >= image.size_of_image
        ):
            raise ImageError(
                ImageErrorKind.DIRECTORY,
                f"its relocation block at rva {rva:#x} is malformed "
                f"(page {page_rva:#x}, {size} bytes)",
            )
        words = struct.unpack(f"<{size // 2 - 4}H", image.read(rva + 8, size - 8))
        fixups = tuple(Relocation(Rva(page_rva + (word & 0xFFF)), word >> 12) for word in words)
        yield RelocationBlock(Rva(page_rva), fixups)
        rva += size
