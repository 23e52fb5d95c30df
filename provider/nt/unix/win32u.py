"""The Unix side of win32u."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.nt.unix.win32u_functions import make_table
from provider.nt.userland import GATE_VA
from provider.nt.win32k.device_context import gdi_of

if TYPE_CHECKING:
    from provider.kernel.thread import Thread


def get_dispatcher(thread: Thread, arguments: int) -> None:
    """Store where the DLL's own system calls go; prepare GDI's handles, which gdi32 reads."""
    thread.process.space.write(arguments, GATE_VA.to_bytes(4, "little"))
    gdi_of(thread)


def get_functions(thread: Thread, arguments: int) -> None:
    """Store where the table of the other functions is."""
    table_va = make_table(thread)
    thread.process.space.write(arguments, table_va.to_bytes(4, "little"))


def init(thread: Thread, arguments: int) -> None:
    """Prepare GDI's handles, which gdi32 reads."""
    gdi_of(thread)


FUNCTIONS = {function.__name__: function for function in (get_dispatcher, get_functions, init)}
