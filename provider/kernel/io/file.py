"""File objects: what a file handle refers to, whatever is behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from emu.int_enum import IntEnum
from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.request import (
    APPEND,
    CHANGING,
    FILE_ACCESS,
    MODE_OPTIONS,
    SYNCHRONOUS,
    OpenOptions,
    OpenRequest,
    Outcome,
)
from provider.kernel.ke.wait import signal
from provider.kernel.ke.waitable import Waitable
from provider.kernel.ob.access import MAXIMUM_ALLOWED
from provider.kernel.ob.object import KernelObject

if TYPE_CHECKING:
    from provider.kernel.io.completion import Association
    from provider.kernel.io.irp import Irp
    from provider.kernel.io.record import FileStatus
    from provider.kernel.mm import Backing
    from provider.kernel.thread import Thread

CHUNK = 1 << 20
"""The most bytes of one read: what a transfer may take of the host's memory."""


NORMAL_PRIORITY = 2
"""IoPriorityNormal; 0 and 1 are lower."""


class DeviceType(IntEnum):
    """What kind of device is behind a file (FILE_DEVICE_… of wdm.h)."""

    DISK = 0x07
    MAILSLOT = 0x0C
    NAMED_PIPE = 0x11
    NULL = 0x15
    CONSOLE = 0x50
    MOUNT_MANAGER = 0x6D


class FileObject(Waitable):
    """An open file, directory, pipe, console or device.

    An asynchronous file is signalled unless its last operation is under way or has an event to tell
    its end to ("Synchronous and Asynchronous I/O", Windows documentation).  Offsets: None is the
    file's position, `APPEND` its end.  Every operation that a kind of file does not have is refused
    with INVALID_DEVICE_REQUEST.
    """

    __slots__ = (
        "access",
        "closed",
        "completion",
        "is_synchronous",
        "mode",
        "notification",
        "pending",
        "position",
        "priority",
        "share",
        "signaled",
    )

    type_name = "File"
    parses = True
    keeps_security = True
    generic = FILE_ACCESS
    device_type = DeviceType.DISK
    writable = True
    """Whether rights that change the file can be had."""
    is_socket = False
    queues_requests = False
    """Whether transfers go by `start_read`, `start_write` and `start_flush`."""
    always_pends = False
    """Whether calls that move bytes of an asynchronous file return before their end is told."""

    def __init__(self, access: int, share: int = 7, options: int = SYNCHRONOUS) -> None:
        super().__init__()
        self.access, self.share = access, share
        self.mode = options & MODE_OPTIONS
        self.is_synchronous = bool(options & SYNCHRONOUS)
        """Whether the file keeps a position and calls wait for their end."""
        self.signaled = True
        self.position = 0
        self.priority = NORMAL_PRIORITY
        """How urgent operations are, a hint that nothing here takes."""
        self.closed = False
        self.completion: Association | None = None
        """The completion port that operations tell their end."""
        self.notification = 0
        """What the end of an operation is not told: bits of the provider's."""
        self.pending: dict[Irp, None] = {}
        """Requests under way, in the order of their coming."""

    @property
    def is_alertable(self) -> bool:
        """Whether alerts and APCs end the waits of a synchronous file."""
        return bool(self.mode & OpenOptions.SYNCHRONOUS_ALERT)

    def is_signaled(self, thread: Thread) -> bool:
        return self.signaled

    def set_signal(self) -> None:
        """An operation has ended: whoever waits for the file goes on."""
        self.signaled = True
        if self.waiters:
            signal(self)

    def grant(self, access: int) -> int:
        return granted_access(access, self.writable)

    def on_last_handle(self) -> None:
        self.close()

    def on_delete(self) -> None:
        self.close()

    def close(self) -> None:
        """Give up what the file holds on to; done once, when the last handle goes."""
        if not self.closed:
            self.closed = True
            if self.completion is not None:
                self.completion.port.dereference()
            self.on_close()

    def on_close(self) -> None:
        """The file is used no more."""

    def read(self, size: int, offset: int | None = None, *, key: int = 0) -> bytes:
        """At least one and at most `size` and `CHUNK` bytes.

        KernelError END_OF_FILE, PIPE_BROKEN, FILE_LOCK_CONFLICT and others.
        """
        self.refuse()

    def write(self, data: bytes, offset: int | None = None, *, key: int = 0) -> int:
        """Write `data`; returns how much of it found room, which is all where nobody waits.

        KernelError.
        """
        self.refuse()

    def start_read(self, irp: Irp, size: int) -> None:
        """Begin to read up to `size` bytes.  KernelError."""
        self.refuse()

    def start_write(self, irp: Irp, data: bytes) -> None:
        """Begin to write.  KernelError."""
        self.refuse()

    def start_flush(self, irp: Irp) -> None:
        """Begin to wait until what was written has arrived.  KernelError."""
        self.refuse()

    def flush(self) -> None:
        """See to it that what was written is where it belongs.  KernelError."""

    def status(self) -> FileStatus:
        """Size, times and attributes.  KernelError."""
        self.refuse()

    def volume_path(self) -> str:
        r"""The path below the volume: `\work\x`.  KernelError."""
        self.refuse()

    def backing(self) -> Backing:
        """The file for a section.  KernelError INVALID_FILE_FOR_SECTION."""
        raise KernelError(Reason.INVALID_FILE_FOR_SECTION)

    def refuse(self) -> NoReturn:
        """Raise INVALID_DEVICE_REQUEST."""
        raise KernelError(Reason.INVALID_DEVICE_REQUEST)

    def description(self) -> str:
        """The file in a report; unlike its name, there always is one."""
        try:
            return self.full_name()
        except KernelError:
            return "a file without a name"

    def place_of(self, offset: int | None, end: int) -> int:
        """The byte that a transfer begins at, `end` being the size.  KernelError."""
        if offset is None:
            if not self.is_synchronous:
                raise KernelError(Reason.INVALID_PARAMETER, "no offset for an asynchronous file")
            return self.position
        if offset == APPEND:
            return end
        if offset < 0:
            raise KernelError(Reason.INVALID_PARAMETER, "a negative offset")
        return offset


class Device(KernelObject):
    """A name in the namespace that opens files; it reads the rest of a path itself."""

    __slots__ = ()

    type_name = "Device"
    parses = True
    generic = FILE_ACCESS

    def open(self, request: OpenRequest, rest: str) -> tuple[FileObject, Outcome]:
        """Open what `rest` (empty, or beginning with a backslash) means here.  KernelError."""
        raise KernelError(Reason.INVALID_DEVICE_REQUEST)


def granted_access(access: int, writable: bool) -> int:
    """The rights for a handle.  KernelError ACCESS_DENIED for what a read-only file lacks."""
    if not access:
        raise KernelError(Reason.ACCESS_DENIED, "no rights asked for")
    granted = FILE_ACCESS.map(access & ~MAXIMUM_ALLOWED)
    if access & MAXIMUM_ALLOWED:
        granted |= FILE_ACCESS.all if writable else FILE_ACCESS.all & ~CHANGING
    if not writable and granted & CHANGING:
        raise KernelError(Reason.ACCESS_DENIED, "the mount is read-only")
    return granted
