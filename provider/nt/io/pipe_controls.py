"""What file-system controls do with pipes, with the directory of pipes and with their device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.pipe import FULL_DUPLEX, PipeEnd, PipeState
from provider.kernel.io.pipe_device import PipeDeviceFile, PipeRoot
from provider.kernel.io.stream_pipe import StreamPipe
from provider.nt.io.opener import Identity
from provider.nt.ke.timeout import due_time
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.io import FILE_PIPE_PEEK_BUFFER, FILE_PIPE_WAIT_FOR_BUFFER
from provider.nt.types import decode_utf16

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.io.irp import Irp
    from provider.kernel.io.stream_pipe import AnyPipe
    from provider.kernel.thread import Thread

FSCTL_PIPE_ASSIGN_EVENT = 0x110000
FSCTL_PIPE_DISCONNECT = 0x110004
FSCTL_PIPE_LISTEN = 0x110008
FSCTL_PIPE_PEEK = 0x11400C
FSCTL_PIPE_QUERY_EVENT = 0x110010
FSCTL_PIPE_TRANSCEIVE = 0x11C017
FSCTL_PIPE_WAIT = 0x110018
FSCTL_PIPE_IMPERSONATE = 0x11001C
FSCTL_PIPE_SET_CLIENT_PROCESS = 0x110020
FSCTL_PIPE_QUERY_CLIENT_PROCESS = 0x110024
FSCTL_PIPE_GET_PIPE_ATTRIBUTE = 0x110028
FSCTL_PIPE_GET_CONNECTION_ATTRIBUTE = 0x110030
FSCTL_PIPE_FLUSH = 0x118040

SESSION = 1
"""Every process is in session 1, the user's."""
MOST_ATTRIBUTE_NAME = 64

_WITHOUT_A_PIPE = {
    FSCTL_PIPE_DISCONNECT: NTSTATUS.PIPE_DISCONNECTED,
    FSCTL_PIPE_LISTEN: NTSTATUS.ILLEGAL_FUNCTION,
    FSCTL_PIPE_PEEK: NTSTATUS.INVALID_PARAMETER,
    FSCTL_PIPE_TRANSCEIVE: NTSTATUS.PIPE_DISCONNECTED,
    FSCTL_PIPE_WAIT: NTSTATUS.ILLEGAL_FUNCTION,
    FSCTL_PIPE_IMPERSONATE: NTSTATUS.ILLEGAL_FUNCTION,
    FSCTL_PIPE_QUERY_CLIENT_PROCESS: NTSTATUS.INVALID_PARAMETER,
    FSCTL_PIPE_GET_PIPE_ATTRIBUTE: NTSTATUS.INVALID_PARAMETER,
    FSCTL_PIPE_GET_CONNECTION_ATTRIBUTE: NTSTATUS.INVALID_PARAMETER,
}
"""What controls of pipes say to the device and to its root directory."""

_OF_A_STREAM = {
    FSCTL_PIPE_DISCONNECT: NTSTATUS.ILLEGAL_FUNCTION,
    FSCTL_PIPE_LISTEN: NTSTATUS.ILLEGAL_FUNCTION,
    FSCTL_PIPE_TRANSCEIVE: NTSTATUS.INVALID_PIPE_STATE,
    FSCTL_PIPE_IMPERSONATE: NTSTATUS.ILLEGAL_FUNCTION,
}
"""What other controls of pipes say to a client's end of bytes."""


class Control(NamedTuple):
    """A control as it was asked for, with the bytes that its answer may have."""

    code: int
    data: bytes
    room: int


def start_control(
    thread: Thread, file: AnyPipe | PipeRoot | PipeDeviceFile, asked: Control
) -> Callable[[Irp], None]:
    """The request that a control stands for.  NtError NOT_SUPPORTED for one that does not exist."""
    if isinstance(file, PipeEnd):
        if asked.code == FSCTL_PIPE_IMPERSONATE:
            return lambda irp: _impersonate(thread, file, irp)
        routine = _CONTROLS.get(asked.code)
        if routine is None:
            raise NtError(NTSTATUS.NOT_SUPPORTED)
        return lambda irp: routine(file, irp, asked)
    if isinstance(file, StreamPipe):
        stream_routine = _STREAM_CONTROLS.get(asked.code)
        if stream_routine is None:
            raise NtError(_OF_A_STREAM.get(asked.code, NTSTATUS.NOT_SUPPORTED))
        return lambda irp: stream_routine(file, irp, asked)
    if isinstance(file, PipeRoot) and asked.code == FSCTL_PIPE_WAIT:
        return lambda irp: _wait(thread, file, irp, asked.data)
    raise NtError(_WITHOUT_A_PIPE.get(asked.code, NTSTATUS.NOT_SUPPORTED))


def _listen(end: PipeEnd, irp: Irp, asked: Control) -> None:
    end.start_listen(irp)


def _disconnect(end: PipeEnd, irp: Irp, asked: Control) -> None:
    end.disconnect()
    irp.complete()


def _transceive(end: PipeEnd, irp: Irp, asked: Control) -> None:
    if end.instance.pipe.share & FULL_DUPLEX != FULL_DUPLEX:
        raise NtError(NTSTATUS.INVALID_PIPE_STATE)
    end.start_transceive(irp, asked.data, asked.room)


def _flush(end: AnyPipe, irp: Irp, asked: Control) -> None:
    end.start_flush(irp)


def _peek(end: AnyPipe, irp: Irp, asked: Control) -> None:
    """The header alone overflows, too, where there is anything to be read."""
    room = asked.room - FILE_PIPE_PEEK_BUFFER.SIZE
    if room < 0:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    seen = end.peek(room)
    header = FILE_PIPE_PEEK_BUFFER(
        NamedPipeState=seen.state,
        ReadDataAvailable=seen.available,
        NumberOfMessages=seen.messages,
        MessageLength=seen.first_size,
    )
    answer = bytes(header) + seen.data
    left_out = len(seen.data) < seen.first_size if room else seen.available > 0
    irp.complete(len(answer), answer, truncated=left_out)


def _connection_attribute(end: PipeEnd, irp: Irp, asked: Control) -> None:
    """One of the numbers by their names, as GetNamedPipeClientProcessId asks for them."""
    end.check_attached()
    instance = end.instance
    name = asked.data[:MOST_ATTRIBUTE_NAME].split(b"\0")[0]
    if name == b"ServerProcessId":
        value = instance.server_process
    elif name == b"ServerSessionId":
        value = SESSION
    elif name not in (b"ClientProcessId", b"ClientSessionId"):
        raise NtError(NTSTATUS.NOT_FOUND)
    elif instance.state in (PipeState.LISTENING, PipeState.DISCONNECTED):
        raise KernelError(Reason.NOT_FOUND, "there is no client")
    else:
        value = instance.client_process if name == b"ClientProcessId" else SESSION
    if asked.room < 4:
        raise NtError(NTSTATUS.BUFFER_TOO_SMALL)
    irp.complete(4, value.to_bytes(4, "little"))


def _impersonate(thread: Thread, end: PipeEnd, irp: Irp) -> None:
    """Let the server act for who wrote what it read last (NpImpersonate)."""
    if not end.is_server:
        raise NtError(NTSTATUS.ILLEGAL_FUNCTION)
    if end.state in (PipeState.LISTENING, PipeState.DISCONNECTED):
        raise NtError(NTSTATUS.CANNOT_IMPERSONATE)
    identity = end.instance.inbound.identity
    if not isinstance(identity, Identity):
        raise NtError(NTSTATUS.CANNOT_IMPERSONATE)
    identity.lend(thread)
    irp.complete()


def _wait(thread: Thread, root: PipeRoot, irp: Irp, data: bytes) -> None:
    if len(data) < FILE_PIPE_WAIT_FOR_BUFFER.Name.offset:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    header = FILE_PIPE_WAIT_FOR_BUFFER.from_bytes(data.ljust(FILE_PIPE_WAIT_FOR_BUFFER.SIZE, b"\0"))
    start = FILE_PIPE_WAIT_FOR_BUFFER.Name.offset
    name = data[start : start + header.NameLength]
    if len(name) != header.NameLength or len(name) & 1:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    kernel, pipe = thread.process.kernel, root.device.find(f"\\{decode_utf16(name)}")
    timeout = header.Timeout if header.TimeoutSpecified else pipe.default_timeout
    pipe.wait(irp, kernel.timers, due_time(kernel.clock, timeout))


_CONTROLS: dict[int, Callable[[PipeEnd, Irp, Control], None]] = {
    FSCTL_PIPE_DISCONNECT: _disconnect,
    FSCTL_PIPE_LISTEN: _listen,
    FSCTL_PIPE_PEEK: _peek,
    FSCTL_PIPE_TRANSCEIVE: _transceive,
    FSCTL_PIPE_GET_CONNECTION_ATTRIBUTE: _connection_attribute,
    FSCTL_PIPE_FLUSH: _flush,
}
_STREAM_CONTROLS: dict[int, Callable[[StreamPipe, Irp, Control], None]] = {
    FSCTL_PIPE_PEEK: _peek,
    FSCTL_PIPE_FLUSH: _flush,
}
