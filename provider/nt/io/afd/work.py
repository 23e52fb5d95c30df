"""What a control comes down to, and what their handlers share."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from provider.kernel.io.net.endpoint import Endpoint
from provider.kernel.ke.clock import UNITS_PER_SECOND
from provider.nt.handles import reference
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.io.irp import Irp
    from provider.kernel.thread import Thread
    from provider.nt.io.asked import Asked
    from provider.nt.io.perform import Buffer

UNITS_PER_MILLISECOND = UNITS_PER_SECOND // 1000


class Work(NamedTuple):
    """A request: how it begins, where its answer goes, whether the call never tells its end."""

    start: Callable[[Irp], None]
    store: Buffer = 0
    pends: bool = False


def answer(asked: Asked, data: bytes = b"", information: int | None = None) -> Work:
    """A control that ends at once.  NtError BUFFER_TOO_SMALL."""
    if asked.room < len(data):
        raise NtError(NTSTATUS.BUFFER_TOO_SMALL)
    count = len(data) if information is None else information
    return Work(lambda irp: irp.complete(count, data), asked.output)


def unpack(
    layout: struct.Struct, data: bytes, failure: NTSTATUS = NTSTATUS.INVALID_PARAMETER
) -> tuple[int, ...]:
    """The fields of what a control is given.  NtError `failure` where it is too short."""
    if len(data) < layout.size:
        raise NtError(failure)
    return layout.unpack_from(data)


def socket_of(thread: Thread, handle: int) -> Endpoint:
    """The socket behind a handle.  NtError OBJECT_TYPE_MISMATCH; KernelError."""
    return reference(thread, handle, Endpoint)


def limited(asked: Asked, start: Callable[[Irp], None], milliseconds: int) -> Callable[[Irp], None]:
    """The same, but it fails with IO_TIMEOUT after so long; 0: never."""
    if not milliseconds:
        return start
    kernel = asked.thread.process.kernel

    def begin(irp: Irp) -> None:
        start(irp)
        if not irp.is_done:
            due = kernel.clock.interrupt_time() + milliseconds * UNITS_PER_MILLISECOND
            irp.limit(kernel.timers, due)

    return begin
