"""Windows: what one is, and the tree that they form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provider.kernel.thread import Thread
    from provider.nt.win32k.window_class import WindowClass

WS_POPUP, WS_CHILD, WS_MINIMIZE, WS_VISIBLE = 0x80000000, 0x40000000, 0x20000000, 0x10000000
WS_DISABLED, WS_CLIPSIBLINGS, WS_MAXIMIZE, WS_CAPTION = 0x8000000, 0x4000000, 0x1000000, 0xC00000
WS_BORDER, WS_DLGFRAME, WS_VSCROLL, WS_HSCROLL = 0x800000, 0x400000, 0x200000, 0x100000
WS_THICKFRAME = 0x40000
WS_EX_DLGMODALFRAME, WS_EX_TOOLWINDOW, WS_EX_WINDOWEDGE = 0x1, 0x80, 0x100
WS_EX_CLIENTEDGE, WS_EX_STATICEDGE, WS_EX_LAYERED = 0x200, 0x20000, 0x80000
MESSAGE_PARENT = 0xFFFFFFFD
"""HWND_MESSAGE."""


class Rect(NamedTuple):
    """A rectangle without its right and lower edges, in pixels."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """May be negative."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """May be negative."""
        return self.bottom - self.top

    def moved(self, x: int, y: int) -> Rect:
        """The same elsewhere."""
        return Rect(self.left + x, self.top + y, self.right + x, self.bottom + y)


EMPTY = Rect(0, 0, 0, 0)


class Window:
    """One window; its place is in its parent's client area."""

    def __init__(
        self, handle: int, kind: WindowClass, thread: Thread | None, parent: Window | None
    ) -> None:
        """`thread` is None for the roots, which belong to nobody."""
        self.handle, self.kind, self.thread, self.parent = handle, kind, thread, parent
        self.procedure = kind.procedure
        self.is_unicode = True
        self.style = self.extended_style = 0
        self.rect = self.client = EMPTY
        self.owner: Window | None = None
        self.id = 0
        """The number of a child, the menu of another window."""
        self.instance = self.user_data = 0
        self.text = ""
        self.extra = bytearray(kind.window_extra)
        self.properties: dict[int | str, int] = {}
        self.children: list[Window] = []
        """The topmost first."""
        self.icons: dict[int, int] = {}
        self.dialog_info = self.mdi_info = 0
        """What user32 keeps of it, in its own memory."""
        self.help_id = 0
        self.is_told = False
        """Whether the user knows of it."""
        self.is_ending = False
        self.needs_size = False
        """Whether WM_SIZE is to come when it is shown first."""

    @property
    def is_child(self) -> bool:
        """Whether it is a part of another window, which the user sees in it only."""
        return self.style & (WS_CHILD | WS_POPUP) == WS_CHILD

    @property
    def is_visible(self) -> bool:
        """Whether all windows around it have WS_VISIBLE too."""
        return all(each.style & WS_VISIBLE for each in self.chain() if each.thread is not None)

    def chain(self) -> Iterator[Window]:
        """The window and those that it is a part of, the root last."""
        each: Window | None = self
        while each is not None:
            yield each
            each = each.parent

    def is_below(self, other: Window) -> bool:
        """Whether it is the other window or a part of it."""
        return any(each is other for each in self.chain())

    def below(self) -> Iterator[Window]:
        """All windows that are parts of it."""
        for child in self.children:
            yield child
            yield from child.below()

    def origin(self) -> tuple[int, int]:
        """Where the screen has the upper left corner of the client area."""
        x = y = 0
        for each in self.chain():
            x, y = x + each.client.left, y + each.client.top
        return x, y

    def put(self, parent: Window | None, *, last: bool = False) -> None:
        """Make it a part of another window, in front of all or behind all of them."""
        if self.parent is not None and self in self.parent.children:
            self.parent.children.remove(self)
        self.parent = parent
        if parent is not None:
            parent.children.insert(len(parent.children) if last else 0, self)
