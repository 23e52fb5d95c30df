"""Standard streams that the host has connected to a pipe, a socket or the like."""

from __future__ import annotations

import select
from collections import deque
from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.file import CHUNK
from provider.kernel.io.host_error import host_errors
from provider.kernel.io.pipe import FULL_DUPLEX, Peek, PipeEnd, PipeLocal, PipeState
from provider.kernel.io.stream import HostStream, StreamFile, has_input

if TYPE_CHECKING:
    from provider.kernel.event_stream import EventStream
    from provider.kernel.io.irp import Irp


class StreamPipe(StreamFile):
    """A stream that bytes come from when the host has some; who reads waits for them.

    To the guest it is the client's end of a pipe of bytes.
    """

    __slots__ = ("_ahead", "_reads", "nonblocking")

    queues_requests = True
    message_mode = False

    def __init__(self, stream: HostStream, name: str, access: int, events: EventStream) -> None:
        super().__init__(stream, name, access, events)
        self._reads: deque[tuple[Irp, int]] = deque()
        self._ahead = b""
        """Bytes that were looked at and not yet read."""
        self.nonblocking = False
        """Whether a read fails where it would wait."""

    @property
    def is_wanted(self) -> bool:
        """Whether a read waits."""
        return bool(self._reads)

    def read(self, size: int, offset: int | None = None, *, key: int = 0) -> bytes:
        if not self._ahead:
            return super().read(size, offset, key=key)
        data, self._ahead = self._ahead[:size], self._ahead[size:]
        return data

    def start_read(self, irp: Irp, size: int) -> None:
        if not size:
            irp.complete()
        elif self._reads or not (self._ahead or has_input(self.stream)):
            if self.nonblocking:
                raise KernelError(Reason.PIPE_EMPTY)
            self._reads.append((irp, size))
            irp.pend(self._forget)
        else:
            data = self.read(size)
            irp.complete(len(data), data)

    def start_write(self, irp: Irp, data: bytes) -> None:
        irp.complete(self.write(data))

    def start_flush(self, irp: Irp) -> None:
        irp.complete()

    def check_attached(self) -> None:
        """Nobody turns this client out."""

    def set_modes(self, *, message_mode: bool, nonblocking: bool) -> None:
        """KernelError INVALID_PARAMETER for messages; PIPE_BUSY while somebody waits."""
        if message_mode:
            raise KernelError(Reason.INVALID_PARAMETER, "a pipe of bytes")
        if nonblocking and not self.nonblocking and self._reads:
            raise KernelError(Reason.PIPE_BUSY)
        self.nonblocking = nonblocking

    def peek(self, size: int) -> Peek:
        """Up to `size` bytes that a read would give.  KernelError PIPE_BROKEN."""
        missing = min(size, CHUNK) - len(self._ahead)
        if not self._reads and has_input(self.stream):
            there = self.stream.available()
            if missing > 0 or not (there or self._ahead):
                with host_errors():
                    self._ahead += self.stream.read(max(1, min(missing, there)))
        available = len(self._ahead) + self.stream.available()
        if not available and has_input(self.stream):
            raise KernelError(Reason.PIPE_BROKEN)
        return Peek(PipeState.CONNECTED, available, 0, 0, self._ahead[:size])

    def local(self) -> PipeLocal:
        """What FilePipeLocalInformation tells."""
        available = len(self._ahead) + self.stream.available()
        return PipeLocal(
            is_message_type=False,
            share=FULL_DUPLEX,
            limit=1,
            instances=1,
            inbound_quota=CHUNK,
            available=available,
            outbound_quota=CHUNK,
            room=CHUNK,
            state=PipeState.CONNECTED,
            is_server=False,
        )

    paces = False
    interest = select.POLLIN

    def prepare(self) -> None:
        """Nothing has to be: the stream is as it is."""

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


AnyPipe = PipeEnd | StreamPipe
"""What the guest takes for an end of a pipe."""
