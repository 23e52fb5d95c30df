"""Waiting for several sockets, and events that tell of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from provider.kernel.errors import Reason
from provider.kernel.io.irp import Irp
from provider.kernel.io.net.event import Event
from provider.kernel.io.net.poll import Poll, Ready, Watched
from provider.kernel.ke.event import Event as EventObject
from tests.provider.kernel.io.net.sockets import (
    accept,
    connect,
    connected,
    got,
    listening,
    make_network,
    send,
    stream,
)

if TYPE_CHECKING:
    from provider.kernel.io.net.endpoint import Endpoint
    from provider.kernel.io.net.network import Network


@pytest.fixture
def network() -> Network:
    """A network with no sockets."""
    return make_network()


def _encode(found: list[Ready]) -> bytes:
    return ";".join(f"{r.handle}:{r.events:x}" for r in found).encode()


def _poll(*sockets: tuple[Endpoint, int], wait: bool = True, exclusive: bool = False) -> Irp:
    irp = Irp()
    watched = [Watched(socket, events, number) for number, (socket, events) in enumerate(sockets)]
    Poll(irp, watched, _encode, is_exclusive=exclusive).start(may_wait=wait)
    return irp


def test_nothing_is_ready(network: Network) -> None:
    client, server = connected(network)
    assert _poll((server, Event.RECEIVE), wait=False).data == b""
    waiting = _poll((client, Event.RECEIVE), (server, Event.RECEIVE), (server, Event.ALL & ~0x44))
    assert not waiting.is_done
    waiting.cancel()
    assert not client.polls
    assert not server.polls


def test_all_that_is_ready_is_told(network: Network) -> None:
    client, server = connected(network)
    send(client, b"x")
    found = _poll((client, Event.ALL), (server, Event.RECEIVE | Event.SEND))
    assert found.data == b"0:44;1:5"


def test_the_first_change_ends_it(network: Network) -> None:
    client, server = connected(network)
    waiting = _poll((server, Event.RECEIVE), (server, Event.RECEIVE | Event.DISCONNECT))
    send(client, b"x")
    assert waiting.data == b"0:1"
    listener = listening(network)
    waiting = _poll((listener, Event.ACCEPT))
    connect(stream(network))
    assert waiting.data == b"0:80"


def test_closing_ends_it(network: Network) -> None:
    client, server = connected(network)
    waiting = _poll((client, Event.RECEIVE), (server, Event.RECEIVE))
    server.close()
    assert waiting.data == b"1:20"
    assert not client.polls


def test_an_exclusive_one_ends_the_one_before(network: Network) -> None:
    _, server = connected(network)
    first = _poll((server, Event.RECEIVE), exclusive=True)
    second = _poll((server, Event.RECEIVE), exclusive=True)
    assert (first.is_done, first.data, second.is_done) == (True, b"", False)
    other = _poll((server, Event.RECEIVE))
    assert not second.is_done
    assert not other.is_done


def test_connecting_in_vain(network: Network) -> None:
    socket = stream(network)
    waiting = _poll((socket, Event.CONNECT_FAIL))
    connect(socket)
    assert waiting.data == b"0:100"
    assert socket.failure(Event.CONNECT_FAIL) is Reason.CONNECTION_REFUSED


def _is_set(event: EventObject) -> bool:
    return event.signaled


def test_an_event_is_told_once(network: Network) -> None:
    client, server = connected(network)
    told = EventObject(is_notification=True)
    server.select_events(told, Event.RECEIVE | Event.DISCONNECT)
    assert server.options.nonblocking
    assert not _is_set(told)
    send(client, b"ab")
    assert _is_set(told)
    assert server.selection.take() == Event.RECEIVE
    told.reset()
    send(client, b"c")
    assert not _is_set(told)
    assert got(server, 1) == b"a"
    assert _is_set(told)
    assert server.selection.take() == Event.RECEIVE
    got(server)
    client.close()
    assert server.selection.take() == Event.DISCONNECT
    server.close()
    assert told.reference_count == 0


def test_a_client_is_told_of_its_connection_a_server_is_not(network: Network) -> None:
    listener, client = listening(network), stream(network)
    told = EventObject(is_notification=True)
    connect(client)
    server = accept(listener)
    for socket, expected in ((client, Event.CONNECT | Event.SEND), (server, Event.SEND)):
        socket.select_events(told, Event.ALL)
        assert socket.selection.take() == expected
