"""Handles as NT's calls take them: those of the process's table, and the two pseudo handles."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from provider.kernel.io.file import FileObject
from provider.kernel.ob.object import KernelObject
from provider.kernel.process import Process
from provider.kernel.thread import Thread
from provider.nt.process import NtProcess
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from provider.nt.userland import Userland

T = TypeVar("T", bound=KernelObject)
F = TypeVar("F", bound=FileObject)

CURRENT_PROCESS = 0xFFFFFFFF
CURRENT_THREAD = 0xFFFFFFFE


def reference(thread: Thread, handle: int, kind: type[T], access: int = 0) -> T:
    """The object of type `kind` behind a handle that grants `access`.

    NtError INVALID_HANDLE, OBJECT_TYPE_MISMATCH; KernelError ACCESS_DENIED.
    """
    if handle >= CURRENT_THREAD:
        target: KernelObject = thread.process if handle == CURRENT_PROCESS else thread
        if not isinstance(target, kind):
            raise NtError(NTSTATUS.OBJECT_TYPE_MISMATCH)
        return target
    return thread.process.handles.reference(handle, kind, access)


def reference_file(thread: Thread, handle: int, kind: type[F], access: int) -> F:
    """The file behind a handle that grants `access`, as far as the userland asks for it.

    NtError and KernelError as `reference`.
    """
    userland = userland_of(thread.process)
    waived = userland.waived_file_access if userland is not None else 0
    return reference(thread, handle, kind, access & ~waived)


def userland_of(process: Process) -> Userland | None:
    """The userland that a process runs on; None for one of another personality."""
    return process.context.userland if isinstance(process.context, NtProcess) else None


def live_process(thread: Thread, handle: int, access: int = 0) -> Process:
    """A process that has not ended.  NtError as `reference`, PROCESS_IS_TERMINATING."""
    process = reference(thread, handle, Process, access)
    if process.exit_status is not None:
        raise NtError(NTSTATUS.PROCESS_IS_TERMINATING)
    return process


def mapped_process(thread: Thread, handle: int, access: int = 0) -> Process:
    """A process whose memory is there, if only for a debugger that sees its end.

    NtError as `reference`, PROCESS_IS_TERMINATING.
    """
    process = reference(thread, handle, Process, access)
    if process.is_gone:
        raise NtError(NTSTATUS.PROCESS_IS_TERMINATING)
    return process


def live_thread(thread: Thread, handle: int, access: int) -> Thread:
    """A thread that has not ended.  NtError as `reference`, THREAD_IS_TERMINATING."""
    target = reference(thread, handle, Thread, access)
    if target.is_terminated:
        raise NtError(NTSTATUS.THREAD_IS_TERMINATING)
    return target


def nt_part(process: Process) -> NtProcess:
    """NT's data about a process.  NtError NOT_SUPPORTED for one of another personality."""
    if not isinstance(process.context, NtProcess):
        raise NtError(NTSTATUS.NOT_SUPPORTED)
    return process.context
