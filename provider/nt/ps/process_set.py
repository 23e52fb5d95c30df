"""What NtSetInformationProcess changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from provider.nt.access import PROCESS_SET_INFORMATION, PROCESS_SET_QUOTA
from provider.nt.handles import nt_part
from provider.nt.mm.process_information import (
    QUOTA_LIMITS_BYTES,
    QUOTA_LIMITS_EX_BYTES,
    STACK_ALLOCATION_BYTES,
    reserve_stack,
    set_quota_limits,
)
from provider.nt.ps.job import JOB_LIMIT
from provider.nt.ps.local_descriptors import LONGEST_LDT_INFORMATION, set_information, set_size
from provider.nt.ps.priority_class import check_privilege, is_priority_class, set_priority_class
from provider.nt.ps.process_class import PROCESSINFO
from provider.nt.ps.process_query import MEM_EXECUTE_OPTION_ENABLE, MEM_EXECUTE_OPTION_PERMANENT
from provider.nt.se.assign_token import set_primary_token
from provider.nt.se.privilege import (
    SE_DEBUG,
    SE_INCREASE_BASE_PRIORITY,
    SE_TCB,
)
from provider.nt.se.subject import require_privilege
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.se import PROCESS_ACCESS_TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.process import Process
    from provider.kernel.thread import Thread

_NORMAL_IO_PRIORITY, _CRITICAL_IO_PRIORITY = 2, 4
_NORMAL_PAGE_PRIORITY = 5


class Change(NamedTuple):
    """What is to be changed, with what the caller passes."""

    caller: Thread
    process: Process
    data: bytes
    va: int
    """Where the caller's structure is."""

    @property
    def value(self) -> int:
        """The data as one number."""
        return int.from_bytes(self.data, "little")


class Setter(NamedTuple):
    """How a class is set."""

    apply: Callable[[Change], int | None]
    sizes: tuple[int, ...] = (4,)
    access: int = PROCESS_SET_INFORMATION
    alignment: int = 4
    longest: int = 0
    """Where not 0, any length up to this one will do."""


def _set_quota_limits(change: Change) -> int:
    return set_quota_limits(change.process, change.value)


def _set_access_token(change: Change) -> None:
    handle = PROCESS_ACCESS_TOKEN.from_bytes(change.data).Token
    set_primary_token(change.caller, change.process, handle)


def _set_priority_class(change: Change) -> None:
    """The second byte of a PROCESS_PRIORITY_CLASS."""
    wanted = change.value >> 8
    if not is_priority_class(wanted):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    jobs = nt_part(change.process).jobs()
    limiting = [job for job in jobs if job.flags & JOB_LIMIT.PRIORITY_CLASS]
    wanted = limiting[0].basic.PriorityClass if limiting else wanted
    check_privilege(wanted)
    set_priority_class(change.process, wanted)


def _set_hard_error_mode(change: Change) -> None:
    nt_part(change.process).hard_error_mode = change.value


def _set_boost_disabled(change: Change) -> None:
    """For the threads that there are and those to come."""
    change.process.is_boost_disabled = bool(change.value)
    for target in change.process.threads:
        target.is_boost_disabled = bool(change.value)


def _set_affinity(change: Change) -> None:
    if change.value != 1:  # none, or a processor that is not there
        raise NtError(NTSTATUS.INVALID_PARAMETER)


def _set_execute_flags(change: Change) -> None:
    part = nt_part(change.process)
    if part.execution_is_permanent:
        raise NtError(NTSTATUS.ACCESS_DENIED)
    change.process.space.execute_data = bool(change.value & MEM_EXECUTE_OPTION_ENABLE)
    part.execution_is_permanent = bool(change.value & MEM_EXECUTE_OPTION_PERMANENT)


def _set_debug_flags(change: Change) -> None:
    nt_part(change.process).no_debug_inherit = not change.value & 1


def _set_break_on_termination(change: Change) -> None:
    require_privilege(change.caller, SE_DEBUG)


def _set_io_priority(change: Change) -> None:
    """Higher than normal takes a privilege; the highest is the memory manager's own."""
    if change.value >= _CRITICAL_IO_PRIORITY:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    if change.value > _NORMAL_IO_PRIORITY:
        require_privilege(change.caller, SE_INCREASE_BASE_PRIORITY)
    nt_part(change.process).io_priority = change.value


def _set_page_priority(change: Change) -> None:
    if not 0 < change.value <= _NORMAL_PAGE_PRIORITY:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    nt_part(change.process).page_priority = change.value


def _reserve_stack(change: Change) -> None:
    change.caller.process.space.write(change.va, reserve_stack(change.process, change.data))


def _set_local_descriptors(change: Change) -> None:
    set_information(change.process, change.data)


def _set_table_size(change: Change) -> None:
    set_size(change.process, change.data)


def _take_tcb(change: Change) -> None:
    """Only the system itself may."""
    require_privilege(change.caller, SE_TCB)


def _accept(change: Change) -> None:
    """The value changes nothing here: there is one processor, and no window in front."""


SETTERS: dict[int, Setter] = {
    PROCESSINFO.QUOTA_LIMITS: Setter(
        _set_quota_limits, (QUOTA_LIMITS_BYTES, QUOTA_LIMITS_EX_BYTES), PROCESS_SET_QUOTA
    ),
    PROCESSINFO.BASE_PRIORITY: Setter(_accept),
    PROCESSINFO.EXCEPTION_PORT: Setter(_take_tcb),
    PROCESSINFO.ACCESS_TOKEN: Setter(_set_access_token, (8,)),
    PROCESSINFO.LDT_INFORMATION: Setter(
        _set_local_descriptors, longest=LONGEST_LDT_INFORMATION, alignment=1
    ),
    PROCESSINFO.LDT_SIZE: Setter(_set_table_size, longest=LONGEST_LDT_INFORMATION, alignment=1),
    PROCESSINFO.DEFAULT_HARD_ERROR_MODE: Setter(_set_hard_error_mode),
    PROCESSINFO.USER_MODE_IOPL: Setter(_take_tcb),
    PROCESSINFO.ENABLE_ALIGNMENT_FAULT_FIXUP: Setter(_accept, (1,), alignment=1),
    PROCESSINFO.PRIORITY_CLASS: Setter(_set_priority_class, (2,), alignment=1),
    PROCESSINFO.AFFINITY_MASK: Setter(_set_affinity),
    PROCESSINFO.PRIORITY_BOOST: Setter(_set_boost_disabled),
    PROCESSINFO.FOREGROUND: Setter(_accept, (1,), alignment=1),
    PROCESSINFO.BREAK_ON_TERMINATION: Setter(_set_break_on_termination),
    PROCESSINFO.DEBUG_FLAGS: Setter(_set_debug_flags),
    PROCESSINFO.IO_PRIORITY: Setter(_set_io_priority),
    PROCESSINFO.EXECUTE_FLAGS: Setter(_set_execute_flags),
    PROCESSINFO.PAGE_PRIORITY: Setter(_set_page_priority),
    PROCESSINFO.THREAD_STACK_ALLOCATION: Setter(_reserve_stack, STACK_ALLOCATION_BYTES),
    PROCESSINFO.AFFINITY_UPDATE_MODE: Setter(_accept),
}
