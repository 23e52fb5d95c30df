"""Pipes: two ends with a channel each way, and the instances that share a name.

    server end  ── outbound channel ──▶  client end
                ◀── inbound channel ──

Bytes that were written stay readable after the writer has gone; then the pipe is broken ("Named
Pipes", Windows documentation; states and modes are those of NtCreateNamedPipeFile).
"""

from __future__ import annotations

from collections import deque
from enum import IntEnum
from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.file import CHUNK, DeviceType, FileObject
from provider.kernel.io.record import FileStatus, FileTimes
from provider.kernel.io.request import Attribute
from provider.kernel.ke.event import Event
from provider.kernel.ke.wait import wait_for

if TYPE_CHECKING:
    from provider.kernel.io.pipe_device import NamedPipe
    from provider.kernel.thread import Thread

MIN_QUOTA, MAX_QUOTA = 4096, 1 << 20
"""Bytes that a channel holds at least, so that a pipe without a quota works, and at most."""


class PipeState(IntEnum):
    """What has become of an instance."""

    DISCONNECTED = 1
    LISTENING = 2
    CONNECTED = 3
    CLOSING = 4


class Channel:
    """One direction of a pipe."""

    __slots__ = ("closed", "messages", "quota", "readable", "size", "writable")

    def __init__(self, quota: int) -> None:
        self.quota = min(max(quota, MIN_QUOTA), MAX_QUOTA)
        self.messages: deque[bytes] = deque()
        self.size = 0
        self.closed = False
        """One of the ends is gone."""
        self.readable = Event(is_notification=True)
        self.writable = Event(is_notification=True, signaled=True)

    def put(self, data: bytes, *, whole: bool) -> int:
        """Add a message, or what fits of it; returns how many bytes."""
        if not whole:
            data = data[: self.quota - self.size]
        self.messages.append(data)
        self.size += len(data)
        self._signal()
        return len(data)

    def take(self, size: int, *, message: bool) -> tuple[bytes, bool]:
        """The next bytes, of one message if so wanted; whether a part of it stays behind."""
        taken = bytearray()
        while self.messages and len(taken) <= size:
            first = self.messages.popleft()
            room = size - len(taken)
            taken += first[:room]
            if len(first) > room:
                self.messages.appendleft(first[room:])
                break
            if message:
                self.size -= len(taken)
                self._signal()
                return bytes(taken), False
        self.size -= len(taken)
        self._signal()
        return bytes(taken), message

    def peek(self, size: int, *, message: bool) -> bytes:
        """What `take` would return, left where it is."""
        shown = bytearray()
        for data in self.messages:
            shown += data[: size - len(shown)]
            if message or len(shown) == size:
                break
        return bytes(shown)

    def close(self) -> None:
        """One of the ends goes: whoever waits finds out."""
        self.closed = True
        self._signal()

    def _signal(self) -> None:
        """Set the events; whoever is told may take or put bytes before this returns."""
        if self.messages or self.closed:
            self.readable.set()
        else:
            self.readable.reset()
        if self.size < self.quota or self.closed:
            self.writable.set()
        else:
            self.writable.reset()


class PipeInstance:
    """A server end with the client that is connected to it."""

    __slots__ = ("client", "connected", "inbound", "outbound", "pipe", "server", "state")

    def __init__(self, pipe: NamedPipe) -> None:
        self.pipe = pipe
        self.server: PipeEnd | None = None
        self.client: PipeEnd | None = None
        self.connected = Event(is_notification=True)
        """Set while nobody listens."""
        self.listen()

    def listen(self) -> None:
        """Be ready for a client."""
        self.state = PipeState.LISTENING
        self.client = None
        self.inbound = Channel(self.pipe.inbound_quota)
        self.outbound = Channel(self.pipe.outbound_quota)
        self.connected.reset()

    def connect(self, client: PipeEnd) -> None:
        """A client has come."""
        self.client, self.state = client, PipeState.CONNECTED
        self.connected.set()
        self.pipe.refresh()

    def disconnect(self) -> None:
        """The server turns its client out; what was not read is lost.

        KernelError PIPE_DISCONNECTED, PIPE_LISTENING.
        """
        if self.state is PipeState.DISCONNECTED:
            raise KernelError(Reason.PIPE_DISCONNECTED)
        if self.state is PipeState.LISTENING:
            raise KernelError(Reason.PIPE_LISTENING)
        self.state = PipeState.DISCONNECTED
        for channel in (self.inbound, self.outbound):
            channel.messages.clear()
            channel.close()

    def leave(self, end: PipeEnd) -> None:
        """An end was closed."""
        if self.state is PipeState.CONNECTED or end is self.server:
            self.state = PipeState.CLOSING
        self.inbound.close()
        self.outbound.close()
        if end is self.server:
            self.server = None
            self.connected.set()
            self.pipe.forget(self)


class PipeEnd(FileObject):
    """A handle of one end."""

    __slots__ = ("_name", "instance", "is_server", "message_mode", "nonblocking")

    device_type = DeviceType.NAMED_PIPE
    may_wait = True

    def __init__(
        self, instance: PipeInstance, access: int, share: int, options: int, *, is_server: bool
    ) -> None:
        super().__init__(access, share, options)
        self.instance, self.is_server = instance, is_server
        self.message_mode = False
        """Reads stop at the ends of messages."""
        self.nonblocking = False
        self._name = instance.pipe.path

    @property
    def source(self) -> Channel:
        """The channel that the end reads."""
        return self.instance.inbound if self.is_server else self.instance.outbound

    @property
    def sink(self) -> Channel:
        """The channel that the end writes."""
        return self.instance.outbound if self.is_server else self.instance.inbound

    def full_name(self) -> str:
        return f"\\Device\\NamedPipe{self._name}"

    def volume_path(self) -> str:
        return self._name

    def on_close(self) -> None:
        self.instance.leave(self)

    def status(self) -> FileStatus:
        quota = self.source.quota
        size = self.source.size
        return FileStatus(FileTimes(0, 0, 0, 0), size, quota, Attribute.NORMAL, 1, 0)

    async def wait_readable(self, thread: Thread) -> None:
        while not self.is_readable:
            await wait_for(thread, (self.source.readable,), reason="a pipe's data")

    async def wait_writable(self, thread: Thread) -> None:
        while not (self.nonblocking or self.sink.size < self.sink.quota or self.sink.closed):
            await wait_for(thread, (self.sink.writable,), reason="room in a pipe")

    def read(self, size: int, offset: int | None = None, *, key: int = 0) -> bytes:
        source = self.source
        self.truncated = False
        if not source.messages:
            self.check_connected()
            if source.closed:
                raise KernelError(Reason.PIPE_BROKEN)
            if size:
                raise KernelError(Reason.PIPE_EMPTY)
            return b""
        data, self.truncated = source.take(min(size, CHUNK), message=self.message_mode)
        return data

    def write(self, data: bytes, offset: int | None = None, *, key: int = 0) -> int:
        self.check_connected()
        if self.sink.closed:
            raise KernelError(Reason.PIPE_CLOSING)
        whole = self.instance.pipe.is_message_type
        if not data and not whole:
            return 0
        return self.sink.put(data, whole=whole)

    def check_connected(self) -> None:
        """Raise where there is nobody at the other end: PIPE_LISTENING, PIPE_DISCONNECTED."""
        if self.instance.state is PipeState.LISTENING:
            raise KernelError(Reason.PIPE_LISTENING)
        if self.instance.state is PipeState.DISCONNECTED:
            raise KernelError(Reason.PIPE_DISCONNECTED)

    async def listen(self, thread: Thread) -> None:
        """Wait for a client.  KernelError PIPE_CONNECTED, PIPE_CLOSING, INVALID_PARAMETER."""
        self.begin_listening()
        instance = self.instance
        while instance.state is PipeState.LISTENING:
            await wait_for(thread, (instance.connected,), reason="a pipe's client")

    def begin_listening(self) -> None:
        """Be ready for a client.  KernelError as `listen`."""
        instance = self.instance
        if not self.is_server:
            raise KernelError(Reason.INVALID_PARAMETER, "a client does not listen")
        if instance.state is PipeState.CONNECTED:
            raise KernelError(Reason.PIPE_CONNECTED)
        if instance.state is PipeState.CLOSING:
            raise KernelError(Reason.PIPE_CLOSING)
        if instance.state is PipeState.DISCONNECTED:
            instance.listen()
            instance.pipe.refresh()
        if self.nonblocking:
            raise KernelError(Reason.PIPE_LISTENING)

    @property
    def is_readable(self) -> bool:
        """Whether `read` need not wait."""
        waiting = self.instance.state is PipeState.CONNECTED and not self.nonblocking
        return bool(self.source.messages) or self.source.closed or not waiting
