"""A network without processes, and shorthands for what tests do with its sockets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import pytest

from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.irp import Irp
from provider.kernel.io.net.address import Address, Family
from provider.kernel.io.net.byte_queue import Receive
from provider.kernel.io.net.endpoint import SOCKET_ACCESS, Endpoint
from provider.kernel.io.net.network import Network, Protocol
from provider.kernel.ke.timer import TimerQueue

if TYPE_CHECKING:
    from provider.kernel.ke.clock import Clock


@dataclass
class StoppedClock:
    """A clock that tests set."""

    now: int = 0

    def interrupt_time(self) -> int:
        """100 ns units."""
        return self.now


def make_network() -> Network:
    """A network with no sockets."""
    return Network(cast("Clock", StoppedClock()), TimerQueue())


def loopback(port: int = 0, family: Family = Family.INET) -> Address:
    """The machine's own address."""
    return Address.loopback(family, port)


def stream(network: Network, family: Family = Family.INET) -> Endpoint:
    """A TCP socket."""
    endpoint = Endpoint(network, SOCKET_ACCESS)
    endpoint.create(family, Protocol.TCP, (1, 6))
    return endpoint


def datagram(network: Network, family: Family = Family.INET) -> Endpoint:
    """A UDP socket."""
    endpoint = Endpoint(network, SOCKET_ACCESS)
    endpoint.create(family, Protocol.UDP, (2, 17))
    return endpoint


def listening(network: Network, port: int = 1000, backlog: int = 5) -> Endpoint:
    """A socket that takes connections to 127.0.0.1."""
    endpoint = stream(network)
    endpoint.protocol.bind(loopback(port))
    endpoint.stream.listen(backlog)
    return endpoint


def connected(network: Network, port: int = 1000) -> tuple[Endpoint, Endpoint]:
    """A client, and the socket that its server has accepted."""
    listener, client = listening(network, port), stream(network)
    assert reason(connect(client, port)) is None
    server = accept(listener)
    listener.close()
    return client, server


def connect(endpoint: Endpoint, port: int = 1000) -> Irp:
    """Begin to connect to a port of 127.0.0.1."""
    irp = Irp()
    endpoint.protocol.connect(irp, loopback(port))
    return irp


def accept(listener: Endpoint) -> Endpoint:
    """Accept a connection that is there."""
    accepted: list[Endpoint] = []
    listener.accept(Irp(), accepted.append)
    return accepted[0]


def send(
    endpoint: Endpoint, data: bytes, target: Address | None = None, *, wait: bool = True
) -> Irp:
    """Begin to send."""
    irp = Irp()
    endpoint.send(irp, data, target, may_wait=wait)
    return irp


def receive(
    endpoint: Endpoint,
    size: int = 100,
    *,
    peek: bool = False,
    wait_all: bool = False,
    may_wait: bool = True,
) -> Irp:
    """Begin to receive."""
    irp = Irp()
    endpoint.receive(irp, Receive(size, peek, wait_all, may_wait))
    return irp


def got(endpoint: Endpoint, size: int = 100, *, peek: bool = False) -> bytes:
    """What can be received at once."""
    irp = receive(endpoint, size, peek=peek)
    assert irp.is_done
    return irp.data


def reason(irp: Irp) -> Reason | None:
    """Why a request has failed; it must have ended."""
    assert irp.is_done
    return irp.reason


def refusal(call: object, *arguments: object, **more: object) -> Reason:
    """Why a call is refused."""
    assert callable(call)
    with pytest.raises(KernelError) as caught:
        call(*arguments, **more)
    return caught.value.reason
