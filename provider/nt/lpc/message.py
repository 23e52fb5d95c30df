"""Messages as the kernel keeps them between sender and receiver."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.int_enum import IntEnum
from emu.named_tuple import NamedTuple
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.lpc import PORT_MESSAGE
from provider.nt.structs.process import CLIENT_ID

if TYPE_CHECKING:
    from provider.kernel.mm import AddressSpace
    from provider.kernel.thread import Thread
    from provider.nt.lpc.port import Request

HEADER = PORT_MESSAGE.SIZE
MOST_BYTES = 0x7FFF
"""Lengths of messages are signed 16-bit numbers."""


class LPC(IntEnum):
    """Types of messages (ntlpcapi.h, LPC_…)."""

    NONE = 0
    REQUEST = 1
    REPLY = 2
    DATAGRAM = 3
    LOST_REPLY = 4
    PORT_CLOSED = 5
    CLIENT_DIED = 6
    CONNECTION_REQUEST = 10


class Message(NamedTuple):
    """A captured message; `data` is all that follows the header."""

    kind: int
    data: bytes
    data_length: int
    info_offset: int = 0
    process_id: int = 0
    thread_id: int = 0
    id: int = 0
    callback_id: int = 0
    context: int = 0
    """What the server calls the port that the message came through."""
    request: Request | None = None
    """What waits for the answer, if its sender does."""

    def sent_by(self, sender: Thread, kind: LPC, message_id: int) -> Message:
        """The same message with the sender's ids."""
        return self._replace(
            kind=kind, process_id=sender.process.id, thread_id=sender.id, id=message_id
        )

    def store(self, space: AddressSpace, va: int) -> None:
        """Give the message to a receiver whose buffer is at `va`.  AccessViolation."""
        header = PORT_MESSAGE(
            DataLength=self.data_length,
            TotalLength=HEADER + len(self.data),
            Type=self.kind,
            DataInfoOffset=self.info_offset,
            ClientId=CLIENT_ID(UniqueProcess=self.process_id, UniqueThread=self.thread_id),
            MessageId=self.id,
            CallbackId=self.callback_id,
        )
        space.write(va, bytes(header) + self.data)


def capture(space: AddressSpace, va: int, most: int = MOST_BYTES) -> Message:
    """The message at `va`, of at most `most` bytes.

    NtError INVALID_PARAMETER (lengths that contradict each other), PORT_MESSAGE_TOO_LONG;
    AccessViolation.
    """
    header = PORT_MESSAGE.from_bytes(space.read(va, HEADER))
    total, length, offset = header.TotalLength, header.DataLength, header.DataInfoOffset
    if total > most:
        raise NtError(NTSTATUS.PORT_MESSAGE_TOO_LONG)
    if total < HEADER + length or (offset and not HEADER <= offset <= total - 4):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    client = header.ClientId
    return Message(
        header.Type,
        space.read(va + HEADER, total - HEADER) if total > HEADER else b"",
        length,
        offset,
        client.UniqueProcess,
        client.UniqueThread,
        header.MessageId,
        header.CallbackId,
    )


def of_data(kind: LPC, data: bytes) -> Message:
    """A message of the kernel's own."""
    return Message(kind, data, len(data))
