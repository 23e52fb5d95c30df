"""The one desktop of the machine, which nobody sees: windows, queues, classes.

A window handle has an index in its low word and in its high one how often that was used, so that
the handle of a window which is gone is no other's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.nt.ex.atom import integer_atom
from provider.nt.handles import nt_part
from provider.nt.win32k.message_queue import MessageQueue
from provider.nt.win32k.metrics import SCREEN_HEIGHT, SCREEN_WIDTH
from provider.nt.win32k.procedure import ProcedureTable
from provider.nt.win32k.window import WS_CLIPSIBLINGS, WS_POPUP, WS_VISIBLE, Rect, Window
from provider.nt.win32k.window_class import BUILTIN, DESKTOP_ATOM, WindowClass, builtin_classes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provider.kernel.ob.object import KernelObject
    from provider.kernel.process import Process
    from provider.kernel.thread import Thread
    from provider.nt.ex.atom import AtomTable
    from provider.nt.win32k.device_context import Attributes
    from provider.nt.win32k.gdi_table import GdiTable

MOST_WINDOWS = 10000
"""The documented limit of a process."""
_FIRST_INDEX, _LAST_INDEX = 0x10, 0xFFFE


class UserProcess:
    """What the window manager keeps for a process."""

    def __init__(self) -> None:
        self.procedures = ProcedureTable()
        self.classes: list[WindowClass] = []
        """The latest first, the predefined ones last."""
        self.module = 0
        """Where user32 is."""
        self.dpi_awareness = 0
        """0: the process has not said any."""
        self.window_count = 0
        self.cursors: dict[int, object] = {}
        self.gdi: GdiTable | None = None
        self.attributes: Attributes | None = None
        """GDI's objects, from when win32u is loaded."""
        self.layout = 0
        self.station_handles: dict[str, int] = {}
        """The handles of window station and desktop, by their types, once asked for."""

    def find_class(self, name: int | str, instance: int) -> WindowClass | None:
        """A class by its atom, or by its name with the version; for `instance`, 0 for any."""
        if isinstance(name, str):
            name = name.lower()
        for each in self.classes:
            known = each.atom if isinstance(name, int) else each.name.lower()
            if known == name and each.is_seen_from(instance):
                return each
        return None


class Desktop:
    """Windows of all processes."""

    def __init__(self, atoms: AtomTable) -> None:
        self.atoms = atoms
        self.windows: dict[int, Window] = {}
        """By their indices."""
        self.queues: dict[Thread, MessageQueue] = {}
        self._processes: dict[Process, UserProcess] = {}
        self._next_index = _FIRST_INDEX
        self._uses: dict[int, int] = {}
        self._free: list[int] = []
        self._atom_of = {
            each.name: integer_atom(each.name) or atoms.add(each.name) for each in BUILTIN
        }
        self.foreground: Window | None = None
        self.objects: dict[str, KernelObject] = {}
        """The window station and the desktop, by their types, once asked for."""
        self.root = self._make_root(WindowClass(DESKTOP_ATOM, "#32769", "#32769", 0))
        message_class = WindowClass(self._atom_of["Message"], "Message", "Message", 0)
        self.message_root = self._make_root(message_class)
        self.root.rect = self.root.client = Rect(0, 0, SCREEN_WIDTH, SCREEN_HEIGHT)
        self.root.style = WS_VISIBLE | WS_POPUP | WS_CLIPSIBLINGS

    @property
    def shows_windows(self) -> bool:
        """Whether somebody at a display would see any."""
        return any(window.is_visible for window in self.root.children)

    def process(self, process: Process) -> UserProcess:
        """The manager's part of a process."""
        part = self._processes.get(process)
        if part is None:
            part = self._processes[process] = UserProcess()
        return part

    def queue(self, thread: Thread) -> MessageQueue:
        """The thread's queue, which it has from its first look."""
        queue = self.queues.get(thread)
        if queue is None:
            queue = self.queues[thread] = MessageQueue(thread)
        return queue

    def add_builtin_classes(self, part: UserProcess) -> None:
        """The process knows user32's procedures."""
        part.classes = builtin_classes(part.procedures, self._atom_of)

    def find(self, handle: int) -> Window | None:
        """A window by its handle, of which a program may know the low word only."""
        window = self.windows.get(handle & 0xFFFF)
        if window is None or handle >> 16 not in (window.handle >> 16, 0, 0xFFFF):
            return None
        return window

    def add(self, kind: WindowClass, thread: Thread, parent: Window) -> Window | None:
        """A new window; None if there are too many."""
        part = self.process(thread.process)
        index = self._free.pop() if self._free else self._next_index
        if part.window_count >= MOST_WINDOWS or index > _LAST_INDEX:
            return None
        if index == self._next_index:
            self._next_index += 2
        window = Window(self._handle(index), kind, thread, None)
        window.put(parent)
        self.windows[index] = window
        part.window_count += 1
        kind.windows += 1
        return window

    def remove(self, window: Window) -> None:
        """A window is gone."""
        index = window.handle & 0xFFFF
        if self.windows.pop(index, None) is None or window.thread is None:
            return
        self._free.append(index)
        self.process(window.thread.process).window_count -= 1
        window.kind.windows -= 1
        window.put(None)
        queue = self.queues.get(window.thread)
        if queue is not None:
            queue.forget_window(window)
        self.foreground = None if self.foreground is window else self.foreground
        for other in self.windows.values():
            if other.owner is window:
                other.owner = None

    def windows_of(self, thread: Thread) -> Iterator[Window]:
        """The windows of a thread, in the order of their indices."""
        return (w for _, w in sorted(self.windows.items()) if w.thread is thread)

    def thread_ended(self, thread: Thread) -> None:
        """Its windows go, and nobody is asked."""
        for window in [*self.windows_of(thread)]:
            self.remove(window)
        queue = self.queues.pop(thread, None)
        if queue is not None:
            queue.end()

    def process_ended(self, process: Process) -> None:
        """Its classes go."""
        self._processes.pop(process, None)

    def _make_root(self, kind: WindowClass) -> Window:
        index = self._next_index
        self._next_index += 2
        window = self.windows[index] = Window(self._handle(index), kind, None, None)
        return window

    def _handle(self, index: int) -> int:
        uses = self._uses[index] = self._uses.get(index, 0) % 0xFFFE + 1
        return uses << 16 | index


def desktop_of(thread: Thread) -> Desktop:
    """The desktop that the thread's windows are on."""
    return nt_part(thread.process).provider.desktop


def find_window(thread: Thread, handle: int) -> Window | None:
    """See `Desktop.find`."""
    return desktop_of(thread).find(handle)
