"""Where windows are: frames, moves, showing and hiding, activation.  Nothing is ever drawn."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.nt.handles import nt_part
from provider.nt.win32k.desktop import desktop_of
from provider.nt.win32k.metrics import Metric, metric
from provider.nt.win32k.procedure_call import call_procedure, on_stack
from provider.nt.win32k.window import (
    WS_BORDER,
    WS_CAPTION,
    WS_CHILD,
    WS_DLGFRAME,
    WS_EX_CLIENTEDGE,
    WS_EX_DLGMODALFRAME,
    WS_EX_STATICEDGE,
    WS_EX_TOOLWINDOW,
    WS_HSCROLL,
    WS_MAXIMIZE,
    WS_MINIMIZE,
    WS_THICKFRAME,
    WS_VISIBLE,
    WS_VSCROLL,
    Rect,
)

if TYPE_CHECKING:
    from provider.kernel.thread import Thread
    from provider.nt.win32k.window import Window

WM_SIZE, WM_MOVE, WM_ACTIVATE, WM_SETFOCUS, WM_KILLFOCUS, WM_SHOWWINDOW = 5, 3, 6, 7, 8, 0x18
WM_WINDOWPOSCHANGING, WM_WINDOWPOSCHANGED, WM_NCCALCSIZE, WM_NCACTIVATE = 0x46, 0x47, 0x83, 0x86
WM_ACTIVATEAPP = 0x1C
SWP_NOSIZE, SWP_NOMOVE, SWP_NOZORDER, SWP_NOACTIVATE = 0x1, 0x2, 0x4, 0x10
SWP_SHOWWINDOW, SWP_HIDEWINDOW, SWP_NOSENDCHANGING = 0x40, 0x80, 0x400
SWP_NOCLIENTSIZE, SWP_NOCLIENTMOVE = 0x800, 0x1000
_SW_HIDE, _SW_SHOWMINIMIZED, _SW_MAXIMIZE, _SW_SHOWNOACTIVATE = 0, 2, 3, 4
_SW_MINIMIZE, _SW_SHOWMINNOACTIVE, _SW_SHOWNA, _SW_FORCEMINIMIZE = 6, 7, 8, 11
_MINIMIZING = (_SW_SHOWMINIMIZED, _SW_MINIMIZE, _SW_SHOWMINNOACTIVE, _SW_FORCEMINIMIZE)
_QUIET = (_SW_SHOWNOACTIVATE, _SW_SHOWNA, _SW_MINIMIZE, _SW_SHOWMINNOACTIVE)
_WINDOW_POSITION = struct.Struct("<2I4iI")
_MOST_TEXTS = 20
_STATIC_CLASSES = ("static", "button")


def frame(style: int, extended: int, *, has_menu: bool = False) -> Rect:
    """What a window has around its client area: each edge as a number of pixels.

    As AdjustWindowRectEx: a caption and a menu belong to the upper edge.
    """
    only_static = extended & (WS_EX_STATICEDGE | WS_EX_DLGMODALFRAME) == WS_EX_STATICEDGE
    width = 1 if only_static else 0
    if extended & WS_EX_DLGMODALFRAME or style & (WS_THICKFRAME | WS_DLGFRAME):
        width += 2
    if style & WS_THICKFRAME:
        width += metric(Metric.CXFRAME) - metric(Metric.CXDLGFRAME)
    if style & (WS_BORDER | WS_DLGFRAME) or extended & WS_EX_DLGMODALFRAME:
        width += 1
    top = width
    if style & WS_CAPTION == WS_CAPTION:
        small = extended & WS_EX_TOOLWINDOW
        top += metric(Metric.CYSMCAPTION if small else Metric.CYCAPTION)
    if has_menu:
        top += metric(Metric.CYMENU)
    if extended & WS_EX_CLIENTEDGE:
        width, top = width + 2, top + 2
    return Rect(width, top, width, width)


def client_of(window: Window, rect: Rect) -> Rect:
    """The client area of a window in that place."""
    style = window.style
    if style & WS_MINIMIZE:
        return Rect(rect.left, rect.top, rect.left, rect.top)
    edges = frame(style, window.extended_style, has_menu=not window.is_child and bool(window.id))
    right = rect.right - edges.right - (metric(Metric.CXVSCROLL) if style & WS_VSCROLL else 0)
    bottom = rect.bottom - edges.bottom - (metric(Metric.CYHSCROLL) if style & WS_HSCROLL else 0)
    left, top = rect.left + edges.left, rect.top + edges.top
    return Rect(left, top, max(left, right), max(top, bottom))


async def place(thread: Thread, window: Window, rect: Rect) -> None:
    """Put a window somewhere; its procedure says where its client area is."""
    window.rect = rect
    window.client = client_of(window, rect)
    with on_stack(thread, struct.pack("<4i", *rect)) as va:
        await call_procedure(thread, window, WM_NCCALCSIZE, 0, va)
        window.client = Rect(*struct.unpack("<4i", thread.process.space.read(va, 16)))


async def set_position(thread: Thread, window: Window, after: int, rect: Rect, flags: int) -> None:
    """Move, resize, show or hide one of the thread's own windows (SetWindowPos)."""
    position = (window.handle, after, rect.left, rect.top, rect.width, rect.height, flags)
    if not flags & SWP_NOSENDCHANGING:
        with on_stack(thread, _WINDOW_POSITION.pack(*position)) as va:
            await call_procedure(thread, window, WM_WINDOWPOSCHANGING, 0, va)
            changed = thread.process.space.read(va, _WINDOW_POSITION.size)
            _, after, x, y, width, height, flags = _WINDOW_POSITION.unpack(changed)
            rect = _bounded(x, y, width, height)
    before = window.rect, window.client
    target = _target(window.rect, rect, flags)
    if target != window.rect:
        await place(thread, window, target)
    if flags & SWP_SHOWWINDOW:
        window.style |= WS_VISIBLE
    if flags & SWP_HIDEWINDOW:
        window.style &= ~WS_VISIBLE
    if not flags & SWP_NOZORDER and after in (0, 1) and window.parent is not None:
        window.put(window.parent, last=after == 1)
    await _tell_change(thread, window, before, flags)


def _bounded(x: int, y: int, width: int, height: int) -> Rect:
    """No edge is farther away than a 32-bit number says."""
    most = 0x7FFFFFFF
    return Rect(x, y, min(x + max(width, 0), most), min(y + max(height, 0), most))


def _target(old: Rect, new: Rect, flags: int) -> Rect:
    x, y = (old.left, old.top) if flags & SWP_NOMOVE else (new.left, new.top)
    size = old if flags & SWP_NOSIZE else new
    return _bounded(x, y, size.width, size.height)


async def _tell_change(
    thread: Thread, window: Window, before: tuple[Rect, Rect], flags: int
) -> None:
    old_client = before[1]
    if (window.client.left, window.client.top) == (old_client.left, old_client.top):
        flags |= SWP_NOCLIENTMOVE
    same = (window.client.width, window.client.height) == (old_client.width, old_client.height)
    flags |= SWP_NOCLIENTSIZE if same else 0
    rect = window.rect
    position = (window.handle, 0, rect.left, rect.top, rect.width, rect.height, flags)
    with on_stack(thread, _WINDOW_POSITION.pack(*position)) as va:
        await call_procedure(thread, window, WM_WINDOWPOSCHANGED, 0, va)


async def tell_size(thread: Thread, window: Window) -> None:
    """WM_SIZE."""
    kind = 1 if window.style & WS_MINIMIZE else 2 if window.style & WS_MAXIMIZE else 0
    size = window.client.width & 0xFFFF | (window.client.height & 0xFFFF) << 16
    await call_procedure(thread, window, WM_SIZE, kind, size)


async def tell_move(thread: Thread, window: Window) -> None:
    """WM_MOVE."""
    where = window.client.left & 0xFFFF | (window.client.top & 0xFFFF) << 16
    await call_procedure(thread, window, WM_MOVE, 0, where)


async def show(thread: Thread, window: Window, command: int) -> int:
    """Show or hide one of the thread's own windows (ShowWindow); whether it was visible."""
    was_visible = bool(window.style & WS_VISIBLE)
    shows = command != _SW_HIDE
    window.style &= ~(WS_MINIMIZE | WS_MAXIMIZE) if shows and command != _SW_SHOWNA else ~0
    window.style |= WS_MINIMIZE if command in _MINIMIZING else 0
    window.style |= WS_MAXIMIZE if command == _SW_MAXIMIZE else 0
    if shows != was_visible:
        await call_procedure(thread, window, WM_SHOWWINDOW, int(shows), 0)
        flags = SWP_NOSIZE | SWP_NOMOVE | (SWP_SHOWWINDOW if shows else SWP_HIDEWINDOW)
        await set_position(thread, window, 0, window.rect, flags)
    if shows and not window.is_child and command not in _QUIET:
        await activate(thread, window)
    if shows and window.needs_size:
        window.needs_size = False
        await tell_size(thread, window)
        await tell_move(thread, window)
    if shows:
        tell_user(thread, window)
    return int(was_visible)


async def activate(thread: Thread, window: Window) -> None:
    """Make it the window that input would go to."""
    queue = desktop_of(thread).queue(thread)
    if queue.active is window or not window.is_visible:
        return
    before, queue.active = queue.active, window
    desktop_of(thread).foreground = window
    if before is not None and before.thread is thread:
        await call_procedure(thread, before, WM_NCACTIVATE, 0, window.handle)
        await call_procedure(thread, before, WM_ACTIVATE, 0, window.handle)
    else:
        await call_procedure(thread, window, WM_ACTIVATEAPP, 1, 0)
    await call_procedure(thread, window, WM_NCACTIVATE, 1, 0)
    await call_procedure(thread, window, WM_ACTIVATE, 1, before.handle if before else 0)
    if queue.focus is None:
        await focus(thread, window)


async def focus(thread: Thread, window: Window | None) -> None:
    """Let keys that nobody presses go to a window."""
    queue = desktop_of(thread).queue(thread)
    before = queue.focus
    if before is window:
        return
    queue.focus = window
    if before is not None and before.thread is thread:
        handle = window.handle if window else 0
        await call_procedure(thread, before, WM_KILLFOCUS, handle, 0)
    if window is not None and queue.focus is window:
        await call_procedure(thread, window, WM_SETFOCUS, before.handle if before else 0, 0)


def tell_user(thread: Thread, window: Window) -> None:
    """Say once what a window would have shown: its title, and the texts in it."""
    top = next((each for each in window.chain() if not each.style & WS_CHILD), window)
    if not top.is_visible or top.parent is not desktop_of(thread).root:
        return
    executive = nt_part(thread.process).provider.executive
    executive.on_window()
    if top.is_told:
        return
    from provider.nt.ex.message_box import window_words

    texts = [
        each.text
        for each in reversed([*top.below()])
        if each.text and each.kind.base_name.lower() in _STATIC_CLASSES
    ]
    if top.text or texts:
        top.is_told = True
        executive.on_hard_error(window_words(top.text, texts[:_MOST_TEXTS]))
