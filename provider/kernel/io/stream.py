"""The host's standard streams as files of the guest: byte exact and unbuffered."""

from __future__ import annotations

import fcntl
import os
import select
import stat
import sys
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from typing import TYPE_CHECKING, Any

from provider.kernel.errors import KernelError, Reason
from provider.kernel.events import ConsoleOutput
from provider.kernel.io.file import CHUNK, DeviceType, FileObject
from provider.kernel.io.host_error import host_errors
from provider.kernel.io.record import FileStatus, FileTimes
from provider.kernel.io.request import APPEND, Attribute

if TYPE_CHECKING:
    from provider.kernel.event_stream import EventStream

_NULL_DEVICE = os.makedev(1, 3)
"""The host's /dev/null."""
_INPUT_FLAGS, _LOCAL_FLAGS = 0, 3
"""Places in what tcgetattr gives."""


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

    def available(self) -> int:
        """Bytes that a read would give at once, as far as the host can tell."""
        return 0

    def terminal_size(self) -> tuple[int, int] | None:
        """Columns and rows of a terminal that has them."""
        return None

    def set_raw(self, *, raw: bool, signals: bool) -> None:
        """Let a terminal give each key as it is pressed, or lines that it edits itself.

        `signals`: Ctrl-C and the like are no keys.
        """

    def restore(self) -> None:
        """Undo `set_raw`."""


class DescriptorStream(HostStream):
    """A descriptor of the host, which stays its owner's."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self.kind = _kind_of(fd)
        self._found: list[Any] | None = None
        """The terminal's attributes before they were changed."""
        self._raw: tuple[bool, bool] | None = None

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

    def available(self) -> int:
        count = bytearray(4)
        with suppress(OSError):  # no stream that counts its bytes
            fcntl.ioctl(self._fd, termios.FIONREAD, count)
        return int.from_bytes(count, sys.byteorder)

    def terminal_size(self) -> tuple[int, int] | None:
        if self.kind is not StreamKind.CONSOLE:
            return None
        size = os.get_terminal_size(self._fd)
        return (size.columns, size.lines) if size.columns and size.lines else None

    def set_raw(self, *, raw: bool, signals: bool) -> None:
        wanted = (raw, signals)
        if self.kind is not StreamKind.CONSOLE or self._raw == wanted:
            return
        with _terminal_errors():
            self._set_attributes(raw=raw, signals=signals)
        self._raw = wanted

    def _set_attributes(self, *, raw: bool, signals: bool) -> None:
        if self._found is None:
            if not raw:
                return
            self._found = termios.tcgetattr(self._fd)
        attributes = list(self._found)
        if raw:
            attributes[_INPUT_FLAGS] &= ~(termios.ICRNL | termios.IXON)
            attributes[_LOCAL_FLAGS] &= ~(termios.ICANON | termios.ECHO | termios.IEXTEN)
            if not signals:
                attributes[_LOCAL_FLAGS] &= ~termios.ISIG
        termios.tcsetattr(self._fd, termios.TCSANOW, attributes)

    def restore(self) -> None:
        if self._found is not None:
            with _terminal_errors():
                termios.tcsetattr(self._fd, termios.TCSANOW, self._found)
            self._raw = None

    def size(self) -> int:
        return os.fstat(self._fd).st_size if self.kind is StreamKind.DISK else 0


class MemoryInput(HostStream):
    """Bytes that the guest reads as from a pipe."""

    def __init__(self, data: bytes) -> None:
        self._left = memoryview(data)

    def read(self, size: int) -> bytes:
        data, self._left = bytes(self._left[:size]), self._left[size:]
        return data

    def available(self) -> int:
        return len(self._left)


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

    __slots__ = ("_events", "_name", "_place", "device_type", "stream")

    def __init__(self, stream: HostStream, name: str, access: int, events: EventStream) -> None:
        super().__init__(access)
        self.stream, self._name, self._events = stream, name, events
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
        outputs = self._events.channel(ConsoleOutput)
        if outputs.listeners:
            text = data.decode("utf-8", "backslashreplace")
            outputs.emit(ConsoleOutput(*self._events.stamp_running(), self._name, text))
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


def has_input(stream: HostStream) -> bool:
    """Whether a read would not wait, if only for the end of the stream."""
    fd = stream.fileno()
    if fd is None:
        return True
    poller = select.poll()
    poller.register(fd, select.POLLIN)
    return bool(poller.poll(0))


@contextmanager
def _terminal_errors() -> Iterator[None]:
    """Termios has an exception of its own, which is no OSError."""
    try:
        yield
    except termios.error as error:
        raise OSError(*error.args) from error


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
