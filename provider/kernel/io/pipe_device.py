r"""The device of pipes: `\Device\NamedPipe`, where names stand for pipes with instances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.file import Device, DeviceType, FileObject
from provider.kernel.io.file_security import check_device, new_device_access
from provider.kernel.io.flat_directory import FlatDirectory
from provider.kernel.io.pipe import PipeEnd, PipeInstance, PipeState
from provider.kernel.io.record import FileStatus, FileTimes
from provider.kernel.io.request import (
    FILE_ACCESS,
    Access,
    Attribute,
    Disposition,
    OpenRequest,
    Outcome,
    Share,
)
from provider.kernel.ob.casing import upcase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provider.kernel.io.irp import Irp
    from provider.kernel.io.pipe_queue import Pool
    from provider.kernel.ke.timer import Timer, TimerQueue

CREATE_INSTANCE = 0x4
"""FILE_CREATE_PIPE_INSTANCE: what a pipe has to grant to who makes one more server end."""
UNLIMITED = 0xFFFFFFFF
ROOT = "\\"


class NamedPipe:
    """A pipe with all its instances; it exists as long as one does."""

    __slots__ = (
        "default_timeout",
        "device",
        "instances",
        "is_message_type",
        "limit",
        "path",
        "security",
        "share",
        "waiters",
    )

    def __init__(
        self,
        device: PipeDevice,
        path: str,
        *,
        is_message_type: bool,
        share: int,
        limit: int,
        default_timeout: int,
        security: bytes | None,
    ) -> None:
        """`share`: what clients may do; `default_timeout`: the provider's, of those who wait."""
        self.device, self.path = device, path
        self.is_message_type, self.share, self.limit = is_message_type, share, limit
        self.default_timeout = default_timeout
        self.security = security
        """The security descriptor that all instances have."""
        self.instances: list[PipeInstance] = []
        """In the order in which they began to listen."""
        self.waiters: dict[Irp, Timer | None] = {}
        """Who waits for an instance that listens, and until when."""

    def listening(self) -> PipeInstance | None:
        """The instance that has listened longest."""
        for instance in self.instances:
            if instance.state is PipeState.LISTENING:
                return instance
        return None

    def begin_listening(self, instance: PipeInstance) -> None:
        """An instance listens again, or for the first time."""
        if instance in self.instances:
            self.instances.remove(instance)
        self.instances.append(instance)
        for irp in tuple(self.waiters):
            self._forget_waiter(irp)
            irp.complete()

    def wait(self, irp: Irp, timers: TimerQueue, due: int | None) -> None:
        """Wait until an instance listens, until interrupt time `due` at most (IO_TIMEOUT)."""
        if self.listening() is not None:
            irp.complete()
            return

        def time_out() -> None:
            self._forget_waiter(irp)
            irp.fail(Reason.IO_TIMEOUT)

        self.waiters[irp] = timers.set(due, time_out) if due is not None else None
        irp.pend(self._forget_waiter)

    def forget(self, instance: PipeInstance) -> None:
        """An instance has no server any more; with the last one the pipe is gone."""
        self.instances.remove(instance)
        if not self.instances:
            self.device.forget(self)
            for irp in tuple(self.waiters):
                self._forget_waiter(irp)
                irp.fail(Reason.OBJECT_NAME_NOT_FOUND)

    def status(self) -> FileStatus:
        """As a listing of pipes shows it: its instances, and how many there may be."""
        count = len(self.instances)
        return FileStatus(FileTimes(0, 0, 0, 0), count, self.limit, Attribute.NORMAL, 1, 0)

    def _forget_waiter(self, irp: Irp) -> None:
        timer = self.waiters.pop(irp)
        if timer is not None:
            timer.cancel()


class PipeDeviceFile(FileObject):
    """The device itself, opened without a name."""

    __slots__ = ("device",)

    device_type = DeviceType.NAMED_PIPE

    def __init__(self, device: PipeDevice, access: int, share: int, options: int) -> None:
        super().__init__(access, share, options)
        self.device = device

    def full_name(self) -> str:
        return "\\Device\\NamedPipe"

    def volume_path(self) -> str:
        raise KernelError(Reason.INVALID_PARAMETER, "the device has no name of its own")

    def read(self, size: int, offset: int | None = None, *, key: int = 0) -> bytes:
        raise KernelError(Reason.INVALID_PARAMETER, "no pipe")

    def write(self, data: bytes, offset: int | None = None, *, key: int = 0) -> int:
        raise KernelError(Reason.INVALID_PARAMETER, "no pipe")


class PipeRoot(FlatDirectory):
    """The root directory of the device: all pipes, which can be listed and waited for."""

    __slots__ = ("device",)

    device_type = DeviceType.NAMED_PIPE

    def __init__(self, device: PipeDevice, access: int, share: int, options: int) -> None:
        super().__init__(access, share, options)
        self.device = device

    def full_name(self) -> str:
        return "\\Device\\NamedPipe\\"

    def members(self) -> Iterator[tuple[str, FileStatus]]:
        for pipe in self.device.pipes():
            yield pipe.path[1:], pipe.status()


class PipeDevice(Device):
    """All pipes of a machine, by name without case."""

    __slots__ = ("_pipes", "pool")

    def __init__(self, pool: Pool) -> None:
        super().__init__()
        self.pool = pool
        self._pipes: dict[str, NamedPipe] = {}

    def open(self, request: OpenRequest, rest: str) -> tuple[FileObject, Outcome]:
        """Connect to a listening instance.  KernelError PIPE_NOT_AVAILABLE, ACCESS_DENIED."""
        if not rest:
            access = check_device(request.opener, self.get_security(), request.access)
            return PipeDeviceFile(self, access, request.share, request.options), Outcome.OPENED
        if rest == ROOT:
            access = check_device(request.opener, self.get_security(), request.access)
            return PipeRoot(self, access, request.share, request.options), Outcome.OPENED
        if request.disposition is Disposition.CREATE:
            raise KernelError(Reason.OBJECT_NAME_COLLISION)
        return self.connect(self.find(rest), request)

    def connect(self, pipe: NamedPipe, request: OpenRequest) -> tuple[PipeEnd, Outcome]:
        """Make a client end.  KernelError as `connect_instance`, PIPE_NOT_AVAILABLE."""
        _check_direction(pipe, request)
        instance = pipe.listening()
        if instance is None:
            raise KernelError(Reason.PIPE_NOT_AVAILABLE)
        return self._client(instance, request)

    def connect_instance(
        self, instance: PipeInstance, request: OpenRequest
    ) -> tuple[PipeEnd, Outcome]:
        """Make a client end of one instance.  KernelError ACCESS_DENIED, PIPE_NOT_AVAILABLE."""
        _check_direction(instance.pipe, request)
        if instance.state is not PipeState.LISTENING:
            raise KernelError(Reason.PIPE_NOT_AVAILABLE)
        return self._client(instance, request)

    def create(
        self,
        request: OpenRequest,
        path: str,
        *,
        is_message_type: bool,
        limit: int,
        quotas: tuple[int, int],
        default_timeout: int,
    ) -> tuple[PipeEnd, Outcome]:
        """Make a server end.  `path` may be empty below the root: a pipe without a name.

        KernelError OBJECT_NAME_NOT_FOUND, INSTANCE_NOT_AVAILABLE, OBJECT_NAME_INVALID,
        ACCESS_DENIED for an instance that is unlike the first.
        """
        has_name = path not in ("", ROOT)
        if not has_name and (path or not isinstance(request.root, PipeRoot)):
            raise KernelError(Reason.OBJECT_NAME_INVALID, path)
        pipe = self._pipes.get(upcase(path)) if has_name else None
        outcome = Outcome.CREATED if pipe is None else Outcome.OPENED
        if pipe is None:
            if request.disposition is Disposition.OPEN:
                raise KernelError(Reason.OBJECT_NAME_NOT_FOUND, path)
            security = request.opener.assign(None, is_directory=False)
            pipe = NamedPipe(
                self,
                path,
                is_message_type=is_message_type,
                share=request.share,
                limit=limit,
                default_timeout=default_timeout,
                security=security,
            )
            access = new_device_access(request.opener, security, request.access)
        elif len(pipe.instances) >= pipe.limit:
            raise KernelError(Reason.INSTANCE_NOT_AVAILABLE, path)
        elif request.disposition is Disposition.CREATE or request.share != pipe.share:
            raise KernelError(Reason.ACCESS_DENIED, path)
        else:
            access = check_device(
                request.opener, pipe.security, request.access, beside=CREATE_INSTANCE
            )
        if has_name:
            self._pipes[upcase(path)] = pipe
        return self._add_instance(pipe, request, access, quotas), outcome

    def find(self, path: str) -> NamedPipe:
        """The pipe of that name.  KernelError OBJECT_NAME_NOT_FOUND."""
        pipe = self._pipes.get(upcase(path))
        if pipe is None:
            raise KernelError(Reason.OBJECT_NAME_NOT_FOUND, path)
        return pipe

    def pipes(self) -> Iterator[NamedPipe]:
        """All pipes that have names, in the order of these."""
        return (self._pipes[key] for key in sorted(self._pipes))

    def forget(self, pipe: NamedPipe) -> None:
        """The last instance of a pipe is gone."""
        self._pipes.pop(upcase(pipe.path), None)

    def _client(self, instance: PipeInstance, request: OpenRequest) -> tuple[PipeEnd, Outcome]:
        access = check_device(request.opener, instance.pipe.security, request.access)
        client = PipeEnd(instance, access, request.share, request.options, is_server=False)
        client.opener = request.opener
        instance.inbound.identity = request.opener.identity(is_opening=True)
        instance.connect(client, request.process_id)
        return client, Outcome.OPENED

    def _add_instance(
        self, pipe: NamedPipe, request: OpenRequest, access: int, quotas: tuple[int, int]
    ) -> PipeEnd:
        instance = PipeInstance(pipe, quotas, request.process_id)
        end = PipeEnd(instance, access, request.share, request.options, is_server=True)
        instance.server = end
        pipe.begin_listening(instance)
        return end


def _check_direction(pipe: NamedPipe, request: OpenRequest) -> None:
    access = FILE_ACCESS.map(request.access)
    reads, writes = access & Access.READ_DATA, access & Access.WRITE_DATA
    if (reads and not pipe.share & Share.READ) or (writes and not pipe.share & Share.WRITE):
        raise KernelError(Reason.ACCESS_DENIED, "the pipe goes the other way")
