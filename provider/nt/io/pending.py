"""Operations on asynchronous files that go on after their calls have returned STATUS_PENDING."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError
from provider.kernel.ke.watch import Watch
from provider.kernel.mm import AccessViolation
from provider.nt.dispatch import status_of
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.io import FileObject
    from provider.kernel.ke.event import Event
    from provider.kernel.thread import Thread
    from provider.nt.io.operation import Operation


MOST_PENDING = 1 << 12
"""Operations that one file may have under way; NT is bounded by its pool only."""


class Pending:
    """One such operation: tried again whenever an event of the file says that it may go on."""

    def __init__(
        self,
        thread: Thread,
        file: FileObject,
        operation: Operation,
        event: Callable[[], Event],
        attempt: Callable[[], tuple[int, NTSTATUS] | None],
    ) -> None:
        """`attempt` gives information and status, or None while the operation has to wait.

        NtError INSUFFICIENT_RESOURCES.
        """
        if len(file.pending) >= MOST_PENDING:
            raise NtError(NTSTATUS.INSUFFICIENT_RESOURCES)
        self.thread, self.operation = thread, operation
        self._file, self._event, self._attempt = file, event, attempt
        file.reference()
        file.pending.append(self)
        self._watch = Watch(thread, event(), self._try)

    def cancel(self) -> None:
        """End with STATUS_CANCELLED."""
        self._watch.unlink()
        self._end(0, NTSTATUS.CANCELLED)

    def _try(self) -> None:
        try:
            result = self._attempt()
        except (NtError, KernelError, AccessViolation) as error:
            self._end(0, NTSTATUS(status_of(error)))
            return
        if result is None:
            self._watch = Watch(self.thread, self._event(), self._try)
        else:
            self._end(*result)

    def _end(self, information: int, status: NTSTATUS) -> None:
        self._file.pending.remove(self)
        with suppress(AccessViolation, KernelError):  # nobody is left to be told
            self.operation.complete(information, status)
        self._file.dereference()
