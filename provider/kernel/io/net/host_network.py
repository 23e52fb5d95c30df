"""The host's network: what guests of a run with `--net` reach beside each other.

A connection with the world outside has an end here, between which and a socket of the host bytes
are carried as both have room.  The host decides when they come, so that such runs do not repeat.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError
from provider.kernel.io.net.address import Address, Family
from provider.kernel.io.net.connection import Connection, connect
from provider.kernel.io.net.host_source import (
    Connecting,
    DatagramSource,
    ListenerSource,
    Pump,
    address_of,
    host_address,
    host_family,
    reason_of,
)

if TYPE_CHECKING:
    from provider.kernel.io.host_input import HostInput
    from provider.kernel.io.net.network import Network
    from provider.kernel.io.net.tcp import TcpTransport
    from provider.kernel.io.net.transport import Transport
    from provider.kernel.io.net.udp import UdpTransport


class HostNetwork:
    """Carries packets between a machine's network and the host's."""

    def __init__(self, network: Network, host_input: HostInput) -> None:
        self._network, self._input = network, host_input
        self._sources: dict[Transport, Connecting | ListenerSource | DatagramSource] = {}
        self._pumps: dict[Pump, None] = {}

    def is_own(self, address: Address) -> bool:
        """Whether an address is one of the host's: whether the host lets it be bound."""
        with suppress(OSError), socket.socket(host_family(address), socket.SOCK_DGRAM) as probe:
            probe.bind(host_address(address.with_port(0)))
            return True
        return False

    def listen(self, transport: TcpTransport) -> None:
        """Let the host's network connect to a socket.  KernelError."""
        assert transport.local is not None
        listener = self._socket(transport.local, socket.SOCK_STREAM)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(host_address(transport.local))
            listener.listen()
        except OSError as error:
            listener.close()
            raise KernelError(reason_of(error), str(error)) from None
        self._add(transport, ListenerSource(listener, transport, self._admit))

    def connect(self, transport: TcpTransport, remote: Address) -> None:
        """Connect a socket to somebody outside."""
        try:
            outer = self._socket(remote, socket.SOCK_STREAM)
        except KernelError as error:
            transport.fail(error.reason)
            return
        try:
            outer.connect(host_address(remote))
        except BlockingIOError:
            self._add(transport, Connecting(outer, transport, remote, self._connected))
        except OSError as error:
            outer.close()
            transport.fail(reason_of(error))
        else:
            self._connected(outer, transport, remote)

    def open(self, transport: UdpTransport, address: Address) -> None:
        """Exchange datagrams for a socket that is bound to `address`.

        Another program of the host may have the port: then it is any other one.  KernelError.
        """
        outer = self._socket(address, socket.SOCK_DGRAM)
        with suppress(OSError):
            outer.bind(host_address(address))
        self._add(transport, DatagramSource(outer, transport))

    def send(self, transport: UdpTransport, target: Address, data: bytes) -> None:
        """Send a datagram; like all datagrams it may get lost.  KernelError."""
        source = self._sources.get(transport)
        if isinstance(source, DatagramSource):
            source.send(target, data)

    def forget(self, transport: Transport) -> None:
        """A socket is closed, or wants no connection any more."""
        source = self._sources.pop(transport, None)
        if source is not None:
            self._input.remove(source)
            source.stream.close()

    def close(self) -> None:
        """The machine is gone: give the host its sockets back."""
        for transport in tuple(self._sources):
            self.forget(transport)
        for pump in tuple(self._pumps):
            pump.close()

    def resolve(self, name: str) -> list[Address]:
        """The addresses of a host's name; none if there is no such host."""
        try:
            found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return []
        return [address_of(entry[4]) for entry in found]

    def _add(
        self, transport: Transport, source: Connecting | ListenerSource | DatagramSource
    ) -> None:
        self.forget(transport)
        self._sources[transport] = source
        self._input.add(source)

    def _connected(self, outer: socket.socket, transport: TcpTransport, remote: Address) -> None:
        """The host has connected: the near end is the socket's, the far one is carried outside."""
        source = self._sources.pop(transport, None)
        if source is not None:
            self._input.remove(source)
        assert transport.local is not None
        local = address_of(outer.getsockname()).with_port(transport.local.port)
        near = self._carry(outer, local.seen_by(transport.family), remote, transport)
        transport.succeed(near)

    def _admit(self, outer: socket.socket, listener: TcpTransport) -> None:
        """Somebody outside has connected to a socket that listens."""
        local = address_of(outer.getsockname()).seen_by(listener.family)
        remote = address_of(outer.getpeername()).seen_by(listener.family)
        listener.admit(self._carry(outer, local, remote, listener))

    def _carry(
        self, outer: socket.socket, local: Address, remote: Address, transport: TcpTransport
    ) -> Connection:
        outer.setblocking(False)
        windows = (transport.options.receive_buffer, transport.options.send_buffer)
        near, far = connect(local, remote, self._network.pool, windows)
        pump = Pump(outer, far, self._end)
        self._pumps[pump] = None
        self._input.add(pump)
        return near

    def _end(self, pump: Pump) -> None:
        """A connection is over."""
        self._pumps.pop(pump, None)
        self._input.remove(pump)

    def _socket(self, address: Address, kind: int) -> socket.socket:
        """A socket of the host that does not wait.  KernelError."""
        try:
            made = socket.socket(host_family(address), kind)
        except OSError as error:
            raise KernelError(reason_of(error), str(error)) from None
        made.setblocking(False)
        if address.bare.family is Family.INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        return made
