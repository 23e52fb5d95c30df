"""Calls about menus, scroll bars, carets and accelerators: nobody could use them."""

from __future__ import annotations

from provider.kernel.thread import Thread
from provider.nt.table import win32k
from provider.nt.types import LONG, PVOID, ULONG
from provider.nt.win32k.coded import no_param, one_param, window_call, window_param
from provider.nt.win32k.last_error import ERROR_ACCESS_DENIED, fail
from provider.nt.win32k.window_calls import NtUserSetWindowPos

NO_MENUS = "Refused: there are no menus."
NO_BARS = "Refused: there are no scroll bars."
_DEFERRED = 0x10003
"""The handle of all series of moves, which are not put off."""


def _refused(thread: Thread, *arguments: int) -> int:
    return fail(thread, ERROR_ACCESS_DENIED)


one_param.declare("CreateMenu", _refused)
one_param.declare("GetMenuItemCount", _refused)
window_call.declare("DrawMenuBar", _refused)
window_call.declare("GetWindowSysSubMenu", _refused)
window_param.declare("GetScrollInfo", _refused)
no_param.declare("DestroyCaret", _refused)


@win32k.syscall(partial=NO_MENUS)
def NtUserSetMenu(thread: Thread, Window: PVOID, Menu: PVOID) -> int:
    """Give a window a menu."""
    return _refused(thread)


@win32k.syscall(partial=NO_MENUS)
def NtUserGetSystemMenu(thread: Thread, Window: PVOID, Revert: ULONG) -> int:
    """The menu behind a window's icon."""
    return _refused(thread)


@win32k.syscall(partial=NO_MENUS)
def NtUserDestroyMenu(thread: Thread, Menu: PVOID) -> int:
    """End a menu."""
    return _refused(thread)


@win32k.syscall(partial=NO_MENUS)
def NtUserCheckMenuItem(thread: Thread, Menu: PVOID, Item: ULONG, Flags: ULONG) -> int:
    """Mark an item: -1 where there is none."""
    return 0xFFFFFFFF


@win32k.syscall(partial=NO_MENUS)
def NtUserEnableMenuItem(thread: Thread, Menu: PVOID, Item: ULONG, Flags: ULONG) -> int:
    """Let an item be chosen: -1 where there is none."""
    return 0xFFFFFFFF


@win32k.syscall(partial=NO_MENUS)
def NtUserDeleteMenu(thread: Thread, Menu: PVOID, Item: ULONG, Flags: ULONG) -> int:
    """End an item."""
    return _refused(thread)


@win32k.syscall(partial=NO_MENUS)
def NtUserThunkedMenuItemInfo(
    thread: Thread,
    Menu: PVOID,
    Position: ULONG,
    Flags: ULONG,
    Method: ULONG,
    Information: PVOID,
    Text: PVOID,
) -> int:
    """Ask about or change an item."""
    return _refused(thread)


@win32k.syscall(partial=NO_BARS)
def NtUserSetScrollInfo(
    thread: Thread, Window: PVOID, Bar: LONG, Information: PVOID, Redraw: ULONG
) -> int:
    """Move a scroll bar: where it is."""
    return 0


@win32k.syscall(partial=NO_BARS)
def NtUserShowScrollBar(thread: Thread, Window: PVOID, Bar: LONG, Show: ULONG) -> int:
    """Show or hide a scroll bar."""
    return _refused(thread)


@win32k.syscall(partial="Refused: nobody types.")
def NtUserCreateCaret(
    thread: Thread, Window: PVOID, Bitmap: PVOID, Width: LONG, Height: LONG
) -> int:
    """Show where typing would go."""
    return _refused(thread)


@win32k.syscall(partial="Refused: nobody types.")
def NtUserShowCaret(thread: Thread, Window: PVOID) -> int:
    """Show where typing would go."""
    return _refused(thread)


@win32k.syscall(partial="Refused: nobody types.")
def NtUserHideCaret(thread: Thread, Window: PVOID) -> int:
    """Hide where typing would go."""
    return _refused(thread)


@win32k.syscall(partial="Refused: nobody types.")
def NtUserCreateAcceleratorTable(thread: Thread, Table: PVOID, Count: LONG) -> int:
    """Let keys stand for commands."""
    return _refused(thread)


@win32k.syscall(partial="No message is ever one of a key.")
def NtUserTranslateAccelerator(thread: Thread, Window: PVOID, Table: PVOID, Message: PVOID) -> int:
    """Make a command of a key."""
    return 0


@one_param
def BeginDeferWindowPos(thread: Thread, count: int) -> int:
    """Begin a series of moves."""
    return _DEFERRED


@win32k.syscall(partial="At once, not with the rest of the series.")
async def NtUserDeferWindowPosAndBand(
    thread: Thread,
    Series: PVOID,
    Window: PVOID,
    After: PVOID,
    X: LONG,
    Y: LONG,
    Width: LONG,
    Height: LONG,
    Flags: ULONG,
    Unknown1: ULONG,
    Unknown2: ULONG,
) -> int:
    """Move a window with others."""
    moved = await NtUserSetWindowPos(thread, Window, After, X, Y, Width, Height, Flags)
    return _DEFERRED if moved else 0


@win32k.syscall()
def NtUserEndDeferWindowPosEx(thread: Thread, Series: PVOID, Async: ULONG) -> int:
    """End a series of moves."""
    return 1
