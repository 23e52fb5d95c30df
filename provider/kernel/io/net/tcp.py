"""TCP: listening, connecting, and the two queues of a connection (RFC 793, without packets)."""

from __future__ import annotations

from collections import deque
from enum import Enum, auto
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.net.connection import Connection, connect
from provider.kernel.io.net.event import Event
from provider.kernel.io.net.network import Protocol
from provider.kernel.io.net.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.io.irp import Irp
    from provider.kernel.io.net.address import Address, Family
    from provider.kernel.io.net.byte_queue import Receive
    from provider.kernel.io.net.endpoint import Endpoint
    from provider.kernel.io.net.network import Network

MOST_WAITING = 200
"""Connections that wait to be accepted, whatever the backlog says (SOMAXCONN of Windows)."""


class State(Enum):
    """What a socket is for."""

    UNCONNECTED = auto()
    LISTENING = auto()
    CONNECTING = auto()
    CONNECTED = auto()


class _Accept(NamedTuple):
    """A request that waits for a connection."""

    irp: Irp
    deliver: Callable[[Irp, Connection], None]


class TcpTransport(Transport):
    """One socket's side of TCP."""

    __slots__ = (
        "_accepts",
        "_backlog",
        "_connecting",
        "_is_receiving_over",
        "_is_sending_over",
        "_limit",
        "connect_time",
        "connection",
        "failure",
        "state",
    )

    protocol = Protocol.TCP

    def __init__(self, endpoint: Endpoint, network: Network, family: Family) -> None:
        super().__init__(endpoint, network, family)
        self.state = State.UNCONNECTED
        self.connection: Connection | None = None
        self.failure: Reason | None = None
        """Why the last attempt to connect failed."""
        self.connect_time = 0
        """Interrupt time when the connection began."""
        self._backlog: deque[Connection] = deque()
        self._limit = 0
        self._accepts: deque[_Accept] = deque()
        self._connecting: Irp | None = None
        self._is_receiving_over = self._is_sending_over = False

    @property
    def remote(self) -> Address | None:
        return self.connection.remote if self.connection is not None else None

    @property
    def is_listening(self) -> bool:
        """Whether connections can be made to it."""
        return self.state is State.LISTENING

    @property
    def has_waiting(self) -> bool:
        """Whether there is a connection to accept."""
        return bool(self._backlog)

    @property
    def has_room(self) -> bool:
        """Whether one more connection may wait to be accepted."""
        return len(self._backlog) < self._limit or bool(self._accepts)

    def readiness(self) -> int:
        if self.state is State.LISTENING:
            return Event.ACCEPT if self._backlog else 0
        connection = self.connection
        if self.state is not State.CONNECTED or connection is None:
            return Event.CONNECT_FAIL if self.failure is not None else 0
        events = Event.CONNECT
        if connection.is_reset:
            return events | Event.SEND | Event.ABORT
        if len(connection.inbound):
            events |= Event.RECEIVE
        if connection.inbound.is_drained:
            events |= Event.DISCONNECT
        if connection.outbound.has_room or self._is_sending_over:
            events |= Event.SEND
        return events

    def changed(self) -> None:
        """The connection tells its owner."""
        self.endpoint.update()

    def listen(self, backlog: int) -> None:
        """Take connections, so many waiting.  KernelError INVALID_PARAMETER."""
        if self.local is None or self.state not in (State.UNCONNECTED, State.LISTENING):
            raise KernelError(Reason.INVALID_PARAMETER, "not bound, or connected")
        if self.state is not State.LISTENING and self.network.outside is not None:
            self.network.outside.listen(self)
        self._limit = min(max(backlog, 1), MOST_WAITING)
        self.state = State.LISTENING

    def accept(self, irp: Irp, deliver: Callable[[Irp, Connection], None]) -> None:
        """Hand the next connection to `deliver`, which completes the request.

        KernelError INVALID_PARAMETER for a socket that does not listen.
        """
        if self.state is not State.LISTENING:
            raise KernelError(Reason.INVALID_PARAMETER, "does not listen")
        if self._backlog:
            deliver(irp, self._backlog.popleft())
            self.endpoint.renew(Event.ACCEPT)
            return
        entry = _Accept(irp, deliver)
        self._accepts.append(entry)
        irp.pend(lambda _: self._accepts.remove(entry))

    def put_back(self, connection: Connection) -> None:
        """A connection was not accepted after all: it is the next one again."""
        self._backlog.appendleft(connection)
        self.endpoint.update()

    def admit(self, connection: Connection) -> None:
        """Somebody has connected."""
        if self._accepts:
            accept = self._accepts.popleft()
            accept.deliver(accept.irp, connection)
            return
        self._backlog.append(connection)
        self.endpoint.update()

    def adopt(self, connection: Connection) -> None:
        """Be the socket of a connection that was accepted.  KernelError INVALID_PARAMETER."""
        if self.state is not State.UNCONNECTED or self.local is not None:
            raise KernelError(Reason.INVALID_PARAMETER, "a socket in use")
        self.local = connection.local.seen_by(self.family)
        self._attach(connection)
        self.endpoint.update()

    def detach(self) -> Connection:
        """Give up the connection.  KernelError INVALID_CONNECTION."""
        connection = self._connected()
        connection.owner = None
        self.state, self.connection, self.local = State.UNCONNECTED, None, None
        return connection

    def connect(self, irp: Irp, remote: Address) -> None:
        """Connect.

        KernelError INVALID_PARAMETER, CONNECTION_ACTIVE, ADDRESS_ALREADY_ASSOCIATED while it
        connects, INVALID_ADDRESS_COMPONENT.
        """
        if self.state is State.LISTENING:
            raise KernelError(Reason.INVALID_PARAMETER, "listens")
        if self.state is State.CONNECTED:
            raise KernelError(Reason.CONNECTION_ACTIVE)
        if self.state is State.CONNECTING:
            raise KernelError(Reason.ADDRESS_ALREADY_ASSOCIATED)
        if remote.bare.is_any or not remote.port:
            raise KernelError(Reason.INVALID_ADDRESS_COMPONENT, str(remote))
        local = self.ensure_bound(remote)
        self.failure = None
        self._connecting, self.state = irp, State.CONNECTING
        irp.pend(lambda _: self._abandon())
        listener = self.network.listener(remote) if self.network.is_own(remote) else None
        if listener is not None:
            self._connect_inside(listener, local, remote)
        elif self.network.outside is not None:
            self.network.outside.connect(self, remote)
        elif self.network.is_own(remote):
            self.fail(Reason.CONNECTION_REFUSED)
        else:
            self.fail(self.network.refuse(remote))

    def succeed(self, connection: Connection) -> None:
        """The other side has agreed."""
        irp = self._connecting
        self._attach(connection)
        self._connecting = None
        if irp is not None:
            irp.complete()
        self.endpoint.update(Event.CONNECT)

    def fail(self, reason: Reason) -> None:
        """There is nobody, or none who wants to."""
        irp, self._connecting = self._connecting, None
        self.state, self.failure = State.UNCONNECTED, reason
        if irp is not None:
            irp.fail(reason)
        self.endpoint.update(Event.CONNECT_FAIL)

    def disconnect(self) -> None:
        connection = self._connected()
        connection.close(abortive=False)
        self.state, self.connection, self.local = State.UNCONNECTED, None, None
        self._is_receiving_over = self._is_sending_over = False
        self.release_port()

    def send(self, irp: Irp, data: bytes, target: Address | None, *, may_wait: bool) -> None:
        """Send; a target is ignored, as Winsock does.

        KernelError INVALID_CONNECTION, PIPE_DISCONNECTED after a shutdown, CONNECTION_RESET,
        DEVICE_NOT_READY.
        """
        connection = self._connected()
        if self._is_sending_over:
            raise KernelError(Reason.PIPE_DISCONNECTED)
        connection.send(irp, data, may_wait=may_wait)

    def receive(self, irp: Irp, wanted: Receive) -> None:
        """Receive.

        KernelError INVALID_CONNECTION, PIPE_DISCONNECTED after a shutdown, CONNECTION_RESET,
        DEVICE_NOT_READY.
        """
        connection = self._connected()
        if self._is_receiving_over:
            raise KernelError(Reason.PIPE_DISCONNECTED)
        connection.receive(irp, wanted)

    def shut_down(self, *, receiving: bool, sending: bool) -> None:
        connection = self._connected()
        self._is_receiving_over |= receiving
        if sending and not self._is_sending_over:
            self._is_sending_over = True
            if not connection.is_reset:
                connection.finish()
        self.endpoint.update()

    def abort(self) -> None:
        """Reset the connection.  KernelError INVALID_CONNECTION."""
        self._connected().reset()

    def available(self) -> int:
        return len(self.connection.inbound) if self.connection is not None else 0

    def close(self) -> None:
        accepts, self._accepts = self._accepts, deque()
        for accept in accepts:
            accept.irp.fail(Reason.CANCELLED)
        while self._backlog:
            self._backlog.popleft().reset()
        if self.connection is not None:
            linger = self.options.linger
            self.connection.close(abortive=linger.on and not linger.seconds)
        if self.network.outside is not None:
            self.network.outside.forget(self)
        super().close()

    def _connect_inside(self, listener: TcpTransport, local: Address, remote: Address) -> None:
        if not listener.has_room:
            self.fail(Reason.CONNECTION_REFUSED)
            return
        windows = (self.options.receive_buffer, listener.options.receive_buffer)
        mine, theirs = connect(local, remote, self.network.pool, windows)
        theirs.local = remote.bare.seen_by(listener.family)
        theirs.remote = local.bare.seen_by(listener.family)
        self.succeed(mine)
        listener.admit(theirs)

    def _attach(self, connection: Connection) -> None:
        self.connection, self.state = connection, State.CONNECTED
        self.local = connection.local
        self.connect_time = self.network.clock.interrupt_time()
        connection.owner = self

    def _connected(self) -> Connection:
        if self.state is not State.CONNECTED or self.connection is None:
            raise KernelError(Reason.INVALID_CONNECTION)
        return self.connection

    def _abandon(self) -> None:
        """The request to connect was cancelled."""
        self._connecting, self.state = None, State.UNCONNECTED
        if self.network.outside is not None:
            self.network.outside.forget(self)
