"""What a control is asked: everything that NtDeviceIoControlFile has got."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple

if TYPE_CHECKING:
    from provider.kernel.thread import Thread
    from provider.nt.io.operation import Operation


class Asked(NamedTuple):
    """One control; `output` is where its answer of at most `room` bytes goes."""

    thread: Thread
    operation: Operation
    code: int
    data: bytes
    output: int
    room: int
