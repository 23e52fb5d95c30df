"""UDP between sockets of one machine: datagrams, their sources, and where nobody is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from provider.kernel.errors import Reason
from provider.kernel.io.irp import Irp
from provider.kernel.io.net.address import Address, Family
from provider.kernel.io.net.byte_queue import Receive
from provider.kernel.io.net.event import Event
from provider.kernel.io.pipe_queue import POOL_BYTES
from tests.provider.kernel.io.net.sockets import (
    datagram,
    got,
    loopback,
    make_network,
    reason,
    receive,
    refusal,
    send,
)

if TYPE_CHECKING:
    from provider.kernel.io.net.network import Network

GROUP = Address(Family.INET, bytes((239, 1, 2, 3)), 1000)


@pytest.fixture
def network() -> Network:
    """A network with no sockets."""
    return make_network()


def test_what_is_refused(network: Network) -> None:
    socket = datagram(network)
    assert refusal(receive, socket) is Reason.INVALID_PARAMETER
    assert refusal(send, socket, b"x") is Reason.INVALID_CONNECTION
    assert refusal(send, socket, b"x", loopback(0)) is Reason.INVALID_ADDRESS_COMPONENT
    assert refusal(send, socket, bytes(65508), loopback(9)) is Reason.INVALID_BUFFER_SIZE
    everybody = Address(Family.INET, b"\xff" * 4, 9)
    assert refusal(send, socket, b"x", everybody) is Reason.ACCESS_DENIED
    outside = Address(Family.INET, bytes((10, 1, 2, 3)), 9)
    assert refusal(send, socket, b"x", outside) is Reason.NETWORK_UNREACHABLE
    assert refusal(socket.protocol.listen, 1) is Reason.NOT_SUPPORTED


def test_datagrams_stay_whole(network: Network) -> None:
    sender, receiver = datagram(network), datagram(network)
    receiver.protocol.bind(loopback(1000))
    for data in (b"first", b"second", b""):
        send(sender, data, loopback(1000))
    wanted, irp = Receive(100), Irp()
    receiver.receive(irp, wanted)
    assert (irp.data, wanted.source) == (b"first", loopback(49152))
    peeked, cut = receive(receiver, 3, peek=True), receive(receiver, 3)
    assert (peeked.data, peeked.truncated) == (cut.data, cut.truncated) == (b"sec", True)
    assert got(receiver) == b""
    assert refusal(receive, receiver, may_wait=False) is Reason.DEVICE_NOT_READY


def test_a_receiver_waits_and_can_be_cancelled(network: Network) -> None:
    sender, receiver = datagram(network), datagram(network)
    receiver.protocol.bind(loopback(1000))
    first, second = receive(receiver), receive(receiver)
    first.cancel()
    send(sender, b"data", loopback(1000))
    assert second.data == b"data"
    assert receiver.readiness() == Event.SEND


def test_who_is_connected_hears_one_only(network: Network) -> None:
    a, b, other = datagram(network), datagram(network), datagram(network)
    a.protocol.bind(loopback(1))
    b.protocol.bind(loopback(2))
    a.protocol.connect(Irp(), loopback(2))
    send(other, b"stranger", loopback(1))
    send(b, b"friend", loopback(1))
    assert got(a) == b"friend"
    send(a, b"answer")
    assert got(b) == b"answer"
    a.protocol.connect(Irp(), Address.any(Family.INET))
    assert refusal(send, a, b"x") is Reason.INVALID_CONNECTION


def test_where_nobody_is_the_next_call_fails(network: Network) -> None:
    socket = datagram(network)
    socket.protocol.bind(loopback(1))
    send(socket, b"x", loopback(2))
    assert socket.readiness() & Event.RECEIVE
    assert refusal(receive, socket) is Reason.PORT_UNREACHABLE
    waiting = receive(socket)
    send(socket, b"x", loopback(2))
    assert reason(waiting) is Reason.PORT_UNREACHABLE
    socket.options.report_unreachable = False
    send(socket, b"x", loopback(2))
    assert socket.readiness() == Event.SEND


def test_a_full_buffer_loses_datagrams(network: Network) -> None:
    sender, receiver = datagram(network), datagram(network)
    receiver.protocol.bind(loopback(1000))
    receiver.options.receive_buffer = 1000
    for size in (600, 600, 300):
        send(sender, bytes(size), loopback(1000))
    assert [len(got(receiver, 1000)) for _ in range(2)] == [600, 300]
    send(sender, bytes(60000), loopback(1000))
    receiver.close()
    assert network.pool.left == POOL_BYTES


def test_members_of_a_group(network: Network) -> None:
    sender, member, other = datagram(network), datagram(network), datagram(network)
    for socket in (member, other):
        socket.options.reuse_address = True
        socket.protocol.bind(Address.any(Family.INET, 1000))
    member.options.groups.add(GROUP.host)
    send(sender, b"group", GROUP)
    assert got(member) == b"group"
    assert other.readiness() == Event.SEND


def test_broadcasts_come_to_all(network: Network) -> None:
    sender, receiver = datagram(network), datagram(network)
    receiver.protocol.bind(Address.any(Family.INET, 1000))
    sender.options.broadcast = True
    send(sender, b"all", Address(Family.INET, b"\xff" * 4, 1000))
    assert got(receiver) == b"all"
