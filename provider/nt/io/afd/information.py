"""Information about sockets, their options, and what their owners keep with them."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.kernel.io.net.options import LARGEST_BUFFER
from provider.kernel.io.net.tcp import TcpTransport
from provider.kernel.io.net.udp import LONGEST, UdpTransport
from provider.nt.io.afd import options
from provider.nt.io.afd.work import Work, answer, unpack
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from provider.kernel.io.net.endpoint import Endpoint
    from provider.nt.io.asked import Asked

NO_OPERATION = 0x1209F
QUERY_RECEIVE_INFO, SET_INFORMATION, GET_INFORMATION = 0x12033, 0x1203B, 0x1207B
GET_CONTEXT, SET_CONTEXT, TRANSPORT_IOCTL = 0x12043, 0x12047, 0x120BF
NONBLOCKING, MAX_SEND_SIZE, SENDS_PENDING, MAX_PATH_SEND_SIZE = 2, 3, 4, 5
RECEIVE_WINDOW, SEND_WINDOW, CONNECT_TIME = 6, 7, 8
"""AFD_NONBLOCKING_MODE and its kin, the types of AFD_INFORMATION."""
SET_OPTION, GET_OPTION, SOCKET_CONTROL = 1, 2, 3
"""Types of AFD_TL_IO_CONTROL_INFO."""
SIO_UDP_CONNRESET = 0x9800000C
SIO_KEEPALIVE_VALS = 0x98000004
LONGEST_CONTEXT = 0x1000
_WORDS = struct.Struct("<2I")
_INFORMATION = struct.Struct("<I4xI4x")
_CONTROL = struct.Struct("<3IB3x2I")


def _receive_information(socket: Endpoint, asked: Asked) -> Work:
    """Out: AFD_RECEIVE_INFORMATION: bytes that can be received, urgent ones: none."""
    return answer(asked, _WORDS.pack(socket.protocol.available(), 0))


def _set_information(socket: Endpoint, asked: Asked) -> Work:
    """In: AFD_INFORMATION."""
    kind, value = unpack(_INFORMATION, asked.data.ljust(_INFORMATION.size, b"\0"))
    if kind == NONBLOCKING:
        set_nonblocking(socket, nonblocking=bool(value & 0xFF))
    elif kind == RECEIVE_WINDOW:
        socket.options.receive_buffer = min(value, LARGEST_BUFFER)
    elif kind == SEND_WINDOW:
        socket.options.send_buffer = min(value, LARGEST_BUFFER)
    else:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    return answer(asked)


def set_nonblocking(socket: Endpoint, *, nonblocking: bool) -> None:
    """NtError INVALID_PARAMETER for one that is to wait while it tells events ("ioctlsocket")."""
    if not nonblocking and socket.selection.mask:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    socket.options.nonblocking = nonblocking


def _get_information(socket: Endpoint, asked: Asked) -> Work:
    """In and out: AFD_INFORMATION."""
    kind, _ = unpack(_INFORMATION, asked.data.ljust(_INFORMATION.size, b"\0"))
    transport = socket.protocol
    longest = LONGEST[transport.family] if isinstance(transport, UdpTransport) else 0xFFFFFFFF
    known = {
        MAX_SEND_SIZE: longest,
        MAX_PATH_SEND_SIZE: longest,
        SENDS_PENDING: 0,
        RECEIVE_WINDOW: socket.options.receive_buffer,
        SEND_WINDOW: socket.options.send_buffer,
    }
    if kind == CONNECT_TIME:
        known[kind] = int.from_bytes(
            options.get_option(socket, options.SOCKET, 0x700C, 4), "little"
        )
    if kind not in known:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    return answer(asked, _INFORMATION.pack(kind, known[kind]))


def _get_context(socket: Endpoint, asked: Asked) -> Work:
    """Out: what was set, as far as there is room; all of its size is told."""
    return answer(asked, socket.context[: asked.room], len(socket.context))


def _set_context(socket: Endpoint, asked: Asked) -> Work:
    """In: whatever the socket's owner wants to find there."""
    if len(asked.data) > LONGEST_CONTEXT:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    socket.context = asked.data
    return answer(asked)


def _transport_ioctl(socket: Endpoint, asked: Asked) -> Work:
    """In: AFD_TL_IO_CONTROL_INFO; out: the value."""
    kind, level, code, _, va, size = unpack(_CONTROL, asked.data)
    size = min(size, LONGEST_CONTEXT)
    value = asked.thread.process.space.read(va, size) if size else b""
    if kind == SET_OPTION:
        options.set_option(socket, level, code, value)
    elif kind == GET_OPTION:
        return answer(asked, options.get_option(socket, level, code, asked.room))
    elif kind == SOCKET_CONTROL and code == SIO_UDP_CONNRESET:
        if isinstance(socket.protocol, TcpTransport) or not value:
            raise NtError(NTSTATUS.INVALID_PARAMETER)
        socket.options.report_unreachable = bool(int.from_bytes(value[:4], "little"))
    elif kind == SOCKET_CONTROL and code == SIO_KEEPALIVE_VALS:
        options.set_option(socket, options.SOCKET, 0x8, value[:4])
    else:
        raise NtError(NTSTATUS.NOT_SUPPORTED)
    return answer(asked)


def _no_operation(socket: Endpoint, asked: Asked) -> int:
    """End as the caller says.  In: IO_STATUS_BLOCK, or nothing for a plain success."""
    status, information = unpack(_WORDS, asked.data.ljust(_WORDS.size, b"\0"))
    return asked.operation.complete(information, status)


CONTROLS: Mapping[int, Callable[[Endpoint, Asked], Work | int]] = {
    NO_OPERATION: _no_operation,
    QUERY_RECEIVE_INFO: _receive_information,
    SET_INFORMATION: _set_information,
    GET_INFORMATION: _get_information,
    GET_CONTEXT: _get_context,
    SET_CONTEXT: _set_context,
    TRANSPORT_IOCTL: _transport_ioctl,
}
