"""A call of a server's routine."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from emu.named_tuple import NamedTuple
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from emu.struct import Struct
    from provider.kernel.thread import Thread
    from provider.nt.csr.capture import Capture
    from provider.nt.csr.client import Client
    from provider.nt.csr.server import Server

    S = TypeVar("S", bound=Struct)


class Call(NamedTuple):
    """Who calls, and with what; `data` is the message's, which routines change."""

    server: Server
    client: Client
    thread: Thread
    data: bytearray
    capture: Capture | None

    def message(self, kind: type[S]) -> S:
        """The data as a structure.  NtError INVALID_PARAMETER if there is not enough."""
        if len(self.data) < kind.SIZE:
            raise NtError(NTSTATUS.INVALID_PARAMETER)
        return kind(self.data)

    @property
    def captured(self) -> Capture:
        """What the message points to.  NtError INVALID_PARAMETER if it brings nothing along."""
        if self.capture is None:
            raise NtError(NTSTATUS.INVALID_PARAMETER)
        return self.capture
