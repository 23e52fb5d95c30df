"""Calls about keyboard, mouse and clipboard: nobody is there, and nothing was ever typed."""

from __future__ import annotations

import struct

from provider.kernel.thread import Thread
from provider.nt.table import win32k
from provider.nt.types import LONG, PVOID, ULONG, encode_utf16
from provider.nt.win32k.coded import no_param, one_param, two_param, window_call
from provider.nt.win32k.desktop import desktop_of
from provider.nt.win32k.last_error import (
    ERROR_ACCESS_DENIED,
    ERROR_CLIPBOARD_NOT_OPEN,
    ERROR_INVALID_HANDLE,
    ERROR_INVALID_WINDOW_HANDLE,
    fail,
)

LAYOUT = 0x04090409
"""The keyboard of the United States."""
_LAYOUT_NAME = "00000409"
_KEYS = 256
_DOUBLE_CLICK, _CARET_BLINK = 500, 500
"""Milliseconds."""


@win32k.syscall()
def NtUserGetKeyboardLayout(thread: Thread, ThreadId: ULONG) -> int:
    """The keyboard's layout."""
    return LAYOUT


@win32k.syscall(partial="There is one layout.")
def NtUserActivateKeyboardLayout(thread: Thread, Layout: PVOID, Flags: ULONG) -> int:
    """Choose a layout; returns the one before."""
    return LAYOUT


@win32k.syscall()
def NtUserGetKeyboardLayoutList(thread: Thread, Count: ULONG, Layouts: PVOID) -> int:
    """All layouts."""
    if Count and Layouts:
        thread.process.space.write(Layouts, LAYOUT.to_bytes(4, "little"))
    return 1


@win32k.syscall()
def NtUserGetKeyboardLayoutName(thread: Thread, Name: PVOID) -> int:
    """The layout's name: eight digits."""
    thread.process.space.write(Name, encode_utf16(_LAYOUT_NAME) + b"\0\0")
    return 1


@win32k.syscall()
def NtUserGetKeyState(thread: Thread, Key: LONG) -> int:
    """Whether a key is down."""
    return 0


@win32k.syscall()
def NtUserGetAsyncKeyState(thread: Thread, Key: LONG) -> int:
    """Whether a key is down, or was since the last look."""
    return 0


@win32k.syscall()
def NtUserGetKeyboardState(thread: Thread, State: PVOID) -> int:
    """Whether keys are down."""
    thread.process.space.write(State, bytes(_KEYS))
    return 1


@one_param
def GetAsyncKeyboardState(thread: Thread, va: int) -> int:
    """The same."""
    thread.process.space.write(va, bytes(_KEYS))
    return 1


@win32k.syscall(partial="Keys have no characters: nobody types.")
def NtUserTranslateMessage(thread: Thread, Message: PVOID, Flags: ULONG) -> int:
    """Make a character of a key: whether it is a message of a key."""
    number = int.from_bytes(thread.process.space.read(Message + 4, 4), "little")
    return int(number in (0x100, 0x101, 0x104, 0x105))


@win32k.syscall(partial="Keys have no characters: nobody types.")
def NtUserMapVirtualKeyEx(thread: Thread, Code: ULONG, Kind: ULONG, Layout: PVOID) -> int:
    """The scan code or character of a key."""
    return 0


@win32k.syscall(partial="Refused: input comes from nobody.")
def NtUserSendInput(thread: Thread, Count: ULONG, Inputs: PVOID, Size: LONG) -> int:
    """Act as keyboard and mouse."""
    return fail(thread, ERROR_ACCESS_DENIED)


@one_param
def GetCursorPos(thread: Thread, va: int) -> int:
    """Where the mouse is."""
    thread.process.space.write(va, struct.pack("<2i", 0, 0))
    return 1


@win32k.syscall(partial="Nobody sees it.")
def NtUserSetCursorPos(thread: Thread, X: LONG, Y: LONG) -> int:
    """Move the mouse."""
    return 1


@win32k.syscall(partial="There is no mouse.")
def NtUserClipCursor(thread: Thread, Rect: PVOID) -> int:
    """Keep the mouse within a rectangle."""
    return 1


@no_param
def ReleaseCapture(thread: Thread) -> int:
    """Let the mouse go."""
    desktop_of(thread).queue(thread).capture = None
    return 1


@no_param
def GetLastInputTime(thread: Thread) -> int:
    """When there was input last: never."""
    return 0


@win32k.syscall()
def NtUserGetDoubleClickTime(thread: Thread) -> int:
    """Milliseconds in which two clicks are one."""
    return _DOUBLE_CLICK


@win32k.syscall()
def NtUserGetCaretBlinkTime(thread: Thread) -> int:
    """Milliseconds between two states of the caret."""
    return _CARET_BLINK


def _one(thread: Thread, *arguments: int) -> int:
    return 1


def _refused(thread: Thread, *arguments: int) -> int:
    return fail(thread, ERROR_ACCESS_DENIED)


for _name in ("MessageBeep", "SetCaretBlinkTime", "SetKeyboardAutoRepeat"):
    one_param.declare(_name, _one)
two_param.declare("SetCaretPos", _refused)


def _no_input_context(thread: Thread, handle: int) -> int:
    return 0


for _name in ("GetDefaultImeWindow", "GetWindowInputContext"):
    window_call.declare(_name, _no_input_context)


@win32k.syscall(partial="Refused: a clipboard would have nobody to share it with.")
def NtUserOpenClipboard(thread: Thread, Window: PVOID, Unknown: ULONG) -> int:
    """Open the clipboard."""
    if Window and desktop_of(thread).find(Window) is None:
        return fail(thread, ERROR_INVALID_WINDOW_HANDLE)
    return fail(thread, ERROR_ACCESS_DENIED)


@win32k.syscall()
def NtUserCloseClipboard(thread: Thread) -> int:
    """Close the clipboard, which nobody has opened."""
    return fail(thread, ERROR_CLIPBOARD_NOT_OPEN)


@win32k.syscall()
def NtUserEmptyClipboard(thread: Thread) -> int:
    """Take away what is on the clipboard, which nobody has opened."""
    return fail(thread, ERROR_CLIPBOARD_NOT_OPEN)


@win32k.syscall(partial="The clipboard is empty.")
def NtUserGetClipboardData(thread: Thread, Format: ULONG, Parameters: PVOID) -> int:
    """What is on the clipboard."""
    return fail(thread, ERROR_INVALID_HANDLE)


@one_param
def EnumClipboardFormats(thread: Thread, format_number: int) -> int:
    """The next format on the clipboard: it is empty."""
    return 0


@win32k.syscall()
def NtUserIsClipboardFormatAvailable(thread: Thread, Format: ULONG) -> int:
    """Whether the clipboard has something in a format: it is empty."""
    return 0


@win32k.syscall()
def NtUserCountClipboardFormats(thread: Thread) -> int:
    """How many formats the clipboard has: it is empty."""
    return 0


@win32k.syscall()
def NtUserGetClipboardSequenceNumber(thread: Thread) -> int:
    """How often the clipboard has changed."""
    return 0
