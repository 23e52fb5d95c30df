"""Ports: who may have one, and who is found at an address."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.net.address import Address, Family
from provider.kernel.io.net.network import FIRST_DYNAMIC_PORT, Network
from tests.provider.kernel.io.net.sockets import loopback, make_network, refusal, stream

if TYPE_CHECKING:
    from provider.kernel.io.net.endpoint import Endpoint

ANY4, ANY6 = Address.any(Family.INET, 1000), Address.any(Family.INET6, 1000)
LOCAL4, LOCAL6 = loopback(1000), loopback(1000, Family.INET6)
MAPPED = LOCAL4.seen_by(Family.INET6)
DENIED, IN_USE = Reason.ACCESS_DENIED, Reason.SHARING_VIOLATION


def _socket(network: Network, address: Address, how: str) -> Endpoint:
    socket = stream(network, address.family)
    socket.options.v6_only = False
    socket.options.exclusive_address = how == "exclusive"
    socket.options.reuse_address = how == "reuse"
    return socket


def test_addresses_of_others() -> None:
    network = make_network()
    other = Address(Family.INET, bytes((10, 0, 0, 1)), 80)
    assert refusal(stream(network).protocol.bind, other) is Reason.INVALID_ADDRESS_COMPONENT
    socket = stream(network)
    socket.protocol.bind(LOCAL4)
    assert refusal(socket.protocol.bind, LOCAL4) is Reason.ADDRESS_ALREADY_ASSOCIATED


# The first three columns: what two sockets ask for; the last: what the second one is told.  Those
# with "exclusive" are what Windows 10 says in Wine's tests of ws2_32.
@pytest.mark.parametrize(
    ("first", "how", "second", "then", "expected"),
    [
        (LOCAL4, "", LOCAL4, "", IN_USE),
        (LOCAL4, "", LOCAL4, "reuse", DENIED),
        (LOCAL4, "reuse", LOCAL4, "", IN_USE),
        (LOCAL4, "reuse", LOCAL4, "reuse", None),
        (LOCAL4, "exclusive", LOCAL4, "", IN_USE),
        (LOCAL4, "", LOCAL4, "exclusive", IN_USE),
        (ANY4, "", LOCAL4, "", None),
        (LOCAL4, "", ANY4, "", None),
        (ANY4, "exclusive", LOCAL4, "", DENIED),
        (ANY6, "exclusive", LOCAL4, "", DENIED),
        (ANY4, "", LOCAL4, "exclusive", None),
        (ANY4, "exclusive", LOCAL4, "exclusive", DENIED),
        (LOCAL4, "exclusive", ANY4, "", None),
        (LOCAL4, "", ANY4, "exclusive", IN_USE),
        (LOCAL4, "", ANY6, "exclusive", IN_USE),
        (LOCAL6, "", ANY4, "exclusive", None),
        (MAPPED, "", ANY4, "exclusive", IN_USE),
        (MAPPED, "", LOCAL4, "", IN_USE),
        (ANY6, "exclusive", ANY4, "", DENIED),
        (ANY6, "", ANY4, "exclusive", None),
        (ANY6, "", ANY4, "", None),
        (ANY4, "", ANY4, "exclusive", IN_USE),
    ],
)
def test_sharing_a_port(
    first: Address, how: str, second: Address, then: str, expected: Reason | None
) -> None:
    network = make_network()
    _socket(network, first, how).protocol.bind(first)
    reason = None
    try:
        _socket(network, second, then).protocol.bind(second)
    except KernelError as error:
        reason = error.reason
    assert reason is expected


def test_a_port_is_free_once_its_socket_is_closed() -> None:
    network = make_network()
    socket = stream(network)
    socket.protocol.bind(LOCAL4)
    socket.close()
    stream(network).protocol.bind(LOCAL4)


def test_dynamic_ports_come_in_their_order_and_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("provider.kernel.io.net.network.LAST_PORT", FIRST_DYNAMIC_PORT + 9)
    network = make_network()
    taken = stream(network)
    taken.protocol.bind(loopback(FIRST_DYNAMIC_PORT + 1))
    given = [stream(network).protocol.bind(loopback()).port for _ in range(2)]
    assert given == [FIRST_DYNAMIC_PORT, FIRST_DYNAMIC_PORT + 2]
    for _ in range(7):
        stream(network).protocol.bind(loopback())
    assert refusal(stream(network).protocol.bind, loopback()) is Reason.INSUFFICIENT_RESOURCES


def test_the_most_exact_listener_is_found() -> None:
    network = make_network()
    sockets = [_socket(network, address, "") for address in (ANY6, ANY4, LOCAL4)]
    for socket, address in zip(sockets, (ANY6, ANY4, LOCAL4), strict=True):
        socket.protocol.bind(address)
        socket.stream.listen(1)
    six, four, local = (socket.stream for socket in sockets)
    assert network.listener(LOCAL4) is local
    assert network.listener(MAPPED) is local
    assert network.listener(LOCAL6) is six
    sockets[2].close()
    assert network.listener(LOCAL4) is four
    sockets[1].close()
    assert network.listener(LOCAL4) is six
    sockets[0].options.v6_only = True
    assert network.listener(LOCAL4) is None
