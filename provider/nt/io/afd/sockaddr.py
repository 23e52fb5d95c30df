"""SOCKADDR_IN and SOCKADDR_IN6 (ws2def.h, ws2ipdef.h)."""

from __future__ import annotations

import struct

from provider.kernel.io.net.address import Address, Family
from provider.nt.status import NTSTATUS, NtError

_INET = struct.Struct("<H2s4s8x")
_INET6 = struct.Struct("<H2sI16sI")
SIZE = {Family.INET: _INET.size, Family.INET6: _INET6.size}


def encode(address: Address) -> bytes:
    """The structure of an address."""
    port = address.port.to_bytes(2, "big")
    if address.family is Family.INET:
        return _INET.pack(Family.INET, port, address.host)
    return _INET6.pack(Family.INET6, port, 0, address.host, address.scope)


def decode(data: bytes, family: Family) -> Address:
    """The address in a structure of `family`.

    NtError INVALID_ADDRESS for another family or what is cut short.
    """
    if int.from_bytes(data[:2], "little") != family or len(data) < SIZE[family]:
        raise NtError(NTSTATUS.INVALID_ADDRESS)
    if family is Family.INET:
        _, port, host = _INET.unpack_from(data)
        return Address(family, host, int.from_bytes(port, "big"))
    _, port, _, host, scope = _INET6.unpack_from(data)
    return Address(family, host, int.from_bytes(port, "big"), scope)
