"""Names of hosts for Wine's ws2_32: wild pointers first, then what each call stores."""

from __future__ import annotations

import struct

import pytest

from provider.kernel.mm import AccessViolation
from provider.nt.unix import ws2_32
from provider.nt.unix.libraries import EARLY_FUNCTIONS
from tests.provider.nt.io.caller import DATA_VA, Caller

ARGUMENTS, OUT, SIZE, NAME, HINTS = (DATA_VA + 0x1000 * n for n in range(5))

NAMES = EARLY_FUNCTIONS["ws2_32.dll"]


@pytest.fixture
def caller() -> Caller:
    """A thread of a machine without a network."""
    return Caller()


def _call(caller: Caller, code: int, *words: int) -> int | None:
    caller.space.write(ARGUMENTS, struct.pack(f"<{len(words)}I", *words))
    return ws2_32.FUNCTIONS[NAMES[code]](caller.thread, ARGUMENTS)


def _name(caller: Caller, text: bytes, room: int = 1000) -> None:
    caller.space.write(NAME, text + b"\0")
    caller.space.write(SIZE, room.to_bytes(4, "little"))


@pytest.mark.parametrize("code", range(5))
def test_wild_pointers(caller: Caller, code: int) -> None:
    for word in (0x10, 0xFFFFFFF0):
        caller.space.write(ARGUMENTS, struct.pack("<7I", *[word] * 7))
        try:
            ws2_32.FUNCTIONS[NAMES[code]](caller.thread, ARGUMENTS)
        except AccessViolation:
            continue
    assert sorted(NAMES) == sorted(ws2_32.FUNCTIONS)


def test_addresses_of_a_name(caller: Caller) -> None:
    _name(caller, b"localhost", room=0)
    caller.space.write(HINTS, struct.pack("<4I", 2, 0, 1, 6))
    assert _call(caller, 0, NAME, 0, HINTS, OUT, SIZE) == ws2_32.INSUFFICIENT_BUFFER
    assert _call(caller, 0, NAME, 0, HINTS, OUT, SIZE) == 0
    first = struct.unpack("<8I", caller.space.read(OUT, 32))
    assert first[:5] == (2, 23, 1, 6, 28)
    assert caller.space.read(first[5], 10) == b"localhost\0"
    second = struct.unpack("<8I", caller.space.read(first[7], 32))
    assert second[:6] == (2, 2, 1, 6, 16, 0)
    assert caller.space.read(second[6], 8) == b"\2\0\0\0\x7f\0\0\1"
    assert second[7] == 0


@pytest.mark.parametrize(
    ("node", "service", "flags", "expected"),
    [
        (b"host.invalid", b"80", 0, ws2_32.HOST_NOT_FOUND),
        (b"localhost", b"80", ws2_32.NUMERIC_HOST, ws2_32.HOST_NOT_FOUND),
        (b"127.0.0.1", b"65536", 0, ws2_32.SERVICE_NOT_FOUND),
        (b"127.0.0.1", b"nonsense", 0, ws2_32.SERVICE_NOT_FOUND),
        (b"127.0.0.1", b"http", ws2_32.NUMERIC_HOST, 0),
    ],
)
def test_errors(caller: Caller, node: bytes, service: bytes, flags: int, expected: int) -> None:
    _name(caller, node)
    caller.space.write(NAME + 100, service + b"\0")
    caller.space.write(HINTS, struct.pack("<4I", flags, 0, 0, 0))
    assert _call(caller, 0, NAME, NAME + 100, HINTS, OUT, SIZE) == expected


def test_a_host_by_its_name(caller: Caller) -> None:
    _name(caller, b"host.invalid")
    assert _call(caller, 2, NAME, OUT, SIZE) == ws2_32.HOST_NOT_FOUND
    _name(caller, b"10.1.2.3")
    assert _call(caller, 2, NAME, OUT, SIZE) == 0
    name, aliases, family, size, addresses = struct.unpack("<2I2HI", caller.space.read(OUT, 16))
    assert (family, size, caller.word(aliases), caller.word(addresses + 4)) == (2, 4, 0, 0)
    assert caller.space.read(name, 9) == b"10.1.2.3\0"
    assert caller.space.read(caller.word(addresses), 4) == bytes((10, 1, 2, 3))


def test_names_of_addresses(caller: Caller) -> None:
    caller.space.write(NAME, struct.pack("<H2s4s8x", 2, b"\0\x50", b"\x7f\0\0\1"))
    assert _call(caller, 4, NAME, 15, OUT, 100, OUT + 100, 100, 2) == ws2_32.FAMILY_UNSUPPORTED
    assert _call(caller, 4, NAME, 16, OUT, 3, 0, 0, 2) == ws2_32.INSUFFICIENT_BUFFER
    assert _call(caller, 4, NAME, 16, OUT, 100, OUT + 100, 100, 2) == 0
    assert caller.space.read(OUT, 10) == b"127.0.0.1\0"
    assert caller.space.read(OUT + 100, 3) == b"80\0"
