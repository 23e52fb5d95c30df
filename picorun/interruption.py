"""Signals while a guest runs: Ctrl-C is an event for its handlers, others end the run."""

from __future__ import annotations

import signal
import sys
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError
from provider.kernel.mm import AccessViolation
from provider.nt.ps.console import CTRL_C_EVENT, send_control_event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from emu.cpu import Cpu
    from provider.kernel.kernel import Kernel

_ENDING = (signal.SIGALRM, signal.SIGHUP, signal.SIGPIPE, signal.SIGTERM)


@contextmanager
def control_c(kernel: Kernel) -> Iterator[None]:
    """Give this process's Ctrl-C to the guest while the block runs; only in the main thread."""
    if not _is_main_thread():
        yield
        return

    def interrupt(number: int, frame: object) -> None:
        if kernel.io.host_input.is_interrupted:  # nobody has seen to the one before
            failure = KeyboardInterrupt()
            kernel.cpu.abort(failure)
            raise failure
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


@contextmanager
def ended_by_signals(cpu: Cpu) -> Iterator[None]:
    """Let what the handlers of signals raise end the run, wherever it comes up."""
    if not _is_main_thread():
        yield
        return
    found = {number: signal.getsignal(number) for number in _ENDING}
    ours = {
        number: _aborting(cpu, handler) for number, handler in found.items() if callable(handler)
    }
    for number, handler in ours.items():
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number, handler in ours.items():
            if signal.getsignal(number) is handler:
                signal.signal(number, found[number])


def _is_main_thread() -> bool:
    """Whether this is the thread that signals are handled in."""
    threading = sys.modules.get("threading")  # who has not imported it has one thread
    return threading is None or threading.current_thread() is threading.main_thread()


def _aborting(cpu: Cpu, handler: Callable[..., object]) -> Callable[[int, object], None]:
    """A handler that raises what `handler` does, in the engine's callbacks too."""

    def handle(number: int, frame: object) -> None:
        try:
            handler(number, frame)
        except BaseException as failure:
            cpu.abort(failure)
            # Where it is lost, and what call it left behind, is nobody's business.
            sys.unraisablehook = lambda _: None
            warnings.simplefilter("ignore", RuntimeWarning)
            raise

    return handle
