"""The extended attribute that makes an endpoint a socket when it is opened (AFD_OPEN_PACKET)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.kernel.io.net.address import Family
from provider.kernel.io.net.endpoint import Endpoint
from provider.kernel.io.net.network import Protocol
from provider.nt.io.afd.work import unpack
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from provider.kernel.io.extended_attributes import ExtendedAttribute
    from provider.kernel.io.file import FileObject

NAME = b"AfdOpenPacketXX"
SOCK_STREAM, SOCK_DGRAM, SOCK_RAW = 1, 2, 3
PROTOCOLS = {SOCK_STREAM: Protocol.TCP, SOCK_DGRAM: Protocol.UDP}
_PACKET = struct.Struct("<2I3i")


def prepare(file: FileObject, attributes: Sequence[ExtendedAttribute]) -> None:
    """Make the socket that the attributes describe.

    NtError NOT_SUPPORTED for what is neither TCP nor UDP, INVALID_PARAMETER.
    """
    for attribute in attributes:
        if attribute.name == NAME and isinstance(file, Endpoint):
            _, _, family, kind, protocol = unpack(_PACKET, attribute.value)
            create(file, family, kind, protocol)


def create(endpoint: Endpoint, family: int, kind: int, protocol: int) -> None:
    """Make a socket of a family, a type and a protocol, 0: the type's own.

    NtError NOT_SUPPORTED; KernelError INVALID_PARAMETER for what is one.
    """
    carrier = PROTOCOLS.get(kind)
    known = family in (Family.INET, Family.INET6)
    if not known or carrier is None or protocol not in (0, carrier.value):
        raise NtError(NTSTATUS.NOT_SUPPORTED)
    endpoint.create(Family(family), carrier, (kind, protocol or carrier.value))
