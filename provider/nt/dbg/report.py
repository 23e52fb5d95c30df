"""What the rest of the provider tells a debugger: each call does nothing without one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError
from provider.kernel.io.request import Access, OpenOptions, OpenRequest, Share
from provider.nt.dbg.debug_object import DBG_STATE, DebugEvent
from provider.nt.handles import nt_part
from provider.nt.status import NTSTATUS
from provider.nt.structs.dbg import (
    DBGKM_EXCEPTION,
    DBGKM_EXIT,
    DBGKM_LOAD_DLL,
    DBGKM_UNLOAD_DLL,
    DBGUI_CREATE_PROCESS,
    DBGUI_CREATE_THREAD,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from provider.kernel.process import Process
    from provider.kernel.thread import Thread
    from provider.nt.dbg.debug_object import DebugObject
    from provider.nt.process import Module, NtProcess, NtThread
    from provider.nt.structs.context import EXCEPTION_RECORD

ALL_PROCESS_ACCESS = ALL_THREAD_ACCESS = 0x1FFFFF
_FILE_ACCESS = Access.READ_DATA | Access.EXECUTE | Access.SYNCHRONIZE
_STATES: dict[int, DBG_STATE] = {
    NTSTATUS.BREAKPOINT: DBG_STATE.BREAKPOINT,
    NTSTATUS.SINGLE_STEP: DBG_STATE.SINGLE_STEP,
}


def exception_taken(
    thread: Thread, record: EXCEPTION_RECORD, *, first_chance: bool, unhandled: Callable[[], None]
) -> bool:
    """Offer an exception to the debugger; False if there is none.

    The thread stays as the exception found it.  `unhandled` is called if the debugger does not
    handle it.
    """
    debugger = _debugger_of(thread)
    if debugger is None:
        return False
    payload = bytes(DBGKM_EXCEPTION(ExceptionRecord=record, FirstChance=first_chance))
    state = _STATES.get(record.ExceptionCode, DBG_STATE.EXCEPTION)

    def answered(status: int) -> None:
        if status == NTSTATUS.DBG_EXCEPTION_NOT_HANDLED:
            unhandled()

    event = DebugEvent(state, thread.process, thread, lambda _: payload, answered)
    debugger.post(event, thread.process.threads)
    return True


def thread_started(thread: Thread) -> None:
    """A thread runs for the first time.

    The first one stands for its process, and for ntdll, which a process is born with.
    """
    debugger = _debugger_of(thread)
    if debugger is None:
        return
    part = nt_part(thread.process)
    if part.is_reported:
        debugger.post(_create_thread(thread), thread.process.threads)
        return
    part.is_reported = True
    created = _create_process(thread)
    created.on_continue = lambda _: _report_load(thread, part.ntdll_base)
    debugger.post(created, thread.process.threads)


def thread_ended(thread: Thread, forget: Callable[[], None]) -> bool:
    """A thread has ended; the end of the last one is told as that of the process.

    `forget` is called once the debugger has continued the event; False without a debugger.
    """
    process = thread.process
    debugger = _debugger_of(thread) if process.threads else nt_part(process).debug_object
    if debugger is None:
        return False
    payload = bytes(DBGKM_EXIT(ExitStatus=thread.exit_status or 0))
    event = DebugEvent(DBG_STATE.EXIT_THREAD, process, thread, lambda _: payload)
    event.on_continue = lambda _: forget()
    if not process.threads:
        event.state = DBG_STATE.EXIT_PROCESS
        event.on_continue = lambda _: _end(process)
        nt_part(process).is_end_reported = True
    debugger.post(event, process.threads)
    return True


def _end(process: Process) -> None:
    """The debugger has seen the end of a process, which goes on now (PspExitThread)."""
    part = nt_part(process)
    part.is_end_reported = False
    part.provider.routines.end_process(process)


def process_ended(process: Process) -> None:
    """No more events will come of a process; those that are there remain."""
    debugger = nt_part(process).debug_object
    if debugger is not None:
        debugger.release(process)


def image_mapped(process: Process, base: int) -> None:
    """An image was mapped; it counts if the process did that itself."""
    thread = process.kernel.scheduler.running
    if thread is not None and thread.process is process:
        _report_load(thread, base)


def image_unmapped(process: Process, base: int) -> None:
    """An image was taken out; it counts if the process did that itself."""
    thread = process.kernel.scheduler.running
    if thread is not None and thread.process is process:
        debugger = _debugger_of(thread)
        if debugger is not None:
            payload = bytes(DBGKM_UNLOAD_DLL(BaseAddress=base))
            event = DebugEvent(DBG_STATE.UNLOAD_DLL, process, thread, lambda _: payload)
            debugger.post(event, process.threads)


def tell_present(process: Process, debugger: DebugObject) -> None:
    """Tell a debugger that comes later what has happened before: threads, then images."""
    first, *others = process.threads
    debugger.post(_create_process(first), (first,))
    for thread in others:
        debugger.post(_create_thread(thread), (thread,))
    for module in _libraries(nt_part(process)):
        debugger.post(_load(first, module.base), ())


def _report_load(thread: Thread, base: int) -> None:
    debugger = _debugger_of(thread)
    if debugger is not None:
        debugger.post(_load(thread, base), thread.process.threads)


def _debugger_of(thread: Thread) -> DebugObject | None:
    """Whom the thread's doings are reported to."""
    part: NtThread = thread.context
    return None if part.is_hidden_from_debugger else nt_part(thread.process).debug_object


def _create_process(thread: Thread) -> DebugEvent:
    process = thread.process
    part = nt_part(process)
    start = part.image_base + part.image.entry_point

    def describe(debugger: Process) -> bytes:
        return bytes(
            DBGUI_CREATE_PROCESS(
                HandleToProcess=debugger.handles.insert(process, ALL_PROCESS_ACCESS),
                HandleToThread=debugger.handles.insert(thread, ALL_THREAD_ACCESS),
                FileHandle=_open_image(debugger, part, part.image_base),
                BaseOfImage=part.image_base,
                InitialThreadStartAddress=start,
            )
        )

    return DebugEvent(DBG_STATE.CREATE_PROCESS, process, thread, describe)


def _create_thread(thread: Thread) -> DebugEvent:
    part: NtThread = thread.context

    def describe(debugger: Process) -> bytes:
        handle = debugger.handles.insert(thread, ALL_THREAD_ACCESS)
        return bytes(DBGUI_CREATE_THREAD(HandleToThread=handle, StartAddress=part.start_va))

    return DebugEvent(DBG_STATE.CREATE_THREAD, thread.process, thread, describe)


def _load(thread: Thread, base: int) -> DebugEvent:
    part = nt_part(thread.process)

    def describe(debugger: Process) -> bytes:
        return bytes(DBGKM_LOAD_DLL(FileHandle=_open_image(debugger, part, base), BaseOfDll=base))

    return DebugEvent(DBG_STATE.LOAD_DLL, thread.process, thread, describe)


def _libraries(part: NtProcess) -> Iterable[Module]:
    """The images beside the program, ntdll first."""
    others = [module for module in part.modules if module.base != part.image_base]
    return sorted(others, key=lambda module: module.base != part.ntdll_base)


def _open_image(debugger: Process, part: NtProcess, base: int) -> int:
    """A handle of the debugger's for the file of an image; 0: there is none to be opened."""
    name = part.file_names.get(base, "")
    if not name:
        return 0
    request = OpenRequest(
        name, _FILE_ACCESS, Share.READ | Share.DELETE, options=OpenOptions.NOT_DIRECTORY
    )
    try:
        file, _ = debugger.kernel.io.open(request)
        return debugger.handles.insert(file, _FILE_ACCESS)
    except KernelError:
        return 0
