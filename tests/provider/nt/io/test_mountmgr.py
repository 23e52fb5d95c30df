"""The mount manager's controls: hostile queries, then the drive letter of a device."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from provider.kernel.io.mount_manager import MountManagerFile
from provider.kernel.io.request import OpenRequest
from provider.nt.io import mountmgr
from provider.nt.status import NTSTATUS, NtError
from tests.provider.nt.io.caller import work_caller

POINT = struct.Struct("<IHHIHHIHH")
DEVICE = "\\Device\\HarddiskVolume1"


@pytest.fixture
def manager(tmp_path: Path) -> MountManagerFile:
    io = work_caller(tmp_path).kernel.io
    file, _ = io.open(OpenRequest("\\??\\MountPointManager", access=0x100000))
    assert isinstance(file, MountManagerFile)
    return file


def _named(device: str) -> bytes:
    name = device.encode("utf-16-le")
    return POINT.pack(0, 0, 0, 0, 0, 0, POINT.size, len(name), 0) + name


@pytest.mark.parametrize(
    ("code", "data", "room", "status"),
    [
        (0x6D0004, _named(DEVICE), 999, NTSTATUS.INVALID_DEVICE_REQUEST),
        (mountmgr.QUERY_POINTS, b"", 999, NTSTATUS.INVALID_PARAMETER),
        (mountmgr.QUERY_POINTS, b"\xff" * POINT.size, 999, NTSTATUS.INVALID_PARAMETER),
        (mountmgr.QUERY_POINTS, _named("\\Device\\None"), 999, NTSTATUS.OBJECT_NAME_NOT_FOUND),
        (mountmgr.QUERY_POINTS, _named(DEVICE), 31, NTSTATUS.INVALID_PARAMETER),
        (mountmgr.QUERY_DOS_VOLUME_PATH, b"", 999, NTSTATUS.INVALID_PARAMETER),
        (mountmgr.QUERY_DOS_VOLUME_PATH, b"\xfe\xffx", 999, NTSTATUS.INVALID_PARAMETER),
    ],
)
def test_hostile_queries(
    manager: MountManagerFile, code: int, data: bytes, room: int, status: NTSTATUS
) -> None:
    with pytest.raises(NtError) as refused:
        mountmgr.control(manager, code, data, room)
    assert refused.value.status == status


def test_a_device_has_the_letter_of_its_drive(manager: MountManagerFile) -> None:
    answer, status = mountmgr.control(manager, mountmgr.QUERY_POINTS, _named(DEVICE), 999)
    size, count = struct.unpack_from("<II", answer)
    assert (status, size, count) == (0, len(answer), 2)
    links = []
    for at in (8, 8 + POINT.size):
        link, length, *_, device, device_length, _ = POINT.unpack_from(answer, at)
        links.append(answer[link : link + length].decode("utf-16-le"))
        assert answer[device : device + device_length].decode("utf-16-le") == DEVICE
    volume = manager.volumes["C"].unique_name
    assert links == ["\\DosDevices\\C:", f"\\??\\{volume}"]
    header = mountmgr.control(manager, mountmgr.QUERY_POINTS, _named(DEVICE), 40)
    assert header == (struct.pack("<II", size, 2), NTSTATUS.BUFFER_OVERFLOW)


@pytest.mark.parametrize("link", ["\\??\\c:", "\\DosDevices\\C:"])
def test_a_drive_has_a_unique_name_that_opens_it(manager: MountManagerFile, link: str) -> None:
    name = link.encode("utf-16-le")
    query = POINT.pack(POINT.size, len(name), 0, 0, 0, 0, 0, 0, 0) + name
    answer, _ = mountmgr.control(manager, mountmgr.QUERY_POINTS, query, 999)
    assert struct.unpack_from("<II", answer) == (len(answer), 1)


def test_the_path_of_a_device(manager: MountManagerFile) -> None:
    name = DEVICE.encode("utf-16-le")
    query = struct.pack("<H", len(name)) + name
    answer, _ = mountmgr.control(manager, mountmgr.QUERY_DOS_VOLUME_PATH, query, 999)
    assert answer[4:].decode("utf-16-le") == "C:\0\0"
