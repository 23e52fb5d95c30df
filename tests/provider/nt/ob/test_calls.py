"""Calls on handles and names: hostile words first."""

from __future__ import annotations

import struct

import pytest

from provider.nt.status import NTSTATUS
from tests.provider.nt.io.caller import (
    CURRENT_PROCESS,
    DATA_VA,
    HANDLE_VA,
    IO_VA,
    NAME_VA,
    Caller,
)

EVENT = "\\BaseNamedObjects\\event"


@pytest.fixture
def caller() -> Caller:
    return Caller()


def _event(caller: Caller, name: str = "", flags: int = 0x40) -> tuple[NTSTATUS, int]:
    attributes = caller.attributes(name, flags=flags) if name else 0
    status = caller("NtCreateEvent", HANDLE_VA, 0x1F0003, attributes, 0, 0)
    return status, caller.word(HANDLE_VA)


@pytest.mark.parametrize("handle", [0, 1, 4, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF0])
def test_wrong_handles(caller: Caller, handle: int) -> None:
    wrong = NTSTATUS.INVALID_HANDLE
    assert caller("NtClose", handle) == wrong
    assert caller("NtQueryObject", handle, 0, DATA_VA, 56, 0) == wrong
    assert caller("NtMakeTemporaryObject", handle) == wrong
    assert caller("NtSetInformationObject", handle, 4, DATA_VA, 2) == wrong
    for source in (handle, CURRENT_PROCESS):
        words = (source, handle, CURRENT_PROCESS, HANDLE_VA, 0, 0, 2)
        assert caller("NtDuplicateObject", *words) == wrong


@pytest.mark.parametrize("size", [0, 1, 8, 9, 55, 56, 96, 500])
def test_every_query_at_every_length(caller: Caller, size: int) -> None:
    _, handle = _event(caller, EVENT)
    for information_class in range(8):
        caller("NtQueryObject", handle, information_class, DATA_VA, size, IO_VA)
        caller("NtSetInformationObject", handle, information_class, DATA_VA, size)
    caller.close(handle)


@pytest.mark.parametrize("name", ["", "x", "\\", "\\BaseNamedObjects\\", "\\none\\x", "\\Device"])
def test_bad_names(caller: Caller, name: str) -> None:
    if name:
        assert _event(caller, name)[0] >= 0xC0000000
    for call in ("NtOpenEvent", "NtOpenSymbolicLinkObject"):
        assert caller(call, HANDLE_VA, 1, caller.attributes(name)) >= 0xC0000000


@pytest.mark.parametrize(
    ("length", "flags", "status"),
    [
        (0, 0x40, NTSTATUS.INVALID_PARAMETER),
        (23, 0x40, NTSTATUS.INVALID_PARAMETER),
        (24, 0x80000000, NTSTATUS.INVALID_PARAMETER),
        (24, 0x10, NTSTATUS.PRIVILEGE_NOT_HELD),
    ],
)
def test_bad_attributes(caller: Caller, length: int, flags: int, status: NTSTATUS) -> None:
    va = caller.attributes(EVENT, flags=flags)
    caller.space.write(va, struct.pack("<I", length))
    caller.space.write(HANDLE_VA, b"\xff\xff\xff\xff")
    assert caller("NtCreateEvent", HANDLE_VA, 0x1F0003, va, 0, 0) == status
    assert caller.word(HANDLE_VA) == 0, "no handle is left from before"


def test_half_a_character_is_no_name(caller: Caller) -> None:
    va = caller.attributes(EVENT)
    caller.space.write(NAME_VA + 32, struct.pack("<H", 7))
    assert caller("NtCreateEvent", HANDLE_VA, 3, va, 0, 0) == NTSTATUS.OBJECT_NAME_INVALID


def test_names_collide_or_open(caller: Caller) -> None:
    status, first = _event(caller, EVENT)
    assert status == 0
    assert _event(caller, EVENT)[0] == NTSTATUS.OBJECT_NAME_COLLISION
    status, second = _event(caller, EVENT, flags=0xC0)
    assert status == NTSTATUS.OBJECT_NAME_EXISTS
    assert caller("NtCompareObjects", first, second) == 0
    va = caller.attributes(EVENT, flags=0xC0)
    mismatch = NTSTATUS.OBJECT_TYPE_MISMATCH
    assert caller("NtCreateSemaphore", HANDLE_VA, 0x1F0003, va, 0, 1) == mismatch
    caller.close(first)
    caller.close(second)
    assert caller("NtOpenEvent", HANDLE_VA, 3, va) == NTSTATUS.OBJECT_NAME_NOT_FOUND


def test_duplicating(caller: Caller) -> None:
    _, handle = _event(caller)

    def duplicate(source: int, access: int, attributes: int, options: int) -> tuple[int, int]:
        words = (CURRENT_PROCESS, source, CURRENT_PROCESS, HANDLE_VA, access, attributes, options)
        return caller("NtDuplicateObject", *words), caller.word(HANDLE_VA)

    status, weak = duplicate(handle, 0x100000, 2, 0)
    assert status == 0
    assert caller("NtSetEvent", weak, 0) == NTSTATUS.ACCESS_DENIED
    assert caller("NtQueryObject", weak, 4, DATA_VA, 2, 0) == 0
    assert caller.space.read(DATA_VA, 2) == b"\1\0"
    status, moved = duplicate(handle, 0, 0, 3)
    assert status == 0
    assert moved == handle, "the source's number is free again"
    assert caller("NtSetEvent", moved, 0) == 0
    status, process = duplicate(CURRENT_PROCESS, 0, 0, 2)
    assert status == 0
    assert caller("NtClose", process) == 0
    assert duplicate(moved, 0x1000000, 0, 1)[0] == NTSTATUS.PRIVILEGE_NOT_HELD
    assert caller("NtClose", moved) == NTSTATUS.INVALID_HANDLE


def test_protection_from_closing(caller: Caller) -> None:
    _, handle = _event(caller)
    caller.space.write(DATA_VA, b"\0\1")
    assert caller("NtSetInformationObject", handle, 4, DATA_VA, 2) == 0
    assert caller("NtClose", handle) == NTSTATUS.HANDLE_NOT_CLOSABLE
    caller.space.write(DATA_VA, b"\0\0")
    assert caller("NtSetInformationObject", handle, 4, DATA_VA, 2) == 0
    assert caller("NtClose", handle) == 0


def test_what_a_handle_tells(caller: Caller) -> None:
    _, handle = _event(caller, EVENT)
    assert caller("NtQueryObject", handle, 0, DATA_VA, 56, IO_VA) == 0
    words = struct.unpack("<4I", caller.space.read(DATA_VA, 16))
    assert words == (0, 0x1F0003, 1, 2)
    short = NTSTATUS.INFO_LENGTH_MISMATCH
    assert caller("NtQueryObject", handle, 1, DATA_VA, 20, IO_VA) == short
    file = caller.open("\\??\\NUL").value
    assert caller("NtQueryObject", file, 1, DATA_VA, 20, IO_VA) == NTSTATUS.BUFFER_OVERFLOW
    assert caller("NtQueryObject", handle, 1, DATA_VA, 200, IO_VA) == 0
    size, _, text = struct.unpack("<2HI", caller.space.read(DATA_VA, 8))
    assert caller.space.read(text, size).decode("utf-16-le") == EVENT
    assert caller("NtQueryObject", handle, 2, DATA_VA, 200, IO_VA) == 0
    size, _, text = struct.unpack("<2HI", caller.space.read(DATA_VA, 8))
    assert caller.space.read(text, size).decode("utf-16-le") == "Event"


def test_directories_are_listed(caller: Caller) -> None:
    _event(caller, EVENT)
    va = caller.attributes("\\BaseNamedObjects")
    assert caller("NtOpenDirectoryObject", HANDLE_VA, 3, va) == 0
    directory = caller.word(HANDLE_VA)
    names = []
    caller.space.write(IO_VA, bytes(4))
    for size, single in ((10, 1), (200, 1), (400, 0)):
        status = caller(
            "NtQueryDirectoryObject", directory, DATA_VA, size, single, 0, IO_VA, IO_VA + 4
        )
        if size == 10:
            assert status == NTSTATUS.BUFFER_TOO_SMALL
            continue
        assert status in (NTSTATUS.SUCCESS, NTSTATUS.MORE_ENTRIES)
        at = DATA_VA
        while caller.word(at + 4):
            length, _, text = struct.unpack("<2HI", caller.space.read(at, 8))
            names.append(caller.space.read(text, length).decode("utf-16-le"))
            at += 16
    assert names == ["event", "Global", "Local", "Restricted", "Session"]
    status = caller("NtQueryDirectoryObject", directory, DATA_VA, 200, 0, 0, IO_VA, 0)
    assert status == NTSTATUS.NO_MORE_ENTRIES


def test_symbolic_links(caller: Caller) -> None:
    caller.space.write(DATA_VA, struct.pack("<2HI", 4, 4, DATA_VA + 8) + b"\\\0x\0")
    va = caller.attributes("\\BaseNamedObjects\\link")
    assert caller("NtCreateSymbolicLinkObject", HANDLE_VA, 1, va, DATA_VA) == 0
    assert caller("NtOpenSymbolicLinkObject", HANDLE_VA, 1, va) == 0
    link = caller.word(HANDLE_VA)
    caller.space.write(DATA_VA, struct.pack("<2HI", 0, 2, DATA_VA + 8))
    small = NTSTATUS.BUFFER_TOO_SMALL
    assert caller("NtQuerySymbolicLinkObject", link, DATA_VA, IO_VA) == small
    caller.space.write(DATA_VA, struct.pack("<2HI", 0, 100, DATA_VA + 8))
    assert caller("NtQuerySymbolicLinkObject", link, DATA_VA, IO_VA) == 0
    assert caller.space.read(DATA_VA + 8, 4) == b"\\\0x\0"
