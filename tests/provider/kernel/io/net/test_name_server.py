"""The name server's responses to queries, good and bad (RFC 1035)."""

from __future__ import annotations

import struct

import pytest

from provider.kernel.io.net.address import Address, Family
from provider.kernel.io.net.name_server import NAME_SERVER, answer
from tests.provider.kernel.io.net.sockets import datagram, got, make_network, send

FOUR = Address(Family.INET, bytes((192, 0, 2, 1)), 0)
SIX = Address(Family.INET6, bytes(15) + b"\7", 0)


def _query(name: bytes = b"\4host\7example\0", kind: int = 1, questions: int = 1) -> bytes:
    return struct.pack(">6H", 77, 0x100, questions, 0, 0, 0) + name + struct.pack(">2H", kind, 1)


def _resolve(name: str) -> list[Address]:
    return [FOUR, SIX, FOUR] if name == "host.example" else []


@pytest.mark.parametrize(
    "query",
    [_query()[:-1], _query(questions=2), _query(b"\xc0\x0c"), _query(b"\77abc"), _query(b"")],
)
def test_what_is_no_question(query: bytes) -> None:
    assert answer(query, _resolve) == struct.pack(">6H", 77, 0x8181, 0, 0, 0, 0)


@pytest.mark.parametrize("size", range(12))
def test_what_is_no_query(size: int) -> None:
    assert answer(_query()[:size], _resolve) is None


@pytest.mark.parametrize(("kind", "address"), [(1, FOUR), (28, SIX)])
def test_addresses(kind: int, address: Address) -> None:
    query = _query(kind=kind)
    response = answer(query, _resolve)
    size = len(address.host)
    record = struct.pack(">3HIH", 0xC00C, kind, 1, 60, size) + address.host
    assert response == struct.pack(">6H", 77, 0x8180, 1, 1, 0, 0) + query[12:] + record


def test_names_that_are_unknown_and_types_that_have_no_records() -> None:
    unknown, other = answer(_query(b"\1x\0"), _resolve), answer(_query(kind=15), _resolve)
    assert unknown is not None
    assert other is not None
    assert struct.unpack_from(">4H", unknown) == (77, 0x8183, 1, 0)
    assert struct.unpack_from(">4H", other) == (77, 0x8180, 1, 0)


def test_it_is_found_where_guests_look() -> None:
    network = make_network()
    told: list[str] = []
    network.on_refusal = told.append
    socket = datagram(network)
    send(socket, _query(), NAME_SERVER)
    assert struct.unpack_from(">2H", got(socket)) == (77, 0x8183)
    assert told == ["host.example"]
