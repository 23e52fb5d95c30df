"""The I/O manager of a machine: its mounts, devices, standard streams, and open files."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from provider.kernel.errors import KernelError, Reason
from provider.kernel.event_stream import EventStream
from provider.kernel.events import FileOpen
from provider.kernel.io.console import Console, ConsoleDevice, ConsoleFile
from provider.kernel.io.disk_file import NodeFile, VolumeFile
from provider.kernel.io.file import Device, FileObject
from provider.kernel.io.file_security import check_device, check_place
from provider.kernel.io.host_directory import NameIndex
from provider.kernel.io.host_input import HostInput
from provider.kernel.io.layer import Layer
from provider.kernel.io.mailslot import MailslotDevice, MailslotRoot
from provider.kernel.io.mapped import Mappings, NoMappings
from provider.kernel.io.mount import Mount, Place
from provider.kernel.io.mount_manager import MountManager
from provider.kernel.io.move import Target
from provider.kernel.io.name import split
from provider.kernel.io.notify import Watches
from provider.kernel.io.pipe import PipeEnd
from provider.kernel.io.pipe_device import PipeDevice, PipeDeviceFile, PipeRoot
from provider.kernel.io.pipe_queue import Pool
from provider.kernel.io.record import FileRecords
from provider.kernel.io.request import (
    FILE_ACCESS,
    Access,
    Disposition,
    OpenOptions,
    OpenRequest,
    Outcome,
)
from provider.kernel.io.stream import (
    CallbackOutput,
    HostStream,
    NullFile,
    StreamFile,
    StreamKind,
)
from provider.kernel.io.stream_pipe import StreamPipe
from provider.kernel.io.volume import Volume
from provider.kernel.ob.namespace import Namespace, SymbolicLink

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from provider.kernel.events import OutcomeName
    from provider.kernel.io.default_security import DefaultSecurity
    from provider.kernel.io.directory import FileKey
    from provider.kernel.io.net.device import SocketDevice
    from provider.kernel.io.node import Node
    from provider.kernel.ob.object import KernelObject

_OUTCOMES: Mapping[Outcome, OutcomeName] = {
    Outcome.SUPERSEDED: "superseded",
    Outcome.OPENED: "opened",
    Outcome.CREATED: "created",
    Outcome.OVERWRITTEN: "overwritten",
}
_STREAM_NAMES = ("\\Device\\Input", "\\Device\\Output", "\\Device\\Error")


class NullDevice(Device):
    r"""`\Device\Null`."""

    __slots__ = ()

    def open(self, request: OpenRequest, rest: str) -> tuple[FileObject, Outcome]:
        if rest:
            raise KernelError(Reason.OBJECT_PATH_NOT_FOUND)
        access = check_device(request.opener, self.get_security(), request.access)
        return NullFile(access, request.share, request.options), Outcome.OPENED


class IoManager:
    """Everything that a guest can open."""

    def __init__(
        self,
        namespace: Namespace,
        clock: Callable[[], int],
        mappings: Mappings | None = None,
        sockets: SocketDevice | None = None,
        events: EventStream | None = None,
    ) -> None:
        """`clock` gives the virtual time in 100 ns since 1601; `mappings` know of mapped files."""
        self._events = events or EventStream()
        self._opens = self._events.channel(FileOpen)
        self._namespace = namespace
        self._mappings = mappings or NoMappings()
        self._index = NameIndex()
        self.layer = Layer()
        """What was changed beneath the copy-on-write mounts."""
        self._records = FileRecords(clock)
        self._watches = Watches()
        self._nodes: WeakValueDictionary[FileKey, Node] = WeakValueDictionary()
        self.volumes: dict[str, Volume] = {}
        """Volumes by drive letter, in the order of their mounting."""
        self.host_input = HostInput()
        self.sockets = sockets
        """Where sockets are opened."""
        self.console: Console | None = None
        """What processes are attached to, once the streams are connected."""
        if sockets is not None:
            namespace.make_permanent("\\Device\\Afd", sockets)
        namespace.make_permanent("\\Device\\Null", NullDevice())
        namespace.make_permanent("\\??\\NUL", SymbolicLink("\\Device\\Null"))
        namespace.make_permanent("\\Device\\MountPointManager", MountManager(self.volumes))
        target = SymbolicLink("\\Device\\MountPointManager")
        namespace.make_permanent("\\??\\MountPointManager", target)
        pool = Pool()
        namespace.make_permanent("\\Device\\NamedPipe", PipeDevice(pool))
        namespace.make_permanent("\\??\\PIPE", SymbolicLink("\\Device\\NamedPipe"))
        namespace.make_permanent("\\Device\\Mailslot", MailslotDevice(pool))
        namespace.make_permanent("\\??\\MAILSLOT", SymbolicLink("\\Device\\Mailslot"))

    def set_default_security(self, security: DefaultSecurity) -> None:
        """Give files, devices and streams descriptors, as far as nobody gives them one."""
        self._records.default_security = security

    def mount(self, mount: Mount) -> None:
        """Let the guest see a directory.  OSError; ValueError if the place is taken."""
        volume = self.volumes.get(mount.drive)
        if volume is None:
            volume = Volume(
                mount.drive,
                self._records,
                self._nodes,
                self._mappings,
                self._watches,
                self._events,
            )
            name = f"\\Device\\HarddiskVolume{len(self.volumes) + 1}"
            self._secure(volume)
            self._namespace.make_permanent(name, volume)
            for link in (f"{mount.drive}:", volume.unique_name):
                self._namespace.make_permanent(f"\\??\\{link}", SymbolicLink(name))
            self.volumes[mount.drive] = volume
        volume.top.attach(mount, self._index, self.layer)

    def connect(
        self, stdin: HostStream, stdout: HostStream, stderr: HostStream
    ) -> tuple[FileObject, FileObject, FileObject]:
        """Files for the standard streams.

        There is a console, too: the terminal among them, or one that nobody sees.
        """
        consoles = [s for s in (stdin, stdout, stderr) if s.kind is StreamKind.CONSOLE]
        source = stdin if stdin in consoles else HostStream()
        output = consoles[-1] if consoles else CallbackOutput(len)
        if stdout in consoles:
            output = stdout
        self.console = Console(source, output, self._events)
        self._add_console(self.console)
        self.host_input.add(self.console.input)
        first, second, third = (
            self._standard_file(stream, number)
            for number, stream in enumerate((stdin, stdout, stderr))
        )
        return first, second, third

    def console_reference(self) -> ConsoleFile | None:
        """A file that stands for the console a process is attached to."""
        if self.console is None:
            return None
        return ConsoleFile(self.console, FILE_ACCESS.read | FILE_ACCESS.write, is_input=True)

    def restore_terminal(self) -> None:
        """Leave the host's terminal as it was found, if it is still there."""
        if self.console is not None:
            with suppress(KernelError):
                self.console.restore()

    def open(self, request: OpenRequest) -> tuple[FileObject, Outcome]:
        """Open or create a file; the caller makes the handle, with `file.access`.

        KernelError of the namespace, of the device, and INVALID_PARAMETER for a wrong combination.
        """
        if not self._opens.listeners:
            return self._open(request)
        try:
            file, outcome = self._open(request)
        except KernelError as error:
            above = "" if request.root is None else f"{request.root.description()}\\"
            self._tell_open(above + request.path, request.access, "refused", error.reason.name)
            raise
        self._tell_open(file.description(), file.access, _OUTCOMES[outcome])
        return file, outcome

    def _tell_open(self, path: str, access: int, outcome: OutcomeName, reason: str = "") -> None:
        stamp = self._events.stamp_running()
        self._opens.emit(FileOpen(*stamp, path, access, outcome, reason))

    def _open(self, request: OpenRequest) -> tuple[FileObject, Outcome]:
        root = request.root
        if request.options & OpenOptions.BY_ID:
            return self._open_by_id(request)
        if isinstance(root, NodeFile):
            directory = root.node.where.directory
            if directory is not None and not request.path.startswith("\\"):
                return root.volume.open_below(directory, request.path, request)
            if not request.path:
                return root.volume.open_existing(root.node.where, request)
            if request.path.startswith("\\"):
                raise KernelError(Reason.INVALID_PARAMETER, "a path of its own below a root")
            raise KernelError(Reason.OBJECT_PATH_NOT_FOUND, "a path below a file")
        if isinstance(root, PipeEnd):
            if request.path:
                raise KernelError(Reason.OBJECT_NAME_INVALID, "a path below a pipe")
            return root.instance.pipe.device.connect_instance(root.instance, request)
        device, rest = self.device(request)
        file, outcome = device.open(request, rest)
        security = device.get_security()
        if security is not None and not isinstance(file, NodeFile) and file.get_security() is None:
            file.set_security(security)
        return file, outcome

    @staticmethod
    def _open_by_id(request: OpenRequest) -> tuple[FileObject, Outcome]:
        """The path is an identifier of 8 or 16 bytes, of a file of the root's volume.

        KernelError INVALID_PARAMETER; OBJECT_NAME_NOT_FOUND for the identifier of an object.
        """
        root, data = request.root, request.path.encode("utf-16-le", "surrogatepass")
        if not isinstance(root, NodeFile | VolumeFile) or len(data) not in (8, 16):
            raise KernelError(Reason.INVALID_PARAMETER, "no identifier of a file")
        if request.disposition in (Disposition.CREATE, Disposition.SUPERSEDE):
            raise KernelError(Reason.INVALID_PARAMETER, "a file is not made by an identifier")
        found = root.volume.find_id(int.from_bytes(data, "little"))
        return root.volume.open_existing(found, request)

    def device(self, request: OpenRequest) -> tuple[Device, str]:
        """The device that a path leads to, and the rest of the path.

        KernelError of the namespace, OBJECT_TYPE_MISMATCH for what is no device.
        """
        root = request.root
        if isinstance(root, PipeRoot | MailslotRoot):
            return root.device, f"\\{request.path}" if request.path else ""
        if isinstance(root, ConsoleFile):
            return ConsoleDevice(root.console, request.path), ""
        if isinstance(root, PipeDeviceFile):
            raise KernelError(Reason.OBJECT_NAME_INVALID, "a path below a device")
        found = self._namespace.lookup(request.path, root, ignore_case=request.ignore_case)
        if not isinstance(found.object, Device):
            raise KernelError(Reason.OBJECT_TYPE_MISMATCH, request.path)
        return found.object, found.rest

    def new_name(self, file: NodeFile, request: OpenRequest) -> Target:
        """What the path of a request names, as the new name of a file.

        A name alone is one in the file's own directory.  KernelError NOT_SAME_DEVICE,
        OBJECT_NAME_INVALID and all that finding the directory raises.
        """
        path, place = request.path, file.node.where.parent
        root = request.root
        if isinstance(root, NodeFile):
            place = root.node.where.directory
            volume = root.volume
        elif root is None and "\\" not in path:
            volume = file.volume
        else:
            found = self._namespace.lookup(path, root, ignore_case=request.ignore_case)
            if not isinstance(found.object, Volume) or not found.rest:
                raise KernelError(Reason.NOT_SAME_DEVICE, path)
            volume, path = found.object, found.rest[1:]
            place = Place.root(volume.top)
        names, trailing = split(path)
        if place is None or trailing:
            raise KernelError(Reason.OBJECT_NAME_INVALID, path)
        if volume is not file.volume:
            raise KernelError(Reason.NOT_SAME_DEVICE, path)
        parent = volume.walk(place, names[:-1], request.opener)
        adding = Access.APPEND_DATA if file.node.is_directory else Access.WRITE_DATA
        check_place(request.opener, self._records, parent, adding)
        return Target(volume, parent, names[-1], request.opener)

    def _secure(self, target: KernelObject) -> None:
        security = self._records.default_security.device
        if security is not None:
            target.set_security(security)

    def _add_console(self, console: Console) -> None:
        for name in ("\\Device\\ConDrv", "\\??\\CON", "\\??\\CONIN$", "\\??\\CONOUT$"):
            target = ConsoleDevice(console, name.rpartition("\\")[2])
            self._secure(target)
            self._namespace.make_permanent(name, target)

    def _standard_file(self, stream: HostStream, number: int) -> FileObject:
        access = FILE_ACCESS.read | FILE_ACCESS.write
        file: FileObject
        if self.console is not None and stream.kind is StreamKind.CONSOLE:
            file = ConsoleFile(self.console, access, is_input=number == 0)
        elif stream.kind is not StreamKind.PIPE:
            file = StreamFile(stream, _STREAM_NAMES[number], access, self._events)
        else:
            file = StreamPipe(stream, _STREAM_NAMES[number], access, self._events)
            self.host_input.add(file)
        self._secure(file)
        return file
