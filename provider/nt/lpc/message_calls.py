"""Calls that send, receive and answer messages."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from provider.kernel.ke.wait import WaitEnd, wait_for
from provider.kernel.thread import Thread
from provider.nt.contents import FILLED, MESSAGE, MESSAGE_FILLED
from provider.nt.handles import nt_part, reference
from provider.nt.ke.timeout import due_time, wait_status
from provider.nt.legend import PORT_CLASS
from provider.nt.lpc.message import HEADER, LPC, capture
from provider.nt.lpc.port import Port, Role
from provider.nt.lpc.reply import answer_of, ask, find_request, reply_to
from provider.nt.status import NTSTATUS, NtError
from provider.nt.table import nt
from provider.nt.types import HANDLE, PVOID, TIMEOUT, ULONG
from provider.syscall import Out

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.nt.lpc.message import Message
    from provider.nt.process import NtThread


@nt.syscall()
def NtRequestPort(thread: Thread, PortHandle: HANDLE, RequestMessage: MESSAGE) -> None:
    """Send a message that is not answered."""
    port = reference(thread, PortHandle, Port)
    message = _captured(thread, port, RequestMessage)
    if message.kind not in (LPC.NONE, LPC.DATAGRAM):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    message_id = nt_part(thread.process).provider.executive.take_message_id()
    port.send(message.sent_by(thread, LPC.DATAGRAM, message_id))


@nt.syscall()
async def NtRequestWaitReplyPort(
    thread: Thread, PortHandle: HANDLE, RequestMessage: MESSAGE, ReplyMessage: MESSAGE_FILLED
) -> None:
    """Send a message and wait for the answer.

    A message of type LPC_REQUEST is a callback: it goes to the thread that waits for the caller's
    answer, which goes on with it.
    """
    space = thread.process.space
    port = reference(thread, PortHandle, Port)
    message = _captured(thread, port, RequestMessage)
    if message.kind not in (LPC.NONE, LPC.REQUEST):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    space.probe_write(ReplyMessage, HEADER)
    send: Callable[[Message], None] = port.send
    if message.kind == LPC.REQUEST:
        send = partial(find_request(thread.process.kernel, message).answer, NTSTATUS.SUCCESS)
    reply = await ask(thread, port, message, LPC.REQUEST, send)
    reply.store(space, ReplyMessage)


@nt.syscall()
def NtReplyPort(thread: Thread, PortHandle: HANDLE, ReplyMessage: MESSAGE) -> None:
    """Answer a message."""
    port = reference(thread, PortHandle, Port)
    reply_to(thread, port, _captured(thread, port, ReplyMessage))


@nt.syscall()
async def NtReplyWaitReplyPort(thread: Thread, PortHandle: HANDLE, ReplyMessage: MESSAGE) -> None:
    """Answer a callback, and wait again for the answer to what was asked before."""
    space = thread.process.space
    port = reference(thread, PortHandle, Port)
    answer = _captured(thread, port, ReplyMessage)
    space.probe_write(ReplyMessage, HEADER)
    part: NtThread = thread.context
    if not part.requests:
        raise NtError(NTSTATUS.REPLY_MESSAGE_MISMATCH)
    reply_to(thread, port, answer)
    reply = await answer_of(thread, part.requests[-1])
    reply.store(space, ReplyMessage)


@nt.syscall()
async def NtReplyWaitReceivePort(
    thread: Thread,
    PortHandle: HANDLE,
    PortContext: Out[PVOID] | None,
    ReplyMessage: MESSAGE,
    ReceiveMessage: MESSAGE_FILLED,
) -> int:
    """Answer a message, if one is given, and wait for the next."""
    return await _receive(thread, PortHandle, PortContext, ReplyMessage, ReceiveMessage, None)


@nt.syscall()
async def NtReplyWaitReceivePortEx(
    thread: Thread,
    PortHandle: HANDLE,
    PortContext: Out[PVOID] | None,
    ReplyMessage: MESSAGE,
    ReceiveMessage: MESSAGE_FILLED,
    Timeout: TIMEOUT | None,
) -> int:
    """Answer a message, if one is given, and wait for the next for some time."""
    return await _receive(thread, PortHandle, PortContext, ReplyMessage, ReceiveMessage, Timeout)


@nt.syscall()
def NtImpersonateClientOfPort(thread: Thread, PortHandle: HANDLE, Message: PVOID) -> None:
    """Act for the client whose message is being answered, as far as it allows."""
    port = reference(thread, PortHandle, Port)
    message = capture(thread.process.space, Message)
    if port.role is not Role.SERVER:
        raise NtError(NTSTATUS.INVALID_PORT_HANDLE)
    if port.peer is None:
        raise NtError(NTSTATUS.PORT_DISCONNECTED)
    request = find_request(thread.process.kernel, message)
    client = thread.process.kernel.client_ids.find(message.thread_id, Thread)
    if request.port is not port.peer or client is None or port.peer.security is None:
        raise NtError(NTSTATUS.REPLY_MESSAGE_MISMATCH)
    port.peer.security.lend(thread, client)


@nt.syscall()
def NtRegisterThreadTerminatePort(thread: Thread, PortHandle: HANDLE) -> None:
    """Let the server of a port know when the caller ends (LPC_CLIENT_DIED)."""
    port = reference(thread, PortHandle, Port)
    if port.role is not Role.CLIENT:
        raise NtError(NTSTATUS.INVALID_PORT_HANDLE)
    part: NtThread = thread.context
    if port not in part.terminate_ports:
        port.reference()
        part.terminate_ports.append(port)


@nt.syscall()
def NtQueryInformationPort(
    thread: Thread,
    PortHandle: HANDLE,
    PortInformationClass: PORT_CLASS,
    PortInformation: FILLED,
    Length: ULONG,
    ReturnLength: Out[ULONG] | None,
) -> None:
    """Tell something about a port; the only class, the basic one, is empty."""
    reference(thread, PortHandle, Port)
    if PortInformationClass:
        raise NtError(NTSTATUS.INVALID_INFO_CLASS)
    if ReturnLength is not None:
        ReturnLength.value = 0


def _captured(thread: Thread, port: Port, va: int) -> Message:
    return capture(thread.process.space, va, port.longest_message)


async def _receive(
    thread: Thread,
    handle: int,
    context: Out[int] | None,
    reply_va: int,
    buffer: int,
    timeout: int | None,
) -> int:
    space = thread.process.space
    port = reference(thread, handle, Port)
    space.probe_write(buffer, HEADER)
    due = due_time(thread.process.kernel.clock, timeout)
    if reply_va:
        reply_to(thread, port, _captured(thread, port, reply_va))
    receiver = port.receiver
    receiver.reference()
    try:
        while not receiver.messages:
            outcome = await wait_for(thread, (receiver,), due=due)
            if outcome.end is not WaitEnd.SATISFIED:
                return wait_status(outcome)
        message = receiver.messages[0]
        message.store(space, buffer)
        if context is not None:
            context.value = message.context
        receiver.messages.popleft()
    finally:
        receiver.dereference()
    return NTSTATUS.SUCCESS
