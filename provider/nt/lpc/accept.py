"""The server's half of a connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.nt.lpc.port import Port, Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.process import Process

PORT_ALL_ACCESS = 0x1F0001


def accept(owner: Process, client: Port, share: Callable[[Port], None]) -> tuple[Port, int]:
    """A server port for `client`, and the handle by which `owner` has it.

    `share` maps what the sides bring along; nothing is left behind of what fails.  KernelError and
    what `share` raises.
    """
    server = Port(Role.SERVER, owner, client.longest_message, connection=client.connection)
    server.reference()
    try:
        share(server)
        handle = owner.handles.insert(server, PORT_ALL_ACCESS)
        client.peer, server.peer = server, client
        return server, handle
    finally:
        if not server.is_open:
            server.views.unmap()
        server.dereference()
