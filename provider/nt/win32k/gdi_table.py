"""GDI's objects, and the table of them that user mode reads.

PEB.GdiSharedHandleTable has an entry for each handle (GDI_HANDLE_ENTRY), found by the low word:

    +0   object (8 bytes)     +8   owner      +12  high word of the handle: type, generation
    +14  type  +15  flags     +16  what user mode has of it (8 bytes): a context's attributes
"""

from __future__ import annotations

import struct
from contextlib import suppress
from typing import TYPE_CHECKING

from emu.int_enum import IntEnum
from provider.kernel.errors import KernelError
from provider.kernel.mm import AccessViolation, Protection
from provider.nt.handles import nt_part
from provider.nt.structs.process import PEB
from provider.nt.types import encode_utf16

if TYPE_CHECKING:
    from provider.kernel.mm import AddressSpace
    from provider.kernel.thread import Thread

_ENTRY = struct.Struct("<QIHBBQ")
_COUNT = 0x10000
MOST_OBJECTS = 10000
"""The documented limit of a process."""
_FIRST = 32
_STOCK_BIT = 0x80
_READ_WRITE = Protection.READ | Protection.WRITE


class Kind(IntEnum):
    """What is behind a handle: bits 16 to 22 of it."""

    CONTEXT = 0x1
    REGION = 0x4
    PALETTE = 0x8
    BITMAP = 0x9
    FONT = 0xA
    BRUSH = 0x10
    PEN = 0x30
    MEMORY_CONTEXT = 0x41
    LONG_PEN = 0x50


class GdiObject:
    """An object; `data` is what GetObject tells of it."""

    def __init__(self, kind: Kind, data: bytes = b"") -> None:
        self.kind, self.data = kind, data
        self.is_stock = False
        self.memory_va = 0
        """The bits of a DIB section, which go with it."""

    def on_delete(self, space: AddressSpace) -> None:
        """Give memory back."""
        if self.memory_va:
            with suppress(KernelError):
                space.release(self.memory_va)


class GdiTable:
    """The objects of a process."""

    def __init__(self, space: AddressSpace) -> None:
        """KernelError where there is no memory."""
        self._space = space
        self.va, _ = space.allocate(
            None, _COUNT * _ENTRY.size, reserve=True, commit=True, protection=_READ_WRITE
        )
        self._objects: dict[int, GdiObject] = {}
        self._generations: dict[int, int] = {}
        self._free: list[int] = []
        self._next = _FIRST
        self.system_objects: dict[tuple[bool, int], int] = {}
        """Pens and brushes of system colours, once asked for."""

    def add(self, target: GdiObject, user_va: int = 0) -> int:
        """A handle for an object; 0 if there are too many."""
        if len(self._objects) >= MOST_OBJECTS:
            return 0
        index = self._free.pop() if self._free else self._next
        if index == self._next:
            self._next += 1
        self._objects[index] = target
        generation = self._generations[index] = self._generations.get(index, 0) % 0xFE + 1
        unique = target.kind | (_STOCK_BIT if target.is_stock else 0) | generation << 8
        entry = _ENTRY.pack(1, 0, unique, target.kind & 0x1F, 0, user_va)
        with suppress(AccessViolation):  # the guest has made away with its table
            self._space.write(self.va + _ENTRY.size * index, entry)
        return unique << 16 | index

    def skip(self) -> None:
        """Leave an index unused."""
        self._next += 1

    def find(self, handle: int) -> GdiObject | None:
        """The object behind a handle."""
        index = handle & 0xFFFF
        found = self._objects.get(index)
        if found is None or handle >> 16 not in (0, self._unique(index, found)):
            return None
        return found

    def handle(self, index: int) -> int:
        """The handle of what has that index; 0 for nothing."""
        found = self._objects.get(index)
        return self._unique(index, found) << 16 | index if found is not None else 0

    def stock(self, number: int) -> int:
        """The handle of a stock object (GetStockObject)."""
        return self.handle(_FIRST + number)

    def remove(self, handle: int) -> None:
        """The object is gone."""
        index = handle & 0xFFFF
        found = self._objects.pop(index)
        found.on_delete(self._space)
        self._free.append(index)
        with suppress(AccessViolation):
            self._space.write(self.va + _ENTRY.size * index, bytes(_ENTRY.size))

    def _unique(self, index: int, target: GdiObject) -> int:
        stock = _STOCK_BIT if target.is_stock else 0
        return target.kind | stock | self._generations[index] << 8


def brush(style: int, color: int, hatch: int = 0) -> GdiObject:
    """LOGBRUSH."""
    return GdiObject(Kind.BRUSH, struct.pack("<3I", style, color, hatch & 0xFFFFFFFF))


def pen(style: int, width: int, color: int) -> GdiObject:
    """LOGPEN."""
    return GdiObject(Kind.PEN, struct.pack("<4I", style, width, 0, color))


def font(height: int, weight: int, name: str, pitch: int = 0) -> GdiObject:
    """LOGFONTW."""
    head = struct.pack("<5i8B", height, 0, 0, 0, weight, 0, 0, 0, 0, 0, 0, 0, pitch)
    return GdiObject(Kind.FONT, head + encode_utf16(name).ljust(64, b"\0")[:64])


def bitmap(width: int, height: int, planes: int, bits: int, bits_va: int = 0) -> GdiObject:
    """BITMAP; lines end at even bytes, those of a DIB section at every fourth."""
    unit = 32 if bits_va else 16
    line = (width * planes * bits + unit - 1) // unit * unit // 8
    return GdiObject(
        Kind.BITMAP, struct.pack("<4I2HI", 0, width, height, line, planes, bits, bits_va)
    )


_SOLID, _HOLLOW, _NULL_PEN = 0, 1, 5
_FIXED_PITCH = 1
_WHITE = 0xFFFFFF


def _stock_objects() -> list[GdiObject | None]:
    """In the order of their numbers (wingdi.h)."""
    return [
        brush(_SOLID, _WHITE),
        brush(_SOLID, 0xC0C0C0),
        brush(_SOLID, 0x808080),
        brush(_SOLID, 0x404040),
        brush(_SOLID, 0),
        brush(_HOLLOW, 0),
        pen(_SOLID, 0, _WHITE),
        pen(_SOLID, 0, 0),
        pen(_NULL_PEN, 0, 0),
        None,
        font(12, 400, "Terminal", _FIXED_PITCH),
        font(12, 400, "Courier", _FIXED_PITCH),
        font(12, 400, "MS Sans Serif"),
        font(16, 700, "System"),
        font(16, 700, "System"),
        GdiObject(Kind.PALETTE, b"\x14\0"),
        font(16, 400, "Fixedsys", _FIXED_PITCH),
        font(-11, 400, "MS Shell Dlg"),
        brush(_SOLID, _WHITE),
        pen(_SOLID, 0, 0),
        bitmap(1, 1, 1, 1),
    ]


def make_table(thread: Thread) -> GdiTable | None:
    """The table of a process that has none yet; None where there is no memory for it."""
    space = thread.process.space
    try:
        table = GdiTable(space)
    except KernelError:
        return None
    for target in _stock_objects():
        if target is None:
            table.skip()
            continue
        target.is_stock = True
        table.add(target)
    with suppress(AccessViolation):
        peb_va = nt_part(thread.process).peb_va
        at = peb_va + PEB.GdiSharedHandleTable.offset
        space.write(at, table.va.to_bytes(4, "little"))
    return table
