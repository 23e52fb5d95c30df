"""Calls on I/O completion ports."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.kernel.io.completion import IoCompletion, Packet
from provider.kernel.ke.wait import SATISFIED, Outcome, WaitEnd, WaitReason, wait_for
from provider.kernel.thread import Thread
from provider.nt.contents import FILLED
from provider.nt.handles import reference
from provider.nt.ke.timeout import due_time, wait_status
from provider.nt.legend import IO_COMPLETION_ACCESS, IO_COMPLETION_CLASS
from provider.nt.ob.create import insert_object, open_object
from provider.nt.query import answer
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.io import IO_STATUS_BLOCK
from provider.nt.structs.ob import OBJECT_ATTRIBUTES
from provider.nt.table import nt
from provider.nt.types import (
    BOOLEAN,
    HANDLE,
    NTSTATUS_VALUE,
    PVOID,
    TIMEOUT,
    ULONG,
    ULONG_PTR,
)
from provider.syscall import Out

if TYPE_CHECKING:
    from collections.abc import Iterable

IO_COMPLETION_QUERY_STATE, IO_COMPLETION_MODIFY_STATE = 1, 2
MOST_ENTRIES = 1 << 12
_ENTRY = struct.Struct("<4I")


@nt.syscall(partial="Any number of threads may run at once.")
def NtCreateIoCompletion(
    thread: Thread,
    IoCompletionHandle: Out[HANDLE],
    DesiredAccess: IO_COMPLETION_ACCESS,
    ObjectAttributes: OBJECT_ATTRIBUTES | None,
    NumberOfConcurrentThreads: ULONG,
) -> int:
    """Create a completion port."""
    port = IoCompletion()
    status, IoCompletionHandle.value = insert_object(thread, port, DesiredAccess, ObjectAttributes)
    return status


@nt.syscall()
def NtOpenIoCompletion(
    thread: Thread,
    IoCompletionHandle: Out[HANDLE],
    DesiredAccess: IO_COMPLETION_ACCESS,
    ObjectAttributes: OBJECT_ATTRIBUTES | None,
) -> None:
    """Open a completion port by name."""
    handle = open_object(thread, IoCompletion, DesiredAccess, ObjectAttributes)
    IoCompletionHandle.value = handle


@nt.syscall()
def NtQueryIoCompletion(
    thread: Thread,
    IoCompletionHandle: HANDLE,
    IoCompletionInformationClass: IO_COMPLETION_CLASS,
    IoCompletionInformation: FILLED,
    IoCompletionInformationLength: ULONG,
    ReturnLength: Out[ULONG] | None,
) -> None:
    """Tell how many packets wait."""
    if IoCompletionInformationClass:
        raise NtError(NTSTATUS.INVALID_INFO_CLASS)
    port = reference(thread, IoCompletionHandle, IoCompletion, IO_COMPLETION_QUERY_STATE)
    data = len(port.packets).to_bytes(4, "little")
    answer(thread, data, IoCompletionInformation, IoCompletionInformationLength, ReturnLength)


@nt.syscall()
def NtSetIoCompletion(
    thread: Thread,
    IoCompletionHandle: HANDLE,
    KeyContext: PVOID,
    ApcContext: PVOID,
    IoStatus: NTSTATUS_VALUE,
    IoStatusInformation: ULONG_PTR,
) -> None:
    """Post a packet."""
    port = reference(thread, IoCompletionHandle, IoCompletion, IO_COMPLETION_MODIFY_STATE)
    port.post(Packet(KeyContext, ApcContext, IoStatus, IoStatusInformation))


@nt.syscall()
async def NtRemoveIoCompletion(
    thread: Thread,
    IoCompletionHandle: HANDLE,
    KeyContext: Out[PVOID],
    ApcContext: Out[PVOID],
    IoStatusBlock: Out[IO_STATUS_BLOCK],
    Timeout: TIMEOUT | None,
) -> int:
    """Take a packet, and wait for one if there is none."""
    port = reference(thread, IoCompletionHandle, IoCompletion, IO_COMPLETION_MODIFY_STATE)
    outcome = await _wait(thread, port, Timeout, alertable=False)
    if outcome.end is not WaitEnd.SATISFIED:
        return wait_status(outcome)
    packet = port.packets[0]
    KeyContext.value, ApcContext.value = packet.key, packet.context
    IoStatusBlock.value = IO_STATUS_BLOCK(Status=packet.status, Information=packet.information)
    port.packets.popleft()
    return NTSTATUS.SUCCESS


@nt.syscall()
async def NtRemoveIoCompletionEx(
    thread: Thread,
    IoCompletionHandle: HANDLE,
    IoCompletionInformation: PVOID,
    Count: ULONG,
    NumEntriesRemoved: Out[ULONG],
    Timeout: TIMEOUT | None,
    Alertable: BOOLEAN,
) -> int:
    """Take up to `Count` packets, and wait for one if there is none."""
    if not Count:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    port = reference(thread, IoCompletionHandle, IoCompletion, IO_COMPLETION_MODIFY_STATE)
    outcome = await _wait(thread, port, Timeout, alertable=bool(Alertable))
    if outcome.end is not WaitEnd.SATISFIED:
        NumEntriesRemoved.value = 1
        return wait_status(outcome)
    taken = [port.packets[index] for index in range(min(Count, MOST_ENTRIES, len(port.packets)))]
    thread.process.space.write(IoCompletionInformation, _entries(taken))
    NumEntriesRemoved.value = len(taken)
    for _ in taken:
        port.packets.popleft()
    return NTSTATUS.SUCCESS


async def _wait(
    thread: Thread, port: IoCompletion, timeout: int | None, *, alertable: bool
) -> Outcome:
    """Wait until there is a packet that no other thread has taken."""
    due = due_time(thread.process.kernel.clock, timeout)
    port.reference()
    try:
        while not port.packets:
            outcome = await wait_for(
                thread, (port,), alertable=alertable, due=due, kind=WaitReason.WR_QUEUE
            )
            if outcome.end is not WaitEnd.SATISFIED:
                return outcome
    finally:
        port.dereference()
    return SATISFIED


def _entries(packets: Iterable[Packet]) -> bytes:
    """FILE_IO_COMPLETION_INFORMATION: key, context, I/O status block."""
    return b"".join(_ENTRY.pack(*packet) for packet in packets)
