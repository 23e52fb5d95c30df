"""Sending: a window's thread answers, and the sender waits for that.

While it waits, it answers what others send to it.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from provider.kernel.ke.wait import wait_for
from provider.kernel.mm import AccessViolation
from provider.nt.win32k.desktop import desktop_of
from provider.nt.win32k.last_error import (
    ERROR_INVALID_WINDOW_HANDLE,
    ERROR_MESSAGE_SYNC_ONLY,
    ERROR_TIMEOUT,
    fail,
)
from provider.nt.win32k.message_queue import Message, Sent
from provider.nt.win32k.procedure_call import Mapping, call_procedure

if TYPE_CHECKING:
    from provider.kernel.thread import Thread
    from provider.nt.win32k.message_queue import MessageQueue
    from provider.nt.win32k.window import Window

BROADCAST = 0xFFFF
_RECEIVE_FLAGS = 0x6CC + 0x24
"""From the TEB: what InSendMessageEx answers (Win32ClientInfo, struct ntuser_thread_info)."""
_ISMEX_SEND, _ISMEX_NOTIFY = 1, 2
_UNITS_PER_MILLISECOND = 10000
_WM_DEVICECHANGE = 0x219
_POINTERS = frozenset((
    0x1, 0xC, 0xD, 0x1A, 0x1B, 0x24, 0x2B, 0x2C, 0x2D, 0x39, 0x46, 0x47, 0x4A, 0x53, 0x7C, 0x7D,
    0x81, 0x83, 0x87, 0xB0, 0xB2, 0xB3, 0xB4, 0xC2, 0xC4, 0xCB, 0xE3, 0xE9, 0xEA, 0xEB, 0x140,
    0x143, 0x145, 0x148, 0x14A, 0x14C, 0x14D, 0x152, 0x158, 0x180, 0x181, 0x189, 0x18C, 0x18D,
    0x18F, 0x191, 0x192, 0x196, 0x198, 0x1A2, 0x213, 0x214, 0x216, 0x220, 0x229, 0x22A, 0x22B,
    0x22D, 0x22E, 0x22F, 0x30C,
))  # fmt: skip
"""Messages with addresses in them, which cannot be posted ("PostMessageW", its remarks)."""


def is_pointer_message(number: int, wparam: int) -> bool:
    """Whether a message has an address in it."""
    return number in _POINTERS or (number == _WM_DEVICECHANGE and bool(wparam & 0x8000))


def now_of(thread: Thread) -> int:
    """Interrupt time."""
    return thread.process.kernel.clock.interrupt_time()


def milliseconds(thread: Thread) -> int:
    """What GetTickCount says."""
    return now_of(thread) // _UNITS_PER_MILLISECOND & 0xFFFFFFFF


async def answer_sent(thread: Thread, queue: MessageQueue) -> None:
    """Let the thread's windows answer what others have sent."""
    while queue.sent:
        sent = queue.sent.popleft()
        queue.handled.append(sent)
        before = _set_receiving(thread, _ISMEX_SEND if sent.sender is not None else _ISMEX_NOTIFY)
        try:
            sent.answer(await _answer(thread, sent))
        finally:
            sent.answer(0)
            queue.handled.remove(sent)
            _set_receiving(thread, before)


async def _answer(thread: Thread, sent: Sent) -> int:
    window = desktop_of(thread).find(sent.message.window)
    if window is None or window.thread is not thread:
        return 0
    _, number, wparam, lparam, _ = sent.message
    return await call_procedure(
        thread, window, number, wparam, lparam, ansi=sent.ansi, mapping=Mapping.RECEIVE
    )


def _set_receiving(thread: Thread, flags: int) -> int:
    """Store what InSendMessageEx is to say; returns what it said."""
    space, va = thread.process.space, thread.context.teb_va + _RECEIVE_FLAGS
    with suppress(AccessViolation):
        before = int.from_bytes(space.read(va, 4), "little")
        space.write(va, flags.to_bytes(4, "little"))
        return before
    return 0


async def send(
    thread: Thread,
    window: Window,
    number: int,
    wparam: int,
    lparam: int,
    *,
    ansi: bool = False,
    timeout: int | None = None,
) -> int | None:
    """The window's answer; None, with the last error, if there is none within `timeout` ms."""
    if window.thread is thread:
        return await call_procedure(thread, window, number, wparam, lparam, ansi=ansi)
    if window.thread is None:
        return 0
    if window.thread.process is not thread.process and is_pointer_message(number, wparam):
        fail(thread, ERROR_MESSAGE_SYNC_ONLY)
        return None
    return await _send_away(
        thread, window, Message(window.handle, number, wparam, lparam, 0), ansi, timeout
    )


async def _send_away(
    thread: Thread, window: Window, message: Message, ansi: bool, timeout: int | None
) -> int | None:
    desktop = desktop_of(thread)
    assert window.thread is not None
    own, other = desktop.queue(thread), desktop.queue(window.thread)
    sent = Sent(message, ansi=ansi, sender=own)
    due = None if timeout is None else now_of(thread) + timeout * _UNITS_PER_MILLISECOND
    other.send(sent)
    while True:
        await answer_sent(thread, own)
        if sent.is_answered:
            return sent.result
        if due is not None and now_of(thread) >= due:
            sent.is_answered = True
            if sent in other.sent:
                other.sent.remove(sent)
            fail(thread, ERROR_TIMEOUT)
            return None
        await wait_for(thread, (own.signal,), due=due)


def notify(
    thread: Thread, window: Window, number: int, wparam: int, lparam: int, *, ansi: bool
) -> None:
    """Send to another thread without waiting."""
    assert window.thread is not None
    sent = Sent(Message(window.handle, number, wparam, lparam, 0), ansi=ansi, sender=None)
    desktop_of(thread).queue(window.thread).send(sent)


def top_windows(thread: Thread) -> list[Window]:
    """Those that a broadcast reaches."""
    return list(desktop_of(thread).root.children)


def window_or_error(thread: Thread, handle: int) -> Window | None:
    """A window by its handle; None with the last error."""
    window = desktop_of(thread).find(handle)
    if window is None:
        fail(thread, ERROR_INVALID_WINDOW_HANDLE)
    return window
