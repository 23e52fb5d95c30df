"""NtQueryVolumeInformationFile: what a guest can ask about the volume or device of a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from provider.kernel.io import FileObject
from provider.kernel.io.disk_file import SECTOR, NodeFile, VolumeFile
from provider.kernel.io.file import DeviceType
from provider.kernel.thread import Thread
from provider.nt.handles import reference
from provider.nt.io.flags import FS_INFORMATION_CLASS
from provider.nt.io.flags import FsInformation as _Class
from provider.nt.io.operation import Operation
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.io import (
    FILE_FS_ATTRIBUTE_INFORMATION,
    FILE_FS_DEVICE_INFORMATION,
    FILE_FS_FULL_SIZE_INFORMATION,
    FILE_FS_SIZE_INFORMATION,
    FILE_FS_VOLUME_INFORMATION,
    IO_STATUS_BLOCK,
)
from provider.nt.table import nt
from provider.nt.types import HANDLE, PVOID, ULONG, encode_utf16
from provider.syscall import Out

if TYPE_CHECKING:
    from provider.kernel.io.volume import Volume

SECTORS_PER_UNIT = 8
TOTAL_UNITS = (64 << 30) // (SECTOR * SECTORS_PER_UNIT)
FREE_UNITS = TOTAL_UNITS // 2
"""A volume of 64 GB that is half full, whatever the host's is."""
FILE_SYSTEM = "NTFS"
FILE_SYSTEM_FLAGS = 0x400006
"""FILE_CASE_PRESERVED_NAMES, FILE_UNICODE_ON_DISK, FILE_SUPPORTS_HARD_LINKS."""
MAX_COMPONENT = 255
DEVICE_IS_MOUNTED = 0x20
_DEVICE_CLASS = _Class.FileFsDeviceInformation


@nt.syscall(partial="Classes of quotas, labels to be set, object identifiers.")
def NtQueryVolumeInformationFile(
    thread: Thread,
    FileHandle: HANDLE,
    IoStatusBlock: Out[IO_STATUS_BLOCK],
    FsInformation: PVOID,
    Length: ULONG,
    FsInformationClass: FS_INFORMATION_CLASS,
) -> int:
    """Tell something about the volume or the device of a file."""
    file = reference(thread, FileHandle, FileObject)
    if FsInformationClass == _DEVICE_CLASS:
        data = _device(file)
    elif FsInformationClass in _ANSWERS:
        data = _volume(file, FsInformationClass)
    else:
        raise NtError(NTSTATUS.INVALID_INFO_CLASS)
    minimum = _MINIMUM.get(FsInformationClass, -1)
    return Operation(thread, IoStatusBlock).answer(FsInformation, Length, data, minimum=minimum)


def _device(file: FileObject) -> bytes:
    mounted = DEVICE_IS_MOUNTED if file.device_type is DeviceType.DISK else 0
    information = FILE_FS_DEVICE_INFORMATION(DeviceType=file.device_type, Characteristics=mounted)
    return bytes(information)


def _volume(file: FileObject, information_class: int) -> bytes:
    if not isinstance(file, NodeFile | VolumeFile):
        raise NtError(NTSTATUS.INVALID_DEVICE_REQUEST)
    return _ANSWERS[information_class](file.volume)


def _label(volume: Volume) -> bytes:
    label = encode_utf16("")
    information = FILE_FS_VOLUME_INFORMATION(
        VolumeCreationTime=volume.records.start,
        VolumeSerialNumber=volume.serial,
        VolumeLabelLength=len(label),
    )
    return bytes(information)[:_LABEL_AT] + label


def _size(volume: Volume) -> bytes:
    return bytes(
        FILE_FS_SIZE_INFORMATION(
            TotalAllocationUnits=TOTAL_UNITS,
            AvailableAllocationUnits=FREE_UNITS,
            SectorsPerAllocationUnit=SECTORS_PER_UNIT,
            BytesPerSector=SECTOR,
        )
    )


def _full_size(volume: Volume) -> bytes:
    return bytes(
        FILE_FS_FULL_SIZE_INFORMATION(
            TotalAllocationUnits=TOTAL_UNITS,
            CallerAvailableAllocationUnits=FREE_UNITS,
            ActualAvailableAllocationUnits=FREE_UNITS,
            SectorsPerAllocationUnit=SECTORS_PER_UNIT,
            BytesPerSector=SECTOR,
        )
    )


def _attributes(volume: Volume) -> bytes:
    name = encode_utf16(FILE_SYSTEM)
    information = FILE_FS_ATTRIBUTE_INFORMATION(
        FileSystemAttributes=FILE_SYSTEM_FLAGS,
        MaximumComponentNameLength=MAX_COMPONENT,
        FileSystemNameLength=len(name),
    )
    return bytes(information) + name


_LABEL_AT = 18
_ANSWERS: dict[int, Callable[[Volume], bytes]] = {
    _Class.FileFsVolumeInformation: _label,
    _Class.FileFsSizeInformation: _size,
    _Class.FileFsAttributeInformation: _attributes,
    _Class.FileFsFullSizeInformation: _full_size,
}
_MINIMUM: dict[int, int] = {
    _Class.FileFsVolumeInformation: _LABEL_AT,
    _Class.FileFsAttributeInformation: FILE_FS_ATTRIBUTE_INFORMATION.SIZE,
}
"""The least bytes that must fit, where not all have to."""
