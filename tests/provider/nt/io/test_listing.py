"""Listing directories: the rules of NtQueryDirectoryFile, short names, opening by identifier."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import pytest

from provider.kernel.io import MountMode
from provider.kernel.io.host_directory import HostDirectory
from provider.nt.status import NTSTATUS
from tests.provider.nt.io.caller import (
    CASE_INSENSITIVE,
    DATA_VA,
    DELETE,
    DELETE_ON_CLOSE,
    HANDLE_VA,
    IO_VA,
    NAME_VA,
    READ_WRITE,
    SYNCHRONOUS,
    Caller,
    work_caller,
)

P = "\\??\\C:\\work\\"
NAMES, BOTH, ID_BOTH, INTERNAL = 12, 3, 37, 6
BY_ID, READ_ACCESS = 0x2000, 0x120089
RESTART, SINGLE, KEEP_CURSOR = 1, 2, 0x10


@pytest.fixture(params=[MountMode.READ_WRITE, MountMode.COPY_ON_WRITE])
def caller(request: pytest.FixtureRequest, tmp_path: Path) -> Caller:
    (tmp_path / "Sub Directory").mkdir()
    (tmp_path / "Sub Directory" / "a long name.text").write_text("text")
    for name in ("one", "two", "three.txt"):
        (tmp_path / name).touch()
    return work_caller(tmp_path, request.param)


def directory(caller: Caller, name: str = "") -> int:
    return int(caller.open((P + name).rstrip("\\"), options=0x21).value)


def query(
    caller: Caller,
    handle: int,
    pattern: str = "",
    *,
    kind: int = NAMES,
    flags: int = SINGLE,
    size: int = 0x1000,
) -> NTSTATUS:
    text = pattern.encode("utf-16-le")
    caller.space.write(NAME_VA, struct.pack("<2HI", len(text), len(text), NAME_VA + 8) + text)
    caller.space.write(IO_VA, b"\xee" * 8)
    words = (handle, 0, 0, 0, IO_VA, DATA_VA, size, kind, flags, NAME_VA if pattern else 0)
    return caller("NtQueryDirectoryFileEx", *words)


def name(caller: Caller) -> str:
    size = caller.word(DATA_VA + 8)
    return caller.space.read(DATA_VA + 12, size).decode("utf-16-le")


@pytest.mark.parametrize(
    ("kind", "least"),
    [(1, 72), (2, 72), (3, 96), (12, 16), (37, 112), (38, 88), (50, 96), (60, 96), (63, 120)],
)
def test_the_least_room_of_a_class(caller: Caller, kind: int, least: int) -> None:
    handle = directory(caller)
    for size in (0, least - 1):
        assert query(caller, handle, kind=kind, size=size) == NTSTATUS.INFO_LENGTH_MISMATCH
    assert query(caller, handle, "sub*", kind=kind, size=least) == NTSTATUS.BUFFER_OVERFLOW
    assert caller.word(IO_VA + 4) == least


@pytest.mark.parametrize(("kind", "least"), [(29, 72), (32, 56), (33, 16)])
def test_classes_of_the_file_systems_own_files(caller: Caller, kind: int, least: int) -> None:
    handle = directory(caller)
    assert query(caller, handle, kind=kind, size=least - 1) == NTSTATUS.INFO_LENGTH_MISMATCH
    assert query(caller, handle, kind=kind, size=least) == NTSTATUS.INVALID_INFO_CLASS


def test_the_end_is_told_in_the_status_block(caller: Caller) -> None:
    handle = directory(caller)
    assert query(caller, handle, "none") == NTSTATUS.NO_SUCH_FILE
    assert caller.space.read(IO_VA, 4) == b"\xee" * 4
    for flags in (SINGLE, SINGLE | RESTART):
        assert query(caller, handle, "one", flags=flags) == NTSTATUS.NO_MORE_FILES
        assert caller.word(IO_VA) == NTSTATUS.NO_MORE_FILES


def test_a_cursor_that_stays(caller: Caller) -> None:
    handle = directory(caller)
    query(caller, handle, "t*")
    assert name(caller) == "three.txt"
    for _ in range(2):
        assert query(caller, handle, flags=SINGLE | KEEP_CURSOR) == 0
        assert name(caller) == "two"
    assert query(caller, handle, flags=0x20) == NTSTATUS.INVALID_PARAMETER


def test_short_names(caller: Caller) -> None:
    assert query(caller, directory(caller), "sub*", kind=BOTH) == 0
    entry = caller.space.read(DATA_VA, 0x100)
    assert entry[70 : 70 + entry[68]].decode("utf-16-le") == "SUBDIR~1"
    assert query(caller, directory(caller), "subdir~1") == 0
    assert name(caller) == "Sub Directory"
    opened = caller.open(P + "subdir~1\\ALONGN~1.TEX")
    assert caller.read(opened.value, 10) == (0, b"text")
    path = caller.query(opened.value, 9)[1]
    assert path[4:].decode("utf-16-le") == "\\work\\Sub Directory\\a long name.text"
    assert caller.open(P + "subdir~2\\x").status == NTSTATUS.OBJECT_PATH_NOT_FOUND
    assert caller.open(P + "subdir~2").status == NTSTATUS.OBJECT_NAME_NOT_FOUND


def by_id(caller: Caller, root: int, identifier: bytes) -> NTSTATUS:
    header = struct.pack("<6I", 24, root, NAME_VA + 32, CASE_INSENSITIVE, 0, 0)
    caller.space.write(NAME_VA, header)
    size = len(identifier)
    caller.space.write(NAME_VA + 32, struct.pack("<2HI", size, size, NAME_VA + 64))
    caller.space.write(NAME_VA + 64, identifier)
    return caller("NtOpenFile", HANDLE_VA, READ_ACCESS, NAME_VA, IO_VA, 7, BY_ID | 0x20)


def test_identifiers_that_lead_nowhere(caller: Caller) -> None:
    root = directory(caller)
    for identifier in (b"", bytes(4), bytes(8), b"\xff" * 8, b"\xff" * 16):
        assert by_id(caller, root, identifier) == NTSTATUS.INVALID_PARAMETER
    assert by_id(caller, 0, bytes(8)) == NTSTATUS.INVALID_PARAMETER


def test_a_file_is_opened_by_the_identifier_that_was_told(caller: Caller) -> None:
    handle = caller.open(P + "subdir~1\\ALONGN~1.TEX").value
    told = caller.query(handle, INTERNAL)[1]
    caller.close(handle)
    root = directory(caller)
    assert by_id(caller, root, told) == 0
    assert caller.read(caller.word(HANDLE_VA), 10) == (0, b"text")
    assert by_id(caller, root, told + bytes(8)) == 0
    assert query(caller, directory(caller), "two", kind=ID_BOTH) == 0
    listed = caller.space.read(DATA_VA + 96, 8)
    assert by_id(caller, root, listed) == 0
    path = caller.query(caller.word(HANDLE_VA), 9)[1]
    assert path[4:].decode("utf-16-le") == "\\work\\two"


def found(caller: Caller, pattern: str) -> list[str]:
    """All that a new handle lists for a pattern."""
    handle, names = directory(caller), []
    while query(caller, handle, pattern) == 0:
        names.append(name(caller))
    caller.close(handle)
    return names


def test_names_without_wildcards(caller: Caller) -> None:
    for pattern, names in {
        "none": [],
        "ONE": ["one"],
        "sub directory": ["Sub Directory"],
        "subdir~1": ["Sub Directory"],
        "subdir~2": [],
        ".": ["."],
        "..": [".."],
        "one.": [],
    }.items():
        assert found(caller, pattern) == names, pattern


def test_what_came_and_went_by_the_guest_is_known(caller: Caller) -> None:
    for _ in range(3):
        assert found(caller, "a new name") == []
        assert found(caller, "anewna~1") == []
        handle = caller.must_create(
            P + "A New Name", READ_WRITE | DELETE, options=SYNCHRONOUS | DELETE_ON_CLOSE
        )
        assert found(caller, "a new name") == ["A New Name"]
        assert found(caller, "anewna~1") == ["A New Name"]
        assert found(caller, "a*") == ["A New Name"]
        caller.close(handle)


def test_what_came_and_went_on_the_host_is_known(caller: Caller, tmp_path: Path) -> None:
    """However soon one after the other: many host changes have the same time."""
    for count in range(40):
        (tmp_path / f"name {count}").touch()
        assert f"name {count}" in found(caller, "*")
        assert found(caller, f"NAME {count}") == [f"name {count}"]
        (tmp_path / f"name {count}").unlink()
        assert found(caller, f"name {count}") == []
        assert found(caller, "name*") == []


def test_names_that_differ_by_case_alone_are_all_found(tmp_path: Path) -> None:
    for variant in ("File", "FILE", "file"):
        (tmp_path / variant).touch()
    caller = work_caller(tmp_path, MountMode.READ_ONLY)
    assert found(caller, "fILE") == ["FILE", "File", "file"]


def test_a_short_name_that_a_file_took_later(caller: Caller, tmp_path: Path) -> None:
    assert found(caller, "subdir~1") == ["Sub Directory"]
    (tmp_path / "SUBDIR~1").touch()
    assert found(caller, "subdir~1") == ["Sub Directory", "SUBDIR~1"]


def test_a_directory_that_stays_as_it_is_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a long name").touch()
    os.utime(tmp_path, (0, 0))
    caller = work_caller(tmp_path, MountMode.COPY_ON_WRITE)
    assert found(caller, "a long name") == ["a long name"]
    monkeypatch.setattr(HostDirectory, "names", None)
    assert found(caller, "a long name") == ["a long name"]
    assert found(caller, "*") == [".", "..", "a long name"]


def test_changes_over_a_directory_of_the_host(tmp_path: Path) -> None:
    """It was last changed long ago, so that only what the guest changes is looked at."""
    for number in range(4):
        (tmp_path / f"some name {number}").touch()
    os.utime(tmp_path, (0, 0))
    caller = work_caller(tmp_path, MountMode.COPY_ON_WRITE)
    assert found(caller, "some*") == [f"some name {number}" for number in range(4)]
    handle = caller.open(P + "some name 1", READ_WRITE | DELETE).value
    assert caller.rename(handle, P + "A New Name") == 0
    assert found(caller, "some name 1") == found(caller, "somena~2") == []
    assert found(caller, "ANEWNA~1") == ["A New Name"]
    caller.close(handle)
    caller.close(caller.must_create(P + "Some Other"))
    assert found(caller, "some other") == ["Some Other"]
    assert found(caller, "SOMENA~2") == []
    caller.close(
        caller.must_create(
            P + "some name 3", options=SYNCHRONOUS | DELETE_ON_CLOSE, access=READ_WRITE | DELETE
        )
    )
    everything = [".", "..", "A New Name", "some name 0", "some name 2", "Some Other"]
    assert found(caller, "*") == everything
    for name in everything[2:]:
        assert found(caller, name.upper()) == [name]
