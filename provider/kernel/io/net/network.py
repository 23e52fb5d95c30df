"""The machine's own network: which socket has which port, and who is where.

Ports that nobody chose are given out in their order from the range that Windows keeps for that, so
that equal runs get equal ports.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.net.address import Address, Family
from provider.kernel.io.pipe_queue import Pool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from provider.kernel.io.net.outside import Outside
    from provider.kernel.io.net.tcp import TcpTransport
    from provider.kernel.io.net.transport import Transport
    from provider.kernel.io.net.udp import UdpTransport
    from provider.kernel.ke.clock import Clock
    from provider.kernel.ke.timer import TimerQueue

FIRST_DYNAMIC_PORT, LAST_PORT = 49152, 65535
"""RFC 6335, 6; since Windows Vista what `netsh int ipv4 show dynamicport tcp` tells."""


class Protocol(Enum):
    """What carries packets; each has ports of its own."""

    TCP = 6
    UDP = 17


class Network:
    """The sockets of a machine by port."""

    __slots__ = ("_bound", "_next_port", "clock", "on_refusal", "outside", "pool", "timers")

    def __init__(self, clock: Clock, timers: TimerQueue) -> None:
        self.clock, self.timers = clock, timers
        self.pool = Pool()
        self.outside: Outside | None = None
        """The host's network, if the user lets guests use it."""
        self.on_refusal: Callable[[str], None] = lambda target: None
        """Told of an address of the world outside that was refused."""
        self._bound: dict[Protocol, dict[int, list[Transport]]] = {p: {} for p in Protocol}
        self._next_port = dict.fromkeys(Protocol, FIRST_DYNAMIC_PORT)

    def bind(self, transport: Transport, address: Address) -> Address:
        """Give a socket an address of the machine; port 0: any that is free.

        KernelError INVALID_ADDRESS_COMPONENT; SHARING_VIOLATION and ACCESS_DENIED for one that
        another socket has.
        """
        self._check_own(address)
        ports = self._bound[transport.protocol]
        if not address.port:
            address = address.with_port(self._free_port(transport.protocol))
        for other in ports.get(address.port, ()):
            _check_conflict(other, transport, address)
        ports.setdefault(address.port, []).append(transport)
        return address

    def release(self, transport: Transport, port: int) -> None:
        """Take the port from a socket."""
        ports = self._bound[transport.protocol]
        ports[port].remove(transport)
        if not ports[port]:
            del ports[port]

    def is_own(self, address: Address) -> bool:
        """Whether an address is the machine's."""
        return address.bare.is_loopback

    def listener(self, address: Address) -> TcpTransport | None:
        """The socket that takes connections to an address, the one that was most exactly bound."""
        found: list[TcpTransport] = list(self._at(Protocol.TCP, address))  # type: ignore[arg-type]
        return next((transport for transport in found if transport.is_listening), None)

    def receivers(self, address: Address) -> list[UdpTransport]:
        """The sockets that datagrams to an address go to."""
        found: list[UdpTransport] = list(self._at(Protocol.UDP, address))  # type: ignore[arg-type]
        if not (address.is_multicast or address.is_broadcast):
            return found[:1]
        return [udp for udp in found if address.is_broadcast or udp.is_in_group(address)]

    def resolve(self, name: str) -> list[Address]:
        """The addresses of a host of the world outside."""
        if self.outside is not None:
            return self.outside.resolve(name)
        self.on_refusal(name)
        return []

    def refuse(self, address: Address) -> Reason:
        """An address cannot be reached from here: tell the user; why for the guest."""
        self.on_refusal(str(address))
        return Reason.NETWORK_UNREACHABLE

    def _at(self, protocol: Protocol, address: Address) -> Iterator[Transport]:
        """Sockets that an address means, those bound to it first, then those to all addresses."""
        bare = address.bare
        sockets = self._bound[protocol].get(address.port, ())
        everyone = address.is_multicast or address.is_broadcast
        yield from (s for s in sockets if s.local is not None and s.local.bare[:2] == bare[:2])
        wide = [s for s in sockets if s.takes_all(bare.family) or (everyone and s.local)]
        yield from sorted(wide, key=lambda s: s.family is not bare.family)

    def _check_own(self, address: Address) -> None:
        if not (address.bare.is_loopback or address.is_any or address.bare.is_any):
            outside = self.outside
            if outside is None or not outside.is_own(address):
                raise KernelError(Reason.INVALID_ADDRESS_COMPONENT, str(address))

    def _free_port(self, protocol: Protocol) -> int:
        ports = self._bound[protocol]
        for _ in range(FIRST_DYNAMIC_PORT, LAST_PORT + 1):
            port = self._next_port[protocol]
            self._next_port[protocol] = FIRST_DYNAMIC_PORT if port == LAST_PORT else port + 1
            if port not in ports:
                return port
        raise KernelError(Reason.INSUFFICIENT_RESOURCES, "ports")


def _check_conflict(first: Transport, second: Transport, address: Address) -> None:
    """See whether a second socket may have an address on the port of a first one.

    "Using SO_REUSEADDR and SO_EXCLUSIVEADDRUSE", Winsock documentation, and Wine's tests on
    Windows.  KernelError SHARING_VIOLATION, ACCESS_DENIED.
    """
    bound = first.local
    if bound is None:
        return
    mine, theirs = second.options, first.options
    if bound.bare[:2] == address.bare[:2]:
        if mine.reuse_address and theirs.reuse_address:
            return
        denied = mine.reuse_address
        raise KernelError(Reason.ACCESS_DENIED if denied else Reason.SHARING_VIOLATION)
    if _covers(first, bound, address) and theirs.exclusive_address:
        raise KernelError(Reason.ACCESS_DENIED)
    if _covers(second, address, bound) and mine.exclusive_address:
        raise KernelError(Reason.SHARING_VIOLATION)


def _covers(transport: Transport, address: Address, other: Address) -> bool:
    """Whether one address, a socket's, stands for another one too."""
    if not address.bare.is_any:
        return False
    dual = address.bare.family is Family.INET6 and not transport.options.v6_only
    return address.bare.family is other.bare.family or dual
