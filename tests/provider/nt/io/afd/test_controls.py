r"""The controls of `\Device\Afd`: bad arguments first, then a conversation by system calls."""

from __future__ import annotations

import struct
from itertools import product

import pytest

from provider.nt.io.afd import _CONTROLS
from provider.nt.status import NTSTATUS
from tests.provider.nt.io.afd.sockets import (
    DATAGRAM,
    OUT_VA,
    SocketCaller,
    open_packet,
    sockaddr,
)
from tests.provider.nt.io.caller import DATA_VA, HANDLE_VA, IO_VA

BIND, CONNECT, LISTEN, WAIT, ACCEPT = 0x12003, 0x12007, 0x1200B, 0x1200C, 0x12010
RECEIVE, SEND, POLL, NAME = 0x12017, 0x1201F, 0x12024, 0x1202F
OPTION = 0x120BF
PENDING = NTSTATUS.PENDING
NORMAL = 0x20


@pytest.fixture
def caller() -> SocketCaller:
    """A thread without sockets."""
    return SocketCaller()


def _bind(caller: SocketCaller, handle: int, port: int) -> None:
    data = struct.pack("<I", 0) + sockaddr(port)
    assert caller.control(handle, BIND, data, 28) == PENDING
    assert caller.ended()[0] == NTSTATUS.SUCCESS


def _listener(caller: SocketCaller, port: int = 80) -> int:
    listener = caller.socket()
    _bind(caller, listener, port)
    assert caller.control(listener, LISTEN, struct.pack("<3I", 0, 5, 0)) == 0
    return listener


def _connected(caller: SocketCaller) -> tuple[int, int]:
    listener, client, server = _listener(caller), caller.socket(), caller.socket()
    assert caller.control(client, CONNECT, bytes(12) + sockaddr(80)) == PENDING
    assert caller.ended()[0] == NTSTATUS.SUCCESS
    assert caller.control(listener, WAIT, b"", 32) == 0
    (sequence,) = struct.unpack("<i", caller.out(4))
    assert caller.control(listener, ACCEPT, struct.pack("<IiI", 0, sequence, server)) == 0
    return client, server


def _transfer(va: int, size: int, flags: int = NORMAL, afd: int = 0) -> bytes:
    """AFD_RECV_INFO or AFD_SEND_INFO of one buffer, which is described behind it."""
    return struct.pack("<4I2I", DATA_VA + 16, 1, afd, flags, size, va)


@pytest.mark.parametrize("packet", [
    open_packet(family=99),
    open_packet(kind=(3, 1)),
    open_packet(kind=(1, 17)),
    open_packet(kind=(0, 0)),
])  # fmt: skip
def test_what_is_no_socket(caller: SocketCaller, packet: bytes) -> None:
    assert caller.open_socket(packet) == NTSTATUS.NOT_SUPPORTED


def test_packets_that_are_cut_short(caller: SocketCaller) -> None:
    packet = open_packet()
    for size in range(1, len(packet)):
        assert caller.open_socket(packet[:size]) == NTSTATUS.EA_LIST_INCONSISTENT
    short = packet.replace(struct.pack("<H", 24), struct.pack("<H", 8), 1)
    assert caller.open_socket(short) == NTSTATUS.INVALID_PARAMETER


@pytest.mark.parametrize("code", sorted(_CONTROLS))
def test_no_arguments_are_a_failure_of_ours(caller: SocketCaller, code: int) -> None:
    for size, room in product((0, 1, 4, 16, 64, 300), (0, 1, 1000)):
        for fill, packet in ((b"\0", b""), (b"\xff", open_packet())):
            assert caller.open_socket(packet) == 0
            endpoint = caller.word(HANDLE_VA)
            caller.control(endpoint, code, fill * size, room)
            caller.close(endpoint)


@pytest.mark.parametrize("code", sorted(_CONTROLS))
def test_connections_survive_bad_controls(caller: SocketCaller, code: int) -> None:
    client, server = _connected(caller)
    for fill in (0, 1, 0x7FFFFFFF, 0xFFFFFFFF):
        caller.control(client, code, struct.pack("<I", fill) * 16, 64)
    caller.close(client)
    caller.close(server)


def test_unknown_controls(caller: SocketCaller) -> None:
    assert caller.control(caller.socket(), 0x12FFF) == NTSTATUS.NOT_SUPPORTED


def _super_accept(caller: SocketCaller, listener: int, target: int, local: int = 32) -> NTSTATUS:
    data = struct.pack("<BB2x4I", 0, 0, target, 8, local, 32)
    return caller.control(listener, 0x12083, data, 8 + local + 32)


def test_accepting_into_a_socket(caller: SocketCaller) -> None:
    listener, target, client = _listener(caller), caller.socket(), caller.socket()
    assert _super_accept(caller, listener, target) == PENDING
    assert _super_accept(caller, listener, target) == NTSTATUS.INVALID_PARAMETER
    assert caller("NtCancelIoFile", listener, IO_VA + 8) == 0
    assert caller.ended()[0] == NTSTATUS.CANCELLED
    assert _super_accept(caller, listener, target, local=19) == PENDING
    assert caller("NtCancelIoFile", listener, IO_VA + 8) == 0
    assert _super_accept(caller, listener, target) == PENDING
    io = IO_VA + 32
    data = bytes(12) + sockaddr(80)
    caller.space.write(DATA_VA, data)
    connecting = (client, 0, 0, 0, io, CONNECT, DATA_VA, len(data), 0, 0)
    assert caller("NtDeviceIoControlFile", *connecting) == PENDING
    assert caller("NtClose", target) == 0
    assert caller.ended()[0] == NTSTATUS.CANCELLED
    target = caller.socket()
    assert _super_accept(caller, listener, target) == PENDING
    assert caller.control(target, CONNECT, bytes(12) + sockaddr(80)) == NTSTATUS.INVALID_PARAMETER
    assert _super_accept(caller, listener, target) == NTSTATUS.INVALID_PARAMETER


def test_a_conversation(caller: SocketCaller) -> None:
    client, server = _connected(caller)
    caller.space.write(OUT_VA, b"hello")
    assert caller.control(client, SEND, _transfer(OUT_VA, 5, 0)) == 0
    assert caller.ended() == (NTSTATUS.SUCCESS, 5)
    assert caller.control(server, RECEIVE, _transfer(OUT_VA + 100, 10)) == 0
    assert caller.ended() == (NTSTATUS.SUCCESS, 5)
    assert caller.space.read(OUT_VA + 100, 5) == b"hello"


def test_a_buffer_that_cannot_be_written(caller: SocketCaller) -> None:
    client, _ = _connected(caller)
    violation = NTSTATUS.ACCESS_VIOLATION
    assert caller.control(client, RECEIVE, _transfer(0x10, 10)) == violation
    assert caller.control(client, SEND, _transfer(0x10, 10, 0)) == violation
    huge = _transfer(OUT_VA, 0xFFFFFFFF, 0)
    assert caller.control(client, SEND, huge) == NTSTATUS.INSUFFICIENT_RESOURCES
    many = struct.pack("<4I", OUT_VA, 0xFFFFFFFF, 0, NORMAL)
    assert caller.control(client, RECEIVE, many) == NTSTATUS.INVALID_PARAMETER


def test_a_receive_ends_later(caller: SocketCaller) -> None:
    client, server = _connected(caller)
    assert caller.control(server, RECEIVE, _transfer(OUT_VA + 100, 10)) == PENDING
    caller.space.write(OUT_VA, b"late")
    caller.control(client, SEND, _transfer(OUT_VA, 4, 0))
    assert caller.space.read(OUT_VA + 100, 4) == b"late"


def test_urgent_data_is_refused(caller: SocketCaller) -> None:
    client, server = _connected(caller)
    assert caller.control(client, SEND, _transfer(OUT_VA, 1, 0x20)) == NTSTATUS.NOT_SUPPORTED
    expedited = _transfer(OUT_VA, 1, 0x40)
    assert caller.control(server, RECEIVE, expedited) == NTSTATUS.DEVICE_NOT_READY


def test_a_poll_without_sockets_or_of_other_objects(caller: SocketCaller) -> None:
    socket = caller.socket()
    nothing = struct.pack("<qIB3x", 0, 0, 0)
    assert caller.control(socket, POLL, nothing, 100) == NTSTATUS.INVALID_PARAMETER
    other = caller.must_create("\\Device\\Null", options=0)
    poll = struct.pack("<qIB3x3I", 0, 1, 0, other, 0x1FF, 0)
    assert caller.control(socket, POLL, poll, 100) == NTSTATUS.OBJECT_TYPE_MISMATCH
    many = struct.pack("<qIB3x3I", 0, 0xFFFFFFFF, 0, socket, 0x1FF, 0)
    assert caller.control(socket, POLL, many, 100) == NTSTATUS.INVALID_PARAMETER


def test_options(caller: SocketCaller) -> None:
    socket = caller.socket(DATAGRAM)

    def option(kind: int, level: int, name: int, value: bytes = b"", room: int = 4) -> NTSTATUS:
        va = DATA_VA + 24
        data = struct.pack("<3I4x2I", kind, level, name, va, len(value)) + value
        return caller.control(socket, OPTION, data, room)

    assert option(2, 0xFFFF, 0x7777) == NTSTATUS.NOT_SUPPORTED
    assert option(2, 6, 1) == NTSTATUS.INVALID_PARAMETER  # TCP_NODELAY of a socket for datagrams
    assert option(1, 0, 4, struct.pack("<I", 256)) == NTSTATUS.INVALID_PARAMETER  # IP_TTL
    assert option(1, 0xFFFF, 0x1002, b"\1") == NTSTATUS.BUFFER_TOO_SMALL  # SO_RCVBUF
    assert option(1, 0, 12, b"\1") == NTSTATUS.BUFFER_TOO_SMALL  # IP_ADD_MEMBERSHIP
    assert option(1, 0xFFFF, 0x1002, struct.pack("<I", 1234)) == 0
    assert option(2, 0xFFFF, 0x1002) == 0
    assert caller.out(4) == struct.pack("<I", 1234)


def test_names(caller: SocketCaller) -> None:
    socket = caller.socket()
    assert caller.control(socket, NAME, b"", 16) == NTSTATUS.INVALID_PARAMETER
    _bind(caller, socket, 99)
    assert caller.control(socket, NAME, b"", 15) == NTSTATUS.BUFFER_TOO_SMALL
    assert caller.control(socket, NAME, b"", 16) == 0
    assert caller.out(16) == sockaddr(99)
