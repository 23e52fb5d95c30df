"""The world outside, as far as the machine's network needs to know it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from provider.kernel.io.net.address import Address
    from provider.kernel.io.net.tcp import TcpTransport
    from provider.kernel.io.net.transport import Transport
    from provider.kernel.io.net.udp import UdpTransport


class Outside(Protocol):
    """Somebody who carries packets to and from the host's network."""

    def is_own(self, address: Address) -> bool:
        """Whether an address is one of the host's."""

    def listen(self, transport: TcpTransport) -> None:
        """Let others connect to a socket.  KernelError."""

    def connect(self, transport: TcpTransport, remote: Address) -> None:
        """Connect a socket to somebody outside; tells it the end."""

    def open(self, transport: UdpTransport, address: Address) -> None:
        """Exchange datagrams for a socket that is bound to an address.  KernelError."""

    def send(self, transport: UdpTransport, target: Address, data: bytes) -> None:
        """Send a datagram.  KernelError."""

    def resolve(self, name: str) -> list[Address]:
        """The addresses of a host's name; none if there is no such host."""

    def close(self) -> None:
        """The machine is gone."""

    def forget(self, transport: Transport) -> None:
        """A socket is closed."""
