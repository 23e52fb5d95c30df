"""Ctrl-C: an event for the guest's handlers, whose default one ends the program."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError
from provider.kernel.mm import AccessViolation
from provider.nt.ps.console import CTRL_C_EVENT, send_control_event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provider.kernel.kernel import Kernel


@contextmanager
def control_c(kernel: Kernel) -> Iterator[None]:
    """Give this process's Ctrl-C to the guest while the block runs; only in the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(number: int, frame: object) -> None:
        if kernel.io.host_input.is_interrupted:  # nobody has seen to the one before
            raise KeyboardInterrupt
        kernel.io.host_input.interrupt()

    def send() -> None:
        try:
            sent = send_control_event(kernel, CTRL_C_EVENT)
        except (KernelError, AccessViolation):
            sent = False
        if not sent:
            raise KeyboardInterrupt

    kernel.on_interrupt = send
    found = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, found)
