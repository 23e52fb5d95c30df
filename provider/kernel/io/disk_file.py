"""Files and directories of a mount, and the volume that they are on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.extended_attributes import ExtendedAttributes
from provider.kernel.io.file import CHUNK, FileObject, granted_access
from provider.kernel.io.host_error import host_errors
from provider.kernel.io.lock import RangeLock
from provider.kernel.io.notify import Filter
from provider.kernel.io.request import APPEND, Access, Attribute, OpenOptions

if TYPE_CHECKING:
    from provider.kernel.io.extended_attributes import ExtendedAttribute
    from provider.kernel.io.irp import Irp
    from provider.kernel.io.node import Node
    from provider.kernel.io.record import FileStatus
    from provider.kernel.io.volume import Volume
    from provider.kernel.mm import Backing


SECTOR = 512
"""Bytes."""
_TIME_FILTERS = (Filter.CREATION, Filter.LAST_ACCESS, Filter.LAST_WRITE)


class VolumeFile(FileObject):
    """A volume opened by itself, without a path: it can only be asked about."""

    __slots__ = ("volume",)

    writable = False

    def __init__(self, volume: Volume, access: int, share: int, options: int) -> None:
        super().__init__(access, share, options)
        self.volume = volume

    def full_name(self) -> str:
        return self.volume.full_name()

    def volume_path(self) -> str:
        return ""


class NodeFile(FileObject):
    """What files and directories have in common."""

    __slots__ = ("delete_on_close", "ea_index", "is_posix", "node", "on_writable_mount", "volume")

    def __init__(self, volume: Volume, node: Node, access: int, share: int, options: int) -> None:
        """The caller has entered `access` and `share` into the node's sharing."""
        super().__init__(access, share, options)
        self.volume, self.node = volume, node
        self.delete_on_close = bool(options & OpenOptions.DELETE_ON_CLOSE)
        self.on_writable_mount = False
        """Whether the path that the file was opened by lets it be changed."""
        self.is_posix = False
        """A pending deletion takes the name away when this handle is closed, not the last one."""
        self.ea_index = 0
        """The extended attribute that is told next."""
        node.opens += 1

    def grant(self, access: int) -> int:
        granted = granted_access(access, self.on_writable_mount)
        return self.volume.without_read_only(self.node, access, granted)

    def get_security(self) -> bytes | None:
        return self.node.records.security(self.node.where)

    def set_security(self, descriptor: bytes) -> None:
        node = self.node
        if not self.on_writable_mount:
            raise KernelError(Reason.ACCESS_DENIED, "the mount is read-only")
        node.records.get(node.where.key).security = descriptor
        node.records.changed(node.where.key)
        self.volume.watches.modified(node.where, Filter.SECURITY)

    def full_name(self) -> str:
        return self.volume.full_name() + self.node.path()

    def description(self) -> str:
        return self.volume.describe(self.node)

    def volume_path(self) -> str:
        return self.node.path()

    def status(self) -> FileStatus:
        return self.node.status()

    def identifier(self) -> int:
        """What the file can be opened by, other than its name.  KernelError."""
        number = self.node.status().id
        self.node.records.places[number] = self.volume, self.node.path()
        return number

    def own_short_name(self) -> str:
        """The short name; the name itself if that is short, empty for the top of a drive."""
        where = self.node.where
        if where.parent is None:
            return ""
        table = self.node.records.short_names.of(where.parent)
        return table.short(where.name) or where.name

    def on_close(self) -> None:
        node = self.node
        node.sharing.leave(self.access, self.share)
        node.locks.release(self)
        node.opens -= 1
        if self.delete_on_close and not node.delete_pending and self.volume.is_empty(node):
            node.delete_pending = True
            self.volume.watches.end(node.where.key)
        if node.delete_pending and (not node.opens or self.is_posix):
            self.volume.remove(node)

    def set_delete(self, wanted: bool, *, ignore_read_only: bool = False) -> None:
        """Delete the file when its last handle is closed, or do not; `delete_on_close` stays.

        KernelError CANNOT_DELETE for a read-only file and a mount point, DIRECTORY_NOT_EMPTY.
        """
        if wanted:
            self.volume.check_delete(self.node, ignore_read_only=ignore_read_only)
            if not self.volume.is_empty(self.node):
                raise KernelError(Reason.DIRECTORY_NOT_EMPTY)
            self.volume.watches.end(self.node.where.key)
        self.node.delete_pending = wanted

    def set_attributes(self, attributes: int) -> None:
        """Set the attributes; 0 leaves them.  KernelError INVALID_PARAMETER, ACCESS_DENIED."""
        if not attributes:
            return
        node = self.node
        if attributes & Attribute.DIRECTORY and not node.is_directory:
            raise KernelError(Reason.INVALID_PARAMETER, "a file does not become a directory")
        if not self.on_writable_mount:
            raise KernelError(Reason.ACCESS_DENIED, "the mount is read-only")
        if not node.is_directory:
            node.set_read_only(bool(attributes & Attribute.READONLY))
        node.records.set_attributes(node.where.key, attributes)
        self.volume.watches.modified(node.where, Filter.ATTRIBUTES)

    def set_extended_attributes(self, changes: list[ExtendedAttribute]) -> None:
        """Set extended attributes, or take some away.  KernelError EA_TOO_LARGE, ACCESS_DENIED."""
        node = self.node
        if not self.on_writable_mount:
            raise KernelError(Reason.ACCESS_DENIED, "the mount is read-only")
        record = node.records.get(node.where.key)
        attributes = record.extended_attributes or ExtendedAttributes()
        attributes.update(changes)
        record.extended_attributes = attributes
        node.records.changed(node.where.key)
        self.volume.watches.modified(node.where, Filter.EA)

    def set_times(
        self,
        *,
        creation: int | None = None,
        access: int | None = None,
        write: int | None = None,
        change: int | None = None,
    ) -> None:
        """Set times, in 100 ns since 1601; None leaves one.  KernelError."""
        node = self.node
        if not self.on_writable_mount:
            raise KernelError(Reason.ACCESS_DENIED, "the mount is read-only")
        record = node.records.get(node.where.key)
        if write is not None:
            record.creation = self.status().times.creation
            record.write = write
            node.set_host_time(write)
        record.creation = record.creation if creation is None else creation
        record.access = record.access if access is None else access
        record.change = node.records.now() if change is None else change
        given = zip((creation, access, write), _TIME_FILTERS, strict=True)
        if kinds := sum(kind for time, kind in given if time is not None):
            self.volume.watches.modified(node.where, kinds)


class DiskFile(NodeFile):
    """A file with contents."""

    __slots__ = ("_size_before",)

    always_pends = True

    def __init__(self, volume: Volume, node: Node, access: int, share: int, options: int) -> None:
        super().__init__(volume, node, access, share, options)
        self._size_before: int | None = None
        """The size before the first write that nobody was told of."""

    def on_close(self) -> None:
        self._tell_written()
        super().on_close()

    def flush(self) -> None:
        self._tell_written()

    def read(self, size: int, offset: int | None = None, *, key: int = 0) -> bytes:
        node = self.node
        start = self.place_of(offset, 0)
        if size > CHUNK:
            size = CHUNK
        if node.locks:
            node.locks.check(start, size, self, key, write=False)
        with host_errors():
            data = node.read(start, size)
        if (segment := self.volume.mappings.file_segment(node)) is not None:
            data = segment.overlay(start, data)
        if not data and size:
            raise KernelError(Reason.END_OF_FILE)
        if self.is_synchronous:
            self.position = start + len(data)
        return data

    def check_transfer(self, offset: int | None, size: int) -> None:
        """Raise where a transfer cannot begin, whatever is in the file.

        KernelError INVALID_PARAMETER: no offset for an asynchronous file, or a piece of a sector
        for one without intermediate buffering.
        """
        if offset is None:
            if not self.is_synchronous:
                raise KernelError(Reason.INVALID_PARAMETER, "no offset for an asynchronous file")
            offset = self.position
        if self.mode & OpenOptions.NO_BUFFERING and (size | max(offset, 0)) % SECTOR:
            raise KernelError(Reason.INVALID_PARAMETER, "not a whole sector")

    def write(self, data: bytes, offset: int | None = None, *, key: int = 0) -> int:
        node = self.node
        if not self.access & Access.WRITE_DATA:
            offset = APPEND
        with host_errors():
            if self._size_before is None:
                self._size_before = node.size
            start = self.place_of(offset, node.size if offset == APPEND else 0)
            if node.locks:
                node.locks.check(start, len(data), self, key, write=True)
            node.write(start, data)
        if (segment := self.volume.mappings.file_segment(node)) is not None:
            segment.update(start, data)
        if self.is_synchronous:
            self.position = start + len(data)
        return len(data)

    def lock(self, start: int, length: int, *, exclusive: bool, key: int) -> bool:
        """Lock a range of bytes; False where another lock stands against it.  KernelError."""
        return self.node.locks.lock(RangeLock(start, length, exclusive, self, key))

    def start_lock(self, irp: Irp, start: int, length: int, *, exclusive: bool, key: int) -> None:
        """Lock a range of bytes as soon as it is free.  KernelError."""
        self.node.locks.request(irp, RangeLock(start, length, exclusive, self, key))

    def unlock(self, start: int, length: int, *, key: int) -> None:
        """Give up a lock.  KernelError RANGE_NOT_LOCKED."""
        self.node.locks.unlock(start, length, self, key)

    def set_size(self, size: int) -> None:
        """Set the end of the file.  KernelError; USER_MAPPED_FILE to cut a file that is mapped."""
        if size < 0:
            raise KernelError(Reason.INVALID_PARAMETER, "a negative size")
        before = self.status().size
        if size < before and self.volume.is_mapped(self.node):
            raise KernelError(Reason.USER_MAPPED_FILE)
        with host_errors():
            self.node.set_size(size)
        if size != before:
            self.volume.watches.modified(self.node.where, Filter.SIZE | Filter.LAST_WRITE)

    def backing(self) -> Backing:
        return self.node

    def _tell_written(self) -> None:
        """Writes become known when the file is flushed or closed, as the cache hides them."""
        before, self._size_before = self._size_before, None
        if before is None or not self.volume.watches:
            return
        with host_errors():
            grown = self.node.size != before
        kinds = Filter.LAST_WRITE | (Filter.SIZE if grown else 0)
        self.volume.watches.modified(self.node.where, kinds)
