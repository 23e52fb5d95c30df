"""Volumes: one for each drive letter; they open, delete, rename and link files beneath mounts."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from provider.kernel.errors import KernelError, Reason
from provider.kernel.events import FileDelete
from provider.kernel.io.directory_file import DirectoryFile
from provider.kernel.io.disk_file import DiskFile, NodeFile, VolumeFile
from provider.kernel.io.extended_attributes import ExtendedAttributes
from provider.kernel.io.file import Device, FileObject, granted_access
from provider.kernel.io.file_security import check_device, check_file, check_place
from provider.kernel.io.host_error import host_errors
from provider.kernel.io.mount import Located, MountPoint, Place
from provider.kernel.io.name import split
from provider.kernel.io.node import Node
from provider.kernel.io.notify import Filter
from provider.kernel.io.opener import ANYBODY, Opener
from provider.kernel.io.request import (
    Access,
    Attribute,
    Disposition,
    OpenOptions,
    OpenRequest,
    Outcome,
    Share,
)
from provider.kernel.io.short_name import LONGEST
from provider.kernel.ob.access import MAXIMUM_ALLOWED, SYSTEM_SECURITY

if TYPE_CHECKING:
    from provider.kernel.event_stream import EventStream
    from provider.kernel.io.directory import FileKey
    from provider.kernel.io.mapped import Mappings
    from provider.kernel.io.notify import Watches
    from provider.kernel.io.record import FileRecords

_WRITING = Access.WRITE_DATA | Access.APPEND_DATA
_OVERWRITING = Access.WRITE_DATA | Access.WRITE_EA | Access.WRITE_ATTRIBUTES
_DATA = _WRITING | Access.READ_DATA | Access.EXECUTE
_OUTCOMES = {
    Disposition.SUPERSEDE: Outcome.SUPERSEDED,
    Disposition.OVERWRITE: Outcome.OVERWRITTEN,
    Disposition.OVERWRITE_IF: Outcome.OVERWRITTEN,
}
_GUARDED = Attribute.HIDDEN | Attribute.SYSTEM


class Volume(Device):
    """A drive: the tree of its mounts, and the files that are open in it."""

    __slots__ = ("drive", "events", "mappings", "nodes", "records", "top", "watches")

    def __init__(
        self,
        drive: str,
        records: FileRecords,
        nodes: WeakValueDictionary[FileKey, Node],
        mappings: Mappings,
        watches: Watches,
        events: EventStream,
    ) -> None:
        super().__init__()
        self.events = events
        self.mappings, self.watches = mappings, watches
        self.drive, self.records, self.nodes = drive, records, nodes
        self.top = MountPoint("")

    def describe(self, node: Node) -> str:
        """A file's path as people know it, with the drive's letter."""
        return f"\\??\\{self.drive}:{node.path()}"

    @property
    def serial(self) -> int:
        """The serial number, which tells volumes apart."""
        return 0x50430000 + ord(self.drive)

    @property
    def unique_name(self) -> str:
        """The name that the mount manager links to the volume, beside its letter."""
        return f"Volume{{00000000-0000-0000-0000-{self.serial:012x}}}"

    def open(self, request: OpenRequest, rest: str) -> tuple[FileObject, Outcome]:
        if not rest:
            if request.disposition not in (Disposition.OPEN, Disposition.OPEN_IF):
                raise KernelError(Reason.OBJECT_NAME_COLLISION)
            access = granted_access(request.access, False)
            access &= check_device(request.opener, self.get_security(), request.access)
            file = VolumeFile(self, access, request.share, request.options)
            return file, Outcome.OPENED
        path = rest[2:] if rest.startswith("\\\\") else rest[1:]  # NTFS takes two for one
        return self.open_below(Place.root(self.top), path, request)

    def open_below(self, place: Place, path: str, request: OpenRequest) -> tuple[NodeFile, Outcome]:
        """Open or create what `path` names below a directory; empty: the directory itself."""
        if not path:
            return self.open_existing(place.here(), request)
        names, trailing = split(path)
        parent = self.walk(place, names[:-1], request.opener)
        found = self.locate(parent, names[-1])
        if found is None:
            if trailing and request.disposition.creates and not request.wants_directory:
                raise KernelError(Reason.OBJECT_NAME_INVALID, "a backslash after a file's name")
            return self._create(parent, names[-1], request)
        if trailing and found.directory is None:
            raise KernelError(Reason.OBJECT_NAME_INVALID, "a backslash after a file's name")
        return self.open_existing(found, request)

    def locate(self, place: Place, name: str) -> Located | None:
        """An entry of a directory, by its name or its short name.  KernelError ACCESS_DENIED."""
        found = place.locate(name)
        if found is None and "~" in name and len(name) <= LONGEST:
            long = self.records.short_names.of(place).long(name)
            found = place.locate(long) if long is not None else None
        return found

    def walk(self, place: Place, names: list[str], opener: Opener = ANYBODY) -> Place:
        """The directory at a path below another.

        KernelError OBJECT_PATH_NOT_FOUND, ACCESS_DENIED.
        """
        for name in names:
            found = self.locate(place, name)
            if found is None or found.directory is None:
                raise KernelError(Reason.OBJECT_PATH_NOT_FOUND, name)
            place = found.directory
            if not opener.traverses_freely:
                check_place(opener, self.records, place, Access.EXECUTE)
        return place

    def find_id(self, identifier: int) -> Located:
        """The file of an identifier that the guest was told.  KernelError INVALID_PARAMETER."""
        records = self.records
        for node in self.nodes.values():
            if node.opens and not node.is_gone and records.get(node.where.key).id == identifier:
                return node.where
        seen = records.places.get(identifier)
        if seen is None or seen[0] is not self:
            raise KernelError(Reason.INVALID_PARAMETER, "an unknown file identifier")
        place, names = Place.root(self.top), [name for name in seen[1].split("\\") if name]
        found: Located | None = place.here()
        for name in names:
            found = place.locate(name)
            if found is None:
                break
            place = found.directory or place
        if found is None or records.get(found.key).id != identifier:
            raise KernelError(Reason.INVALID_PARAMETER, "the file has another name now")
        return found

    def open_existing(self, found: Located, request: OpenRequest) -> tuple[NodeFile, Outcome]:
        """Open a file or directory that is there.  KernelError."""
        node = self.node(found)
        if not node.opens:
            node.where = found
        self._check_kind(node, request)
        access = self._granted(node, found, request)
        if access & Access.WRITE_DATA and self.mappings.has_image(node):
            raise KernelError(Reason.SHARING_VIOLATION, "the file is mapped as an image")
        if not request.share & Share.WRITE and self._has_writers(node):
            raise KernelError(Reason.SHARING_VIOLATION, "the file is mapped to be written")
        empties = request.disposition.empties
        if empties:
            self._check_overwrite(node, request, found.writable)
            supersedes = request.disposition is Disposition.SUPERSEDE
            added = Access.DELETE if supersedes else Access.WRITE_DATA
            node.sharing.check(access | added, request.share)
        node.sharing.enter(access, request.share)
        try:
            if not node.is_directory and (access & _DATA or empties):
                node.need(write=bool(access & _WRITING) or empties)
            if empties:
                self._empty(node, request)
            if request.options & OpenOptions.DELETE_ON_CLOSE:
                self.check_delete(node, on_close=True)
        except KernelError:
            node.sharing.leave(access, request.share)
            raise
        outcome = _OUTCOMES.get(request.disposition, Outcome.OPENED)
        return self._file(node, access, request, found.writable), outcome

    def node(self, found: Located) -> Node:
        """The node of an existing file."""
        node = self.nodes.get(found.key)
        if node is None:
            node = self.nodes[found.key] = Node(found, self.records)
        return node

    def _granted(self, node: Node, found: Located, request: OpenRequest) -> int:
        """The rights of a handle for an existing file.  KernelError ACCESS_DENIED."""
        access = request.access
        beside = 0
        if request.disposition.empties:
            supersedes = request.disposition is Disposition.SUPERSEDE
            beside = Access.DELETE if supersedes else _OVERWRITING
        granted = check_file(request.opener, self.records, found, access, beside=beside)
        return self.without_read_only(node, access, granted)

    @staticmethod
    def without_read_only(node: Node, access: int, granted: int) -> int:
        """What of `granted` the attribute leaves to who asked for `access`.

        KernelError ACCESS_DENIED.
        """
        if not granted & _WRITING or node.is_directory or not _is_read_only(node):
            return granted
        if access & MAXIMUM_ALLOWED:
            return granted & ~_WRITING
        raise KernelError(Reason.ACCESS_DENIED, "the file is read-only")

    def is_open_inside(self, key: FileKey) -> bool:
        """Whether anything beneath a directory is open."""
        for node in self.nodes.values():
            entry = node.where.entry
            if node.opens and entry is not None and entry[0].is_within(key):
                return True
        return False

    def _has_writers(self, node: Node) -> bool:
        """Whether a section or a view can change the file."""
        segment = self.mappings.file_segment(node)
        return segment is not None and segment.writers > 0

    def is_mapped(self, node: Node) -> bool:
        """Whether a section or a view of the file exists."""
        return self.mappings.file_segment(node) is not None or self.mappings.has_image(node)

    def check_delete(
        self, node: Node, *, ignore_read_only: bool = False, on_close: bool = False
    ) -> None:
        """Raise unless the file may be deleted.

        KernelError CANNOT_DELETE for a read-only file, a mapped one and a mount point; a file that
        is mapped as data may be deleted `on_close`.
        """
        mapped = self.mappings.has_image(node) if on_close else self.is_mapped(node)
        protected = mapped or (not ignore_read_only and _is_read_only(node))
        if node.where.entry is None or protected:
            raise KernelError(Reason.CANNOT_DELETE)

    @staticmethod
    def is_empty(node: Node) -> bool:
        """Whether it is no directory with something in it.  KernelError."""
        directory = node.where.directory
        return directory is None or directory.host is None or directory.host.is_empty()

    def forget(self, node: Node) -> None:
        """The name of a file goes; who has it open keeps the contents."""
        self.nodes.pop(node.where.key, None)
        if node.opens:
            node.is_gone = True
            if not node.is_directory:
                node.need(write=False)

    def remove(self, node: Node) -> None:
        """Delete a file, whose contents stay for those who have it open.

        What the host has replaced, filled or removed meanwhile stays as it is; there is nobody
        left to tell.
        """
        where = node.where
        if where.entry is None or where.parent is None or node.is_gone:
            return
        directory, name = where.entry
        try:
            status = directory.status(name)
            linked = where.entry != where.source
            if status is None or not (linked or status.key == where.key):
                return
            with host_errors():
                self.records.about_to_change(directory.key, directory.own_status)
            self.forget(node)
            directory.remove(name, directory=node.is_directory and not linked)
        except KernelError:
            return
        self.records.written(directory.key)
        deletions = self.events.channel(FileDelete)
        if deletions.listeners:
            path = self.describe(node)
            deletions.emit(FileDelete(*self.events.stamp_running(), path))
        self.watches.removed(where.parent, where.name, directory=node.is_directory)
        if not node.opens and (status.links == 1 or node.is_directory):
            self.records.forget(where.key)

    def _check_kind(self, node: Node, request: OpenRequest) -> None:
        if request.disposition is Disposition.CREATE:
            raise KernelError(Reason.OBJECT_NAME_COLLISION)
        if node.delete_pending:
            raise KernelError(Reason.DELETE_PENDING)
        if node.is_directory:
            if request.options & OpenOptions.NOT_DIRECTORY:
                raise KernelError(Reason.FILE_IS_A_DIRECTORY)
            if request.disposition.empties:
                raise KernelError(Reason.OBJECT_NAME_COLLISION)
        elif request.wants_directory:
            raise KernelError(Reason.NOT_A_DIRECTORY)

    def _check_overwrite(self, node: Node, request: OpenRequest, writable: bool) -> None:
        """A hidden or system file is overwritten only by one that says so too.

        A read-only one is not, but it can be superseded, which is to delete it.
        """
        attributes = node.status().attributes
        kept = attributes & _GUARDED & ~request.attributes
        if request.disposition is not Disposition.SUPERSEDE:
            kept |= attributes & Attribute.READONLY
        if not writable or kept:
            raise KernelError(Reason.ACCESS_DENIED)
        if self.is_mapped(node):
            raise KernelError(Reason.USER_MAPPED_FILE)

    def _empty(self, node: Node, request: OpenRequest) -> None:
        key = node.where.key
        packed = ExtendedAttributes.of(request.extended_attributes)
        with host_errors():
            node.set_size(0)
        if request.disposition is Disposition.SUPERSEDE:
            security = self.records.get(key).security
            self.records.created(key, request.attributes | Attribute.ARCHIVE, security)
        else:
            self.records.set_attributes(key, request.attributes | Attribute.ARCHIVE)
        self.records.get(key).extended_attributes = packed
        if request.attributes & Attribute.READONLY:
            node.set_read_only(True)
        self.watches.modified(node.where, Filter.ATTRIBUTES | Filter.SIZE | Filter.LAST_WRITE)

    def _create(self, parent: Place, name: str, request: OpenRequest) -> tuple[NodeFile, Outcome]:
        if not request.disposition.creates:
            raise KernelError(Reason.OBJECT_NAME_NOT_FOUND, name)
        host = parent.host
        if host is None or not parent.writable:
            raise KernelError(Reason.ACCESS_DENIED, "the directory cannot be changed")
        above = self.nodes.get(host.key)
        if above is not None and above.delete_pending:
            raise KernelError(Reason.DELETE_PENDING)
        read_only = bool(request.attributes & Attribute.READONLY)
        if read_only and request.options & OpenOptions.DELETE_ON_CLOSE:
            raise KernelError(Reason.CANNOT_DELETE)
        access, security = self._new_security(parent, request)
        with host_errors():
            self.records.about_to_change(host.key, host.own_status)
        if request.wants_directory:
            node = self._new_directory(parent, name, request, security)
        else:
            node = self._new_file(parent, name, request, security)
        if read_only:
            node.set_read_only(True)
        self.records.written(host.key)
        self.watches.added(parent, name, directory=node.is_directory)
        node.sharing.enter(access, request.share)
        return self._file(node, access, request, True), Outcome.CREATED

    def _new_security(self, parent: Place, request: OpenRequest) -> tuple[int, bytes | None]:
        """The rights of the creator's handle, and the descriptor of what it makes.  KernelError."""
        opener, records = request.opener, self.records
        if request.options & OpenOptions.NO_EA_KNOWLEDGE and request.extended_attributes:
            raise KernelError(Reason.ACCESS_DENIED, "attributes from who knows of none")
        adding = Access.APPEND_DATA if request.wants_directory else Access.WRITE_DATA
        check_place(opener, records, parent, adding)
        above = records.security_of_directory(parent)
        security = opener.assign(above, is_directory=request.wants_directory)
        audit = request.access & SYSTEM_SECURITY
        if audit:
            opener.rights(security, audit)
        return granted_access(request.access & ~audit, True) | audit, security

    def _new_file(
        self, parent: Place, name: str, request: OpenRequest, security: bytes | None
    ) -> Node:
        assert parent.host is not None
        packed = ExtendedAttributes.of(request.extended_attributes)
        fd, key = parent.host.create_file(name)
        record = self.records.created(key, request.attributes | Attribute.ARCHIVE, security)
        record.extended_attributes = packed
        entry = (parent.host, name)
        node = self.nodes[key] = Node(Located(parent, name, key, None, entry, entry), self.records)
        node.adopt(fd)
        return node

    def _new_directory(
        self, parent: Place, name: str, request: OpenRequest, security: bytes | None
    ) -> Node:
        assert parent.host is not None
        packed = ExtendedAttributes.of(request.extended_attributes)
        parent.host.create_directory(name)
        status = parent.host.status(name)
        if status is None:
            raise KernelError(Reason.OBJECT_NAME_NOT_FOUND, name)
        found = parent.located(name, status)
        record = self.records.created(found.key, request.attributes, security)
        record.extended_attributes = packed
        node = self.nodes[found.key] = Node(found, self.records)
        return node

    def _file(self, node: Node, access: int, request: OpenRequest, writable: bool) -> NodeFile:
        kind = DirectoryFile if node.is_directory else DiskFile
        file = kind(self, node, access, request.share, request.options)
        file.on_writable_mount = writable
        return file


def _is_read_only(node: Node) -> bool:
    return not node.is_directory and bool(node.status().attributes & Attribute.READONLY)
