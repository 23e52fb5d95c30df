"""Pipes: two ends with a queue each way, and the instances that share a name.

    server end  ── outbound queue ──▶  client end
                ◀── inbound queue ──

Bytes that were written stay readable after the writer has gone; then the pipe is broken ("Named
Pipes", Windows documentation; states and modes are those of NtCreateNamedPipeFile).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.int_enum import IntEnum
from emu.named_tuple import NamedTuple
from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.file import DeviceType, FileObject
from provider.kernel.io.irp import Irp
from provider.kernel.io.opener import ANYBODY
from provider.kernel.io.pipe_queue import PipeQueue
from provider.kernel.io.record import FileStatus, FileTimes
from provider.kernel.io.request import Attribute, Share

if TYPE_CHECKING:
    from provider.kernel.io.pipe_device import NamedPipe

FULL_DUPLEX = Share.READ | Share.WRITE
"""Bytes go both ways."""


class PipeState(IntEnum):
    """What has become of an instance."""

    DISCONNECTED = 1
    LISTENING = 2
    CONNECTED = 3
    CLOSING = 4


_CANNOT_READ = {
    PipeState.DISCONNECTED: Reason.PIPE_DISCONNECTED,
    PipeState.LISTENING: Reason.PIPE_LISTENING,
}
_CANNOT_WRITE = {**_CANNOT_READ, PipeState.CLOSING: Reason.PIPE_CLOSING}


class Peek(NamedTuple):
    """What can be seen of a pipe without reading it; sizes in bytes."""

    state: PipeState
    available: int
    messages: int
    first_size: int
    """0 in a pipe without messages."""
    data: bytes


class PipeLocal(NamedTuple):
    """How things stand at an end of a pipe; counts and quotas are in bytes."""

    is_message_type: bool
    share: int
    """Which ways bytes go: Share.READ to the server, Share.WRITE from it."""
    limit: int
    instances: int
    inbound_quota: int
    available: int
    """Bytes to be read here."""
    outbound_quota: int
    room: int
    """Bytes that can be written here without waiting."""
    state: PipeState
    is_server: bool


class PipeInstance:
    """A server end with the client that is connected to it."""

    __slots__ = (
        "client",
        "client_process",
        "inbound",
        "listeners",
        "outbound",
        "pipe",
        "server",
        "server_process",
        "state",
    )

    def __init__(self, pipe: NamedPipe, quotas: tuple[int, int], server_process: int) -> None:
        """`quotas`: bytes to the server, and from it."""
        self.pipe = pipe
        self.server: PipeEnd | None = None
        self.client: PipeEnd | None = None
        self.server_process, self.client_process = server_process, 0
        self.state = PipeState.LISTENING
        self.listeners: dict[Irp, None] = {}
        pool, is_message_type = pipe.device.pool, pipe.is_message_type
        self.inbound = PipeQueue(pool, quotas[0], is_message_type=is_message_type)
        self.outbound = PipeQueue(pool, quotas[1], is_message_type=is_message_type)

    def listen(self, irp: Irp, *, may_wait: bool) -> None:
        """Be ready for a client, and wait for it.

        KernelError PIPE_CONNECTED, PIPE_CLOSING; PIPE_LISTENING where it may not wait.
        """
        if self.state is PipeState.CONNECTED:
            raise KernelError(Reason.PIPE_CONNECTED)
        if self.state is PipeState.CLOSING:
            raise KernelError(Reason.PIPE_CLOSING)
        if self.state is PipeState.DISCONNECTED:
            self.state = PipeState.LISTENING
            self.pipe.begin_listening(self)
        if not may_wait:
            raise KernelError(Reason.PIPE_LISTENING)
        self.listeners[irp] = None
        irp.pend(self.listeners.pop)

    def connect(self, client: PipeEnd, process: int) -> None:
        """A client has come."""
        self.client, self.client_process = client, process
        self.state = PipeState.CONNECTED
        listeners, self.listeners = self.listeners, {}
        for irp in listeners:
            irp.complete()

    def disconnect(self) -> None:
        """The server turns its client out; what was not read is lost.

        KernelError PIPE_DISCONNECTED.
        """
        if self.state is PipeState.DISCONNECTED:
            raise KernelError(Reason.PIPE_DISCONNECTED)
        self.state = PipeState.DISCONNECTED
        self.client, self.client_process = None, 0
        self._fail_listeners(Reason.PIPE_DISCONNECTED)
        self.inbound.abort(Reason.PIPE_DISCONNECTED)
        self.outbound.abort(Reason.PIPE_DISCONNECTED)

    def leave(self, end: PipeEnd) -> None:
        """An end was closed; the other one can still read what was written to it."""
        if end is self.server:
            self.server = None
            self.pipe.forget(self)
        elif end is not self.client:
            return
        stays = self.state is PipeState.CONNECTED
        if self.state is not PipeState.DISCONNECTED:
            self.state = PipeState.CLOSING
        self._fail_listeners(Reason.PIPE_BROKEN)
        end.source.abort(Reason.PIPE_BROKEN)
        if stays:
            end.sink.abort_readers(Reason.PIPE_BROKEN)
        else:
            end.sink.abort(Reason.PIPE_BROKEN)

    def _fail_listeners(self, reason: Reason) -> None:
        listeners, self.listeners = self.listeners, {}
        for irp in listeners:
            irp.fail(reason)


class PipeEnd(FileObject):
    """A handle of one end."""

    __slots__ = ("_name", "instance", "is_server", "message_mode", "nonblocking", "opener")

    device_type = DeviceType.NAMED_PIPE
    queues_requests = True

    def __init__(
        self, instance: PipeInstance, access: int, share: int, options: int, *, is_server: bool
    ) -> None:
        super().__init__(access, share, options)
        self.instance, self.is_server = instance, is_server
        self.message_mode = False
        """Reads stop at the ends of messages."""
        self.nonblocking = False
        self._name = instance.pipe.path
        self.opener = ANYBODY
        """Whose client it is."""

    def get_security(self) -> bytes | None:
        self.check_attached()
        return self.instance.pipe.security

    def set_security(self, descriptor: bytes) -> None:
        self.check_attached()
        self.instance.pipe.security = descriptor

    @property
    def state(self) -> PipeState:
        """That of the instance; for a client that was turned out: disconnected, for ever."""
        instance = self.instance
        if self.is_server or instance.client is self:
            return instance.state
        return PipeState.DISCONNECTED

    @property
    def source(self) -> PipeQueue:
        """The queue that the end reads."""
        return self.instance.inbound if self.is_server else self.instance.outbound

    @property
    def sink(self) -> PipeQueue:
        """The queue that the end writes."""
        return self.instance.outbound if self.is_server else self.instance.inbound

    def full_name(self) -> str:
        if not self._name:
            raise KernelError(Reason.OBJECT_PATH_INVALID, "a pipe without a name")
        return f"\\Device\\NamedPipe{self._name}"

    def volume_path(self) -> str:
        self.check_attached()
        return self._name

    def on_close(self) -> None:
        self.instance.leave(self)

    def status(self) -> FileStatus:
        self.check_attached()
        quota = self.source.quota
        size = self.source.size
        return FileStatus(FileTimes(0, 0, 0, 0), size, quota, Attribute.NORMAL, 1, 0)

    def start_read(self, irp: Irp, size: int) -> None:
        source = self.source
        state = self.state
        if state in _CANNOT_READ:
            raise KernelError(_CANNOT_READ[state])
        if not source.has_data:
            if state is PipeState.CLOSING:
                raise KernelError(Reason.PIPE_BROKEN)
            if self.nonblocking:
                raise KernelError(Reason.PIPE_EMPTY)
        source.read(irp, size, message=self.message_mode)

    def start_write(self, irp: Irp, data: bytes) -> None:
        state = self.state
        if state in _CANNOT_WRITE:
            raise KernelError(_CANNOT_WRITE[state])
        identity = self.opener.identity(is_opening=False)
        self.sink.write(irp, data, may_wait=not self.nonblocking, identity=identity)

    def start_flush(self, irp: Irp) -> None:
        self.check_attached()
        if self.state is PipeState.CONNECTED:
            self.sink.flush(irp)
        else:
            irp.complete()

    def start_listen(self, irp: Irp) -> None:
        """Wait for a client.  KernelError ILLEGAL_FUNCTION, and as `PipeInstance.listen`."""
        self._check_server()
        self.instance.listen(irp, may_wait=not self.nonblocking)

    def start_transceive(self, irp: Irp, data: bytes, size: int) -> None:
        """Write a message and wait for the answer, which is read; the write is waited for by none.

        KernelError PIPE_DISCONNECTED, INVALID_PIPE_STATE, PIPE_BUSY.
        """
        self.check_attached()
        if self.state is not PipeState.CONNECTED or not self.message_mode:
            raise KernelError(Reason.INVALID_PIPE_STATE)
        if self.source.has_data or self.source.has_readers:
            raise KernelError(Reason.PIPE_BUSY)
        identity = self.opener.identity(is_opening=False)
        self.sink.write(Irp(), data, may_wait=True, identity=identity)
        self.source.read(irp, size, message=True)

    def peek(self, size: int) -> Peek:
        """Up to `size` bytes that a read would give.

        KernelError PIPE_DISCONNECTED, INVALID_PIPE_STATE, PIPE_BROKEN.
        """
        self.check_attached()
        state, source = self.state, self.source
        if state in _CANNOT_READ:
            raise KernelError(Reason.INVALID_PIPE_STATE)
        if state is PipeState.CLOSING and not source.has_data:
            raise KernelError(Reason.PIPE_BROKEN)
        has_messages = self.instance.pipe.is_message_type
        return Peek(
            state,
            source.size,
            source.message_count if has_messages else 0,
            source.first_size if has_messages else 0,
            source.peek(size),
        )

    def local(self) -> PipeLocal:
        """KernelError PIPE_DISCONNECTED."""
        self.check_attached()
        instance, pipe = self.instance, self.instance.pipe
        return PipeLocal(
            is_message_type=pipe.is_message_type,
            share=pipe.share & FULL_DUPLEX,
            limit=pipe.limit,
            instances=len(pipe.instances),
            inbound_quota=instance.inbound.quota,
            available=self.source.size,
            outbound_quota=instance.outbound.quota,
            room=self.sink.room,
            state=self.state,
            is_server=self.is_server,
        )

    def disconnect(self) -> None:
        """Turn the client out.  KernelError ILLEGAL_FUNCTION, PIPE_DISCONNECTED."""
        self._check_server()
        self.instance.disconnect()

    def set_modes(self, *, message_mode: bool, nonblocking: bool) -> None:
        """KernelError PIPE_DISCONNECTED; INVALID_PARAMETER; PIPE_BUSY while somebody waits."""
        self.check_attached()
        if message_mode and not self.instance.pipe.is_message_type:
            raise KernelError(Reason.INVALID_PARAMETER, "a pipe of bytes")
        if nonblocking and not self.nonblocking and self.source.has_readers:
            raise KernelError(Reason.PIPE_BUSY)
        self.message_mode, self.nonblocking = message_mode, nonblocking

    def check_attached(self) -> None:
        """KernelError PIPE_DISCONNECTED for a client that was turned out."""
        if not self.is_server and self.state is PipeState.DISCONNECTED:
            raise KernelError(Reason.PIPE_DISCONNECTED)

    def _check_server(self) -> None:
        if not self.is_server:
            raise KernelError(Reason.ILLEGAL_FUNCTION, "a client's end")
