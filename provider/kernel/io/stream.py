"""The host's standard streams as files of the guest: byte exact and unbuffered."""

from __future__ import annotations

import os
import select
import stat
from collections import deque
from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.file import CHUNK, DeviceType, FileObject
from provider.kernel.io.host_error import host_errors
from provider.kernel.io.record import FileStatus, FileTimes
from provider.kernel.io.request import APPEND, Attribute

if TYPE_CHECKING:
    from provider.kernel.io.irp import Irp

_NULL_DEVICE = os.makedev(1, 3)
"""The host's /dev/null."""


class StreamKind(Enum):
    """What the host has connected a stream to; an input of the run, as the guest can see it."""

    CONSOLE = DeviceType.CONSOLE
    PIPE = DeviceType.NAMED_PIPE
    DISK = DeviceType.DISK
    NULL = DeviceType.NULL


class HostStream:
    """One end of a stream: reads, writes, or both.  OSErrors are the host's."""

    kind = StreamKind.PIPE

    def read(self, size: int) -> bytes:
        """Wait for at least one byte; no bytes: the end."""
        return b""

    def write(self, data: bytes) -> None:
        """Write all of `data`."""
        raise OSError("the stream cannot be written")

    def seek(self, offset: int) -> None:
        """Go to a byte of a file; streams of other kinds have no place to go to."""

    def size(self) -> int:
        """Bytes in a file; 0 for other kinds."""
        return 0

    def fileno(self) -> int | None:
        """The descriptor to be waited for; None: `read` never waits."""
        return None


class DescriptorStream(HostStream):
    """A descriptor of the host, which stays its owner's."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self.kind = _kind_of(fd)

    def read(self, size: int) -> bytes:
        return os.read(self._fd, size)

    def write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._fd, view) :]

    def seek(self, offset: int) -> None:
        if self.kind is StreamKind.DISK:
            os.lseek(self._fd, offset, os.SEEK_SET)

    def fileno(self) -> int | None:
        return self._fd

    def size(self) -> int:
        return os.fstat(self._fd).st_size if self.kind is StreamKind.DISK else 0


class MemoryInput(HostStream):
    """Bytes that the guest reads as from a pipe."""

    def __init__(self, data: bytes) -> None:
        self._left = memoryview(data)

    def read(self, size: int) -> bytes:
        data, self._left = bytes(self._left[:size]), self._left[size:]
        return data


class CallbackOutput(HostStream):
    """Hands what the guest writes to a function."""

    def __init__(self, sink: Callable[[bytes], object]) -> None:
        self._sink = sink

    def write(self, data: bytes) -> None:
        self._sink(data)


class StreamFile(FileObject):
    """A stream that is no console.

    One that the host has connected to a file keeps the host's position until the guest seeks, so
    that what the shell appends or what the next program reads comes out right.
    """

    __slots__ = ("_name", "_place", "device_type", "stream")

    def __init__(self, stream: HostStream, name: str, access: int) -> None:
        super().__init__(access)
        self.stream, self._name = stream, name
        self._place = 0
        self.device_type = stream.kind.value

    def full_name(self) -> str:
        return self._name

    def read(self, size: int, offset: int | None = None, *, key: int = 0) -> bytes:
        with host_errors():
            self._seek(offset)
            data = self.stream.read(min(size, CHUNK)) if size else b""
        if size and not data:
            pipe = self.stream.kind is StreamKind.PIPE
            raise KernelError(Reason.PIPE_BROKEN if pipe else Reason.END_OF_FILE)
        self._advance(len(data))
        return data

    def write(self, data: bytes, offset: int | None = None, *, key: int = 0) -> int:
        with host_errors():
            self._seek(offset)
            self.stream.write(data)
        self._advance(len(data))
        return len(data)

    def status(self) -> FileStatus:
        with host_errors():
            size = self.stream.size()
        return FileStatus(FileTimes(0, 0, 0, 0), size, size, Attribute.NORMAL, 1, 0)

    def _seek(self, offset: int | None) -> None:
        if self.stream.kind is not StreamKind.DISK:
            return
        place = self.place_of(offset, self.stream.size() if offset == APPEND else 0)
        if place != self._place:
            self.stream.seek(place)
            self._place = place

    def _advance(self, count: int) -> None:
        self._place += count
        self.position = self._place


class StreamPipe(StreamFile):
    """A stream that bytes come from when the host has some; who reads waits for them."""

    __slots__ = ("_reads",)

    queues_requests = True

    def __init__(self, stream: HostStream, name: str, access: int) -> None:
        super().__init__(stream, name, access)
        self._reads: deque[tuple[Irp, int]] = deque()

    @property
    def is_wanted(self) -> bool:
        """Whether a read waits."""
        return bool(self._reads)

    def start_read(self, irp: Irp, size: int) -> None:
        if not size:
            irp.complete()
        elif self._reads or not _has_input(self.stream):
            self._reads.append((irp, size))
            irp.pend(self._forget)
        else:
            data = self.read(size)
            irp.complete(len(data), data)

    def start_write(self, irp: Irp, data: bytes) -> None:
        irp.complete(self.write(data))

    def start_flush(self, irp: Irp) -> None:
        irp.complete()

    def take(self) -> None:
        """The host has bytes for the first read."""
        irp, size = self._reads.popleft()
        try:
            data = self.read(size)
        except KernelError as error:
            irp.fail(error.reason)
        else:
            irp.complete(len(data), data)

    def _forget(self, irp: Irp) -> None:
        self._reads = deque(read for read in self._reads if read[0] is not irp)


class NullFile(FileObject):
    """The null device: swallows what is written, and is at its end at once."""

    __slots__ = ()

    device_type = DeviceType.NULL

    def full_name(self) -> str:
        return "\\Device\\Null"

    def read(self, size: int, offset: int | None = None, *, key: int = 0) -> bytes:
        raise KernelError(Reason.END_OF_FILE)

    def write(self, data: bytes, offset: int | None = None, *, key: int = 0) -> int:
        return len(data)


def _has_input(stream: HostStream) -> bool:
    """Whether a read would not wait, if only for the end of the stream."""
    fd = stream.fileno()
    if fd is None:
        return True
    poller = select.poll()
    poller.register(fd, select.POLLIN)
    return bool(poller.poll(0))


def _kind_of(fd: int) -> StreamKind:
    try:
        status = os.fstat(fd)
    except OSError:  # closed by whoever started us
        return StreamKind.NULL
    if stat.S_ISREG(status.st_mode):
        return StreamKind.DISK
    if os.isatty(fd):
        return StreamKind.CONSOLE
    if stat.S_ISCHR(status.st_mode) and status.st_rdev == _NULL_DEVICE:
        return StreamKind.NULL
    return StreamKind.PIPE
