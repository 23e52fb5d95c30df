"""Accepting: in two steps by number, or into a socket that is there already (AcceptEx)."""

from __future__ import annotations

import struct
from functools import partial
from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.net.byte_queue import Receive
from provider.nt.io.afd import sockaddr
from provider.nt.io.afd.work import Work, answer, socket_of, unpack
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from provider.kernel.io.irp import Irp
    from provider.kernel.io.net.address import Address
    from provider.kernel.io.net.connection import Connection
    from provider.kernel.io.net.endpoint import Endpoint
    from provider.nt.io.asked import Asked

WAIT_FOR_LISTEN, ACCEPT, SUPER_ACCEPT, DEFER_ACCEPT = 0x1200C, 0x12010, 0x12083, 0x1208C
WAIT_FOR_LISTEN_LIFO = 0x12090
_SEQUENCE = struct.Struct("<i")
_ACCEPT = struct.Struct("<B3xiI")
_SUPER_ACCEPT = struct.Struct("<BB2x4I")
_DEFER = struct.Struct("<iB")
_LENGTH = struct.Struct("<I")


def _wait_for_listen(socket: Endpoint, asked: Asked) -> Work:
    """Out: AFD_LISTEN_RESPONSE_INFO_TL: a number for the connection, the other side's SOCKADDR."""
    listener = socket.stream
    if asked.room < _SEQUENCE.size + sockaddr.SIZE[listener.family]:
        raise NtError(NTSTATUS.BUFFER_TOO_SMALL)

    def announce(irp: Irp, connection: Connection) -> None:
        sequence = max(socket.unaccepted, default=0) + 1
        socket.unaccepted[sequence] = connection
        data = _SEQUENCE.pack(sequence) + sockaddr.encode(connection.remote)
        irp.complete(len(data), data)

    if not listener.has_waiting and not socket.may_wait:
        raise NtError(NTSTATUS.DEVICE_NOT_READY)
    return Work(lambda irp: listener.accept(irp, announce), asked.output)


def _accept(socket: Endpoint, asked: Asked) -> Work:
    """In: AFD_ACCEPT_INFO.  NtError INVALID_PARAMETER for a number that there is not."""
    _, sequence, handle = unpack(_ACCEPT, asked.data)
    target = socket_of(asked.thread, handle)
    connection = _announced(socket, sequence)
    target.options = socket.inherited_options()
    target.stream.adopt(connection)
    del socket.unaccepted[sequence]
    return answer(asked)


def _defer_accept(socket: Endpoint, asked: Asked) -> Work:
    """In: AFD_DEFER_ACCEPT_INFO: refuse a connection, or leave it for later."""
    sequence, reject = unpack(_DEFER, asked.data)
    connection = _announced(socket, sequence)
    del socket.unaccepted[sequence]
    if reject:
        connection.reset()
    else:
        socket.stream.put_back(connection)
    return answer(asked)


def _announced(socket: Endpoint, sequence: int) -> Connection:
    connection = socket.unaccepted.get(sequence)
    if connection is None:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    return connection


def _super_accept(socket: Endpoint, asked: Asked) -> Work:
    """In: AFD_SUPER_ACCEPT_INFO; out: data, then both addresses."""
    _, _, handle, data_size, local_size, remote_size = unpack(_SUPER_ACCEPT, asked.data)
    target = socket_of(asked.thread, handle)
    return accepting(socket, target, asked, (data_size, local_size, remote_size))


def accepting(
    socket: Endpoint, target: Endpoint, asked: Asked, sizes: tuple[int, int, int]
) -> Work:
    """Accept into `target`, receive, and tell the data and the addresses in so many bytes.

    NtError BUFFER_TOO_SMALL, INVALID_PARAMETER.
    """
    if sum(sizes) > asked.room:
        raise NtError(NTSTATUS.BUFFER_TOO_SMALL)
    if target.stream.local is not None or target.is_accepting:
        raise NtError(NTSTATUS.INVALID_PARAMETER)

    def start(irp: Irp) -> None:
        socket.stream.accept(irp, partial(_accept_into, target, sizes[0]))
        target.accepting = irp

    return Work(start, partial(_store, target, asked, sizes), pends=True)


def _accept_into(target: Endpoint, data_size: int, irp: Irp, connection: Connection) -> None:
    """A connection for `target` has come; the request goes on until there is data, if wanted."""
    if target.closed:
        connection.reset()
        irp.fail(Reason.CANCELLED)
        return
    target.stream.adopt(connection)
    if not data_size:
        irp.complete()
        return
    try:
        target.receive(irp, Receive(data_size))
    except KernelError as error:
        irp.fail(error.reason)


def _store(target: Endpoint, asked: Asked, sizes: tuple[int, int, int], irp: Irp) -> None:
    """Store the data and both addresses.

    KernelError CONNECTION_ABORTED; NtError BUFFER_TOO_SMALL; AccessViolation.
    """
    data_size, local_size, remote_size = sizes
    connection = target.stream.connection
    if connection is None:
        raise KernelError(Reason.CONNECTION_ABORTED)
    space = asked.thread.process.space
    space.write(asked.output, irp.data)
    local = asked.output + data_size
    space.write(local, _told(connection.local, local_size))
    space.write(local + local_size, _told(connection.remote, remote_size))


def _told(address: Address, size: int) -> bytes:
    """How long the address is, the address, and zeros (what GetAcceptExSockaddrs reads).

    Nothing where nothing is wanted.  NtError BUFFER_TOO_SMALL.
    """
    encoded = sockaddr.encode(address)
    told = _LENGTH.pack(len(encoded)) + encoded
    if size and size < len(told):
        raise NtError(NTSTATUS.BUFFER_TOO_SMALL)
    return told[:size].ljust(size, b"\0")


CONTROLS: Mapping[int, Callable[[Endpoint, Asked], Work | int]] = {
    WAIT_FOR_LISTEN: _wait_for_listen,
    WAIT_FOR_LISTEN_LIFO: _wait_for_listen,
    ACCEPT: _accept,
    SUPER_ACCEPT: _super_accept,
    DEFER_ACCEPT: _defer_accept,
}
