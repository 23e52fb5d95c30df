r"""The mount manager's controls (mountmgr.h): from a volume's device to its drive letter.

A query is a MOUNTMGR_MOUNT_POINT: the name of a link, an identifier, the name of a device, each
empty if any will do. The answer is MOUNTMGR_MOUNT_POINTS with the texts behind, at offsets from
its start.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.nt.status import NTSTATUS, NtError
from provider.nt.types import decode_utf16, encode_utf16

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provider.kernel.io.mount_manager import MountManagerFile

QUERY_POINTS = 0x6D0008
QUERY_DOS_VOLUME_PATH = 0x6D0030
_POINT = struct.Struct("<IHHIHHIHH")
_HEADER = struct.Struct("<II")


def control(file: MountManagerFile, code: int, data: bytes, room: int) -> bytes:
    """The answer to a control, of at most `room` bytes.

    NtError INVALID_DEVICE_REQUEST, INVALID_PARAMETER, OBJECT_NAME_NOT_FOUND, BUFFER_TOO_SMALL.
    """
    if code == QUERY_POINTS:
        answer = _query_points(file, data)
    elif code == QUERY_DOS_VOLUME_PATH:
        answer = _query_path(file, data)
    else:
        raise NtError(NTSTATUS.INVALID_DEVICE_REQUEST)
    if len(answer) > room:
        raise NtError(NTSTATUS.BUFFER_TOO_SMALL)
    return answer


def _query_points(file: MountManagerFile, data: bytes) -> bytes:
    if len(data) < _POINT.size:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    fields = _POINT.unpack_from(data)
    wanted = tuple(_text(data, fields[at], fields[at + 1]) for at in (0, 3, 6))
    found = [
        point
        for point in _points(file)
        if all(w in (b"", have) for w, have in zip(wanted, point, strict=True))
    ]
    if not found:
        raise NtError(NTSTATUS.OBJECT_NAME_NOT_FOUND)
    return _points_found(found)


def _text(data: bytes, offset: int, length: int) -> bytes:
    if offset + length > len(data):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    return data[offset : offset + length]


def _points(file: MountManagerFile) -> Iterator[tuple[bytes, bytes, bytes]]:
    """For each volume a link's name, the volume's identifier, the device's name."""
    for number, (drive, volume) in enumerate(file.volumes.items(), 1):
        link = encode_utf16(f"\\DosDevices\\{drive}:")
        yield link, struct.pack("<I", volume.serial), encode_utf16(_device_name(number))


def _device_name(number: int) -> str:
    return f"\\Device\\HarddiskVolume{number}"


def _points_found(found: list[tuple[bytes, bytes, bytes]]) -> bytes:
    texts = b""
    points = b""
    start = _HEADER.size + _POINT.size * len(found)
    for point in found:
        fields: list[int] = []
        for text in point:
            fields += (start + len(texts), len(text), 0)
            texts += text
        points += _POINT.pack(*fields)
    return _HEADER.pack(start + len(texts), len(found)) + points + texts


def _query_path(file: MountManagerFile, data: bytes) -> bytes:
    length = int.from_bytes(data[:2], "little")
    name = decode_utf16(_text(data, 2, length & ~1)).lower()
    for number, drive in enumerate(file.volumes, 1):
        if name in (_device_name(number).lower(), f"\\dosdevices\\{drive}:".lower()):
            path = encode_utf16(f"{drive}:\0\0")
            return struct.pack("<I", len(path)) + path
    raise NtError(NTSTATUS.OBJECT_NAME_NOT_FOUND)
