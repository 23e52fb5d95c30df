"""One direction of a pipe: what was written and not yet read, or else who waits to read.

A write goes to the readers that wait, and the rest of it into the queue.  It is finished once the
quota covers what is left of it; until then its writer waits ("Named Pipe Operations" and
NtCreateNamedPipeFile, Windows documentation).  A quota of 0 makes every write wait for a reader.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from provider.kernel.errors import KernelError, Reason

if TYPE_CHECKING:
    from provider.kernel.io.irp import Irp

POOL_BYTES = 128 << 20
"""What all queues of a machine may hold together; NT is bounded by its pool."""
ENTRY_BYTES = 128
"""What an entry takes beside its data."""
SMALL = 4096
"""Writes into byte pipes are joined as long as they are smaller."""


class Pool:
    """The memory that queues take what they hold from."""

    __slots__ = ("left",)

    def __init__(self, size: int = POOL_BYTES) -> None:
        self.left = size

    def charge(self, size: int) -> None:
        """KernelError INSUFFICIENT_RESOURCES."""
        if size > self.left:
            raise KernelError(Reason.INSUFFICIENT_RESOURCES, "the pool of pipes and mailslots")
        self.left -= size

    def release(self, size: int) -> None:
        """Give back what was charged."""
        self.left += size


class _Written:
    """A write in the queue, or a flush that waits for those before it."""

    __slots__ = ("covered", "data", "identity", "irp", "is_flush", "start")

    def __init__(
        self,
        irp: Irp,
        data: bytes,
        start: int = 0,
        *,
        is_flush: bool = False,
        identity: object = None,
    ) -> None:
        self.irp: Irp | None = irp
        """Who waits; None once the quota covers the rest."""
        self.data, self.start, self.is_flush = data, start, is_flush
        self.identity = identity
        self.covered = 0
        """Bytes of the rest that the quota covers."""

    @property
    def left(self) -> int:
        return len(self.data) - self.start


class _Reader(NamedTuple):
    """A read that waits for data."""

    irp: Irp
    size: int
    message: bool


class PipeQueue:
    """The bytes or messages on their way through a pipe in one direction."""

    __slots__ = (
        "_is_message_type",
        "_pool",
        "_stalled",
        "_used",
        "_waiting",
        "_written",
        "identity",
        "quota",
        "size",
    )

    def __init__(self, pool: Pool, quota: int, *, is_message_type: bool) -> None:
        self._pool, self._is_message_type = pool, is_message_type
        self.quota = quota
        self._written: deque[_Written] = deque()
        """Never with a flush in front."""
        self._stalled: deque[_Written] = deque()
        """Those of them that the quota does not cover."""
        self._waiting: deque[_Reader] = deque()
        self._used = 0
        self.size = 0
        """Bytes that can be read."""
        self.identity: object = None
        """Who had written what was read last (`Opener.identity`)."""

    @property
    def has_data(self) -> bool:
        """Whether there is anything to read, if only an empty message."""
        return bool(self._written)

    @property
    def has_readers(self) -> bool:
        """Whether somebody waits for data."""
        return bool(self._waiting)

    @property
    def room(self) -> int:
        """Bytes that a write may have without waiting; reads that wait take quota, too."""
        taken = self._used + sum(reader.size for reader in self._waiting)
        return max(self.quota - taken, 0)

    @property
    def message_count(self) -> int:
        """Messages in the queue."""
        return sum(not entry.is_flush for entry in self._written)

    @property
    def first_size(self) -> int:
        """Bytes that are left of the first message."""
        return self._written[0].left if self._written else 0

    def read(self, irp: Irp, size: int, *, message: bool) -> None:
        """Take up to `size` bytes, of one message if so wanted; wait if there is nothing."""
        if self._written:
            data, truncated = self._take(size, message=message)
            irp.complete(len(data), data, truncated=truncated)
        else:
            self._waiting.append(_Reader(irp, size, message))
            irp.pend(self._forget_reader)

    def write(self, irp: Irp, data: bytes, *, may_wait: bool, identity: object = None) -> None:
        """Hand data, written by `identity`, to the readers that wait, and queue the rest.

        Where it may not wait, what the quota does not cover is left out: of a message all of it.
        KernelError INSUFFICIENT_RESOURCES.
        """
        if not may_wait and self._is_message_type:
            wanted = sum(reader.size for reader in self._waiting)
            if len(data) > wanted + self.quota - self._used:
                irp.complete()
                return
        start = 0
        if self._waiting:
            self.identity = identity
            start = self._hand_out(data)
        if start < 0 or (start == len(data) and (start or not self._is_message_type)):
            irp.complete(len(data))
        elif not may_wait and len(data) - start > self.quota - self._used:
            irp.complete(start)
        else:
            self._append(irp, data, start, identity)

    def flush(self, irp: Irp) -> None:
        """Wait until all that was written has been read."""
        if not self._written:
            irp.complete()
            return
        entry = _Written(irp, b"", is_flush=True)
        self._pool.charge(ENTRY_BYTES)
        self._written.append(entry)
        irp.pend(self._forget_write)

    def peek(self, size: int) -> bytes:
        """The first bytes, of the first message in a pipe that has messages."""
        shown = bytearray()
        for entry in self._written:
            shown += entry.data[entry.start : entry.start + size - len(shown)]
            if self._is_message_type or len(shown) >= size:
                break
        return bytes(shown)

    def abort(self, reason: Reason) -> None:
        """Drop all that was written; everybody who waits fails."""
        written, self._written = self._written, deque()
        self._stalled.clear()
        self._used = self.size = 0
        for entry in written:
            self._pool.release(entry.left + ENTRY_BYTES)
        for entry in written:
            if entry.irp is not None:
                entry.irp.fail(reason)
        self.abort_readers(reason)

    def abort_readers(self, reason: Reason) -> None:
        """Whoever waits for data fails."""
        waiting, self._waiting = self._waiting, deque()
        for reader in waiting:
            reader.irp.fail(reason)

    def _hand_out(self, data: bytes) -> int:
        """Serve readers that wait; how much of the data that took, -1 for an empty message."""
        start, size = 0, len(data)
        if not size:
            if not self._is_message_type:
                return 0
            self._waiting.popleft().irp.complete()
            return -1
        while self._waiting and start < size:
            reader = self._waiting.popleft()
            part = data[start : start + reader.size]
            start += len(part)
            reader.irp.complete(len(part), part, truncated=reader.message and start < size)
        return start

    def _append(self, irp: Irp, data: bytes, start: int, identity: object) -> None:
        left = len(data) - start
        fits = left <= self.quota - self._used
        last = self._written[-1] if self._written else None
        joins = fits and not self._is_message_type and last is not None and last.irp is None
        joins = joins and last is not None and last.identity == identity
        if joins and last is not None and last.left + left <= SMALL:
            self._pool.charge(left)
            last.data = last.data[last.start :] + data[start:]
            last.start = 0
            last.covered = len(last.data)
            self._used += left
            self.size += left
            irp.complete(len(data))
            return
        self._pool.charge(left + ENTRY_BYTES)
        entry = _Written(irp, data, start, identity=identity)
        self._written.append(entry)
        self.size += left
        if self._cover(entry):
            irp.complete(len(data))
        else:
            self._stalled.append(entry)
            irp.pend(self._forget_write)

    def _cover(self, entry: _Written) -> bool:
        """Let the quota cover what it can of an entry; whether that is all, and nobody waits."""
        more = min(entry.left - entry.covered, self.quota - self._used)
        if more > 0:
            entry.covered += more
            self._used += more
        if entry.covered < entry.left:
            return False
        entry.irp = None
        return True

    def _take(self, size: int, *, message: bool) -> tuple[bytes, bool]:
        """Bytes from the front, and whether a part of a message stays behind."""
        first = self._written[0]
        left = first.left
        if message or left >= size:
            data = first.data[first.start : first.start + size]
            self._consume(first, len(data))
            self._settle()
            return data, message and left > size
        parts = []
        while self._written and size:
            entry = self._written[0]
            part = entry.data[entry.start : entry.start + size]
            size -= len(part)
            parts.append(part)
            self._consume(entry, len(part))
            self._complete_flushes()
        self._settle()
        return b"".join(parts), False

    def _consume(self, entry: _Written, size: int) -> None:
        """Remove bytes from the first entry, and the entry once it is empty."""
        entry.start += size
        self.identity = entry.identity
        self.size -= size
        left = entry.left
        self._pool.release(size)
        if entry.covered > left:
            self._used -= entry.covered - left
            entry.covered = left
        if not left:
            self._written.popleft()
            self._pool.release(ENTRY_BYTES)
            if entry.irp is not None:
                self._stalled.popleft()
                entry.irp.complete(len(entry.data))

    def _settle(self) -> None:
        """After something has gone: flushes that are through, writes that fit now."""
        self._complete_flushes()
        while self._stalled:
            entry = self._stalled[0]
            irp = entry.irp
            if irp is None or not self._cover(entry):
                break
            self._stalled.popleft()
            irp.complete(len(entry.data))

    def _complete_flushes(self) -> None:
        while self._written and self._written[0].is_flush:
            irp = self._written.popleft().irp
            self._pool.release(ENTRY_BYTES)
            if irp is not None:
                irp.complete()

    def _forget_reader(self, irp: Irp) -> None:
        self._waiting = deque(reader for reader in self._waiting if reader.irp is not irp)

    def _forget_write(self, irp: Irp) -> None:
        """A write that is cancelled takes what is left of it along."""
        entry = next(entry for entry in self._written if entry.irp is irp)
        self._written.remove(entry)
        if not entry.is_flush:
            self._stalled.remove(entry)
        self._pool.release(entry.left + ENTRY_BYTES)
        self._used -= entry.covered
        self.size -= entry.left
        self._settle()
