"""Binding, and the addresses of both ends."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError
from provider.nt.io.afd import sockaddr
from provider.nt.io.afd.work import Work, answer, unpack
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from provider.kernel.io.irp import Irp
    from provider.kernel.io.net.endpoint import Endpoint
    from provider.nt.io.asked import Asked

BIND, GET_ADDRESS, GET_REMOTE_ADDRESS = 0x12003, 0x1202F, 0x1203F
REUSE_ADDRESS, EXCLUSIVE_ADDRESS = 1, 3
"""AFD_REUSEADDRESS, AFD_EXCLUSIVEADDRUSE: how an address is shared; 0 and 2 are the default."""
_SHARE = struct.Struct("<I")


def _bind(socket: Endpoint, asked: Asked) -> Work:
    """In: how to share, SOCKADDR; out: SOCKADDR."""
    (share,) = unpack(_SHARE, asked.data)
    given = asked.data[_SHARE.size :]
    if len(given) < 2 or asked.room < len(given):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    transport = socket.protocol
    if transport.local is not None:
        raise NtError(NTSTATUS.ADDRESS_ALREADY_ASSOCIATED)
    address = sockaddr.decode(given, transport.family)
    options = socket.options
    options.reuse_address |= share == REUSE_ADDRESS
    options.exclusive_address |= share == EXCLUSIVE_ADDRESS

    def start(irp: Irp) -> None:
        try:
            bound = sockaddr.encode(transport.bind(address))
        except KernelError as error:
            irp.fail(error.reason)
        else:
            irp.complete(len(bound), bound)

    return Work(start, asked.output, pends=True)


def _local(socket: Endpoint, asked: Asked) -> Work:
    """Out: SOCKADDR."""
    local = socket.protocol.local
    if local is None:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    return answer(asked, sockaddr.encode(local))


def remote_address(socket: Endpoint, asked: Asked) -> Work:
    """Out: SOCKADDR."""
    remote = socket.protocol.remote
    if remote is None:
        raise NtError(NTSTATUS.INVALID_CONNECTION)
    return answer(asked, sockaddr.encode(remote))


CONTROLS: Mapping[int, Callable[[Endpoint, Asked], Work | int]] = {
    BIND: _bind,
    GET_ADDRESS: _local,
    GET_REMOTE_ADDRESS: remote_address,
}
