"""Calls on wait completion packets (Win32 documentation, "DevNotes")."""

from __future__ import annotations

from provider.kernel.errors import KernelError
from provider.kernel.io.completion import IoCompletion, Packet
from provider.kernel.io.wait_packet import WaitCompletionPacket
from provider.kernel.ke.mutant import Mutant
from provider.kernel.thread import Thread
from provider.nt.handles import reference
from provider.nt.io.completion_calls import IO_COMPLETION_MODIFY_STATE
from provider.nt.ke.wait_calls import waitable
from provider.nt.legend import ACCESS_MASK
from provider.nt.ob.create import insert_object
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.ob import OBJECT_ATTRIBUTES
from provider.nt.table import nt
from provider.nt.types import BOOLEAN, HANDLE, NTSTATUS_VALUE, PVOID, ULONG_PTR
from provider.syscall import Out

_MODIFY_STATE = 1


@nt.syscall()
def NtCreateWaitCompletionPacket(
    thread: Thread,
    WaitCompletionPacketHandle: Out[HANDLE],
    DesiredAccess: ACCESS_MASK,
    ObjectAttributes: OBJECT_ATTRIBUTES | None,
) -> NTSTATUS:
    """Create a packet that waits for nothing yet."""
    status, WaitCompletionPacketHandle.value = insert_object(
        thread, WaitCompletionPacket(), DesiredAccess, ObjectAttributes
    )
    return status


@nt.syscall()
def NtAssociateWaitCompletionPacket(
    thread: Thread,
    WaitCompletionPacketHandle: HANDLE,
    IoCompletionHandle: HANDLE,
    TargetObjectHandle: HANDLE,
    KeyContext: PVOID,
    ApcContext: PVOID,
    IoStatus: NTSTATUS_VALUE,
    IoStatusInformation: ULONG_PTR,
    AlreadySignaled: Out[BOOLEAN] | None,
) -> None:
    """Post a packet to a port once an object is signalled; it cannot own a mutant."""
    packet = reference(thread, WaitCompletionPacketHandle, WaitCompletionPacket, _MODIFY_STATE)
    port = reference(thread, IoCompletionHandle, IoCompletion, IO_COMPLETION_MODIFY_STATE)
    target = waitable(thread, TargetObjectHandle)
    if isinstance(target, Mutant):
        raise NtError(NTSTATUS.INVALID_PARAMETER_3)
    content = Packet(KeyContext, ApcContext, IoStatus, IoStatusInformation)
    try:
        signaled = packet.associate(thread, port, target, content)
    except KernelError as error:
        raise NtError(NTSTATUS.INVALID_PARAMETER_1) from error
    if AlreadySignaled is not None:
        AlreadySignaled.value = int(signaled)


@nt.syscall()
def NtCancelWaitCompletionPacket(
    thread: Thread, WaitCompletionPacketHandle: HANDLE, RemoveSignaledPacket: BOOLEAN
) -> NTSTATUS:
    """Let a packet not be posted, or take it from its port."""
    packet = reference(thread, WaitCompletionPacketHandle, WaitCompletionPacket, _MODIFY_STATE)
    if packet.cancel(remove_queued=bool(RemoveSignaledPacket)):
        return NTSTATUS.SUCCESS
    if packet.is_queued:
        return NTSTATUS.PENDING
    raise NtError(NTSTATUS.CANCELLED)
