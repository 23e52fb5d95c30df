"""NtQueryEaFile and NtSetEaFile: what NTFS does with extended attributes."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from provider.nt.status import NTSTATUS
from tests.provider.nt.io.caller import DATA_VA, IO_VA, READ, Caller, work_caller

P = "\\??\\C:\\work\\"
LIST_VA, INDEX_VA = DATA_VA + 0x4000, DATA_VA + 0x5000
EA_INFORMATION = 7
Entry = tuple[str, bytes]


@pytest.fixture
def caller(tmp_path: Path) -> Caller:
    return work_caller(tmp_path)


def full(*entries: Entry, flags: int = 0) -> bytes:
    data = b""
    for number, (name, value) in enumerate(entries):
        entry = struct.pack("<IBBH", 0, flags, len(name), len(value)) + name.encode() + b"\0"
        entry += value
        if number + 1 < len(entries):
            entry = entry.ljust(-(-len(entry) // 4) * 4, b"\0")
            entry = struct.pack("<I", len(entry)) + entry[4:]
        data += entry
    return data


def set_ea(caller: Caller, handle: int, data: bytes) -> NTSTATUS:
    caller.space.write(DATA_VA, data)
    return caller("NtSetEaFile", handle, IO_VA, DATA_VA, len(data))


def get_ea(
    caller: Caller,
    handle: int,
    *names: str,
    size: int = 0x1000,
    single: int = 0,
    index: int = 0,
    restart: int = 0,
) -> tuple[NTSTATUS, list[Entry]]:
    wanted = b""
    for number, name in enumerate(names):
        entry = struct.pack("<IB", 0, len(name)) + name.encode() + b"\0"
        if number + 1 < len(names):
            entry = entry.ljust(-(-len(entry) // 4) * 4, b"\0")
            entry = struct.pack("<I", len(entry)) + entry[4:]
        wanted += entry
    caller.space.write(LIST_VA, wanted or b"\0")
    caller.space.write(INDEX_VA, struct.pack("<I", index))
    status = caller(
        "NtQueryEaFile",
        handle, IO_VA, DATA_VA, size, single,
        LIST_VA if names else 0, len(wanted), INDEX_VA if index else 0, restart,
    )  # fmt: skip
    if status not in (NTSTATUS.SUCCESS, NTSTATUS.BUFFER_OVERFLOW):
        return status, []
    data, at, found = caller.space.read(DATA_VA, caller.word(IO_VA + 4)), 0, []
    while True:
        following, _, name_size, value_size = struct.unpack_from("<IBBH", data, at)
        start = at + 8 + name_size + 1
        name = data[at + 8 : start - 1].decode()
        found.append((name, data[start : start + value_size]))
        if not following:
            return status, found
        at += following


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"", NTSTATUS.EA_LIST_INCONSISTENT),
        (b"\0" * 7, NTSTATUS.EA_LIST_INCONSISTENT),
        (struct.pack("<IBBH", 0, 0, 200, 0) + b"short\0", NTSTATUS.EA_LIST_INCONSISTENT),
        (struct.pack("<IBBH", 0, 0, 1, 99) + b"a\0v", NTSTATUS.EA_LIST_INCONSISTENT),
        (struct.pack("<IBBH", 3, 0, 1, 1) + b"a\0v" + bytes(9), NTSTATUS.EA_LIST_INCONSISTENT),
        (struct.pack("<IBBH", 0xFFFFFFFC, 0, 1, 1) + b"a\0v", NTSTATUS.EA_LIST_INCONSISTENT),
        (full(("", b"v")), NTSTATUS.INVALID_EA_NAME),
        (full(("a*b", b"v")), NTSTATUS.INVALID_EA_NAME),
        (full(("a", b"v"), flags=1), NTSTATUS.INVALID_EA_FLAG),
    ],
)
def test_lists_that_are_wrong(caller: Caller, data: bytes, status: NTSTATUS) -> None:
    handle = caller.must_create(P + "file")
    assert set_ea(caller, handle, data) == status
    assert get_ea(caller, handle)[0] == NTSTATUS.NO_EAS_ON_FILE


def test_what_handles_do_not_allow(caller: Caller) -> None:
    caller.close(caller.must_create(P + "file"))
    reader = caller.open(P + "file", READ).value
    assert set_ea(caller, reader, full(("a", b"v"))) == NTSTATUS.ACCESS_DENIED
    writer = caller.open(P + "file", 0x10).value
    assert get_ea(caller, writer)[0] == NTSTATUS.ACCESS_DENIED


def test_a_file_without_any_clears_the_buffer(caller: Caller) -> None:
    handle = caller.must_create(P + "file")
    caller.space.write(DATA_VA, b"\xcc" * 8)
    assert get_ea(caller, handle, size=4)[0] == NTSTATUS.NO_EAS_ON_FILE
    assert caller.space.read(DATA_VA, 8) == bytes(4) + b"\xcc" * 4


def test_attributes_are_kept_in_upper_case(caller: Caller) -> None:
    handle = caller.must_create(P + "file")
    assert set_ea(caller, handle, full(("one", b"1"), ("Two", b"22"))) == 0
    assert get_ea(caller, handle) == (0, [("ONE", b"1"), ("TWO", b"22")])
    assert set_ea(caller, handle, full(("ONE", b""), ("three", b"333"))) == 0
    assert get_ea(caller, handle, restart=1) == (0, [("TWO", b"22"), ("THREE", b"333")])
    assert struct.unpack("<I", caller.query(handle, EA_INFORMATION)[1])[0] == 4 + 10 + 13


def test_by_name_what_is_not_there_is_empty(caller: Caller) -> None:
    handle = caller.must_create(P + "file")
    set_ea(caller, handle, full(("one", b"1")))
    assert get_ea(caller, handle, "none", "one") == (0, [("NONE", b""), ("ONE", b"1")])


def test_a_scan_goes_on_where_it_stopped(caller: Caller) -> None:
    handle = caller.must_create(P + "file")
    set_ea(caller, handle, full(("a", b"1"), ("b", b"2"), ("c", b"3")))
    assert get_ea(caller, handle, single=1) == (0, [("A", b"1")])
    assert get_ea(caller, handle, size=16) == (NTSTATUS.BUFFER_OVERFLOW, [("B", b"2")])
    assert get_ea(caller, handle) == (0, [("C", b"3")])
    assert get_ea(caller, handle)[0] == NTSTATUS.NO_MORE_EAS
    assert get_ea(caller, handle, index=2, single=1) == (0, [("B", b"2")])
    assert get_ea(caller, handle, index=4)[0] == NTSTATUS.NO_MORE_EAS
    assert get_ea(caller, handle, index=5)[0] == NTSTATUS.NONEXISTENT_EA_ENTRY
    assert get_ea(caller, handle, restart=1, size=8)[0] == NTSTATUS.BUFFER_TOO_SMALL


def test_there_is_a_limit(caller: Caller) -> None:
    handle = caller.must_create(P + "file")
    for number in range(3):
        assert set_ea(caller, handle, full((f"n{number}", bytes(20000)))) == 0
    assert set_ea(caller, handle, full(("more", bytes(20000)))) == NTSTATUS.EA_TOO_LARGE
    assert caller("NtSetEaFile", handle, IO_VA, DATA_VA, 0xFFFFFFFF) == NTSTATUS.EA_TOO_LARGE
