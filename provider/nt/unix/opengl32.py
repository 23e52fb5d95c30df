"""The Unix side of opengl32: it loads, and there is no device to draw on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from provider.kernel.thread import Thread


def process_attach(thread: Thread, arguments: int) -> None:
    """Start: there is nothing to prepare."""


def thread_attach(thread: Thread, arguments: int) -> None:
    """Start for a thread: its functions are those that user mode has for want of others."""


def process_detach(thread: Thread, arguments: int) -> None:
    """End: there is nothing to put away."""


FUNCTIONS = {
    function.__name__: function for function in (process_attach, thread_attach, process_detach)
}
