"""What a creator's wishes do to a new process: handles, classes, limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError
from provider.kernel.mm import Protection
from provider.nt.handles import nt_part
from provider.nt.ps.attributes import Duplicate
from provider.nt.ps.priority_class import (
    check_privilege,
    inherit_priority_class,
    set_priority_class,
)
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from provider.kernel.process import Process
    from provider.nt.ps.attributes import ProcessAttributes
    from provider.nt.ps.parameters import Block

INHERIT_HANDLES = 0x4
MITIGATION_DEP_ENABLE = 0x1
_INDEX_BITS = ~3 & 0xFFFFFFFF


def fill_handles(
    parent: Process, block: Block | None, wanted: ProcessAttributes, flags: int, child: Process
) -> None:
    """Give the child what it inherits, and handles of its own for the standard ones.

    NtError INVALID_PARAMETER for a list with what cannot be inherited; KernelError.
    """
    inherits = bool(flags & INHERIT_HANDLES)
    if inherits and wanted.handles is not None:
        _inherit_listed(parent, wanted.handles, child)
    elif inherits:
        parent.handles.inherit_into(child.handles)
    if block is not None and _duplicates(wanted, child, inherits=inherits):
        skipped = 0 if wanted.standard is None else wanted.standard.pseudo
        block.duplicate_standard_handles(parent, child, skipped)


def apply(parent: Process, child: Process, wanted: ProcessAttributes) -> None:
    """Set what a process has from its creator beside memory and handles.

    NtError PRIVILEGE_NOT_HELD; KernelError for memory that cannot be reserved.
    """
    part = nt_part(child)
    part.hard_error_mode = nt_part(parent).hard_error_mode
    if wanted.error_mode is not None:
        part.hard_error_mode = wanted.error_mode
    inherit_priority_class(parent, child)
    if wanted.priority_class is not None:
        check_privilege(wanted.priority_class)
        set_priority_class(child, wanted.priority_class)
    if wanted.mitigation & MITIGATION_DEP_ENABLE:
        child.space.execute_data = False
        part.execution_is_permanent = True
    part.may_create_children = wanted.may_create_children
    for va, size in wanted.reservations:
        child.space.allocate(
            va or None, size, reserve=True, commit=False, protection=Protection.NONE
        )


def check_may_create(parent: Process) -> None:
    """NtError CHILD_PROCESS_BLOCKED (PROCESS_CREATION_CHILD_PROCESS_RESTRICTED)."""
    if not nt_part(parent).may_create_children:
        raise NtError(NTSTATUS.CHILD_PROCESS_BLOCKED)


def _inherit_listed(parent: Process, listed: tuple[int, ...], child: Process) -> None:
    """Only these, which have to be inheritable ("UpdateProcThreadAttribute", Win32 API)."""
    kept = {handle & _INDEX_BITS for handle in listed}
    try:
        if not all(parent.handles.entry(handle).inherit for handle in kept):
            raise NtError(NTSTATUS.INVALID_PARAMETER)
    except KernelError as error:
        raise NtError(NTSTATUS.INVALID_PARAMETER) from error
    parent.handles.inherit_into(child.handles)
    for handle, entry in list(child.handles):
        if handle not in kept:
            entry.protect = False
            child.handles.close(handle)


def _duplicates(wanted: ProcessAttributes, child: Process, *, inherits: bool) -> bool:
    """Whether the child gets handles of its own for the standard ones (PS_STD_HANDLE_STATE)."""
    if wanted.standard is None:
        return not inherits
    if wanted.standard.duplicate is Duplicate.REQUESTED:
        return not inherits and nt_part(child).image.subsystem == wanted.standard.subsystem
    return wanted.standard.duplicate is Duplicate.ALWAYS
