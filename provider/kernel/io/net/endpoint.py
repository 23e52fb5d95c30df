r"""Endpoints: what a handle of `\Device\Afd` stands for; a socket, once it has a transport."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.file import DeviceType, FileObject
from provider.kernel.io.irp import Irp, cancel_all
from provider.kernel.io.net.byte_queue import Receive
from provider.kernel.io.net.event import Event
from provider.kernel.io.net.network import Network, Protocol
from provider.kernel.io.net.options import SocketOptions
from provider.kernel.io.net.selection import CONNECTING, Selection
from provider.kernel.io.net.tcp import TcpTransport
from provider.kernel.io.net.udp import UdpTransport
from provider.kernel.io.record import FileStatus, FileTimes
from provider.kernel.io.request import FILE_ACCESS, SYNCHRONOUS, Attribute

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.io.net.address import Address, Family
    from provider.kernel.io.net.connection import Connection
    from provider.kernel.io.net.poll import Poll
    from provider.kernel.io.net.transport import Transport
    from provider.kernel.ke.event import Event as EventObject

SOCKET_ACCESS = FILE_ACCESS.read | FILE_ACCESS.write
"""The rights of a handle that accepting makes."""


class Endpoint(FileObject):
    """A socket."""

    __slots__ = (
        "accepting",
        "context",
        "kind",
        "main_poll",
        "network",
        "options",
        "polls",
        "selection",
        "transport",
        "unaccepted",
    )

    device_type = DeviceType.NAMED_PIPE
    """What AFD calls its device, so that GetFileType tells FILE_TYPE_PIPE."""
    queues_requests = True
    is_socket = True

    def __init__(self, network: Network, access: int, share: int = 7, options: int = 0) -> None:
        super().__init__(access, share, options)
        self.network = network
        self.options = SocketOptions()
        self.selection = Selection()
        self.polls: dict[Poll, None] = {}
        self.main_poll: Poll | None = None
        self.transport: Transport | None = None
        self.kind = (0, 0)
        """The type and the protocol that its maker has named."""
        self.context = b""
        """What its owner keeps there for whoever gets a handle."""
        self.accepting: Irp | None = None
        """The last request to accept that was to end here."""
        self.unaccepted: dict[int, Connection] = {}
        """Connections that were announced and are to be accepted by number."""

    def create(self, family: Family, protocol: Protocol, kind: tuple[int, int]) -> None:
        """Become a socket.  KernelError INVALID_PARAMETER for what is one."""
        if self.transport is not None:
            raise KernelError(Reason.INVALID_PARAMETER, "a socket already")
        make = TcpTransport if protocol is Protocol.TCP else UdpTransport
        self.transport, self.kind = make(self, self.network, family), kind

    @property
    def protocol(self) -> Transport:
        """The transport.  KernelError INVALID_HANDLE for what is no socket."""
        if self.transport is None:
            raise KernelError(Reason.INVALID_HANDLE, "no socket")
        return self.transport

    @property
    def stream(self) -> TcpTransport:
        """The transport of a stream.  KernelError NOT_SUPPORTED, INVALID_HANDLE."""
        if not isinstance(self.protocol, TcpTransport):
            raise KernelError(Reason.NOT_SUPPORTED, "no stream")
        return self.protocol

    @property
    def is_accepting(self) -> bool:
        """Whether a request to accept is to end here."""
        return self.accepting is not None and not self.accepting.is_done

    @property
    def may_wait(self) -> bool:
        """Whether requests wait that do not say so."""
        return not self.options.nonblocking

    def full_name(self) -> str:
        return "\\Device\\Afd"

    def status(self) -> FileStatus:
        size = self.transport.available() if self.transport is not None else 0
        return FileStatus(FileTimes(0, 0, 0, 0), size, size, Attribute.NORMAL, 1, 0)

    def readiness(self) -> int:
        """The events that are so now."""
        return self.transport.readiness() if self.transport is not None else 0

    def failure(self, events: int) -> Reason | None:
        """Why it has come to an event."""
        transport = self.transport
        if events & Event.CONNECT_FAIL and isinstance(transport, TcpTransport):
            return transport.failure
        return None

    def update(self, passing: int = 0) -> None:
        """Tell everybody what is so now; `passing`: events that come and go."""
        ready = self.readiness()
        if passing & Event.CONNECT_FAIL and (reason := self.failure(passing)) is not None:
            self.selection.errors[Event.CONNECT_FAIL] = reason
        self.selection.post(ready & ~CONNECTING | passing)
        for poll in tuple(self.polls):
            poll.look(self)

    def select_events(self, target: EventObject | None, mask: int) -> None:
        """Tell events of `mask` to an event object; from then on the socket does not wait."""
        self.options.nonblocking = True
        self.selection.select(target, mask)
        self.selection.post(self.readiness() & ~CONNECTING)

    def renew(self, events: int) -> None:
        """A call was made that lets events be told again."""
        self.selection.renew(events)
        self.selection.post(self.readiness() & events)

    def send(self, irp: Irp, data: bytes, target: Address | None = None, *, may_wait: bool) -> None:
        """Send.  KernelError, as the transport's."""
        try:
            self.protocol.send(irp, data, target, may_wait=may_wait)
        except KernelError as error:
            if error.reason is Reason.DEVICE_NOT_READY:
                self.selection.renew(Event.SEND)
            raise

    def receive(self, irp: Irp, wanted: Receive) -> None:
        """Receive.  KernelError, as the transport's."""
        try:
            self.protocol.receive(irp, wanted)
        finally:
            self.renew(Event.RECEIVE)

    def start_read(self, irp: Irp, size: int) -> None:
        self.receive(irp, Receive(size))

    def start_write(self, irp: Irp, data: bytes) -> None:
        self.send(irp, data, may_wait=True)

    def start_flush(self, irp: Irp) -> None:
        irp.complete()

    def accept(self, irp: Irp, deliver: Callable[[Endpoint], None]) -> None:
        """Accept a connection with a new socket.  KernelError."""

        def take(irp: Irp, connection: Connection) -> None:
            deliver(self.accepted(connection))
            irp.complete()

        self.stream.accept(irp, take)

    def accepted(self, connection: Connection) -> Endpoint:
        """A new socket for a connection that has come to this one."""
        mode = SYNCHRONOUS if self.is_synchronous else 0
        endpoint = Endpoint(self.network, SOCKET_ACCESS, self.share, mode & self.mode)
        endpoint.options = self.inherited_options()
        endpoint.create(self.stream.family, Protocol.TCP, self.kind)
        endpoint.selection.select(self.selection.target, self.selection.mask)
        endpoint.stream.adopt(connection)
        return endpoint

    def defer(self, accepted: Endpoint) -> None:
        """An accepted socket gives its connection back to its listener.

        KernelError INVALID_CONNECTION.
        """
        self.stream.put_back(accepted.stream.detach())

    def inherited_options(self) -> SocketOptions:
        """What accepted sockets have of their listener's options."""
        return self.options.inherited()

    def on_close(self) -> None:
        for poll in tuple(self.polls):
            poll.close(self)
        cancel_all(self.pending)
        if self.accepting is not None:
            self.accepting.cancel()
        for connection in self.unaccepted.values():
            connection.reset()
        self.selection.close()
        if self.transport is not None:
            self.transport.close()
