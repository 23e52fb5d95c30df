"""NtCreateNamedPipeFile, and what can be asked and set about pipes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.io.pipe import FULL_DUPLEX
from provider.kernel.io.pipe_device import PipeDevice
from provider.kernel.io.request import Disposition
from provider.kernel.thread import Thread
from provider.nt.contents import OPEN_STATUS_BLOCK
from provider.nt.handles import userland_of
from provider.nt.io.open_calls import insert_file, open_request
from provider.nt.io.operation import Operation
from provider.nt.legend import (
    FILE_ACCESS_MASK,
    FILE_DISPOSITION,
    FILE_OPTIONS,
    FILE_SHARE,
    PIPE_COMPLETION_MODE,
    PIPE_READ_MODE,
    PIPE_TYPE,
)
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.io import (
    FILE_PIPE_INFORMATION,
    FILE_PIPE_LOCAL_INFORMATION,
)
from provider.nt.structs.ob import OBJECT_ATTRIBUTES
from provider.nt.table import nt
from provider.nt.types import HANDLE, TIMEOUT, ULONG
from provider.syscall import Out

if TYPE_CHECKING:
    from provider.kernel.io.stream_pipe import AnyPipe

FILE_PIPE_FULL_DUPLEX = 2
DEFAULT_WAIT = -500_000
"""50 ms, as CreateNamedPipe documents for a pipe that names no time of its own."""
_CREATING = (Disposition.OPEN, Disposition.CREATE, Disposition.OPEN_IF)


@nt.syscall()
def NtCreateNamedPipeFile(
    thread: Thread,
    FileHandle: Out[HANDLE],
    DesiredAccess: FILE_ACCESS_MASK,
    ObjectAttributes: OBJECT_ATTRIBUTES | None,
    IoStatusBlock: Out[OPEN_STATUS_BLOCK],
    ShareAccess: FILE_SHARE,
    CreateDisposition: FILE_DISPOSITION,
    CreateOptions: FILE_OPTIONS,
    NamedPipeType: PIPE_TYPE,
    ReadMode: PIPE_READ_MODE,
    CompletionMode: PIPE_COMPLETION_MODE,
    MaximumInstances: ULONG,
    InboundQuota: ULONG,
    OutboundQuota: ULONG,
    DefaultTimeout: TIMEOUT | None,
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
        raise NtError(NTSTATUS.OBJECT_NAME_INVALID)
    end, outcome = device.create(
        request,
        path,
        is_message_type=bool(NamedPipeType & 1),
        limit=MaximumInstances,
        quotas=(InboundQuota, OutboundQuota),
        default_timeout=DEFAULT_WAIT if DefaultTimeout is None else DefaultTimeout,
    )
    end.message_mode, end.nonblocking = bool(ReadMode), bool(CompletionMode)
    FileHandle.value = insert_file(thread, end, ObjectAttributes)
    Operation(thread, IoStatusBlock).complete(outcome)


def pipe_information(end: AnyPipe) -> bytes:
    """FilePipeInformation.  KernelError PIPE_DISCONNECTED."""
    end.check_attached()
    return bytes(FILE_PIPE_INFORMATION(ReadMode=end.message_mode, CompletionMode=end.nonblocking))


def set_pipe_information(end: AnyPipe, data: bytes) -> None:
    """Change the modes of an end.  NtError INVALID_PARAMETER; KernelError of the pipe."""
    modes = FILE_PIPE_INFORMATION.from_bytes(data)
    if modes.ReadMode > 1 or modes.CompletionMode > 1:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    end.set_modes(message_mode=bool(modes.ReadMode), nonblocking=bool(modes.CompletionMode))


def pipe_local_information(end: AnyPipe) -> bytes:
    """FilePipeLocalInformation.  KernelError PIPE_DISCONNECTED."""
    local = end.local()
    is_duplex = local.share == FULL_DUPLEX
    return bytes(
        FILE_PIPE_LOCAL_INFORMATION(
            NamedPipeType=local.is_message_type,
            NamedPipeConfiguration=FILE_PIPE_FULL_DUPLEX if is_duplex else local.share & 1,
            MaximumInstances=local.limit,
            CurrentInstances=local.instances,
            InboundQuota=local.inbound_quota,
            ReadDataAvailable=local.available,
            OutboundQuota=local.outbound_quota,
            WriteQuotaAvailable=local.room,
            NamedPipeState=local.state,
            NamedPipeEnd=local.is_server,
        )
    )
