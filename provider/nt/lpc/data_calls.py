"""Calls that reach into the memory of a client which waits, where its message says so."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.kernel.thread import Thread
from provider.nt.contents import FILLED, GIVEN
from provider.nt.handles import reference
from provider.nt.lpc.message import HEADER, capture
from provider.nt.lpc.port import Port
from provider.nt.lpc.reply import find_request
from provider.nt.status import NTSTATUS, NtError
from provider.nt.table import nt
from provider.nt.types import HANDLE, PVOID, SIZE_T, ULONG
from provider.syscall import Out

if TYPE_CHECKING:
    from provider.kernel.mm import AddressSpace
    from provider.nt.lpc.message import Message

_ENTRY = struct.Struct("<2I")


@nt.syscall()
def NtReadRequestData(
    thread: Thread,
    PortHandle: HANDLE,
    Message: PVOID,
    DataEntryIndex: ULONG,
    Buffer: FILLED,
    BufferSize: SIZE_T,
    NumberOfBytesRead: Out[SIZE_T] | None,
) -> None:
    """Copy from the memory that an entry of a message names."""
    client, va, size = _entry(thread, PortHandle, Message, DataEntryIndex, BufferSize)
    thread.process.space.write(Buffer, client.read(va, size))
    if NumberOfBytesRead is not None:
        NumberOfBytesRead.value = size


@nt.syscall()
def NtWriteRequestData(
    thread: Thread,
    PortHandle: HANDLE,
    Message: PVOID,
    DataEntryIndex: ULONG,
    Buffer: GIVEN,
    BufferSize: SIZE_T,
    NumberOfBytesWritten: Out[SIZE_T] | None,
) -> None:
    """Copy to the memory that an entry of a message names."""
    client, va, size = _entry(thread, PortHandle, Message, DataEntryIndex, BufferSize)
    client.write(va, thread.process.space.read(Buffer, size))
    if NumberOfBytesWritten is not None:
        NumberOfBytesWritten.value = size


def _entry(
    thread: Thread, handle: int, message_va: int, index: int, most: int
) -> tuple[AddressSpace, int, int]:
    """Where an entry of a request leads, and for how many bytes.

    NtError REPLY_MESSAGE_MISMATCH, INVALID_PARAMETER (there is no such entry).
    """
    port = reference(thread, handle, Port)
    answer = capture(thread.process.space, message_va, port.longest_message)
    request = find_request(thread.process.kernel, answer)
    if not port.may_answer(request):
        raise NtError(NTSTATUS.REPLY_MESSAGE_MISMATCH)
    entries = _entries(request.message)
    if index >= len(entries):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    va, size = entries[index]
    client = thread.process.kernel.client_ids.find(answer.thread_id, Thread)
    assert client is not None
    return client.process.space, va, min(size, most)


def _entries(message: Message) -> list[tuple[int, int]]:
    """Base and size of what a PORT_DATA_INFORMATION lists, as far as it lies in the message."""
    if not message.info_offset:
        return []
    start = message.info_offset - HEADER
    count = int.from_bytes(message.data[start : start + 4], "little")
    room = (len(message.data) - start - 4) // _ENTRY.size
    return [
        _ENTRY.unpack_from(message.data, start + 4 + _ENTRY.size * index)
        for index in range(min(count, room))
    ]
