"""The Unix side of ntdll."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.nt.status import NTSTATUS, NtError
from provider.nt.unix.debug_output import write_line

if TYPE_CHECKING:
    from provider.kernel.thread import Thread

_TEXT = struct.Struct("<2I")
"""The line's address and its bytes (wine_dbg_write_params)."""


def load_so_dll(thread: Thread, arguments: int) -> None:
    """Load a file that is no PE image as a library of the host, which no guest may."""
    raise NtError(NTSTATUS.INVALID_IMAGE_NOT_MZ)


def system_time_precise(thread: Thread, arguments: int) -> None:
    """Store the system time, for RtlGetSystemTimePrecise."""
    now = thread.process.kernel.clock.system_time()
    thread.process.space.write(arguments, now.to_bytes(8, "little"))


def wine_dbg_write(thread: Thread, arguments: int) -> int:
    """Take a line of a DLL's debug channels."""
    return write_line(thread, *_TEXT.unpack(thread.process.space.read(arguments, _TEXT.size)))


FUNCTIONS = {
    function.__name__: function for function in (load_so_dll, system_time_precise, wine_dbg_write)
}
