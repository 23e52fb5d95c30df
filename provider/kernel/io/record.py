"""What a machine remembers of the host's files: identifiers, times and attributes of its own.

A file that the guest has not changed shows the host's modification time for all its times, as the
file is an input of the run.  What the guest writes gets virtual times, which are kept here: the
host's files keep the times that the host gives them.
"""

from __future__ import annotations

import stat
from collections.abc import Callable
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from provider.kernel.io.default_security import DefaultSecurity
from provider.kernel.io.request import SETTABLE, Attribute
from provider.kernel.io.short_name import ShortNames

if TYPE_CHECKING:
    from provider.kernel.io.directory import FileKey, HostStatus
    from provider.kernel.io.extended_attributes import ExtendedAttributes
    from provider.kernel.io.mount import Located, Place

CLUSTER = 4096
EPOCH_1970 = 116_444_736_000_000_000
"""1970-01-01 in 100 ns since 1601-01-01."""
_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


class FileTimes(NamedTuple):
    """Times in 100 ns since 1601-01-01 UTC."""

    creation: int
    access: int
    write: int
    change: int


class FileStatus(NamedTuple):
    """What a guest may know about a file; sizes in bytes."""

    times: FileTimes
    size: int
    allocation: int
    attributes: int
    links: int
    id: int

    @property
    def is_directory(self) -> bool:
        """Whether it is a directory."""
        return bool(self.attributes & Attribute.DIRECTORY)


class FileRecord:
    """What differs from the host's view of one file; None where nothing does."""

    __slots__ = (
        "access",
        "attributes",
        "change",
        "creation",
        "extended_attributes",
        "id",
        "security",
        "write",
    )

    def __init__(self, file_id: int) -> None:
        self.id = file_id
        self.creation: int | None = None
        self.access: int | None = None
        self.write: int | None = None
        self.change: int | None = None
        self.attributes: int | None = None
        self.extended_attributes: ExtendedAttributes | None = None
        self.security: bytes | None = None
        """The security descriptor."""

    def times(self, modified: int) -> FileTimes:
        """The times, `modified` being the host's."""
        write = modified if self.write is None else self.write
        return FileTimes(
            modified if self.creation is None else self.creation,
            write if self.access is None else self.access,
            write,
            write if self.change is None else self.change,
        )


class FileRecords:
    """The records of a machine's files; identifiers are given in the order of first use."""

    def __init__(self, clock: Callable[[], int]) -> None:
        """`clock` gives the virtual time in 100 ns since 1601."""
        self.now = clock
        self.start = clock()
        self.short_names = ShortNames()
        self.default_security = DefaultSecurity()
        self.places: dict[int, tuple[object, str]] = {}
        """Volume and path of files by the identifiers that the guest was told."""
        self._records: dict[FileKey, FileRecord] = {}
        self._last_id = 0x10000

    def get(self, key: FileKey) -> FileRecord:
        """The file's record, made if need be."""
        record = self._records.get(key)
        if record is None:
            self._last_id += 1
            record = self._records[key] = FileRecord(self._last_id)
        return record

    def security(self, found: Located) -> bytes | None:
        """The security descriptor of a file or directory."""
        return self._security(found.key, found.directory is not None, found.writable)

    def security_of_directory(self, place: Place) -> bytes | None:
        """The security descriptor of a directory."""
        return self._security(place.key, True, place.writable)

    def _security(self, key: FileKey, is_directory: bool, writable: bool) -> bytes | None:
        record = self._records.get(key)
        if record is not None and record.security is not None:
            return record.security
        return self.default_security.of(is_directory=is_directory, writable=writable)

    def created(self, key: FileKey, attributes: int, security: bytes | None = None) -> FileRecord:
        """A file was made by the guest."""
        record = self._records[key] = FileRecord(self._last_id + 1)
        record.security = security
        self._last_id += 1
        record.creation = record.access = record.write = record.change = self.now()
        record.attributes = attributes & SETTABLE
        return record

    def set_attributes(self, key: FileKey, attributes: int) -> None:
        """The guest set a file's attributes; what is not kept is left out."""
        record = self.get(key)
        record.attributes = attributes & SETTABLE
        record.change = self.now()

    def about_to_change(self, key: FileKey, status: Callable[[], HostStatus]) -> None:
        """The host will give the file another time: keep what stands for its creation.

        `status` is called for a file that has none.
        """
        record = self.get(key)
        if record.creation is None:
            record.creation = status().modified // 100 + EPOCH_1970

    def written(self, key: FileKey) -> None:
        """A file's contents, or a directory's entries, were changed by the guest."""
        record = self.get(key)
        record.write = record.change = self.now()

    def changed(self, key: FileKey) -> None:
        """A file's name or attributes were changed by the guest."""
        self.get(key).change = self.now()

    def forget(self, key: FileKey) -> None:
        """The file is gone; the host may use its number again."""
        record = self._records.pop(key, None)
        if record is not None:
            self.places.pop(record.id, None)

    def status(self, host: HostStatus) -> FileStatus:
        """What the guest sees of a file."""
        record = self.get(host.key)
        directory = stat.S_ISDIR(host.mode)
        size = 0 if directory else host.size
        return FileStatus(
            record.times(host.modified // 100 + EPOCH_1970),
            size,
            -(-size // CLUSTER) * CLUSTER,
            self.attributes(record, host.mode),
            1 if directory else host.links,
            record.id,
        )

    @staticmethod
    def attributes(record: FileRecord, mode: int) -> int:
        """The attributes: read-only is the host's, the rest ours; NORMAL where there are none."""
        own = record.attributes
        if stat.S_ISDIR(mode):
            return Attribute.DIRECTORY | (own or 0)
        if own is None:
            own = Attribute.ARCHIVE
        own &= ~Attribute.READONLY
        if not mode & _WRITABLE:
            own |= Attribute.READONLY
        return own or Attribute.NORMAL
