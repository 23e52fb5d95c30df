"""The steps in which a process comes into being, told to whoever listens.

NT's order, with the numbers of the stages in "Flow of Process Creation" (Windows Internals, 4th
edition, chapter 6).  All three ways lead through the same functions and tell the same steps: the
machine's first process, NtCreateUserProcess, and NtCreateSection with NtCreateProcess(Ex) and
NtCreateThread.  In the last one a process is inserted before it has a thread, and the creator
itself writes the parameters, so that both are told where they happen.
"""

from __future__ import annotations

from contextlib import suppress
from enum import Enum
from typing import TYPE_CHECKING

from provider.kernel.mm import AccessViolation
from provider.nt.event import ProcessCreation
from provider.nt.process import NtProcess
from provider.nt.structs.process import PEB

if TYPE_CHECKING:
    from provider.kernel.process import Process
    from provider.kernel.thread import Thread
    from provider.nt.provider import NtProvider


class Step(Enum):
    """What has just been done; the values are what events say."""

    IMAGE_OPENED = "image opened"
    SECTION_CREATED = "section created"
    OPTIONS_READ = "image options read"
    PROCESS_OBJECT = "process object"
    ADDRESS_SPACE = "address space"
    HANDLE_TABLE = "handle table"
    WORKING_SET = "working set"
    PEB = "PEB"
    PARAMETERS = "parameters"
    CLIENT_IDS = "client ids"
    THREAD_OBJECT = "thread object"
    USER_STACK = "user stack"
    TEB = "TEB"
    CONTEXT = "context"
    INSERTED = "process inserted"
    SUBSYSTEM = "subsystem registered"
    TOKEN = "token assigned"
    SHIMS = "shims"
    SUSPENDED = "initial thread suspended"
    RESUMED = "initial thread resumed"
    LOADER_APC = "loader APC"


def tell(
    provider: NtProvider,
    step: Step,
    process: Process | None = None,
    thread: Thread | None = None,
    detail: str = "",
) -> None:
    """Tell of a step of `process`, which is None until there is its object."""
    events = provider.kernel.events
    created = events.channel(ProcessCreation)
    if not created.listeners:
        return
    creator = provider.kernel.scheduler.running
    stamp = events.stamp(0 if process is None else process.id, 0 if thread is None else thread.id)
    creator_id = 0 if creator is None else creator.process.id
    created.emit(ProcessCreation(*stamp, creator_id, step.value, detail))


def is_initial(thread: Thread) -> bool:
    """Whether a thread is the one that its process begins with, and has not begun yet."""
    part = thread.process.context
    if not isinstance(part, NtProcess) or part.token_is_fixed:
        return False
    return thread.process.threads[:1] == [thread]


def tell_of_thread(step: Step, thread: Thread) -> None:
    """Tell of a step if `thread` is the initial one."""
    if is_initial(thread):
        tell(thread.process.context.provider, step, thread.process, thread)


def tell_creators_parameters(process: Process) -> None:
    """The creator of a first thread has written the parameters itself, if it has."""
    part: NtProcess = process.context
    if process.threads:
        return
    with suppress(AccessViolation):
        field_va = part.peb_va + PEB.ProcessParameters.offset
        va = int.from_bytes(process.space.read(field_va, 4), "little")
        if va:
            tell(part.provider, Step.PARAMETERS, process, detail=f"at {va:#x}, by the creator")
