"""A thread's message queue: what is posted to it or sent by others, its timers, its end.

In the order in which messages are taken ("About Messages and Message Queues"): sent ones, posted
ones, the end, timers.
"""

from __future__ import annotations

import struct
from collections import deque
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from provider.kernel.ke.event import Event

if TYPE_CHECKING:
    from provider.kernel.thread import Thread
    from provider.nt.win32k.window import Window

WM_QUIT, WM_TIMER = 0x12, 0x113
QS_TIMER, QS_POSTMESSAGE, QS_SENDMESSAGE, QS_ALLPOSTMESSAGE = 0x10, 0x8, 0x40, 0x100
POSTED = QS_POSTMESSAGE | QS_ALLPOSTMESSAGE
QS_ALLINPUT = 0x4FF
MOST_MESSAGES = 10000
"""The documented limit of a queue."""
MOST_TIMERS = 10000
_THREAD_MESSAGES = 0xFFFFFFFF
"""Stands for no window: messages of the thread itself."""
_UNITS_PER_MILLISECOND = 10000
_TIMER_LEAST, _TIMER_MOST = 10, 0x7FFFFFFF
"""Milliseconds: USER_TIMER_MINIMUM and its kin."""
_FIRST_TIMER = 0x7FFF
"""Numbers of timers without a window count down from here."""


class Message(NamedTuple):
    """MSG; `window` is 0 for a message of the thread."""

    window: int
    number: int
    wparam: int
    lparam: int
    time: int
    """Milliseconds."""

    def pack(self) -> bytes:
        """The structure; the mouse is at 0, 0."""
        return struct.pack("<7I", *self, 0, 0)


class Wanted(NamedTuple):
    """Which messages a call looks for."""

    window: int = 0
    low: int = 0
    high: int = 0

    def takes(self, message: Message, below: set[int]) -> bool:
        """Whether it is one of them; `below` are the window and its parts."""
        if self.window == _THREAD_MESSAGES:
            if message.window:
                return False
        elif self.window and message.window not in below:
            return False
        return not (self.low or self.high) or self.low <= message.number <= self.high


class Timer:
    """Posts WM_TIMER again and again."""

    __slots__ = ("due", "id", "period", "procedure", "window")

    def __init__(self, window: int, number: int, period: int, procedure: int, now: int) -> None:
        """`period` in milliseconds; `now` and `due` are interrupt times."""
        self.window, self.id, self.procedure = window, number, procedure
        self.period = min(max(period, _TIMER_LEAST), _TIMER_MOST) * _UNITS_PER_MILLISECOND
        self.due = now + self.period


class Sent:
    """A message that its sender waits for, if there is a `sender`."""

    __slots__ = ("ansi", "is_answered", "message", "result", "sender")

    def __init__(self, message: Message, *, ansi: bool, sender: MessageQueue | None) -> None:
        self.message, self.ansi, self.sender = message, ansi, sender
        self.result = 0
        self.is_answered = False

    def answer(self, result: int) -> None:
        """The first answer counts."""
        if not self.is_answered:
            self.result, self.is_answered = result, True
            if self.sender is not None:
                self.sender.signal.set()


class QueueSignal(Event):
    """Set with every change of a queue; named so in reports."""

    __slots__ = ()
    type_name = "window messages"


class MessageQueue:
    """The queue of one thread."""

    def __init__(self, thread: Thread) -> None:
        self.thread = thread
        self.signal = QueueSignal(is_notification=False)
        self.signal.reference()
        self.posted: deque[Message] = deque()
        self.sent: deque[Sent] = deque()
        self.handled: list[Sent] = []
        """Sent messages whose procedures are under way, the latest last."""
        self.timers: list[Timer] = []
        self.changed = 0
        """QS_ bits since the last look."""
        self.exit_code: int | None = None
        self.active: Window | None = None
        self.focus: Window | None = None
        """Where input would go."""
        self.capture: Window | None = None
        self._next_timer = _FIRST_TIMER

    def wake(self, bits: int) -> None:
        """There is something new."""
        self.changed |= bits
        self.signal.set()

    def post(self, message: Message) -> bool:
        """Put a message at the end; False if the queue is full."""
        if len(self.posted) >= MOST_MESSAGES:
            return False
        self.posted.append(message)
        self.wake(POSTED)
        return True

    def quit(self, code: int) -> None:
        """The thread is to end once its queue is empty."""
        self.exit_code = code
        self.wake(POSTED)

    def send(self, sent: Sent) -> None:
        """Ask for an answer."""
        self.sent.append(sent)
        self.wake(QS_SENDMESSAGE)

    def take(
        self, wanted: Wanted, window: Window | None, now: int, time: int, *, remove: bool
    ) -> Message | None:
        """The first message of those wanted; `window` is theirs.  None: there is none yet."""
        below = {window.handle, *(each.handle for each in window.below())} if window else set()
        for message in self.posted:
            if wanted.takes(message, below):
                if remove:
                    self.posted.remove(message)
                return message
        if self.exit_code is not None:
            message = Message(0, WM_QUIT, self.exit_code, 0, time)
            if remove:
                self.exit_code = None
            return message
        return self._fire(wanted, below, now, time, remove=remove)

    def _fire(
        self, wanted: Wanted, below: set[int], now: int, time: int, *, remove: bool
    ) -> Message | None:
        for timer in sorted(self.timers, key=lambda timer: timer.due):
            message = Message(timer.window, WM_TIMER, timer.id, timer.procedure, time)
            if timer.due <= now and wanted.takes(message, below):
                if remove:
                    timer.due = max(timer.due + timer.period, now)
                return message
        return None

    def present(self, now: int) -> int:
        """QS_ bits of what is there."""
        bits = QS_SENDMESSAGE if self.sent else 0
        if self.posted or self.exit_code is not None:
            bits |= POSTED
        return bits | (QS_TIMER if any(timer.due <= now for timer in self.timers) else 0)

    def next_due(self, now: int) -> int | None:
        """When the next timer comes due that has not yet; None: there is none."""
        return min((timer.due for timer in self.timers if timer.due > now), default=None)

    def set_timer(self, window: int, number: int, period: int, procedure: int, now: int) -> int:
        """Begin or change a timer; returns its number, 0 if there are too many."""
        known = next((t for t in self.timers if (t.window, t.id) == (window, number)), None)
        if known is not None:
            self.timers.remove(known)
        elif len(self.timers) >= MOST_TIMERS:
            return 0
        elif not window:
            number, self._next_timer = self._next_timer, self._next_timer - 1
        self.timers.append(Timer(window, number, period, procedure, now))
        self.signal.set()
        return number

    def kill_timer(self, window: int, number: int) -> bool:
        """End a timer; whether there was one."""
        left = [timer for timer in self.timers if (timer.window, timer.id) != (window, number)]
        found = len(left) < len(self.timers)
        self.timers = left
        return found

    def forget_window(self, window: Window) -> None:
        """The window is gone, and what was for it."""
        handle = window.handle
        self.posted = deque(each for each in self.posted if each.window != handle)
        self.timers = [timer for timer in self.timers if timer.window != handle]
        self.active = None if self.active is window else self.active
        self.focus = None if self.focus is window else self.focus
        self.capture = None if self.capture is window else self.capture

    def end(self) -> None:
        """The thread has ended: who waits for its answers gets 0."""
        for sent in [*self.handled, *self.sent]:
            sent.answer(0)
        self.sent.clear()
        self.signal.dereference()
