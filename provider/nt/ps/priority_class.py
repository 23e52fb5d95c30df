"""Priority classes: what a process chooses, and the base priority that it stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.ke.priority import set_process_base
from provider.nt.handles import nt_part
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from provider.kernel.process import Process

IDLE, NORMAL, HIGH, REALTIME, BELOW_NORMAL, ABOVE_NORMAL = range(1, 7)
"""PROCESS_PRIORITY_CLASS_* (ntpsapi.h)."""
_BASE = {IDLE: 4, BELOW_NORMAL: 6, NORMAL: 8, ABOVE_NORMAL: 10, HIGH: 13, REALTIME: 24}
_INHERITED = (IDLE, BELOW_NORMAL)


def is_priority_class(value: int) -> bool:
    """Whether a process can choose `value`."""
    return value in _BASE


def check_privilege(value: int) -> None:
    """NtError PRIVILEGE_NOT_HELD: real time is not for users."""
    if value == REALTIME:
        raise NtError(NTSTATUS.PRIVILEGE_NOT_HELD)


def set_priority_class(process: Process, value: int) -> None:
    """Move the process and its threads to the base priority of a class."""
    nt_part(process).priority_class = value
    set_process_base(process, _BASE[value])


def inherit_priority_class(parent: Process, child: Process) -> None:
    """Children of a process below the normal class are of that class ("CreateProcess")."""
    inherited = nt_part(parent).priority_class
    if inherited in _INHERITED:
        set_priority_class(child, inherited)
