"""Calls about cursors and icons: handles that nothing is drawn with."""

from __future__ import annotations

import struct

from emu.named_tuple import NamedTuple
from provider.kernel.thread import Thread
from provider.nt.ob.strings import text_until_zero
from provider.nt.table import win32k
from provider.nt.types import PVOID, ULONG, UNICODE_STRING, UNICODE_STRING_HEADER
from provider.nt.win32k.class_calls import store_name
from provider.nt.win32k.coded import one_param, two_param
from provider.nt.win32k.desktop import desktop_of
from provider.nt.win32k.last_error import (
    ERROR_INVALID_CURSOR_HANDLE,
    ERROR_NOT_ENOUGH_MEMORY,
    fail,
)
from provider.nt.win32k.metrics import Metric, metric

_FIRST_CURSOR = 0x10000
_MOST_CURSORS = 10000
_HIGHEST_ATOM = 0xFFFF
_FRAME = struct.Struct("<5I2i")
_DESCRIPTION = struct.Struct("<8I")
_LONGEST_NAME = 255


class CursorFrame(NamedTuple):
    """One picture: its size, its bitmaps, the point that counts (struct cursoricon_frame)."""

    width: int = 0
    height: int = 0
    color: int = 0
    alpha: int = 0
    mask: int = 0
    x: int = 0
    y: int = 0


class Cursor:
    """A cursor or an icon of a process."""

    def __init__(self, *, is_icon: bool) -> None:
        self.is_icon = is_icon
        self.frame = CursorFrame()
        self.steps = 1
        self.resource = 0
        """The address of the resource that it was made of."""
        self.module = ""
        self.name: int | str = 0
        """Of a resource, which is found again."""
        self.parameter = 0


def _cursor(thread: Thread, handle: int) -> Cursor | None:
    found = desktop_of(thread).process(thread.process).cursors.get(handle)
    if isinstance(found, Cursor):
        return found
    fail(thread, ERROR_INVALID_CURSOR_HANDLE)
    return None


@one_param
def CreateCursorIcon(thread: Thread, is_icon: int) -> int:
    """A new cursor or icon."""
    cursors = desktop_of(thread).process(thread.process).cursors
    if len(cursors) >= _MOST_CURSORS:
        return fail(thread, ERROR_NOT_ENOUGH_MEMORY)
    handle = max(cursors, default=_FIRST_CURSOR) + 0x10
    cursors[handle] = Cursor(is_icon=bool(is_icon))
    return handle


@win32k.syscall(partial="The first picture of an animated one counts.")
def NtUserSetCursorIconData(
    thread: Thread, Cursor: PVOID, Module: PVOID, Name: PVOID, Description: PVOID
) -> int:
    """Say what a cursor looks like."""
    cursor, space = _cursor(thread, Cursor), thread.process.space
    if cursor is None:
        return 0
    fields = _DESCRIPTION.unpack(space.read(Description, _DESCRIPTION.size))
    _, cursor.steps, _, _, frames_va, _, _, cursor.resource = fields
    cursor.frame = CursorFrame(*_FRAME.unpack(space.read(frames_va, _FRAME.size)))
    if Module:
        cursor.module = _string(thread, Module).lower()
        cursor.name = _resource_name(thread, Name)
    return 1


def _string(thread: Thread, va: int) -> str:
    header = thread.process.space.read(va, UNICODE_STRING_HEADER.SIZE)
    buffer = UNICODE_STRING_HEADER.from_bytes(header).Buffer
    return text_until_zero(thread.process.space, buffer, _LONGEST_NAME)


def _resource_name(thread: Thread, va: int) -> int | str:
    header = thread.process.space.read(va, UNICODE_STRING_HEADER.SIZE)
    buffer = UNICODE_STRING_HEADER.from_bytes(header).Buffer
    return buffer if buffer <= _HIGHEST_ATOM else _string(thread, va).lower()


@win32k.syscall()
def NtUserFindExistingCursorIcon(
    thread: Thread, Module: UNICODE_STRING, Name: PVOID, Resource: PVOID
) -> int:
    """A cursor that was made of the same resource."""
    name, module = _resource_name(thread, Name), Module.lower()
    for handle, found in desktop_of(thread).process(thread.process).cursors.items():
        if not isinstance(found, Cursor) or not found.module:
            continue
        same = (found.module, found.name) == (module, name)
        if same and (not Resource or found.resource == Resource):
            return handle
    return fail(thread, ERROR_INVALID_CURSOR_HANDLE)


@win32k.syscall()
def NtUserDestroyCursor(thread: Thread, Cursor: PVOID, Flags: ULONG) -> int:
    """End a cursor or an icon."""
    if _cursor(thread, Cursor) is None:
        return 0
    del desktop_of(thread).process(thread.process).cursors[Cursor]
    return 1


@win32k.syscall(partial="Its bitmaps are those that it was made with, not copies.")
def NtUserGetIconInfo(
    thread: Thread,
    Cursor: PVOID,
    Information: PVOID,
    Module: PVOID,
    Name: PVOID,
    BitsPerPixel: PVOID,
    Unknown: ULONG,
) -> int:
    """ICONINFO."""
    cursor, space = _cursor(thread, Cursor), thread.process.space
    if cursor is None:
        return 0
    frame = cursor.frame
    data = struct.pack("<I2i2I", cursor.is_icon, frame.x, frame.y, frame.mask, frame.color)
    space.write(Information, data)
    if Module:
        store_name(thread, Module, cursor.module)
    if Name and isinstance(cursor.name, str):
        store_name(thread, Name, cursor.name)
    if BitsPerPixel:
        space.write(BitsPerPixel, (32 if frame.color else 1).to_bytes(4, "little"))
    return 1


@win32k.syscall()
def NtUserGetIconSize(
    thread: Thread, Cursor: PVOID, Step: ULONG, Width: PVOID, Height: PVOID
) -> int:
    """The size of a cursor, twice as high where it has a mask alone."""
    cursor, space = _cursor(thread, Cursor), thread.process.space
    if cursor is None:
        return 0
    size = metric(Metric.CXICON)
    space.write(Width, (cursor.frame.width or size).to_bytes(4, "little"))
    space.write(Height, (2 * (cursor.frame.height or size) & 0xFFFFFFFF).to_bytes(4, "little"))
    return 1


@one_param
def GetIconParam(thread: Thread, handle: int) -> int:
    """A number that a program keeps of an icon."""
    cursor = _cursor(thread, handle)
    return cursor.parameter if cursor is not None else 0


@two_param
def SetIconParam(thread: Thread, handle: int, value: int) -> int:
    """Another one; returns what it was."""
    cursor = _cursor(thread, handle)
    if cursor is None:
        return 0
    before, cursor.parameter = cursor.parameter, value
    return before


@win32k.syscall(partial="Nobody sees it.")
def NtUserSetCursor(thread: Thread, Cursor: PVOID) -> int:
    """Give the mouse another cursor; returns what it had, which is none."""
    return 0


@win32k.syscall(partial="Nobody sees it.")
def NtUserGetCursor(thread: Thread) -> int:
    """The cursor of the mouse: it has none."""
    return 0


@win32k.syscall(partial="Nobody sees it.")
def NtUserShowCursor(thread: Thread, Show: ULONG) -> int:
    """How often the cursor was shown more often than hidden: there is no mouse."""
    return 0xFFFFFFFF
