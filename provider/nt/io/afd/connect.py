"""Connecting and disconnecting."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.kernel.io.irp import Irp
from provider.kernel.io.net.tcp import TcpTransport
from provider.nt.io.afd import sockaddr
from provider.nt.io.afd.work import Work, answer, unpack
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from provider.kernel.io.net.address import Address
    from provider.kernel.io.net.endpoint import Endpoint
    from provider.nt.io.asked import Asked

CONNECT, START_LISTEN, PARTIAL_DISCONNECT = 0x12007, 0x1200B, 0x1202B
SUPER_CONNECT, SUPER_DISCONNECT = 0x120C7, 0x120CB
SENDING, RECEIVING, ABORTIVE, UNCONNECT = 1, 2, 4, 8
"""AFD_PARTIAL_DISCONNECT_… and its kin."""
REUSE_SOCKET = 2
"""TF_REUSE_SOCKET."""
_LISTEN = struct.Struct("<B3xIB")
_CONNECT = struct.Struct("<B3x2I")
_SUPER_CONNECT = struct.Struct("<B3x")
_MODE = struct.Struct("<I")


def _connect(socket: Endpoint, asked: Asked) -> Work:
    """In: AFD_CONNECT_JOIN_INFO_TL with a SOCKADDR."""
    unpack(_CONNECT, asked.data)
    remote = sockaddr.decode(asked.data[_CONNECT.size :], socket.protocol.family)
    return connecting(socket, remote, overlapped=False)


def connecting(socket: Endpoint, remote: Address, *, overlapped: bool, data: bytes = b"") -> Work:
    """Connect, and then send `data`.  A socket that does not wait goes on without the request.

    NtError DEVICE_NOT_READY; INVALID_PARAMETER for one that is to be accepted into.
    """
    transport = socket.protocol
    if socket.is_accepting:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    if isinstance(transport, TcpTransport) and not overlapped and not socket.may_wait:
        transport.connect(Irp(), remote)
        raise NtError(NTSTATUS.DEVICE_NOT_READY)
    if not data:
        return Work(lambda irp: transport.connect(irp, remote), pends=True)

    def start(irp: Irp) -> None:
        first = Irp()
        transport.connect(first, remote)
        first.follow(lambda _: _go_on(socket, first, irp, data))
        irp.pend(lambda _: first.cancel())

    return Work(start, pends=True)


def _go_on(socket: Endpoint, first: Irp, irp: Irp, data: bytes) -> None:
    """Connecting has ended: send what was to be sent with it."""
    if irp.is_done:
        return
    if first.reason is not None:
        irp.fail(first.reason)
    else:
        socket.send(irp, data, may_wait=True)


def _super_connect(socket: Endpoint, asked: Asked) -> Work:
    """ConnectEx: in: AFD_SUPER_CONNECT_INFO_TL; the output buffer is what is to be sent.

    NtError INVALID_PARAMETER for a socket that is not bound.
    """
    unpack(_SUPER_CONNECT, asked.data)
    transport = socket.stream
    if transport.local is None:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    remote = sockaddr.decode(asked.data[_SUPER_CONNECT.size :], transport.family)
    data = asked.thread.process.space.read(asked.output, asked.room) if asked.room else b""
    return connecting(socket, remote, overlapped=True, data=data)


def _listen(socket: Endpoint, asked: Asked) -> Work:
    """In: AFD_LISTEN_INFO."""
    _, backlog, _ = unpack(_LISTEN, asked.data)
    socket.stream.listen(min(backlog, 0x7FFFFFFF))
    return answer(asked)


def _partial_disconnect(socket: Endpoint, asked: Asked) -> Work:
    """In: AFD_PARTIAL_DISCONNECT_INFO."""
    (mode,) = unpack(_MODE, asked.data)
    if mode & UNCONNECT:
        socket.protocol.disconnect()
    elif mode & ABORTIVE:
        socket.stream.abort()
    else:
        socket.protocol.shut_down(receiving=bool(mode & RECEIVING), sending=bool(mode & SENDING))
    return answer(asked)


def _super_disconnect(socket: Endpoint, asked: Asked) -> Work:
    """DisconnectEx: in: AFD_SUPER_DISCONNECT_INFO."""
    (flags,) = unpack(_MODE, asked.data)
    disconnect(socket, reuse=bool(flags & REUSE_SOCKET))
    return Work(lambda irp: irp.complete(), pends=True)


def disconnect(socket: Endpoint, *, reuse: bool) -> None:
    """Send no more, or make the socket as new.  KernelError INVALID_CONNECTION."""
    if reuse:
        socket.stream.disconnect()
    else:
        socket.stream.shut_down(receiving=False, sending=True)


CONTROLS: Mapping[int, Callable[[Endpoint, Asked], Work | int]] = {
    CONNECT: _connect,
    START_LISTEN: _listen,
    PARTIAL_DISCONNECT: _partial_disconnect,
    SUPER_CONNECT: _super_connect,
    SUPER_DISCONNECT: _super_disconnect,
}
