"""Calls about where windows are and how they belong together."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.kernel.thread import Thread
from provider.nt.status import NTSTATUS
from provider.nt.table import win32k
from provider.nt.types import PVOID, ULONG, UNICODE_STRING
from provider.nt.win32k.class_calls import class_name
from provider.nt.win32k.coded import no_param, window_call, window_param
from provider.nt.win32k.desktop import desktop_of, find_window
from provider.nt.win32k.last_error import ERROR_INVALID_PARAMETER, fail
from provider.nt.win32k.send import window_or_error
from provider.nt.win32k.window import MESSAGE_PARENT, WS_DISABLED, WS_POPUP, Rect

if TYPE_CHECKING:
    from provider.nt.win32k.window import Window

_GA_PARENT, _GA_ROOT, _GA_ROOTOWNER = 1, 2, 3
_GW_FIRST, _GW_LAST, _GW_NEXT, _GW_PREVIOUS, _GW_OWNER, _GW_CHILD = range(6)
_MOST_POINTS = 0x10000
_WINDOW_INFO = struct.Struct("<I4i4i2I3I2H")


def handle_of(window: Window | None) -> int:
    """Its handle; 0 for none."""
    return window.handle if window is not None else 0


@no_param
def GetDesktopWindow(thread: Thread) -> int:
    """The window behind all."""
    return desktop_of(thread).root.handle


def _no_window(thread: Thread) -> int:
    return 0


for _name in ("GetProgmanWindow", "GetShellWindow", "GetTaskmanWindow"):
    no_param.declare(_name, _no_window)


@window_call
def IsWindow(thread: Thread, handle: int) -> int:
    """Whether there is such a window."""
    return int(window_or_error(thread, handle) is not None)


@window_call
def IsWindowUnicode(thread: Thread, handle: int) -> int:
    """Whether its procedure gets Unicode."""
    window = window_or_error(thread, handle)
    return int(window is not None and window.is_unicode)


@window_call
def IsWindowEnabled(thread: Thread, handle: int) -> int:
    """Whether input would reach it."""
    window = window_or_error(thread, handle)
    return int(window is not None and not window.style & WS_DISABLED)


@window_call
def IsWindowVisible(thread: Thread, handle: int) -> int:
    """Whether it is shown, and all that it is a part of."""
    window = window_or_error(thread, handle)
    return int(
        window is not None
        and window.is_visible
        and desktop_of(thread).message_root not in window.chain()
    )


@window_call
def GetFullWindowHandle(thread: Thread, handle: int) -> int:
    """The handle with both its words."""
    return handle_of(find_window(thread, handle)) or handle


@window_call
def IsCurrentProcessWindow(thread: Thread, handle: int) -> int:
    """The full handle, if it is one of the process."""
    window = find_window(thread, handle)
    if window is None or window.thread is None or window.thread.process is not thread.process:
        return 0
    return window.handle


@window_call
def IsCurrentThreadWindow(thread: Thread, handle: int) -> int:
    """The full handle, if it is one of the thread."""
    window = find_window(thread, handle)
    return window.handle if window is not None and window.thread is thread else 0


@window_call
def GetParent(thread: Thread, handle: int) -> int:
    """What a child is a part of, or who owns a popup."""
    window = window_or_error(thread, handle)
    if window is None:
        return 0
    if window.is_child:
        return handle_of(window.parent)
    return handle_of(window.owner) if window.style & WS_POPUP else 0


@window_call
def GetLastActivePopup(thread: Thread, handle: int) -> int:
    """The window itself: what it owns has never been active."""
    return handle


@win32k.syscall()
def NtUserGetAncestor(thread: Thread, Window: PVOID, Which: ULONG) -> int:
    """A window around another one."""
    window, root = window_or_error(thread, Window), desktop_of(thread).root
    if window is None or window is root:
        return 0
    if Which == _GA_PARENT:
        return handle_of(window.parent)
    chain = [each for each in window.chain() if each.thread is not None]
    top = chain[-1] if chain else window
    while Which == _GA_ROOTOWNER and top.owner is not None:
        top = [each for each in top.owner.chain() if each.thread is not None][-1]
    return top.handle if Which in (_GA_ROOT, _GA_ROOTOWNER) else 0


@window_param
def GetWindowRelative(thread: Thread, handle: int, which: int) -> int:
    """A window before, behind or in another one."""
    window = window_or_error(thread, handle)
    if window is None:
        return 0
    if which == _GW_OWNER:
        return handle_of(window.owner)
    if which == _GW_CHILD:
        return handle_of(window.children[0] if window.children else None)
    around = window.parent.children if window.parent is not None else []
    at = around.index(window) if window in around else -1
    places = {_GW_FIRST: 0, _GW_LAST: len(around) - 1, _GW_NEXT: at + 1, _GW_PREVIOUS: at - 1}
    place = places.get(which, -1)
    if which not in places:
        return fail(thread, ERROR_INVALID_PARAMETER)
    return handle_of(around[place] if 0 <= place < len(around) else None)


@window_param
def IsChild(thread: Thread, parent: int, handle: int) -> int:
    """Whether a window is a part of another one."""
    window, above = find_window(thread, handle), find_window(thread, parent)
    if window is None or above is None or window is above or not window.is_child:
        return 0
    return int(window.is_below(above) and above.thread is not None)


@window_param
def GetWindowThread(thread: Thread, handle: int, process_va: int) -> int:
    """Whose window it is: the thread; the process is stored, if there is room."""
    window = window_or_error(thread, handle)
    owner = window.thread if window is not None else None
    if owner is None:
        return 0
    if process_va:
        thread.process.space.write(process_va, owner.process.id.to_bytes(4, "little"))
    return owner.id


def _store_rect(thread: Thread, va: int, rect: Rect) -> int:
    thread.process.space.write(va, struct.pack("<4i", *(_clamped(edge) for edge in rect)))
    return 1


def _clamped(edge: int) -> int:
    return max(min(edge, 0x7FFFFFFF), -0x80000000)


def screen_rect(window: Window) -> Rect:
    """The place of a window on the screen."""
    x, y = window.parent.origin() if window.parent is not None else (0, 0)
    return window.rect.moved(x, y)


@window_param
def GetWindowRect(thread: Thread, handle: int, va: int) -> int:
    """The place of a window on the screen."""
    window = window_or_error(thread, handle)
    return _store_rect(thread, va, screen_rect(window)) if window is not None else 0


@window_param
def GetClientRect(thread: Thread, handle: int, va: int) -> int:
    """The size of a window's client area."""
    window = window_or_error(thread, handle)
    if window is None:
        return 0
    return _store_rect(thread, va, Rect(0, 0, window.client.width, window.client.height))


@window_param
def GetWindowRects(thread: Thread, handle: int, va: int) -> int:
    """Both, by a structure: where the answer goes, whether that of the client area, the DPI."""
    target, is_client, _ = struct.unpack("<3I", thread.process.space.read(va, 12))
    return int((GetClientRect if is_client else GetWindowRect)(thread, handle, target))


@window_param
def GetChildRect(thread: Thread, handle: int, va: int) -> int:
    """The place of a window in what it is a part of."""
    window = window_or_error(thread, handle)
    return _store_rect(thread, va, window.rect) if window is not None else 0


@window_param
def GetWindowInfo(thread: Thread, handle: int, va: int) -> int:
    """WINDOWINFO."""
    window = window_or_error(thread, handle)
    if window is None:
        return 0
    x, y = window.origin()
    client = Rect(x, y, x + window.client.width, y + window.client.height)
    rect = screen_rect(window)
    is_active = desktop_of(thread).foreground is window
    data = _WINDOW_INFO.pack(
        _WINDOW_INFO.size,
        *(_clamped(edge) for edge in (*rect, *client)),
        window.style,
        window.extended_style,
        is_active,
        client.left - rect.left,
        rect.bottom - client.bottom,
        window.kind.atom,
        0x400,
    )
    thread.process.space.write(va, data)
    return 1


def _move_points(thread: Thread, va: int, count: int, x: int, y: int) -> int:
    space = thread.process.space
    if count > _MOST_POINTS:
        return fail(thread, ERROR_INVALID_PARAMETER)
    values = struct.unpack(f"<{2 * count}i", space.read(va, 8 * count))
    moved = [
        (value + (y if position % 2 else x) + 0x80000000) % (1 << 32) - 0x80000000
        for position, value in enumerate(values)
    ]
    space.write(va, struct.pack(f"<{2 * count}i", *moved))
    return (x & 0xFFFF) | (y & 0xFFFF) << 16


@window_param
def ClientToScreen(thread: Thread, handle: int, va: int) -> int:
    """A point of a client area on the screen."""
    window = window_or_error(thread, handle)
    if window is None:
        return 0
    _move_points(thread, va, 1, *window.origin())
    return 1


@window_param
def ScreenToClient(thread: Thread, handle: int, va: int) -> int:
    """A point of the screen in a client area."""
    window = window_or_error(thread, handle)
    if window is None:
        return 0
    x, y = window.origin()
    _move_points(thread, va, 1, -x, -y)
    return 1


@window_param
def MapWindowPoints(thread: Thread, handle: int, va: int) -> int:
    """Points of one client area in another one; by a structure: target, points, count."""
    target, points, count = struct.unpack("<3I", thread.process.space.read(va, 12))
    root = desktop_of(thread).root
    source_window = window_or_error(thread, handle) if handle else root
    target_window = window_or_error(thread, target) if target else root
    if source_window is None or target_window is None:
        return 0
    x, y = source_window.origin()
    to_x, to_y = target_window.origin()
    return _move_points(thread, points, count, x - to_x, y - to_y)


@win32k.syscall()
def NtUserFindWindowEx(
    thread: Thread,
    Parent: PVOID,
    After: PVOID,
    Class: PVOID,
    Title: UNICODE_STRING | None,
    Unknown: ULONG,
) -> int:
    """A window by its class and its title."""
    desktop = desktop_of(thread)
    places = [desktop.root] if Parent else [desktop.root, desktop.message_root]
    if Parent == MESSAGE_PARENT:
        places = [desktop.message_root]
    elif Parent:
        parent = window_or_error(thread, Parent)
        if parent is None:
            return 0
        places = [parent]
    windows = [window for place in places for window in place.children]
    if After:
        after = window_or_error(thread, After)
        if after is None or after not in windows:
            return 0
        windows = windows[windows.index(after) + 1 :]
    name = class_name(thread, Class) if Class else None
    for window in windows:
        if _is_of_class(window, name) and (Title is None or window.text == Title):
            return window.handle
    return 0


def _is_of_class(window: Window, name: int | str | None) -> bool:
    if name is None or isinstance(name, int):
        return name is None or window.kind.atom == name
    return window.kind.base_name.lower() == name.lower()


def list_windows(thread: Thread, parent: Window | None, owner: int, *, deep: bool) -> list[Window]:
    """All windows below one, or it and those behind it; of one thread if `owner` is not 0."""
    place = parent or desktop_of(thread).root
    found = [*place.below()] if deep else [*place.children]
    if parent is not None and not deep:
        around = parent.parent.children if parent.parent is not None else [parent]
        found = around[around.index(parent) :]
    return [
        window
        for window in found
        if not owner or (window.thread is not None and window.thread.id == owner)
    ]


@win32k.syscall()
def NtUserBuildHwndList(
    thread: Thread,
    Desktop: PVOID,
    Parent: PVOID,
    Children: ULONG,
    NonImmersive: ULONG,
    ThreadId: ULONG,
    Count: ULONG,
    Buffer: PVOID,
    Size: PVOID,
) -> int:
    """List windows; the last one is 1.  NtError BUFFER_TOO_SMALL."""
    parent = find_window(thread, Parent) if Parent else None
    found = list_windows(thread, parent, ThreadId, deep=bool(Children))
    handles = [*(window.handle for window in found), 1]
    space = thread.process.space
    space.write(Size, len(handles).to_bytes(4, "little"))
    if Count < len(handles):
        return NTSTATUS.BUFFER_TOO_SMALL
    space.write(Buffer, struct.pack(f"<{len(handles)}I", *handles))
    return NTSTATUS.SUCCESS


@win32k.syscall()
def NtUserQueryWindow(thread: Thread, Window: PVOID, Class: ULONG) -> int:
    """Whose window it is: process or thread; or which window of the thread has something."""
    window = window_or_error(thread, Window)
    owner = window.thread if window is not None else None
    if owner is None:
        return 0
    if Class in (0, 1):
        return owner.process.id
    if Class == 2:
        return owner.id
    queue = desktop_of(thread).queues.get(owner)
    if queue is None:
        return 0
    return handle_of({3: queue.active, 4: queue.focus}.get(Class))
