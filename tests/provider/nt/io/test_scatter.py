"""NtReadFileScatter and NtWriteFileGather."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from provider.nt.status import NTSTATUS
from tests.provider.nt.io.caller import DATA_VA, IO_VA, Caller, work_caller

P = "\\??\\C:\\work\\"
PAGE, NO_BUFFERING = 0x1000, 0x8
SEGMENTS, OFFSET, PAGES = DATA_VA, DATA_VA + 0x800, DATA_VA + 0x10000
BOTH = pytest.mark.parametrize("call", ["NtReadFileScatter", "NtWriteFileGather"])


@pytest.fixture
def caller(tmp_path: Path) -> Caller:
    return work_caller(tmp_path)


def move(caller: Caller, call: str, handle: int, pages: list[int], size: int, at: int) -> NTSTATUS:
    caller.space.write(SEGMENTS, b"".join(struct.pack("<Q", va) for va in pages) or b"\0")
    caller.space.write(OFFSET, struct.pack("<q", at))
    return caller(call, handle, 0, 0, 0, IO_VA, SEGMENTS, size, OFFSET, 0)


@BOTH
def test_only_of_asynchronous_files_without_buffering(caller: Caller, call: str) -> None:
    for options in (0, NO_BUFFERING | 0x20):
        handle = caller.must_create(P + "file", options=options)
        assert move(caller, call, handle, [PAGES], PAGE, 0) == NTSTATUS.INVALID_PARAMETER


@BOTH
def test_segments_that_are_no_pages(caller: Caller, call: str) -> None:
    handle = caller.must_create(P + "file", options=NO_BUFFERING)
    for va in (PAGES + 1, 0x80000000, 1 << 32):
        assert move(caller, call, handle, [va], PAGE, 0) == NTSTATUS.INVALID_PARAMETER
    for size, at in ((100, 0), (PAGE, 100), (PAGE, -1), (0xFFFFFE00, 0)):
        assert move(caller, call, handle, [PAGES], size, at) == NTSTATUS.INVALID_PARAMETER
    assert move(caller, call, handle, [0x1000000], PAGE, 0) == NTSTATUS.ACCESS_VIOLATION or (
        call == "NtReadFileScatter"
    )


def test_pages_go_out_and_come_back(caller: Caller) -> None:
    handle = caller.must_create(P + "file", options=NO_BUFFERING)
    first, second = PAGES, PAGES + 4 * PAGE
    caller.space.write(first, b"1" * PAGE)
    caller.space.write(second, b"2" * PAGE)
    size = PAGE + 512
    assert move(caller, "NtWriteFileGather", handle, [second, first], size, 0) == NTSTATUS.PENDING
    assert struct.unpack("<2I", caller.space.read(IO_VA, 8)) == (0, size)
    assert move(caller, "NtReadFileScatter", handle, [first, second], 2 * PAGE, 0) == (
        NTSTATUS.PENDING
    )
    assert struct.unpack("<2I", caller.space.read(IO_VA, 8)) == (0, size)
    assert caller.space.read(first, PAGE) == b"2" * PAGE
    assert caller.space.read(second, PAGE) == b"1" * 512 + b"2" * (PAGE - 512)
    assert move(caller, "NtReadFileScatter", handle, [first], PAGE, 8 * PAGE) == NTSTATUS.PENDING
    assert caller.word(IO_VA) == NTSTATUS.END_OF_FILE
