"""The Unix side of win32u."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.nt.userland import GATE_VA

if TYPE_CHECKING:
    from provider.kernel.thread import Thread


def get_dispatcher(thread: Thread, arguments: int) -> None:
    """Store where the DLL's own system calls go."""
    thread.process.space.write(arguments, GATE_VA.to_bytes(4, "little"))


def init(thread: Thread, arguments: int) -> None:
    """Start: there is nothing to prepare."""


FUNCTIONS = {function.__name__: function for function in (get_dispatcher, init)}
