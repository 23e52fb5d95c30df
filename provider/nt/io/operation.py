"""What all I/O calls share: finding the file, and telling how the operation ended."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, TypeVar

from provider.kernel.events import FileTransfer
from provider.kernel.io.completion import Packet
from provider.kernel.io.counters import Transfer
from provider.kernel.io.file import FileObject
from provider.kernel.ke.alert import queue_user_apc
from provider.kernel.ke.event import Event
from provider.nt.handles import reference
from provider.nt.process import UserApc
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from provider.kernel.events import TransferKind
    from provider.kernel.thread import Thread
    from provider.nt.structs.io import IO_STATUS_BLOCK
    from provider.syscall import Out

T = TypeVar("T", bound=FileObject)

EVENT_MODIFY_STATE = 2
NT_ERROR = 0xC0000000
"""The first status of an error; one that the call itself returns is told to no APC."""
SKIP_PORT_ON_SUCCESS, SKIP_HANDLE, SKIP_EVENT_ON_FAST_IO = 1, 2, 4
"""FILE_SKIP_COMPLETION_PORT_ON_SUCCESS, …_SET_EVENT_ON_HANDLE, …_SET_USER_EVENT_ON_FAST_IO."""
_STATUS_BLOCK = struct.Struct("<2I")


class Operation:
    """An operation on a file, with everything that is told when it is over.

    As in NT an operation that fails at once tells nothing but the call's status: the I/O status
    block, the event and the APC are for those that succeed or warn.
    """

    __slots__ = ("_apc", "_apc_context", "_event", "_file", "_io", "_kind", "_thread", "transfer")

    def __init__(
        self,
        thread: Thread,
        io: Out[IO_STATUS_BLOCK] | None,
        event: int = 0,
        apc: int = 0,
        apc_context: int = 0,
        file: FileObject | None = None,
        kind: Transfer | None = Transfer.OTHER,
    ) -> None:
        """Resets the event and the file; `kind`: what counts it; None for what is no I/O.

        NtError and KernelError for a bad event.

        NtError INVALID_PARAMETER for an APC where a completion port is told.
        """
        self._thread, self._io, self._file = thread, io, file
        self._apc, self._apc_context = apc, apc_context
        self.transfer: tuple[TransferKind, int] | None = None
        """That the operation moves bytes, and from which offset on, for events."""
        if apc and file is not None and file.completion is not None:
            raise NtError(NTSTATUS.INVALID_PARAMETER)
        self._event = reference(thread, event, Event, EVENT_MODIFY_STATE) if event else None
        if self._event is not None:
            self._event.reset()
        if file is not None:
            file.signaled = False
        self._kind = kind
        if kind is not None:
            thread.process.io_counters.begin(kind)

    @property
    def io_va(self) -> int:
        """Where the I/O status block is: what tells operations apart for who cancels one."""
        return self._io.address if self._io is not None else 0

    @property
    def is_told_to_port_only(self) -> bool:
        """Whether nothing but a completion port hears of the end, so that any thread may end."""
        file = self._file
        tells_port = file is not None and file.completion is not None and bool(self._apc_context)
        return tells_port and self._event is None and not self._apc

    def complete(self, information: int, status: int = NTSTATUS.SUCCESS) -> int:
        """The operation has ended after its call; returns `status`."""
        self._tell(information, status)
        file = self._file
        if file is not None and file.completion is not None:
            self._post(file, information, status)
        return status

    def end_call(self, information: int, status: int = NTSTATUS.SUCCESS) -> int:
        """The operation has ended before its call returns; returns the call's status."""
        file = self._file
        if file is None or file.completion is None:
            self._tell(information, status)
        elif file.always_pends or not file.notification & SKIP_PORT_ON_SUCCESS:
            self.complete(information, status)
        else:
            self._tell(information, status)
        if file is not None and file.always_pends and not file.is_synchronous:
            return NTSTATUS.PENDING
        return status

    def _tell(self, information: int, status: int) -> None:
        """An event takes the place of the file's signal where calls do not wait for the file."""
        if self.transfer is not None and status < NT_ERROR:
            self._tell_transfer(*self.transfer, information)
        if self._io is not None:
            self._io.put(_STATUS_BLOCK.pack(status, information))
        file, event = self._file, self._event
        if file is not None and self._kind is not None:
            self._thread.process.io_counters.move(self._kind, information)
        if event is not None:
            event.set()
        if (
            file is not None
            and (event is None or file.is_synchronous)
            and not file.notification & SKIP_HANDLE
        ):
            file.set_signal()
        refused = status >= NT_ERROR and file is not None and file.is_synchronous
        if self._apc and not refused and not self._thread.is_terminated:
            apc = UserApc(self._apc, self._apc_context, self.io_va, 0)
            queue_user_apc(self._thread, apc)

    def _tell_transfer(self, kind: TransferKind, offset: int, size: int) -> None:
        events = self._thread.process.kernel.events
        transfers = events.channel(FileTransfer)
        if transfers.listeners and self._file is not None:
            stamp = events.stamp(self._thread.process.id, self._thread.id)
            path = self._file.description()
            transfers.emit(FileTransfer(*stamp, kind, path, offset, size))

    def _post(self, file: FileObject, information: int, status: int) -> None:
        port = file.completion
        if port is not None and self._apc_context and not self._apc:
            port.port.post(Packet(port.key, self._apc_context, status, information))

    def answer(self, buffer: int, length: int, data: bytes, *, minimum: int = -1) -> int:
        """Store `data` in the guest's buffer and complete.

        What does not fit is left out with BUFFER_OVERFLOW, but `minimum` bytes (default: all) have
        to.  NtError INFO_LENGTH_MISMATCH.
        """
        if length < (len(data) if minimum < 0 else minimum):
            raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
        self._thread.process.space.write(buffer, data[:length])
        self._thread.process.io_counters.move(Transfer.OTHER, min(length, len(data)))
        overflow = length < len(data)
        status = NTSTATUS.BUFFER_OVERFLOW if overflow else NTSTATUS.SUCCESS
        return self.complete(min(length, len(data)), status)


def file_of(thread: Thread, handle: int, kind: type[T], access: int = 0) -> T:
    """The file of a kind behind a handle.

    KernelError of the handle table; NtError INVALID_DEVICE_REQUEST for a file of another kind.
    """
    file = reference(thread, handle, FileObject, access)
    if not isinstance(file, kind):
        raise NtError(NTSTATUS.INVALID_DEVICE_REQUEST)
    return file


def lock_key(thread: Thread, key: int | None) -> int:
    """What tells the locks of one handle apart: the process and the caller's own key."""
    return thread.process.id << 32 | (key or 0)
