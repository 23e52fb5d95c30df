"""One direction of a connection: bytes on their way, and the requests that wait for them.

A send is finished once all of it is in the queue.  Nothing is lost when the sender says that it
is done: the receiver gets what there is, and then 0 bytes (RFC 793, 3.5).
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.net.options import BUFFER_BYTES

if TYPE_CHECKING:
    from provider.kernel.io.irp import Irp
    from provider.kernel.io.net.address import Address
    from provider.kernel.io.pipe_queue import Pool


class Receive:
    """What a request to receive wants, and whom the data came from."""

    __slots__ = ("got", "may_wait", "peek", "size", "source", "wait_all")

    def __init__(
        self, size: int, peek: bool = False, wait_all: bool = False, may_wait: bool = True
    ) -> None:
        self.size, self.peek, self.wait_all, self.may_wait = size, peek, wait_all, may_wait
        self.source: Address | None = None
        self.got = bytearray()
        """What has come of what is to come whole."""

    @property
    def left(self) -> int:
        """Bytes that it may still take."""
        return self.size - len(self.got)


class _Send:
    """A send that the window does not cover."""

    __slots__ = ("data", "irp", "start")

    def __init__(self, irp: Irp, data: bytes, start: int) -> None:
        self.irp, self.data, self.start = irp, data, start


class ByteQueue:
    """The bytes of one direction in their order."""

    __slots__ = ("_data", "_pool", "_receivers", "_senders", "is_finished", "window")

    def __init__(self, pool: Pool, window: int = BUFFER_BYTES) -> None:
        self._pool, self.window = pool, window
        self._data = bytearray()
        self._receivers: deque[tuple[Irp, Receive]] = deque()
        self._senders: deque[_Send] = deque()
        self.is_finished = False
        """The sender sends no more."""

    def __len__(self) -> int:
        return len(self._data)

    @property
    def has_room(self) -> bool:
        """Whether a send would not have to wait."""
        return not self._senders and len(self._data) < self.window

    @property
    def is_drained(self) -> bool:
        """Whether all was received that ever will be."""
        return self.is_finished and not self._data and not self._senders

    @property
    def has_receivers(self) -> bool:
        """Whether somebody waits for data."""
        return bool(self._receivers)

    def send(self, irp: Irp, data: bytes, *, may_wait: bool) -> None:
        """Queue data.  KernelError DEVICE_NOT_READY where nothing fits and it may not wait."""
        start = 0 if self._senders else self._fill(data, 0)
        if start < len(data) and may_wait:
            self._pool.charge(len(data) - start)
            send = _Send(irp, data, start)
            self._senders.append(send)
            irp.pend(lambda _: self._forget_sender(send))
        elif start or not data:
            irp.complete(start)
        else:
            raise KernelError(Reason.DEVICE_NOT_READY, "no room")
        self._move()

    def receive(self, irp: Irp, wanted: Receive) -> None:
        """Take data.  KernelError DEVICE_NOT_READY where there is none and it may not wait."""
        if self._receivers and not wanted.may_wait:
            raise KernelError(Reason.DEVICE_NOT_READY, "others wait for data")
        entry = (irp, wanted)
        self._receivers.append(entry)
        self._move()
        if irp.is_done:
            return
        if not wanted.may_wait:
            self._forget_receiver(entry)
            raise KernelError(Reason.DEVICE_NOT_READY, "no data")
        irp.pend(lambda _: self._forget_receiver(entry))

    def finish(self) -> None:
        """The sender sends no more."""
        self.is_finished = True
        self._move()

    def abort(self, reason: Reason) -> None:
        """Drop the data; whoever waits is told `reason`."""
        self._release(len(self._data))
        self._data.clear()
        receivers, self._receivers = self._receivers, deque()
        senders, self._senders = self._senders, deque()
        for irp, _ in receivers:
            irp.fail(reason)
        for send in senders:
            self._pool.release(len(send.data) - send.start)
            send.irp.fail(reason)

    def take(self, size: int) -> bytes:
        """The next bytes, for one that asks with no request."""
        data = self._take(size)
        self._move()
        return data

    def put(self, data: bytes) -> None:
        """Queue bytes whatever the window says.  KernelError INSUFFICIENT_RESOURCES."""
        self._pool.charge(len(data))
        self._data += data
        self._move()

    def _move(self) -> None:
        """Let data go to those who wait for it, and sends into the room that it leaves."""
        while self._refill() | self._serve():
            pass

    def _refill(self) -> bool:
        moved = False
        while self._senders:
            send = self._senders[0]
            self._pool.release(len(send.data) - send.start)  # what was charged moves along
            start = self._fill(send.data, send.start)
            self._pool.charge(len(send.data) - start)
            moved |= start > send.start
            send.start = start
            if start < len(send.data):
                break
            self._senders.popleft()
            send.irp.complete(len(send.data))
        return moved

    def _serve(self) -> bool:
        if not self._receivers:
            return False
        irp, wanted = self._receivers[0]
        if not self._data and not self.is_drained:  # even if 0 bytes are wanted
            return False
        if wanted.peek:
            data = bytes(self._data[: wanted.size])
        elif wanted.wait_all:
            wanted.got += self._take(wanted.left)
            if wanted.left and not self.is_drained:
                return False
            data = bytes(wanted.got)
        else:
            data = self._take(wanted.size)
        self._receivers.popleft()
        irp.complete(len(data), data)
        return True

    def _fill(self, data: bytes, start: int) -> int:
        """Queue what there is room for of `data`; where the rest of it begins.

        As long as the window has any room it takes a piece that is not larger than itself whole:
        who was told that there is room does not have to wait.
        """
        room = max(self.window - len(self._data), 0)
        if room and len(data) - start <= self.window:
            room = self.window
        part = data[start : start + room]
        self._pool.charge(len(part))
        self._data += part
        return start + len(part)

    def _take(self, size: int) -> bytes:
        data = bytes(self._data[:size])
        del self._data[:size]
        self._release(len(data))
        return data

    def _release(self, size: int) -> None:
        self._pool.release(size)

    def _forget_receiver(self, entry: tuple[Irp, Receive]) -> None:
        """What a request has taken and may not keep stays in front of the rest."""
        self._receivers.remove(entry)
        got = entry[1].got
        if got:
            self._pool.charge(len(got))
            self._data[:0] = got

    def _forget_sender(self, send: _Send) -> None:
        self._senders.remove(send)
        self._pool.release(len(send.data) - send.start)
