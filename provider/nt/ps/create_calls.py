"""NtCreateUserProcess: a process, its first thread and everything around them in one call."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from provider.kernel.cm.key import KeyObject
from provider.kernel.errors import KernelError
from provider.kernel.io.request import Access
from provider.kernel.ke.suspension import resume_thread, start_suspended
from provider.kernel.mm import AccessViolation
from provider.kernel.thread import Thread
from provider.nt import startup
from provider.nt.access import PROCESS_CREATE_PROCESS
from provider.nt.contents import PROCESS_PARAMETERS
from provider.nt.dbg.debug_calls import DEBUG_PROCESS_ASSIGN
from provider.nt.dbg.debug_object import DebugObject
from provider.nt.handles import live_process, nt_part, reference
from provider.nt.legend import (
    PROCESS_ACCESS,
    PROCESS_CREATE_FLAGS,
    THREAD_ACCESS,
    THREAD_CREATE_FLAGS,
)
from provider.nt.mm.image_information import image_information
from provider.nt.ob.create import set_new_security
from provider.nt.ps import attributes, create_info
from provider.nt.ps.attributes import ProcessAttributes, read_process_attributes
from provider.nt.ps.child import apply, check_may_create, fill_handles
from provider.nt.ps.create_info import PS_CREATE_STATE
from provider.nt.ps.creation import Step, tell_of_thread
from provider.nt.ps.fork import clone_process, clone_thread
from provider.nt.ps.job import Job, job_for_child
from provider.nt.ps.job_calls import JOB_OBJECT_ASSIGN_PROCESS
from provider.nt.ps.opened_image import OpenedImage
from provider.nt.ps.parameters import Block
from provider.nt.se.assign_token import set_primary_token
from provider.nt.se.subject import create_access
from provider.nt.startup import insert_process
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.ob import OBJECT_ATTRIBUTES
from provider.nt.structs.process import CLIENT_ID
from provider.nt.table import nt
from provider.nt.types import HANDLE, PVOID
from provider.syscall import Out

if TYPE_CHECKING:
    from provider.kernel.process import Process
    from provider.nt.structs.ob import ObjectAttributes

BREAKAWAY, NO_DEBUG_INHERIT = 0x1, 0x2
CREATE_SUSPENDED = 0x1
_KEY_READ = 0x20019
_OPENING = Access.READ_DATA | Access.EXECUTE | Access.SYNCHRONIZE


@nt.syscall(
    partial="Of mitigation options only DEP acts; protection levels, secure processes and packages "
    "are passed over."
)
def NtCreateUserProcess(
    thread: Thread,
    ProcessHandle: Out[HANDLE],
    ThreadHandle: Out[HANDLE],
    ProcessDesiredAccess: PROCESS_ACCESS,
    ThreadDesiredAccess: THREAD_ACCESS,
    ProcessObjectAttributes: OBJECT_ATTRIBUTES | None,
    ThreadObjectAttributes: OBJECT_ATTRIBUTES | None,
    ProcessFlags: PROCESS_CREATE_FLAGS,
    ThreadFlags: THREAD_CREATE_FLAGS,
    ProcessParameters: PROCESS_PARAMETERS,
    CreateInfo: PVOID,
    AttributeList: PVOID,
) -> None:
    """Create a process that runs an image; without image and parameters, a clone of the caller."""
    if ThreadFlags & ~CREATE_SUSPENDED:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    space = thread.process.space
    wanted = read_process_attributes(space, AttributeList)
    if bool(ProcessParameters) is not bool(wanted.image_name):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    info = create_info.CreateInfo(space, CreateInfo)
    parent = _parent(thread, wanted)
    check_may_create(thread.process)
    if not wanted.image_name:
        child = clone_process(parent, partial(fill_handles, parent, None, wanted, ProcessFlags))
        first = _complete(thread, parent, child, wanted, None, ProcessFlags)
        made = None
    else:
        block = Block(space, ProcessParameters)
        with OpenedImage(thread, wanted.image_name, info) as opened:
            child = _load(thread, parent, wanted, block, info, opened, ProcessFlags)
            first = _complete(thread, parent, child, wanted, block, ProcessFlags)
            made = _made(thread, child, block, opened) if info.wants_output else None
    try:
        _tell(thread, first, wanted)
        process_handle = _handle(thread, child, ProcessDesiredAccess, ProcessObjectAttributes)
        ProcessHandle.value = process_handle
        ThreadHandle.value = _handle(thread, first, ThreadDesiredAccess, ThreadObjectAttributes)
        info.succeed(made)
    except (NtError, KernelError, AccessViolation):
        _give_up(child)
        raise
    tell_of_thread(Step.SUSPENDED, first)
    if ThreadFlags & CREATE_SUSPENDED:
        start_suspended(first)
    else:
        resume_thread(first)
        tell_of_thread(Step.RESUMED, first)


def _parent(thread: Thread, wanted: ProcessAttributes) -> Process:
    if not wanted.parent:
        return thread.process
    return live_process(thread, wanted.parent, PROCESS_CREATE_PROCESS)


def _load(
    thread: Thread,
    parent: Process,
    wanted: ProcessAttributes,
    block: Block,
    info: create_info.CreateInfo,
    opened: OpenedImage,
    flags: int,
) -> Process:
    """A process with the image that the creator names.

    NtError UNSUCCESSFUL, with the key in `info`: the image's options name a debugger, which the
    creator has to start instead.
    """
    part = nt_part(thread.process)
    options = startup.read_options(part.provider, opened.path)
    redirects = part.userland.redirects_images and info.takes_redirection
    if options is not None and options.debugger and redirects:
        key = KeyObject(options.key, part.provider.executive.registry)
        handle = thread.process.handles.insert(key, _KEY_READ)
        info.store(PS_CREATE_STATE.FAIL_EXE_NAME, handle)
        raise NtError(NTSTATUS.UNSUCCESSFUL)
    context = nt_part(parent)
    child = startup.create_process(
        context.provider,
        opened.image,
        context.userland.ntdll,
        context.api_sets,
        opened.path.rpartition("\\")[2],
        parent,
        options=options,
        inherit=partial(fill_handles, parent, block, wanted, flags),
        insert=False,
    )
    made = nt_part(child)
    made.image_path = block.image_path
    made.file_names[made.image_base] = opened.path
    return child


def _complete(
    thread: Thread,
    parent: Process,
    child: Process,
    wanted: ProcessAttributes,
    block: Block | None,
    flags: int,
) -> Thread:
    """Give a new process all that it has beside its image; returns its thread, suspended."""
    try:
        job = job_for_child(parent, breakaway=bool(flags & BREAKAWAY))
        jobs = [reference(thread, handle, Job, JOB_OBJECT_ASSIGN_PROCESS) for handle in wanted.jobs]
        apply(parent, child, wanted)
        for joined in ([] if job is None else [job]) + jobs:
            joined.assign(child)
        _debug(thread, child, wanted, flags)
        if wanted.token:
            set_primary_token(thread, child, wanted.token)
        first = _first_thread(thread, child, block)
        insert_process(child)
        if block is not None:
            nt_part(child).provider.executive.shims.apply(child)
    except (NtError, KernelError, AccessViolation):
        _give_up(child)
        raise
    return first


def _give_up(child: Process) -> None:
    nt_part(child).provider.routines.terminate_process(child, NTSTATUS.UNSUCCESSFUL)


def _made(
    thread: Thread, child: Process, block: Block, opened: OpenedImage
) -> create_info.Made | None:
    """What the creator is told who wants it all.  KernelError."""
    try:
        file, section = opened.give_to(thread)
    except KernelError:
        _give_up(child)
        raise
    peb_va = nt_part(child).peb_va
    return create_info.Made(file, section, block.va, block.header.Flags, peb_va)


def _debug(caller: Thread, child: Process, wanted: ProcessAttributes, flags: int) -> None:
    """Make the child a debuggee of whom the creator names, or of the creator's debugger."""
    part = nt_part(caller.process)
    inherited = None if part.no_debug_inherit else part.debug_object
    if wanted.debug_object:
        inherited = reference(caller, wanted.debug_object, DebugObject, DEBUG_PROCESS_ASSIGN)
    nt_part(child).no_debug_inherit = bool(flags & NO_DEBUG_INHERIT)
    if inherited is not None:
        inherited.attach(child)


def _first_thread(caller: Thread, child: Process, block: Block | None) -> Thread:
    """The child's thread, suspended: at the image's start, or where the caller is."""
    if block is None:
        return clone_thread(caller, child)
    block.store(child)
    return startup.create_initial_thread(nt_part(child).provider, child)


def _tell(caller: Thread, first: Thread, wanted: ProcessAttributes) -> None:
    """Fill the output attributes."""
    space = caller.process.space
    image = nt_part(first.process).image
    client = CLIENT_ID(UniqueProcess=first.process.id, UniqueThread=first.id)
    wanted.store(space, attributes.CLIENT_ID, bytes(client))
    wanted.store(space, attributes.TEB_ADDRESS, first.context.teb_va.to_bytes(4, "little"))
    wanted.store(space, attributes.IMAGE_INFORMATION, bytes(image_information(image)))


def _handle(
    caller: Thread, target: Process | Thread, access: int, named: ObjectAttributes | None
) -> int:
    set_new_security(caller, target, named)
    granted = create_access(caller, target, access)
    inherit = named is not None and named.inherit
    return caller.process.handles.insert(target, granted, inherit=inherit)
