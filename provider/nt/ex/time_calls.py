"""Calls on the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.thread import Thread
from provider.nt.handles import nt_part
from provider.nt.process import NtProcess
from provider.nt.shared_data import QPC_FREQUENCY
from provider.nt.status import NTSTATUS, NtError
from provider.nt.table import nt
from provider.nt.ticks import TICK_UNITS
from provider.nt.types import BOOLEAN, LARGE_INTEGER, TIME, ULONG
from provider.syscall import Out

if TYPE_CHECKING:
    from provider.kernel.kernel import Kernel

COARSEST_RESOLUTION = TICK_UNITS
FINEST_RESOLUTION = 5_000
"""Timer resolutions in 100 ns, as machines with a usual clock report them."""


@nt.syscall()
def NtQuerySystemTime(thread: Thread, SystemTime: Out[TIME]) -> None:
    """Tell the time in 100 ns since 1601."""
    SystemTime.value = thread.process.kernel.clock.system_time()


@nt.syscall(partial="No privilege is asked for.")
def NtSetSystemTime(thread: Thread, SystemTime: TIME, PreviousTime: Out[TIME] | None) -> None:
    """Set the machine's clock."""
    if SystemTime <= 0:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    clock = thread.process.kernel.clock
    before = clock.system_time()
    clock.set_system_time(SystemTime)
    thread.process.kernel.timers.follow_system_time(SystemTime - before)
    nt_part(thread.process).provider.shared_data.update()
    if PreviousTime is not None:
        PreviousTime.value = before


@nt.syscall()
def NtQueryPerformanceCounter(
    thread: Thread,
    PerformanceCounter: Out[LARGE_INTEGER],
    PerformanceFrequency: Out[LARGE_INTEGER] | None,
) -> None:
    """Tell a counter's value and its counts a second."""
    PerformanceCounter.value = thread.process.kernel.clock.interrupt_time()
    if PerformanceFrequency is not None:
        PerformanceFrequency.value = QPC_FREQUENCY


@nt.syscall()
def NtQueryTimerResolution(
    thread: Thread,
    MaximumTime: Out[ULONG],
    MinimumTime: Out[ULONG],
    CurrentTime: Out[ULONG],
) -> None:
    """Tell the clock interrupt's longest, shortest and present interval."""
    MaximumTime.value = COARSEST_RESOLUTION
    MinimumTime.value = FINEST_RESOLUTION
    CurrentTime.value = _current_resolution(thread.process.kernel)


@nt.syscall(partial="Timers are always exact, so that the value changes nothing but the answer.")
def NtSetTimerResolution(
    thread: Thread, DesiredTime: ULONG, SetResolution: BOOLEAN, ActualTime: Out[ULONG]
) -> None:
    """Ask for another interval of the clock interrupt, or take the process's wish back.

    The finest interval that any process wants is that of all.
    """
    part = nt_part(thread.process)
    before = part.timer_resolution
    wanted = max(FINEST_RESOLUTION, min(DesiredTime, COARSEST_RESOLUTION))
    part.timer_resolution = wanted if SetResolution else 0
    ActualTime.value = _current_resolution(thread.process.kernel)
    if not SetResolution and not before:
        raise NtError(NTSTATUS.TIMER_RESOLUTION_NOT_SET)


def _current_resolution(kernel: Kernel) -> int:
    parts = [process.context for process in kernel.processes.values()]
    wishes = [part.timer_resolution for part in parts if isinstance(part, NtProcess)]
    return min(filter(None, wishes), default=COARSEST_RESOLUTION)
