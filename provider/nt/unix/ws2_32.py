"""The Unix side of Wine's ws2_32: names of hosts, and names for addresses.

What they return are errors of Winsock, or ERROR_INSUFFICIENT_BUFFER with the size that is needed.
"""

from __future__ import annotations

import ipaddress
import struct
from typing import TYPE_CHECKING

from provider.kernel.io.net.address import Address, Family
from provider.nt.cm.seed import COMPUTER_NAME
from provider.nt.io.afd import sockaddr

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from provider.kernel.mm import AddressSpace
    from provider.kernel.thread import Thread

INSUFFICIENT_BUFFER = 122
FAULT, FAMILY_UNSUPPORTED, HOST_NOT_FOUND, SERVICE_NOT_FOUND = 10014, 10047, 11001, 10109
PASSIVE, CANONICAL_NAME, NUMERIC_HOST = 1, 2, 4
"""AI_PASSIVE and its kin."""
NUMERIC_NAME, NAME_REQUIRED = 2, 4
"""NI_NUMERICHOST, NI_NAMEREQD."""
LONGEST_NAME = 256
_PORTS: Mapping[bytes, int] = {
    b"": 0, b"echo": 7, b"ftp": 21, b"ssh": 22, b"telnet": 23, b"smtp": 25, b"domain": 53,
    b"http": 80, b"pop3": 110, b"https": 443,
}  # fmt: skip
_ADDRESS_INFO = struct.Struct("<8I")
_HOST = struct.Struct("<2I2HI")


def _get_address_info(thread: Thread, arguments: int) -> int:
    space = thread.process.space
    node_va, service_va, hints_va, target, size_va = _words(space, arguments, 5)
    flags, family, kind, protocol = _words(space, hints_va, 4) if hints_va else (0, 0, 0, 0)
    node = _text(space, node_va) if node_va else None
    port = _port(_text(space, service_va) if service_va else b"")
    if port is None:
        return SERVICE_NOT_FOUND
    found = [a.with_port(port) for a in _find(thread, node, flags) if family in (0, a.family)]
    if not found:
        return HOST_NOT_FOUND
    name = node + b"\0" if node is not None and flags & CANONICAL_NAME else b""
    data = _address_infos(found, (flags, kind, protocol), name, target)
    return _answer(space, target, size_va, data)


def _address_infos(
    found: list[Address], hints: tuple[int, int, int], name: bytes, target: int
) -> bytes:
    """A list of ADDRINFOA, each followed by its address; the name is behind the first."""
    flags, kind, protocol = hints
    data = b""
    for position, address in enumerate(found):
        encoded = sockaddr.encode(address)
        tail = encoded + (name if not position else b"")
        tail += bytes(-len(tail) % 4)
        at = target + len(data) + _ADDRESS_INFO.size
        following = at + len(tail) if position + 1 < len(found) else 0
        name_va = at + len(encoded) if name and not position else 0
        data += _ADDRESS_INFO.pack(
            flags, address.family, kind, protocol, len(encoded), name_va, at, following
        )
        data += tail
    return data


def _get_host_by_address(thread: Thread, arguments: int) -> int:
    space = thread.process.space
    va, size, family, target, size_va = _words(space, arguments, 5)
    if family not in tuple(Family) or size < Family(family).host_size:
        return FAULT
    address = Address(Family(family), space.read(va, Family(family).host_size), 0)
    if not address.is_loopback:
        return HOST_NOT_FOUND
    return _answer(space, target, size_va, _host(b"localhost", [address], target))


def _get_host_by_name(thread: Thread, arguments: int) -> int:
    space = thread.process.space
    name_va, target, size_va = _words(space, arguments, 3)
    name = _text(space, name_va)
    found = [a for a in _find(thread, name, 0) if a.family is Family.INET]
    if not found:
        return HOST_NOT_FOUND
    return _answer(space, target, size_va, _host(name, found, target))


def _host(name: bytes, found: list[Address], target: int) -> bytes:
    """HOSTENT with an empty list of aliases, the list of addresses, these, and the name."""
    size = found[0].family.host_size
    lists = target + _HOST.size
    first = lists + 4 * (len(found) + 2)
    pointers = [0, *(first + size * number for number in range(len(found))), 0]
    header = _HOST.pack(first + size * len(found), lists, found[0].family, size, lists + 4)
    table = struct.pack(f"<{len(pointers)}I", *pointers)
    return header + table + b"".join(address.host for address in found) + name + b"\0"


def _get_host_name(thread: Thread, arguments: int) -> int:
    space = thread.process.space
    target, size = _words(space, arguments, 2)
    name = COMPUTER_NAME.encode() + b"\0"
    if size < len(name):
        return FAULT
    space.write(target, name)
    return 0


def _get_name_info(thread: Thread, arguments: int) -> int:
    space = thread.process.space
    va, size, host_va, host_size, service_va, service_size, flags = _words(space, arguments, 7)
    data = space.read(va, min(size, 28))
    family = int.from_bytes(data[:2], "little")
    if family not in tuple(Family) or len(data) < sockaddr.SIZE[Family(family)]:
        return FAMILY_UNSUPPORTED
    address = sockaddr.decode(data, Family(family))
    own = address.is_loopback and not flags & NUMERIC_NAME
    if flags & NAME_REQUIRED and not own:
        return HOST_NOT_FOUND
    name = COMPUTER_NAME if own else address.text
    for target, room, text in (
        (host_va, host_size, name), (service_va, service_size, str(address.port))
    ):  # fmt: skip
        encoded = text.encode() + b"\0"
        if target and room:
            if room < len(encoded):
                return INSUFFICIENT_BUFFER
            space.write(target, encoded)
    return 0


def _find(thread: Thread, node: bytes | None, flags: int) -> list[Address]:
    """The addresses of a name; of none, the machine's own."""
    if node is None:
        any_or_own = Address.any if flags & PASSIVE else Address.loopback
        return [any_or_own(Family.INET6), any_or_own(Family.INET)]
    text = node.decode("utf-8", "replace")
    try:
        host = ipaddress.ip_address(text.partition("%")[0]).packed
    except ValueError:
        pass
    else:
        return [Address(Family.INET if len(host) == 4 else Family.INET6, host, 0)]
    sockets = thread.process.kernel.io.sockets
    if flags & NUMERIC_HOST or sockets is None:
        return []
    if text.lower() in ("", "localhost", COMPUTER_NAME.lower()):
        return [Address.loopback(Family.INET6), Address.loopback(Family.INET)]
    return sockets.network.resolve(text)


def _port(service: bytes) -> int | None:
    if service.isdigit():
        return int(service) if len(service) < 6 and int(service) < 1 << 16 else None
    return _PORTS.get(service.lower())


def _answer(space: AddressSpace, target: int, size_va: int, data: bytes) -> int:
    """Store an answer, or the size that it needs."""
    (room,) = _words(space, size_va, 1)
    if room < len(data):
        space.write(size_va, len(data).to_bytes(4, "little"))
        return INSUFFICIENT_BUFFER
    space.write(target, data)
    return 0


def _words(space: AddressSpace, va: int, count: int) -> tuple[int, ...]:
    return struct.unpack(f"<{count}I", space.read(va, 4 * count))


def _text(space: AddressSpace, va: int) -> bytes:
    """A string that ends with a zero, or after so many bytes.  AccessViolation."""
    text = bytearray()
    while len(text) < LONGEST_NAME:
        byte = space.read(va + len(text), 1)
        if byte == b"\0":
            break
        text += byte
    return bytes(text)


FUNCTIONS: Mapping[str, Callable[[Thread, int], int]] = {
    "getaddrinfo": _get_address_info,
    "gethostbyaddr": _get_host_by_address,
    "gethostbyname": _get_host_by_name,
    "gethostname": _get_host_name,
    "getnameinfo": _get_name_info,
}
