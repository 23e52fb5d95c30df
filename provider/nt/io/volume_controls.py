"""Controls of files, directories and volumes on disk (winioctl.h, ntifs.h)."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import TYPE_CHECKING

from provider.kernel.io.disk_file import SECTOR, DiskFile, NodeFile, VolumeFile
from provider.kernel.io.record import CLUSTER
from provider.kernel.io.request import Access
from provider.nt.io.volume_calls import FREE_UNITS, TOTAL_UNITS
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from provider.nt.io.pipe_controls import Control

OnDisk = NodeFile | VolumeFile

FSCTL_REQUEST_OPLOCK_LEVEL_1, FSCTL_REQUEST_OPLOCK_LEVEL_2 = 0x90000, 0x90004
FSCTL_REQUEST_BATCH_OPLOCK, FSCTL_REQUEST_FILTER_OPLOCK = 0x90008, 0x9005C
FSCTL_LOCK_VOLUME, FSCTL_UNLOCK_VOLUME, FSCTL_DISMOUNT_VOLUME = 0x90018, 0x9001C, 0x90020
FSCTL_IS_VOLUME_MOUNTED = 0x90028
FSCTL_GET_COMPRESSION, FSCTL_SET_COMPRESSION = 0x9003C, 0x9C040
FSCTL_GET_NTFS_VOLUME_DATA = 0x90064
FSCTL_GET_REPARSE_POINT, FSCTL_DELETE_REPARSE_POINT = 0x900A8, 0x900AC
FSCTL_GET_OBJECT_ID = 0x9009C
FSCTL_QUERY_ALLOCATED_RANGES = 0x940CF
IOCTL_DISK_GET_DRIVE_GEOMETRY, IOCTL_DISK_IS_WRITABLE = 0x70000, 0x70024
IOCTL_STORAGE_GET_DEVICE_NUMBER = 0x2D1080
IOCTL_VOLUME_GET_VOLUME_DISK_EXTENTS = 0x560000
FIXED_MEDIA = 12
TRACKS_PER_CYLINDER, SECTORS_PER_TRACK = 255, 63
DISK_DEVICE = 7
_TOTAL_SECTORS = TOTAL_UNITS * (CLUSTER // SECTOR)
_RECORD_BYTES = 1024
_VOLUME_DATA = struct.Struct("<5q4I5q")
_RANGE = struct.Struct("<2q")


def fs_control(file: OnDisk, asked: Control) -> bytes:
    """The answer to a file-system control.

    NtError INVALID_DEVICE_REQUEST for one that this file system does not have.
    """
    handler = _FS_CONTROLS.get(asked.code)
    if handler is None:
        raise NtError(NTSTATUS.INVALID_DEVICE_REQUEST)
    return handler(file, asked)


def device_control(file: VolumeFile, code: int, room: int) -> bytes:
    """The answer to a control of a volume's disk.

    NtError INVALID_DEVICE_REQUEST, BUFFER_TOO_SMALL.
    """
    answer = _DEVICE_CONTROLS.get(code)
    if answer is None:
        raise NtError(NTSTATUS.INVALID_DEVICE_REQUEST)
    data = answer(file)
    if room < len(data):
        raise NtError(NTSTATUS.BUFFER_TOO_SMALL)
    return data


def _no_oplock(file: OnDisk, asked: Control) -> bytes:
    """Opportunistic locks are a wish that a file system need not grant."""
    raise NtError(NTSTATUS.OPLOCK_NOT_GRANTED)


def _lock_volume(file: OnDisk, asked: Control) -> bytes:
    """Nobody here may have a volume alone: the program itself is open on it."""
    if not isinstance(file, VolumeFile):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    raise NtError(NTSTATUS.ACCESS_DENIED)


def _unlock_volume(file: OnDisk, asked: Control) -> bytes:
    raise NtError(
        NTSTATUS.NOT_LOCKED if isinstance(file, VolumeFile) else NTSTATUS.INVALID_PARAMETER
    )


def _is_mounted(file: OnDisk, asked: Control) -> bytes:
    return b""


def _get_compression(file: OnDisk, asked: Control) -> bytes:
    if asked.room < 2:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    return bytes(2)


def _set_compression(file: OnDisk, asked: Control) -> bytes:
    """COMPRESSION_FORMAT_NONE is what files have."""
    if not isinstance(file, NodeFile) or len(asked.data) < 2:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    if asked.data[:2] != bytes(2):
        raise NtError(NTSTATUS.INVALID_DEVICE_REQUEST)
    return b""


def _get_reparse_point(file: OnDisk, asked: Control) -> bytes:
    if not asked.room:
        raise NtError(NTSTATUS.INVALID_USER_BUFFER)
    raise NtError(NTSTATUS.NOT_A_REPARSE_POINT)


def _delete_reparse_point(file: OnDisk, asked: Control) -> bytes:
    raise NtError(NTSTATUS.NOT_A_REPARSE_POINT)


def _get_object_id(file: OnDisk, asked: Control) -> bytes:
    """No file has one until somebody makes it, and this volume keeps none."""
    raise NtError(NTSTATUS.OBJECTID_NOT_FOUND)


def _allocated_ranges(file: OnDisk, asked: Control) -> bytes:
    """All of the file is allocated."""
    if not isinstance(file, DiskFile) or len(asked.data) < _RANGE.size:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    if not file.access & Access.READ_DATA:
        raise NtError(NTSTATUS.ACCESS_DENIED)
    start, length = _RANGE.unpack_from(asked.data)
    if start < 0 or length < 0 or start + length >= 1 << 63:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    end = min(start + length, file.status().size)
    if start >= end:
        return b""
    if asked.room < _RANGE.size:
        raise NtError(NTSTATUS.BUFFER_TOO_SMALL)
    return _RANGE.pack(start, end - start)


def _volume_data(file: OnDisk, asked: Control) -> bytes:
    """NTFS_VOLUME_DATA_BUFFER, of a volume whose own files take no room."""
    if asked.room < _VOLUME_DATA.size:
        raise NtError(NTSTATUS.BUFFER_TOO_SMALL)
    return _VOLUME_DATA.pack(
        file.volume.serial,
        _TOTAL_SECTORS,
        TOTAL_UNITS,
        FREE_UNITS,
        0,
        SECTOR,
        CLUSTER,
        _RECORD_BYTES,
        0,
        0, 0, 0, 0, 0,
    )  # fmt: skip


def _geometry(file: VolumeFile) -> bytes:
    """DISK_GEOMETRY."""
    cylinders = _TOTAL_SECTORS // (TRACKS_PER_CYLINDER * SECTORS_PER_TRACK)
    return struct.pack(
        "<q4I", cylinders, FIXED_MEDIA, TRACKS_PER_CYLINDER, SECTORS_PER_TRACK, SECTOR
    )


def _number(file: VolumeFile) -> int:
    return ord(file.volume.drive) - ord("A")


def _device_number(file: VolumeFile) -> bytes:
    """STORAGE_DEVICE_NUMBER: each volume is the only one of its disk."""
    return struct.pack("<3I", DISK_DEVICE, _number(file), 1)


def _extents(file: VolumeFile) -> bytes:
    """VOLUME_DISK_EXTENTS with one extent."""
    return struct.pack("<I4xI4x2q", 1, _number(file), 0, _TOTAL_SECTORS * SECTOR)


_FS_CONTROLS: dict[int, Callable[[OnDisk, Control], bytes]] = {
    FSCTL_REQUEST_OPLOCK_LEVEL_1: _no_oplock,
    FSCTL_REQUEST_OPLOCK_LEVEL_2: _no_oplock,
    FSCTL_REQUEST_BATCH_OPLOCK: _no_oplock,
    FSCTL_REQUEST_FILTER_OPLOCK: _no_oplock,
    FSCTL_LOCK_VOLUME: _lock_volume,
    FSCTL_UNLOCK_VOLUME: _unlock_volume,
    FSCTL_DISMOUNT_VOLUME: _lock_volume,
    FSCTL_IS_VOLUME_MOUNTED: _is_mounted,
    FSCTL_GET_COMPRESSION: _get_compression,
    FSCTL_SET_COMPRESSION: _set_compression,
    FSCTL_GET_NTFS_VOLUME_DATA: _volume_data,
    FSCTL_GET_REPARSE_POINT: _get_reparse_point,
    FSCTL_DELETE_REPARSE_POINT: _delete_reparse_point,
    FSCTL_GET_OBJECT_ID: _get_object_id,
    FSCTL_QUERY_ALLOCATED_RANGES: _allocated_ranges,
}
_DEVICE_CONTROLS: dict[int, Callable[[VolumeFile], bytes]] = {
    IOCTL_DISK_GET_DRIVE_GEOMETRY: _geometry,
    IOCTL_DISK_IS_WRITABLE: lambda file: b"",
    IOCTL_STORAGE_GET_DEVICE_NUMBER: _device_number,
    IOCTL_VOLUME_GET_VOLUME_DISK_EXTENTS: _extents,
}
