"""What TCP and UDP have in common: an address of one's own, and an endpoint to tell of changes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.net.address import Address, Family

if TYPE_CHECKING:
    from provider.kernel.io.irp import Irp
    from provider.kernel.io.net.byte_queue import Receive
    from provider.kernel.io.net.endpoint import Endpoint
    from provider.kernel.io.net.network import Network, Protocol
    from provider.kernel.io.net.options import SocketOptions


class Transport(ABC):
    """A protocol at work for one socket."""

    __slots__ = ("_port", "endpoint", "family", "local", "network")

    protocol: Protocol

    def __init__(self, endpoint: Endpoint, network: Network, family: Family) -> None:
        self.endpoint, self.network, self.family = endpoint, network, family
        self.local: Address | None = None
        """None while it is not bound."""
        self._port: int | None = None
        """The port that it holds."""

    @property
    def options(self) -> SocketOptions:
        """The socket's."""
        return self.endpoint.options

    @property
    @abstractmethod
    def remote(self) -> Address | None:
        """Who is connected to."""

    @abstractmethod
    def readiness(self) -> int:
        """The events that are so now."""

    def takes_all(self, family: Family) -> bool:
        """Whether it is bound to all addresses of a family."""
        local = self.local
        if local is None or not local.bare.is_any:
            return False
        if local.bare.family is family:
            return True
        return self.family is Family.INET6 and not self.options.v6_only

    def bind(self, address: Address) -> Address:
        """Take an address; returns it with its port.

        KernelError ADDRESS_ALREADY_ASSOCIATED, and as `Network.bind`.
        """
        if self.local is not None:
            raise KernelError(Reason.ADDRESS_ALREADY_ASSOCIATED)
        self.local = self.network.bind(self, address)
        self._port = self.local.port
        return self.local

    def ensure_bound(self, remote: Address) -> Address:
        """The own address in talks with `remote`; one is taken if there is none.  KernelError."""
        if self.local is None:
            self.bind(Address.any(self.family))
        assert self.local is not None
        if self.local.is_any and self.network.is_own(remote):
            mine = Address.loopback(remote.bare.family, self.local.port)
            return mine.seen_by(self.family)
        return self.local

    @abstractmethod
    def connect(self, irp: Irp, remote: Address) -> None:
        """Connect to an address.  KernelError for what cannot even begin."""

    @abstractmethod
    def disconnect(self) -> None:
        """Be as before connecting.  KernelError INVALID_CONNECTION."""

    def listen(self, backlog: int) -> None:
        """Take connections.  KernelError."""
        raise KernelError(Reason.NOT_SUPPORTED, "no connections")

    @abstractmethod
    def send(self, irp: Irp, data: bytes, target: Address | None, *, may_wait: bool) -> None:
        """Send to `target`, None: to whom it is connected.  KernelError."""

    @abstractmethod
    def receive(self, irp: Irp, wanted: Receive) -> None:
        """Receive.  KernelError."""

    @abstractmethod
    def shut_down(self, *, receiving: bool, sending: bool) -> None:
        """Receive or send no more.  KernelError INVALID_CONNECTION."""

    @abstractmethod
    def available(self) -> int:
        """Bytes that a receive would give at once."""

    def close(self) -> None:
        """The socket is closed."""
        self.release_port()

    def release_port(self) -> None:
        """Give the port back."""
        if self._port is not None:
            self.network.release(self, self._port)
            self._port = None
