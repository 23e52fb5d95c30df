"""Calls that read and change what a window or its class has: longs, properties, texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.thread import Thread
from provider.nt.ob.strings import text_until_zero
from provider.nt.table import win32k
from provider.nt.types import LONG, PVOID, ULONG, encode_utf16
from provider.nt.win32k.coded import window_call, window_param
from provider.nt.win32k.desktop import desktop_of
from provider.nt.win32k.last_error import (
    ERROR_ACCESS_DENIED,
    ERROR_INVALID_INDEX,
    ERROR_NOT_ENOUGH_MEMORY,
    fail,
    set_last_error,
)
from provider.nt.win32k.send import window_or_error
from provider.nt.win32k.window import WS_VISIBLE

if TYPE_CHECKING:
    from provider.nt.win32k.window import Window
    from provider.nt.win32k.window_class import WindowClass

GWL_WNDPROC, GWL_HINSTANCE, GWL_PARENT, GWL_ID = -4, -6, -8, -12
GWL_STYLE, GWL_EXSTYLE, GWL_USERDATA = -16, -20, -21
_GCL_MENUNAME, _GCL_BRUSH, _GCL_CURSOR, _GCL_ICON, _GCL_MODULE = -8, -10, -12, -14, -16
_GCL_WINDOW_EXTRA, _GCL_EXTRA, _GCL_WNDPROC, _GCL_STYLE = -18, -20, -24, -26
_GCW_ATOM, _GCL_SMALL_ICON = -32, -34
_CLASS_FIELDS = {
    _GCL_BRUSH: "brush",
    _GCL_CURSOR: "cursor",
    _GCL_ICON: "icon",
    _GCL_MODULE: "instance",
    _GCL_WINDOW_EXTRA: "window_extra",
    _GCL_STYLE: "style",
    _GCL_SMALL_ICON: "small_icon",
}
_MOST_PROPERTIES = 10000
_LONGEST_PROPERTY = 255
_HIGHEST_ATOM = 0xFFFF
_MOST_WINDOW_EXTRA = 0x10000


def signed(word: int) -> int:
    """A word as LONG."""
    return word - (1 << 32) if word & 1 << 31 else word


def get_long(thread: Thread, window: Window, index: int, *, ansi: bool, size: int = 4) -> int:
    """GetWindowLong; 0 with the last error for a bad index."""
    if index >= 0:
        if index + size > len(window.extra):
            return fail(thread, ERROR_INVALID_INDEX)
        return int.from_bytes(window.extra[index : index + size], "little")
    table = desktop_of(thread).process(thread.process).procedures
    parent = window.owner if not window.is_child else window.parent
    values = {
        GWL_HINSTANCE: window.instance,
        GWL_PARENT: parent.handle if parent is not None and parent.thread is not None else 0,
        GWL_ID: window.id,
        GWL_STYLE: window.style,
        GWL_EXSTYLE: window.extended_style,
        GWL_USERDATA: window.user_data,
    }
    if index == GWL_WNDPROC:
        if window.thread is None or window.thread.process is not thread.process:
            return fail(thread, ERROR_ACCESS_DENIED)
        return table.address(window.procedure, ansi=ansi)
    if index not in values:
        return fail(thread, ERROR_INVALID_INDEX)
    return values[index]


def _set_long(
    thread: Thread, handle: int, index: int, value: int, *, ansi: bool, size: int = 4
) -> int:
    """SetWindowLong: what was there before."""
    window = window_or_error(thread, handle)
    if window is None:
        return 0
    if window.thread is None or window.thread.process is not thread.process:
        return fail(thread, ERROR_ACCESS_DENIED)
    set_last_error(thread, 0)
    before = get_long(thread, window, index, ansi=ansi, size=size)
    if index >= 0:
        if index + size <= len(window.extra):
            data = (value & (1 << 8 * size) - 1).to_bytes(size, "little")
            window.extra[index : index + size] = data
    elif index == GWL_WNDPROC:
        table = desktop_of(thread).process(thread.process).procedures
        window.procedure = table.handle(value, ansi=ansi)
        window.is_unicode = table.is_unicode(window.procedure, not ansi)
    elif index == GWL_STYLE:
        window.style = value & ~WS_VISIBLE | window.style & WS_VISIBLE | value & WS_VISIBLE
    elif index == GWL_EXSTYLE:
        window.extended_style = value
    elif index == GWL_PARENT:
        window.owner = desktop_of(thread).find(value)
    elif index == GWL_ID:
        window.id = value
    elif index == GWL_HINSTANCE:
        window.instance = value
    elif index == GWL_USERDATA:
        window.user_data = value
    return before


@win32k.syscall(partial="WM_STYLECHANGING and WM_STYLECHANGED are not sent.")
def NtUserSetWindowLong(
    thread: Thread, Window: PVOID, Index: LONG, Value: ULONG, Ansi: ULONG
) -> int:
    """Change a value of a window; returns what it was."""
    return _set_long(thread, Window, Index, Value, ansi=bool(Ansi))


@win32k.syscall(partial="WM_STYLECHANGING and WM_STYLECHANGED are not sent.")
def NtUserSetWindowLongPtr(
    thread: Thread, Window: PVOID, Index: LONG, Value: ULONG, Ansi: ULONG
) -> int:
    """The same where addresses have 32 bits."""
    return _set_long(thread, Window, Index, Value, ansi=bool(Ansi))


@win32k.syscall()
def NtUserSetWindowWord(thread: Thread, Window: PVOID, Index: LONG, Value: ULONG) -> int:
    """Change 16 bits of a window's own bytes."""
    if Index < 0 and Index not in (GWL_ID, GWL_HINSTANCE, GWL_PARENT):
        return fail(thread, ERROR_INVALID_INDEX)
    return _set_long(thread, Window, Index, Value & 0xFFFF, ansi=False, size=2) & 0xFFFF


def _get(thread: Thread, handle: int, index: int, *, ansi: bool) -> int:
    window = window_or_error(thread, handle)
    return get_long(thread, window, signed(index), ansi=ansi) if window is not None else 0


def _get_ansi(thread: Thread, handle: int, index: int) -> int:
    return _get(thread, handle, index, ansi=True)


def _get_wide(thread: Thread, handle: int, index: int) -> int:
    return _get(thread, handle, index, ansi=False)


for _suffix, _function in (("A", _get_ansi), ("W", _get_wide)):
    window_param.declare(f"GetWindowLong{_suffix}", _function)
    window_param.declare(f"GetWindowLongPtr{_suffix}", _function)


@window_param
def GetWindowWord(thread: Thread, handle: int, index: int) -> int:
    """16 bits of a window's own bytes."""
    window = window_or_error(thread, handle)
    if window is None:
        return 0
    return get_long(thread, window, signed(index), ansi=False, size=2) & 0xFFFF


def _class_value(thread: Thread, kind: WindowClass, index: int, *, ansi: bool, size: int) -> int:
    if index >= 0:
        if index + size > len(kind.extra):
            return fail(thread, ERROR_INVALID_INDEX)
        return int.from_bytes(kind.extra[index : index + size], "little")
    if index == _GCL_WNDPROC:
        table = desktop_of(thread).process(thread.process).procedures
        return table.address(kind.procedure, ansi=ansi)
    if index == _GCL_MENUNAME:
        return int.from_bytes(kind.menu_name[:4] if ansi else kind.menu_name[4:8], "little")
    if index == _GCL_EXTRA:
        return len(kind.extra)
    if index == _GCW_ATOM:
        return kind.atom
    name = _CLASS_FIELDS.get(index)
    return fail(thread, ERROR_INVALID_INDEX) if name is None else int(getattr(kind, name))


def _get_class(thread: Thread, handle: int, index: int, *, ansi: bool, size: int = 4) -> int:
    window = window_or_error(thread, handle)
    if window is None:
        return 0
    return _class_value(thread, window.kind, signed(index), ansi=ansi, size=size)


def _get_class_ansi(thread: Thread, handle: int, index: int) -> int:
    return _get_class(thread, handle, index, ansi=True)


def _get_class_wide(thread: Thread, handle: int, index: int) -> int:
    return _get_class(thread, handle, index, ansi=False)


for _suffix, _function in (("A", _get_class_ansi), ("W", _get_class_wide)):
    window_param.declare(f"GetClassLong{_suffix}", _function)
    window_param.declare(f"GetClassLongPtr{_suffix}", _function)


@window_param
def GetClassWord(thread: Thread, handle: int, index: int) -> int:
    """16 bits of a class's own bytes, or its atom."""
    return _get_class(thread, handle, index, ansi=False, size=2) & 0xFFFF


def _set_class(
    thread: Thread, handle: int, index: int, value: int, *, ansi: bool, size: int = 4
) -> int:
    window = window_or_error(thread, handle)
    if window is None:
        return 0
    if window.thread is None or window.thread.process is not thread.process:
        return fail(thread, ERROR_ACCESS_DENIED)
    kind = window.kind
    if index == _GCL_MENUNAME:
        return _exchange_menu_name(thread, kind, value)
    before = _class_value(thread, kind, index, ansi=ansi, size=size)
    if index >= 0 and index + size <= len(kind.extra):
        data = (value & (1 << 8 * size) - 1).to_bytes(size, "little")
        kind.extra = kind.extra[:index] + data + kind.extra[index + size :]
    elif index == _GCL_WNDPROC:
        table = desktop_of(thread).process(thread.process).procedures
        kind.procedure = table.handle(value, ansi=ansi)
    elif index == _GCL_WINDOW_EXTRA:
        kind.window_extra = min(value, _MOST_WINDOW_EXTRA)
    elif index in _CLASS_FIELDS:
        setattr(kind, _CLASS_FIELDS[index], value)
    return before


def _exchange_menu_name(thread: Thread, kind: WindowClass, va: int) -> int:
    space, before = thread.process.space, kind.menu_name
    kind.menu_name = space.read(va, len(before))
    space.write(va, before)
    return 0


@win32k.syscall()
def NtUserSetClassLong(
    thread: Thread, Window: PVOID, Index: LONG, Value: ULONG, Ansi: ULONG
) -> int:
    """Change a value of a window's class; returns what it was."""
    return _set_class(thread, Window, Index, Value, ansi=bool(Ansi))


@win32k.syscall()
def NtUserSetClassLongPtr(
    thread: Thread, Window: PVOID, Index: LONG, Value: ULONG, Ansi: ULONG
) -> int:
    """The same where addresses have 32 bits."""
    return _set_class(thread, Window, Index, Value, ansi=bool(Ansi))


@win32k.syscall()
def NtUserSetClassWord(thread: Thread, Window: PVOID, Index: LONG, Value: ULONG) -> int:
    """Change 16 bits of a class's own bytes."""
    return _set_class(thread, Window, Index, Value & 0xFFFF, ansi=False, size=2) & 0xFFFF


def _property_key(thread: Thread, va: int) -> int | str:
    """A property's name is an atom, or a string that has one."""
    if va <= _HIGHEST_ATOM:
        return va
    text = text_until_zero(thread.process.space, va, _LONGEST_PROPERTY)
    return text.lower()


@win32k.syscall()
def NtUserSetProp(thread: Thread, Window: PVOID, Name: PVOID, Value: PVOID) -> int:
    """Let a window keep a value under a name."""
    window = window_or_error(thread, Window)
    if window is None:
        return 0
    if len(window.properties) >= _MOST_PROPERTIES:
        return fail(thread, ERROR_NOT_ENOUGH_MEMORY)
    window.properties[_property_key(thread, Name)] = Value
    return 1


@win32k.syscall()
def NtUserGetProp(thread: Thread, Window: PVOID, Name: PVOID) -> int:
    """The value under a name; 0: there is none."""
    window = window_or_error(thread, Window)
    return window.properties.get(_property_key(thread, Name), 0) if window is not None else 0


@win32k.syscall()
def NtUserRemoveProp(thread: Thread, Window: PVOID, Name: PVOID) -> int:
    """Take a value away; returns it."""
    window = window_or_error(thread, Window)
    return window.properties.pop(_property_key(thread, Name), 0) if window is not None else 0


@win32k.syscall()
def NtUserInternalGetWindowText(thread: Thread, Window: PVOID, Buffer: PVOID, Room: ULONG) -> int:
    """A window's text, without asking its procedure."""
    window = window_or_error(thread, Window)
    if window is None or not 0 < Room < 1 << 31:
        return 0
    data = encode_utf16(window.text)[: 2 * (Room - 1)]
    thread.process.space.write(Buffer, data + b"\0\0")
    return len(data) // 2


@window_call
def GetWindowTextLength(thread: Thread, handle: int) -> int:
    """Characters of a window's text."""
    window = window_or_error(thread, handle)
    return len(encode_utf16(window.text)) // 2 if window is not None else 0


def _declare_kept(name: str, field: str) -> None:
    """What user32 keeps of a window in its own memory: its dialog, its MDI client, a number."""

    def get(thread: Thread, handle: int) -> int:
        window = window_or_error(thread, handle)
        return int(getattr(window, field)) if window is not None else 0

    def put(thread: Thread, handle: int, value: int) -> int:
        window = window_or_error(thread, handle)
        if window is None:
            return 0
        setattr(window, field, value)
        return 1

    window_call.declare(f"Get{name}", get)
    window_param.declare(f"Set{name}", put)


_declare_kept("DialogInfo", "dialog_info")
_declare_kept("MDIClientInfo", "mdi_info")
_declare_kept("WindowContextHelpId", "help_id")
