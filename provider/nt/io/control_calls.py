"""Calls that control devices and file systems, and those that cancel operations."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from provider.kernel.io import FileObject
from provider.kernel.io.console import ConsoleFile
from provider.kernel.io.disk_file import NodeFile, VolumeFile
from provider.kernel.io.mailslot import Mailslot
from provider.kernel.io.mount_manager import MountManagerFile
from provider.kernel.io.pipe_device import PipeDeviceFile, PipeRoot
from provider.kernel.io.stream_pipe import AnyPipe
from provider.kernel.thread import Thread
from provider.nt.contents import FILLED, GIVEN
from provider.nt.handles import reference
from provider.nt.io import condrv, mountmgr, volume_controls
from provider.nt.io.asked import Asked
from provider.nt.io.mailslot_calls import FSCTL_MAILSLOT_PEEK, start_peek
from provider.nt.io.operation import Operation
from provider.nt.io.perform import perform
from provider.nt.io.pipe_controls import Control, start_control
from provider.nt.legend import DEVICE_CONTROL, FS_CONTROL
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.io import IO_STATUS_BLOCK
from provider.nt.table import nt
from provider.nt.types import CODE, HANDLE, PVOID, ULONG
from provider.syscall import Out

if TYPE_CHECKING:
    from provider.kernel.io.irp import Irp

THREAD_TERMINATE = 0x1
MAX_INPUT = 1 << 20
"""No control of ours takes more; the guest's length is not to fill the host's memory."""


@nt.syscall(
    partial="Controls of the console, the mount manager, volumes and sockets; no other ones. "
    "Sockets have no urgent data, control messages, raw packets, QoS and registered I/O."
)
async def NtDeviceIoControlFile(
    thread: Thread,
    FileHandle: HANDLE,
    Event: HANDLE,
    ApcRoutine: CODE,
    ApcContext: PVOID,
    IoStatusBlock: Out[IO_STATUS_BLOCK],
    IoControlCode: DEVICE_CONTROL,
    InputBuffer: GIVEN,
    InputBufferLength: ULONG,
    OutputBuffer: FILLED,
    OutputBufferLength: ULONG,
) -> int:
    """Ask something of a device."""
    file = reference(thread, FileHandle, FileObject)
    operation = Operation(thread, IoStatusBlock, Event, ApcRoutine, ApcContext, file)
    if file.is_socket:
        from provider.nt.io.afd import socket_control  # few programs have sockets

        data = _given(thread, InputBuffer, InputBufferLength)
        asked = Asked(thread, operation, IoControlCode, data, OutputBuffer, OutputBufferLength)
        return await socket_control(file, asked)
    if not isinstance(file, ConsoleFile | MountManagerFile | VolumeFile):
        raise NtError(NTSTATUS.INVALID_DEVICE_REQUEST)
    data = _input(thread, InputBuffer, InputBufferLength, OutputBuffer, OutputBufferLength)
    status = NTSTATUS.SUCCESS
    if isinstance(file, MountManagerFile):
        answer, status = mountmgr.control(file, IoControlCode, data, OutputBufferLength)
    elif isinstance(file, VolumeFile):
        answer = volume_controls.device_control(file, IoControlCode, OutputBufferLength)
    else:
        start = condrv.start_control(thread.process, file, IoControlCode, data, OutputBufferLength)
        return await perform(thread, file, operation, start, OutputBuffer)
    if answer:
        thread.process.space.write(OutputBuffer, answer)
    return operation.end_call(len(answer), status)


@nt.syscall(partial="Of files: no reparse points, sparse files, journals or object ids.")
async def NtFsControlFile(
    thread: Thread,
    FileHandle: HANDLE,
    Event: HANDLE,
    ApcRoutine: CODE,
    ApcContext: PVOID,
    IoStatusBlock: Out[IO_STATUS_BLOCK],
    FsControlCode: FS_CONTROL,
    InputBuffer: GIVEN,
    InputBufferLength: ULONG,
    OutputBuffer: FILLED,
    OutputBufferLength: ULONG,
) -> int:
    """Ask something of a file system: here, of pipes."""
    file = reference(thread, FileHandle, FileObject)
    operation = Operation(thread, IoStatusBlock, Event, ApcRoutine, ApcContext, file)
    data = _input(thread, InputBuffer, InputBufferLength, OutputBuffer, OutputBufferLength)
    asked = Control(FsControlCode, data, OutputBufferLength)
    if isinstance(file, AnyPipe | PipeRoot | PipeDeviceFile):
        start = start_control(thread, file, asked)
    elif isinstance(file, Mailslot) and FsControlCode == FSCTL_MAILSLOT_PEEK:
        start = partial(start_peek, file, room=OutputBufferLength)
    elif isinstance(file, NodeFile | VolumeFile):
        answer = volume_controls.fs_control(file, asked)
        if answer:
            thread.process.space.write(OutputBuffer, answer)
        return operation.complete(len(answer))
    else:
        raise NtError(NTSTATUS.INVALID_DEVICE_REQUEST)
    return await perform(thread, file, operation, start, OutputBuffer)


@nt.syscall()
def NtCancelIoFile(thread: Thread, FileHandle: HANDLE, IoStatusBlock: Out[IO_STATUS_BLOCK]) -> int:
    """Cancel the caller's operations on a file."""
    file = reference(thread, FileHandle, FileObject)
    for irp in [irp for irp in file.pending if irp.thread is thread]:
        irp.cancel()
    return Operation(thread, IoStatusBlock).complete(0)


@nt.syscall()
def NtCancelIoFileEx(
    thread: Thread,
    FileHandle: HANDLE,
    IoRequestToCancel: PVOID,
    IoStatusBlock: Out[IO_STATUS_BLOCK],
) -> int:
    """Cancel the process's operations on a file, or the one with an I/O status block."""
    file = reference(thread, FileHandle, FileObject)
    process = thread.process
    found = [
        irp
        for irp in file.pending
        if irp.thread is not None
        and irp.thread.process is process
        and IoRequestToCancel in (0, irp.tag)
    ]
    return _cancel(thread, found, IoStatusBlock)


@nt.syscall()
def NtCancelSynchronousIoFile(
    thread: Thread,
    ThreadHandle: HANDLE,
    IoRequestToCancel: PVOID,
    IoStatusBlock: Out[IO_STATUS_BLOCK],
) -> int:
    """Cancel what a thread waits for in a call on a synchronous file."""
    target = reference(thread, ThreadHandle, Thread, THREAD_TERMINATE)
    found = [irp for irp in target.irps if irp.is_synchronous and IoRequestToCancel in (0, irp.tag)]
    return _cancel(thread, found, IoStatusBlock)


def _cancel(thread: Thread, irps: list[Irp], io: Out[IO_STATUS_BLOCK]) -> int:
    """Cancel requests; NOT_FOUND if there is none, which the I/O status block says, too."""
    for irp in irps:
        irp.cancel()
    status = NTSTATUS.SUCCESS if irps else NTSTATUS.NOT_FOUND
    return Operation(thread, io).complete(0, status)


def _input(thread: Thread, source: int, size: int, target: int, room: int) -> bytes:
    """What a control is given; the buffer for its answer is known to be good afterwards."""
    data = _given(thread, source, size)
    if room:
        thread.process.space.probe_write(target, room)
    return data


def _given(thread: Thread, source: int, size: int) -> bytes:
    """What a control is given.  NtError INVALID_PARAMETER for too much; AccessViolation."""
    if size > MAX_INPUT:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    return thread.process.space.read(source, size) if size else b""
