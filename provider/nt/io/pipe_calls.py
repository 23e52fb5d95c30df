"""NtCreateNamedPipeFile, and what file-system controls do with pipes."""

from __future__ import annotations

from provider.kernel.io.pipe import PipeEnd, PipeState
from provider.kernel.io.pipe_device import PipeDevice, PipeRoot
from provider.kernel.io.request import Access, Disposition
from provider.kernel.thread import Thread
from provider.nt.handles import userland_of
from provider.nt.io.flags import FILE_ACCESS_MASK, FILE_DISPOSITION, FILE_OPTIONS, FILE_SHARE
from provider.nt.io.open_calls import insert_file, open_request
from provider.nt.io.operation import Operation
from provider.nt.ke.timeout import due_time
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.io import (
    FILE_PIPE_INFORMATION,
    FILE_PIPE_LOCAL_INFORMATION,
    FILE_PIPE_PEEK_BUFFER,
    FILE_PIPE_WAIT_FOR_BUFFER,
    IO_STATUS_BLOCK,
)
from provider.nt.structs.ob import OBJECT_ATTRIBUTES
from provider.nt.table import nt
from provider.nt.types import HANDLE, LARGE_INTEGER, ULONG, decode_utf16
from provider.syscall import Out

FSCTL_PIPE_DISCONNECT = 0x110004
FSCTL_PIPE_LISTEN = 0x110008
FSCTL_PIPE_PEEK = 0x11400C
FSCTL_PIPE_WAIT = 0x110018
FSCTL_PIPE_TRANSCEIVE = 0x11C017
FULL_DUPLEX = 2
DEFAULT_WAIT = -500_000
"""50 ms, as CreateNamedPipe documents for a pipe that names no time of its own."""
_CREATING = (Disposition.OPEN, Disposition.CREATE, Disposition.OPEN_IF)


@nt.syscall(partial="Operations on asynchronous pipes end before the call returns, too.")
def NtCreateNamedPipeFile(
    thread: Thread,
    FileHandle: Out[HANDLE],
    DesiredAccess: FILE_ACCESS_MASK,
    ObjectAttributes: OBJECT_ATTRIBUTES,
    IoStatusBlock: Out[IO_STATUS_BLOCK],
    ShareAccess: FILE_SHARE,
    CreateDisposition: FILE_DISPOSITION,
    CreateOptions: FILE_OPTIONS,
    NamedPipeType: ULONG,
    ReadMode: ULONG,
    CompletionMode: ULONG,
    MaximumInstances: ULONG,
    InboundQuota: ULONG,
    OutboundQuota: ULONG,
    DefaultTimeout: LARGE_INTEGER | None,
) -> None:
    """Make a server end of a pipe.  ShareAccess says which way bytes go."""
    bits = NamedPipeType & ~3 or ReadMode & ~1 or CompletionMode & ~1
    if bits or not MaximumInstances or (ReadMode and not NamedPipeType & 1):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    request = open_request(
        thread, ObjectAttributes, DesiredAccess, ShareAccess, CreateDisposition, CreateOptions
    )
    if request.disposition is Disposition.OVERWRITE_IF:
        userland = userland_of(thread.process)
        if userland is not None and userland.overwrites_pipes:
            request.disposition = Disposition.OPEN_IF
    if request.disposition not in _CREATING or not ShareAccess & 3:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    device, path = thread.process.kernel.io.device(request)
    if not isinstance(device, PipeDevice):
        raise NtError(NTSTATUS.INVALID_DEVICE_REQUEST)
    end, outcome = device.create(
        request,
        path,
        is_message_type=bool(NamedPipeType & 1),
        limit=MaximumInstances,
        quotas=(InboundQuota, OutboundQuota),
    )
    end.message_mode, end.nonblocking = bool(ReadMode), bool(CompletionMode)
    FileHandle.value = insert_file(thread, end, ObjectAttributes)
    Operation(thread, IoStatusBlock).complete(outcome)


def listens(end: PipeEnd, code: int) -> bool:
    """Whether a control waits for a client that has not come yet.  KernelError as `listen`."""
    if code != FSCTL_PIPE_LISTEN:
        return False
    end.begin_listening()
    return end.instance.state is PipeState.LISTENING


async def control(
    thread: Thread, end: PipeEnd, access: int, code: int, data: bytes, room: int
) -> tuple[bytes, bool]:
    """Carry out a control of a pipe's end: the answer, and whether some of it was left out.

    NtError INVALID_DEVICE_REQUEST for one that it does not have; KernelError of the pipe.
    """
    if code == FSCTL_PIPE_LISTEN:
        await end.listen(thread)
    elif code == FSCTL_PIPE_DISCONNECT:
        if not end.is_server:
            raise NtError(NTSTATUS.INVALID_PARAMETER)
        end.instance.disconnect()
    elif code == FSCTL_PIPE_PEEK:
        return _peek(end, room)
    elif code == FSCTL_PIPE_TRANSCEIVE:
        if access & (Access.READ_DATA | Access.WRITE_DATA) != 3 or not end.message_mode:
            raise NtError(NTSTATUS.INVALID_PIPE_STATE)
        await end.wait_writable(thread)
        end.write(data)
        await end.wait_readable(thread)
        return end.read(room), end.truncated
    else:
        raise NtError(NTSTATUS.INVALID_DEVICE_REQUEST)
    return b"", False


async def wait_for_pipe(thread: Thread, root: PipeRoot, data: bytes) -> None:
    """FSCTL_PIPE_WAIT.  NtError INVALID_PARAMETER; KernelError of the device."""
    if len(data) < FILE_PIPE_WAIT_FOR_BUFFER.SIZE:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    header = FILE_PIPE_WAIT_FOR_BUFFER.from_bytes(data)
    start = FILE_PIPE_WAIT_FOR_BUFFER.Name.offset
    name = data[start : start + header.NameLength]
    if len(name) != header.NameLength or len(name) & 1:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    timeout = header.Timeout if header.TimeoutSpecified else DEFAULT_WAIT
    due = due_time(thread.process.kernel.clock, timeout)
    await root.device.wait(thread, decode_utf16(name), due)


def pipe_information(end: PipeEnd) -> bytes:
    """FilePipeInformation."""
    return bytes(FILE_PIPE_INFORMATION(ReadMode=end.message_mode, CompletionMode=end.nonblocking))


def set_pipe_information(end: PipeEnd, data: bytes) -> None:
    """Change the modes of an end.  NtError INVALID_PARAMETER."""
    modes = FILE_PIPE_INFORMATION.from_bytes(data)
    message = modes.ReadMode and not end.instance.pipe.is_message_type
    if modes.ReadMode > 1 or modes.CompletionMode > 1 or message:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    end.message_mode, end.nonblocking = bool(modes.ReadMode), bool(modes.CompletionMode)


def pipe_local_information(end: PipeEnd) -> bytes:
    """FilePipeLocalInformation."""
    instance, pipe = end.instance, end.instance.pipe
    shared = pipe.share & 3
    return bytes(
        FILE_PIPE_LOCAL_INFORMATION(
            NamedPipeType=pipe.is_message_type,
            NamedPipeConfiguration=FULL_DUPLEX if shared == 3 else shared & 1,
            MaximumInstances=pipe.limit,
            CurrentInstances=len(pipe.instances),
            InboundQuota=instance.inbound.quota,
            ReadDataAvailable=end.source.size,
            OutboundQuota=instance.outbound.quota,
            WriteQuotaAvailable=max(end.sink.quota - end.sink.size, 0),
            NamedPipeState=instance.state,
            NamedPipeEnd=end.is_server,
        )
    )


def _peek(end: PipeEnd, room: int) -> tuple[bytes, bool]:
    header_size = FILE_PIPE_PEEK_BUFFER.SIZE
    if room < header_size:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    source = end.source
    if not source.messages:
        end.check_connected()
        if source.closed:
            raise NtError(NTSTATUS.PIPE_BROKEN)
    messages = source.messages
    is_message = end.instance.pipe.is_message_type
    header = FILE_PIPE_PEEK_BUFFER(
        NamedPipeState=PipeState.CLOSING if source.closed else end.instance.state,
        ReadDataAvailable=source.size,
        NumberOfMessages=len(messages) if is_message else 0,
        MessageLength=len(messages[0]) if is_message and messages else 0,
    )
    shown = source.peek(room - header_size, message=end.message_mode)
    left = len(messages[0]) if end.message_mode and messages else source.size
    return bytes(header) + shown, room > header_size and len(shown) < left
