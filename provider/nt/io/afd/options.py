"""Options of sockets by level and name (ws2def.h, ws2ipdef.h), as the bytes that calls pass.

An option that has no effect in a machine without a network is kept and told again.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.net.address import Family
from provider.kernel.io.net.options import LARGEST_BUFFER, Linger
from provider.kernel.io.net.tcp import TcpTransport
from provider.kernel.io.net.udp import LONGEST
from provider.kernel.ke.clock import UNITS_PER_SECOND
from provider.nt.io.afd.open_packet import SOCK_DGRAM, SOCK_RAW, SOCK_STREAM
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from provider.kernel.io.net.endpoint import Endpoint

SOCKET, IP, TCP, UDP, IPV6 = 0xFFFF, 0, 6, 17, 41
"""Levels: SOL_SOCKET and the protocols'."""
V6_ONLY = 27
"""IPV6_V6ONLY, which sockets of IPv4 have too."""
NEVER_CONNECTED = 0xFFFFFFFF
_WORD = struct.Struct("<I")
_MREQ = struct.Struct("<4s4s")
_MREQ6 = struct.Struct("<16sI")
WSA_ERRORS: Mapping[Reason, int] = {
    Reason.NETWORK_UNREACHABLE: 10051,
    Reason.CONNECTION_ABORTED: 10053,
    Reason.CONNECTION_RESET: 10054,
    Reason.IO_TIMEOUT: 10060,
    Reason.CONNECTION_REFUSED: 10061,
    Reason.HOST_UNREACHABLE: 10065,
}
"""What SO_ERROR tells of a failure (winerror.h)."""


class Shape(NamedTuple):
    """How a number is passed: the fewest bytes, the bytes that are told, the largest value."""

    least: int
    told: int
    most: int = 0xFFFFFFFF
    is_flag: bool = False


NUMBER = Shape(4, 4)
FLAG = Shape(1, 4, is_flag=True)
BYTE_FLAG = Shape(1, 1, is_flag=True)
NUMBER_FLAG = Shape(4, 4, is_flag=True)
BYTE = Shape(1, 4, 255)
"""Whoever has room for less than four bytes gets one, of a flag and of a BYTE."""


class Option(NamedTuple):
    """How an option is told and set; None: that is refused."""

    get: Callable[[Endpoint], int] | None = None
    set: Callable[[Endpoint, int], None] | None = None
    shape: Shape = NUMBER
    kind: int = 0
    """The type of the sockets that have it; 0: all."""
    put: Callable[[Endpoint, bytes], None] | None = None
    """What sets an option that is no number."""


def get_option(socket: Endpoint, level: int, name: int, room: int) -> bytes:
    """The value of an option.

    NtError NOT_SUPPORTED for one that there is not, INVALID_PARAMETER for one that such sockets do
    not have, BUFFER_TOO_SMALL.
    """
    option = _find(socket, level, name)
    if option.get is None:
        raise NtError(NTSTATUS.NOT_SUPPORTED)
    shape = option.shape
    if room < shape.least:
        raise NtError(NTSTATUS.BUFFER_TOO_SMALL)
    size = shape.told if room >= _WORD.size else 1
    return _WORD.pack(option.get(socket))[:size]


def set_option(socket: Endpoint, level: int, name: int, value: bytes) -> None:
    """Set an option.

    NtError as `get_option`, and INVALID_PARAMETER for a bad value.
    """
    option = _find(socket, level, name)
    if option.put is not None:
        option.put(socket, value)
        return
    if option.set is None:
        raise NtError(NTSTATUS.NOT_SUPPORTED)
    shape = option.shape
    if len(value) < shape.least and not (shape.is_flag and level == SOCKET):
        raise NtError(NTSTATUS.BUFFER_TOO_SMALL)
    number = int.from_bytes(value[: shape.told], "little")
    if number > shape.most:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    option.set(socket, bool(number) if shape.is_flag else number)


def _find(socket: Endpoint, level: int, name: int) -> Option:
    option = _OPTIONS.get((level, name))
    family = socket.protocol.family
    other = (level == IP and family is Family.INET6 and name not in _OF_BOTH) or (
        level == IPV6 and family is Family.INET and name != V6_ONLY
    )
    if option is None:
        raise NtError(NTSTATUS.NOT_SUPPORTED)
    if other or option.kind not in (0, socket.kind[0]):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    return option


def _attribute(name: str, shape: Shape, kind: int = 0, limit: int = 0xFFFFFFFF) -> Option:
    """An option that is a field of SocketOptions."""

    def put(socket: Endpoint, value: int) -> None:
        setattr(socket.options, name, value if shape.is_flag else min(value, limit))

    return Option(lambda socket: int(getattr(socket.options, name)), put, shape, kind)


def _kept(level: int, name: int, shape: Shape, default: int = 0, kind: int = 0) -> Option:
    """An option without an effect."""

    def put(socket: Endpoint, value: int) -> None:
        socket.options.kept[level, name] = value

    return Option(lambda socket: socket.options.kept.get((level, name), default), put, shape, kind)


def _accepts(socket: Endpoint) -> int:
    transport = socket.transport
    return int(isinstance(transport, TcpTransport) and transport.is_listening)


def _fragments_not(socket: Endpoint) -> int:
    """IP_DONTFRAGMENT and IPV6_DONTFRAG, which streams have from the beginning."""
    return socket.options.kept.get((IP, 14), int(socket.kind[0] == SOCK_STREAM))


def _set_fragments_not(socket: Endpoint, value: int) -> None:
    socket.options.kept[IP, 14] = value


def _longest(socket: Endpoint) -> int:
    return LONGEST[socket.protocol.family]


def _set_error(socket: Endpoint, value: int) -> None:
    socket.options.kept[SOCKET, 0x1007] = value


def _error(socket: Endpoint) -> int:
    transport = socket.transport
    failure = transport.failure if isinstance(transport, TcpTransport) else None
    if failure is None:
        return socket.options.kept.get((SOCKET, 0x1007), 0)
    return WSA_ERRORS.get(failure, 0)


def connect_time(socket: Endpoint) -> int:
    """Seconds since connecting."""
    transport = socket.transport
    if not isinstance(transport, TcpTransport) or transport.connection is None:
        return NEVER_CONNECTED
    now = transport.network.clock.interrupt_time()
    return (now - transport.connect_time) // UNITS_PER_SECOND


def _get_linger(socket: Endpoint) -> int:
    linger = socket.options.linger
    return linger.on | linger.seconds << 16


def _set_linger(socket: Endpoint, value: int) -> None:
    socket.options.linger = Linger(bool(value & 0xFFFF), value >> 16)


def _get_dont_linger(socket: Endpoint) -> int:
    return not socket.options.linger.on


def _set_dont_linger(socket: Endpoint, value: int) -> None:
    socket.options.linger = Linger(not value, socket.options.linger.seconds)


def _set_reuse(socket: Endpoint, value: int) -> None:
    """NtError INVALID_PARAMETER for a socket with exclusive use."""
    if value and socket.options.exclusive_address:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    socket.options.reuse_address = bool(value)


def _set_exclusive(socket: Endpoint, value: int) -> None:
    """NtError INVALID_PARAMETER for a socket that shares its address."""
    if value and socket.options.reuse_address:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    socket.options.exclusive_address = bool(value)


def _membership(layout: struct.Struct, *, join: bool) -> Option:
    """Join or leave a group (ip_mreq, ipv6_mreq); the interface is the only one."""

    def put(socket: Endpoint, value: bytes) -> None:
        if len(value) < layout.size:
            raise NtError(NTSTATUS.BUFFER_TOO_SMALL)
        group = bytes(layout.unpack_from(value)[0])
        groups = socket.options.groups
        if join == (group in groups):
            raise KernelError(Reason.INVALID_ADDRESS_COMPONENT, "the group")
        groups ^= {group}

    return Option(kind=SOCK_DGRAM, put=put)


def _known_already(socket: Endpoint, value: bytes) -> None:
    """SO_UPDATE_ACCEPT_CONTEXT and its like: the socket knows what they tell it."""


_OF_BOTH = frozenset({3, 4, 9, 10, 11, 12, 13, 14})
"""Names of level IP that sockets of IPv6 have too, for packets of IPv4."""
_OPTIONS: Mapping[tuple[int, int], Option] = {
    (SOCKET, 0x1): _kept(SOCKET, 0x1, FLAG),
    (SOCKET, 0x2): Option(_accepts, shape=FLAG),
    (SOCKET, 0x4): Option(lambda s: int(s.options.reuse_address), _set_reuse, FLAG),
    (SOCKET, 0x8): _kept(SOCKET, 0x8, BYTE_FLAG, kind=SOCK_STREAM),
    (SOCKET, 0x10): _kept(SOCKET, 0x10, BYTE_FLAG),
    (SOCKET, 0x20): _attribute("broadcast", FLAG, SOCK_DGRAM),
    (SOCKET, 0x80): Option(_get_linger, _set_linger, NUMBER, SOCK_STREAM),
    (SOCKET, 0x100): _kept(SOCKET, 0x100, FLAG, kind=SOCK_STREAM),
    (SOCKET, 0xFFFFFF7F): Option(_get_dont_linger, _set_dont_linger, FLAG, SOCK_STREAM),
    (SOCKET, 0xFFFFFFFB): Option(lambda s: int(s.options.exclusive_address), _set_exclusive, FLAG),
    (SOCKET, 0x1001): _attribute("send_buffer", NUMBER, limit=LARGEST_BUFFER),
    (SOCKET, 0x1002): _attribute("receive_buffer", NUMBER, limit=LARGEST_BUFFER),
    (SOCKET, 0x1005): _attribute("send_timeout", NUMBER),
    (SOCKET, 0x1006): _attribute("receive_timeout", NUMBER),
    (SOCKET, 0x1007): Option(_error, _set_error),
    (SOCKET, 0x1008): Option(lambda s: s.kind[0]),
    (SOCKET, 0x2003): Option(_longest, kind=SOCK_DGRAM),
    (SOCKET, 0x3002): _kept(SOCKET, 0x3002, FLAG, kind=SOCK_STREAM),
    (SOCKET, 0x3005): _kept(SOCKET, 0x3005, FLAG),
    (SOCKET, 0x3006): _kept(SOCKET, 0x3006, FLAG),
    (SOCKET, 0x3007): _kept(SOCKET, 0x3007, FLAG),
    (SOCKET, 0x7008): _kept(SOCKET, 0x7008, NUMBER),
    (SOCKET, 0x700B): Option(put=_known_already),
    (SOCKET, 0x700C): Option(connect_time),
    (SOCKET, 0x7010): Option(put=_known_already),
    (TCP, 0x1): _kept(TCP, 0x1, BYTE_FLAG, kind=SOCK_STREAM),
    (TCP, 0x2): _kept(TCP, 0x2, FLAG, kind=SOCK_STREAM),
    (TCP, 0x3): _kept(TCP, 0x3, NUMBER, 7200, SOCK_STREAM),
    (TCP, 0x4): Option(lambda s: 65495, kind=SOCK_STREAM),
    (TCP, 0x5): _kept(TCP, 0x5, NUMBER, 10, SOCK_STREAM),
    (TCP, 0xF): _kept(TCP, 0xF, FLAG, kind=SOCK_STREAM),
    (TCP, 0x10): _kept(TCP, 0x10, NUMBER, 10, SOCK_STREAM),
    (TCP, 0x11): _kept(TCP, 0x11, NUMBER, 1, SOCK_STREAM),
    (IP, 2): Option(kind=SOCK_RAW),
    (IP, 3): _kept(IP, 3, BYTE),
    (IP, 4): _kept(IP, 4, BYTE, 128),
    (IP, 9): _kept(IP, 9, NUMBER, kind=SOCK_DGRAM),
    (IP, 10): _kept(IP, 10, BYTE, 1, SOCK_DGRAM),
    (IP, 11): _attribute("multicast_loop", FLAG, SOCK_DGRAM),
    (IP, 12): _membership(_MREQ, join=True),
    (IP, 13): _membership(_MREQ, join=False),
    (IP, 14): Option(_fragments_not, _set_fragments_not, FLAG),
    (IP, 19): _kept(IP, 19, NUMBER_FLAG, kind=SOCK_DGRAM),
    (IP, 21): _kept(IP, 21, NUMBER_FLAG, kind=SOCK_DGRAM),
    (IP, 31): _kept(IP, 31, NUMBER),
    (IP, 40): _kept(IP, 40, NUMBER_FLAG, kind=SOCK_DGRAM),
    (IPV6, 4): _kept(IPV6, 4, BYTE, 128),
    (IPV6, 9): _kept(IPV6, 9, NUMBER, kind=SOCK_DGRAM),
    (IPV6, 10): _kept(IPV6, 10, BYTE, 1, SOCK_DGRAM),
    (IPV6, 11): _attribute("multicast_loop", FLAG, SOCK_DGRAM),
    (IPV6, 12): _membership(_MREQ6, join=True),
    (IPV6, 13): _membership(_MREQ6, join=False),
    (IPV6, 14): Option(_fragments_not, _set_fragments_not, FLAG),
    (IPV6, 19): _kept(IPV6, 19, NUMBER_FLAG, kind=SOCK_DGRAM),
    (IPV6, 21): _kept(IPV6, 21, NUMBER_FLAG, kind=SOCK_DGRAM),
    (IPV6, 23): _kept(IPV6, 23, NUMBER, 20),
    (IPV6, V6_ONLY): _attribute("v6_only", BYTE_FLAG),
    (IPV6, 31): _kept(IPV6, 31, NUMBER),
    (IPV6, 40): _kept(IPV6, 40, NUMBER_FLAG, kind=SOCK_DGRAM),
}
