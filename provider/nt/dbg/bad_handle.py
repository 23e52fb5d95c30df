"""Exceptions in place of statuses: what a debuggee gets for closing a handle that it cannot close.

The thread goes to KiRaiseUserExceptionDispatcher, which raises the code in the TEB and returns to
where the system call would have returned (NtClose, WDK; KeRaiseUserException).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.mm import AccessViolation
from provider.nt.process import NtProcess
from provider.nt.structs.process import TEB

if TYPE_CHECKING:
    from provider.kernel.thread import Thread
    from provider.nt.process import NtThread


def raise_for_debugger(thread: Thread, status: int) -> None:
    """Let the running thread, if it is debugged, raise `status` when its call returns."""
    part = thread.process.context
    if not isinstance(part, NtProcess) or part.debug_object is None:
        return
    entry = part.entries.raise_dispatcher
    if not entry:
        return
    own: NtThread = thread.context
    space, registers = thread.process.space, thread.registers
    esp = registers.esp - 4
    try:
        space.write(own.teb_va + TEB.ExceptionCode.offset, status.to_bytes(4, "little"))
        space.write(esp, registers.eip.to_bytes(4, "little"))
    except AccessViolation:
        return  # a thread without a stack or a TEB has the status alone
    registers.esp, registers.eip = esp, entry
