"""Calls on the machine as a whole that no guest is allowed, or that have nothing to do."""

from __future__ import annotations

from provider.kernel.thread import Thread
from provider.nt.legend import EXECUTION_STATE, SHUTDOWN_ACTION
from provider.nt.status import NTSTATUS, NtError
from provider.nt.table import nt
from provider.nt.types import BOOLEAN, PVOID, ULONG, UNICODE_STRING
from provider.syscall import Out

_LAST_SHUTDOWN_ACTION = 2
_ES_CONTINUOUS = 0x80000000
_EXECUTION_STATES = 0x80000047


@nt.syscall()
def NtGetCurrentProcessorNumber(thread: Thread) -> int:
    """The processor that runs the caller: there is one."""
    return 0


@nt.syscall()
def NtShutdownSystem(thread: Thread, Action: SHUTDOWN_ACTION) -> None:
    """Refused: it takes a privilege that no guest holds."""
    if Action > _LAST_SHUTDOWN_ACTION:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    raise NtError(NTSTATUS.PRIVILEGE_NOT_HELD)


@nt.syscall()
def NtDisplayString(thread: Thread, String: UNICODE_STRING) -> None:
    """Refused: it takes a privilege that no guest holds."""
    raise NtError(NTSTATUS.PRIVILEGE_NOT_HELD)


@nt.syscall()
def NtQuerySystemEnvironmentValue(
    thread: Thread,
    VariableName: UNICODE_STRING,
    VariableValue: PVOID,
    ValueLength: ULONG,
    ReturnLength: Out[ULONG] | None,
) -> None:
    """Refused: it takes a privilege that no guest holds."""
    raise NtError(NTSTATUS.PRIVILEGE_NOT_HELD)


@nt.syscall()
def NtQueryDebugFilterState(thread: Thread, ComponentId: ULONG, Level: ULONG) -> int:
    """Whether debug output of a component is shown: it is not."""
    return 0


@nt.syscall()
def NtSetDebugFilterState(thread: Thread, ComponentId: ULONG, Level: ULONG, State: BOOLEAN) -> None:
    """Refused: it takes a privilege that no guest holds."""
    raise NtError(NTSTATUS.ACCESS_DENIED)


@nt.syscall(partial="The machine never sleeps, whatever is asked for.")
def NtSetThreadExecutionState(
    thread: Thread, NewFlags: EXECUTION_STATE, PreviousFlags: Out[EXECUTION_STATE]
) -> None:
    """Keep the system or the display from sleeping."""
    if NewFlags & ~_EXECUTION_STATES:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    PreviousFlags.value = _ES_CONTINUOUS
