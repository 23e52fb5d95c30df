"""Calls that make, move, show and end windows."""

from __future__ import annotations

import struct

from provider.kernel.thread import Thread
from provider.nt.table import win32k
from provider.nt.types import LONG, PVOID, ULONG
from provider.nt.win32k.class_calls import class_name
from provider.nt.win32k.coded import window_call, window_param
from provider.nt.win32k.creation import Wish, create, destroy
from provider.nt.win32k.desktop import desktop_of
from provider.nt.win32k.last_error import (
    ERROR_ACCESS_DENIED,
    ERROR_CANNOT_FIND_WND_CLASS,
    ERROR_INVALID_PARAMETER,
    fail,
)
from provider.nt.win32k.position import (
    SWP_NOZORDER,
    SWP_SHOWWINDOW,
    activate,
    focus,
    set_position,
    show,
    tell_user,
)
from provider.nt.win32k.procedure_call import call_procedure
from provider.nt.win32k.send import window_or_error
from provider.nt.win32k.window import WS_CHILD, WS_DISABLED, WS_VISIBLE, Rect, Window

_STRING_BUFFER = 4
_MESSAGE_PARENT = 0xFFFFFFFD
_WM_ENABLE = 0xA
_SIGN = 1 << 31
_GUI_THREAD_INFO = struct.Struct("<2I6I4i")


def own_window(thread: Thread, handle: int) -> Window | None:
    """A window of the calling thread; None with the last error."""
    window = window_or_error(thread, handle)
    if window is not None and window.thread is not thread:
        fail(thread, ERROR_ACCESS_DENIED)
        return None
    return window


@win32k.syscall(partial="Nobody sees it: nothing is drawn, and the user is told its texts.")
async def NtUserCreateWindowEx(
    thread: Thread,
    ExtendedStyle: ULONG,
    ClassName: PVOID,
    Version: PVOID,
    WindowName: PVOID,
    Style: ULONG,
    X: LONG,
    Y: LONG,
    Width: LONG,
    Height: LONG,
    Parent: PVOID,
    Menu: PVOID,
    Instance: PVOID,
    Parameter: PVOID,
    Flags: ULONG,
    ClientInstance: PVOID,
    Unknown: ULONG,
    Ansi: ULONG,
) -> int:
    """Make a window; its procedure is asked, and may refuse."""
    part = desktop_of(thread).process(thread.process)
    kind = part.find_class(class_name(thread, ClassName), Instance)
    if kind is None:
        return fail(thread, ERROR_CANNOT_FIND_WND_CLASS)
    if Parent not in (0, _MESSAGE_PARENT) and window_or_error(thread, Parent) is None:
        return 0
    space = thread.process.space
    name_va = space.read(WindowName + _STRING_BUFFER, 4) if WindowName else b""
    class_va = space.read(ClassName + _STRING_BUFFER, 4)
    wish = Wish(
        ExtendedStyle,
        Style,
        X,
        Y,
        Width,
        Height,
        Parent,
        Menu,
        ClientInstance or Instance,
        Parameter,
        int.from_bytes(name_va, "little"),
        int.from_bytes(class_va, "little"),
        bool(Ansi),
    )
    return await create(thread, kind, wish)


@win32k.syscall()
async def NtUserDestroyWindow(thread: Thread, Window: PVOID) -> int:
    """End a window of the calling thread."""
    window = own_window(thread, Window)
    if window is None:
        return 0
    await destroy(thread, window)
    return 1


@win32k.syscall(partial="Windows of other threads are left as they are.")
async def NtUserShowWindow(thread: Thread, Window: PVOID, Command: LONG) -> int:
    """Show or hide a window; whether it was visible."""
    window = own_window(thread, Window)
    return await show(thread, window, Command) if window is not None else 0


@win32k.syscall(partial="At once, for windows of the calling thread.")
async def NtUserShowWindowAsync(thread: Thread, Window: PVOID, Command: LONG) -> int:
    """Show or hide a window without waiting for its thread."""
    window = own_window(thread, Window)
    return await show(thread, window, Command) if window is not None else 0


@win32k.syscall(partial="Windows of other threads are left as they are.")
async def NtUserSetWindowPos(
    thread: Thread,
    Window: PVOID,
    After: PVOID,
    X: LONG,
    Y: LONG,
    Width: LONG,
    Height: LONG,
    Flags: ULONG,
) -> int:
    """Move, resize, show or hide a window."""
    window = own_window(thread, Window)
    if window is None:
        return 0
    await set_position(thread, window, After, _bounded(X, Y, Width, Height), Flags)
    if Flags & SWP_SHOWWINDOW:
        tell_user(thread, window)
    return 1


def _bounded(x: int, y: int, width: int, height: int) -> Rect:
    most = _SIGN - 1
    return Rect(x, y, min(x + max(width, 0), most), min(y + max(height, 0), most))


@win32k.syscall(partial="Windows of other threads are left as they are.")
async def NtUserMoveWindow(
    thread: Thread, Window: PVOID, X: LONG, Y: LONG, Width: LONG, Height: LONG, Repaint: ULONG
) -> int:
    """Move and resize a window."""
    window = own_window(thread, Window)
    if window is None:
        return 0
    await set_position(thread, window, 0, _bounded(X, Y, Width, Height), SWP_NOZORDER)
    return 1


@win32k.syscall()
async def NtUserSetParent(thread: Thread, Window: PVOID, Parent: PVOID) -> int:
    """Make a window a part of another one; returns what it was a part of."""
    window, desktop = own_window(thread, Window), desktop_of(thread)
    if window is None:
        return 0
    parent = desktop.message_root if Parent == _MESSAGE_PARENT else desktop.root
    if Parent not in (0, _MESSAGE_PARENT):
        named = window_or_error(thread, Parent)
        if named is None:
            return 0
        parent = named
    if parent.is_below(window):
        return fail(thread, ERROR_INVALID_PARAMETER)
    before = window.parent
    window.put(parent)
    return before.handle if before is not None else 0


@window_param
async def EnableWindow(thread: Thread, handle: int, enable: int) -> int:
    """Let input reach a window or not; whether it did not."""
    window = window_or_error(thread, handle)
    if window is None or window.thread is None:
        return 0
    was_disabled = bool(window.style & WS_DISABLED)
    window.style = window.style & ~WS_DISABLED if enable else window.style | WS_DISABLED
    if was_disabled == bool(enable) and window.thread is thread:
        await call_procedure(thread, window, _WM_ENABLE, int(bool(enable)))
    return int(was_disabled)


@window_param
def ShowOwnedPopups(thread: Thread, handle: int, shows: int) -> int:
    """Show or hide what a window owns."""
    window = window_or_error(thread, handle)
    if window is None:
        return 0
    for other in desktop_of(thread).root.children:
        if other.owner is window:
            other.style = other.style | WS_VISIBLE if shows else other.style & ~WS_VISIBLE
    return 1


@window_param
def SetWindowStyle(thread: Thread, handle: int, va: int) -> int:
    """Change bits of a style (STYLESTRUCT: new bits, bits to take away); returns what it was."""
    window = window_or_error(thread, handle)
    if window is None:
        return 0
    set_bits, clear_bits = struct.unpack("<2I", thread.process.space.read(va, 8))
    before = window.style
    window.style = before & ~clear_bits | set_bits
    return before


@window_call
async def SetForegroundWindow(thread: Thread, handle: int) -> int:
    """Make a window that input would go to."""
    window = window_or_error(thread, handle)
    if window is None or window.thread is not thread or window.is_child:
        return 0
    await activate(thread, window)
    return 1


@win32k.syscall()
async def NtUserSetActiveWindow(thread: Thread, Window: PVOID) -> int:
    """The same within the thread; returns which it was."""
    queue = desktop_of(thread).queue(thread)
    before = queue.active.handle if queue.active else 0
    window = window_or_error(thread, Window) if Window else None
    if window is not None and window.thread is thread and not window.is_child:
        await activate(thread, window)
    return before


@win32k.syscall()
async def NtUserSetFocus(thread: Thread, Window: PVOID) -> int:
    """Let keys go to a window; returns where they went."""
    queue = desktop_of(thread).queue(thread)
    before = queue.focus.handle if queue.focus else 0
    if not Window:
        await focus(thread, None)
        return before
    window = own_window(thread, Window)
    if window is None or any(each.style & WS_DISABLED for each in window.chain()):
        return 0
    top = next((each for each in window.chain() if not each.style & WS_CHILD), window)
    if top.thread is thread:
        await activate(thread, top)
    await focus(thread, window)
    return before


@win32k.syscall()
def NtUserGetForegroundWindow(thread: Thread) -> int:
    """The window that input would go to."""
    window = desktop_of(thread).foreground
    return window.handle if window is not None else 0


@win32k.syscall()
def NtUserSetCapture(thread: Thread, Window: PVOID) -> int:
    """Let the mouse, which nobody moves, be a window's; returns whose it was."""
    queue = desktop_of(thread).queue(thread)
    before, queue.capture = queue.capture, own_window(thread, Window) if Window else None
    return before.handle if before is not None else 0


@win32k.syscall()
def NtUserGetGUIThreadInfo(thread: Thread, ThreadId: ULONG, Information: PVOID) -> int:
    """The windows of a thread that have something (GUITHREADINFO)."""
    space, desktop = thread.process.space, desktop_of(thread)
    size = int.from_bytes(space.read(Information, 4), "little")
    target = thread
    if ThreadId:
        found = thread.process.kernel.client_ids.find(ThreadId, Thread)
        if found is None:
            return fail(thread, ERROR_ACCESS_DENIED)
        target = found
    if size != _GUI_THREAD_INFO.size:
        return fail(thread, ERROR_INVALID_PARAMETER)
    queue = desktop.queues.get(target)
    windows = (queue.active, queue.focus, queue.capture) if queue is not None else ()
    handles = [each.handle if each is not None else 0 for each in windows] or [0, 0, 0]
    data = _GUI_THREAD_INFO.pack(size, 0, *handles, 0, 0, 0, 0, 0, 0, 0)
    space.write(Information, data)
    return 1


@win32k.syscall(partial="Nothing flashes.")
def NtUserFlashWindowEx(thread: Thread, Information: PVOID) -> int:
    """Draw attention to a window."""
    return 0
