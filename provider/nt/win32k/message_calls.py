"""NtUserMessageCall: what user32 does with messages, by kinds that Wine's header numbers."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.kernel.thread import Thread
from provider.nt.handles import nt_part
from provider.nt.table import win32k
from provider.nt.types import PVOID, ULONG
from provider.nt.win32k.coded import dialect_of
from provider.nt.win32k.default_procedure import default
from provider.nt.win32k.desktop import desktop_of
from provider.nt.win32k.last_error import ERROR_MESSAGE_SYNC_ONLY, fail
from provider.nt.win32k.procedure_call import Call, Mapping, call_procedure, window_words, words_of
from provider.nt.win32k.send import BROADCAST, notify, send, top_windows, window_or_error

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from provider.nt.win32k.window import Window

    Kind = Callable[[Thread, Call, int], Awaitable[int]]

_INFINITE = 0xFFFFFFFF
_TIMEOUT_PARAMETERS = struct.Struct("<3I")
"""Flags, milliseconds, and where the outcome goes (struct send_message_timeout_params)."""
_WM_TIMER, _WM_SYSTIMER = 0x113, 0x118


async def _default(thread: Thread, call: Call, info: int) -> int:
    window = window_or_error(thread, call.window)
    if window is None:
        return 0
    return await default(thread, window, call.number, call.wparam, call.lparam, ansi=call.ansi)


def _store(thread: Thread, va: int, words: bytes) -> None:
    """Fill user32's structure; where results go, it has said itself already."""
    fields = dialect_of(thread).call_fields
    space = thread.process.space
    if "result" not in fields:
        space.write(va, words)
        return
    at = 4 * fields.index("result")
    space.write(va, words[:at])
    space.write(va + at + 4, words[at + 4 :])


async def _call_procedure(thread: Thread, call: Call, info: int) -> int:
    """User32 calls a procedure that it has an address or a handle of."""
    function = int.from_bytes(thread.process.space.read(info, 4), "little")
    if not function:
        return 0
    window = desktop_of(thread).find(call.window)
    full = call._replace(window=window.handle if window else call.window)
    words = words_of(thread, full, function, ansi_target=call.ansi, fix=True)
    _store(thread, info, words)
    return 1


async def _dispatch(thread: Thread, call: Call, info: int) -> int:
    """User32 calls the procedure of a message's window."""
    if not call.window:
        return 0
    window = window_or_error(thread, call.window)
    if window is None:
        return 0
    if window.thread is not thread:
        return fail(thread, ERROR_MESSAGE_SYNC_ONLY)
    full = call._replace(window=window.handle, mapping=Mapping.DISPATCH)
    _store(thread, info, window_words(thread, window, full))
    return 1


async def _send(thread: Thread, call: Call, info: int) -> int:
    """SendMessage: a window of the same thread is left to user32."""
    if call.window == BROADCAST:
        return await _broadcast(thread, call)
    window = window_or_error(thread, call.window)
    if window is None:
        return 0
    if window.thread is thread and info:
        full = call._replace(window=window.handle, mapping=Mapping.SEND)
        _store(thread, info, window_words(thread, window, full))
        return 1
    return await _send_to(thread, window, call) or 0


async def _send_to(
    thread: Thread, window: Window, call: Call, timeout: int | None = None
) -> int | None:
    return await send(
        thread, window, call.number, call.wparam, call.lparam, ansi=call.ansi, timeout=timeout
    )


async def _broadcast(thread: Thread, call: Call, timeout: int | None = None) -> int:
    for window in top_windows(thread):
        if desktop_of(thread).find(window.handle) is window:
            await _send_to(thread, window, call, timeout)
    return 1


async def _send_for_some_time(thread: Thread, call: Call, info: int) -> int:
    """SendMessageTimeout: whether there is an answer goes to user32's structure."""
    space = thread.process.space
    flags, timeout, _ = _TIMEOUT_PARAMETERS.unpack(space.read(info, _TIMEOUT_PARAMETERS.size))
    limit = None if timeout == _INFINITE else timeout
    result: int | None = None
    if call.window == BROADCAST:
        result = await _broadcast(thread, call, limit)
    elif (window := window_or_error(thread, call.window)) is not None:
        result = await _send_to(thread, window, call, limit)
    space.write(info, _TIMEOUT_PARAMETERS.pack(flags, timeout, result is not None))
    return result or 0


async def _notify(thread: Thread, call: Call, info: int) -> int:
    """SendNotifyMessage: another thread's window answers when it can."""
    targets = top_windows(thread) if call.window == BROADCAST else []
    if call.window != BROADCAST:
        window = window_or_error(thread, call.window)
        if window is None:
            return 0
        targets = [window]
    for target in targets:
        if target.thread is thread:
            await _send_to(thread, target, call)
        elif target.thread is not None:
            _, number, wparam, lparam, ansi, _ = call
            notify(thread, target, number, wparam, lparam, ansi=ansi)
    return 1


async def _store_name(thread: Thread, call: Call, info: int) -> int:
    """What user32's own traces call a message: its number."""
    name = f"{call.number:#x}".encode()[: max(call.wparam - 1, 0)]
    thread.process.space.write(info, name + b"\0")
    return 0


async def _nothing(thread: Thread, call: Call, info: int) -> int:
    return 0


_KINDS: dict[int, Kind] = {
    0x29A: _default,  # NtUserScrollBarWndProc
    0x29C: _default,  # NtUserPopupMenuWndProc
    0x29D: _default,  # NtUserDesktopWindowProc
    0x29E: _default,  # NtUserDefWindowProc
    0x2AB: _call_procedure,  # NtUserCallWindowProc
    0x2B1: _send,  # NtUserSendMessage
    0x2B3: _send_for_some_time,  # NtUserSendMessageTimeout
    0x2B7: _notify,  # NtUserSendNotifyMessage
    0x3001: _dispatch,  # NtUserGetDispatchParams
    0x300: _nothing,  # NtUserClipboardWindowProc
    0x303: _nothing,  # NtUserSpyEnter, and others that Wine has added there
    0x304: _nothing,
    0x305: _nothing,
    0x306: _nothing,
    0x307: _nothing,
}


@win32k.syscall(partial="Messages with addresses stay within a process; no answers by callback.")
async def NtUserMessageCall(
    thread: Thread,
    Window: PVOID,
    Message: ULONG,
    WParam: PVOID,
    LParam: PVOID,
    ResultInfo: PVOID,
    Type: ULONG,
    Ansi: ULONG,
) -> int:
    """Send a message, or find out whom user32 is to call."""
    is_name = Type == dialect_of(thread).message_name
    kind = _store_name if is_name else _KINDS.get(Type)
    if kind is None:
        nt_part(thread.process).provider.report_unknown(f"NtUserMessageCall ({Type:#x})")
        return 0
    call = Call(Window, Message, WParam, LParam, bool(Ansi), Mapping.CALL)
    return await kind(thread, call, ResultInfo)


@win32k.syscall(partial="WM_SYSTIMER does nothing.")
async def NtUserDispatchMessage(thread: Thread, Message: PVOID) -> int:
    """Let the window of a message answer it."""
    handle, number, wparam, lparam = struct.unpack("<4I", thread.process.space.read(Message, 16))
    if not handle or number == _WM_SYSTIMER:
        return 0
    window = window_or_error(thread, handle)
    if window is None:
        return 0
    if window.thread is not thread:
        return fail(thread, ERROR_MESSAGE_SYNC_ONLY)
    return await call_procedure(thread, window, number, wparam, lparam, mapping=Mapping.DISPATCH)
