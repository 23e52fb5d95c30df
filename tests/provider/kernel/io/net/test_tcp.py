"""TCP between sockets of one machine, without threads: every state, and how connections end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from provider.kernel.errors import Reason
from provider.kernel.io.irp import Irp
from provider.kernel.io.net.address import Address, Family
from provider.kernel.io.net.event import Event
from provider.kernel.io.net.options import Linger
from provider.kernel.io.pipe_queue import POOL_BYTES
from tests.provider.kernel.io.net.sockets import (
    accept,
    connect,
    connected,
    got,
    listening,
    loopback,
    make_network,
    reason,
    receive,
    refusal,
    send,
    stream,
)

if TYPE_CHECKING:
    from provider.kernel.io.net.network import Network


@pytest.fixture
def network() -> Network:
    """A network with no sockets."""
    return make_network()


def test_what_a_socket_without_a_connection_refuses(network: Network) -> None:
    socket = stream(network)
    assert refusal(send, socket, b"x") is Reason.INVALID_CONNECTION
    assert refusal(receive, socket) is Reason.INVALID_CONNECTION
    down = socket.protocol.shut_down
    assert refusal(down, receiving=True, sending=True) is Reason.INVALID_CONNECTION
    assert refusal(socket.stream.listen, 1) is Reason.INVALID_PARAMETER
    assert refusal(socket.accept, Irp(), print) is Reason.INVALID_PARAMETER
    assert refusal(socket.protocol.disconnect) is Reason.INVALID_CONNECTION
    assert refusal(connect, socket, 0) is Reason.INVALID_ADDRESS_COMPONENT
    anywhere = Address.any(Family.INET, 80)
    assert refusal(socket.protocol.connect, Irp(), anywhere) is Reason.INVALID_ADDRESS_COMPONENT
    assert socket.readiness() == 0


def test_nobody_listens(network: Network) -> None:
    socket = stream(network)
    assert reason(connect(socket)) is Reason.CONNECTION_REFUSED
    assert socket.readiness() == Event.CONNECT_FAIL
    listening(network)
    assert reason(connect(socket)) is None
    assert socket.readiness() == Event.CONNECT | Event.SEND


def test_the_world_outside_is_out_of_reach(network: Network) -> None:
    told: list[str] = []
    network.on_refusal = told.append
    irp = Irp()
    stream(network).protocol.connect(irp, Address(Family.INET, bytes((10, 1, 2, 3)), 80))
    assert reason(irp) is Reason.NETWORK_UNREACHABLE
    assert told == ["10.1.2.3:80"]


def test_a_listener_cannot_connect_nor_a_client_twice(network: Network) -> None:
    listener = listening(network)
    assert refusal(connect, listener) is Reason.INVALID_PARAMETER
    client = stream(network)
    connect(client)
    assert refusal(connect, client) is Reason.CONNECTION_ACTIVE


def test_a_full_backlog_refuses(network: Network) -> None:
    listener = listening(network, backlog=1)
    first, second = stream(network), stream(network)
    assert reason(connect(first)) is None
    assert reason(connect(second)) is Reason.CONNECTION_REFUSED
    accept(listener)
    assert reason(connect(second)) is None


def test_names_of_both_ends(network: Network) -> None:
    client, server = connected(network, 7)
    assert client.protocol.remote == server.protocol.local == loopback(7)
    assert server.protocol.remote == client.protocol.local == loopback(49152)


def test_an_accept_waits_and_can_be_cancelled(network: Network) -> None:
    listener = listening(network)
    cancelled, waiting = Irp(), Irp()
    listener.accept(cancelled, print)
    accepted: list[object] = []
    listener.accept(waiting, accepted.append)
    cancelled.cancel()
    connect(stream(network))
    assert reason(cancelled) is Reason.CANCELLED
    assert waiting.is_done
    assert len(accepted) == 1
    assert listener.readiness() == 0


def test_bytes_come_in_their_order(network: Network) -> None:
    client, server = connected(network)
    send(client, b"hello, ")
    send(client, b"world")
    assert got(server, 5, peek=True) == b"hello"
    assert got(server, 8) == b"hello, w"
    assert got(server) == b"orld"
    assert refusal(receive, server, may_wait=False) is Reason.DEVICE_NOT_READY


def test_who_waits_first_receives_first(network: Network) -> None:
    client, server = connected(network)
    first, second = receive(server, 3), receive(server, 10)
    assert refusal(receive, server, may_wait=False) is Reason.DEVICE_NOT_READY
    send(client, b"abcdef")
    assert (first.data, second.data) == (b"abc", b"def")


def test_all_or_what_there_is_at_the_end(network: Network) -> None:
    client, server = connected(network)
    whole, rest = receive(server, 5, wait_all=True), receive(server, 5, wait_all=True)
    send(client, b"abc")
    assert not whole.is_done
    send(client, b"defg")
    assert whole.data == b"abcde"
    client.protocol.shut_down(receiving=False, sending=True)
    assert rest.data == b"fg"


def test_what_a_cancelled_request_has_taken_stays(network: Network) -> None:
    client, server = connected(network)
    whole = receive(server, 5, wait_all=True)
    send(client, b"abc")
    whole.cancel()
    assert got(server) == b"abc"


def test_a_full_window_makes_senders_wait(network: Network) -> None:
    client, server = connected(network)
    window = server.options.receive_buffer
    assert send(client, bytes(window - 1)).information == window - 1
    assert send(client, b"xyz", wait=False).information == 3
    assert refusal(send, client, b"x", wait=False) is Reason.DEVICE_NOT_READY
    assert client.readiness() & Event.SEND == 0
    waiting = send(client, b"late")
    assert not waiting.is_done
    got(server, 2)
    assert not waiting.is_done
    got(server, 1)
    assert waiting.information == 4
    assert client.readiness() & Event.SEND == 0
    got(server, 10)
    assert client.readiness() & Event.SEND


def test_a_send_larger_than_the_window_goes_piece_by_piece(network: Network) -> None:
    client, server = connected(network)
    window = server.options.receive_buffer
    assert send(client, bytes(2 * window + 1), wait=False).information == window
    waiting = send(client, bytes(2 * window + 1))
    for _ in range(3):
        assert not waiting.is_done
        got(server, window)
    assert waiting.information == 2 * window + 1


def test_more_than_the_pool_holds_is_refused(network: Network) -> None:
    client, server = connected(network)
    assert refusal(send, client, bytes(POOL_BYTES + 1)) is Reason.INSUFFICIENT_RESOURCES
    client.close()
    server.close()


def test_who_waits_goes_on_though_the_pool_is_empty(network: Network) -> None:
    client, server = connected(network)
    waiting = send(client, bytes(server.options.receive_buffer + 100))
    network.pool.charge(network.pool.left)
    got(server, 1000)
    assert waiting.is_done


def test_nothing_is_left_in_the_pool(network: Network) -> None:
    client, server = connected(network)
    send(client, bytes(100))
    send(client, bytes(1 << 20)).cancel()
    receive(client, 7, wait_all=True)
    send(server, b"abc")
    client.close()
    server.close()
    assert network.pool.left == POOL_BYTES


def test_the_end_comes_after_the_rest(network: Network) -> None:
    client, server = connected(network)
    send(client, b"rest")
    client.protocol.shut_down(receiving=False, sending=True)
    assert refusal(send, client, b"x") is Reason.PIPE_DISCONNECTED
    assert server.readiness() & (Event.RECEIVE | Event.DISCONNECT) == Event.RECEIVE
    assert got(server) == b"rest"
    assert server.readiness() & (Event.RECEIVE | Event.DISCONNECT) == Event.DISCONNECT
    assert got(server) == got(server) == b""
    send(server, b"answer")
    assert got(client) == b"answer"


def test_closing_with_data_unread_resets(network: Network) -> None:
    client, server = connected(network)
    waiting = receive(client)
    send(client, b"unread")
    server.close()
    assert reason(waiting) is Reason.CONNECTION_RESET
    assert refusal(receive, client) is Reason.CONNECTION_RESET
    assert refusal(send, client, b"x") is Reason.CONNECTION_RESET
    assert client.readiness() == Event.CONNECT | Event.SEND | Event.ABORT


def test_lingering_for_no_time_resets(network: Network) -> None:
    client, server = connected(network)
    server.options.linger = Linger(on=True)
    server.close()
    assert client.readiness() & Event.ABORT


def test_sending_to_who_has_closed_resets(network: Network) -> None:
    client, server = connected(network)
    server.close()
    assert got(client) == b""
    assert send(client, b"nobody").information == 6
    assert refusal(send, client, b"nobody") is Reason.CONNECTION_RESET


def test_a_listener_that_closes_resets_who_waits(network: Network) -> None:
    listener, client, waiting = listening(network), stream(network), Irp()
    connect(client)
    listener.close()
    assert client.readiness() & Event.ABORT
    second = listening(network)
    second.accept(waiting, print)
    second.close()
    assert reason(waiting) is Reason.CANCELLED


def test_a_socket_can_be_used_again(network: Network) -> None:
    client, server = connected(network)
    client.protocol.disconnect()
    assert got(server) == b""
    listening(network, 2000)
    assert reason(connect(client, 2000)) is None


def test_six_reaches_four(network: Network) -> None:
    listener = stream(network, Family.INET6)
    listener.options.v6_only = False
    listener.protocol.bind(Address.any(Family.INET6, 1000))
    listener.stream.listen(1)
    client = stream(network)
    assert reason(connect(client)) is None
    server = accept(listener)
    assert server.protocol.remote == loopback(49152).seen_by(Family.INET6)
    assert client.protocol.remote == loopback(1000)
