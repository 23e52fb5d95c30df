"""What user32 and gdi32 ask of the kernel while they attach to a process."""

from __future__ import annotations

from provider.kernel.thread import Thread
from provider.nt.table import win32k
from provider.nt.types import PVOID, ULONG


@win32k.syscall(partial="The routines are never called: there are no windows.")
def NtUserInitializeClientPfnArrays(
    thread: Thread, ClientProcsA: PVOID, ClientProcsW: PVOID, Workers: PVOID, Module: PVOID
) -> None:
    """Take note of user32's window procedures."""


@win32k.syscall(partial="The notes about threads alone, of which nothing follows.")
def NtUserCallNoParam(thread: Thread, Code: ULONG) -> int:
    """Make one of user32's calls without parameters, which Wine's numbers tell apart."""
    return 0


@win32k.syscall(partial="0 stands for the default of 96.")
def NtUserGetSystemDpiForProcess(thread: Thread, Process: PVOID) -> int:
    """Dots per inch that a process believes the display to have."""
    return 0
