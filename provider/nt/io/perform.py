"""How a call sees a request through: at once, by waiting, or by telling its end later."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, TypeAlias

from provider.kernel.errors import KernelError
from provider.kernel.io.irp import Irp
from provider.kernel.ke.event import Event
from provider.kernel.ke.wait import WaitEnd, wait_for
from provider.kernel.mm import AccessViolation
from provider.nt.dispatch import status_of
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.io import FileObject
    from provider.kernel.thread import Thread
    from provider.nt.io.operation import Operation

Buffer: TypeAlias = "int | Callable[[Irp], None]"
"""Where what was read goes: an address, or who stores it."""
NT_WARNING = 0x80000000
"""The first status that is no success."""


async def perform(
    thread: Thread,
    file: FileObject,
    operation: Operation,
    start: Callable[[Irp], None],
    buffer: Buffer = 0,
    *,
    waits: bool | None = None,
    pends: bool = False,
) -> int:
    """Start a request; what it reads goes to `buffer`.

    The call waits, or returns PENDING, as `waits` says; None: as the file is synchronous.  One that
    `pends` returns PENDING even if the request has ended already.  KernelError of the request.
    """
    irp = Irp()
    start(irp)
    if not (file.is_synchronous if waits is None else waits) and (pends or not irp.is_done):
        _tell_later(thread, file, operation, irp, buffer)
        return NTSTATUS.PENDING
    if not irp.is_done:
        await _wait(thread, file, operation, irp)
    if irp.reason is not None:
        status = NTSTATUS[irp.reason.name]
        if status >= NT_WARNING:
            raise KernelError(irp.reason)
        return operation.end_call(0, status)
    return operation.end_call(irp.information, _store(thread, irp, buffer))


def _store(thread: Thread, irp: Irp, buffer: Buffer) -> NTSTATUS:
    """Store what was read; the status of a request that has succeeded.  AccessViolation."""
    if callable(buffer):
        buffer(irp)
    elif irp.data:
        thread.process.space.write(buffer, irp.data)
    if irp.warning is not None:
        return NTSTATUS[irp.warning.name]
    return NTSTATUS.BUFFER_OVERFLOW if irp.truncated else NTSTATUS.SUCCESS


def _tell_later(
    thread: Thread, file: FileObject, operation: Operation, irp: Irp, buffer: Buffer
) -> None:
    def tell(irp: Irp) -> None:
        with suppress(AccessViolation, KernelError):  # nobody is left to be told
            if irp.reason is not None:
                operation.complete(0, NTSTATUS[irp.reason.name])
                return
            try:
                status = _store(thread, irp, buffer)
            except (AccessViolation, NtError, KernelError) as error:
                operation.complete(0, status_of(error))
            else:
                operation.complete(irp.information, status)

    if irp.is_done:
        tell(irp)
        return
    irp.watch(
        thread, file, tell, tag=operation.io_va, outlives_thread=operation.is_told_to_port_only
    )


async def _wait(thread: Thread, file: FileObject, operation: Operation, irp: Irp) -> None:
    """Wait for the end; an alert or a user APC ends an alertable wait and cancels the request."""
    done = Event(is_notification=True)

    def wake(irp: Irp) -> None:
        done.set()

    irp.watch(thread, file, wake, tag=operation.io_va, is_synchronous=True)
    alertable = file.is_synchronous and file.is_alertable
    try:
        outcome = await wait_for(
            thread, (done,), alertable=alertable, reason=f"an operation on {file.description()}"
        )
    finally:
        irp.cancel()
    if outcome.end is WaitEnd.USER_APC:
        thread.wait_state.apc_due = True
    if irp.reason is not None:
        file.set_signal()
