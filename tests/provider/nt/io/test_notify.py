"""NtNotifyChangeDirectoryFile: what is told, when, and how it ends."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from provider.kernel.io import MountMode
from provider.kernel.io.notify import MAX_ROOM
from provider.nt.status import NTSTATUS
from tests.provider.nt.io.caller import (
    DATA_VA,
    DELETE,
    DIRECTORY,
    IO_VA,
    READ,
    SYNCHRONOUS,
    Caller,
    work_caller,
)

P = "\\??\\C:\\work\\"
IO, BUFFER = DATA_VA + 0x8000, DATA_VA + 0x10000
NAMES, FILE_NAMES, DIRECTORY_NAMES = 3, 1, 2
ATTRIBUTES, SIZE, LAST_WRITE = 4, 8, 0x10
ADDED, REMOVED, MODIFIED, OLD_NAME, NEW_NAME = range(1, 6)
UNTOUCHED = (0xEEEEEEEE, 0xEEEEEEEE)


@pytest.fixture(params=[MountMode.READ_WRITE, MountMode.COPY_ON_WRITE])
def caller(request: pytest.FixtureRequest, tmp_path: Path) -> Caller:
    (tmp_path / "Seen" / "below").mkdir(parents=True)
    return work_caller(tmp_path, request.param)


def seen(caller: Caller, options: int = DIRECTORY) -> int:
    return int(caller.open(P + "seen", options=options).value)


def ask(
    caller: Caller, handle: int, kinds: int, *, tree: int = 0, size: int = 0x800, io: int = IO
) -> NTSTATUS:
    caller.space.write(io, struct.pack("<2I", *UNTOUCHED))
    words = (handle, 0, 0, 0, io, BUFFER if size else 0, size, kinds, tree)
    return caller("NtNotifyChangeDirectoryFile", *words)


def told(caller: Caller, io: int = IO) -> tuple[int, int]:
    status, information = struct.unpack("<2I", caller.space.read(io, 8))
    return status, information


def changes(caller: Caller) -> list[tuple[int, str]]:
    status, size = told(caller)
    assert status == 0
    data, at, found = caller.space.read(BUFFER, size), 0, []
    while True:
        following, action, length = struct.unpack_from("<3I", data, at)
        found.append((action, data[at + 12 : at + 12 + length].decode("utf-16-le")))
        if not following:
            assert at + 12 + length == size
            return found
        assert following % 4 == 0
        at += following


def make(caller: Caller, name: str, data: bytes = b"") -> None:
    handle = caller.must_create(P + name)
    if data:
        assert caller.write(handle, data) == 0
    caller.close(handle)


def rename(caller: Caller, name: str, new_name: str, *, replace: bool = False) -> None:
    handle = caller.open(P + name, DELETE).value
    assert caller.rename(handle, P + new_name, replace=replace) == 0
    caller.close(handle)


def delete(caller: Caller, name: str) -> None:
    assert caller("NtDeleteFile", caller.attributes(P + name)) == 0


@pytest.mark.parametrize("kinds", [0, 0x1000, 0xFFFFFFFF])
def test_filters_that_make_no_sense(caller: Caller, kinds: int) -> None:
    assert ask(caller, seen(caller), kinds) == NTSTATUS.INVALID_PARAMETER


def test_handles_that_cannot_be_asked(caller: Caller) -> None:
    make(caller, "file")
    file = caller.open(P + "file").value
    assert ask(caller, file, NAMES) == NTSTATUS.INVALID_PARAMETER
    blind = caller.open(P + "seen", DELETE, options=DIRECTORY).value
    assert ask(caller, blind, NAMES) == NTSTATUS.ACCESS_DENIED
    assert ask(caller, 0x7C, NAMES) == NTSTATUS.INVALID_HANDLE
    words = (seen(caller), 0, 0, 0, IO, 0x70000000, 16, NAMES, 0)
    assert caller("NtNotifyChangeDirectoryFile", *words) == NTSTATUS.ACCESS_VIOLATION


def test_the_first_change_ends_the_call(caller: Caller) -> None:
    handle = seen(caller)
    assert ask(caller, handle, NAMES) == NTSTATUS.PENDING
    make(caller, "elsewhere")
    make(caller, "seen\\below\\deeper")
    assert told(caller) == UNTOUCHED
    make(caller, "seen\\new")
    assert changes(caller) == [(ADDED, "new")]


def test_what_happens_between_calls_is_kept(caller: Caller) -> None:
    handle = seen(caller)
    ask(caller, handle, NAMES)
    for name in ("one", "two", "three"):
        make(caller, f"seen\\{name}")
    assert changes(caller) == [(ADDED, "one")]
    assert ask(caller, handle, NAMES) == NTSTATUS.PENDING
    assert changes(caller) == [(ADDED, "two"), (ADDED, "three")]


def test_names_come_and_go(caller: Caller) -> None:
    handle = seen(caller)
    steps: list[tuple[Callable[[], None], list[tuple[int, str]]]] = [
        (lambda: rename(caller, "seen\\one", "seen\\two"), [(OLD_NAME, "one"), (NEW_NAME, "two")]),
        (lambda: rename(caller, "seen\\two", "two"), [(REMOVED, "two")]),
        (lambda: rename(caller, "two", "seen\\three"), [(ADDED, "three")]),
        (lambda: delete(caller, "seen\\three"), [(REMOVED, "three")]),
    ]
    make(caller, "seen\\one")
    for step, expected in steps:
        assert ask(caller, handle, NAMES) == NTSTATUS.PENDING
        step()
        assert changes(caller) == expected


def test_a_replaced_file_is_removed_first(caller: Caller) -> None:
    handle = seen(caller)
    make(caller, "seen\\one")
    make(caller, "seen\\two")
    ask(caller, handle, NAMES)
    rename(caller, "seen\\one", "seen\\two", replace=True)
    assert changes(caller) == [(REMOVED, "two")]
    ask(caller, handle, NAMES)
    assert changes(caller) == [(OLD_NAME, "one"), (NEW_NAME, "two")]


def test_files_and_directories_are_told_apart(caller: Caller) -> None:
    handle = seen(caller)
    ask(caller, handle, DIRECTORY_NAMES)
    make(caller, "seen\\file")
    assert told(caller) == UNTOUCHED
    caller.close(caller.must_create(P + "seen\\made", disposition=2, options=DIRECTORY | 0x20))
    assert changes(caller) == [(ADDED, "made")]


def test_a_tree_is_watched_whole(caller: Caller) -> None:
    handle = seen(caller)
    ask(caller, handle, NAMES | LAST_WRITE, tree=1)
    make(caller, "seen\\below\\deep")
    assert changes(caller) == [(ADDED, "below\\deep")]
    ask(caller, handle, NAMES, tree=1)
    assert changes(caller) == [(MODIFIED, "below")]


def test_writes_are_told_when_the_file_is_closed(caller: Caller) -> None:
    handle = seen(caller)
    make(caller, "seen\\file", b"text")
    ask(caller, handle, LAST_WRITE | SIZE | ATTRIBUTES)
    writer = caller.must_create(P + "seen\\file")
    assert caller.write(writer, b"TEXT") == 0
    assert told(caller) == UNTOUCHED
    caller.close(writer)
    assert changes(caller) == [(MODIFIED, "file")]


@pytest.mark.parametrize(("kinds", "is_told"), [(SIZE, False), (LAST_WRITE, True)])
def test_a_write_in_place_changes_no_size(caller: Caller, kinds: int, is_told: bool) -> None:
    handle = seen(caller)
    make(caller, "seen\\file", b"text")
    ask(caller, handle, kinds)
    make(caller, "seen\\file", b"TEXT")
    assert (told(caller) != UNTOUCHED) is is_told


def test_attributes_and_sizes_are_told_at_once(caller: Caller) -> None:
    handle = seen(caller)
    file = caller.must_create(P + "seen\\file")
    ask(caller, handle, ATTRIBUTES)
    assert caller.set(file, 4, struct.pack("<4qI", 0, 0, 0, 0, 2) + bytes(4)) == 0
    assert changes(caller) == [(MODIFIED, "file")]
    sized = seen(caller)
    ask(caller, sized, SIZE)
    assert caller.set(file, 20, struct.pack("<q", 100)) == 0
    assert changes(caller) == [(MODIFIED, "file")]


def test_what_does_not_fit_is_listed_anew(caller: Caller) -> None:
    handle = seen(caller)
    ask(caller, handle, NAMES, size=0x40)
    make(caller, "seen\\" + "x" * 100)
    assert told(caller) == (NTSTATUS.NOTIFY_ENUM_DIR, 0)
    silent = seen(caller)
    ask(caller, silent, NAMES, size=0)
    make(caller, "seen\\y")
    assert told(caller) == (NTSTATUS.NOTIFY_ENUM_DIR, 0)
    ask(caller, silent, NAMES)
    make(caller, "seen\\z")
    assert told(caller) == (NTSTATUS.NOTIFY_ENUM_DIR, 0)


def test_what_is_kept_has_a_bound(caller: Caller) -> None:
    handle = seen(caller)
    ask(caller, handle, NAMES, size=0x60000)
    for number in range(MAX_ROOM // 212 + 2):
        make(caller, "seen\\" + f"{number:0100}")
    assert changes(caller) == [(ADDED, f"{0:0100}")]
    ask(caller, handle, NAMES, size=0x60000)
    assert told(caller) == (NTSTATUS.NOTIFY_ENUM_DIR, 0)


def test_two_calls_are_told_one_after_the_other(caller: Caller) -> None:
    handle = seen(caller)
    second = IO + 16
    ask(caller, handle, NAMES)
    ask(caller, handle, NAMES, io=second)
    make(caller, "seen\\one")
    assert told(caller)[0] == 0
    assert told(caller, second) == UNTOUCHED
    make(caller, "seen\\two")
    assert told(caller, second)[0] == 0


def test_cancelling_and_closing(caller: Caller) -> None:
    handle = seen(caller)
    ask(caller, handle, NAMES)
    assert caller("NtCancelIoFile", handle, IO_VA) == 0
    assert told(caller) == (NTSTATUS.CANCELLED, 0)
    assert caller("NtCancelIoFileEx", handle, 0, IO_VA) == NTSTATUS.NOT_FOUND
    ask(caller, handle, NAMES)
    caller.close(handle)
    assert told(caller) == (NTSTATUS.NOTIFY_CLEANUP, 0)


def test_a_directory_that_goes(caller: Caller) -> None:
    handle = caller.open(P + "seen\\below", READ, options=DIRECTORY).value
    ask(caller, handle, NAMES)
    delete(caller, "seen\\below")
    assert told(caller) == (NTSTATUS.DELETE_PENDING, 0)
    assert ask(caller, handle, NAMES) == NTSTATUS.DELETE_PENDING


def test_a_synchronous_handle_waits(caller: Caller) -> None:
    handle = seen(caller, DIRECTORY | SYNCHRONOUS)
    caller.while_waiting.append(lambda: make(caller, "seen\\new"))
    assert ask(caller, handle, NAMES) == 0
    assert changes(caller) == [(ADDED, "new")]


def test_the_newer_call_and_its_shapes(caller: Caller) -> None:
    handle = seen(caller)
    words = (handle, 0, 0, 0, IO, BUFFER, 0x800, NAMES, 0)
    call = "NtNotifyChangeDirectoryFileEx"
    assert caller(call, *words, 2) == NTSTATUS.INVALID_INFO_CLASS
    assert caller(call, *words, 1) == NTSTATUS.PENDING
    make(caller, "seen\\new")
    assert changes(caller) == [(ADDED, "new")]
