"""The NT personality of pico processes: system calls, exceptions and start-up of 32-bit Windows.

It leans on `provider.kernel` for memory, objects, I/O and scheduling, and must not import the Linux
personality or anything of `picorun`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from provider.syscall import SyscallTable


def syscalls_table() -> SyscallTable:
    """The declared system calls of NT, complete."""
    from provider.nt import calls
    from provider.nt.table import nt

    assert calls is not None
    return nt
