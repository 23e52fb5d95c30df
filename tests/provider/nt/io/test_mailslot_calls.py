"""Mailslots by their calls: creating, reading, writing, asking and setting."""

from __future__ import annotations

import struct

import pytest

from provider.kernel.io.mailslot import Mailslot
from provider.nt.status import NTSTATUS
from tests.provider.nt.io.caller import DATA_VA, HANDLE_VA, IO_VA, READ_WRITE, Caller

NAME = "\\??\\mailslot\\test"
ACCESS = 0x80100000
OUT_VA = DATA_VA + 0x10000
PEEK = 0xC4003
QUERY, SET = 26, 27


@pytest.fixture
def caller() -> Caller:
    return Caller()


def _create(
    caller: Caller, name: str = NAME, *, most: int = 0, timeout: int = 0
) -> tuple[NTSTATUS, int]:
    caller.space.write(DATA_VA, timeout.to_bytes(8, "little", signed=True))
    status = caller(
        "NtCreateMailslotFile", HANDLE_VA, ACCESS, caller.attributes(name), IO_VA, 0x20, 0, most,
        DATA_VA,
    )  # fmt: skip
    return status, caller.word(HANDLE_VA) if not status else 0


def _expire(caller: Caller) -> None:
    caller.kernel.timers.expire(caller.kernel.clock.interrupt_time())


@pytest.mark.parametrize(
    "name", ["\\??\\mailslot", "\\??\\mailslot\\", "\\??\\pipe\\test", "\\??\\none", "\\??\\NUL"]
)
def test_names_that_are_refused(caller: Caller, name: str) -> None:
    assert _create(caller, name)[0] >= 0xC0000000


def test_messages_of_two_writers(caller: Caller) -> None:
    assert caller.open(NAME, READ_WRITE).status == NTSTATUS.OBJECT_NAME_NOT_FOUND
    _, slot = _create(caller, most=5)
    assert _create(caller, NAME.upper())[0] == NTSTATUS.OBJECT_NAME_COLLISION
    first, second = (caller.open(NAME, READ_WRITE).value for _ in range(2))
    assert caller.write(first, b"one") == 0
    assert caller.write(second, b"") == 0
    assert caller.write(second, b"sixsix") == NTSTATUS.INVALID_PARAMETER
    assert caller.read(first, 9)[0] == NTSTATUS.INVALID_PARAMETER
    assert caller.write(slot, b"x") == NTSTATUS.ACCESS_DENIED
    status, data = caller.query(slot, QUERY)
    assert (status, struct.unpack("<4Iq", data)) == (0, (5, 0, 3, 2, 0))
    assert caller.query(first, QUERY)[0] == NTSTATUS.INVALID_PARAMETER
    assert caller.read(slot, 2)[0] == NTSTATUS.BUFFER_TOO_SMALL
    assert caller.read(slot, 9) == (0, b"one")
    assert caller.read(slot, 9) == (0, b"")
    caller.while_waiting = [lambda: _expire(caller)]
    assert caller.read(slot, 9)[0] == NTSTATUS.IO_TIMEOUT
    caller.close(slot)
    assert caller.write(first, b"x") == NTSTATUS.FILE_FORCED_CLOSED
    assert caller.open(NAME, READ_WRITE).status == NTSTATUS.OBJECT_NAME_NOT_FOUND


def test_a_reader_waits(caller: Caller) -> None:
    _, slot = _create(caller, timeout=-1)
    writer = caller.open(NAME, READ_WRITE).value
    handles = caller.thread.process.handles

    def put(message: bytes) -> None:
        handles.reference(slot, Mailslot).put(message)

    caller.while_waiting = [lambda: put(b"late")]
    assert caller.read(slot, 9) == (0, b"late")
    caller.while_waiting = [lambda: put(b"too long")]
    assert caller.read(slot, 3)[0] == NTSTATUS.BUFFER_TOO_SMALL
    assert caller.read(slot, 9) == (0, b"too long")
    caller.while_waiting = [lambda: caller.close(slot)]
    assert caller.read(slot, 9)[0] == NTSTATUS.FILE_FORCED_CLOSED
    caller.close(writer)


def test_the_time_out_can_be_changed(caller: Caller) -> None:
    _, slot = _create(caller)
    caller.space.write(OUT_VA, (-70).to_bytes(8, "little", signed=True))
    assert caller.set(slot, SET, struct.pack("<I", OUT_VA)) == 0
    assert struct.unpack("<4Iq", caller.query(slot, QUERY)[1])[4] == -70
    assert caller.set(slot, SET, struct.pack("<I", 0x80000000)) == NTSTATUS.ACCESS_VIOLATION


def test_peeking(caller: Caller) -> None:
    _, slot = _create(caller)
    writer = caller.open(NAME, READ_WRITE).value
    caller.write(writer, b"abc")
    for room, status in (
        (11, NTSTATUS.INVALID_PARAMETER),
        (14, NTSTATUS.BUFFER_OVERFLOW),
        (15, 0),
    ):
        arguments = (slot, 0, 0, 0, IO_VA, PEEK, 0, 0, OUT_VA, room)
        assert caller("NtFsControlFile", *arguments) == status
    assert caller.space.read(OUT_VA, 15) == struct.pack("<3I", 3, 1, 3) + b"abc"
    assert caller.listing(caller.open("\\??\\mailslot\\").value, size=0x1000) == ["test"]
