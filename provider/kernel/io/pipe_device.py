r"""The device of pipes: `\Device\NamedPipe`, where names stand for pipes with instances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.file import Device, DeviceType, FileObject
from provider.kernel.io.pipe import PipeEnd, PipeInstance, PipeState
from provider.kernel.io.request import FILE_ACCESS, Access, Disposition, OpenRequest, Outcome, Share
from provider.kernel.ke.event import Event
from provider.kernel.ke.wait import WaitEnd, wait_for
from provider.kernel.ob.casing import upcase

if TYPE_CHECKING:
    from provider.kernel.thread import Thread

UNLIMITED = 0xFFFFFFFF


class NamedPipe:
    """A pipe with all its instances; it exists as long as one does."""

    __slots__ = (
        "available",
        "device",
        "inbound_quota",
        "instances",
        "is_message_type",
        "limit",
        "outbound_quota",
        "path",
        "share",
    )

    def __init__(
        self,
        device: PipeDevice,
        path: str,
        *,
        is_message_type: bool,
        share: int,
        limit: int,
        quotas: tuple[int, int],
    ) -> None:
        """`share`: what clients may do; `quotas`: bytes to the server, and from it."""
        self.device, self.path = device, path
        self.is_message_type, self.share, self.limit = is_message_type, share, limit
        self.inbound_quota, self.outbound_quota = quotas
        self.instances: list[PipeInstance] = []
        self.available = Event(is_notification=True)
        """Set while an instance listens."""

    def listening(self) -> PipeInstance | None:
        """The first instance that has no client yet."""
        for instance in self.instances:
            if instance.state is PipeState.LISTENING:
                return instance
        return None

    def refresh(self) -> None:
        """Let those who wait know whether an instance listens."""
        if self.listening() is None:
            self.available.reset()
        else:
            self.available.set()

    def forget(self, instance: PipeInstance) -> None:
        """An instance has no server any more."""
        if instance in self.instances:
            self.instances.remove(instance)
        self.refresh()
        if not self.instances:
            self.device.forget(self)


class PipeRoot(FileObject):
    """The device opened without a name, to wait for pipes."""

    __slots__ = ("device",)

    device_type = DeviceType.NAMED_PIPE

    def __init__(self, device: PipeDevice, access: int, share: int, options: int) -> None:
        super().__init__(access, share, options)
        self.device = device

    def full_name(self) -> str:
        return "\\Device\\NamedPipe"


class PipeDevice(Device):
    """All pipes of a machine, by name without case."""

    __slots__ = ("_pipes",)

    def __init__(self) -> None:
        super().__init__()
        self._pipes: dict[str, NamedPipe] = {}

    def open(self, request: OpenRequest, rest: str) -> tuple[FileObject, Outcome]:
        """Connect to a listening instance.  KernelError PIPE_NOT_AVAILABLE, ACCESS_DENIED."""
        access = FILE_ACCESS.map(request.access)
        if rest in ("", "\\"):
            return PipeRoot(self, access, request.share, request.options), Outcome.OPENED
        if request.disposition is Disposition.CREATE:
            raise KernelError(Reason.OBJECT_NAME_COLLISION)
        return self.connect(self._find(rest), request)

    def connect(self, pipe: NamedPipe, request: OpenRequest) -> tuple[PipeEnd, Outcome]:
        """Make a client end.  KernelError PIPE_NOT_AVAILABLE, ACCESS_DENIED."""
        access = FILE_ACCESS.map(request.access)
        reads, writes = access & Access.READ_DATA, access & Access.WRITE_DATA
        if (reads and not pipe.share & Share.READ) or (writes and not pipe.share & Share.WRITE):
            raise KernelError(Reason.ACCESS_DENIED, "the pipe goes the other way")
        instance = pipe.listening()
        if instance is None:
            raise KernelError(Reason.PIPE_NOT_AVAILABLE)
        client = PipeEnd(instance, access, request.share, request.options, is_server=False)
        instance.connect(client)
        return client, Outcome.OPENED

    def create(
        self,
        request: OpenRequest,
        path: str,
        *,
        is_message_type: bool,
        limit: int,
        quotas: tuple[int, int],
    ) -> tuple[PipeEnd, Outcome]:
        r"""Make a server end of `\name`, and the pipe with the first; empty: one without a name.

        KernelError OBJECT_NAME_COLLISION, OBJECT_NAME_NOT_FOUND, INSTANCE_NOT_AVAILABLE,
        ACCESS_DENIED for an instance that is unlike the first, OBJECT_NAME_INVALID.
        """
        pipe = self._pipes.get(upcase(path))
        outcome = Outcome.CREATED if pipe is None else Outcome.OPENED
        if pipe is None:
            if request.disposition is Disposition.OPEN:
                raise KernelError(Reason.OBJECT_NAME_NOT_FOUND, path)
            if path == "\\":
                raise KernelError(Reason.OBJECT_NAME_INVALID, path)
            pipe = NamedPipe(
                self,
                path,
                is_message_type=is_message_type,
                share=request.share,
                limit=limit,
                quotas=quotas,
            )
            if path:
                self._pipes[upcase(path)] = pipe
        elif request.disposition is Disposition.CREATE or request.share != pipe.share:
            raise KernelError(Reason.ACCESS_DENIED, path)
        elif len(pipe.instances) >= pipe.limit:
            raise KernelError(Reason.INSTANCE_NOT_AVAILABLE, path)
        return self._add_instance(pipe, request), outcome

    async def wait(self, thread: Thread, name: str, due: int | None) -> None:
        """Wait until an instance listens, until interrupt time `due` at most.

        KernelError OBJECT_NAME_NOT_FOUND, IO_TIMEOUT.
        """
        pipe = self._find(f"\\{name}")
        while pipe.listening() is None:
            outcome = await wait_for(thread, (pipe.available,), due=due, reason="a pipe")
            if outcome.end is WaitEnd.TIMED_OUT:
                raise KernelError(Reason.IO_TIMEOUT)

    def forget(self, pipe: NamedPipe) -> None:
        """The last instance of a pipe is gone."""
        self._pipes.pop(upcase(pipe.path), None)

    def _find(self, path: str) -> NamedPipe:
        pipe = self._pipes.get(upcase(path))
        if pipe is None:
            raise KernelError(Reason.OBJECT_NAME_NOT_FOUND, path)
        return pipe

    def _add_instance(self, pipe: NamedPipe, request: OpenRequest) -> PipeEnd:
        instance = PipeInstance(pipe)
        access = FILE_ACCESS.map(request.access)
        end = PipeEnd(instance, access, request.share, request.options, is_server=True)
        instance.server = end
        pipe.instances.append(instance)
        pipe.refresh()
        return end
