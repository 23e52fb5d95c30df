"""Calls on processes."""

from __future__ import annotations

from provider.kernel.process import Process
from provider.kernel.thread import Thread
from provider.nt.access import PROCESS_TERMINATE
from provider.nt.exception import note_own_end
from provider.nt.handles import nt_part, reference
from provider.nt.status import NTSTATUS, NtError
from provider.nt.table import nt
from provider.nt.types import EXIT_STATUS, HANDLE


@nt.syscall()
def NtTerminateProcess(thread: Thread, ProcessHandle: HANDLE, ExitStatus: EXIT_STATUS) -> None:
    """End a process; with handle 0, every other thread of the caller's."""
    status = ExitStatus & 0xFFFFFFFF
    process = thread.process
    part = nt_part(process)
    routines = part.provider.routines
    if not ProcessHandle:
        part.is_ending = True
        for other in [other for other in process.threads if other is not thread]:
            routines.terminate_thread(other, status)
        return
    target = reference(thread, ProcessHandle, Process, PROCESS_TERMINATE)
    if target.is_minimal:
        raise NtError(NTSTATUS.ACCESS_DENIED)
    if target.exit_status is not None:
        raise NtError(NTSTATUS.PROCESS_IS_TERMINATING)
    if target is process and not part.is_ending:
        note_own_end(part.provider, thread, status)
    routines.terminate_process(target, status)
