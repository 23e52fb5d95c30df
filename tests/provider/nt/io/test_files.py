"""Files: what opening, sharing, deleting, renaming and listing give, as documented."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from provider.kernel.io import MountMode
from provider.nt.status import NTSTATUS
from tests.provider.nt.io.caller import (
    CREATE,
    DELETE,
    DELETE_ON_CLOSE,
    DIRECTORY,
    HANDLE_VA,
    IO_VA,
    NOT_DIRECTORY,
    OPEN_IF,
    OVERWRITE_IF,
    READ,
    READ_WRITE,
    SYNCHRONIZE,
    SYNCHRONOUS,
    WRITE,
    Caller,
    work_caller,
)

P = "\\??\\C:\\work\\"
BASIC, STANDARD, RENAME, DISPOSITION, POSITION, ALL, END_OF_FILE = 4, 5, 10, 13, 14, 18, 20
NAME, NETWORK_OPEN = 9, 34
READ_ATTRIBUTES = 0x80


@pytest.fixture
def caller(tmp_path: Path) -> Caller:
    return work_caller(tmp_path)


@pytest.mark.parametrize("handle", [0, 1, 3, 0x12345678, 0xFFFFFFFF, 0xFFFFFFFE, 0x80000004])
@pytest.mark.parametrize(
    "call", ["NtFlushBuffersFile", "NtCancelIoFile", "NtQueryInformationFile", "NtReadFile"]
)
def test_wrong_handles(caller: Caller, call: str, handle: int) -> None:
    words = {
        "NtFlushBuffersFile": (IO_VA,),
        "NtCancelIoFile": (IO_VA,),
        "NtQueryInformationFile": (IO_VA, 0x130000, 0x100, 5),
        "NtReadFile": (0, 0, 0, IO_VA, 0x130000, 16, 0, 0),
    }[call]
    expected = NTSTATUS.OBJECT_TYPE_MISMATCH if handle >= 0xFFFFFFFE else NTSTATUS.INVALID_HANDLE
    assert caller(call, handle, *words) == expected


@pytest.mark.parametrize("va", [0, 0xFFFFFFFC, 0x80000000, 0x2FFFFF, 1])
def test_bad_pointers(caller: Caller, va: int) -> None:
    handle = caller.must_create(P + "file")
    violation = NTSTATUS.ACCESS_VIOLATION
    assert caller("NtReadFile", handle, 0, 0, 0, IO_VA, va, 16, 0, 0) == violation
    refused = violation if va >= 0x7FFF0000 else NTSTATUS.INVALID_USER_BUFFER
    assert caller("NtWriteFile", handle, 0, 0, 0, IO_VA, va, 16, 0, 0) == refused
    assert caller("NtWriteFile", handle, 0, 0, 0, va, HANDLE_VA, 16, 0, 0) == violation
    assert caller("NtQueryInformationFile", handle, IO_VA, va, 0x40, BASIC) == violation
    assert caller("NtSetInformationFile", handle, IO_VA, va, 0x40, BASIC) == violation


@pytest.mark.parametrize("length", [0x7FFFFFFF, 0xFFFFFFFF, 0x80000000])
def test_huge_lengths(caller: Caller, length: int) -> None:
    handle = caller.must_create(P + "file")
    for call in ("NtReadFile", "NtWriteFile"):
        status = caller(call, handle, 0, 0, 0, IO_VA, 0x130000, length, 0, 0)
        assert status == NTSTATUS.ACCESS_VIOLATION
    for information_class in range(100):
        status = caller("NtSetInformationFile", handle, IO_VA, 0x130000, length, information_class)
        assert status >= 0xC0000000


@pytest.mark.parametrize("offset", [-(2**63), -3, 2**63 - 1, 2**62])
def test_ridiculous_offsets(caller: Caller, offset: int) -> None:
    handle = caller.must_create(P + "file")
    assert caller.write(handle, b"x", offset) >= 0xC0000000
    assert caller.read(handle, 1, offset)[0] >= 0xC0000000
    assert caller.set(handle, END_OF_FILE, struct.pack("<q", offset)) >= 0xC0000000


@pytest.mark.parametrize("size", range(0, 120, 3))
def test_every_class_at_every_length(caller: Caller, size: int) -> None:
    handle = caller.must_create(P + "file", READ_WRITE | DELETE)
    for information_class in range(80):
        caller.query(handle, information_class, size)
        if information_class != DISPOSITION:
            caller.set(handle, information_class, bytes(size))


@pytest.mark.parametrize(
    ("access", "share", "disposition", "options", "status"),
    [
        (READ, 8, OPEN_IF, SYNCHRONOUS, NTSTATUS.INVALID_PARAMETER),
        (READ, 7, 6, SYNCHRONOUS, NTSTATUS.INVALID_PARAMETER),
        (READ, 7, 0xFFFFFFFF, SYNCHRONOUS, NTSTATUS.INVALID_PARAMETER),
        (READ, 7, OPEN_IF, 0x30, NTSTATUS.INVALID_PARAMETER),
        (READ, 7, OPEN_IF, 0xFF000000, NTSTATUS.INVALID_PARAMETER),
        (READ, 7, OPEN_IF, DIRECTORY | NOT_DIRECTORY, NTSTATUS.INVALID_PARAMETER),
        (READ, 7, OVERWRITE_IF, DIRECTORY, NTSTATUS.INVALID_PARAMETER),
        (READ, 7, OPEN_IF, DELETE_ON_CLOSE, NTSTATUS.INVALID_PARAMETER),
        (READ | 0x1000000, 7, OPEN_IF, SYNCHRONOUS, NTSTATUS.PRIVILEGE_NOT_HELD),
    ],
)
def test_contradictions(
    caller: Caller, access: int, share: int, disposition: int, options: int, status: NTSTATUS
) -> None:
    result = caller.create(
        P + "file", access, share=share, disposition=disposition, options=options
    )
    assert result.status == status


def test_what_opening_says(caller: Caller, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"old")
    (tmp_path / "dir").mkdir()
    n = NTSTATUS
    for name, disposition, options, status, information in (
        ("none", 1, 0x20, n.OBJECT_NAME_NOT_FOUND, 0),
        ("none", 4, 0x20, n.OBJECT_NAME_NOT_FOUND, 0),
        ("none\\x", 1, 0x20, n.OBJECT_PATH_NOT_FOUND, 0),
        ("file\\x", 1, 0x20, n.OBJECT_PATH_NOT_FOUND, 0),
        ("file\\", 1, 0x20, n.OBJECT_NAME_INVALID, 0),
        ("file", 2, 0x20, n.OBJECT_NAME_COLLISION, 0),
        ("file", 1, 0x21, n.NOT_A_DIRECTORY, 0),
        ("dir", 1, 0x60, n.FILE_IS_A_DIRECTORY, 0),
        ("dir", 5, 0x20, n.OBJECT_NAME_COLLISION, 0),
        ("dir\\", 1, 0x20, n.SUCCESS, 1),
        ("FILE", 1, 0x20, n.SUCCESS, 1),
        ("new", 2, 0x20, n.SUCCESS, 2),
        ("new", 3, 0x20, n.SUCCESS, 1),
        ("new", 5, 0x20, n.SUCCESS, 3),
        ("new", 0, 0x20, n.SUCCESS, 0),
        ("newdir", 2, 0x21, n.SUCCESS, 2),
        ("newdir\\deep\\x", 2, 0x21, n.OBJECT_PATH_NOT_FOUND, 0),
    ):
        result = caller.create(P + name, READ, disposition=disposition, options=options)
        assert result.status == status, name
        if not status:
            assert caller.word(IO_VA + 4) == information, name
            caller.close(result.value)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["dir", "file", "new", "newdir"]


def test_bytes_go_round(caller: Caller, tmp_path: Path) -> None:
    handle = caller.must_create(P + "file")
    assert caller.read(handle, 4) == (NTSTATUS.END_OF_FILE, b"")
    assert caller.write(handle, b"hello, world") == 0
    assert caller.write(handle, b"J", 0) == 0
    assert caller.read(handle, 4) == (0, b"ello")
    assert caller.read(handle, 100, 5) == (0, b", world")
    assert caller.read(handle, 0) == (0, b"")
    assert caller.read(handle, 1) == (NTSTATUS.END_OF_FILE, b"")
    assert caller.write(handle, b"!", -1) == 0
    assert caller.set(handle, POSITION, struct.pack("<q", 20)) == 0
    assert caller.write(handle, b"far") == 0
    assert (tmp_path / "file").read_bytes() == b"Jello, world!" + bytes(7) + b"far"
    assert caller.set(handle, END_OF_FILE, struct.pack("<q", 5)) == 0
    assert (tmp_path / "file").read_bytes() == b"Jello"
    appending = caller.must_create(P + "file", 0x4)
    assert caller.write(appending, b"+", 0) == 0
    assert (tmp_path / "file").read_bytes() == b"Jello+"


def test_large_transfers_go_in_pieces(caller: Caller, tmp_path: Path) -> None:
    data = bytes(range(256)) * 0x1900
    handle = caller.must_create(P + "file")
    assert caller.write(handle, data) == 0
    assert (tmp_path / "file").read_bytes() == data
    assert caller.read(handle, len(data) + 1000, 0) == (0, data)


def test_rights_bind(caller: Caller) -> None:
    reader, writer = caller.must_create(P + "f", READ), caller.must_create(P + "f", WRITE)
    assert caller.write(reader, b"x") == NTSTATUS.ACCESS_DENIED
    assert caller.read(writer, 1)[0] == NTSTATUS.ACCESS_DENIED
    assert caller.set(reader, END_OF_FILE, bytes(8)) == NTSTATUS.ACCESS_DENIED
    assert caller.set(writer, DISPOSITION, b"\x01") == NTSTATUS.ACCESS_DENIED
    looker = caller.must_create(P + "f", READ_ATTRIBUTES, share=0)
    assert caller.read(looker, 1)[0] == NTSTATUS.ACCESS_DENIED


def test_sharing(caller: Caller) -> None:
    first = caller.must_create(P + "f", READ, share=1)
    assert caller.open(P + "f", WRITE).status == NTSTATUS.SHARING_VIOLATION
    assert caller.open(P + "f", READ, share=2).status == NTSTATUS.SHARING_VIOLATION
    assert caller.open(P + "f", DELETE).status == NTSTATUS.SHARING_VIOLATION
    assert caller.create(P + "f", READ, disposition=OVERWRITE_IF).status != 0
    second = caller.open(P + "f", READ, share=1)
    assert second.status == 0
    assert caller.open(P + "f", READ_ATTRIBUTES, share=0).status == 0
    caller.close(first)
    caller.close(second.value)
    assert caller.open(P + "f", READ_WRITE, share=0).status == 0
    assert caller.open(P + "f", READ).status == NTSTATUS.SHARING_VIOLATION


@pytest.mark.parametrize(("protection", "writes"), [(2, False), (8, False), (4, True)])
def test_a_file_that_is_mapped_to_be_written_is_opened_for_sharing_only(
    caller: Caller, tmp_path: Path, protection: int, writes: bool
) -> None:
    """Whoever opens it has to let others write, even if he only reads its attributes."""
    (tmp_path / "f").write_bytes(b"x")
    file = caller.open(P + "f", READ | WRITE).value
    arguments = HANDLE_VA, 0xF001F, 0, 0, protection, 0x8000000, file
    assert caller("NtCreateSection", *arguments) == NTSTATUS.SUCCESS
    section = caller.word(HANDLE_VA)
    assert caller("NtClose", file) == NTSTATUS.SUCCESS
    refused = NTSTATUS.SHARING_VIOLATION if writes else NTSTATUS.SUCCESS
    for access in (READ, READ_ATTRIBUTES):
        assert caller.open(P + "f", access, share=5).status == refused
        assert caller.open(P + "f", access, share=7).status == NTSTATUS.SUCCESS
    assert caller("NtClose", section) == NTSTATUS.SUCCESS
    assert caller.open(P + "f", READ, share=5).status == NTSTATUS.SUCCESS


def test_a_read_only_mount_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"data")
    caller = work_caller(tmp_path, MountMode.READ_ONLY)
    denied = NTSTATUS.ACCESS_DENIED
    for access in (WRITE, DELETE, 0x100, 0x4, 0x10000000):
        assert caller.open(P + "f", access).status == denied
    assert caller.create(P + "f", READ, disposition=OVERWRITE_IF).status == denied
    assert caller.create(P + "g", READ, disposition=CREATE).status == denied
    handle = caller.open(P + "f", 0x02000000).value
    assert caller.read(handle, 9) == (0, b"data")
    assert caller.write(handle, b"x") == denied
    assert caller.set(handle, BASIC, struct.pack("<4q2I", 1, 1, 1, 1, 0x20, 0)) == denied
    assert (tmp_path / "f").read_bytes() == b"data"


def test_deleting(caller: Caller, tmp_path: Path) -> None:
    handle = caller.must_create(P + "f", READ | DELETE)
    other = caller.must_create(P + "F", READ)
    assert caller.set(handle, DISPOSITION, b"\x01") == 0
    assert caller.open(P + "f").status == NTSTATUS.DELETE_PENDING
    caller.close(handle)
    assert (tmp_path / "f").exists()
    caller.close(other)
    assert not (tmp_path / "f").exists()
    caller.close(caller.must_create(P + "g", DELETE, options=DELETE_ON_CLOSE | 0x20))
    assert not (tmp_path / "g").exists()
    (tmp_path / "h").touch()
    assert caller("NtDeleteFile", caller.attributes(P + "H")) == 0
    assert not (tmp_path / "h").exists()


def test_directories_are_deleted_when_empty(caller: Caller, tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "x").touch()
    handle = caller.open(P + "d", DELETE, options=0x21).value
    assert caller.set(handle, DISPOSITION, b"\x01") == NTSTATUS.DIRECTORY_NOT_EMPTY
    (tmp_path / "d" / "x").unlink()
    assert caller.set(handle, DISPOSITION, b"\x01") == 0
    assert caller.create(P + "d\\y", disposition=CREATE).status == NTSTATUS.DELETE_PENDING
    caller.close(handle)
    assert not (tmp_path / "d").exists()


def test_read_only_files(caller: Caller, tmp_path: Path) -> None:
    caller.close(caller.must_create(P + "f", attributes=1))
    assert not (tmp_path / "f").stat().st_mode & 0o222
    assert caller.open(P + "f", WRITE).status == NTSTATUS.ACCESS_DENIED
    handle = caller.open(P + "f", READ | DELETE | 0x100).value
    assert caller.set(handle, DISPOSITION, b"\x01") == NTSTATUS.CANNOT_DELETE
    assert caller.set(handle, BASIC, struct.pack("<4q2I", 0, 0, 0, 0, 0x80, 0)) == 0
    assert caller.set(handle, DISPOSITION, b"\x01") == 0
    caller.close(handle)
    assert not (tmp_path / "f").exists()


def test_renaming(caller: Caller, tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "taken").write_bytes(b"old")
    handle = caller.must_create(P + "f", READ_WRITE | DELETE)
    caller.write(handle, b"new")
    assert caller.rename(handle, P + "TAKEN") == NTSTATUS.OBJECT_NAME_COLLISION
    assert caller.rename(handle, P + "d", replace=True) == NTSTATUS.ACCESS_DENIED
    assert caller.rename(handle, P + "none\\x") == NTSTATUS.OBJECT_PATH_NOT_FOUND
    assert caller.rename(handle, "\\??\\NUL") == NTSTATUS.NOT_SAME_DEVICE
    assert caller.rename(handle, "F") == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["F", "d", "taken"]
    assert caller.rename(handle, P + "Taken", replace=True) == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["Taken", "d"]
    assert caller.rename(handle, P + "d\\deep") == 0
    assert caller.query(handle, NAME)[1][4:].decode("utf-16-le") == "\\work\\d\\deep"
    assert (tmp_path / "d" / "deep").read_bytes() == b"new"
    assert caller.rename(handle, P + "again", link=True) == 0
    assert (tmp_path / "again").samefile(tmp_path / "d" / "deep")
    directory = caller.open(P + "d", DELETE, options=0x21).value
    assert caller.rename(directory, P + "e") == NTSTATUS.ACCESS_DENIED
    caller.close(handle)
    assert caller.rename(directory, P + "e") == 0
    assert (tmp_path / "e" / "deep").exists()
    assert caller.open(P + "e\\deep").status == 0


def test_listing(caller: Caller, tmp_path: Path) -> None:
    names = [f"file{n}.txt" for n in range(40)] + ["B", "a", "c.tar.gz"]
    for name in names:
        (tmp_path / name).touch()
    ordered = [".", "..", *sorted(names, key=str.upper)]
    for size in (100, 0x200, 0x1000):
        handle = caller.open(P[:-1], options=0x21).value
        assert caller.listing(handle, size=size) == ordered
        assert caller.listing(handle, size=size) == ordered
        caller.close(handle)
    handle = caller.open(P[:-1], options=0x21).value
    assert caller.listing(handle, "FILE1?.<.x") == []
    assert caller.listing(handle, "file1?.*") == [], "the first pattern stays"
    handle = caller.open(P[:-1], options=0x21).value
    assert caller.listing(handle, "file1?.*") == [f"file1{n}.txt" for n in range(10)]
    assert caller.listing(caller.open("\\??\\C:\\", options=0x21).value) == ["work"]
    file = caller.open(P + "a").value
    status = caller("NtQueryDirectoryFile", file, 0, 0, 0, IO_VA, 0x130000, 99, 12, 0, 0, 1)
    assert status == NTSTATUS.INVALID_PARAMETER


@pytest.mark.parametrize("kind", [1, 2, 3, 12, 37, 38, 60, 63])
@pytest.mark.parametrize("size", [0, 1, 64, 93, 94, 95, 200, 4096])
def test_entries_of_every_class(caller: Caller, kind: int, size: int) -> None:
    handle = caller.open(P[:-1], options=0x21).value
    status = caller("NtQueryDirectoryFile", handle, 0, 0, 0, IO_VA, 0x130000, size, kind, 0, 0, 1)
    assert status in (
        NTSTATUS.SUCCESS,
        NTSTATUS.BUFFER_OVERFLOW,
        NTSTATUS.INFO_LENGTH_MISMATCH,
    )


def test_times_are_inputs_or_virtual(caller: Caller, tmp_path: Path) -> None:
    import os

    (tmp_path / "old").touch()
    os.utime(tmp_path / "old", ns=(10**18, 10**18))
    old = caller.open(P + "old").value
    then = 10**16 + 116444736000000000
    assert struct.unpack_from("<4q", caller.query(old, BASIC)[1]) == (then,) * 4
    new = caller.must_create(P + "new")
    now = struct.unpack_from("<4q", caller.query(new, BASIC)[1])
    start = caller.kernel.clock.boot_time
    assert all(start <= time < start + 10**7 for time in now)
    assert caller.set(new, BASIC, struct.pack("<4q2I", 1, 2, then, 0, 0, 0)) == 0
    assert struct.unpack_from("<3q", caller.query(new, BASIC)[1]) == (1, 2, then)
    assert (tmp_path / "new").stat().st_mtime_ns == 10**18


def test_one_file_is_one_backing(caller: Caller) -> None:
    first, second = caller.must_create(P + "f"), caller.must_create(P + "F")
    handles = caller.thread.process.handles
    from provider.kernel.io import FileObject

    one, two = (handles.reference(h, FileObject).backing() for h in (first, second))
    assert one is two


def test_locks(caller: Caller) -> None:
    first, second = caller.must_create(P + "f"), caller.must_create(P + "f")
    caller.write(first, bytes(100))

    def lock(handle: int, start: int, length: int, exclusive: int, call: str = "NtLockFile") -> int:
        caller.space.write(IO_VA + 32, struct.pack("<2q", start, length))
        more = (1, exclusive) if call == "NtLockFile" else ()
        apc = (0, 0, 0) if call == "NtLockFile" else ()
        return caller(call, handle, *apc, IO_VA, IO_VA + 32, IO_VA + 40, 0, *more)

    assert lock(first, 0, 10, 1) == 0
    assert lock(second, 5, 1, 0) == NTSTATUS.LOCK_NOT_GRANTED
    assert lock(first, 0, -1, 1) == NTSTATUS.LOCK_NOT_GRANTED
    assert lock(first, -1, -1, 1) == NTSTATUS.INVALID_LOCK_RANGE
    assert caller.read(second, 5, 8)[0] == NTSTATUS.FILE_LOCK_CONFLICT
    assert caller.write(second, b"x", 9) == NTSTATUS.FILE_LOCK_CONFLICT
    assert caller.read(first, 5, 8)[0] == 0
    assert lock(second, 0, 10, 0, "NtUnlockFile") == NTSTATUS.RANGE_NOT_LOCKED
    assert lock(first, 0, 10, 0, "NtUnlockFile") == 0
    assert lock(second, 0, 10, 0) == 0
    assert lock(first, 0, 10, 0) == 0
    assert caller.write(second, b"x", 3) == NTSTATUS.FILE_LOCK_CONFLICT
    caller.close(second)
    assert lock(first, 0, 10, 0, "NtUnlockFile") == 0
    assert caller.write(first, b"x", 3) == 0


def test_a_lock_is_waited_for(caller: Caller) -> None:
    first, second = caller.must_create(P + "f"), caller.must_create(P + "f")
    caller.space.write(IO_VA + 32, struct.pack("<2q", 0, 10))
    words = (0, 0, 0, IO_VA, IO_VA + 32, IO_VA + 40, 0, 0, 1)
    assert caller("NtLockFile", first, *words) == 0
    caller.while_waiting = [lambda: caller.close(first)]
    assert caller("NtLockFile", second, *words) == 0
    assert not caller.while_waiting


def test_volume_information(caller: Caller) -> None:
    handle = caller.open(P[:-1], options=0x21).value
    null = caller.open("\\??\\NUL", READ_WRITE | SYNCHRONIZE).value
    drive = caller.open("\\??\\C:", READ_ATTRIBUTES).value
    query = "NtQueryVolumeInformationFile"
    for file, device in ((handle, 7), (null, 0x15), (drive, 7)):
        assert caller(query, file, IO_VA, 0x130000, 8, 4) == 0
        assert caller.word(0x130000) == device
    for information_class in range(16):
        for size in (0, 4, 12, 16, 18, 24, 32, 64):
            caller(query, handle, IO_VA, 0x130000, size, information_class)
            caller(query, null, IO_VA, 0x130000, size, information_class)
    assert caller(query, handle, IO_VA, 0x130000, 20, 5) == 0
    assert caller.space.read(0x13000C, 8).decode("utf-16-le") == "NTFS"
    assert caller.read(null, 5) == (NTSTATUS.END_OF_FILE, b"")
    assert caller.write(null, b"gone") == 0
