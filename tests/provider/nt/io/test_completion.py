"""Completion ports, and operations on asynchronous pipes that end after their calls."""

from __future__ import annotations

import struct

import pytest

from provider.kernel.io.completion import MOST_PACKETS, IoCompletion, Packet
from provider.kernel.io.irp import MOST_PENDING
from provider.nt.status import NTSTATUS
from tests.provider.nt.io.caller import (
    CURRENT_PROCESS,
    DATA_VA,
    HANDLE_VA,
    IO_VA,
    READ,
    SYNCHRONIZE,
    WRITE,
    Caller,
)

NAME = "\\??\\pipe\\asynchronous"
LISTEN = 0x110008
SET_COMPLETION = 30
KEY, CONTEXT = 0x1234, 0x5678
KEY_VA, CONTEXT_VA, TAKEN_VA = DATA_VA + 0x100, DATA_VA + 0x104, DATA_VA + 0x108
PENDING_IO_VA, BUFFER_VA, TIME_VA = DATA_VA + 0x200, DATA_VA + 0x300, DATA_VA + 0x400


@pytest.fixture
def caller() -> Caller:
    caller = Caller()
    caller.space.write(TIME_VA, bytes(8))
    return caller


def port_of(caller: Caller, access: int = 0x1F0003) -> int:
    assert caller("NtCreateIoCompletion", HANDLE_VA, access, 0, 0) == NTSTATUS.SUCCESS
    return caller.word(HANDLE_VA)


def server(caller: Caller, *, synchronous: bool = False) -> int:
    status = caller(
        "NtCreateNamedPipeFile",
        HANDLE_VA, READ | WRITE | SYNCHRONIZE, caller.attributes(NAME), IO_VA, 3, 3,
        0x20 if synchronous else 0, 0, 0, 0, 2, 4096, 4096, 0,
    )  # fmt: skip
    assert status == NTSTATUS.SUCCESS
    return caller.word(HANDLE_VA)


def associate(caller: Caller, file: int, port: int) -> NTSTATUS:
    caller.space.write(DATA_VA, struct.pack("<2I", port, KEY))
    return caller("NtSetInformationFile", file, IO_VA, DATA_VA, 8, SET_COMPLETION)


def take(caller: Caller, port: int) -> tuple[NTSTATUS, tuple[int, ...]]:
    """A packet without waiting: key, context, status, information."""
    status = caller("NtRemoveIoCompletion", port, KEY_VA, CONTEXT_VA, TAKEN_VA, TIME_VA)
    return status, struct.unpack("<4I", caller.space.read(KEY_VA, 16)) if not status else ()


def read(caller: Caller, file: int) -> NTSTATUS:
    return caller("NtReadFile", file, 0, 0, CONTEXT, PENDING_IO_VA, BUFFER_VA, 16, 0, 0)


def write(caller: Caller, file: int, data: bytes) -> NTSTATUS:
    caller.space.write(DATA_VA, data)
    return caller("NtWriteFile", file, 0, 0, 0, IO_VA, DATA_VA, len(data), 0, 0)


def connected(caller: Caller) -> tuple[int, int, int]:
    """The handles of a port, of a server end that tells it, and of a client."""
    port, file = port_of(caller), server(caller)
    assert associate(caller, file, port) == NTSTATUS.SUCCESS
    client = caller.create(NAME, disposition=1).value
    return port, file, client


@pytest.mark.parametrize("handle", [0, 1, 0x1000, CURRENT_PROCESS, 0xFFFFFFFE])
def test_no_port(caller: Caller, handle: int) -> None:
    wrong = (NTSTATUS.INVALID_HANDLE, NTSTATUS.OBJECT_TYPE_MISMATCH)
    assert caller("NtSetIoCompletion", handle, 1, 2, 3, 4) in wrong
    assert take(caller, handle)[0] in wrong
    assert associate(caller, server(caller), handle) in wrong


def test_rights_bind(caller: Caller) -> None:
    port = port_of(caller, 1)
    assert caller("NtSetIoCompletion", port, 1, 2, 3, 4) == NTSTATUS.ACCESS_DENIED
    assert take(caller, port)[0] == NTSTATUS.ACCESS_DENIED


def test_a_port_is_bounded(caller: Caller) -> None:
    port = port_of(caller)
    target = caller.thread.process.handles.reference(port, IoCompletion)
    target.packets.extend([Packet(0, 0, 0, 0)] * MOST_PACKETS)
    full = caller("NtSetIoCompletion", port, 1, 2, 3, 4)
    assert full == NTSTATUS.INSUFFICIENT_RESOURCES


@pytest.mark.parametrize("va", [0, 1, 0x80000000, 0xFFFFFFFC])
def test_a_packet_stays_where_it_cannot_be_told(caller: Caller, va: int) -> None:
    port = port_of(caller)
    assert caller("NtSetIoCompletion", port, 1, 2, 3, 4) == NTSTATUS.SUCCESS
    bad = caller("NtRemoveIoCompletion", port, va, CONTEXT_VA, TAKEN_VA, TIME_VA)
    assert bad == NTSTATUS.ACCESS_VIOLATION
    bad = caller("NtRemoveIoCompletionEx", port, va, 4, TAKEN_VA, TIME_VA, 0)
    assert bad == NTSTATUS.ACCESS_VIOLATION
    assert take(caller, port) == (NTSTATUS.SUCCESS, (1, 2, 3, 4))


def test_pending_operations_are_bounded(caller: Caller) -> None:
    _, file, _ = connected(caller)
    for _ in range(MOST_PENDING):
        assert read(caller, file) == NTSTATUS.PENDING
    assert read(caller, file) == NTSTATUS.INSUFFICIENT_RESOURCES
    assert caller("NtClose", file) == NTSTATUS.SUCCESS


def test_packets_come_in_their_order(caller: Caller) -> None:
    port = port_of(caller)
    assert take(caller, port)[0] == NTSTATUS.TIMEOUT
    for number in range(3):
        assert caller("NtSetIoCompletion", port, number, 0, 0, 0) == NTSTATUS.SUCCESS
    assert caller("NtQueryIoCompletion", port, 0, TAKEN_VA, 4, 0) == NTSTATUS.SUCCESS
    assert caller.word(TAKEN_VA) == 3
    assert take(caller, port)[1][0] == 0
    several = caller("NtRemoveIoCompletionEx", port, BUFFER_VA, 8, TAKEN_VA, TIME_VA, 0)
    assert (several, caller.word(TAKEN_VA)) == (NTSTATUS.SUCCESS, 2)
    assert [caller.word(BUFFER_VA), caller.word(BUFFER_VA + 16)] == [1, 2]


def test_only_asynchronous_files_tell_a_port_and_only_one(caller: Caller) -> None:
    port = port_of(caller)
    assert associate(caller, server(caller, synchronous=True), port) == NTSTATUS.INVALID_PARAMETER
    file = server(caller)
    assert associate(caller, file, port) == NTSTATUS.SUCCESS
    assert associate(caller, file, port) == NTSTATUS.INVALID_PARAMETER


def test_a_client_comes_after_the_call(caller: Caller) -> None:
    port, file = port_of(caller), server(caller)
    associate(caller, file, port)
    listening = caller("NtFsControlFile", file, 0, 0, CONTEXT, PENDING_IO_VA, LISTEN, 0, 0, 0, 0)
    assert listening == NTSTATUS.PENDING
    assert take(caller, port)[0] == NTSTATUS.TIMEOUT
    assert caller.create(NAME, disposition=1).status == NTSTATUS.SUCCESS
    assert take(caller, port) == (NTSTATUS.SUCCESS, (KEY, CONTEXT, 0, 0))


def test_bytes_come_after_the_call(caller: Caller) -> None:
    port, file, client = connected(caller)
    assert read(caller, file) == NTSTATUS.PENDING
    assert take(caller, port)[0] == NTSTATUS.TIMEOUT
    assert write(caller, client, b"some bytes") == NTSTATUS.SUCCESS
    assert caller.space.read(BUFFER_VA, 10) == b"some bytes"
    assert take(caller, port) == (NTSTATUS.SUCCESS, (KEY, CONTEXT, 0, 10))
    assert write(caller, client, b"more") == NTSTATUS.SUCCESS
    assert read(caller, file) == NTSTATUS.SUCCESS
    assert take(caller, port) == (NTSTATUS.SUCCESS, (KEY, CONTEXT, 0, 4))


def test_the_writer_goes_while_a_read_is_pending(caller: Caller) -> None:
    port, file, client = connected(caller)
    assert read(caller, file) == NTSTATUS.PENDING
    assert caller("NtClose", client) == NTSTATUS.SUCCESS
    assert take(caller, port)[1] == (KEY, CONTEXT, NTSTATUS.PIPE_BROKEN, 0)


def test_cancelling(caller: Caller) -> None:
    port, file, client = connected(caller)
    for name, words in (
        ("NtCancelIoFile", (IO_VA,)),
        ("NtCancelIoFileEx", (0, IO_VA)),
        ("NtCancelIoFileEx", (PENDING_IO_VA, IO_VA)),
    ):
        assert read(caller, file) == NTSTATUS.PENDING
        assert caller("NtCancelIoFileEx", file, IO_VA, IO_VA) == NTSTATUS.NOT_FOUND
        assert caller(name, file, *words) == NTSTATUS.SUCCESS
        assert take(caller, port)[1] == (KEY, CONTEXT, NTSTATUS.CANCELLED, 0)
    assert caller("NtCancelIoFileEx", file, 0, IO_VA) == NTSTATUS.NOT_FOUND
    assert write(caller, client, b"x") == NTSTATUS.SUCCESS


def test_the_file_is_closed_while_a_read_is_pending(caller: Caller) -> None:
    port, file, _ = connected(caller)
    assert read(caller, file) == NTSTATUS.PENDING
    assert caller("NtClose", file) == NTSTATUS.SUCCESS
    assert take(caller, port)[1] == (KEY, CONTEXT, NTSTATUS.PIPE_BROKEN, 0)


def test_the_buffer_goes_while_a_read_is_pending(caller: Caller) -> None:
    port, file, client = connected(caller)
    assert read(caller, file) == NTSTATUS.PENDING
    caller.space.decommit(BUFFER_VA & ~0xFFF, 0x1000)
    assert caller("NtWriteFile", client, 0, 0, 0, IO_VA, IO_VA, 4, 0, 0) == NTSTATUS.SUCCESS
    assert not caller.thread.process.handles.reference(port, IoCompletion).packets
