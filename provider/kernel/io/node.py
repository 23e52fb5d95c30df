"""Nodes: the one object for each open file of a machine, however many handles it has.

A node holds what the handles share: sharing modes, the pending deletion, locks, the host's
descriptor.  It is also what sections are backed by.
"""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.host_error import host_errors
from provider.kernel.io.lock import RangeLocks
from provider.kernel.io.record import EPOCH_1970, FileRecords, FileStatus, FileTimes
from provider.kernel.io.request import Access, Attribute

if TYPE_CHECKING:
    from provider.kernel.io.directory import Directory, HostStatus
    from provider.kernel.io.mount import Located

SEPARATOR = "\\"
_READING = Access.READ_DATA | Access.EXECUTE
_WRITING = Access.WRITE_DATA | Access.APPEND_DATA


class Sharing:
    """What the handles of a file do and allow.

    A handle's code has what it does in bits 0 to 2 (read, write, delete), and what it lets others
    do in bits 3 to 5.
    """

    __slots__ = ("_counts",)

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}
        """How many handles have a code; those that do nothing are not counted."""

    def check(self, access: int, share: int) -> None:
        """KernelError SHARING_VIOLATION where a handle of another kind stands against this one."""
        uses = _uses(access)
        if not uses:
            return
        for code in self._counts:
            if uses & ~(code >> 3) or code & 7 & ~share:
                raise KernelError(Reason.SHARING_VIOLATION)

    def enter(self, access: int, share: int) -> None:
        """One more handle.  KernelError SHARING_VIOLATION."""
        self.check(access, share)
        uses = _uses(access)
        if uses:
            code = uses | (share & 7) << 3
            self._counts[code] = self._counts.get(code, 0) + 1

    def leave(self, access: int, share: int) -> None:
        """Undo `enter`."""
        uses = _uses(access)
        if uses:
            code = uses | (share & 7) << 3
            count = self._counts.pop(code) - 1
            if count:
                self._counts[code] = count


def _uses(access: int) -> int:
    return (
        bool(access & _READING) | bool(access & _WRITING) << 1 | bool(access & Access.DELETE) << 2
    )


class Node:
    """An open file or directory."""

    __slots__ = (
        "__weakref__",
        "_fd",
        "_is_own",
        "_may_write",
        "delete_pending",
        "is_gone",
        "locks",
        "opens",
        "records",
        "sharing",
        "where",
    )

    def __init__(self, where: Located, records: FileRecords) -> None:
        self.where, self.records = where, records
        self.sharing = Sharing()
        self.locks = RangeLocks()
        self.opens = 0
        """File objects that have not been closed."""
        self.delete_pending = False
        self.is_gone = False
        """No name leads to it any more."""
        self._fd = -1
        self._is_own = False
        """Whether changes may go to the descriptor: it is not that of a file to be left alone."""
        self._may_write = False

    def __del__(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)

    @property
    def is_directory(self) -> bool:
        """Whether it is a directory."""
        return self.where.directory is not None

    def path(self) -> str:
        """The guest's path below the drive."""
        directory, parent = self.where.directory, self.where.parent
        if directory is not None:
            return directory.path()
        assert parent is not None
        return f"{parent.path().rstrip(SEPARATOR)}{SEPARATOR}{self.where.name}"

    def host_status(self) -> HostStatus | None:
        """The host's view; None for a directory that no host directory is behind."""
        where = self.where
        with host_errors():
            if where.directory is not None:
                host = where.directory.host
                return None if host is None else host.own_status()
            if self._fd >= 0:
                return self._opened_status()
        assert where.source is not None
        directory, name = where.source
        status = directory.status(name)
        if status is None:
            raise KernelError(Reason.OBJECT_NAME_NOT_FOUND, name)
        return status

    def status(self) -> FileStatus:
        """What the guest sees.  KernelError."""
        host = self.host_status()
        if host is not None:
            return self.records.status(host)
        times = FileTimes(*4 * (self.records.start,))
        number = self.records.get(self.where.key).id
        return FileStatus(times, 0, 0, Attribute.DIRECTORY, 1, number)

    def need(self, *, write: bool) -> None:
        """Have the file open on the host for reading, or for writing too.  KernelError."""
        if self._fd >= 0 and (self._may_write or not write):
            return
        assert self.where.source is not None
        directory, name = self.where.source
        fd, self._is_own = directory.open_file(name, self.where.key, write=write)
        self._may_write = write
        self._replace(fd)

    def adopt(self, fd: int) -> None:
        """Use a descriptor of the new file from now on."""
        self._is_own = self._may_write = True
        self._replace(fd)

    @property
    def size(self) -> int:
        """Bytes in the file.  OSError."""
        return os.fstat(self._fd).st_size

    def read(self, offset: int, size: int) -> bytes:
        """Up to `size` bytes; shorter at the end of the file.  OSError."""
        return os.pread(self._fd, size, offset)

    def write(self, offset: int, data: bytes) -> None:
        """Store bytes; what lies beyond the end makes the file longer.  OSError."""
        self._must_write()
        view = memoryview(data)
        while view:
            written = os.pwrite(self._fd, view, offset)
            view, offset = view[written:], offset + written
        self.records.written(self.where.key)

    def extend(self, size: int) -> None:
        """Make the file at least `size` bytes long.  OSError."""
        self._must_write()
        if self.size < size:
            self.set_size(size)

    def set_size(self, size: int) -> None:
        """Cut the file, or lengthen it with zeros.  OSError."""
        self._must_write(size)
        os.ftruncate(self._fd, size)
        self.records.written(self.where.key)

    def flush(self) -> None:
        """Nothing is kept back: every write has gone to the host."""

    def set_read_only(self, read_only: bool) -> None:
        """Set the attribute that the host keeps.  KernelError."""
        host = self.host_status()
        if self.is_directory or host is None:
            return
        mode = host.mode & 0o7777
        mode = mode & ~0o222 if read_only else mode | 0o200
        with host_errors():
            self.need(write=False)
            self._own().set_mode(self._fd, self.where.key, mode)

    def set_host_time(self, modified: int) -> None:
        """Let the host keep a modification time that the guest has set; 100 ns since 1601."""
        with host_errors():
            directory = self.where.directory
            if directory is None:
                self.need(write=False)
                self._own()
                os.utime(self._fd, ns=(2 * ((modified - EPOCH_1970) * 100,)))

    def _opened_status(self) -> HostStatus:
        assert self.where.source is not None
        return self.where.source[0].opened_status(self._fd, self.where.key)

    def _must_write(self, size: int | None = None) -> None:
        """Be ready for a change that leaves no more than `size` bytes of what there is."""
        if not self._may_write:
            raise OSError(errno.EACCES, "the file is not open for writing")
        self.records.about_to_change(self.where.key, self._opened_status)
        if not self._is_own:
            self._own(size)

    def _own(self, size: int | None = None) -> Directory:
        """Have a descriptor that changes may go to; returns the directory of the contents."""
        assert self.where.source is not None
        directory, name = self.where.source
        if not self._is_own:
            self._replace(directory.own_file(name, self.where.key, self._fd, size))
            self._is_own = True
        return directory

    def _replace(self, fd: int) -> None:
        if self._fd >= 0 and self._fd != fd:
            os.close(self._fd)
        self._fd = fd
