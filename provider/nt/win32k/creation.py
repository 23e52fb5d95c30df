"""Windows come into being and go, in the order of messages that programs rely on."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from provider.nt.win32k.desktop import desktop_of
from provider.nt.win32k.last_error import (
    ERROR_NOT_ENOUGH_MEMORY,
    ERROR_TLW_WITH_WSCHILD,
    fail,
)
from provider.nt.win32k.metrics import SCREEN_HEIGHT, SCREEN_WIDTH, Metric, metric
from provider.nt.win32k.position import (
    SWP_HIDEWINDOW,
    SWP_NOACTIVATE,
    SWP_NOMOVE,
    SWP_NOSIZE,
    SWP_NOZORDER,
    WM_ACTIVATE,
    WM_ACTIVATEAPP,
    WM_KILLFOCUS,
    WM_NCACTIVATE,
    place,
    set_position,
    show,
    tell_move,
    tell_size,
)
from provider.nt.win32k.procedure_call import call_procedure, on_stack
from provider.nt.win32k.window import (
    MESSAGE_PARENT,
    WS_CAPTION,
    WS_CHILD,
    WS_CLIPSIBLINGS,
    WS_DLGFRAME,
    WS_EX_WINDOWEDGE,
    WS_POPUP,
    WS_THICKFRAME,
    WS_VISIBLE,
    Rect,
)

if TYPE_CHECKING:
    from provider.kernel.thread import Thread
    from provider.nt.win32k.window import Window
    from provider.nt.win32k.window_class import WindowClass

WM_CREATE, WM_DESTROY, WM_NCCREATE, WM_NCDESTROY = 1, 2, 0x81, 0x82
_WM_GETMINMAXINFO, _WM_PARENTNOTIFY = 0x24, 0x210
_CW_USEDEFAULT = -0x80000000
_SW_SHOW = 5
_REFUSED = 0xFFFFFFFF
_NOPARENTNOTIFY = 4


class Wish(NamedTuple):
    """What CreateWindowEx is asked for; `menu` is the number of a child."""

    extended_style: int
    style: int
    x: int
    y: int
    width: int
    height: int
    parent: int
    menu: int
    instance: int
    parameter: int
    name_va: int
    class_va: int
    is_ansi: bool

    def pack(self, parent: int, rect: Rect) -> bytes:
        """CREATESTRUCTW."""
        return struct.pack(
            "<4I4i4I",
            self.parameter,
            self.instance,
            self.menu,
            parent,
            rect.height,
            rect.width,
            rect.top,
            rect.left,
            self.style,
            self.name_va,
            self.class_va,
            self.extended_style,
        )


async def create(thread: Thread, kind: WindowClass, wish: Wish) -> int:
    """The handle of a new window; 0 with the last error."""
    desktop = desktop_of(thread)
    relation = _relation(thread, wish)
    if relation is None:
        return fail(thread, ERROR_TLW_WITH_WSCHILD)
    parent, owner = relation
    window = desktop.add(kind, thread, parent)
    if window is None:
        return fail(thread, ERROR_NOT_ENOUGH_MEMORY)
    _describe(thread, window, wish, owner)
    is_alive = False
    try:
        is_alive = await _introduce(thread, window, wish)
    finally:
        if not is_alive and desktop.find(window.handle) is window:
            desktop.remove(window)
    return window.handle if is_alive else 0


def _relation(thread: Thread, wish: Wish) -> tuple[Window, Window | None] | None:
    """Parent and owner; None for a child without a parent."""
    desktop = desktop_of(thread)
    if wish.parent == MESSAGE_PARENT:
        return desktop.message_root, None
    is_child = wish.style & (WS_CHILD | WS_POPUP) == WS_CHILD
    named = desktop.find(wish.parent) if wish.parent else None
    if named is None:
        return None if is_child else (desktop.root, None)
    if is_child or named is desktop.message_root:
        return named, None
    owner = next((each for each in named.chain() if not each.is_child), named)
    return desktop.root, owner if owner.thread is not None else None


def _describe(thread: Thread, window: Window, wish: Wish, owner: Window | None) -> None:
    style = wish.style & ~WS_VISIBLE
    if style & (WS_CHILD | WS_POPUP) != WS_CHILD:
        style |= WS_CLIPSIBLINGS | (0 if style & WS_POPUP else WS_CAPTION)
    extended = wish.extended_style
    if style & (WS_DLGFRAME | WS_THICKFRAME) and not style & (WS_CHILD | WS_POPUP):
        extended |= WS_EX_WINDOWEDGE
    window.style, window.extended_style, window.owner = style, extended, owner
    window.id, window.instance = wish.menu, wish.instance
    window.needs_size = not style & (WS_CHILD | WS_POPUP)
    table = desktop_of(thread).process(thread.process).procedures
    window.is_unicode = table.is_unicode(window.procedure, not wish.is_ansi)


async def _introduce(thread: Thread, window: Window, wish: Wish) -> bool:
    """Let the procedure know its window; False if it does not want it."""
    desktop = desktop_of(thread)
    rect = _wished_rect(wish)
    if wish.style & WS_THICKFRAME or not wish.style & (WS_POPUP | WS_CHILD):
        rect = await _limited(thread, window, rect)
    window.rect = window.client = rect
    assert window.parent is not None
    parent = 0 if window.parent is desktop.root and not wish.parent else wish.parent
    with on_stack(thread, wish.pack(parent, rect)) as va:
        if not await call_procedure(thread, window, WM_NCCREATE, 0, va):
            return False
        await place(thread, window, rect)
        if await call_procedure(thread, window, WM_CREATE, 0, va) == _REFUSED:
            await destroy(thread, window)
            return False
    if desktop.find(window.handle) is not window:
        return False
    if not window.needs_size:
        await tell_size(thread, window)
        await tell_move(thread, window)
    await _notify_parent(thread, window, WM_CREATE)
    if wish.style & WS_VISIBLE and desktop.find(window.handle) is window:
        await show(thread, window, _SW_SHOW)
    return desktop.find(window.handle) is window


def _wished_rect(wish: Wish) -> Rect:
    x, y, width, height = wish.x, wish.y, wish.width, wish.height
    if x == _CW_USEDEFAULT:
        x = y = 0
    if width == _CW_USEDEFAULT:
        width, height = SCREEN_WIDTH * 3 // 4 - x, SCREEN_HEIGHT * 3 // 4 - y
    most = 0x7FFFFFFF
    return Rect(x, y, min(x + max(width, 0), most), min(y + max(height, 0), most))


async def _limited(thread: Thread, window: Window, rect: Rect) -> Rect:
    """A size that the procedure agrees to (MINMAXINFO)."""
    limits = (
        0, 0, metric(Metric.CXMAXIMIZED), metric(Metric.CYMAXIMIZED), 0, 0,
        metric(Metric.CXMINTRACK), metric(Metric.CYMINTRACK),
        metric(Metric.CXMAXTRACK), metric(Metric.CYMAXTRACK),
    )  # fmt: skip
    with on_stack(thread, struct.pack("<10i", *limits)) as va:
        await call_procedure(thread, window, _WM_GETMINMAXINFO, 0, va)
        said = struct.unpack("<10i", thread.process.space.read(va, 40))
    *_, least_width, least_height, most_width, most_height = said
    width = max(min(rect.width, most_width), least_width, 0)
    height = max(min(rect.height, most_height), least_height, 0)
    most = 0x7FFFFFFF
    return Rect(rect.left, rect.top, min(rect.left + width, most), min(rect.top + height, most))


async def _notify_parent(thread: Thread, window: Window, number: int) -> None:
    parent = window.parent
    quiet = window.extended_style & _NOPARENTNOTIFY or not window.is_child
    if not quiet and parent is not None and parent.thread is thread:
        which = number | (window.id & 0xFFFF) << 16
        await call_procedure(thread, parent, _WM_PARENTNOTIFY, which, window.handle)


async def destroy(thread: Thread, window: Window) -> None:
    """End one of the thread's own windows, and what it owns (DestroyWindow)."""
    if window.is_ending:
        return
    window.is_ending = True
    desktop = desktop_of(thread)
    try:
        await _notify_parent(thread, window, WM_DESTROY)
        if window.style & WS_VISIBLE:
            flags = SWP_NOMOVE | SWP_NOSIZE | SWP_NOZORDER | SWP_NOACTIVATE | SWP_HIDEWINDOW
            await set_position(thread, window, 0, window.rect, flags)
        for other in [*desktop.root.children]:
            if other.owner is window and other.thread is thread:
                await destroy(thread, other)
        await _deactivate(thread, window)
        await _say_destroy(thread, window)
        await _say_end(thread, window)
    finally:
        desktop.remove(window)


async def _deactivate(thread: Thread, window: Window) -> None:
    queue = desktop_of(thread).queue(thread)
    if queue.active is window:
        queue.active = None
        await call_procedure(thread, window, WM_NCACTIVATE, 0, 0)
        await call_procedure(thread, window, WM_ACTIVATE, 0, 0)
        await call_procedure(thread, window, WM_ACTIVATEAPP, 0, 0)
    if queue.focus is not None and queue.focus.is_below(window):
        before, queue.focus = queue.focus, None
        if before.thread is thread:
            await call_procedure(thread, before, WM_KILLFOCUS, 0, 0)


async def _say_destroy(thread: Thread, window: Window) -> None:
    """WM_DESTROY goes to a window before its parts."""
    await call_procedure(thread, window, WM_DESTROY)
    for child in [*window.children]:
        if child.thread is thread and child.parent is window:
            await _say_destroy(thread, child)


async def _say_end(thread: Thread, window: Window) -> None:
    """WM_NCDESTROY goes to the parts first."""
    desktop = desktop_of(thread)
    for child in [*window.children]:
        if child.thread is thread and child.parent is window:
            await _say_end(thread, child)
        desktop.remove(child)
    await call_procedure(thread, window, WM_NCDESTROY)
