"""Device contexts: what is selected, and the attributes that user mode keeps in its own memory."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.kernel.mm import Protection
from provider.nt.win32k.desktop import desktop_of
from provider.nt.win32k.gdi_table import GdiObject, GdiTable, Kind, make_table
from provider.nt.win32k.metrics import DOTS_PER_INCH, SCREEN_HEIGHT, SCREEN_WIDTH

if TYPE_CHECKING:
    from provider.kernel.mm import AddressSpace
    from provider.kernel.thread import Thread

ATTRIBUTE_BYTES = 256
_CHUNK = 0x10000
_MOST_SAVED = 100
_WHITE = 0xFFFFFF
_OPAQUE, _ALTERNATE, _COPY_PEN, _ABSOLUTE, _BLACK_ON_WHITE = 2, 1, 13, 1, 1
_WHITE_BRUSH, _BLACK_PEN, _SYSTEM_FONT, _DEFAULT_PALETTE, _DEFAULT_BITMAP = 0, 7, 13, 15, 20
CAPABILITIES = {
    0: 0x4000, 2: 1, 4: 271, 6: 203, 8: SCREEN_WIDTH, 10: SCREEN_HEIGHT, 12: 32, 14: 1,
    16: 0xFFFFFFFF, 18: 0xFFFFFFFF, 24: 0xFFFFFFFF, 28: 511, 30: 254, 32: 255, 34: 31223, 36: 1,
    38: 48793, 40: 36, 42: 36, 44: 51, 88: DOTS_PER_INCH, 90: DOTS_PER_INCH, 106: 20, 108: 24,
    116: 60, 117: SCREEN_HEIGHT, 118: SCREEN_WIDTH,
}  # fmt: skip
"""GetDeviceCaps of Wine 8.0 without a display."""


class DeviceContext(GdiObject):
    """A context of the screen, or of a bitmap in memory."""

    def __init__(self, table: GdiTable, attributes: Attributes, *, is_memory: bool) -> None:
        """KernelError."""
        super().__init__(Kind.MEMORY_CONTEXT if is_memory else Kind.CONTEXT)
        self._attributes = attributes
        self.attribute_va = attributes.take()
        self.selected = {
            Kind.BRUSH: table.stock(_WHITE_BRUSH),
            Kind.PEN: table.stock(_BLACK_PEN),
            Kind.FONT: table.stock(_SYSTEM_FONT),
            Kind.PALETTE: table.stock(_DEFAULT_PALETTE),
            Kind.BITMAP: table.stock(_DEFAULT_BITMAP),
        }
        self.saved: list[tuple[bytes, dict[Kind, int]]] = []
        self.window = 0

    @property
    def can_save(self) -> bool:
        """Whether its state may be saved once more."""
        return len(self.saved) < _MOST_SAVED

    def on_delete(self, space: AddressSpace) -> None:
        self._attributes.give(self.attribute_va)


class Attributes:
    """Memory for DC_ATTR structures of a process."""

    def __init__(self, space: AddressSpace) -> None:
        self._space = space
        self._free: list[int] = []

    def take(self) -> int:
        """Room for one.  KernelError."""
        if not self._free:
            va, size = self._space.allocate(
                None,
                _CHUNK,
                reserve=True,
                commit=True,
                protection=Protection.READ | Protection.WRITE,
            )
            self._free = [*range(va, va + size, ATTRIBUTE_BYTES)][::-1]
        return self._free.pop()

    def give(self, va: int) -> None:
        """It is not needed any more."""
        self._free.append(va)


def initial_attributes(handle: int) -> bytes:
    """DC_ATTR of a new context (include/ntgdi.h of Wine)."""
    return struct.pack(
        "<2I5I2i3I6H2iI4if2i2i2i2i2i2i2iI4I",
        handle,
        0,
        1,  # save level
        _WHITE,  # background
        _WHITE,  # brush
        0,  # pen
        0,  # text
        0,
        0,  # position
        1,  # graphics mode
        1,  # direction of arcs
        0,  # layout
        0,  # alignment of text
        _OPAQUE,
        _ALTERNATE,
        _COPY_PEN,
        _ABSOLUTE,
        _BLACK_ON_WHITE,
        1,  # mapping
        0,
        0,
        0,
        0,
        SCREEN_WIDTH,
        SCREEN_HEIGHT,
        10.0,  # limit of mitres
        0,
        0,  # origin of brushes
        0,
        0,  # window
        1,
        1,
        0,
        0,  # viewport
        1,
        1,
        0,
        0,
        0,
        0,
        1252,  # code page
        0,
        0,
        0xFFFFFFFF,
        0xFFFFFFFF,
    ).ljust(ATTRIBUTE_BYTES, b"\0")


def gdi_of(thread: Thread) -> GdiTable | None:
    """The objects of the thread's process; None where there was no memory for them."""
    part = desktop_of(thread).process(thread.process)
    if part.gdi is None:
        part.gdi = make_table(thread)
        part.attributes = Attributes(thread.process.space)
    return part.gdi


def make_context(thread: Thread, *, is_memory: bool = False, window: int = 0) -> int:
    """The handle of a new context; 0 if there are too many.  KernelError, AccessViolation."""
    table, part = gdi_of(thread), desktop_of(thread).process(thread.process)
    if table is None or part.attributes is None:
        return 0
    context = DeviceContext(table, part.attributes, is_memory=is_memory)
    context.window = window
    handle = table.add(context, context.attribute_va)
    if not handle:
        part.attributes.give(context.attribute_va)
        return 0
    thread.process.space.write(context.attribute_va, initial_attributes(handle))
    return handle


def find_context(thread: Thread, handle: int) -> DeviceContext | None:
    """A context by its handle."""
    table = gdi_of(thread)
    found = table.find(handle) if table is not None else None
    return found if isinstance(found, DeviceContext) else None
