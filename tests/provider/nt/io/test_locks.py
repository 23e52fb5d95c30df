"""Byte-range locks that wait, and who they are told to."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from provider.nt.status import NTSTATUS
from tests.provider.nt.io.caller import DATA_VA, IO_VA, Caller, work_caller

P = "\\??\\C:\\work\\"
START_VA, LENGTH_VA, IO = DATA_VA + 0x100, DATA_VA + 0x108, DATA_VA + 0x200
UNTOUCHED = b"\xee" * 8


@pytest.fixture
def caller(tmp_path: Path) -> Caller:
    return work_caller(tmp_path)


def lock(caller: Caller, handle: int, start: int, length: int, *, now: int, io: int = IO) -> int:
    caller.space.write(START_VA, struct.pack("<2q", start, length))
    caller.space.write(io, UNTOUCHED)
    return caller("NtLockFile", handle, 0, 0, 0, io, START_VA, LENGTH_VA, 0, now, 1)


def unlock(caller: Caller, handle: int, start: int, length: int) -> int:
    caller.space.write(START_VA, struct.pack("<2q", start, length))
    return caller("NtUnlockFile", handle, IO_VA, START_VA, LENGTH_VA, 0)


def test_nt_wants_an_io_status_block(caller: Caller) -> None:
    handle = caller.must_create(P + "file")
    caller.space.write(START_VA, struct.pack("<2q", 0, 1))
    refused = NTSTATUS.ACCESS_VIOLATION
    assert caller("NtLockFile", handle, 0, 0, 0, 0, START_VA, LENGTH_VA, 0, 1, 1) == refused
    assert caller("NtUnlockFile", handle, 0, START_VA, LENGTH_VA, 0) == refused


def test_a_shared_lock_over_its_owners_exclusive_one(caller: Caller) -> None:
    first, second = (caller.must_create(P + "file") for _ in range(2))

    def shared(handle: int) -> int:
        caller.space.write(START_VA, struct.pack("<2q", 0, 10))
        return caller("NtLockFile", handle, 0, 0, 0, IO, START_VA, LENGTH_VA, 0, 1, 0)

    assert lock(caller, first, 0, 10, now=1) == 0
    assert shared(second) == NTSTATUS.LOCK_NOT_GRANTED
    assert shared(first) == 0
    assert unlock(caller, first, 0, 10) == 0, "the exclusive one goes first"
    assert shared(second) == 0
    assert lock(caller, second, 0, 10, now=1) == NTSTATUS.LOCK_NOT_GRANTED


def test_a_lock_of_an_asynchronous_file_pends(caller: Caller) -> None:
    first, second = (caller.must_create(P + "file", options=0) for _ in range(2))
    assert lock(caller, first, 0, 10, now=0) == 0
    assert lock(caller, second, 5, 10, now=1) == NTSTATUS.LOCK_NOT_GRANTED
    assert lock(caller, second, 5, 10, now=0) == NTSTATUS.PENDING
    assert caller.space.read(IO, 8) == UNTOUCHED
    assert unlock(caller, first, 0, 10) == 0
    assert caller.space.read(IO, 8) == bytes(8)
    assert unlock(caller, second, 5, 10) == 0


def test_who_came_first_is_served_first(caller: Caller) -> None:
    first, second, third = (caller.must_create(P + "file", options=0) for _ in range(3))
    lock(caller, first, 0, 10, now=0)
    assert lock(caller, second, 0, 10, now=0, io=IO) == NTSTATUS.PENDING
    assert lock(caller, third, 0, 10, now=0, io=IO + 8) == NTSTATUS.PENDING
    caller.close(first)
    assert caller.space.read(IO, 16) == bytes(8) + UNTOUCHED
    caller.close(second)
    assert caller.space.read(IO + 8, 8) == bytes(8)


def test_a_waiting_lock_is_cancelled_and_ends_with_its_handle(caller: Caller) -> None:
    first, second = (caller.must_create(P + "file", options=0) for _ in range(2))
    lock(caller, first, 0, 10, now=0)
    lock(caller, second, 0, 10, now=0)
    assert caller("NtCancelIoFile", second, IO_VA) == 0
    assert caller.word(IO) == NTSTATUS.CANCELLED
    lock(caller, second, 0, 10, now=0)
    caller.close(second)
    assert caller.word(IO) == NTSTATUS.RANGE_NOT_LOCKED
    assert unlock(caller, first, 0, 10) == 0


def test_a_synchronous_file_waits(caller: Caller) -> None:
    first, second = (caller.must_create(P + "file") for _ in range(2))
    lock(caller, first, 0, 10, now=0)
    caller.while_waiting.append(lambda: caller.close(first))
    assert lock(caller, second, 0, 10, now=0) == 0
    assert unlock(caller, second, 0, 10) == 0
