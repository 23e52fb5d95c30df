"""NtCreateProcess and NtCreateProcessEx: processes without threads, of a section or by fork."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from loader.error import ImageError
from loader.runnable import check_runnable
from provider.kernel.errors import KernelError
from provider.kernel.mm import AccessViolation
from provider.kernel.thread import Thread
from provider.nt import startup
from provider.nt.access import PROCESS_CREATE_PROCESS
from provider.nt.dbg.debug_calls import DEBUG_PROCESS_ASSIGN
from provider.nt.dbg.debug_object import DebugObject
from provider.nt.handles import live_process, nt_part, reference
from provider.nt.legend import PROCESS_ACCESS, PROCESS_CREATE_FLAGS
from provider.nt.lpc.port import Port
from provider.nt.mm.section import SECTION_MAP_EXECUTE, SectionObject
from provider.nt.ob.create import set_new_security
from provider.nt.ps.fork import clone_process
from provider.nt.ps.job import job_for_child
from provider.nt.se.subject import create_access
from provider.nt.startup import insert_process
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.ob import OBJECT_ATTRIBUTES
from provider.nt.table import nt
from provider.nt.types import BOOLEAN, HANDLE, ULONG
from provider.syscall import Out

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.process import Process
    from provider.nt.structs.ob import ObjectAttributes

BREAKAWAY, INHERIT_HANDLES = 0x1, 0x4
KNOWN_FLAGS = 0x1F
"""With NO_DEBUG_INHERIT, OVERRIDE_ADDRESS_SPACE and LARGE_PAGES (phnt, PROCESS_CREATE_FLAGS_…)."""


@nt.syscall(partial="An exception port learns of ended threads, not of exceptions.")
def NtCreateProcess(
    thread: Thread,
    ProcessHandle: Out[HANDLE],
    DesiredAccess: PROCESS_ACCESS,
    ObjectAttributes: OBJECT_ATTRIBUTES | None,
    ParentProcess: HANDLE,
    InheritObjectTable: BOOLEAN,
    SectionHandle: HANDLE,
    DebugPort: HANDLE,
    ExceptionPort: HANDLE,
) -> None:
    """Create a process of an image section, or without one a clone of its parent."""
    flags = INHERIT_HANDLES if InheritObjectTable else 0
    ports = _ports(thread, DebugPort, ExceptionPort)
    child = _create(thread, ParentProcess, SectionHandle, flags, ports)
    ProcessHandle.value = _publish(thread, child, DesiredAccess, ObjectAttributes)


@nt.syscall(
    partial="An exception port learns of ended threads, not of exceptions; large pages and job "
    "levels are ignored."
)
def NtCreateProcessEx(
    thread: Thread,
    ProcessHandle: Out[HANDLE],
    DesiredAccess: PROCESS_ACCESS,
    ObjectAttributes: OBJECT_ATTRIBUTES | None,
    ParentProcess: HANDLE,
    Flags: PROCESS_CREATE_FLAGS,
    SectionHandle: HANDLE,
    DebugPort: HANDLE,
    ExceptionPort: HANDLE,
    JobMemberLevel: ULONG,
) -> None:
    """Create a process of an image section, or without one a clone of its parent."""
    if Flags & ~KNOWN_FLAGS:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    ports = _ports(thread, DebugPort, ExceptionPort)
    child = _create(thread, ParentProcess, SectionHandle, Flags, ports)
    ProcessHandle.value = _publish(thread, child, DesiredAccess, ObjectAttributes)


class _Ports(NamedTuple):
    """Who is told of a process: its debugger, and who learns of its threads' ends."""

    debugger: DebugObject | None
    exceptions: Port | None


def _ports(thread: Thread, debug: int, exception: int) -> _Ports:
    """What two handles stand for, of which each may be 0.  NtError as `reference`."""
    return _Ports(
        reference(thread, debug, DebugObject, DEBUG_PROCESS_ASSIGN) if debug else None,
        reference(thread, exception, Port) if exception else None,
    )


def _create(
    thread: Thread, parent_handle: int, section_handle: int, flags: int, ports: _Ports
) -> Process:
    if not parent_handle:
        raise NtError(NTSTATUS.INVALID_PARAMETER)  # only the system makes processes of nobody
    parent = live_process(thread, parent_handle, PROCESS_CREATE_PROCESS)
    section = None
    if section_handle:
        section = reference(thread, section_handle, SectionObject, SECTION_MAP_EXECUTE)
    job = job_for_child(parent, breakaway=bool(flags & BREAKAWAY))
    inherit = partial(_inherit, parent) if flags & INHERIT_HANDLES else None
    if section is None:
        child = clone_process(parent, inherit)
        insert_process(child)
    else:
        child = _of_section(parent, section, inherit)
    try:
        if job is not None:
            job.assign(child)
        nt_part(child).hard_error_mode = nt_part(parent).hard_error_mode
        nt_part(child).set_exception_port(ports.exceptions)
        if ports.debugger is not None:
            ports.debugger.attach(child)
        if section is not None:
            nt_part(child).provider.executive.shims.apply(child)
    except (NtError, KernelError, AccessViolation):
        thread.process.kernel.terminate_process(child, NTSTATUS.UNSUCCESSFUL)
        raise
    return child


def _inherit(parent: Process, child: Process) -> None:
    parent.handles.inherit_into(child.handles)


def _of_section(
    parent: Process, section: SectionObject, inherit: Callable[[Process], None] | None
) -> Process:
    """A process with the section's image and ntdll mapped, and an empty PEB."""
    image = section.image
    try:
        check_runnable(image)
    except ImageError as error:
        raise NtError(NTSTATUS.INVALID_IMAGE_FORMAT) from error
    part = nt_part(parent)
    options = startup.image_given(part.provider, section.file_name)
    child = startup.create_process(
        part.provider,
        image,
        part.userland.ntdll,
        part.api_sets,
        section.file_name.rpartition("\\")[2],
        parent,
        options=options,
        inherit=inherit,
    )
    made = nt_part(child)
    made.file_names[made.image_base] = section.file_name
    made.image_path = _with_drive(parent, section.file_name)
    return child


def _with_drive(process: Process, name: str) -> str:
    """The NT path `name` as a path of Win32, or as it is where no drive leads there."""
    for drive, volume in process.kernel.io.volumes.items():
        root = volume.full_name()
        if name.startswith(root + "\\"):
            return f"{drive}:{name[len(root) :]}"
    return name


def _publish(
    thread: Thread, child: Process, access: int, attributes: ObjectAttributes | None
) -> int:
    """A handle for a new process, which ends again if there can be none."""
    inherit = attributes is not None and attributes.inherit
    try:
        set_new_security(thread, child, attributes)
        granted = create_access(thread, child, access)
        return thread.process.handles.insert(child, granted, inherit=inherit)
    except (NtError, KernelError, AccessViolation):
        thread.process.kernel.terminate_process(child, NTSTATUS.INSUFFICIENT_RESOURCES)
        raise
