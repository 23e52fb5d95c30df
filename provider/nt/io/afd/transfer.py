"""Sending and receiving, from and to several buffers of the guest."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from provider.kernel.io.net.byte_queue import Receive
from provider.kernel.io.pipe_queue import POOL_BYTES
from provider.nt.io.afd import sockaddr
from provider.nt.io.afd.work import Work, limited, unpack
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from provider.kernel.io.irp import Irp
    from provider.kernel.io.net.address import Address
    from provider.kernel.io.net.endpoint import Endpoint
    from provider.kernel.mm import AddressSpace
    from provider.nt.io.asked import Asked

RECEIVE, RECEIVE_DATAGRAM, SEND, SEND_DATAGRAM = 0x12017, 0x1201B, 0x1201F, 0x12023
OVERLAPPED = 2
"""AFD_OVERLAPPED: the request waits, whatever the socket does otherwise."""
NORMAL, EXPEDITED, PEEK, WAIT_ALL = 0x20, 0x40, 0x80, 0x4000
"""TDI_RECEIVE_NORMAL, …_EXPEDITED, …_PEEK, and what MSG_WAITALL becomes."""
SEND_EXPEDITED = 0x20
"""TDI_SEND_EXPEDITED."""
MOST_BUFFERS = 1 << 12
_TRANSFER = struct.Struct("<4I")
_FROM = struct.Struct("<6I")
_TO = struct.Struct("<4I16x5I2I")
_BUFFER = struct.Struct("<2I")


class Buffers(NamedTuple):
    """WSABUFs: sizes and addresses."""

    parts: list[tuple[int, int]]

    @property
    def size(self) -> int:
        """Bytes of all of them."""
        return sum(size for size, _ in self.parts)


def buffers(space: AddressSpace, va: int, count: int) -> Buffers:
    """Read an array of WSABUFs.  NtError INVALID_PARAMETER for too many; AccessViolation."""
    if count > MOST_BUFFERS:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    data = space.read(va, count * _BUFFER.size) if count else b""
    return Buffers(list(_BUFFER.iter_unpack(data)))


def gather(space: AddressSpace, parts: Buffers) -> bytes:
    """What is in the buffers.  NtError INSUFFICIENT_RESOURCES; AccessViolation."""
    if parts.size > POOL_BYTES:
        raise NtError(NTSTATUS.INSUFFICIENT_RESOURCES)
    return b"".join(space.read(va, size) for size, va in parts.parts if size)


def probe(space: AddressSpace, parts: Buffers) -> None:
    """See whether the buffers can be written.  AccessViolation."""
    for size, va in parts.parts:
        if size:
            space.probe_write(va, size)


def scatter(space: AddressSpace, parts: Buffers, data: bytes) -> None:
    """Fill the buffers one after the other.  AccessViolation."""
    start = 0
    for size, va in parts.parts:
        if start >= len(data):
            break
        space.write(va, data[start : start + size])
        start += size


def receiving(
    socket: Endpoint,
    asked: Asked,
    parts: Buffers,
    wanted: Receive,
    *,
    overlapped: bool,
    store_more: Callable[[Irp, Receive], None] | None = None,
) -> Work:
    """Receive into buffers; `store_more` is called when they are filled.  AccessViolation."""
    space = asked.thread.process.space
    probe(space, parts)
    wanted.may_wait = overlapped or socket.may_wait
    timeout = 0 if overlapped else socket.options.receive_timeout

    def store(irp: Irp) -> None:
        scatter(space, parts, irp.data)
        if store_more is not None:
            store_more(irp, wanted)

    start = limited(asked, lambda irp: socket.receive(irp, wanted), timeout)
    return Work(start, store)


def sending(
    socket: Endpoint, asked: Asked, parts: Buffers, target: Address | None, *, overlapped: bool
) -> Work:
    """Send what is in buffers.  AccessViolation."""
    data = gather(asked.thread.process.space, parts)
    may_wait = overlapped or socket.may_wait
    timeout = 0 if overlapped else socket.options.send_timeout
    return Work(
        limited(asked, lambda irp: socket.send(irp, data, target, may_wait=may_wait), timeout)
    )


def store_source(asked: Asked, wanted: Receive, va: int, size_va: int) -> None:
    """Tell whom a datagram came from, as far as there is room for it.  AccessViolation."""
    if wanted.source is None or not va or not size_va:
        return
    space = asked.thread.process.space
    encoded = sockaddr.encode(wanted.source)
    room = int.from_bytes(space.read(size_va, 4), "little")
    space.write(va, encoded[:room])
    space.write(size_va, len(encoded).to_bytes(4, "little"))


def _wanted(parts: Buffers, flags: int) -> Receive:
    """NtError INVALID_PARAMETER; DEVICE_NOT_READY for urgent data, of which there never is any."""
    if bool(flags & NORMAL) == bool(flags & EXPEDITED):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    if flags & EXPEDITED:
        raise NtError(NTSTATUS.DEVICE_NOT_READY)
    return Receive(parts.size, peek=bool(flags & PEEK), wait_all=bool(flags & WAIT_ALL))


def _receive(socket: Endpoint, asked: Asked) -> Work:
    """In: AFD_RECV_INFO."""
    va, count, afd_flags, flags = unpack(_TRANSFER, asked.data)
    parts = buffers(asked.thread.process.space, va, count)
    wanted = _wanted(parts, flags)
    return receiving(socket, asked, parts, wanted, overlapped=bool(afd_flags & OVERLAPPED))


def _receive_datagram(socket: Endpoint, asked: Asked) -> Work:
    """In: AFD_DATAGRAM_INFO."""
    va, count, afd_flags, flags, address, size = unpack(_FROM, asked.data)
    parts = buffers(asked.thread.process.space, va, count)
    return receiving(
        socket,
        asked,
        parts,
        _wanted(parts, flags),
        overlapped=bool(afd_flags & OVERLAPPED),
        store_more=lambda _, wanted: store_source(asked, wanted, address, size),
    )


def _send(socket: Endpoint, asked: Asked) -> Work:
    """In: AFD_SEND_INFO.  NtError NOT_SUPPORTED for urgent data."""
    va, count, afd_flags, flags = unpack(_TRANSFER, asked.data)
    if flags & SEND_EXPEDITED:
        raise NtError(NTSTATUS.NOT_SUPPORTED)
    parts = buffers(asked.thread.process.space, va, count)
    return sending(socket, asked, parts, None, overlapped=bool(afd_flags & OVERLAPPED))


def _send_datagram(socket: Endpoint, asked: Asked) -> Work:
    """In: AFD_SEND_DATAGRAM_INFO with a SOCKADDR behind it."""
    va, count, afd_flags, _, *_, size, address = unpack(_TO, asked.data)
    space = asked.thread.process.space
    parts = buffers(space, va, count)
    target = target_of(space, socket, address, size)
    return sending(socket, asked, parts, target, overlapped=bool(afd_flags & OVERLAPPED))


def target_of(space: AddressSpace, socket: Endpoint, va: int, size: int) -> Address | None:
    """The SOCKADDR that something is sent to; None without one.  NtError INVALID_ADDRESS."""
    if not va:
        return None
    family = socket.protocol.family
    return sockaddr.decode(space.read(va, min(size, sockaddr.SIZE[family])), family)


CONTROLS: Mapping[int, Callable[[Endpoint, Asked], Work | int]] = {
    RECEIVE: _receive,
    RECEIVE_DATAGRAM: _receive_datagram,
    SEND: _send,
    SEND_DATAGRAM: _send_datagram,
}
