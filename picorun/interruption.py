"""Ctrl-C: an event for the guest's handlers first, and the end of the run if it comes twice."""

from __future__ import annotations

import signal
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError
from provider.kernel.mm import AccessViolation
from provider.nt.ps.console import CTRL_C_EVENT, send_control_event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provider.kernel.kernel import Kernel

AT_ONCE = 0.5
"""Seconds in which a second Ctrl-C ends the run, whatever the guest does with the first."""


@contextmanager
def control_c(kernel: Kernel) -> Iterator[None]:
    """Give this process's Ctrl-C to the guest while the block runs; only in the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    last = float("-inf")

    def interrupt(number: int, frame: object) -> None:
        nonlocal last
        before, last = last, time.monotonic()
        if last - before < AT_ONCE or kernel.io.host_input.is_interrupted:
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
