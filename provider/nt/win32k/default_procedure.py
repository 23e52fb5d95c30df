"""What windows do with messages that their own procedures leave (DefWindowProc)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.nt.ob.strings import text_until_zero
from provider.nt.types import encode_utf16
from provider.nt.win32k import position
from provider.nt.win32k.creation import WM_NCCREATE, destroy
from provider.nt.win32k.position import client_of, focus, tell_move, tell_size
from provider.nt.win32k.procedure_call import call_procedure
from provider.nt.win32k.window import WS_MINIMIZE, WS_VISIBLE, Rect

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from provider.kernel.mm import AddressSpace
    from provider.kernel.thread import Thread
    from provider.nt.win32k.window import Window

    Default = Callable[[Thread, Window, int, int, bool], int | Awaitable[int]]

LONGEST_TEXT = 0x10000
"""Characters."""
ANSI = "cp1252"
_CREATE_NAME = 36
"""From a CREATESTRUCT to lpszName."""
_WM_SETTEXT, _WM_GETTEXT, _WM_GETTEXTLENGTH, _WM_CLOSE, _WM_SETREDRAW = 0xC, 0xD, 0xE, 0x10, 0xB
_WM_QUERYENDSESSION, _WM_QUERYOPEN, _WM_NOTIFYFORMAT, _WM_SETICON = 0x11, 0x13, 0x55, 0x80
_WM_GETICON, _WM_SYSCOMMAND, _WM_VKEYTOITEM, _WM_CHARTOITEM = 0x7F, 0x112, 0x2E, 0x2F
_SC_CLOSE = 0xF060
_NFR_ANSI, _NFR_UNICODE = 1, 2
_POSITION_FLAGS = 24


def read_text(space: AddressSpace, va: int, *, ansi: bool) -> str:
    """A text of the guest's up to its zero; none at 0.  AccessViolation."""
    if not va:
        return ""
    if not ansi:
        return text_until_zero(space, va, LONGEST_TEXT)
    data = bytearray()
    while len(data) < LONGEST_TEXT and (byte := space.read(va + len(data), 1)) != b"\0":
        data += byte
    return data.decode(ANSI, "replace")


def _non_client_create(thread: Thread, window: Window, wparam: int, lparam: int, ansi: bool) -> int:
    if not lparam:
        return 0
    space = thread.process.space
    name_va = int.from_bytes(space.read(lparam + _CREATE_NAME, 4), "little")
    window.text = read_text(space, name_va, ansi=ansi)
    return 1


def _set_text(thread: Thread, window: Window, wparam: int, lparam: int, ansi: bool) -> int:
    window.text = read_text(thread.process.space, lparam, ansi=ansi)
    return 1


def _get_text(thread: Thread, window: Window, wparam: int, lparam: int, ansi: bool) -> int:
    if not wparam:
        return 0
    if ansi:
        data = window.text.encode(ANSI, "replace")[: wparam - 1]
        thread.process.space.write(lparam, data + b"\0")
        return len(data)
    text = encode_utf16(window.text)[: 2 * (wparam - 1)]
    thread.process.space.write(lparam, text + b"\0\0")
    return len(text) // 2


def _get_text_length(thread: Thread, window: Window, wparam: int, lparam: int, ansi: bool) -> int:
    if ansi:
        return len(window.text.encode(ANSI, "replace"))
    return len(encode_utf16(window.text)) // 2


def _calculate_client(thread: Thread, window: Window, wparam: int, lparam: int, ansi: bool) -> int:
    space = thread.process.space
    rect = Rect(*struct.unpack("<4i", space.read(lparam, 16)))
    space.write(lparam, struct.pack("<4i", *client_of(window, rect)))
    return 0


async def _close(thread: Thread, window: Window, wparam: int, lparam: int, ansi: bool) -> int:
    if window.thread is thread:
        await destroy(thread, window)
    return 0


async def _system_command(
    thread: Thread, window: Window, wparam: int, lparam: int, ansi: bool
) -> int:
    if wparam & 0xFFF0 == _SC_CLOSE and window.thread is thread:
        await call_procedure(thread, window, _WM_CLOSE)
    return 0


async def _moved(thread: Thread, window: Window, wparam: int, lparam: int, ansi: bool) -> int:
    data = thread.process.space.read(lparam + _POSITION_FLAGS, 4)
    flags = int.from_bytes(data, "little")
    if not flags & position.SWP_NOCLIENTMOVE:
        await tell_move(thread, window)
    if not flags & position.SWP_NOCLIENTSIZE:
        await tell_size(thread, window)
    return 0


async def _activated(thread: Thread, window: Window, wparam: int, lparam: int, ansi: bool) -> int:
    if wparam & 0xFFFF and not window.style & WS_MINIMIZE and window.thread is thread:
        await focus(thread, window)
    return 0


def _set_redraw(thread: Thread, window: Window, wparam: int, lparam: int, ansi: bool) -> int:
    window.style = window.style | WS_VISIBLE if wparam else window.style & ~WS_VISIBLE
    return 0


def _set_icon(thread: Thread, window: Window, wparam: int, lparam: int, ansi: bool) -> int:
    before = window.icons.get(wparam & 3, 0)
    window.icons[wparam & 3] = lparam
    return before


def _get_icon(thread: Thread, window: Window, wparam: int, lparam: int, ansi: bool) -> int:
    return window.icons.get(wparam & 3, 0)


def _notify_format(thread: Thread, window: Window, wparam: int, lparam: int, ansi: bool) -> int:
    return _NFR_UNICODE if window.is_unicode else _NFR_ANSI


_DEFAULTS: dict[int, Default] = {
    WM_NCCREATE: _non_client_create,
    _WM_SETTEXT: _set_text,
    _WM_GETTEXT: _get_text,
    _WM_GETTEXTLENGTH: _get_text_length,
    position.WM_NCCALCSIZE: _calculate_client,
    position.WM_WINDOWPOSCHANGED: _moved,
    position.WM_ACTIVATE: _activated,
    _WM_CLOSE: _close,
    _WM_SYSCOMMAND: _system_command,
    _WM_SETREDRAW: _set_redraw,
    _WM_SETICON: _set_icon,
    _WM_GETICON: _get_icon,
    _WM_NOTIFYFORMAT: _notify_format,
}
_CONSTANTS = {
    position.WM_NCACTIVATE: 1,
    _WM_QUERYENDSESSION: 1,
    _WM_QUERYOPEN: 1,
    _WM_VKEYTOITEM: 0xFFFFFFFF,
    _WM_CHARTOITEM: 0xFFFFFFFF,
}


async def default(
    thread: Thread, window: Window, number: int, wparam: int, lparam: int, *, ansi: bool
) -> int:
    """The answer to a message; 0 to all that a window without a display has no answer to."""
    function = _DEFAULTS.get(number)
    if function is None:
        return _CONSTANTS.get(number, 0)
    answer = function(thread, window, wparam, lparam, ansi)
    return answer if isinstance(answer, int) else await answer
