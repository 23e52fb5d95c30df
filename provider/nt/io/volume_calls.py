"""NtQueryVolumeInformationFile: what a guest can ask about the volume or device of a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from provider.kernel.io import FileObject
from provider.kernel.io.disk_file import SECTOR, NodeFile, VolumeFile
from provider.kernel.io.file import DeviceType
from provider.kernel.io.request import Access
from provider.kernel.thread import Thread
from provider.nt.contents import FILLED, GIVEN
from provider.nt.handles import reference
from provider.nt.io.flags import FsInformation as _Class
from provider.nt.io.operation import Operation
from provider.nt.legend import FS_INFORMATION_CLASS
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.io import (
    FILE_FS_ATTRIBUTE_INFORMATION,
    FILE_FS_CONTROL_INFORMATION,
    FILE_FS_DEVICE_INFORMATION,
    FILE_FS_FULL_SIZE_INFORMATION,
    FILE_FS_SECTOR_SIZE_INFORMATION,
    FILE_FS_SIZE_INFORMATION,
    FILE_FS_VOLUME_INFORMATION,
    IO_STATUS_BLOCK,
)
from provider.nt.table import nt
from provider.nt.types import HANDLE, ULONG, encode_utf16
from provider.syscall import Out

if TYPE_CHECKING:
    from provider.kernel.io.volume import Volume

SECTORS_PER_UNIT = 8
TOTAL_UNITS = (64 << 30) // (SECTOR * SECTORS_PER_UNIT)
FREE_UNITS = TOTAL_UNITS // 2
"""A volume of 64 GB that is half full, whatever the host's is."""
FILE_SYSTEM = "NTFS"
FILE_SYSTEM_FLAGS = 0x1C00006
"""Names keep their case and are Unicode; hard links, extended attributes, opening by identifier."""
SECTOR_FLAGS = 0x3
"""SSINFO_FLAGS_ALIGNED_DEVICE, SSINFO_FLAGS_PARTITION_ALIGNED_ON_DEVICE."""
NO_QUOTA = -1
MAX_COMPONENT = 255
DEVICE_IS_MOUNTED = 0x20
_DEVICE_CLASS = _Class.FileFsDeviceInformation


@nt.syscall(partial="The classes of quotas of users, driver paths and volume flags.")
def NtQueryVolumeInformationFile(
    thread: Thread,
    FileHandle: HANDLE,
    IoStatusBlock: Out[IO_STATUS_BLOCK],
    FsInformation: FILLED,
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


@nt.syscall()
def NtSetVolumeInformationFile(
    thread: Thread,
    FileHandle: HANDLE,
    IoStatusBlock: Out[IO_STATUS_BLOCK],
    FsInformation: GIVEN,
    Length: ULONG,
    FsInformationClass: FS_INFORMATION_CLASS,
) -> None:
    """Change something about a volume, which takes a handle of the volume that can write.

    No user has one: this one is no administrator.
    """
    least = _SETTABLE.get(FsInformationClass)
    if least is None:
        raise NtError(NTSTATUS.INVALID_INFO_CLASS)
    if Length < least:
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
    thread.process.space.probe_read(FsInformation, min(Length, least))
    file = reference(thread, FileHandle, FileObject, Access.WRITE_DATA)
    if isinstance(file, NodeFile):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    file.refuse()


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
        SupportsObjects=1,
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


def _control(volume: Volume) -> bytes:
    return bytes(
        FILE_FS_CONTROL_INFORMATION(DefaultQuotaThreshold=NO_QUOTA, DefaultQuotaLimit=NO_QUOTA)
    )


def _object_id(volume: Volume) -> bytes:
    """A volume gets one when it is first given one."""
    raise NtError(NTSTATUS.OBJECT_NAME_NOT_FOUND)


def _sector_size(volume: Volume) -> bytes:
    return bytes(
        FILE_FS_SECTOR_SIZE_INFORMATION(
            LogicalBytesPerSector=SECTOR,
            PhysicalBytesPerSectorForAtomicity=SECTOR,
            PhysicalBytesPerSectorForPerformance=SECTOR,
            FileSystemEffectivePhysicalBytesPerSectorForAtomicity=SECTOR,
            Flags=SECTOR_FLAGS,
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
    _Class.FileFsControlInformation: _control,
    _Class.FileFsFullSizeInformation: _full_size,
    _Class.FileFsObjectIdInformation: _object_id,
    _Class.FileFsSectorSizeInformation: _sector_size,
}
_SETTABLE: dict[int, int] = {
    _Class.FileFsLabelInformation: 4,
    _Class.FileFsControlInformation: FILE_FS_CONTROL_INFORMATION.SIZE,
    _Class.FileFsObjectIdInformation: 16,
}
"""Classes that can be set, with their least bytes."""
_MINIMUM: dict[int, int] = {
    _Class.FileFsVolumeInformation: _LABEL_AT,
    _Class.FileFsAttributeInformation: FILE_FS_ATTRIBUTE_INFORMATION.SIZE,
}
"""The least bytes that must fit, where not all have to."""
