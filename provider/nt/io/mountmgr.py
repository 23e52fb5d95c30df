r"""The mount manager's controls (mountmgr.h): from a volume's device to its drive letter.

A query is a MOUNTMGR_MOUNT_POINT: the name of a link, an identifier, the name of a device, each
empty if any will do. The answer is MOUNTMGR_MOUNT_POINTS with the texts behind, at offsets from
its start.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from provider.nt.status import NTSTATUS, NtError
from provider.nt.types import decode_utf16, encode_utf16

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provider.kernel.io.mount_manager import MountManagerFile

QUERY_POINTS = 0x6D0008
QUERY_DOS_VOLUME_PATH = 0x6D0030
_POINT = struct.Struct("<IHHIHHIHH")
_HEADER = struct.Struct("<II")
_PATHS_HEADER = 4
_DOS_DEVICES = "\\DosDevices\\"


class Answer(NamedTuple):
    """What a control gives back."""

    data: bytes
    status: NTSTATUS = NTSTATUS.SUCCESS


def control(file: MountManagerFile, code: int, data: bytes, room: int) -> Answer:
    """The answer to a control, of at most `room` bytes; BUFFER_OVERFLOW with only its header.

    NtError INVALID_DEVICE_REQUEST, INVALID_PARAMETER, OBJECT_NAME_NOT_FOUND.
    """
    if code == QUERY_POINTS:
        answer, header, least = _query_points(file, data), _HEADER.size, _HEADER.size + _POINT.size
    elif code == QUERY_DOS_VOLUME_PATH:
        answer, header, least = _query_path(file, data), _PATHS_HEADER, _PATHS_HEADER
    else:
        raise NtError(NTSTATUS.INVALID_DEVICE_REQUEST)
    if room < least:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    if len(answer) > room:
        return Answer(answer[:header], NTSTATUS.BUFFER_OVERFLOW)
    return Answer(answer)


def _query_points(file: MountManagerFile, data: bytes) -> bytes:
    if len(data) < _POINT.size:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    fields = _POINT.unpack_from(data)
    link, *others = (_text(data, fields[at], fields[at + 1]) for at in (0, 3, 6))
    wanted = (_link_name(link), *others)
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
    """For each link to a volume its name, the volume's identifier, the device's name."""
    for number, (drive, volume) in enumerate(file.volumes.items(), 1):
        identifier, device = struct.pack("<I", volume.serial), encode_utf16(_device_name(number))
        for link in (f"{_DOS_DEVICES}{drive}:", f"\\??\\{volume.unique_name}"):
            yield encode_utf16(link), identifier, device


def _link_name(link: bytes) -> bytes:
    r"""A drive's link in the form that the mount manager has it: `\??\` is the same directory."""
    text = decode_utf16(link[: len(link) & ~1])
    if text.startswith("\\??\\") and text.endswith(":"):
        return encode_utf16(_DOS_DEVICES + text[4:].upper())
    return link


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
