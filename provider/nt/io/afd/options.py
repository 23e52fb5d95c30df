"""Options of sockets by level and name (ws2def.h, ws2ipdef.h), as the bytes that calls pass.

An option that has no effect in a machine without a network is kept and told again.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.net.address import Family
from provider.kernel.io.net.options import LARGEST_BUFFER, Linger
from provider.kernel.io.net.tcp import TcpTransport
from provider.kernel.ke.clock import UNITS_PER_SECOND
from provider.nt.io.afd.open_packet import SOCK_DGRAM, SOCK_STREAM
from provider.nt.io.afd.work import unpack
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from provider.kernel.io.net.endpoint import Endpoint

SOCKET, IP, TCP, UDP, IPV6 = 0xFFFF, 0, 6, 17, 41
"""Levels: SOL_SOCKET and the protocols'."""
NEVER_CONNECTED = 0xFFFFFFFF
LONGEST_OPTION = 1 << 10
"""No option that is kept is longer."""
_WORD = struct.Struct("<I")
_LINGER = struct.Struct("<2H")
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


class Option(NamedTuple):
    """How an option is told and set; None: that is refused."""

    get: Callable[[Endpoint], bytes] | None = None
    set: Callable[[Endpoint, bytes], None] | None = None
    kind: int = 0
    """The type of the sockets that have it; 0: all."""


def get_option(socket: Endpoint, level: int, name: int) -> bytes:
    """The value of an option.  NtError INVALID_PARAMETER for one that there is not."""
    option = _find(socket, level, name)
    if option.get is None:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    return option.get(socket)


def set_option(socket: Endpoint, level: int, name: int, value: bytes) -> None:
    """Set an option.  NtError INVALID_PARAMETER for one that there is not, or a bad value."""
    option = _find(socket, level, name)
    if option.set is None:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    option.set(socket, value)


def _find(socket: Endpoint, level: int, name: int) -> Option:
    option = _OPTIONS.get((level, name))
    family = socket.protocol.family
    other = (level == IP and family is Family.INET6 and name not in _OF_BOTH) or (
        level == IPV6 and family is Family.INET
    )
    if option is None or other or option.kind not in (0, socket.kind[0]):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    return option


def _attribute(name: str, kind: int = 0, most: int = 0xFFFFFFFF) -> Option:
    """An option that is a field of SocketOptions, of 32 bits."""

    def get(socket: Endpoint) -> bytes:
        return _WORD.pack(getattr(socket.options, name))

    def put(socket: Endpoint, value: bytes) -> None:
        before = getattr(socket.options, name)
        number = min(_number(value), most)
        setattr(socket.options, name, bool(number) if isinstance(before, bool) else number)

    return Option(get, put, kind)


def _kept(level: int, name: int, default: int, kind: int = 0) -> Option:
    """An option without an effect, of 32 bits unless it is set to something longer."""

    def get(socket: Endpoint) -> bytes:
        return socket.options.kept.get((level, name), _WORD.pack(default))

    def put(socket: Endpoint, value: bytes) -> None:
        if not value or len(value) > LONGEST_OPTION:
            raise NtError(NTSTATUS.INVALID_PARAMETER)
        socket.options.kept[level, name] = value.ljust(_WORD.size, b"\0")

    return Option(get, put, kind)


def _told(tell: Callable[[Endpoint], int]) -> Option:
    """An option that cannot be set, of 32 bits."""
    return Option(lambda socket: _WORD.pack(tell(socket)))


def _number(value: bytes) -> int:
    """A number of up to 32 bits.  NtError INVALID_PARAMETER for no bytes."""
    if not value:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    return int.from_bytes(value[: _WORD.size], "little")


def _accepts(socket: Endpoint) -> int:
    transport = socket.transport
    return int(isinstance(transport, TcpTransport) and transport.is_listening)


def _error(socket: Endpoint) -> int:
    transport = socket.transport
    failure = transport.failure if isinstance(transport, TcpTransport) else None
    return WSA_ERRORS.get(failure, 0) if failure is not None else 0


def _connect_time(socket: Endpoint) -> int:
    """Seconds since connecting."""
    transport = socket.transport
    if not isinstance(transport, TcpTransport) or transport.connection is None:
        return NEVER_CONNECTED
    now = transport.network.clock.interrupt_time()
    return (now - transport.connect_time) // UNITS_PER_SECOND


def _get_linger(socket: Endpoint) -> bytes:
    linger = socket.options.linger
    return _LINGER.pack(linger.on, linger.seconds)


def _set_linger(socket: Endpoint, value: bytes) -> None:
    on, seconds = unpack(_LINGER, value)
    socket.options.linger = Linger(bool(on), seconds)


def _set_reuse(socket: Endpoint, value: bytes) -> None:
    """NtError INVALID_PARAMETER for a socket with exclusive use."""
    if _number(value) and socket.options.exclusive_address:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    socket.options.reuse_address = bool(_number(value))


def _set_exclusive(socket: Endpoint, value: bytes) -> None:
    """NtError INVALID_PARAMETER for a socket that shares its address, or has one already."""
    if _number(value) and socket.options.reuse_address:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    socket.options.exclusive_address = bool(_number(value))


def _membership(layout: struct.Struct, *, join: bool) -> Option:
    """Join or leave a group (ip_mreq, ipv6_mreq); the interface is the only one."""

    def put(socket: Endpoint, value: bytes) -> None:
        if len(value) < layout.size:
            raise NtError(NTSTATUS.INVALID_PARAMETER)
        group = bytes(layout.unpack_from(value)[0])
        groups = socket.options.groups
        if join == (group in groups):
            raise KernelError(Reason.INVALID_ADDRESS_COMPONENT, "the group")
        groups ^= {group}

    return Option(None, put, SOCK_DGRAM)


def _accept_context(socket: Endpoint, value: bytes) -> None:
    """SO_UPDATE_ACCEPT_CONTEXT and its like: the socket knows already what they tell it."""


_WITHOUT_VALUE = Option(None, _accept_context)
_OF_BOTH = frozenset({3, 4, 9, 10, 11, 12, 13, 14})
"""Names of level IP that sockets of IPv6 have too, for packets of IPv4."""
_OPTIONS: Mapping[tuple[int, int], Option] = {
    (SOCKET, 0x1): _kept(SOCKET, 0x1, 0),
    (SOCKET, 0x2): _told(_accepts),
    (SOCKET, 0x4): Option(lambda s: _WORD.pack(s.options.reuse_address), _set_reuse),
    (SOCKET, 0x8): _kept(SOCKET, 0x8, 0, SOCK_STREAM),
    (SOCKET, 0x10): _kept(SOCKET, 0x10, 0),
    (SOCKET, 0x20): _attribute("broadcast", SOCK_DGRAM),
    (SOCKET, 0x80): Option(_get_linger, _set_linger, SOCK_STREAM),
    (SOCKET, 0x100): _kept(SOCKET, 0x100, 0, SOCK_STREAM),
    (SOCKET, 0xFFFFFFFB): Option(lambda s: _WORD.pack(s.options.exclusive_address), _set_exclusive),
    (SOCKET, 0x1001): _attribute("send_buffer", most=LARGEST_BUFFER),
    (SOCKET, 0x1002): _attribute("receive_buffer", most=LARGEST_BUFFER),
    (SOCKET, 0x1005): _attribute("send_timeout"),
    (SOCKET, 0x1006): _attribute("receive_timeout"),
    (SOCKET, 0x1007): _told(_error),
    (SOCKET, 0x1008): _told(lambda socket: socket.kind[0]),
    (SOCKET, 0x2003): _told(lambda socket: 65507),
    (SOCKET, 0x3002): _kept(SOCKET, 0x3002, 0, SOCK_STREAM),
    (SOCKET, 0x3005): _kept(SOCKET, 0x3005, 0),
    (SOCKET, 0x3006): _kept(SOCKET, 0x3006, 0),
    (SOCKET, 0x3007): _kept(SOCKET, 0x3007, 0),
    (SOCKET, 0x700B): _WITHOUT_VALUE,
    (SOCKET, 0x700C): _told(_connect_time),
    (SOCKET, 0x7010): _WITHOUT_VALUE,
    (TCP, 0x1): _kept(TCP, 0x1, 0, SOCK_STREAM),
    (TCP, 0x2): _kept(TCP, 0x2, 0, SOCK_STREAM),
    (TCP, 0x3): _kept(TCP, 0x3, 7200, SOCK_STREAM),
    (TCP, 0x4): _told(lambda socket: 65495),
    (TCP, 0x5): _kept(TCP, 0x5, 10, SOCK_STREAM),
    (TCP, 0xF): _kept(TCP, 0xF, 0, SOCK_STREAM),
    (TCP, 0x10): _kept(TCP, 0x10, 10, SOCK_STREAM),
    (TCP, 0x11): _kept(TCP, 0x11, 1, SOCK_STREAM),
    (IP, 1): Option(lambda s: s.options.kept.get((IP, 1), b""), _kept(IP, 1, 0).set),
    (IP, 3): _kept(IP, 3, 0),
    (IP, 4): _kept(IP, 4, 128),
    (IP, 9): _kept(IP, 9, 0, SOCK_DGRAM),
    (IP, 10): _kept(IP, 10, 1, SOCK_DGRAM),
    (IP, 11): _attribute("multicast_loop", SOCK_DGRAM),
    (IP, 12): _membership(_MREQ, join=True),
    (IP, 13): _membership(_MREQ, join=False),
    (IP, 14): _kept(IP, 14, 0, SOCK_DGRAM),
    (IP, 19): _kept(IP, 19, 0, SOCK_DGRAM),
    (IP, 21): _kept(IP, 21, 0, SOCK_DGRAM),
    (IP, 31): _kept(IP, 31, 0),
    (IP, 40): _kept(IP, 40, 0, SOCK_DGRAM),
    (IPV6, 4): _kept(IPV6, 4, 128),
    (IPV6, 9): _kept(IPV6, 9, 0, SOCK_DGRAM),
    (IPV6, 10): _kept(IPV6, 10, 1, SOCK_DGRAM),
    (IPV6, 11): _attribute("multicast_loop", SOCK_DGRAM),
    (IPV6, 12): _membership(_MREQ6, join=True),
    (IPV6, 13): _membership(_MREQ6, join=False),
    (IPV6, 14): _kept(IPV6, 14, 0, SOCK_DGRAM),
    (IPV6, 19): _kept(IPV6, 19, 0, SOCK_DGRAM),
    (IPV6, 21): _kept(IPV6, 21, 0, SOCK_DGRAM),
    (IPV6, 23): _kept(IPV6, 23, 20),
    (IPV6, 27): _attribute("v6_only"),
    (IPV6, 31): _kept(IPV6, 31, 0),
    (IPV6, 40): _kept(IPV6, 40, 0, SOCK_DGRAM),
}
