"""UDP: datagrams, each received whole or cut short (RFC 768, without packets)."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.net.address import Address, Family
from provider.kernel.io.net.event import Event
from provider.kernel.io.net.name_server import NAME_SERVER, answer
from provider.kernel.io.net.network import Protocol
from provider.kernel.io.net.transport import Transport
from provider.kernel.io.pipe_queue import ENTRY_BYTES

if TYPE_CHECKING:
    from provider.kernel.io.irp import Irp
    from provider.kernel.io.net.byte_queue import Receive
    from provider.kernel.io.net.endpoint import Endpoint
    from provider.kernel.io.net.network import Network

LONGEST = {Family.INET: 65507, Family.INET6: 65527}
"""Bytes of a datagram: 65535 without the headers; jumbograms are not made."""


class Datagram(NamedTuple):
    """One that has arrived."""

    source: Address
    data: bytes


class UdpTransport(Transport):
    """One socket's side of UDP."""

    __slots__ = (
        "_arrived",
        "_is_receiving_over",
        "_is_sending_over",
        "_receivers",
        "_remote",
        "_size",
        "_unreachable",
    )

    protocol = Protocol.UDP

    def __init__(self, endpoint: Endpoint, network: Network, family: Family) -> None:
        super().__init__(endpoint, network, family)
        self._remote: Address | None = None
        self._arrived: deque[Datagram] = deque()
        self._size = 0
        self._receivers: deque[tuple[Irp, Receive]] = deque()
        self._unreachable = False
        self._is_receiving_over = self._is_sending_over = False

    @property
    def remote(self) -> Address | None:
        return self._remote

    def readiness(self) -> int:
        ready = self._arrived or self._unreachable
        return Event.SEND | Event.RECEIVE if ready else Event.SEND

    def is_in_group(self, address: Address) -> bool:
        """Whether datagrams to a group come here."""
        return address.host in self.options.groups

    def bind(self, address: Address) -> Address:
        bound = super().bind(address)
        if self.network.outside is not None:
            self.network.outside.open(self, bound)
        return bound

    def connect(self, irp: Irp, remote: Address) -> None:
        """Fix whom datagrams go to and come from; the address 0 takes that back."""
        if remote.bare.is_any:
            self._remote = None
        else:
            self.local = self.ensure_bound(remote)
            self._remote = remote
        irp.complete()

    def disconnect(self) -> None:
        self._remote = None

    def send(self, irp: Irp, data: bytes, target: Address | None, *, may_wait: bool) -> None:
        """Send a datagram; it is lost where nobody is.

        KernelError INVALID_CONNECTION with no target, PIPE_DISCONNECTED after a shutdown,
        INVALID_BUFFER_SIZE for one that is too long, ACCESS_DENIED for a broadcast,
        INVALID_ADDRESS_COMPONENT, NETWORK_UNREACHABLE.
        """
        if self._is_sending_over:
            raise KernelError(Reason.PIPE_DISCONNECTED)
        target = target or self._remote
        if target is None:
            raise KernelError(Reason.INVALID_CONNECTION)
        self._check_target(target)
        if len(data) > LONGEST[self.family]:
            raise KernelError(Reason.INVALID_BUFFER_SIZE)
        source = self.ensure_bound(target)
        self._route(source, target, data)
        irp.complete(len(data))

    def arrive(self, source: Address, data: bytes) -> None:
        """A datagram has come; it is lost where the buffer is full."""
        remote = self._remote
        if self._is_receiving_over or (remote is not None and remote.bare[:3] != source.bare[:3]):
            return
        size = len(data) + ENTRY_BYTES
        if self._size and self._size + len(data) > self.options.receive_buffer:
            return
        self.network.pool.charge(size)
        self._size += len(data)
        self._arrived.append(Datagram(source.seen_by(self.family), data))
        while self._receivers and self._arrived:
            self._serve(*self._receivers.popleft())
        self.endpoint.update()

    def tell_unreachable(self) -> None:
        """The other side has said that nobody takes datagrams there (RFC 1122, 4.1.3.3)."""
        if not self.options.report_unreachable:
            return
        if self._receivers:
            self._receivers.popleft()[0].fail(Reason.PORT_UNREACHABLE)
        else:
            self._unreachable = True
            self.endpoint.update()

    def receive(self, irp: Irp, wanted: Receive) -> None:
        """Receive a datagram.

        KernelError INVALID_PARAMETER for a socket that is not bound, PIPE_DISCONNECTED after a
        shutdown, PORT_UNREACHABLE, DEVICE_NOT_READY.
        """
        if self.local is None:
            raise KernelError(Reason.INVALID_PARAMETER, "not bound")
        if self._is_receiving_over:
            raise KernelError(Reason.PIPE_DISCONNECTED)
        if self._unreachable:
            self._unreachable = False
            raise KernelError(Reason.PORT_UNREACHABLE)
        if self._arrived:
            self._serve(irp, wanted)
        elif not wanted.may_wait:
            raise KernelError(Reason.DEVICE_NOT_READY, "no datagram")
        else:
            entry = (irp, wanted)
            self._receivers.append(entry)
            irp.pend(lambda _: self._receivers.remove(entry))

    def shut_down(self, *, receiving: bool, sending: bool) -> None:
        self._is_receiving_over |= receiving
        self._is_sending_over |= sending

    def available(self) -> int:
        return self._size

    def close(self) -> None:
        while self._arrived:
            self._forget_first()
        if self.network.outside is not None:
            self.network.outside.forget(self)
        super().close()

    def _route(self, source: Address, target: Address, data: bytes) -> None:
        network = self.network
        if target == NAME_SERVER:
            response = answer(data, network.resolve)
            if response is not None:
                self.arrive(target, response)
            return
        found = network.receivers(target)
        if target.is_multicast and not self.options.multicast_loop:
            found = [udp for udp in found if udp is not self]
        for receiver in found:
            receiver.arrive(source, data)
        if found or target.is_multicast or target.is_broadcast:
            return
        if network.outside is not None:
            network.outside.send(self, target, data)
        elif network.is_own(target):
            self.tell_unreachable()
        else:
            raise KernelError(network.refuse(target))

    def _check_target(self, target: Address) -> None:
        if not target.port or target.bare.is_any:
            raise KernelError(Reason.INVALID_ADDRESS_COMPONENT, str(target))
        if target.is_broadcast and not self.options.broadcast:
            raise KernelError(Reason.ACCESS_DENIED, "a broadcast")

    def _serve(self, irp: Irp, wanted: Receive) -> None:
        """Complete a request with the first datagram."""
        datagram = self._arrived[0]
        wanted.source = datagram.source
        data = datagram.data[: wanted.size]
        if not wanted.peek:
            self._forget_first()
        irp.complete(len(data), data, truncated=len(data) < len(datagram.data))

    def _forget_first(self) -> None:
        size = len(self._arrived.popleft().data)
        self._size -= size
        self.network.pool.release(size + ENTRY_BYTES)
