"""Directories that are no file system's: a device's names, as a listing shows them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.file import FileObject
from provider.kernel.io.listing import DirectoryEntry, Listing
from provider.kernel.ob.casing import upcase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provider.kernel.io.record import FileStatus


class FlatDirectory(FileObject, ABC):
    """The root of a device."""

    __slots__ = ("_members", "listing")

    def __init__(self, access: int, share: int, options: int) -> None:
        super().__init__(access, share, options)
        self.listing = Listing(self)
        self._members: dict[str, FileStatus] = {}

    @abstractmethod
    def members(self) -> Iterator[tuple[str, FileStatus]]:
        """Names and what they stand for, in a fixed order."""

    def volume_path(self) -> str:
        return "\\"

    def read(self, size: int, offset: int | None = None, *, key: int = 0) -> bytes:
        raise KernelError(Reason.INVALID_PARAMETER, "a directory")

    def write(self, data: bytes, offset: int | None = None, *, key: int = 0) -> int:
        raise KernelError(Reason.INVALID_PARAMETER, "a directory")

    def list_names(self) -> list[str]:
        """See `Listed`."""
        self._members = dict(self.members())
        return list(self._members)

    def list_named(self, name: str) -> list[str]:
        """See `Listed`."""
        return [other for other in self.list_names() if upcase(other) == upcase(name)]

    def entry(self, name: str) -> DirectoryEntry | None:
        """See `Listed`."""
        status = self._members.get(name)
        return None if status is None else DirectoryEntry(name, status, "")

    def short_name(self, name: str) -> str:
        """See `Listed`."""
        return ""
