"""The controls that Wine's ws2_32 has of its own, where Windows' mswsock sends others.

0x120000 | function << 2
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.kernel.io.net.address import Family
from provider.kernel.io.net.byte_queue import Receive
from provider.nt.io.afd import connect, information, sockaddr, transfer, wine_options
from provider.nt.io.afd.accept import accepting
from provider.nt.io.afd.names import remote_address
from provider.nt.io.afd.open_packet import SOCK_DGRAM, SOCK_RAW, SOCK_STREAM, create
from provider.nt.io.afd.transmit import Transmission, transmitting
from provider.nt.io.afd.work import Work, answer, socket_of, unpack
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from provider.kernel.io.irp import Irp
    from provider.kernel.io.net.endpoint import Endpoint
    from provider.nt.io.asked import Asked

WIN32 = 0xC0010000
"""A status of this facility carries a Win32 error."""
ACCESS_DENIED, PROTOCOL_UNSUPPORTED, TYPE_UNSUPPORTED, FAMILY_UNSUPPORTED = (
    *(10013, 10043, 10044, 10047),
)
KNOWN_TYPES = (SOCK_STREAM, SOCK_DGRAM, SOCK_RAW)
KNOWN_PROTOCOLS = (0, 1, 2, 4, 6, 17, 41, 255)
"""IP, ICMP, IGMP, IPv4, TCP, UDP, IPv6 and raw."""
MSG_OOB, MSG_PEEK, MSG_WAITALL, MSG_PARTIAL = 1, 2, 8, 0x8000
_CREATE = struct.Struct("<3iI")
_CONNECT = struct.Struct("<2i")
_ACCEPT_INTO = struct.Struct("<3I")
_WORD = struct.Struct("<I")
_INFO = struct.Struct("<3i")
_RECEIVE = struct.Struct("<4Q2IQ")
_SEND = struct.Struct("<Q4IQ")
_TRANSMIT = struct.Struct("<q2Q6I")
_INTERFACE = struct.Struct("<I24s24s24s")
UP, LOOPBACK, MULTICAST = 1, 4, 16
"""IFF_…: what an interface is."""


def control_code(function: int) -> int:
    """The code of one of Wine's controls."""
    return 0x120000 | function << 2


def _create(socket: Endpoint, asked: Asked) -> Work | int:
    """Become a socket; the statuses are Winsock's errors."""
    family, kind, protocol, _ = unpack(_CREATE, asked.data)
    if protocol not in KNOWN_PROTOCOLS:
        wrong_type = kind and kind not in KNOWN_TYPES
        return WIN32 | (TYPE_UNSUPPORTED if wrong_type else PROTOCOL_UNSUPPORTED)
    if kind not in KNOWN_TYPES:
        return WIN32 | TYPE_UNSUPPORTED
    if family not in tuple(Family):
        return WIN32 | FAMILY_UNSUPPORTED
    if kind == SOCK_RAW:  # only administrators make these
        return WIN32 | ACCESS_DENIED
    try:
        create(socket, family, kind, protocol)
    except NtError:
        return WIN32 | PROTOCOL_UNSUPPORTED
    return answer(asked)


def _accept(socket: Endpoint, asked: Asked) -> Work:
    """Out: a handle."""
    if asked.room != _WORD.size:
        raise NtError(NTSTATUS.BUFFER_TOO_SMALL)
    if not socket.stream.has_waiting and socket.stream.is_listening and not socket.may_wait:
        raise NtError(NTSTATUS.DEVICE_NOT_READY)
    accepted: list[Endpoint] = []

    def store(irp: Irp) -> None:
        process = asked.thread.process
        handle = process.handles.insert(accepted[0], accepted[0].access, inherit=True)
        process.space.write(asked.output, _WORD.pack(handle))

    return Work(lambda irp: socket.accept(irp, accepted.append), store)


def _accept_into(socket: Endpoint, asked: Asked) -> Work:
    """Out: data and both addresses."""
    handle, data_size, local_size = unpack(_ACCEPT_INTO, asked.data, NTSTATUS.BUFFER_TOO_SMALL)
    remote_size = asked.room - data_size - local_size
    if remote_size < _WORD.size:
        raise NtError(NTSTATUS.BUFFER_TOO_SMALL)
    target = socket_of(asked.thread, handle)
    return accepting(socket, target, asked, (data_size, local_size, remote_size))


def _connect(socket: Endpoint, asked: Asked) -> Work:
    """In: the size of the address and whether the call may wait; the address, data to send."""
    size, synchronous = unpack(_CONNECT, asked.data, NTSTATUS.BUFFER_TOO_SMALL)
    rest = asked.data[_CONNECT.size :]
    if not 0 <= size <= len(rest):
        raise NtError(NTSTATUS.BUFFER_TOO_SMALL)
    transport = socket.protocol
    if not synchronous and transport.local is None:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    remote = sockaddr.decode(rest[:size], transport.family)
    return connect.connecting(socket, remote, overlapped=not synchronous, data=rest[size:])


def _shut_down(socket: Endpoint, asked: Asked) -> Work:
    """In: SD_RECEIVE, SD_SEND or SD_BOTH."""
    (how,) = unpack(_WORD, asked.data, NTSTATUS.BUFFER_TOO_SMALL)
    if how > 2:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    socket.protocol.shut_down(receiving=how != 1, sending=how != 0)
    if how == 2:
        socket.selection.select(None, 0)
        socket.options.nonblocking = True
    return answer(asked)


def _receive(socket: Endpoint, asked: Asked) -> Work:
    """In: where the buffers, the source's address and the flags are."""
    control, address, size_va, flags_va, overlapped, count, array = unpack(
        _RECEIVE, asked.data, NTSTATUS.BUFFER_TOO_SMALL
    )
    space = asked.thread.process.space
    flags = int.from_bytes(space.read(flags_va, 4), "little")
    if flags & MSG_OOB:
        raise NtError(NTSTATUS.DEVICE_NOT_READY)
    parts = transfer.buffers(space, array, count)
    wanted = Receive(parts.size, bool(flags & MSG_PEEK), bool(flags & MSG_WAITALL))

    def store_more(irp: Irp, wanted: Receive) -> None:
        transfer.store_source(asked, wanted, address, size_va)
        if control:
            space.write(control, bytes(4))  # WSABUF.len: no control data
        if irp.truncated:
            space.write(flags_va, (flags | MSG_PARTIAL).to_bytes(4, "little"))

    return transfer.receiving(
        socket, asked, parts, wanted, overlapped=bool(overlapped), store_more=store_more
    )


def _send(socket: Endpoint, asked: Asked) -> Work:
    """In: where the buffers and the target's address are."""
    address, size, flags, overlapped, count, array = unpack(
        _SEND, asked.data, NTSTATUS.BUFFER_TOO_SMALL
    )
    if flags & MSG_OOB:
        raise NtError(NTSTATUS.NOT_SUPPORTED)
    space = asked.thread.process.space
    parts = transfer.buffers(space, array, count)
    target = transfer.target_of(space, socket, address, size)
    return transfer.sending(socket, asked, parts, target, overlapped=bool(overlapped))


def _transmit(socket: Endpoint, asked: Asked) -> Work:
    offset, head, tail, head_size, tail_size, file, size, _, flags = unpack(
        _TRANSMIT, asked.data, NTSTATUS.BUFFER_TOO_SMALL
    )
    what = Transmission(file, offset, size, (head, head_size), (tail, tail_size), flags)
    return transmitting(socket, asked, what)


def _address_list_change(socket: Endpoint, asked: Asked) -> Work:
    """Wait for the machine to get other addresses, which it never does."""
    (overlapped,) = unpack(_WORD, asked.data, NTSTATUS.BUFFER_TOO_SMALL)
    if not overlapped and not socket.may_wait:
        raise NtError(NTSTATUS.DEVICE_NOT_READY)
    return Work(lambda irp: irp.pend(lambda _: None))


def _set_nonblocking(socket: Endpoint, asked: Asked) -> Work:
    (value,) = unpack(_WORD, asked.data, NTSTATUS.BUFFER_TOO_SMALL)
    information.set_nonblocking(socket, nonblocking=bool(value))
    return answer(asked)


def _complete(socket: Endpoint, asked: Asked) -> int:
    """End with a status that the caller gives."""
    if len(asked.data) != _WORD.size:
        raise NtError(NTSTATUS.BUFFER_TOO_SMALL)
    (status,) = _WORD.unpack(asked.data)
    return asked.operation.complete(0, status)


def _available(socket: Endpoint, asked: Asked) -> Work:
    """Out: bytes that can be received.  Information is 0, as Wine's is."""
    return answer(asked, _WORD.pack(socket.protocol.available()), 0)


def _at_mark(socket: Endpoint, asked: Asked) -> Work:
    """Out: whether no urgent data is about to come."""
    return answer(asked, _WORD.pack(1), 0)


def _interfaces(socket: Endpoint, asked: Asked) -> Work:
    """Out: INTERFACE_INFO of the loopback interface."""
    address, mask = (struct.pack("<H2x4s16x", 2, host) for host in (b"\x7f\0\0\1", b"\xff\0\0\0"))
    return answer(asked, _INTERFACE.pack(UP | LOOPBACK | MULTICAST, address, bytes(24), mask))


def _keep_alive(socket: Endpoint, asked: Asked) -> Work:
    """In: struct tcp_keepalive: whether; how often matters to nobody here."""
    if len(asked.data) < 12:
        raise NtError(NTSTATUS.BUFFER_TOO_SMALL)
    return wine_options.setter(0xFFFF, 8)(socket, asked)


def _info(socket: Endpoint, asked: Asked) -> Work:
    """Out: family, type, protocol."""
    return answer(asked, _INFO.pack(socket.protocol.family, *socket.kind))


def _message_select(socket: Endpoint, asked: Asked) -> Work:
    """Events as messages: there are no windows to send them to.  NtError NOT_SUPPORTED."""
    raise NtError(NTSTATUS.NOT_SUPPORTED)


def _defer(socket: Endpoint, asked: Asked) -> Work:
    """In: the handle of an accepted socket: its connection is the next to accept, once more."""
    (handle,) = unpack(_WORD, asked.data, NTSTATUS.BUFFER_TOO_SMALL)
    socket.defer(socket_of(asked.thread, handle))
    return answer(asked)


CONTROLS: Mapping[int, Callable[[Endpoint, Asked], Work | int]] = {
    control_code(200): _create,
    control_code(201): _accept,
    control_code(202): _accept_into,
    control_code(203): _connect,
    control_code(204): _shut_down,
    control_code(205): _receive,
    control_code(206): _send,
    control_code(207): _transmit,
    control_code(208): _address_list_change,
    control_code(209): _set_nonblocking,
    control_code(210): _complete,
    control_code(211): _available,
    control_code(212): _at_mark,
    control_code(213): _interfaces,
    control_code(214): _keep_alive,
    control_code(215): _message_select,
    control_code(216): remote_address,
    control_code(217): _defer,
    control_code(218): _info,
    **{control_code(function): act for function, act in wine_options.CONTROLS.items()},
}
