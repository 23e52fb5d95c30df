"""Renaming, linking and deleting with the newer flags, and onto what is there."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from provider.kernel.io import MountMode
from provider.nt.status import NTSTATUS
from tests.provider.nt.io.caller import DELETE, DELETE_ON_CLOSE, DIRECTORY, Caller, work_caller

P = "\\??\\C:\\work\\"
DISPOSITION, DISPOSITION_EX, RENAME_EX, LINK_EX = 13, 64, 65, 72
REPLACE, POSIX, ON_CLOSE, IGNORE_READ_ONLY = 1, 2, 8, 0x10


@pytest.fixture(params=[MountMode.READ_WRITE, MountMode.COPY_ON_WRITE])
def caller(request: pytest.FixtureRequest, tmp_path: Path) -> Caller:
    return work_caller(tmp_path, request.param)


def make(caller: Caller, name: str, text: bytes) -> None:
    handle = caller.must_create(P + name)
    assert caller.write(handle, text) == 0
    caller.close(handle)


def text_of(caller: Caller, name: str) -> bytes:
    opened = caller.open(P + name)
    if opened.status:
        return opened.status.name.encode()
    data = caller.read(opened.value, 100)[1]
    caller.close(opened.value)
    return data


def ex(caller: Caller, handle: int, information: int, flags: int, name: str) -> NTSTATUS:
    text = (P + name).encode("utf-16-le")
    return caller.set(handle, information, struct.pack("<3I", flags, 0, len(text)) + text)


def names(caller: Caller) -> list[str]:
    handle = caller.open(P[:-1], options=DIRECTORY | 0x20).value
    found = caller.listing(handle)
    caller.close(handle)
    return found[2:]


def test_a_directory_replaces_a_file_but_no_open_one(caller: Caller) -> None:
    make(caller, "file", b"text")
    caller.close(caller.must_create(P + "directory", disposition=2, options=DIRECTORY | 0x20))
    handle = caller.open(P + "directory", DELETE, options=0x21).value
    held = caller.open(P + "file").value
    assert caller.rename(handle, P + "file", replace=True) == NTSTATUS.ACCESS_DENIED
    caller.close(held)
    assert caller.rename(handle, P + "file") == NTSTATUS.OBJECT_NAME_COLLISION
    assert caller.rename(handle, P + "file", replace=True) == 0
    assert names(caller) == ["file"]


def test_an_open_file_is_replaced_with_posix_semantics_only(caller: Caller) -> None:
    make(caller, "new", b"new text")
    make(caller, "old", b"old text")
    held = caller.open(P + "old").value
    handle = caller.open(P + "new", DELETE).value
    assert ex(caller, handle, RENAME_EX, REPLACE, "old") == NTSTATUS.ACCESS_DENIED
    assert ex(caller, handle, RENAME_EX, POSIX, "old") == NTSTATUS.OBJECT_NAME_COLLISION
    assert ex(caller, handle, RENAME_EX, REPLACE | POSIX, "old") == 0
    caller.close(handle)
    assert caller.read(held, 100) == (0, b"old text")
    caller.close(held)
    assert (names(caller), text_of(caller, "old")) == (["old"], b"new text")


def test_a_link_to_the_file_itself(caller: Caller) -> None:
    make(caller, "file", b"text")
    handle = caller.open(P + "file", DELETE).value
    for name in ("file", "FILE"):
        assert caller.rename(handle, P + name, link=True) == NTSTATUS.OBJECT_NAME_COLLISION
        assert caller.rename(handle, P + name, link=True, replace=True) == 0
        assert names(caller) == [name]
    assert caller.rename(handle, P + "other", link=True) == 0
    assert caller.rename(handle, P + "OTHER", link=True, replace=True) == 0
    assert names(caller) == ["FILE", "OTHER"]
    caller.close(handle)
    assert text_of(caller, "other") == b"text"


def test_a_link_replaces_an_open_file_with_posix_semantics_only(caller: Caller) -> None:
    make(caller, "file", b"text")
    make(caller, "other", b"gone")
    handle, held = caller.open(P + "file").value, caller.open(P + "other").value
    assert ex(caller, handle, LINK_EX, REPLACE, "other") == NTSTATUS.ACCESS_DENIED
    assert ex(caller, handle, LINK_EX, REPLACE | POSIX, "other") == 0
    assert caller.read(held, 10) == (0, b"gone")
    assert text_of(caller, "other") == b"text"


def test_deleting_with_posix_semantics_frees_the_name_at_once(caller: Caller) -> None:
    make(caller, "file", b"text")
    held = caller.open(P + "file").value
    handle = caller.open(P + "file", DELETE).value
    assert caller.set(handle, DISPOSITION_EX, struct.pack("<I", 1 | POSIX)) == 0
    assert text_of(caller, "file") == b"DELETE_PENDING"
    caller.close(handle)
    assert text_of(caller, "file") == b"OBJECT_NAME_NOT_FOUND"
    make(caller, "file", b"another")
    assert caller.read(held, 10) == (0, b"text")
    caller.close(held)
    assert text_of(caller, "file") == b"another"


def test_flags_of_deleting(caller: Caller) -> None:
    caller.close(caller.must_create(P + "file", attributes=1))
    handle = caller.open(P + "file", DELETE).value
    flags = struct.Struct("<I").pack
    assert caller.set(handle, DISPOSITION_EX, flags(0x20)) == NTSTATUS.INVALID_PARAMETER
    assert caller.set(handle, DISPOSITION_EX, flags(1)) == NTSTATUS.CANNOT_DELETE
    assert caller.set(handle, DISPOSITION_EX, flags(1 | IGNORE_READ_ONLY)) == 0
    caller.close(handle)
    assert names(caller) == []


def test_only_its_own_flag_takes_deletion_on_close_back(caller: Caller) -> None:
    for flags, expected in ((None, []), (ON_CLOSE, ["file"])):
        handle = caller.must_create(P + "file", DELETE, options=DELETE_ON_CLOSE | 0x20)
        assert caller.set(handle, DISPOSITION, b"\0") == 0
        if flags is not None:
            assert caller.set(handle, DISPOSITION_EX, struct.pack("<I", flags)) == 0
        caller.close(handle)
        assert names(caller) == expected


def test_a_directory_that_is_not_empty_stays(caller: Caller) -> None:
    caller.close(caller.must_create(P + "directory", disposition=2, options=DIRECTORY | 0x20))
    make(caller, "directory\\file", b"text")
    assert caller("NtDeleteFile", caller.attributes(P + "directory")) == 0
    options = DIRECTORY | DELETE_ON_CLOSE | 0x20
    handle = caller.open(P + "directory", DELETE, options=options).value
    assert caller.set(handle, DISPOSITION, b"\1") == NTSTATUS.DIRECTORY_NOT_EMPTY
    caller.close(handle)
    assert text_of(caller, "directory\\file") == b"text"
