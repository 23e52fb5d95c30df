"""Waiting for sockets: polls, and events that tell of them."""

from __future__ import annotations

import struct
from functools import partial
from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError
from provider.kernel.io.net.event import Event
from provider.kernel.io.net.poll import Poll, Ready, Watched
from provider.kernel.ke.event import Event as EventObject
from provider.nt.handles import reference
from provider.nt.io.afd.work import Work, answer, socket_of, unpack
from provider.nt.ke.timeout import due_time
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from provider.kernel.errors import Reason
    from provider.kernel.io.irp import Irp
    from provider.kernel.io.net.endpoint import Endpoint
    from provider.nt.io.asked import Asked

POLL, EVENT_SELECT, ENUM_NETWORK_EVENTS = 0x12024, 0x12087, 0x1208B
FOR_EVER = (1 << 63) - 1
EVENT_MODIFY_STATE = 2
_POLL = struct.Struct("<qIB3x")
_SOCKET = struct.Struct("<3I")
_SELECT = struct.Struct("<2I")
_HANDLE = struct.Struct("<I")
_EVENTS = struct.Struct(f"<I{Event.COUNT}I")


def _poll(socket: Endpoint, asked: Asked) -> Work:
    """In and out: AFD_POLL_INFO; a time-out of 0 does not wait."""
    timeout, count, exclusive = unpack(_POLL, asked.data)
    entries = asked.data[_POLL.size : _POLL.size + count * _SOCKET.size]
    if not count or len(entries) < count * _SOCKET.size or asked.room < len(asked.data):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    sockets = [
        Watched(socket_of(asked.thread, handle), events, handle)
        for handle, events, _ in _SOCKET.iter_unpack(entries)
    ]
    encode = partial(_encode, timeout, exclusive)

    def start(irp: Irp) -> None:
        poll = Poll(irp, sockets, encode, is_exclusive=bool(exclusive))
        poll.start(may_wait=timeout != 0)
        kernel = asked.thread.process.kernel
        due = None if timeout == FOR_EVER else due_time(kernel.clock, timeout)
        if not irp.is_done and due is not None:
            poll.timer = kernel.timers.set(due, poll.time_out)

    return Work(start, asked.output)


def _encode(timeout: int, exclusive: int, found: list[Ready]) -> bytes:
    """AFD_POLL_INFO with the sockets that are ready."""
    entries = [_SOCKET.pack(r.handle, r.events, _status(r.reason)) for r in found]
    return _POLL.pack(timeout, len(found), exclusive) + b"".join(entries)


def _event_select(socket: Endpoint, asked: Asked) -> int:
    """In: AFD_EVENT_SELECT_INFO; from then on the socket does not wait.

    The I/O status block is told of failures, too (Wine's tests, on Windows).
    """
    try:
        handle, mask = unpack(_SELECT, asked.data)
        target = _event(asked, handle) if handle or mask else None
    except NtError as error:
        return asked.operation.complete(0, error.status)
    socket.select_events(target, mask)
    return asked.operation.complete(0)


def _event(asked: Asked, handle: int) -> EventObject:
    """NtError INVALID_PARAMETER for what is no event."""
    try:
        return reference(asked.thread, handle, EventObject, EVENT_MODIFY_STATE)
    except (NtError, KernelError):
        raise NtError(NTSTATUS.INVALID_PARAMETER) from None


def _enum_network_events(socket: Endpoint, asked: Asked) -> Work:
    """In: a handle of an event to reset, or nothing; out: AFD_ENUM_NETWORK_EVENTS_INFO."""
    if asked.room < _EVENTS.size:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    if len(asked.data) >= _HANDLE.size:
        _event(asked, *_HANDLE.unpack_from(asked.data)).reset()
    errors = socket.selection.errors
    statuses = [_status(errors.get(1 << bit)) for bit in range(Event.COUNT)]
    return answer(asked, _EVENTS.pack(socket.selection.take(), *statuses))


def _status(reason: Reason | None) -> int:
    return NTSTATUS.SUCCESS if reason is None else NTSTATUS[reason.name]


CONTROLS: Mapping[int, Callable[[Endpoint, Asked], Work | int]] = {
    POLL: _poll,
    EVENT_SELECT: _event_select,
    ENUM_NETWORK_EVENTS: _enum_network_events,
}
