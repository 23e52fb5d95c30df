"""Debug objects: the queue between debuggees and their debugger.

An event stops all threads of its process until the debugger continues it.  Of each process the
debugger gets one event at a time, in the order in which they came.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from emu.int_enum import IntEnum
from provider.kernel.ke.apc import KernelApc, queue_kernel_apc
from provider.kernel.ke.suspension import freeze_thread, thaw_thread
from provider.kernel.ke.wait import signal
from provider.kernel.ke.waitable import Waitable
from provider.kernel.mm import AccessViolation
from provider.kernel.ob.access import GenericMapping
from provider.nt.handles import nt_part
from provider.nt.status import NTSTATUS
from provider.nt.structs.process import PEB

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from provider.kernel.process import Process
    from provider.kernel.thread import Thread


class DBG_STATE(IntEnum):
    """DBG_STATE (ntdbg.h)."""

    IDLE = 0
    REPLY_PENDING = 1
    CREATE_THREAD = 2
    CREATE_PROCESS = 3
    EXIT_THREAD = 4
    EXIT_PROCESS = 5
    EXCEPTION = 6
    BREAKPOINT = 7
    SINGLE_STEP = 8
    LOAD_DLL = 9
    UNLOAD_DLL = 10


class DebugEvent:
    """Something that a debuggee stopped for."""

    __slots__ = (
        *("describe", "is_held", "is_read", "on_continue"),
        *("process", "state", "stopped", "thread"),
    )

    def __init__(
        self,
        state: DBG_STATE,
        process: Process,
        thread: Thread,
        describe: Callable[[Process], bytes],
        on_continue: Callable[[int], None] = lambda status: None,
    ) -> None:
        self.state, self.process, self.thread = state, process, thread
        self.describe = describe
        """What follows the header, with handles made in the debugger that is given."""
        self.on_continue = on_continue
        """What happens when the debugger continues with a status."""
        self.stopped: list[Thread] = []
        self.is_read = False
        self.is_held = False
        """Whether it comes once more when its thread would run."""


class DebugObject(Waitable):
    """Signalled while there is an event to read."""

    __slots__ = ("_events", "debuggees", "kills_on_close")

    type_name = "DebugObject"
    generic = GenericMapping(read=0x20001, write=0x20002, execute=0x120000, all=0x1F000F)

    def __init__(self, *, kills_on_close: bool) -> None:
        super().__init__()
        self._events: list[DebugEvent] = []
        self.debuggees: list[Process] = []
        self.kills_on_close = kills_on_close

    def is_signaled(self, thread: Thread) -> bool:
        return self.next_event() is not None

    def on_last_handle(self) -> None:
        for process in tuple(self.debuggees):
            self.detach(process)
            if self.kills_on_close:
                routines = nt_part(process).provider.routines
                routines.terminate_process(process, NTSTATUS.DEBUGGER_INACTIVE)

    def attach(self, process: Process) -> None:
        """Make a process a debuggee.  AccessViolation if its PEB cannot be written."""
        part = nt_part(process)
        process.space.write(part.peb_va + PEB.BeingDebugged.offset, b"\1")
        part.debug_object = self
        self.debuggees.append(process)
        self.reference()

    def detach(self, process: Process) -> None:
        """Let a process go; its events are dropped, and its threads run on."""
        part = nt_part(process)
        part.debug_object = None
        self.debuggees.remove(process)
        mine = [event for event in self._events if event.process is process]
        for event in mine:
            self._events.remove(event)
            self._go_on(event, NTSTATUS.DBG_CONTINUE)
        if process.exit_status is None:
            with suppress(AccessViolation):
                process.space.write(part.peb_va + PEB.BeingDebugged.offset, b"\0")
        self.dereference()

    def release(self, process: Process) -> None:
        """A debuggee has ended; the debugger may still read its last events."""
        nt_part(process).debug_object = None
        self.debuggees.remove(process)
        self.dereference()

    def post(self, event: DebugEvent, stop: Iterable[Thread]) -> None:
        """Queue an event and stop threads until it is continued."""
        self._events.append(event)
        self._stop(event, stop)

    def next_event(self) -> DebugEvent | None:
        """The next event, of no process with one that was read and no thread with one held."""
        busy = {event.process for event in self._events if event.is_read}
        held = {event.thread for event in self._events if event.is_held}
        for event in self._events:
            if event.process not in busy and (
                event.thread not in held or event.thread.is_terminated
            ):
                return event
        return None

    def find_read(self, process_id: int, thread_id: int) -> DebugEvent | None:
        """The event that was read and not continued, by its ids."""
        for event in self._events:
            if event.is_read and (event.process.id, event.thread.id) == (process_id, thread_id):
                return event
        return None

    def resume(self, event: DebugEvent, status: int) -> None:
        """Continue an event that was read."""
        if status == NTSTATUS.DBG_REPLY_LATER:
            self._repeat(event)
        else:
            self._events.remove(event)
            self._go_on(event, status)
        signal(self)

    def _go_on(self, event: DebugEvent, status: int) -> None:
        event.on_continue(status)
        _thaw(event)

    def _repeat(self, event: DebugEvent) -> None:
        """Let the threads go until the event's own would run; later events wait for that too."""
        event.is_read, event.is_held = False, True
        queue_kernel_apc(event.thread, KernelApc(lambda _: None, partial(self._stop_again, event)))
        _thaw(event)

    async def _stop_again(self, event: DebugEvent, thread: Thread) -> None:
        if event in self._events:
            event.is_held = False
            self._stop(event, event.process.threads)

    def _stop(self, event: DebugEvent, threads: Iterable[Thread]) -> None:
        event.stopped = [thread for thread in threads if not thread.is_terminated]
        for thread in event.stopped:
            freeze_thread(thread)
        signal(self)


def _thaw(event: DebugEvent) -> None:
    stopped, event.stopped = event.stopped, []
    for thread in stopped:
        if not thread.is_terminated:
            thaw_thread(thread)
