"""Sockets of the host that a machine waits for."""

from __future__ import annotations

import errno
import select
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.irp import Irp
from provider.kernel.io.net.address import Address, Family

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.io.net.connection import Connection
    from provider.kernel.io.net.tcp import TcpTransport
    from provider.kernel.io.net.udp import UdpTransport

CHUNK = 64 << 10
"""Bytes that are carried at a time."""
_REASONS = {
    errno.EACCES: Reason.ACCESS_DENIED,
    errno.EADDRINUSE: Reason.SHARING_VIOLATION,
    errno.EADDRNOTAVAIL: Reason.INVALID_ADDRESS_COMPONENT,
    errno.EAFNOSUPPORT: Reason.NETWORK_UNREACHABLE,
    errno.ECONNABORTED: Reason.CONNECTION_ABORTED,
    errno.ECONNREFUSED: Reason.CONNECTION_REFUSED,
    errno.ECONNRESET: Reason.CONNECTION_RESET,
    errno.EHOSTUNREACH: Reason.HOST_UNREACHABLE,
    errno.EMFILE: Reason.TOO_MANY_OPENED_FILES,
    errno.EMSGSIZE: Reason.INVALID_BUFFER_SIZE,
    errno.ENETUNREACH: Reason.NETWORK_UNREACHABLE,
    errno.EPERM: Reason.ACCESS_DENIED,
    errno.EPIPE: Reason.CONNECTION_RESET,
    errno.ETIMEDOUT: Reason.IO_TIMEOUT,
}


def reason_of(error: OSError) -> Reason:
    """Why the host refuses something."""
    return _REASONS.get(error.errno or 0, Reason.IO_DEVICE_ERROR)


def host_family(address: Address) -> socket.AddressFamily:
    """The host's number of an address's family."""
    return socket.AF_INET if address.bare.family is Family.INET else socket.AF_INET6


def host_address(address: Address) -> tuple[Any, ...]:
    """An address as the host's calls take it."""
    bare = address.bare
    text = socket.inet_ntop(host_family(bare), bare.host)
    return (text, bare.port) if bare.family is Family.INET else (text, bare.port, 0, bare.scope)


def address_of(found: tuple[Any, ...]) -> Address:
    """An address that the host has told."""
    if len(found) == 2:
        return Address(Family.INET, socket.inet_aton(found[0]), found[1])
    host = socket.inet_pton(socket.AF_INET6, str(found[0]).partition("%")[0])
    return Address(Family.INET6, host, found[1], found[3])


class _Source:
    """A socket of the host as a source of input."""

    is_wanted = True
    paces = False
    interest = select.POLLIN

    def __init__(self, stream: socket.socket) -> None:
        self.stream = stream

    def prepare(self) -> None:
        """Nothing has to be."""


class Connecting(_Source):
    """A connection that the host is making."""

    interest = select.POLLOUT

    def __init__(
        self,
        stream: socket.socket,
        transport: TcpTransport,
        remote: Address,
        connected: Callable[[socket.socket, TcpTransport, Address], None],
    ) -> None:
        super().__init__(stream)
        self._transport, self._remote, self._connected = transport, remote, connected

    def take(self) -> None:
        """The host has come to an end."""
        error = self.stream.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error:
            outside = self._transport.network.outside
            assert outside is not None
            outside.forget(self._transport)
            self._transport.fail(reason_of(OSError(error, "")))
        else:
            self._connected(self.stream, self._transport, self._remote)


class ListenerSource(_Source):
    """A socket that the host's network connects to."""

    def __init__(
        self,
        stream: socket.socket,
        transport: TcpTransport,
        admit: Callable[[socket.socket, TcpTransport], None],
    ) -> None:
        super().__init__(stream)
        self._transport, self._admit = transport, admit

    @property
    def is_wanted(self) -> bool:  # type: ignore[override]
        """Whether one more connection has room."""
        return self._transport.has_room

    def take(self) -> None:
        """Somebody has connected, or had, and has gone again."""
        with suppress(OSError):
            outer, _ = self.stream.accept()
            self._admit(outer, self._transport)


class DatagramSource(_Source):
    """A socket that datagrams are exchanged by."""

    def __init__(self, stream: socket.socket, transport: UdpTransport) -> None:
        super().__init__(stream)
        self._transport = transport

    def send(self, target: Address, data: bytes) -> None:
        """Send; what the host has no room for is lost.  KernelError."""
        try:
            self.stream.sendto(data, host_address(target))
        except BlockingIOError:
            return
        except OSError as error:
            raise KernelError(reason_of(error), str(error)) from None

    def take(self) -> None:
        """A datagram has come, or word that one was not taken."""
        try:
            data, source = self.stream.recvfrom(1 << 16)
        except ConnectionRefusedError:
            self._transport.tell_unreachable()
        except OSError:
            return
        else:
            with suppress(KernelError):  # there is no memory: it is lost
                self._transport.arrive(address_of(source), data)


class Pump(_Source):
    """Carries bytes between a connection's far end and a socket of the host."""

    def __init__(
        self, stream: socket.socket, end: Connection, ended: Callable[[Pump], None]
    ) -> None:
        super().__init__(stream)
        self._end, self._ended = end, ended
        self._is_sending_over = False
        self._rest = b""
        """What was taken from the guest and is not sent yet."""
        end.owner = self

    @property
    def interest(self) -> int:  # type: ignore[override]
        """What the host is asked for."""
        end = self._end
        reads = end.outbound.has_room and not end.outbound.is_finished
        writes = bool(self._rest or len(end.inbound))
        return (select.POLLIN if reads else 0) | (select.POLLOUT if writes else 0)

    @property
    def is_wanted(self) -> bool:  # type: ignore[override]
        """Whether there is anything to carry."""
        return bool(self.interest)

    def changed(self) -> None:
        """The guest has sent something, or has room again, or is done."""
        if self._end.is_reset or self._end.peer.is_closed:
            self._leave_with_guest()
        else:
            self._push()

    def take(self) -> None:
        """The host has something, or room."""
        self._push()
        end = self._end
        if end.is_closed or end.is_reset or end.outbound.is_finished or not end.outbound.has_room:
            return
        try:
            data = self.stream.recv(CHUNK)
        except BlockingIOError:
            return
        except OSError:
            self._break()
            return
        if data:
            try:
                end.send(Irp(), data, may_wait=True)
            except KernelError:
                self._break()
        else:
            end.finish()
            self._close_if_over()

    def _push(self) -> None:
        """Send what the guest has sent, as far as the host has room."""
        inbound = self._end.inbound
        with suppress(BlockingIOError):
            try:
                while self._rest or len(inbound):
                    self._rest = self._rest or inbound.take(CHUNK)
                    self._rest = self._rest[self.stream.send(self._rest) :]
                    self._end.peer.tell()
                if inbound.is_drained and not self._is_sending_over:
                    self._is_sending_over = True
                    self.stream.shutdown(socket.SHUT_WR)
            except BlockingIOError:
                raise
            except OSError:
                self._break()
        self._close_if_over()

    def _leave_with_guest(self) -> None:
        """The guest's socket is closed: what it has sent is still carried."""
        if not self._end.is_reset:
            self._push()
            if self._rest or len(self._end.inbound):
                return
        self.close()

    def _close_if_over(self) -> None:
        if self._is_sending_over and (self._end.outbound.is_finished or self._end.peer.is_closed):
            self.close()

    def _break(self) -> None:
        """The host's connection is gone."""
        self.close()
        if not self._end.is_reset:
            self._end.reset()

    def close(self) -> None:
        """Carry nothing more."""
        self._end.is_closed = True
        self._ended(self)
        self.stream.close()
