"""The import and delay-import directories ("PE Format", the .idata section).

pefile replaces names that it does not like, and takes five times as long.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from emu.named_tuple import NamedTuple
from loader.address import Rva
from loader.error import ImageError, ImageErrorKind
from loader.image import Directory, Image, Import

_MOST_IMPORTS: Final = 0x10000
"""Of one image; many descriptors may lead to the same thunks."""
_ORDINAL_FLAG: Final = 0x8000_0000
_DESCRIPTOR: Final = struct.Struct("<5I")
_DELAY_DESCRIPTOR: Final = struct.Struct("<8I")
_BY_RVA: Final = 1
"""In a delay descriptor's Attributes: what it has are rvas, not vas as before Visual C++ 7."""
_CHUNK: Final = 0x400


class _Dll(NamedTuple):
    """Where a descriptor says that a DLL's name, its thunks and its part of the IAT are."""

    name_rva: int
    thunks_rva: int
    iat_rva: int
    delay: bool


def read_imports(image: Image) -> tuple[Import, ...]:
    """Imports in the order of the tables, delayed ones last.

    ImageError (DIRECTORY) where a table leaves the image.
    """
    found: list[Import] = []
    for dll in (*_descriptors(image), *_delay_descriptors(image)):
        name = image.read_string(dll.name_rva)
        for index, thunk in enumerate(_thunks(image, dll.thunks_rva)):
            if len(found) == _MOST_IMPORTS:
                text = f"it imports more than {_MOST_IMPORTS} functions"
                raise ImageError(ImageErrorKind.DIRECTORY, text)
            found.append(_import(image, dll, name, thunk, Rva(dll.iat_rva + 4 * index)))
    return tuple(found)


def _import(image: Image, dll: _Dll, name: str, thunk: int, iat_rva: Rva) -> Import:
    if thunk & _ORDINAL_FLAG:
        return Import(name, None, thunk & 0xFFFF, 0, iat_rva, dll.delay)
    hint = int.from_bytes(image.read(thunk, 2), "little")
    return Import(name, image.read_string(thunk + 2), None, hint, iat_rva, dll.delay)


def _descriptors(image: Image) -> Iterator[_Dll]:
    """IMAGE_IMPORT_DESCRIPTOR; NT goes by its end, not by the directory's size."""
    rva, _ = image.directory(Directory.IMPORT)
    while rva:
        thunks, _, _, name, iat = _DESCRIPTOR.unpack(image.read(rva, _DESCRIPTOR.size))
        if not name or not iat:
            return
        # Borland's linker leaves OriginalFirstThunk empty.
        yield _Dll(name, thunks or iat, iat, delay=False)
        rva = Rva(rva + _DESCRIPTOR.size)


def _delay_descriptors(image: Image) -> Iterator[_Dll]:
    """IMAGE_DELAYLOAD_DESCRIPTOR."""
    rva, _ = image.directory(Directory.DELAY_IMPORT)
    while rva:
        fields = _DELAY_DESCRIPTOR.unpack(image.read(rva, _DELAY_DESCRIPTOR.size))
        attributes, name, _, iat, thunks, *_ = fields
        if not name:
            return
        base = 0 if attributes & _BY_RVA else image.image_base
        yield _Dll(name - base, thunks - base, iat - base, delay=True)
        rva = Rva(rva + _DELAY_DESCRIPTOR.size)


def _thunks(image: Image, rva: int) -> Iterator[int]:
    """The words from `rva` to the first that is zero."""
    while True:
        chunk = image.peek(rva, _CHUNK)
        if len(chunk) < 4:
            raise ImageError(ImageErrorKind.DIRECTORY, f"its thunks at rva {rva:#x} do not end")
        for (thunk,) in struct.iter_unpack("<I", chunk[: len(chunk) & ~3]):
            if not thunk:
                return
            yield thunk
        rva += len(chunk) & ~3
