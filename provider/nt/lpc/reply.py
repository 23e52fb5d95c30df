"""Waiting for answers, and giving them."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError
from provider.kernel.ke.wait import wait_for
from provider.kernel.thread import Thread
from provider.nt.handles import nt_part
from provider.nt.lpc.message import LPC, Message, of_data
from provider.nt.lpc.port import Port, Request
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.kernel import Kernel
    from provider.nt.process import NtProcess, NtThread


async def ask(
    thread: Thread, port: Port, message: Message, kind: LPC, send: Callable[[Message], None]
) -> Message:
    """Send a message and wait for the answer.  NtError; KernelError of `send`."""
    part: NtThread = thread.context
    message_id = nt_part(thread.process).provider.executive.take_message_id()
    sent = message.sent_by(thread, kind, message_id)
    request = Request(port, sent)
    part.requests.append(request)
    port.requests[message_id] = request
    try:
        send(sent._replace(request=request))
        return await answer_of(thread, request)
    except (NtError, GeneratorExit):
        forget(thread, request)
        raise


async def answer_of(thread: Thread, request: Request) -> Message:
    """Wait until a request is answered.  A callback leaves it open.  NtError."""
    await wait_for(thread, (request,), reason="an answer of a port")
    reply = request.take()
    if reply.kind != LPC.REQUEST:
        forget(thread, request)
    return reply


def forget(thread: Thread, request: Request) -> None:
    """Nobody waits for the answer any more."""
    part: NtThread = thread.context
    if request in part.requests:
        part.requests.remove(request)
    request.port.requests.pop(request.message.id, None)


def find_request(kernel: Kernel, answer: Message) -> Request:
    """The request that `answer` answers by its ids.

    NtError REPLY_MESSAGE_MISMATCH: the thread does not wait, or waits for something else.
    """
    sender = kernel.client_ids.find(answer.thread_id, Thread)
    if sender is not None and sender.process.id == answer.process_id and not sender.is_terminated:
        part: NtThread = sender.context
        if part.requests:
            request = part.requests[-1]
            if request.message.id == answer.id and request.status is None:
                return request
    raise NtError(NTSTATUS.REPLY_MESSAGE_MISMATCH)


def reply_to(thread: Thread, port: Port, answer: Message) -> None:
    """Give an answer to the thread that waits for it.  NtError REPLY_MESSAGE_MISMATCH."""
    request = find_request(thread.process.kernel, answer)
    if request.message.kind == LPC.CONNECTION_REQUEST or not port.may_answer(request):
        raise NtError(NTSTATUS.REPLY_MESSAGE_MISMATCH)
    request.answer(NTSTATUS.SUCCESS, answer.sent_by(thread, LPC.REPLY, answer.id))


def tell_of_end(thread: Thread) -> None:
    """A thread ends: ports that it registered for that learn it, else the exception port."""
    part: NtThread = thread.context
    ports, part.terminate_ports = part.terminate_ports, []
    process: NtProcess = thread.process.context
    if not ports and process.exception_port is not None:
        _tell_end_to(process.exception_port, thread, 0)
    for port in ports:
        if port.peer is not None:
            _tell_end_to(port.peer.receiver, thread, port.peer.context)
        port.dereference()


def _tell_end_to(port: Port, thread: Thread, context: int) -> None:
    """A queue that is full loses the news."""
    part: NtThread = thread.context
    died = of_data(LPC.CLIENT_DIED, part.create_time.to_bytes(8, "little"))
    if port.is_open:
        with suppress(KernelError):
            message = died.sent_by(thread, LPC.CLIENT_DIED, 0)
            port.post(message._replace(context=context))
