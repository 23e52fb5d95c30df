"""Calls that control devices and file systems, and those that cancel operations."""

from __future__ import annotations

from provider.kernel.io import FileObject
from provider.kernel.io.console import ConsoleFile
from provider.kernel.io.mount_manager import MountManagerFile
from provider.kernel.io.pipe import PipeEnd, PipeState
from provider.kernel.io.pipe_device import PipeRoot
from provider.kernel.thread import Thread
from provider.nt.handles import reference
from provider.nt.io import condrv, mountmgr, pipe_calls
from provider.nt.io.operation import Operation
from provider.nt.io.pending import Pending
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.io import IO_STATUS_BLOCK
from provider.nt.table import nt
from provider.nt.types import HANDLE, PVOID, ULONG, ULONG_PTR
from provider.syscall import Out

MAX_INPUT = 1 << 20
"""No control of ours takes more; the guest's length is not to fill the host's memory."""


@nt.syscall(partial="Controls of the console and the mount manager; every other one is refused.")
def NtDeviceIoControlFile(
    thread: Thread,
    FileHandle: HANDLE,
    Event: HANDLE,
    ApcRoutine: PVOID,
    ApcContext: PVOID,
    IoStatusBlock: Out[IO_STATUS_BLOCK],
    IoControlCode: ULONG_PTR,
    InputBuffer: PVOID,
    InputBufferLength: ULONG,
    OutputBuffer: PVOID,
    OutputBufferLength: ULONG,
) -> int:
    """Ask something of a device."""
    file = reference(thread, FileHandle, FileObject)
    operation = Operation(thread, IoStatusBlock, Event, ApcRoutine, ApcContext, file)
    if not isinstance(file, ConsoleFile | MountManagerFile):
        raise NtError(NTSTATUS.INVALID_DEVICE_REQUEST)
    data = _input(thread, InputBuffer, InputBufferLength, OutputBuffer, OutputBufferLength)
    if isinstance(file, MountManagerFile):
        answer = mountmgr.control(file, IoControlCode, data, OutputBufferLength)
    else:
        answer = condrv.control(thread.process, file, IoControlCode, data, OutputBufferLength)
    if answer:
        thread.process.space.write(OutputBuffer, answer)
    return operation.end_call(len(answer))


@nt.syscall(partial="The controls of pipes; every other one is refused.")
async def NtFsControlFile(
    thread: Thread,
    FileHandle: HANDLE,
    Event: HANDLE,
    ApcRoutine: PVOID,
    ApcContext: PVOID,
    IoStatusBlock: Out[IO_STATUS_BLOCK],
    FsControlCode: ULONG_PTR,
    InputBuffer: PVOID,
    InputBufferLength: ULONG,
    OutputBuffer: PVOID,
    OutputBufferLength: ULONG,
) -> int:
    """Ask something of a file system: here, of pipes."""
    file = reference(thread, FileHandle, FileObject)
    access = thread.process.handles.entry(FileHandle).access
    operation = Operation(thread, IoStatusBlock, Event, ApcRoutine, ApcContext, file)
    data = _input(thread, InputBuffer, InputBufferLength, OutputBuffer, OutputBufferLength)
    if (
        isinstance(file, PipeEnd)
        and not file.is_synchronous
        and pipe_calls.listens(file, FsControlCode)
    ):
        instance = file.instance
        Pending(
            thread,
            file,
            operation,
            lambda: instance.connected,
            lambda: None if instance.state is PipeState.LISTENING else (0, NTSTATUS.SUCCESS),
        )
        return NTSTATUS.PENDING
    answer, truncated = b"", False
    file.reference()
    try:
        if isinstance(file, PipeEnd):
            room = OutputBufferLength
            answer, truncated = await pipe_calls.control(
                thread, file, access, FsControlCode, data, room
            )
        elif isinstance(file, PipeRoot) and FsControlCode == pipe_calls.FSCTL_PIPE_WAIT:
            await pipe_calls.wait_for_pipe(thread, file, data)
        else:
            raise NtError(NTSTATUS.INVALID_DEVICE_REQUEST)
    finally:
        file.dereference()
    if answer:
        thread.process.space.write(OutputBuffer, answer)
    return operation.end_call(
        len(answer), NTSTATUS.BUFFER_OVERFLOW if truncated else NTSTATUS.SUCCESS
    )


@nt.syscall()
def NtCancelIoFile(thread: Thread, FileHandle: HANDLE, IoStatusBlock: Out[IO_STATUS_BLOCK]) -> int:
    """Cancel the caller's operations on a file."""
    file = reference(thread, FileHandle, FileObject)
    for pending in [pending for pending in file.pending if pending.thread is thread]:
        pending.cancel()
    return Operation(thread, IoStatusBlock).complete(0)


@nt.syscall()
def NtCancelIoFileEx(
    thread: Thread,
    FileHandle: HANDLE,
    IoRequestToCancel: PVOID,
    IoStatusBlock: Out[IO_STATUS_BLOCK],
) -> None:
    """Cancel the process's operations on a file, or the one with an I/O status block."""
    file = reference(thread, FileHandle, FileObject)
    found = [
        pending
        for pending in file.pending
        if pending.thread.process is thread.process
        and IoRequestToCancel in (0, pending.operation.io_va)
    ]
    if not found:
        raise NtError(NTSTATUS.NOT_FOUND)
    for pending in found:
        pending.cancel()
    Operation(thread, IoStatusBlock).complete(0)


def _input(thread: Thread, source: int, size: int, target: int, room: int) -> bytes:
    """What a control is given; the buffer for its answer is known to be good afterwards."""
    if size > MAX_INPUT:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    space = thread.process.space
    data = space.read(source, size) if size else b""
    if room:
        space.probe_write(target, room)
    return data
