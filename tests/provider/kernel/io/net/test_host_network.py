"""The host's network, of which tests use nothing but its loopback interface."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from provider.kernel.errors import Reason
from provider.kernel.io.host_input import HostInput
from provider.kernel.io.irp import Irp
from provider.kernel.io.net.address import Address, Family
from provider.kernel.io.net.event import Event
from provider.kernel.io.net.host_network import HostNetwork
from tests.provider.kernel.io.net.sockets import (
    accept,
    connect,
    datagram,
    loopback,
    make_network,
    receive,
    refusal,
    send,
    stream,
)

if TYPE_CHECKING:
    from provider.kernel.io.net.network import Network

PATIENCE = 100
"""Times that the host is asked, 0.1 s each."""


class World:
    """A machine's network and, at the other side, sockets of the host."""

    def __init__(self) -> None:
        self.network: Network = make_network()
        self.input = HostInput()
        self.outside = self.network.outside = HostNetwork(self.network, self.input)

    def until(self, true: Callable[[], object]) -> None:
        """Let the host work until something is true."""
        for _ in range(PATIENCE):
            if true():
                return
            self.input.poll(0.1)
        pytest.fail("the host does nothing")


@pytest.fixture
def world() -> Iterator[World]:
    """Both of them."""
    made = World()
    yield made
    made.outside.close()


@pytest.fixture
def server() -> Iterator[socket.socket]:
    """A listening socket of the host."""
    with socket.create_server(("127.0.0.1", 0)) as made:
        yield made


def _port(host: socket.socket) -> int:
    port: int = host.getsockname()[1]
    return port


def test_addresses_of_the_host(world: World) -> None:
    assert world.outside.is_own(loopback())
    nobody = Address(Family.INET, bytes((192, 0, 2, 1)), 80)
    assert not world.outside.is_own(nobody)
    assert refusal(stream(world.network).protocol.bind, nobody) is Reason.INVALID_ADDRESS_COMPONENT


def test_nobody_listens_outside(world: World, server: socket.socket) -> None:
    port = _port(server)
    server.close()
    client = stream(world.network)
    irp = connect(client, port)
    world.until(lambda: irp.is_done)
    assert irp.reason is Reason.CONNECTION_REFUSED
    assert client.readiness() == Event.CONNECT_FAIL


def test_a_conversation_with_a_server(world: World, server: socket.socket) -> None:
    client = stream(world.network)
    irp = connect(client, _port(server))
    world.until(lambda: irp.is_done)
    with server.accept()[0] as peer:
        send(client, b"question")
        assert peer.recv(100) == b"question"
        peer.sendall(b"answer")
        got = receive(client)
        world.until(lambda: got.is_done)
        assert got.data == b"answer"
        client.protocol.shut_down(receiving=False, sending=True)
        assert peer.recv(100) == b""
    end = receive(client)
    world.until(lambda: end.is_done)
    assert (end.reason, end.data) == (None, b"")


def test_more_than_both_sides_hold(world: World, server: socket.socket) -> None:
    client, data = stream(world.network), bytes(range(256)) * 20000
    irp = connect(client, _port(server))
    world.until(lambda: irp.is_done)
    with server.accept()[0] as peer:
        peer.setblocking(False)
        sent, arrived = send(client, data), bytearray()

        def take() -> bool:
            try:
                arrived.extend(peer.recv(1 << 20))
            except BlockingIOError:
                return False
            return len(arrived) == len(data)

        world.until(take)
        assert sent.information == len(data)
        assert arrived == data


def test_what_was_sent_arrives_though_the_guest_has_closed(
    world: World, server: socket.socket
) -> None:
    client = stream(world.network)
    irp = connect(client, _port(server))
    world.until(lambda: irp.is_done)
    send(client, b"last words")
    client.close()
    with server.accept()[0] as peer:
        assert peer.recv(100) == b"last words"
        assert peer.recv(100) == b""


def test_a_machine_without_memory_loses_what_comes(world: World, server: socket.socket) -> None:
    client, guest = stream(world.network), datagram(world.network)
    irp, port = connect(client, _port(server)), guest.protocol.bind(loopback()).port
    world.until(lambda: irp.is_done)
    world.network.pool.charge(world.network.pool.left)
    with server.accept()[0] as peer, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"lost", ("127.0.0.1", port))
        peer.sendall(b"lost")
        world.until(lambda: client.readiness() & Event.ABORT)
    assert guest.readiness() == Event.SEND


def test_a_reset_by_the_host(world: World, server: socket.socket) -> None:
    client = stream(world.network)
    irp = connect(client, _port(server))
    world.until(lambda: irp.is_done)
    peer = server.accept()[0]
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    peer.close()
    world.until(lambda: client.readiness() & Event.ABORT)
    assert refusal(receive, client) is Reason.CONNECTION_RESET


def test_the_host_connects_to_a_guest(world: World) -> None:
    listener = stream(world.network)
    port = listener.protocol.bind(loopback()).port
    listener.stream.listen(1)
    with socket.create_connection(("127.0.0.1", port)) as peer:
        world.until(lambda: listener.readiness() & Event.ACCEPT)
        guest = accept(listener)
        peer.sendall(b"hello")
        got = receive(guest)
        world.until(lambda: got.is_done)
        assert got.data == b"hello"
        assert guest.protocol.remote == loopback(_port(peer))
    listener.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_guests_find_each_other_first(world: World) -> None:
    listener = stream(world.network)
    port = listener.protocol.bind(loopback()).port
    listener.stream.listen(1)
    assert connect(stream(world.network), port).is_done


def test_datagrams(world: World) -> None:
    guest = datagram(world.network)
    port = guest.protocol.bind(loopback()).port
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        peer.bind(("127.0.0.1", 0))
        send(guest, b"question", loopback(_port(peer)))
        assert peer.recvfrom(100) == (b"question", ("127.0.0.1", port))
        peer.sendto(b"answer", ("127.0.0.1", port))
        got = receive(guest)
        world.until(lambda: got.is_done)
        assert got.data == b"answer"


def test_a_cancelled_connection(world: World, server: socket.socket) -> None:
    client, irp = stream(world.network), Irp()
    client.protocol.connect(irp, loopback(_port(server)))
    irp.cancel()
    client.close()
    assert irp.reason in (None, Reason.CANCELLED)


def test_names(world: World) -> None:
    assert loopback() in world.outside.resolve("localhost")
    assert world.outside.resolve("no such name.invalid") == []
