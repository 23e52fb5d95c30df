"""What only Wine's ntdll calls: the Unix sides of DLLs, names and programs of the host."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from provider.kernel.thread import Thread
from provider.nt.handles import nt_part
from provider.nt.status import NTSTATUS, NtError
from provider.nt.table import wine
from provider.nt.types import PVOID, ULONG
from provider.nt.unix.debug_output import write_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from provider.kernel.process import Process
    from provider.nt.process import NtProcess

    UnixFunction = Callable[[Thread, int], int | None]

_MODULES = {
    "bcrypt.dll": "provider.nt.unix.bcrypt",
    "crypt32.dll": "provider.nt.unix.crypt32",
    "ntdll.dll": "provider.nt.unix.ntdll",
    "opengl32.dll": "provider.nt.unix.opengl32",
    "win32u.dll": "provider.nt.unix.win32u",
    "ws2_32.dll": "provider.nt.unix.ws2_32",
}
"""Where the functions are; those of other DLLs, and those that are not there, are refused."""


def unix_handle(process: Process, base: int) -> bytes:
    """The handle of the DLL at `base`, 64 bits.  NtError for a DLL without a Unix side."""
    context = nt_part(process)
    if _name_at(context, base) not in context.userland.unix_functions:
        raise NtError(NTSTATUS.DLL_NOT_FOUND)
    return base.to_bytes(8, "little")


@wine.syscall(partial="Functions that would ask the host for its configuration are refused.")
def __wine_unix_call(
    thread: Thread, HandleLow: PVOID, HandleHigh: PVOID, Code: ULONG, Arguments: PVOID
) -> int | None:
    """Call function `Code` of a DLL's Unix side."""
    context = nt_part(thread.process)
    library = _name_at(context, HandleLow)
    names = context.userland.unix_functions.get(library, ())
    if Code >= len(names) or library not in _MODULES:
        raise NtError(NTSTATUS.NOT_SUPPORTED)
    functions: Mapping[str, UnixFunction] = import_module(_MODULES[library]).FUNCTIONS
    function = functions.get(names[Code])
    if function is None:
        raise NtError(NTSTATUS.NOT_SUPPORTED)
    return function(thread, Arguments)


def _name_at(context: NtProcess, base: int) -> str:
    return next((module.name for module in context.modules if module.base == base), "")


@wine.syscall()
def __wine_dbg_write(thread: Thread, Text: PVOID, Length: ULONG) -> int:
    """Take a line of a DLL's debug channels."""
    return write_line(thread, Text, Length)


@wine.syscall(partial="Refused: files have no Unix names.")
def wine_nt_to_unix_file_name(
    thread: Thread, Attributes: PVOID, Name: PVOID, Size: PVOID, Disposition: ULONG
) -> None:
    """Tell the host's name of a file, which guests do not learn."""
    raise NtError(NTSTATUS.NOT_SUPPORTED)


@wine.syscall(partial="Refused: files have no Unix names.")
def wine_unix_to_nt_file_name(thread: Thread, Name: PVOID, Buffer: PVOID, Size: PVOID) -> None:
    """Tell the guest's name of a file of the host."""
    raise NtError(NTSTATUS.NOT_SUPPORTED)


@wine.syscall(partial="Refused.")
def __wine_unix_spawnvp(thread: Thread, Arguments: PVOID, Wait: ULONG) -> None:
    """Start a program of the host, which no guest may."""
    raise NtError(NTSTATUS.ACCESS_DENIED)
