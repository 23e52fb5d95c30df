"""I/O request packets: what a device is asked for, and can finish now or later.

A device that cannot finish a request keeps it (`pend`) and completes or fails it when something
else happens.  Until then it can be cancelled, by whoever asked or because the thread ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError, Reason

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.io.file import FileObject
    from provider.kernel.ke.timer import Timer, TimerQueue
    from provider.kernel.thread import Thread

MOST_PENDING = 1 << 12
"""Requests that one file may have under way; NT is bounded by its pool only."""


class Irp:
    """One request; once `is_done`, what it came to: a reason to fail, or data and their count."""

    __slots__ = (
        "_observer",
        "_timer",
        "_withdraw",
        "data",
        "file",
        "information",
        "is_done",
        "is_synchronous",
        "reason",
        "tag",
        "thread",
        "truncated",
        "warning",
    )

    def __init__(self) -> None:
        self.is_done = False
        self.reason: Reason | None = None
        self.information = 0
        self.data = b""
        self.truncated = False
        """A part of the message stays behind."""
        self.warning: Reason | None = None
        """What makes the end less than a plain success."""
        self.tag = 0
        """By what its owner tells the request from others."""
        self.is_synchronous = False
        """Its thread waits for it."""
        self.thread: Thread | None = None
        self.file: FileObject | None = None
        self._withdraw: Callable[[Irp], None] | None = None
        self._timer: Timer | None = None
        self._observer: Callable[[Irp], None] | None = None

    def complete(
        self,
        information: int = 0,
        data: bytes = b"",
        *,
        truncated: bool = False,
        warning: Reason | None = None,
    ) -> None:
        """The device has done what was asked for."""
        self.information, self.data, self.truncated = information, data, truncated
        self.warning = warning
        self._finish()

    def fail(self, reason: Reason) -> None:
        """The device cannot do it."""
        self.reason = reason
        self._finish()

    def pend(self, withdraw: Callable[[Irp], None]) -> None:
        """The device keeps the request; `withdraw` is called if it is to be forgotten."""
        self._withdraw = withdraw

    def watch(
        self,
        thread: Thread,
        file: FileObject,
        observer: Callable[[Irp], None],
        *,
        tag: int = 0,
        is_synchronous: bool = False,
        outlives_thread: bool = False,
    ) -> None:
        """Note a request that goes on, as the thread's and the file's; tell `observer` its end.

        One that outlives the thread is not cancelled when the thread ends.

        KernelError INSUFFICIENT_RESOURCES, and then the request is cancelled.
        """
        if len(file.pending) >= MOST_PENDING:
            self.cancel()
            raise KernelError(Reason.INSUFFICIENT_RESOURCES, "requests under way")
        self.thread, self.file, self.tag = thread, file, tag
        self.is_synchronous, self._observer = is_synchronous, observer
        file.reference()
        file.pending[self] = None
        if not outlives_thread:
            thread.irps[self] = None

    def follow(self, observer: Callable[[Irp], None]) -> None:
        """Tell `observer` the end of a request that is nobody's, now if it has ended."""
        if self.is_done:
            observer(self)
        else:
            self._observer = observer

    def limit(self, timers: TimerQueue, due: int) -> None:
        """Let a request that goes on fail with IO_TIMEOUT at interrupt time `due`."""
        self._timer = timers.set(due, lambda: self.cancel(Reason.IO_TIMEOUT))

    def cancel(self, reason: Reason = Reason.CANCELLED) -> None:
        """Take the request back from the device; it fails."""
        if not self.is_done:
            if self._withdraw is not None:
                self._withdraw(self)
            self.fail(reason)

    def _finish(self) -> None:
        self.is_done = True
        self._withdraw = None
        if self._timer is not None:
            self._timer.cancel()
        thread, file, observer = self.thread, self.file, self._observer
        if observer is not None and thread is None:
            self._observer = None
            observer(self)
        if thread is None or file is None or observer is None:
            return
        self.thread = self.file = self._observer = None
        thread.irps.pop(self, None)
        file.pending.pop(self, None)
        observer(self)
        file.dereference()


def cancel_all(irps: dict[Irp, None]) -> None:
    """Cancel requests that are under way."""
    for irp in tuple(irps):
        irp.cancel()
