r"""`\Device\MountPointManager`: which drive letter belongs to which volume."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.file import Device, DeviceType, FileObject
from provider.kernel.io.file_security import check_device
from provider.kernel.io.request import OpenRequest, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from provider.kernel.io.volume import Volume


class MountManagerFile(FileObject):
    """An open mount manager; it answers controls, and cannot be read or written."""

    __slots__ = ("volumes",)

    device_type = DeviceType.MOUNT_MANAGER

    def __init__(self, volumes: Mapping[str, Volume], access: int, request: OpenRequest) -> None:
        super().__init__(access, request.share, request.options)
        self.volumes = volumes
        """Volumes by drive letter."""


class MountManager(Device):
    """The device that opens them."""

    __slots__ = ("_volumes",)

    def __init__(self, volumes: Mapping[str, Volume]) -> None:
        super().__init__()
        self._volumes = volumes

    def open(self, request: OpenRequest, rest: str) -> tuple[FileObject, Outcome]:
        if rest:
            raise KernelError(Reason.OBJECT_PATH_NOT_FOUND)
        access = check_device(request.opener, self.get_security(), request.access)
        return MountManagerFile(self._volumes, access, request), Outcome.OPENED
