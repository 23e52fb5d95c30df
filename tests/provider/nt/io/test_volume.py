"""What volumes say about themselves, what may be set, and their controls."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from provider.nt.io import volume_controls as controls
from provider.nt.status import NTSTATUS
from tests.provider.nt.io.caller import DATA_VA, IO_VA, Caller, work_caller

P = "\\??\\C:\\work\\"
OUT_VA = DATA_VA + 0x1000


@pytest.fixture
def caller(tmp_path: Path) -> Caller:
    (tmp_path / "file").write_bytes(bytes(10000))
    return work_caller(tmp_path)


def volume(caller: Caller) -> int:
    return int(caller.open("\\??\\C:", 0x80).value)


def query(caller: Caller, handle: int, kind: int, size: int = 0x100) -> tuple[NTSTATUS, bytes]:
    status = caller("NtQueryVolumeInformationFile", handle, IO_VA, DATA_VA, size, kind)
    return status, b"" if status else caller.space.read(DATA_VA, caller.word(IO_VA + 4))


def fs_control(
    caller: Caller, handle: int, code: int, data: bytes = b"", room: int = 0x100
) -> tuple[NTSTATUS, bytes]:
    caller.space.write(DATA_VA, data or b"\0")
    call = "NtDeviceIoControlFile" if code in controls._DEVICE_CONTROLS else "NtFsControlFile"
    status = caller(call, handle, 0, 0, 0, IO_VA, code, DATA_VA, len(data), OUT_VA, room)
    return status, b"" if status else caller.space.read(OUT_VA, caller.word(IO_VA + 4))


def test_classes_of_volumes(caller: Caller) -> None:
    handle = caller.open(P + "file").value
    assert query(caller, handle, 1)[1][16] == 1, "there are object identifiers"
    assert struct.unpack("<7I", query(caller, handle, 11)[1])[:4] == (512,) * 4
    assert struct.unpack("<5qI4x", query(caller, handle, 6)[1])[3:] == (-1, -1, 0)
    assert query(caller, handle, 8)[0] == NTSTATUS.OBJECT_NAME_NOT_FOUND
    assert query(caller, handle, 2)[0] == NTSTATUS.INVALID_INFO_CLASS


def test_nothing_of_a_volume_can_be_set(caller: Caller) -> None:
    caller.space.write(DATA_VA, struct.pack("<I", 4) + b"n\0")
    call = "NtSetVolumeInformationFile"
    file = caller.must_create(P + "file")
    assert caller(call, file, IO_VA, DATA_VA, 6, 1) == NTSTATUS.INVALID_INFO_CLASS
    assert caller(call, file, IO_VA, DATA_VA, 3, 2) == NTSTATUS.INFO_LENGTH_MISMATCH
    assert caller(call, file, IO_VA, 0, 6, 2) == NTSTATUS.ACCESS_VIOLATION
    assert caller(call, file, IO_VA, DATA_VA, 6, 2) == NTSTATUS.INVALID_PARAMETER
    assert caller(call, volume(caller), IO_VA, DATA_VA, 6, 2) == NTSTATUS.ACCESS_DENIED
    assert caller.open("\\??\\C:", 0x40000000).status == NTSTATUS.ACCESS_DENIED


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (0x12345, NTSTATUS.INVALID_DEVICE_REQUEST),
        (controls.FSCTL_REQUEST_BATCH_OPLOCK, NTSTATUS.OPLOCK_NOT_GRANTED),
        (controls.FSCTL_LOCK_VOLUME, NTSTATUS.INVALID_PARAMETER),
        (controls.FSCTL_UNLOCK_VOLUME, NTSTATUS.INVALID_PARAMETER),
        (controls.FSCTL_GET_OBJECT_ID, NTSTATUS.OBJECTID_NOT_FOUND),
        (controls.FSCTL_GET_REPARSE_POINT, NTSTATUS.NOT_A_REPARSE_POINT),
        (controls.FSCTL_SET_COMPRESSION, NTSTATUS.INVALID_PARAMETER),
        (controls.FSCTL_QUERY_ALLOCATED_RANGES, NTSTATUS.INVALID_PARAMETER),
        (controls.FSCTL_IS_VOLUME_MOUNTED, NTSTATUS.SUCCESS),
    ],
)
def test_controls_of_a_file(caller: Caller, code: int, status: NTSTATUS) -> None:
    assert fs_control(caller, caller.must_create(P + "file"), code)[0] == status


def test_controls_and_their_room(caller: Caller) -> None:
    handle = caller.must_create(P + "file")
    assert fs_control(caller, handle, controls.FSCTL_GET_COMPRESSION) == (0, bytes(2))
    status = fs_control(caller, handle, controls.FSCTL_GET_COMPRESSION, room=1)[0]
    assert status == NTSTATUS.INVALID_PARAMETER
    status = fs_control(caller, handle, controls.FSCTL_GET_REPARSE_POINT, room=0)[0]
    assert status == NTSTATUS.INVALID_USER_BUFFER
    code = controls.FSCTL_GET_NTFS_VOLUME_DATA
    assert len(fs_control(caller, handle, code)[1]) == 96
    assert fs_control(caller, handle, code, room=95)[0] == NTSTATUS.BUFFER_TOO_SMALL


@pytest.mark.parametrize(
    ("start", "length", "expected"),
    [(0, 1 << 40, (0, 10000)), (100, 200, (100, 200)), (9999, 10, (9999, 1)), (10000, 10, None)],
)
def test_allocated_ranges(
    caller: Caller, start: int, length: int, expected: tuple[int, int] | None
) -> None:
    handle, code = caller.must_create(P + "file"), controls.FSCTL_QUERY_ALLOCATED_RANGES
    status, data = fs_control(caller, handle, code, struct.pack("<2q", start, length))
    assert (status, data) == (0, struct.pack("<2q", *expected) if expected else b"")


@pytest.mark.parametrize(("start", "length"), [(-1, 5), (0, -1), ((1 << 63) - 1, 1)])
def test_ranges_that_are_none(caller: Caller, start: int, length: int) -> None:
    handle, code = caller.must_create(P + "file"), controls.FSCTL_QUERY_ALLOCATED_RANGES
    data = struct.pack("<2q", start, length)
    assert fs_control(caller, handle, code, data)[0] == NTSTATUS.INVALID_PARAMETER


def test_controls_of_a_volume(caller: Caller) -> None:
    handle = volume(caller)
    assert fs_control(caller, handle, controls.FSCTL_LOCK_VOLUME)[0] == NTSTATUS.ACCESS_DENIED
    assert fs_control(caller, handle, controls.FSCTL_UNLOCK_VOLUME)[0] == NTSTATUS.NOT_LOCKED
    data = fs_control(caller, handle, controls.IOCTL_DISK_GET_DRIVE_GEOMETRY)[1]
    cylinders, media, tracks, sectors, size = struct.unpack("<q4I", data)
    assert (media, size) == (12, 512)
    assert 0 < (64 << 30) - cylinders * tracks * sectors * size < tracks * sectors * size
    code = controls.IOCTL_STORAGE_GET_DEVICE_NUMBER
    assert fs_control(caller, handle, code) == (0, struct.pack("<3I", 7, 2, 1))
    assert fs_control(caller, handle, code, room=11)[0] == NTSTATUS.BUFFER_TOO_SMALL
    extents = fs_control(caller, handle, controls.IOCTL_VOLUME_GET_VOLUME_DISK_EXTENTS)[1]
    assert struct.unpack("<I4xI4x2q", extents) == (1, 2, 0, 64 << 30)
    file = caller.must_create(P + "file")
    refused = NTSTATUS.INVALID_DEVICE_REQUEST
    assert fs_control(caller, file, code)[0] == refused
    assert caller("NtDeviceIoControlFile", handle, 0, 0, 0, IO_VA, 5, 0, 0, 0, 0) == refused
