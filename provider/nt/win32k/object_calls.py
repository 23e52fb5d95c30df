"""Calls about GDI's objects: brushes, pens, fonts, bitmaps, rectangular regions."""

from __future__ import annotations

import struct

from provider.kernel.errors import KernelError
from provider.kernel.mm import Protection
from provider.kernel.thread import Thread
from provider.nt.table import win32k
from provider.nt.types import LONG, PVOID, ULONG
from provider.nt.win32k.coded import one_param
from provider.nt.win32k.device_context import find_context, gdi_of
from provider.nt.win32k.gdi_table import GdiObject, Kind, bitmap, brush, pen
from provider.nt.win32k.last_error import (
    ERROR_INVALID_HANDLE,
    ERROR_INVALID_PARAMETER,
    ERROR_NOT_ENOUGH_MEMORY,
    fail,
)
from provider.nt.win32k.metrics import COLORS

_MOST_SIDE = 0x7FFF
_MOST_BITMAP = 1 << 28
"""Bytes."""
_LOGFONT_BYTES = 92
_HATCHED, _PATTERN = 2, 3
_NULL_REGION, _SIMPLE_REGION = 1, 2
_CURRENT = {1: Kind.PEN, 2: Kind.BRUSH, 5: Kind.PALETTE, 6: Kind.FONT, 7: Kind.BITMAP}
"""OBJ_ numbers of GetCurrentObject, and those of handles, which Wine asks with."""
_DEPTHS = (1, 4, 8, 16, 24, 32)
_BITMAP_HEADER = struct.Struct("<I2i2H")


def _add(thread: Thread, target: GdiObject) -> int:
    table = gdi_of(thread)
    handle = table.add(target) if table is not None else 0
    return handle or fail(thread, ERROR_NOT_ENOUGH_MEMORY)


def _find(thread: Thread, handle: int) -> GdiObject | None:
    table = gdi_of(thread)
    return table.find(handle) if table is not None else None


@win32k.syscall()
def NtGdiDeleteObjectApp(thread: Thread, Object: PVOID) -> int:
    """End an object; stock objects stay."""
    table, target = gdi_of(thread), _find(thread, Object)
    if table is None or target is None:
        return fail(thread, ERROR_INVALID_HANDLE)
    if not target.is_stock:
        table.remove(Object)
    return 1


@win32k.syscall()
def NtGdiExtGetObjectW(thread: Thread, Object: PVOID, Count: LONG, Buffer: PVOID) -> int:
    """What an object was made of: as many bytes as there is room for."""
    target = _find(thread, Object)
    if target is None or not target.data:
        return fail(thread, ERROR_INVALID_HANDLE)
    if not Buffer:
        return len(target.data)
    if target.kind is Kind.BITMAP and Count < len(target.data):
        return 0
    data = target.data[: max(Count, 0)]
    thread.process.space.write(Buffer, data)
    return len(data)


@win32k.syscall()
def NtGdiCreateSolidBrush(thread: Thread, Color: ULONG, Brush: PVOID) -> int:
    """A brush of one colour."""
    return _add(thread, brush(0, Color))


@win32k.syscall()
def NtGdiCreateHatchBrushInternal(thread: Thread, Style: ULONG, Color: ULONG, IsPen: ULONG) -> int:
    """A brush with lines."""
    return _add(thread, brush(_HATCHED, Color, Style))


@win32k.syscall()
def NtGdiCreatePatternBrushInternal(
    thread: Thread, Bitmap: PVOID, IsPen: ULONG, IsSmall: ULONG
) -> int:
    """A brush with a picture."""
    target = _find(thread, Bitmap)
    if target is None or target.kind is not Kind.BITMAP:
        return fail(thread, ERROR_INVALID_HANDLE)
    return _add(thread, brush(_PATTERN, 0, Bitmap))


@win32k.syscall()
def NtGdiCreatePen(thread: Thread, Style: ULONG, Width: ULONG, Color: ULONG, Brush: PVOID) -> int:
    """A pen."""
    return _add(thread, pen(Style, Width, Color))


@win32k.syscall(partial="The family is not looked for: all fonts are the same one.")
def NtGdiHfontCreate(
    thread: Thread, Font: PVOID, Size: ULONG, Unknown1: ULONG, Unknown2: ULONG, Data: PVOID
) -> int:
    """A font (ENUMLOGFONTEXDVW)."""
    data = thread.process.space.read(Font, _LOGFONT_BYTES)
    return _add(thread, GdiObject(Kind.FONT, data))


@win32k.syscall(partial="Its bits are forgotten.")
def NtGdiCreateBitmap(
    thread: Thread, Width: LONG, Height: LONG, Planes: ULONG, Bits: ULONG, Data: PVOID
) -> int:
    """A bitmap."""
    width, height = abs(Width) or 1, abs(Height) or 1
    depth = next((each for each in _DEPTHS if each >= Bits), None)
    if max(width, height) > _MOST_SIDE or depth is None or Planes != 1:
        return fail(thread, ERROR_INVALID_PARAMETER)
    return _add(thread, bitmap(width, height, Planes, depth))


@win32k.syscall(partial="It has no bits.")
def NtGdiCreateCompatibleBitmap(thread: Thread, Context: PVOID, Width: LONG, Height: LONG) -> int:
    """A bitmap as deep as a context."""
    context = find_context(thread, Context)
    if context is None:
        return fail(thread, ERROR_INVALID_HANDLE)
    depth = 1 if context.kind is Kind.MEMORY_CONTEXT else 32
    return int(NtGdiCreateBitmap(thread, Width, Height, 1, depth, 0))


@win32k.syscall(partial="Without compression, and in memory of its own only.")
def NtGdiCreateDIBSection(
    thread: Thread,
    Context: PVOID,
    Section: PVOID,
    Offset: ULONG,
    Information: PVOID,
    Usage: ULONG,
    HeaderSize: ULONG,
    Flags: ULONG,
    ColorSpace: PVOID,
    Bits: PVOID,
) -> int:
    """A bitmap whose bits the program sees (BITMAPINFO)."""
    space = thread.process.space
    header = space.read(Information, _BITMAP_HEADER.size)
    _, width, signed_height, planes, depth = _BITMAP_HEADER.unpack(header)
    height = abs(signed_height)
    size = (width * depth + 31) // 32 * 4 * height
    if Section or depth not in _DEPTHS or planes != 1 or not 0 < width <= _MOST_SIDE:
        return fail(thread, ERROR_INVALID_PARAMETER)
    if not 0 < size <= _MOST_BITMAP:
        return fail(thread, ERROR_INVALID_PARAMETER)
    try:
        va, _ = space.allocate(
            None, size, reserve=True, commit=True, protection=Protection.READ | Protection.WRITE
        )
    except KernelError:
        return fail(thread, ERROR_NOT_ENOUGH_MEMORY)
    made = bitmap(width, height, 1, depth, va)
    made.memory_va = va
    handle = _add(thread, made)
    if not handle:
        made.on_delete(space)
        return 0
    if Bits:
        space.write(Bits, va.to_bytes(4, "little"))
    return handle


def _select(thread: Thread, context_handle: int, handle: int, kinds: tuple[Kind, ...]) -> int:
    """Let a context use an object; returns the one before."""
    context, target = find_context(thread, context_handle), _find(thread, handle)
    if context is None or target is None or target.kind not in kinds:
        return fail(thread, ERROR_INVALID_HANDLE)
    before, context.selected[kinds[0]] = context.selected[kinds[0]], handle
    return before


@win32k.syscall()
def NtGdiSelectBrush(thread: Thread, Context: PVOID, Brush: PVOID) -> int:
    """Let a context use a brush."""
    return _select(thread, Context, Brush, (Kind.BRUSH,))


@win32k.syscall()
def NtGdiSelectPen(thread: Thread, Context: PVOID, Pen: PVOID) -> int:
    """Let a context use a pen."""
    return _select(thread, Context, Pen, (Kind.PEN, Kind.LONG_PEN))


@win32k.syscall()
def NtGdiSelectFont(thread: Thread, Context: PVOID, Font: PVOID) -> int:
    """Let a context use a font."""
    return _select(thread, Context, Font, (Kind.FONT,))


@win32k.syscall()
def NtGdiSelectBitmap(thread: Thread, Context: PVOID, Bitmap: PVOID) -> int:
    """Let a context in memory use a bitmap."""
    context = find_context(thread, Context)
    if context is None or context.kind is not Kind.MEMORY_CONTEXT:
        return fail(thread, ERROR_INVALID_HANDLE)
    return _select(thread, Context, Bitmap, (Kind.BITMAP,))


@win32k.syscall()
def NtGdiGetDCObject(thread: Thread, Context: PVOID, Type: ULONG) -> int:
    """What a context uses."""
    context = find_context(thread, Context)
    wanted = Type >> 16 & 0x7F
    kind = next((each for each in Kind if each == wanted), _CURRENT.get(Type))
    if context is None or kind is None:
        return fail(thread, ERROR_INVALID_HANDLE)
    return context.selected.get(Kind.PEN if kind is Kind.LONG_PEN else kind, 0)


@win32k.syscall(partial="Rectangles alone are combined with nothing.")
def NtGdiCreateRectRgn(thread: Thread, Left: LONG, Top: LONG, Right: LONG, Bottom: LONG) -> int:
    """A rectangular region."""
    return _add(thread, GdiObject(Kind.REGION, _rectangle(Left, Top, Right, Bottom)))


def _rectangle(left: int, top: int, right: int, bottom: int) -> bytes:
    if left == right or top == bottom:
        return bytes(16)
    edges = min(left, right), min(top, bottom), max(left, right), max(top, bottom)
    return struct.pack("<4i", *edges)


@win32k.syscall()
def NtGdiSetRectRgn(
    thread: Thread, Region: PVOID, Left: LONG, Top: LONG, Right: LONG, Bottom: LONG
) -> int:
    """Make a region another rectangle."""
    target = _find(thread, Region)
    if target is None or target.kind is not Kind.REGION:
        return fail(thread, ERROR_INVALID_HANDLE)
    target.data = _rectangle(Left, Top, Right, Bottom)
    return 1


@win32k.syscall()
def NtGdiGetRgnBox(thread: Thread, Region: PVOID, Rect: PVOID) -> int:
    """The rectangle of a region; the result says whether it is empty."""
    target = _find(thread, Region)
    if target is None or target.kind is not Kind.REGION:
        return fail(thread, ERROR_INVALID_HANDLE)
    thread.process.space.write(Rect, target.data)
    return _SIMPLE_REGION if any(target.data) else _NULL_REGION


def _system_object(thread: Thread, index: int, *, is_pen: bool) -> int:
    """A brush or pen of a system colour, made when it is asked for first."""
    if index >= len(COLORS):
        return 0
    table = gdi_of(thread)
    if table is None:
        return 0
    known = table.system_objects.get((is_pen, index))
    if known is not None and table.find(known) is not None:
        return known
    made = pen(0, 1, COLORS[index]) if is_pen else brush(0, COLORS[index])
    made.is_stock = True
    handle = table.add(made)
    table.system_objects[is_pen, index] = handle
    return handle


@one_param
def GetSysColorBrush(thread: Thread, index: int) -> int:
    """A brush of a system colour."""
    return _system_object(thread, index, is_pen=False)


@one_param
def GetSysColorPen(thread: Thread, index: int) -> int:
    """A pen of a system colour."""
    return _system_object(thread, index, is_pen=True)
