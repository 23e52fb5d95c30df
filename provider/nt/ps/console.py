"""The console that processes are attached to, and the control events that it sends them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.nt.process import NtProcess
from provider.nt.user_thread import create_thread

if TYPE_CHECKING:
    from provider.kernel.kernel import Kernel
    from provider.kernel.process import Process

CTRL_C_EVENT, CTRL_BREAK_EVENT = 0, 1


def send_control_event(kernel: Kernel, event: int, group: int = 0) -> bool:
    """Start the handler routine in all processes, or in one; whether there is one to start it in.

    As in Windows each process runs its handlers in a new thread.  KernelError, AccessViolation.
    """
    reached = [
        process
        for process in kernel.processes.values()
        if isinstance(process.context, NtProcess)
        and process.context.entries.control_routine
        and group in (0, process.id)
    ]
    for process in reached:
        _start(process, event)
    return bool(reached)


def _start(process: Process, event: int) -> None:
    context: NtProcess = process.context
    image, provider = context.image, context.provider
    thread = create_thread(
        provider,
        process,
        context.entries.control_routine,
        event,
        reserve=image.stack_reserve,
        commit=image.stack_commit,
    )
    provider.routines.resume_thread(thread)
