"""Ends of pipes without threads, and the requests that go to them."""

from __future__ import annotations

from provider.kernel.io import Disposition, OpenRequest
from provider.kernel.io.irp import Irp
from provider.kernel.io.pipe import PipeEnd
from provider.kernel.io.pipe_device import PipeDevice
from provider.kernel.io.pipe_queue import Pool

ALL = 0x12019F
QUOTA = 100


def make_device() -> PipeDevice:
    """A device with a pool of its own."""
    return PipeDevice(Pool())


def create(
    device: PipeDevice,
    path: str = "\\p",
    *,
    share: int = 3,
    message: bool = False,
    limit: int = 1,
    quota: int = QUOTA,
) -> PipeEnd:
    """A server's end."""
    request = OpenRequest("", access=ALL, share=share, disposition=Disposition.OPEN_IF)
    end, _ = device.create(
        request,
        path,
        is_message_type=message,
        limit=limit,
        quotas=(quota, quota),
        default_timeout=0,
    )
    end.reference()
    return end


def connect(device: PipeDevice, path: str = "\\P", access: int = ALL) -> PipeEnd:
    """A client's end."""
    end, _ = device.open(OpenRequest("", access=access), path)
    assert isinstance(end, PipeEnd)
    end.reference()
    return end


def pair(*, message: bool = False, quota: int = QUOTA) -> tuple[PipeEnd, PipeEnd]:
    """A server's end and its client's, which reads messages whole where there are any."""
    device = make_device()
    server = create(device, message=message, quota=quota)
    client = connect(device)
    client.message_mode = message
    return server, client


def read(end: PipeEnd, size: int) -> Irp:
    """Begin to read."""
    irp = Irp()
    end.start_read(irp, size)
    return irp


def write(end: PipeEnd, data: bytes) -> Irp:
    """Begin to write."""
    irp = Irp()
    end.start_write(irp, data)
    return irp


def flush(end: PipeEnd) -> Irp:
    """Begin to flush."""
    irp = Irp()
    end.start_flush(irp)
    return irp


def listen(end: PipeEnd) -> Irp:
    """Begin to listen."""
    irp = Irp()
    end.start_listen(irp)
    return irp
