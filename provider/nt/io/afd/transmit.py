"""Sending a file with what comes before and after it (TransmitFile)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.disk_file import DiskFile
from provider.kernel.io.file import CHUNK
from provider.kernel.io.pipe_queue import POOL_BYTES
from provider.kernel.io.request import Access
from provider.nt.handles import reference
from provider.nt.io.afd.connect import disconnect
from provider.nt.io.afd.work import Work, unpack
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from provider.kernel.io.irp import Irp
    from provider.kernel.io.net.endpoint import Endpoint
    from provider.nt.io.asked import Asked

TRANSMIT_FILE = 0x1207F
DISCONNECT, REUSE_SOCKET = 1, 2
"""TF_DISCONNECT, TF_REUSE_SOCKET."""
_TRANSMIT = struct.Struct("<2q7I")


class Transmission(NamedTuple):
    """What is sent: bytes of a file between two pieces of memory (address and size)."""

    file: int
    """A handle; 0: none."""
    offset: int
    size: int
    """0: to the end."""
    head: tuple[int, int]
    tail: tuple[int, int]
    flags: int


def _transmit(socket: Endpoint, asked: Asked) -> Work:
    """In: AFD_TRANSMIT_FILE_INFO."""
    offset, size, _, file, head, head_size, tail, tail_size, flags = unpack(_TRANSMIT, asked.data)
    what = Transmission(file, offset, size, (head, head_size), (tail, tail_size), flags)
    return transmitting(socket, asked, what)


def transmitting(socket: Endpoint, asked: Asked, what: Transmission) -> Work:
    """Send all of it, and disconnect if the flags say so.

    NtError INVALID_CONNECTION, INSUFFICIENT_RESOURCES; KernelError of the file; AccessViolation.
    """
    if socket.protocol.remote is None:
        raise NtError(NTSTATUS.INVALID_CONNECTION)
    space = asked.thread.process.space
    sizes = what.head[1], what.tail[1]
    if sum(sizes) > POOL_BYTES:
        raise NtError(NTSTATUS.INSUFFICIENT_RESOURCES)
    head, tail = (space.read(va, size) if size else b"" for va, size in (what.head, what.tail))
    data = head + _contents(asked, what) + tail

    def start(irp: Irp) -> None:
        socket.send(irp, data, may_wait=True)
        if what.flags & DISCONNECT:
            disconnect(socket, reuse=bool(what.flags & REUSE_SOCKET))

    return Work(start, pends=True)


def _contents(asked: Asked, what: Transmission) -> bytes:
    """The part of the file; from its position if the file has one.

    NtError INVALID_DEVICE_REQUEST for what is no file on a disk, INSUFFICIENT_RESOURCES.
    """
    if not what.file:
        return b""
    file = reference(asked.thread, what.file, DiskFile, Access.READ_DATA)
    parts: list[bytes] = []
    done, limit = 0, what.size or POOL_BYTES + 1
    while done < limit:
        try:
            data = file.read(min(CHUNK, limit - done), what.offset + done)
        except KernelError as error:
            if error.reason is not Reason.END_OF_FILE:
                raise
            break
        parts.append(data)
        done += len(data)
    if done > POOL_BYTES:
        raise NtError(NTSTATUS.INSUFFICIENT_RESOURCES)
    return b"".join(parts)


CONTROLS: Mapping[int, Callable[[Endpoint, Asked], Work | int]] = {TRANSMIT_FILE: _transmit}
