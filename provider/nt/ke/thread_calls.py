"""Calls that make, end, stop and open threads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError
from provider.kernel.ke.suspension import resume_thread, start_suspended, suspend_thread
from provider.kernel.mm import AccessViolation
from provider.kernel.process import Process
from provider.kernel.thread import Thread
from provider.nt.access import (
    PROCESS_CREATE_THREAD,
    PROCESS_SUSPEND_RESUME,
    THREAD_SUSPEND_RESUME,
    THREAD_TERMINATE,
)
from provider.nt.handles import CURRENT_THREAD, live_process, live_thread, nt_part, reference
from provider.nt.ke.create_thread import (
    CREATE_SUSPENDED,
    KNOWN_FLAGS,
    Request,
    apply_flags,
    initial_stack,
    read_attributes,
    start_thread,
)
from provider.nt.legend import OBJ_ATTRIBUTES, THREAD_ACCESS, THREAD_CREATE_FLAGS
from provider.nt.ob.create import set_new_security
from provider.nt.ps.creation import Step, tell_creators_parameters, tell_of_thread
from provider.nt.se.subject import create_access, open_access
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.context import CONTEXT
from provider.nt.structs.ke import INITIAL_TEB
from provider.nt.structs.ob import OBJECT_ATTRIBUTES
from provider.nt.structs.process import CLIENT_ID
from provider.nt.table import nt
from provider.nt.types import (
    BOOLEAN,
    CODE,
    EXIT_STATUS,
    HANDLE,
    PVOID,
    SIZE_T,
    ULONG,
    ULONG_PTR,
)
from provider.nt.user_thread import create_thread_in
from provider.syscall import Out

if TYPE_CHECKING:
    from provider.kernel.kernel import Kernel
    from provider.nt.structs.ob import ObjectAttributes as Attributes

GET_NEXT_PREVIOUS = 1
"""THREAD_GET_NEXT_FLAGS_PREVIOUS_THREAD."""
MAXIMUM_SUSPEND_COUNT = 127


@nt.syscall(partial="Attributes other than the client id and the TEB's address are ignored.")
def NtCreateThreadEx(
    thread: Thread,
    ThreadHandle: Out[HANDLE],
    DesiredAccess: THREAD_ACCESS,
    ObjectAttributes: OBJECT_ATTRIBUTES | None,
    ProcessHandle: HANDLE,
    StartRoutine: CODE,
    Argument: PVOID,
    CreateFlags: THREAD_CREATE_FLAGS,
    ZeroBits: ULONG_PTR,
    StackSize: SIZE_T,
    MaximumStackSize: SIZE_T,
    AttributeList: PVOID,
) -> None:
    """Create a thread with a stack of its own; sizes of 0 are the image's."""
    if CreateFlags & ~KNOWN_FLAGS:
        raise NtError(NTSTATUS.INVALID_PARAMETER_7)
    process = _growing_process(thread, ProcessHandle)
    nt_part(process)
    attributes = read_attributes(thread, AttributeList)
    request = Request(StartRoutine, Argument, StackSize, MaximumStackSize, ZeroBits)
    new = start_thread(process, request)
    apply_flags(new, CreateFlags)
    _publish(thread, new, ThreadHandle, DesiredAccess, ObjectAttributes)
    attributes.store(thread, new)
    _start(new, suspended=bool(CreateFlags & CREATE_SUSPENDED))


@nt.syscall()
def NtCreateThread(
    thread: Thread,
    ThreadHandle: Out[HANDLE],
    DesiredAccess: THREAD_ACCESS,
    ObjectAttributes: OBJECT_ATTRIBUTES | None,
    ProcessHandle: HANDLE,
    ClientId: Out[CLIENT_ID],
    ThreadContext: CONTEXT,
    InitialTeb: INITIAL_TEB,
    CreateSuspended: BOOLEAN,
) -> None:
    """Create a thread with a stack of the caller's, which it keeps."""
    process = _growing_process(thread, ProcessHandle)
    provider = nt_part(process).provider
    tell_creators_parameters(process)
    new = create_thread_in(provider, process, initial_stack(InitialTeb), ThreadContext)
    _publish(thread, new, ThreadHandle, DesiredAccess, ObjectAttributes)
    ClientId.value = CLIENT_ID(UniqueProcess=process.id, UniqueThread=new.id)
    _start(new, suspended=bool(CreateSuspended))


@nt.syscall()
def NtTerminateThread(thread: Thread, ThreadHandle: HANDLE, ExitStatus: EXIT_STATUS) -> None:
    """End a thread; with handle 0 the caller, unless it is the last of its process."""
    if not ThreadHandle and len(thread.process.threads) == 1:
        raise NtError(NTSTATUS.CANT_TERMINATE_SELF)
    target = reference(thread, ThreadHandle or CURRENT_THREAD, Thread, THREAD_TERMINATE)
    if not target.is_terminated:
        thread.process.kernel.terminate_thread(target, ExitStatus & 0xFFFFFFFF)


@nt.syscall()
def NtSuspendThread(
    thread: Thread, ThreadHandle: HANDLE, PreviousSuspendCount: Out[ULONG] | None
) -> None:
    """Keep a thread from running."""
    target = live_thread(thread, ThreadHandle, THREAD_SUSPEND_RESUME)
    if target.suspend_count >= MAXIMUM_SUSPEND_COUNT:
        raise NtError(NTSTATUS.SUSPEND_COUNT_EXCEEDED)
    before = suspend_thread(target)
    if PreviousSuspendCount is not None:
        PreviousSuspendCount.value = before


@nt.syscall()
def NtResumeThread(
    thread: Thread, ThreadHandle: HANDLE, PreviousSuspendCount: Out[ULONG] | None
) -> None:
    """Undo one suspension; a thread that has ended counts as not suspended."""
    target = reference(thread, ThreadHandle, Thread, THREAD_SUSPEND_RESUME)
    before = resume_thread(target)
    if before == 1:
        tell_of_thread(Step.RESUMED, target)
    if PreviousSuspendCount is not None:
        PreviousSuspendCount.value = before


@nt.syscall()
def NtSuspendProcess(thread: Thread, ProcessHandle: HANDLE) -> None:
    """Keep all threads of a process from running."""
    for target in tuple(live_process(thread, ProcessHandle, PROCESS_SUSPEND_RESUME).threads):
        if target.suspend_count < MAXIMUM_SUSPEND_COUNT:
            suspend_thread(target)


@nt.syscall()
def NtResumeProcess(thread: Thread, ProcessHandle: HANDLE) -> None:
    """Undo one suspension of all threads of a process."""
    for target in tuple(live_process(thread, ProcessHandle, PROCESS_SUSPEND_RESUME).threads):
        if resume_thread(target) == 1:
            tell_of_thread(Step.RESUMED, target)


@nt.syscall()
def NtOpenThread(
    thread: Thread,
    ThreadHandle: Out[HANDLE],
    DesiredAccess: THREAD_ACCESS,
    ObjectAttributes: OBJECT_ATTRIBUTES,
    ClientId: CLIENT_ID,
) -> None:
    """Open a thread by its id."""
    if ObjectAttributes.name:
        raise NtError(NTSTATUS.INVALID_PARAMETER_MIX)
    target = _find(thread.process.kernel, ClientId)
    granted = open_access(thread, target, DesiredAccess)
    inherit = ObjectAttributes.inherit
    ThreadHandle.value = thread.process.handles.insert(target, granted, inherit=inherit)


@nt.syscall()
def NtGetNextThread(
    thread: Thread,
    ProcessHandle: HANDLE,
    ThreadHandle: HANDLE,
    DesiredAccess: THREAD_ACCESS,
    HandleAttributes: OBJ_ATTRIBUTES,
    Flags: ULONG,
    NewThreadHandle: Out[HANDLE],
) -> None:
    """Open the thread that was created after, or before, another one in a process.

    One that has ended is found as long as anybody refers to it.
    """
    if Flags & ~GET_NEXT_PREVIOUS:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    process = reference(thread, ProcessHandle, Process)
    known = thread.process.kernel.client_ids.all(Thread)
    threads = [other for other in known if other.process is process]
    if Flags & GET_NEXT_PREVIOUS:
        threads.reverse()
    candidates = iter(threads)
    if ThreadHandle:
        last = reference(thread, ThreadHandle, Thread)
        for other in candidates:
            if other is last:
                break
    following = next(candidates, None)
    if following is None:
        raise NtError(NTSTATUS.NO_MORE_ENTRIES)
    granted = open_access(thread, following, DesiredAccess)
    inherit = bool(HandleAttributes & 2)
    NewThreadHandle.value = thread.process.handles.insert(following, granted, inherit=inherit)


def _start(new: Thread, *, suspended: bool) -> None:
    """Let a new thread run, or wait to be resumed."""
    tell_of_thread(Step.SUSPENDED, new)
    if suspended:
        start_suspended(new)
    else:
        resume_thread(new)
        tell_of_thread(Step.RESUMED, new)


def _growing_process(thread: Thread, handle: int) -> Process:
    """A process that may have more threads.  NtError PROCESS_IS_TERMINATING, and as `reference`.

    One whose other threads were ended by NtTerminateProcess(NULL) may not (Windows 7 and later).
    """
    process = live_process(thread, handle, PROCESS_CREATE_THREAD)
    if nt_part(process).is_ending:
        raise NtError(NTSTATUS.PROCESS_IS_TERMINATING)
    return process


def _publish(
    thread: Thread,
    new: Thread,
    handle: Out[int],
    access: int,
    attributes: Attributes | None,
) -> None:
    """Make a handle for a new thread, which ends again if that fails."""
    try:
        set_new_security(thread, new, attributes)
        granted = create_access(thread, new, access)
        inherit = attributes is not None and attributes.inherit
        handle.value = thread.process.handles.insert(new, granted, inherit=inherit)
    except (NtError, KernelError, AccessViolation):
        thread.process.kernel.terminate_thread(new, NTSTATUS.INSUFFICIENT_RESOURCES)
        raise


def _find(kernel: Kernel, client: CLIENT_ID) -> Thread:
    """The thread with a client id whose process may be 0.  NtError INVALID_CID."""
    target = kernel.client_ids.find(client.UniqueThread, Thread)
    if target is None or (client.UniqueProcess & ~3) not in (0, target.process.id):
        raise NtError(NTSTATUS.INVALID_CID)
    return target
