"""NtCreateMailslotFile, and what can be asked and set about mailslots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.io.mailslot import Mailslot, MailslotDevice
from provider.kernel.io.request import Disposition
from provider.kernel.thread import Thread
from provider.nt.contents import OPEN_STATUS_BLOCK
from provider.nt.io.open_calls import insert_file, open_request
from provider.nt.io.operation import Operation
from provider.nt.ke.timeout import due_time
from provider.nt.legend import FILE_ACCESS_MASK, FILE_OPTIONS
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.io import (
    FILE_MAILSLOT_PEEK_BUFFER,
    FILE_MAILSLOT_QUERY_INFORMATION,
)
from provider.nt.structs.ob import OBJECT_ATTRIBUTES
from provider.nt.table import nt
from provider.nt.types import HANDLE, TIMEOUT, ULONG
from provider.syscall import Out

if TYPE_CHECKING:
    from provider.kernel.io.irp import Irp

FSCTL_MAILSLOT_PEEK = 0xC4003
NO_MESSAGE = 0xFFFFFFFF
FOR_EVER = -1
ALL_SHARING = 7


@nt.syscall()
def NtCreateMailslotFile(
    thread: Thread,
    FileHandle: Out[HANDLE],
    DesiredAccess: FILE_ACCESS_MASK,
    ObjectAttributes: OBJECT_ATTRIBUTES | None,
    IoStatusBlock: Out[OPEN_STATUS_BLOCK],
    CreateOptions: FILE_OPTIONS,
    MailslotQuota: ULONG,
    MaximumMessageSize: ULONG,
    ReadTimeout: TIMEOUT | None,
) -> None:
    """Make a mailslot and become its owner.  ReadTimeout: NULL or -1 wait without end."""
    request = open_request(
        thread,
        ObjectAttributes,
        DesiredAccess,
        ALL_SHARING,
        Disposition.CREATE,
        CreateOptions,
    )
    io, clock = thread.process.kernel.io, thread.process.kernel.clock
    device, path = io.device(request)
    if not isinstance(device, MailslotDevice):
        raise NtError(NTSTATUS.OBJECT_NAME_INVALID)
    slot = device.create(
        request,
        path,
        quota=MailslotQuota,
        max_message=MaximumMessageSize,
        read_timeout=FOR_EVER if ReadTimeout is None else ReadTimeout,
        timers=thread.process.kernel.timers,
        due=lambda timeout: None if timeout == FOR_EVER else due_time(clock, timeout),
    )
    FileHandle.value = insert_file(thread, slot, ObjectAttributes)
    Operation(thread, IoStatusBlock).complete(0)


def mailslot_information(slot: Mailslot) -> bytes:
    """FileMailslotQueryInformation."""
    size = slot.next_size
    return bytes(
        FILE_MAILSLOT_QUERY_INFORMATION(
            MaximumMessageSize=slot.max_message,
            MailslotQuota=slot.quota,
            NextMessageSize=NO_MESSAGE if size is None else size,
            MessagesAvailable=len(slot.messages),
            ReadTimeout=slot.read_timeout,
        )
    )


def set_mailslot_information(thread: Thread, slot: Mailslot, data: bytes) -> None:
    """FileMailslotSetInformation: the time-out, which the structure points to.  AccessViolation."""
    pointer = int.from_bytes(data[:4], "little")
    timeout = thread.process.space.read(pointer, 8)
    slot.read_timeout = int.from_bytes(timeout, "little", signed=True)


def start_peek(slot: Mailslot, irp: Irp, room: int) -> None:
    """FSCTL_MAILSLOT_PEEK.  NtError INVALID_PARAMETER where the header does not fit."""
    header_size = FILE_MAILSLOT_PEEK_BUFFER.SIZE
    if room < header_size:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    size = slot.next_size or 0
    header = FILE_MAILSLOT_PEEK_BUFFER(
        ReadDataAvailable=sum(len(message) for message in slot.messages),
        NumberOfMessages=len(slot.messages),
        MessageLength=size,
    )
    answer = bytes(header) + slot.peek(room - header_size)
    irp.complete(len(answer), answer, truncated=len(answer) - header_size < size)
