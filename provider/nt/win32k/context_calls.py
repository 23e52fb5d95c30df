"""Calls about device contexts: their attributes are kept, and nothing is drawn."""

from __future__ import annotations

import struct

from provider.kernel.thread import Thread
from provider.nt.table import win32k
from provider.nt.types import LONG, PVOID, ULONG, UNICODE_STRING, encode_utf16
from provider.nt.win32k.desktop import desktop_of
from provider.nt.win32k.device_context import (
    ATTRIBUTE_BYTES,
    CAPABILITIES,
    find_context,
    gdi_of,
    make_context,
)
from provider.nt.win32k.gdi_table import Kind
from provider.nt.win32k.last_error import (
    ERROR_INVALID_HANDLE,
    ERROR_INVALID_PARAMETER,
    ERROR_INVALID_WINDOW_HANDLE,
    fail,
)

_CHARACTER_WIDTH, _CHARACTER_HEIGHT, _ASCENT = 8, 16, 13
_FACE = "System"
_MOST_CHARACTERS = 0x10000
_ATTRIBUTES = {100: 12, 101: 50, 102: 24, 103: 16, 104: 20, 105: 36, 106: 54, 107: 48, 8: 60}
"""From the codes of NtGdiGetAndSetDCDword to DC_ATTR: colours, modes, mapping."""
_WORDS = (101, 106, 107)
"""Those of 16 bits."""
_READ = {0: 40, 1: 12, 2: 50, 3: 16, 4: 20, 5: 36, 6: 44, 7: 52, 8: 54, 9: 24}
"""The same for NtGdiGetDCDword."""
_READ_WORDS = (2, 7, 8)
_IS_MEMORY = 10
_PAINT = 64


@win32k.syscall(partial="Nothing is drawn.")
def NtUserGetDC(thread: Thread, Window: PVOID) -> int:
    """A context of a window's client area, or of the screen."""
    if Window and desktop_of(thread).find(Window) is None:
        return fail(thread, ERROR_INVALID_WINDOW_HANDLE)
    return make_context(thread, window=Window)


@win32k.syscall(partial="Nothing is drawn.")
def NtUserGetDCEx(thread: Thread, Window: PVOID, Region: PVOID, Flags: ULONG) -> int:
    """The same with a part of it."""
    return int(NtUserGetDC(thread, Window))


@win32k.syscall(partial="Nothing is drawn.")
def NtUserGetWindowDC(thread: Thread, Window: PVOID) -> int:
    """A context of a window with its frame."""
    return int(NtUserGetDC(thread, Window))


@win32k.syscall()
def NtUserReleaseDC(thread: Thread, Window: PVOID, Context: PVOID) -> int:
    """A context is not needed any more."""
    table = gdi_of(thread)
    if table is None or find_context(thread, Context) is None:
        return fail(thread, ERROR_INVALID_HANDLE)
    table.remove(Context)
    return 1


@win32k.syscall()
def NtUserWindowFromDC(thread: Thread, Context: PVOID) -> int:
    """The window of a context."""
    context = find_context(thread, Context)
    return context.window if context is not None else 0


@win32k.syscall(partial="There is nothing to paint.")
def NtUserBeginPaint(thread: Thread, Window: PVOID, Paint: PVOID) -> int:
    """A context to paint with (PAINTSTRUCT)."""
    handle = int(NtUserGetDC(thread, Window))
    thread.process.space.write(Paint, struct.pack("<I", handle).ljust(_PAINT, b"\0"))
    return handle


@win32k.syscall()
def NtUserEndPaint(thread: Thread, Window: PVOID, Paint: PVOID) -> int:
    """The end of painting."""
    handle = int.from_bytes(thread.process.space.read(Paint, 4), "little")
    NtUserReleaseDC(thread, Window, handle)
    return 1


def _nothing_to_paint(thread: Thread, window: int) -> int:
    if window and desktop_of(thread).find(window) is None:
        return fail(thread, ERROR_INVALID_WINDOW_HANDLE)
    return 1


@win32k.syscall(partial="Nothing is ever out of date.")
def NtUserRedrawWindow(
    thread: Thread, Window: PVOID, Rect: PVOID, Region: PVOID, Flags: ULONG
) -> int:
    """Let a window paint itself."""
    return _nothing_to_paint(thread, Window)


@win32k.syscall(partial="Nothing is ever out of date.")
def NtUserInvalidateRect(thread: Thread, Window: PVOID, Rect: PVOID, Erase: ULONG) -> int:
    """Let a window paint itself later."""
    return _nothing_to_paint(thread, Window)


@win32k.syscall()
def NtUserValidateRect(thread: Thread, Window: PVOID, Rect: PVOID) -> int:
    """A window need not paint itself."""
    return _nothing_to_paint(thread, Window)


@win32k.syscall(partial="Nothing is ever out of date.")
def NtUserGetUpdateRect(thread: Thread, Window: PVOID, Rect: PVOID, Erase: ULONG) -> int:
    """What a window has to paint: nothing."""
    if Rect:
        thread.process.space.write(Rect, bytes(16))
    return 0


@win32k.syscall(partial="Of the display alone: there are no printers.")
def NtGdiOpenDCW(
    thread: Thread,
    Device: UNICODE_STRING | None,
    Mode: PVOID,
    Output: PVOID,
    Kind: ULONG,
    IsDisplay: ULONG,
    Spool: PVOID,
    Driver: PVOID,
    Device2: PVOID,
) -> int:
    """A context of a device."""
    if not IsDisplay:
        return fail(thread, ERROR_INVALID_PARAMETER)
    return make_context(thread)


@win32k.syscall(partial="Nothing can be drawn into its bitmap.")
def NtGdiCreateCompatibleDC(thread: Thread, Context: PVOID) -> int:
    """A context of a bitmap in memory."""
    if Context and find_context(thread, Context) is None:
        return fail(thread, ERROR_INVALID_HANDLE)
    return make_context(thread, is_memory=True)


@win32k.syscall()
def NtGdiGetDeviceCaps(thread: Thread, Context: PVOID, Index: LONG) -> int:
    """What a device can do."""
    return CAPABILITIES.get(Index, 0) if find_context(thread, Context) is not None else 0


@win32k.syscall()
def NtGdiGetAndSetDCDword(
    thread: Thread, Context: PVOID, Method: ULONG, Value: ULONG, Result: PVOID
) -> int:
    """Change an attribute; what it was is stored."""
    context, offset = find_context(thread, Context), _ATTRIBUTES.get(Method)
    if context is None or offset is None:
        return fail(thread, ERROR_INVALID_PARAMETER)
    space, size = thread.process.space, 2 if Method in _WORDS else 4
    before = space.read(context.attribute_va + offset, size)
    space.write(context.attribute_va + offset, Value.to_bytes(4, "little")[:size])
    space.write(Result, before.ljust(4, b"\0"))
    return 1


@win32k.syscall()
def NtGdiGetDCDword(thread: Thread, Context: PVOID, Method: ULONG, Result: PVOID) -> int:
    """An attribute."""
    context, offset = find_context(thread, Context), _READ.get(Method)
    if context is None or (offset is None and Method != _IS_MEMORY):
        return fail(thread, ERROR_INVALID_PARAMETER)
    space = thread.process.space
    if offset is None:
        value = int(context.kind is Kind.MEMORY_CONTEXT).to_bytes(4, "little")
    else:
        value = space.read(context.attribute_va + offset, 2 if Method in _READ_WORDS else 4)
    space.write(Result, value.ljust(4, b"\0"))
    return 1


@win32k.syscall()
def NtGdiSaveDC(thread: Thread, Context: PVOID) -> int:
    """Keep a context's state; returns how often it is kept."""
    context = find_context(thread, Context)
    if context is None or not context.can_save:
        return fail(thread, ERROR_INVALID_HANDLE)
    attributes = thread.process.space.read(context.attribute_va, ATTRIBUTE_BYTES)
    context.saved.append((attributes, dict(context.selected)))
    return len(context.saved)


@win32k.syscall()
def NtGdiRestoreDC(thread: Thread, Context: PVOID, Level: LONG) -> int:
    """Bring a state back; negative levels count from the latest."""
    context = find_context(thread, Context)
    if context is None:
        return fail(thread, ERROR_INVALID_HANDLE)
    level = Level if Level > 0 else len(context.saved) + Level + 1
    if not 0 < level <= len(context.saved):
        return 0
    attributes, context.selected = context.saved[level - 1]
    del context.saved[level - 1 :]
    thread.process.space.write(context.attribute_va, attributes)
    return 1


@win32k.syscall(partial="All fonts are as wide and as high as the console's: 8 by 16.")
def NtGdiGetTextMetricsW(thread: Thread, Context: PVOID, Metrics: PVOID, Flags: ULONG) -> int:
    """The size of a font (TEXTMETRICW)."""
    if find_context(thread, Context) is None:
        return fail(thread, ERROR_INVALID_HANDLE)
    height, width, ascent = _CHARACTER_HEIGHT, _CHARACTER_WIDTH, _ASCENT
    data = struct.pack(
        "<11i4H5B3x", height, ascent, height - ascent, 0, 0, width, width, 400, 0, 96, 96,
        0x20, 0xFF, 0x1F, 0x20, 0, 0, 0, 0, 0,
    )  # fmt: skip
    thread.process.space.write(Metrics, data)
    return 1


@win32k.syscall(partial="All fonts are as wide and as high as the console's: 8 by 16.")
def NtGdiGetTextExtentExW(
    thread: Thread,
    Context: PVOID,
    Text: PVOID,
    Count: LONG,
    Most: LONG,
    Fit: PVOID,
    Places: PVOID,
    Size: PVOID,
    Flags: ULONG,
) -> int:
    """The size of a text, and how much of it fits."""
    if find_context(thread, Context) is None:
        return fail(thread, ERROR_INVALID_HANDLE)
    if not 0 <= Count <= _MOST_CHARACTERS:
        return fail(thread, ERROR_INVALID_PARAMETER)
    space, width = thread.process.space, _CHARACTER_WIDTH
    fit = min(Count, max(Most, 0) // width) if Fit else Count
    if Fit:
        space.write(Fit, fit.to_bytes(4, "little"))
    if Places:
        space.write(Places, struct.pack(f"<{fit}I", *(width * (n + 1) for n in range(fit))))
    space.write(Size, struct.pack("<2I", width * Count, _CHARACTER_HEIGHT if Count else 0))
    return 1


@win32k.syscall()
def NtGdiGetTextFaceW(
    thread: Thread, Context: PVOID, Count: LONG, Name: PVOID, Alias: ULONG
) -> int:
    """The name of a font."""
    if find_context(thread, Context) is None or (Name and Count <= 0):
        return fail(thread, ERROR_INVALID_HANDLE)
    data = encode_utf16(_FACE)
    if not Name:
        return len(data) // 2 + 1
    stored = data[: 2 * (Count - 1)]
    thread.process.space.write(Name, stored + b"\0\0")
    return len(stored) // 2 + 1


@win32k.syscall()
def NtGdiFlush(thread: Thread) -> int:
    """Draw what is still to be drawn."""
    return 1
