"""Transfers of asynchronous files: what the call says, and who is told the end.

The statuses are those that Wine's tests of ntdll and kernel32 expect of Windows since Vista.
"""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from provider.kernel.ke.event import Event
from provider.nt.status import NTSTATUS
from tests.provider.nt.io.caller import DATA_VA, HANDLE_VA, IO_VA, Caller, work_caller

P = "\\??\\C:\\work\\"
NO_BUFFERING = 0x8
UNTOUCHED = b"\xee" * 8


@pytest.fixture
def caller(tmp_path: Path) -> Caller:
    return work_caller(tmp_path)


def _event(caller: Caller) -> tuple[int, Event]:
    event = Event(is_notification=True, signaled=True)
    return caller.thread.process.handles.insert(event, 0x1F0003), event


def _io(caller: Caller) -> tuple[int, int]:
    status, information = struct.unpack("<2I", caller.space.read(IO_VA, 8))
    return status, information


def _signaled(caller: Caller, handle: int) -> bool:
    entry = caller.thread.process.handles.entry(handle)
    return bool(entry.object.is_signaled(caller.thread))  # type: ignore[attr-defined]


def test_what_is_wrong_with_the_call_fails_at_once(caller: Caller) -> None:
    handle = caller.must_create(P + "file", options=0)
    caller.space.write(IO_VA, UNTOUCHED)
    for offset in (None, -2, -3, -20):
        assert caller.read(handle, 4, offset)[0] == NTSTATUS.INVALID_PARAMETER
        assert caller.write(handle, b"text", offset) == NTSTATUS.INVALID_PARAMETER
    assert caller.read(handle, 4, -1)[0] == NTSTATUS.INVALID_PARAMETER
    assert caller.space.read(IO_VA, 8) == UNTOUCHED


def test_a_transfer_pends_and_tells_its_end(caller: Caller) -> None:
    handle = caller.must_create(P + "file", options=0)
    assert caller.write(handle, b"twelve bytes", 0) == NTSTATUS.PENDING
    assert _io(caller) == (0, 12)
    assert _signaled(caller, handle)
    assert caller.write(handle, b"!", -1) == NTSTATUS.PENDING
    assert caller.read(handle, 100, 7)[0] == NTSTATUS.PENDING
    assert _io(caller) == (0, 6)
    assert caller.space.read(DATA_VA, 6) == b"bytes!"
    position = caller.query(handle, 14)[1]
    assert position == bytes(8)


def test_the_end_of_the_file_is_told_like_any_other(caller: Caller) -> None:
    handle = caller.must_create(P + "file", options=0)
    assert caller.read(handle, 4, 8)[0] == NTSTATUS.PENDING
    assert _io(caller) == (NTSTATUS.END_OF_FILE, 0)
    synchronous = caller.must_create(P + "file")
    caller.space.write(IO_VA, UNTOUCHED)
    words = (synchronous, 0, 0x1234, 0, IO_VA, DATA_VA, 4, 0, 0)
    assert caller("NtReadFile", *words) == NTSTATUS.END_OF_FILE
    assert _io(caller) == (NTSTATUS.END_OF_FILE, 0)
    assert not caller.thread.wait_state.user_apcs


def test_an_event_is_told_instead_of_the_file(caller: Caller) -> None:
    handle = caller.must_create(P + "file", options=0)
    number, event = _event(caller)
    caller.space.write(IO_VA + 16, bytes(8))
    caller.space.write(DATA_VA, b"text")
    words = (handle, number, 0, 0, IO_VA, DATA_VA, 4, IO_VA + 16, 0)
    event.reset()
    assert caller("NtWriteFile", *words) == NTSTATUS.PENDING
    assert event.signaled
    assert not _signaled(caller, handle)


def test_who_cannot_be_read_resets_the_event_and_who_cannot_be_written_does_not(
    caller: Caller,
) -> None:
    handle = caller.must_create(P + "file")
    number, event = _event(caller)
    words = (handle, number, 0, 0, IO_VA, 0, 16, 0, 0)
    assert caller("NtReadFile", *words) == NTSTATUS.ACCESS_VIOLATION
    assert event.signaled
    assert caller("NtWriteFile", *words) == NTSTATUS.INVALID_USER_BUFFER
    assert not event.signaled


def test_a_port_and_an_apc_exclude_each_other(caller: Caller) -> None:
    handle = caller.must_create(P + "file", options=0)
    assert caller("NtCreateIoCompletion", HANDLE_VA, 0x1F0003, 0, 0) == 0
    port = caller.word(HANDLE_VA)
    assert caller.set(handle, 30, struct.pack("<2I", port, 7)) == 0
    words = (handle, 0, 0x1234, 1, IO_VA, DATA_VA, 4, IO_VA + 16, 0)
    caller.space.write(IO_VA + 16, bytes(8))
    assert caller("NtWriteFile", *words) == NTSTATUS.INVALID_PARAMETER


def test_without_buffering_only_whole_sectors_move(caller: Caller) -> None:
    handle = caller.must_create(P + "file", options=NO_BUFFERING | 0x20)
    assert caller.write(handle, bytes(511), 0) == NTSTATUS.INVALID_PARAMETER
    assert caller.write(handle, bytes(512), 256) == NTSTATUS.INVALID_PARAMETER
    assert caller.write(handle, bytes(512), 512) == 0
    assert caller.read(handle, 1000, 0)[0] == NTSTATUS.INVALID_PARAMETER
    assert caller.read(handle, 4096, 512) == (0, bytes(512))
