"""Calls on the clock."""

from __future__ import annotations

from provider.kernel.thread import Thread
from provider.nt.handles import nt_part
from provider.nt.shared_data import QPC_FREQUENCY
from provider.nt.status import NTSTATUS, NtError
from provider.nt.table import nt
from provider.nt.ticks import TICK_UNITS
from provider.nt.types import BOOLEAN, LARGE_INTEGER, ULONG
from provider.syscall import Out

COARSEST_RESOLUTION = TICK_UNITS
FINEST_RESOLUTION = 5_000
"""Timer resolutions in 100 ns, as machines with a usual clock report them."""


@nt.syscall()
def NtQuerySystemTime(thread: Thread, SystemTime: Out[LARGE_INTEGER]) -> None:
    """Tell the time in 100 ns since 1601."""
    SystemTime.value = thread.process.kernel.clock.system_time()


@nt.syscall(partial="No privilege is asked for, and timers set to a system time do not move.")
def NtSetSystemTime(
    thread: Thread, SystemTime: LARGE_INTEGER, PreviousTime: Out[LARGE_INTEGER] | None
) -> None:
    """Set the machine's clock."""
    if SystemTime <= 0:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    clock = thread.process.kernel.clock
    before = clock.system_time()
    clock.set_system_time(SystemTime)
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
    CurrentTime.value = COARSEST_RESOLUTION


@nt.syscall(partial="Timers are always exact, so that the value changes nothing but the answer.")
def NtSetTimerResolution(
    thread: Thread, DesiredTime: ULONG, SetResolution: BOOLEAN, ActualTime: Out[ULONG]
) -> None:
    """Ask for another interval of the clock interrupt."""
    wanted = max(FINEST_RESOLUTION, min(DesiredTime, COARSEST_RESOLUTION))
    ActualTime.value = wanted if SetResolution else COARSEST_RESOLUTION
