"""The events of the NT provider: system calls, exceptions, modules.

A text that shows a value does so as the text trace does; a place in code is its module with an
offset, or empty where no image is mapped.
"""

from __future__ import annotations

from typing import Self

from provider.kernel.event_stream import Event
from provider.nt.status import status_name


class SystemCallEntry(Event):
    """A system call begins: its arguments are not captured yet.

    `call` numbers the calls of the run, and is the same in all events of one call.  `component` is
    NT's, such as `nt/mm`; `words` are the argument words, `caller` is where the call's stub
    returns to.  A listener that returns an entry with other words makes the call have those.
    """

    ON_REQUEST = True
    call: int
    name: str
    component: str
    words: tuple[int, ...]
    caller: str


class SystemCallWait(Event):
    """A system call begins to wait; others run meanwhile.

    `arguments` are names with what is known of the values by now.
    """

    call: int
    name: str
    component: str
    words: tuple[int, ...]
    caller: str
    arguments: tuple[tuple[str, str], ...]


class SystemCall(Event):
    """A system call ends: it has begun at the virtual time `started`.

    `arguments` are names with values as the call found them, output parameters with what it stored;
    `status` is the 32-bit result, and `status_name` its name, or "?" where the thread has ended and
    nothing returns.  A listener that returns the event with another status makes that the result.
    """

    call: int
    name: str
    component: str
    words: tuple[int, ...]
    caller: str
    arguments: tuple[tuple[str, str], ...]
    status: int
    status_name: str
    started: int

    def returning(self, status: int) -> Self:
        """The same call with another result."""
        return self.replace(status=status & 0xFFFFFFFF, status_name=status_name(status))


class GuestException(Event):
    """An exception is offered to a debugger and then to the program, or found to be unhandled.

    `parameters` are those of the EXCEPTION_RECORD, `registers` the integer ones of the CONTEXT.
    """

    code: int
    code_name: str
    address: int
    location: str
    first_chance: bool
    parameters: tuple[int, ...]
    registers: tuple[tuple[str, int], ...]


class ModuleLoad(Event):
    """An image was mapped into the stamp's process."""

    base: int
    size: int
    name: str


class ModuleUnload(Event):
    """An image was unmapped from the stamp's process."""

    base: int
    size: int
    name: str


class DebugPrint(Event):
    """The program has printed something for a debugger (OutputDebugString, DbgPrint)."""

    text: str


class ProcessCreation(Event):
    """A step in the making of the stamp's process (`provider.nt.ps.creation.Step`).

    The stamp's ids are 0 until there is the process object, and its first thread; `creator_id` is
    the process that makes it, 0 for the first one.
    """

    creator_id: int
    step: str
    detail: str
