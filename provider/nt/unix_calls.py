"""What only Wine's DLLs call: their debug output, and their Unix sides, of which few are here.

A DLL gets a handle (NtQueryVirtualMemory, class 1000) and calls functions by number.  The handle
here is the DLL's base.  What a DLL insists on when it is loaded is answered; everything else fails
with STATUS_NOT_SUPPORTED, upon which Wine's DLLs do without.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from provider.kernel.thread import Thread
from provider.nt.handles import nt_part
from provider.nt.status import NTSTATUS, NtError
from provider.nt.table import wine
from provider.nt.types import PVOID, ULONG
from provider.nt.userland import GATE_VA

if TYPE_CHECKING:
    from provider.kernel.process import Process
    from provider.nt.process import NtProcess

GIVES_DISPATCHER = ("win32u.dll", 0)
"""The call that stores a dispatcher for the DLL's own system calls."""
NTDLL = "ntdll.dll"
LOADS_LIBRARY = (NTDLL, 0)
"""The call that loads a file which is no PE image as a library of the host."""
TELLS_TIME = (NTDLL, 2)
"""The call that stores the system time, for RtlGetSystemTimePrecise."""
_KNOWN = frozenset({"crypt32.dll", "win32u.dll", "ws2_32.dll"})
_CONTENTED = frozenset({("crypt32.dll", 0)})
NAMES_HOSTS = "ws2_32.dll"
"""The DLL whose calls are about names of hosts."""


_LONGEST = 300
MOST_TEXT_BYTES = 0x10000
_MISSING_DLL = re.compile(r'Library (\S+) \(which is needed by L"(.*)"\) not found')
_LOADER_GAVE_UP = re.compile(r":LdrInitializeThunk |^wine: could not load ")


def unix_handle(process: Process, base: int) -> bytes:
    """The handle of the DLL at `base`, 64 bits.  NtError for a DLL without a Unix side."""
    name = _name_at(process.context, base)
    if name != NTDLL and name not in _KNOWN:
        raise NtError(NTSTATUS.DLL_NOT_FOUND)
    return base.to_bytes(8, "little")


@wine.syscall()
def __wine_unix_call(
    thread: Thread, HandleLow: PVOID, HandleHigh: PVOID, Code: ULONG, Arguments: PVOID
) -> int:
    """Call function `Code` of a DLL's Unix side."""
    request = _name_at(thread.process.context, HandleLow), Code
    if request == GIVES_DISPATCHER:
        thread.process.space.write(Arguments, GATE_VA.to_bytes(4, "little"))
        return NTSTATUS.SUCCESS
    if request == TELLS_TIME:
        now = thread.process.kernel.clock.system_time()
        thread.process.space.write(Arguments, now.to_bytes(8, "little"))
        return NTSTATUS.SUCCESS
    if request[0] == NAMES_HOSTS:
        from provider.nt import unix_names  # few programs have sockets

        found = unix_names.call(thread, Code, Arguments)
        return NTSTATUS.NOT_SUPPORTED if found is None else found
    if request == LOADS_LIBRARY:
        return NTSTATUS.INVALID_IMAGE_NOT_MZ
    return NTSTATUS.SUCCESS if request in _CONTENTED else NTSTATUS.NOT_SUPPORTED


def _name_at(context: NtProcess, base: int) -> str:
    return next((module.name for module in context.modules if module.base == base), "")


@wine.syscall()
def __wine_dbg_write(thread: Thread, Text: PVOID, Length: ULONG) -> int:
    """Take a line of a DLL's debug channels; what keeps the program from starting is remembered."""
    if Length > MOST_TEXT_BYTES:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    text = thread.process.space.read(Text, Length).decode("utf-8", "replace").strip()
    context = nt_part(thread.process)
    if found := _MISSING_DLL.search(text):
        context.loader_complaint = _printable(f"{found[1]} is missing (needed by {found[2]})")
    elif _LOADER_GAVE_UP.search(text) and not thread.process.parent_id:
        context.provider.load_failure = context.loader_complaint or _printable(text)
    return Length


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


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text[:_LONGEST])
