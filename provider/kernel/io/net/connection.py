"""Connections: two queues between two ends.

    one end   ── outbound = inbound ──▶   the other
              ◀── inbound = outbound ──

Each end tells its owner, the socket or whatever stands for a host of the world outside, when
something has changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.net.byte_queue import ByteQueue, Receive

if TYPE_CHECKING:
    from provider.kernel.io.irp import Irp
    from provider.kernel.io.net.address import Address
    from provider.kernel.io.pipe_queue import Pool


class Owner(Protocol):
    """Who has an end of a connection."""

    def changed(self) -> None:
        """Data has come, or gone, or the connection has ended."""


class Connection:
    """One end; `local` and `remote` as that end sees them."""

    __slots__ = ("inbound", "is_closed", "is_reset", "local", "outbound", "owner", "peer", "remote")

    def __init__(
        self, local: Address, remote: Address, inbound: ByteQueue, outbound: ByteQueue
    ) -> None:
        self.local, self.remote = local, remote
        self.inbound, self.outbound = inbound, outbound
        self.peer: Connection = self
        self.owner: Owner | None = None
        """None while nobody has accepted the connection."""
        self.is_reset = False
        self.is_closed = False

    def send(self, irp: Irp, data: bytes, *, may_wait: bool) -> None:
        """Send to the other end; if that is closed, it answers with a reset.

        KernelError CONNECTION_RESET, DEVICE_NOT_READY.
        """
        self._check()
        if self.peer.is_closed:
            irp.complete(len(data))
            if data:
                self.reset()
            return
        self.outbound.send(irp, data, may_wait=may_wait)
        self.peer.tell()

    def receive(self, irp: Irp, wanted: Receive) -> None:
        """Receive what the other end has sent.  KernelError CONNECTION_RESET, DEVICE_NOT_READY."""
        self._check()
        self.inbound.receive(irp, wanted)
        self.peer.tell()

    def finish(self) -> None:
        """Send no more."""
        if not self.outbound.is_finished:
            self.outbound.finish()
            self.peer.tell()

    def close(self, *, abortive: bool) -> None:
        """Leave the connection; what was not received is lost, and then the other end hears it."""
        if self.is_closed:
            return
        self.is_closed = True
        if self.is_reset:
            return
        if abortive or len(self.inbound):
            self.reset()
        else:
            self.inbound.abort(Reason.CANCELLED)
            self.finish()

    def reset(self) -> None:
        """End the connection at once, for both ends."""
        for end in (self, self.peer):
            end.is_reset = True
            end.inbound.abort(Reason.CONNECTION_RESET)
        self.tell()
        self.peer.tell()

    def tell(self) -> None:
        """Let the owner look."""
        if self.owner is not None:
            self.owner.changed()

    def _check(self) -> None:
        if self.is_reset:
            raise KernelError(Reason.CONNECTION_RESET)


def connect(
    local: Address, remote: Address, pool: Pool, windows: tuple[int, int]
) -> tuple[Connection, Connection]:
    """Both ends of a new connection; `windows`: what each end buffers of what it receives."""
    there, here = ByteQueue(pool, windows[1]), ByteQueue(pool, windows[0])
    first = Connection(local, remote, here, there)
    second = Connection(remote, local, there, here)
    first.peer, second.peer = second, first
    return first, second
