"""NtCreateUserProcess: a process, its first thread and everything around them in one call."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from loader.error import ImageError
from loader.runnable import check_runnable
from provider.kernel.cm.key import KeyObject
from provider.kernel.errors import KernelError
from provider.kernel.io.request import Access, OpenOptions, OpenRequest, Share
from provider.kernel.ke.suspension import resume_thread, start_suspended
from provider.kernel.mm import AccessViolation
from provider.kernel.thread import Thread
from provider.nt import startup
from provider.nt.access import PROCESS_CREATE_PROCESS
from provider.nt.dbg.debug_calls import DEBUG_PROCESS_ASSIGN
from provider.nt.dbg.debug_object import DebugObject
from provider.nt.handles import live_process, nt_part, reference
from provider.nt.mm.image_information import image_information
from provider.nt.mm.section import SEC_IMAGE, SectionObject
from provider.nt.mm.section_calls import image_section
from provider.nt.ob.create import set_new_security
from provider.nt.ps import attributes, create_info
from provider.nt.ps.attributes import ProcessAttributes, read_process_attributes
from provider.nt.ps.create_info import PS_CREATE_STATE
from provider.nt.ps.creation import Step, tell, tell_of_thread
from provider.nt.ps.fork import clone_process, clone_thread
from provider.nt.ps.job import Job, job_for_child
from provider.nt.ps.job_calls import JOB_OBJECT_ASSIGN_PROCESS
from provider.nt.ps.parameters import Block
from provider.nt.ps.priority_class import inherit_priority_class
from provider.nt.se.assign_token import set_primary_token
from provider.nt.se.subject import create_access
from provider.nt.startup import insert_process
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.ob import OBJECT_ATTRIBUTES
from provider.nt.structs.process import CLIENT_ID
from provider.nt.table import nt
from provider.nt.types import ACCESS_MASK, HANDLE, PVOID, ULONG
from provider.syscall import Out

if TYPE_CHECKING:
    from loader.image import Image
    from provider.kernel.process import Process
    from provider.nt.structs.ob import ObjectAttributes

BREAKAWAY, NO_DEBUG_INHERIT = 0x1, 0x2
INHERIT_HANDLES = 0x4
CREATE_SUSPENDED = 0x1
_KEY_READ = 0x20019
_OPENING = Access.READ_DATA | Access.EXECUTE | Access.SYNCHRONIZE


@nt.syscall()
def NtCreateUserProcess(
    thread: Thread,
    ProcessHandle: Out[HANDLE],
    ThreadHandle: Out[HANDLE],
    ProcessDesiredAccess: ACCESS_MASK,
    ThreadDesiredAccess: ACCESS_MASK,
    ProcessObjectAttributes: OBJECT_ATTRIBUTES | None,
    ThreadObjectAttributes: OBJECT_ATTRIBUTES | None,
    ProcessFlags: ULONG,
    ThreadFlags: ULONG,
    ProcessParameters: PVOID,
    CreateInfo: PVOID,
    AttributeList: PVOID,
) -> None:
    """Create a process that runs an image; without image and parameters, a clone of the caller."""
    if ThreadFlags & ~CREATE_SUSPENDED:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    space = thread.process.space
    wanted = read_process_attributes(space, AttributeList)
    is_clone = not ProcessParameters and not wanted.image_name
    if not is_clone and not (ProcessParameters and wanted.image_name):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    info = create_info.CreateInfo(space, CreateInfo)
    parent = _parent(thread, wanted)
    job = job_for_child(parent, breakaway=bool(ProcessFlags & BREAKAWAY))
    jobs = [reference(thread, handle, Job, JOB_OBJECT_ASSIGN_PROCESS) for handle in wanted.jobs]
    block = None if is_clone else Block(space, ProcessParameters)
    flags = ProcessFlags
    if block is None:
        child = clone_process(parent, partial(_inherit, parent, None, wanted, flags))
    else:
        child = _load(thread, parent, wanted, block, info, flags)
    try:
        inherit_priority_class(parent, child)
        for joined in ([] if job is None else [job]) + jobs:
            joined.assign(child)
        _debug(thread, child, wanted, flags)
        if wanted.token:
            set_primary_token(thread, child, wanted.token)
        first = _first_thread(thread, child, block)
        insert_process(child)
        _tell(thread, first, wanted)
        process_handle = _handle(thread, child, ProcessDesiredAccess, ProcessObjectAttributes)
        ProcessHandle.value = process_handle
        ThreadHandle.value = _handle(thread, first, ThreadDesiredAccess, ThreadObjectAttributes)
        info.store(PS_CREATE_STATE.SUCCESS)
    except (NtError, KernelError, AccessViolation):
        nt_part(parent).provider.routines.terminate_process(child, NTSTATUS.UNSUCCESSFUL)
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
    flags: int,
) -> Process:
    """A process with the image that the creator names.

    NtError UNSUCCESSFUL, with the key in `info`: the image's options name a debugger, which the
    creator has to start instead.
    """
    image, path = _open_image(thread, wanted.image_name)
    part = nt_part(thread.process)
    options = startup.read_options(part.provider, path)
    redirects = part.userland.redirects_images and info.takes_redirection
    if options is not None and options.debugger and redirects:
        key = KeyObject(options.key, part.provider.executive.registry)
        handle = thread.process.handles.insert(key, _KEY_READ)
        info.store(PS_CREATE_STATE.FAIL_EXE_NAME, handle)
        raise NtError(NTSTATUS.UNSUCCESSFUL)
    context = nt_part(parent)
    child = startup.create_process(
        context.provider,
        image,
        context.userland.ntdll,
        context.api_sets,
        path.rpartition("\\")[2],
        parent,
        options=options,
        inherit=partial(_inherit, parent, block, wanted, flags),
        insert=False,
    )
    made = nt_part(child)
    made.image_path = block.image_path
    made.file_names[made.image_base] = path
    return child


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


def _open_image(thread: Thread, name: str) -> tuple[Image, str]:
    """The image in a file and the file's name.  KernelError; NtError for what is no program."""
    share = Share.READ | Share.DELETE
    request = OpenRequest(name, _OPENING, share, options=OpenOptions.NOT_DIRECTORY)
    file, _ = thread.process.kernel.io.open(request)
    provider = nt_part(thread.process).provider
    try:
        path = file.full_name()
        tell(provider, Step.IMAGE_OPENED, detail=path)
        section = image_section(thread, file.backing(), path)
        image = SectionObject(section, SEC_IMAGE, path).image
        section.close()
        tell(provider, Step.SECTION_CREATED)
    finally:
        file.close()
    try:
        check_runnable(image)
    except ImageError as error:
        raise NtError(NTSTATUS.INVALID_IMAGE_FORMAT) from error
    return image, path


def _inherit(
    parent: Process, block: Block | None, wanted: ProcessAttributes, flags: int, child: Process
) -> None:
    """Fill the child's handle table; without inheritance it has the standard handles alone."""
    if not flags & INHERIT_HANDLES:
        if block is not None:
            block.duplicate_standard_handles(parent, child)
        return
    parent.handles.inherit_into(child.handles)
    if wanted.handles is not None:
        kept = {handle & ~3 for handle in wanted.handles}
        for handle, _ in list(child.handles):
            if handle not in kept:
                with suppress(KernelError):  # a protected one
                    child.handles.close(handle)


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
