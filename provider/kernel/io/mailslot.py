r"""Mailslots: many writers leave messages, their owner reads them ("Mailslots", Win32 docs).

    \Device\Mailslot\name        `\\.\mailslot\name` in Win32

A read waits for a message as long as the slot's time-out says.  A message is read whole or not at
all; one that is longer than the slot allows is refused.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.file import Device, DeviceType, FileObject
from provider.kernel.io.file_security import check_device, new_device_access
from provider.kernel.io.flat_directory import FlatDirectory
from provider.kernel.io.pipe_queue import ENTRY_BYTES, Pool
from provider.kernel.io.record import FileStatus, FileTimes
from provider.kernel.io.request import (
    Attribute,
    Disposition,
    OpenRequest,
    Outcome,
)
from provider.kernel.ob.casing import upcase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from provider.kernel.io.irp import Irp
    from provider.kernel.ke.timer import Timer, TimerQueue

ROOT = "\\"


class Waiting(NamedTuple):
    """A read that waits for a message."""

    irp: Irp
    size: int
    timer: Timer | None


class Mailslot(FileObject):
    """The owner's handle of a slot, with its messages."""

    __slots__ = (
        "_device",
        "_due",
        "_path",
        "_timers",
        "_waiting",
        "max_message",
        "messages",
        "quota",
        "read_timeout",
    )

    device_type = DeviceType.MAILSLOT
    queues_requests = True

    def __init__(
        self,
        device: MailslotDevice,
        path: str,
        request: OpenRequest,
        *,
        quota: int,
        max_message: int,
        read_timeout: int,
        timers: TimerQueue,
        due: Callable[[int], int | None],
    ) -> None:
        """`due`: the interrupt time at which a wait ends that begins now, from a time-out."""
        security = request.opener.assign(None, is_directory=False)
        access = new_device_access(request.opener, security, request.access)
        super().__init__(access, request.share, request.options)
        if security is not None:
            self.set_security(security)
        self._device, self._path = device, path
        self.quota, self.max_message, self.read_timeout = quota, max_message, read_timeout
        self._timers, self._due = timers, due
        self.messages: deque[bytes] = deque()
        self._waiting: deque[Waiting] = deque()

    def full_name(self) -> str:
        return f"\\Device\\Mailslot{self._path}"

    def volume_path(self) -> str:
        return self._path

    def status(self) -> FileStatus:
        size = sum(len(message) for message in self.messages)
        return FileStatus(FileTimes(0, 0, 0, 0), size, self.quota, Attribute.NORMAL, 1, 0)

    @property
    def next_size(self) -> int | None:
        """Bytes of the first message."""
        return len(self.messages[0]) if self.messages else None

    def start_read(self, irp: Irp, size: int) -> None:
        if self.messages:
            if len(self.messages[0]) > size:
                raise KernelError(Reason.BUFFER_TOO_SMALL, "the message is longer")
            message = self.messages.popleft()
            self._device.pool.release(len(message) + ENTRY_BYTES)
            irp.complete(len(message), message)
            return
        due = self._due(self.read_timeout)
        timer = None if due is None else self._timers.set(due, lambda: self._time_out(irp))
        self._waiting.append(Waiting(irp, size, timer))
        irp.pend(self._forget_reader)

    def start_write(self, irp: Irp, data: bytes) -> None:
        self.refuse()

    def start_flush(self, irp: Irp) -> None:
        irp.complete()

    def put(self, message: bytes) -> None:
        """Leave a message.  KernelError INVALID_PARAMETER, INSUFFICIENT_RESOURCES."""
        if self.max_message and len(message) > self.max_message:
            raise KernelError(Reason.INVALID_PARAMETER, "the message is too long for the slot")
        while self._waiting:
            reader = self._waiting.popleft()
            if reader.timer is not None:
                reader.timer.cancel()
            if reader.size >= len(message):
                reader.irp.complete(len(message), message)
                return
            reader.irp.fail(Reason.BUFFER_TOO_SMALL)
        self._device.pool.charge(len(message) + ENTRY_BYTES)
        self.messages.append(message)

    def peek(self, size: int) -> bytes:
        """The first bytes of the first message."""
        return self.messages[0][:size] if self.messages else b""

    def on_close(self) -> None:
        self._device.forget(self._path)
        for message in self.messages:
            self._device.pool.release(len(message) + ENTRY_BYTES)
        self.messages.clear()
        while self._waiting:
            reader = self._waiting.popleft()
            if reader.timer is not None:
                reader.timer.cancel()
            reader.irp.fail(Reason.FILE_FORCED_CLOSED)

    def _time_out(self, irp: Irp) -> None:
        self._forget_reader(irp)
        irp.fail(Reason.IO_TIMEOUT)

    def _forget_reader(self, irp: Irp) -> None:
        reader = next(reader for reader in self._waiting if reader.irp is irp)
        self._waiting.remove(reader)
        if reader.timer is not None:
            reader.timer.cancel()


class MailslotClient(FileObject):
    """A writer's handle; what it writes is a message."""

    __slots__ = ("slot",)

    device_type = DeviceType.MAILSLOT
    queues_requests = True

    def __init__(self, slot: Mailslot, request: OpenRequest) -> None:
        access = check_device(request.opener, slot.get_security(), request.access)
        super().__init__(access, request.share, request.options)
        self.slot = slot

    def get_security(self) -> bytes | None:
        return self.slot.get_security()

    def set_security(self, descriptor: bytes) -> None:
        self.slot.set_security(descriptor)

    def full_name(self) -> str:
        return self.slot.full_name()

    def volume_path(self) -> str:
        return self.slot.volume_path()

    def status(self) -> FileStatus:
        return FileStatus(FileTimes(0, 0, 0, 0), 0, 0, Attribute.NORMAL, 1, 0)

    def start_read(self, irp: Irp, size: int) -> None:
        raise KernelError(Reason.INVALID_PARAMETER, "writers do not read")

    def start_write(self, irp: Irp, data: bytes) -> None:
        if self.slot.closed:
            raise KernelError(Reason.FILE_FORCED_CLOSED, "the slot's owner has gone")
        self.slot.put(data)
        irp.complete(len(data))

    def start_flush(self, irp: Irp) -> None:
        irp.complete()


class MailslotRoot(FlatDirectory):
    """The device opened without a name: all slots, which can be listed."""

    __slots__ = ("_device",)

    device_type = DeviceType.MAILSLOT

    def __init__(self, device: MailslotDevice, request: OpenRequest) -> None:
        access = check_device(request.opener, device.get_security(), request.access)
        super().__init__(access, request.share, request.options)
        self._device = device

    @property
    def device(self) -> MailslotDevice:
        """Where names below this directory are looked up."""
        return self._device

    def full_name(self) -> str:
        return "\\Device\\Mailslot"

    def members(self) -> Iterator[tuple[str, FileStatus]]:
        for path, slot in self._device.slots():
            yield path[1:], slot.status()


class MailslotDevice(Device):
    """All mailslots of a machine, by name without case."""

    __slots__ = ("_slots", "pool")

    def __init__(self, pool: Pool) -> None:
        super().__init__()
        self.pool = pool
        self._slots: dict[str, Mailslot] = {}

    def open(self, request: OpenRequest, rest: str) -> tuple[FileObject, Outcome]:
        """Become a writer.  KernelError OBJECT_NAME_NOT_FOUND, OBJECT_NAME_COLLISION."""
        if rest in ("", ROOT):
            return MailslotRoot(self, request), Outcome.OPENED
        slot = self._slots.get(upcase(rest))
        if slot is None:
            raise KernelError(Reason.OBJECT_NAME_NOT_FOUND, rest)
        if request.disposition is Disposition.CREATE:
            raise KernelError(Reason.OBJECT_NAME_COLLISION, rest)
        return MailslotClient(slot, request), Outcome.OPENED

    def create(
        self,
        request: OpenRequest,
        path: str,
        *,
        quota: int,
        max_message: int,
        read_timeout: int,
        timers: TimerQueue,
        due: Callable[[int], int | None],
    ) -> Mailslot:
        """Make a slot.  KernelError OBJECT_NAME_COLLISION, OBJECT_NAME_INVALID."""
        if path in ("", ROOT):
            raise KernelError(Reason.OBJECT_NAME_INVALID, path)
        if upcase(path) in self._slots:
            raise KernelError(Reason.OBJECT_NAME_COLLISION, path)
        slot = Mailslot(
            self,
            path,
            request,
            quota=quota,
            max_message=max_message,
            read_timeout=read_timeout,
            timers=timers,
            due=due,
        )
        self._slots[upcase(path)] = slot
        return slot

    def slots(self) -> Iterator[tuple[str, Mailslot]]:
        """Paths and slots, in the order of the paths."""
        return ((slot.volume_path(), slot) for _, slot in sorted(self._slots.items()))

    def forget(self, path: str) -> None:
        """A slot's owner has closed it."""
        del self._slots[upcase(path)]
