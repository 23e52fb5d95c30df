"""Ports, and requests whose senders wait."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from enum import Enum, auto
from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError, Reason
from provider.kernel.ke.wait import signal
from provider.kernel.ke.waitable import Waitable
from provider.kernel.ob.access import GenericMapping
from provider.nt.lpc.message import LPC, Message, of_data
from provider.nt.lpc.view import Views
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from provider.kernel.process import Process
    from provider.kernel.thread import Thread
    from provider.nt.lpc.impersonation import ClientSecurity
    from provider.nt.lpc.view import SharedView

MOST_MESSAGES = 1 << 12
"""Messages that wait in one port; NT is bounded by its pool only."""


class Role(Enum):
    """What a port is for."""

    CONNECTION = auto()
    SERVER = auto()
    CLIENT = auto()


class Request(Waitable):
    """A message whose sender waits; signalled when the answer is there."""

    __slots__ = ("message", "port", "reply", "status")

    type_name = "Request"

    def __init__(self, port: Port, message: Message) -> None:
        super().__init__()
        self.port = port
        """The port that the sender used."""
        self.message = message
        self.reply: Message | None = None
        self.status: int | None = None
        """How the wait ends; None: it has not ended."""

    def is_signaled(self, thread: Thread) -> bool:
        return self.status is not None

    def answer(self, status: int, reply: Message | None = None) -> None:
        """Let the sender go on."""
        self.status, self.reply = status, reply
        signal(self)

    def take(self) -> Message:
        """The answer; the request can be answered again, which it is after a callback.  NtError."""
        status, reply = self.status, self.reply
        self.status = self.reply = None
        if reply is None or status != NTSTATUS.SUCCESS:
            raise NtError(NTSTATUS(status or NTSTATUS.LPC_REPLY_LOST))
        return reply


class Port(Waitable):
    """A port of any role; it is signalled while messages wait in it."""

    __slots__ = (
        "accepted",
        "connection",
        "context",
        "longest_information",
        "longest_message",
        "messages",
        "peer",
        "requests",
        "role",
        "security",
        "shared",
        "views",
    )

    type_name = "Port"
    generic = GenericMapping(read=0x20001, write=0x20001, execute=0, all=0x1F0001)

    def __init__(
        self,
        role: Role,
        owner: Process,
        longest_message: int,
        *,
        connection: Port | None = None,
        longest_information: int = 0,
    ) -> None:
        """Lengths are in bytes; `connection` is what a client's or a server's port belongs to."""
        super().__init__()
        self.role = role
        self.longest_message, self.longest_information = longest_message, longest_information
        self.connection = connection
        if connection is not None:
            connection.reference()
        self.peer: Port | None = None
        """The other side's port, once they are connected."""
        self.context = 0
        """What the server calls the client of a server port."""
        self.messages: deque[Message] = deque()
        self.requests: dict[int, Request] = {}
        """Messages of this port whose senders wait, by id."""
        self.accepted: tuple[Request, Message] | None = None
        """Of a server port: what NtCompleteConnectPort answers, and with what."""
        self.views = Views(owner)
        self.security: ClientSecurity | None = None
        """Of a client port: what its server may do in the client's name."""
        self.shared: SharedView | None = None
        """The section that this side brought along."""

    def is_signaled(self, thread: Thread) -> bool:
        return bool(self.messages)

    def on_last_handle(self) -> None:
        peer, self.peer = self.peer, None
        self.views.unmap()
        if self.role is Role.CONNECTION:
            self._refuse_all()
        if peer is not None:
            peer.peer = None
            self._hang_up(peer)

    def on_delete(self) -> None:
        if self.shared is not None:
            self.shared.section.dereference()
        if self.connection is not None:
            self.connection.dereference()

    @property
    def is_open(self) -> bool:
        """Whether anybody has a handle."""
        return self.handle_count > 0

    @property
    def receiver(self) -> Port:
        """The port whose messages arrive here: a server receives all at its connection port."""
        if self.role is Role.SERVER and self.connection is not None:
            return self.connection
        return self

    def post(self, message: Message) -> None:
        """Put a message into the port's queue.  KernelError INSUFFICIENT_RESOURCES."""
        if len(self.messages) >= MOST_MESSAGES:
            raise KernelError(Reason.INSUFFICIENT_RESOURCES, "messages of a port")
        self.messages.append(message)
        signal(self)

    def send(self, message: Message) -> None:
        """Send a message to the other side.

        NtError PORT_DISCONNECTED, INVALID_PORT_HANDLE (a connection port has no other side);
        KernelError INSUFFICIENT_RESOURCES.
        """
        if self.role is Role.CONNECTION:
            raise NtError(NTSTATUS.INVALID_PORT_HANDLE)
        if self.peer is None or not self.peer.receiver.is_open:
            raise NtError(NTSTATUS.PORT_DISCONNECTED)
        self.peer.receiver.post(message._replace(context=self.peer.context))

    def may_answer(self, request: Request) -> bool:
        """Whether a request came from the other side of this port's connection.

        A server may answer, and call back, through any of its ports.
        """
        sender = request.port
        if (self.connection or self) is not (sender.connection or sender):
            return False
        return (self.role is Role.CLIENT) != (sender.role is Role.CLIENT)

    def _refuse_all(self) -> None:
        """Nobody listens any more."""
        messages = tuple(self.messages)
        self.messages.clear()
        for message in messages:
            if message.request is not None:
                refused = message.kind == LPC.CONNECTION_REQUEST
                status = NTSTATUS.PORT_CONNECTION_REFUSED if refused else NTSTATUS.PORT_DISCONNECTED
                message.request.answer(status)

    def _hang_up(self, peer: Port) -> None:
        """Let who waits for this side, and its server, know that it is gone."""
        if self.accepted is not None:
            self.accepted[0].answer(NTSTATUS.PORT_CONNECTION_REFUSED)
        for request in tuple(peer.requests.values()):
            request.answer(NTSTATUS.PORT_DISCONNECTED)
        if peer.role is Role.SERVER and peer.receiver.is_open:
            with suppress(KernelError):  # a queue that is full loses the news
                closed = of_data(LPC.PORT_CLOSED, b"")
                peer.receiver.post(closed._replace(context=peer.context))
