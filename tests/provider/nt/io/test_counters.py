"""What a process's I/O counters count, and who is told of them."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from tests.provider.nt.io.test_file_security import ALL, CREATE, Caller, W

CURRENT = 0xFFFFFFFF
READ, WRITE, OTHER = range(3)


@pytest.fixture
def calls(tmp_path: Path) -> Caller:
    return Caller(tmp_path)


def counters(calls: Caller) -> tuple[int, ...]:
    """Operations, then bytes, each read, written and other."""
    assert calls("NtQueryInformationProcess", CURRENT, 2, calls.buffer, 48, 0) == 0
    return struct.unpack("<6Q", calls.read(48))


def transfer(calls: Caller, name: str, handle: int, size: int, status: int = 0) -> None:
    at = calls.out + 0x80
    calls.machine.write(at, 0, 0)
    arguments = (handle, 0, 0, 0, calls.io_block, calls.buffer, size, at, 0)
    assert calls(name, *arguments) == status


def test_operations_and_bytes(calls: Caller) -> None:
    before = counters(calls)
    assert calls.file(f"{W}\\f", ALL, disposition=CREATE) == 0
    handle = calls.result
    transfer(calls, "NtWriteFile", handle, 100)
    transfer(calls, "NtReadFile", handle, 30)
    transfer(calls, "NtReadFile", handle, 300)
    assert calls("NtQueryInformationFile", handle, calls.io_block, calls.buffer, 24, 5) == 0
    after = counters(calls)
    assert [new - old for new, old in zip(after, before, strict=True)] == [2, 1, 2, 130, 100, 24]


def test_what_fails_moves_nothing(calls: Caller) -> None:
    assert calls.file(f"{W}\\f", ALL, disposition=CREATE) == 0
    handle = calls.result
    before = counters(calls)
    transfer(calls, "NtReadFile", handle, 30, status=0xC0000011)
    after = counters(calls)
    assert [new - old for new, old in zip(after, before, strict=True)] == [1, 0, 0, 0, 0, 0]


def test_the_registry_is_no_device(calls: Caller) -> None:
    key, event = calls.key("watched"), 0
    before = counters(calls)
    arguments = (key, event, 0, 0, calls.io_block, 4, 0, 0, 0, 1)
    assert calls("NtNotifyChangeKey", *arguments) == 0x103
    assert counters(calls) == before


def test_a_job_counts_for_its_processes(calls: Caller) -> None:
    assert calls("NtCreateJobObject", calls.out, 0x1F003F, 0) == 0
    job = calls.result
    assert calls("NtAssignProcessToJobObject", job, CURRENT) == 0
    assert calls.file(f"{W}\\f", ALL, disposition=CREATE) == 0
    transfer(calls, "NtWriteFile", calls.result, 100)
    own = counters(calls)
    assert calls("NtQueryInformationJobObject", job, 8, calls.buffer, 96, 0) == 0
    assert struct.unpack("<6Q", calls.read(48, 48)) == own


def test_lists_of_processes_tell_them(calls: Caller) -> None:
    assert calls.file(f"{W}\\f", ALL, disposition=CREATE) == 0
    own = counters(calls)
    va = calls.machine.allocate(size=0x4000)
    assert calls("NtQuerySystemInformation", 5, va, 0x4000, 0) == 0
    at = va
    while calls.machine.read(at + 0x44) != calls.machine.process.id:
        assert calls.machine.read(at)
        at += calls.machine.read(at)
    assert struct.unpack("<6Q", calls.machine.process.space.read(at + 0x88, 48)) == own
