"""Calls that take messages, wait for them and post them; timers."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.kernel.ke.wait import WaitEnd, wait_for
from provider.kernel.thread import Thread
from provider.nt.ke.timeout import wait_status
from provider.nt.ke.wait_calls import MAXIMUM_WAIT_OBJECTS, waitable
from provider.nt.status import NTSTATUS
from provider.nt.table import win32k
from provider.nt.types import PVOID, ULONG
from provider.nt.win32k.coded import no_param, one_param, window_param
from provider.nt.win32k.desktop import desktop_of
from provider.nt.win32k.last_error import (
    ERROR_ACCESS_DENIED,
    ERROR_INVALID_PARAMETER,
    ERROR_INVALID_THREAD_ID,
    ERROR_INVALID_WINDOW_HANDLE,
    ERROR_MESSAGE_SYNC_ONLY,
    ERROR_NOACCESS,
    ERROR_NOT_ENOUGH_QUOTA,
    fail,
)
from provider.nt.win32k.message_queue import QS_ALLINPUT, QS_TIMER, WM_QUIT, Message, Wanted
from provider.nt.win32k.send import (
    BROADCAST,
    answer_sent,
    is_pointer_message,
    milliseconds,
    now_of,
    top_windows,
    window_or_error,
)

if TYPE_CHECKING:
    from provider.kernel.ke.waitable import Waitable
    from provider.nt.win32k.message_queue import MessageQueue

_FAILED = 0xFFFFFFFF
_PM_REMOVE = 1
_MWMO_WAITALL, _MWMO_ALERTABLE, _MWMO_INPUTAVAILABLE = 1, 2, 4
_INFINITE = 0xFFFFFFFF
_UNITS_PER_MILLISECOND = 10000
_WAIT_TIMEOUT = 0x102
_CLIENT_INFO_TIME = 0x6CC + 8
"""From the TEB: what GetMessageTime answers (Win32ClientInfo, struct ntuser_thread_info)."""
_THREAD_WINDOWS = (0xFFFFFFFF, 0xFFFF)


async def _take(
    thread: Thread, queue: MessageQueue, wanted: Wanted, *, remove: bool
) -> Message | None:
    """Answer what others sent, then look for a message."""
    await answer_sent(thread, queue)
    window = desktop_of(thread).find(wanted.window) if wanted.window else None
    if window is not None:
        wanted = wanted._replace(window=window.handle)
    queue.changed = 0
    return queue.take(wanted, window, now_of(thread), milliseconds(thread), remove=remove)


def _wanted(window: int, low: int, high: int) -> Wanted:
    return Wanted(_INFINITE if window in _THREAD_WINDOWS else window, low, high)


def _is_bad(thread: Thread, wanted: Wanted) -> bool:
    return wanted.window not in (0, _INFINITE) and not desktop_of(thread).find(wanted.window)


def _store(thread: Thread, va: int, message: Message) -> None:
    space = thread.process.space
    space.write(va, message.pack())
    time_va = thread.context.teb_va + _CLIENT_INFO_TIME
    space.write(time_va, message.time.to_bytes(4, "little"))


@win32k.syscall(partial="There is no input and nothing to paint.")
async def NtUserPeekMessage(
    thread: Thread, Message: PVOID, Window: PVOID, First: ULONG, Last: ULONG, Flags: ULONG
) -> int:
    """Take or look at a message, if there is one."""
    queue, wanted = desktop_of(thread).queue(thread), _wanted(Window, First, Last)
    if _is_bad(thread, wanted):
        return fail(thread, ERROR_INVALID_WINDOW_HANDLE)
    if not Message:
        return fail(thread, ERROR_NOACCESS)
    found = await _take(thread, queue, wanted, remove=bool(Flags & _PM_REMOVE))
    if found is None:
        thread.process.kernel.scheduler.give_way(thread)
        return 0
    _store(thread, Message, found)
    return 1


@win32k.syscall(partial="There is no input and nothing to paint.")
async def NtUserGetMessage(
    thread: Thread, Message: PVOID, Window: PVOID, First: ULONG, Last: ULONG
) -> int:
    """Take a message, and wait until there is one; 0 for WM_QUIT."""
    queue, wanted = desktop_of(thread).queue(thread), _wanted(Window, First, Last)
    thread.process.space.probe_write(Message, 28)
    while not _is_bad(thread, wanted):
        found = await _take(thread, queue, wanted, remove=True)
        if found is not None:
            _store(thread, Message, found)
            return int(found.number != WM_QUIT)
        await wait_for(thread, (queue.signal,), due=queue.next_due(now_of(thread)))
    fail(thread, ERROR_INVALID_WINDOW_HANDLE)
    return _FAILED


@win32k.syscall()
async def NtUserWaitMessage(thread: Thread) -> int:
    """Wait for a message that was not there at the last look."""
    queue = desktop_of(thread).queue(thread)
    while not _new(thread, queue, QS_ALLINPUT, old_too=False):
        await wait_for(thread, (queue.signal,), due=queue.next_due(now_of(thread)))
    return 1


def _new(thread: Thread, queue: MessageQueue, mask: int, *, old_too: bool) -> bool:
    """Whether there is something for MsgWaitForMultipleObjectsEx."""
    present = queue.present(now_of(thread))
    return bool((queue.changed | present & (_INFINITE if old_too else QS_TIMER)) & mask)


@win32k.syscall(partial="MWMO_WAITALL waits for the objects and the queue one after the other.")
async def NtUserMsgWaitForMultipleObjectsEx(
    thread: Thread, Count: ULONG, Handles: PVOID, Milliseconds: ULONG, Mask: ULONG, Flags: ULONG
) -> int:
    """Wait for objects and for messages; the count stands for the latter."""
    if Count >= MAXIMUM_WAIT_OBJECTS:
        fail(thread, ERROR_INVALID_PARAMETER)
        return _FAILED
    handles = struct.unpack(f"<{Count}I", thread.process.space.read(Handles, 4 * Count))
    targets = [waitable(thread, handle) for handle in handles]
    due = (
        None
        if Milliseconds == _INFINITE
        else now_of(thread) + Milliseconds * _UNITS_PER_MILLISECOND
    )
    for target in targets:
        target.reference()
    try:
        return await _wait(thread, targets, due, Mask, Flags)
    finally:
        for target in targets:
            target.dereference()


async def _wait(
    thread: Thread, targets: list[Waitable], due: int | None, mask: int, flags: int
) -> int:
    queue, alertable = desktop_of(thread).queue(thread), bool(flags & _MWMO_ALERTABLE)
    if flags & _MWMO_WAITALL and targets:
        outcome = await wait_for(thread, targets, wait_all=True, alertable=alertable, due=due)
        if outcome.end is not WaitEnd.SATISFIED:
            return wait_status(outcome)
        targets = []
    while True:
        found = _new(thread, queue, mask, old_too=bool(flags & _MWMO_INPUTAVAILABLE))
        now = now_of(thread)
        limits = [limit for limit in (due, queue.next_due(now)) if limit is not None]
        limit = now if found else min(limits, default=None)
        outcome = await wait_for(thread, (*targets, queue.signal), alertable=alertable, due=limit)
        is_queue = outcome.end is WaitEnd.SATISFIED and outcome.position == len(targets)
        if not is_queue and outcome.end is not WaitEnd.TIMED_OUT:
            return wait_status(outcome)
        if found:
            return len(targets)
        await answer_sent(thread, queue)
        if outcome.end is WaitEnd.TIMED_OUT and due is not None and now_of(thread) >= due:
            return _WAIT_TIMEOUT


@win32k.syscall()
def NtUserPostMessage(
    thread: Thread, Window: PVOID, Message: ULONG, WParam: PVOID, LParam: PVOID
) -> int:
    """Put a message into the queue of a window's thread."""
    if is_pointer_message(Message, WParam):
        return fail(thread, ERROR_MESSAGE_SYNC_ONLY)
    if not Window:
        return _post(thread, thread, 0, (Message, WParam, LParam))
    if Window == BROADCAST:
        for each in top_windows(thread):
            if each.thread is not None:
                _post(thread, each.thread, each.handle, (Message, WParam, LParam))
        return 1
    window = window_or_error(thread, Window)
    if window is None:
        return 0
    if window.thread is None:
        return 1
    return _post(thread, window.thread, window.handle, (Message, WParam, LParam))


@win32k.syscall()
def NtUserPostThreadMessage(
    thread: Thread, ThreadId: ULONG, Message: ULONG, WParam: PVOID, LParam: PVOID
) -> int:
    """Put a message without a window into a thread's queue."""
    if is_pointer_message(Message, WParam):
        return fail(thread, ERROR_MESSAGE_SYNC_ONLY)
    target = thread.process.kernel.client_ids.find(ThreadId, Thread)
    if target is None:
        return fail(thread, ERROR_INVALID_THREAD_ID)
    return _post(thread, target, 0, (Message, WParam, LParam))


def _post(thread: Thread, target: Thread, window: int, message: tuple[int, int, int]) -> int:
    made = Message(window, *message, milliseconds(thread))
    if desktop_of(thread).queue(target).post(made):
        return 1
    return fail(thread, ERROR_NOT_ENOUGH_QUOTA)


def _quit(thread: Thread, code: int) -> int:
    desktop_of(thread).queue(thread).quit(code)
    return 1


one_param.declare("PostQuitMessage", _quit)


@win32k.syscall()
def NtUserGetQueueStatus(thread: Thread, Flags: ULONG) -> int:
    """In the low word what came since the last look, in the high one all that is there."""
    queue = desktop_of(thread).queue(thread)
    changed, present = queue.changed & Flags, queue.present(now_of(thread)) & Flags
    queue.changed &= ~Flags
    return changed & 0xFFFF | (present & 0xFFFF) << 16


@no_param
def GetInputState(thread: Thread) -> int:
    """Whether there is input: there is none ever."""
    return 0


@win32k.syscall(partial="A procedure gets its message from user32, so that it may fail there.")
def NtUserSetTimer(
    thread: Thread, Window: PVOID, Id: ULONG, Milliseconds: ULONG, Procedure: PVOID, _: ULONG
) -> int:
    """Let WM_TIMER come again and again."""
    desktop, handle = desktop_of(thread), 0
    queue = desktop.queue(thread)
    if Window:
        window = window_or_error(thread, Window)
        if window is None:
            return 0
        if window.thread is None or window.thread.process is not thread.process:
            return fail(thread, ERROR_ACCESS_DENIED)
        queue, handle = desktop.queue(window.thread), window.handle
    table = desktop.process(thread.process).procedures
    procedure = table.handle(Procedure, ansi=True)
    made = queue.set_timer(handle, Id, Milliseconds, procedure, now_of(thread))
    return made or int(bool(handle))


@win32k.syscall()
def NtUserKillTimer(thread: Thread, Window: PVOID, Id: ULONG) -> int:
    """End a timer."""
    desktop, handle = desktop_of(thread), 0
    queue = desktop.queue(thread)
    if Window:
        window = window_or_error(thread, Window)
        if window is None or window.thread is None:
            return 0
        queue, handle = desktop.queue(window.thread), window.handle
    return int(queue.kill_timer(handle, Id)) or fail(thread, ERROR_INVALID_PARAMETER)


@window_param
def KillSystemTimer(thread: Thread, window: int, number: int) -> int:
    """End a timer of the system's own: there are none."""
    return 0


@one_param
def ReplyMessage(thread: Thread, result: int) -> int:
    """Answer the message that is under way before its procedure returns."""
    handled = desktop_of(thread).queue(thread).handled
    if not handled or handled[-1].sender is None or handled[-1].is_answered:
        return 0
    handled[-1].answer(result)
    return 1


assert NTSTATUS.TIMEOUT == _WAIT_TIMEOUT
