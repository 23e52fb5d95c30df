"""Timer resolutions and the system time (winternl.h, timeapi.h; native Windows by Wine's tests)."""

from __future__ import annotations

import pytest

from provider.kernel.ke.timer_object import TimerObject
from provider.nt.status import NTSTATUS
from tests.provider.nt.ke.test_calls import Calls

COARSEST, FINEST = 156_250, 5_000
HOUR = 36_000_000_000


@pytest.fixture
def calls() -> Calls:
    return Calls()


def set_resolution(calls: Calls, units: int, wanted: bool) -> tuple[NTSTATUS, int]:
    return calls("NtSetTimerResolution", units, int(wanted), calls.out), calls.value()


def test_a_process_asks_for_a_resolution_and_takes_it_back(calls: Calls) -> None:
    assert set_resolution(calls, 0, False) == (NTSTATUS.TIMER_RESOLUTION_NOT_SET, COARSEST)
    assert set_resolution(calls, 1, True) == (0, FINEST)
    out = calls.out
    assert calls("NtQueryTimerResolution", out + 4, out + 8, out) == 0
    assert calls.value() == FINEST
    assert set_resolution(calls, COARSEST + 1, True) == (0, COARSEST)
    assert set_resolution(calls, 10_000, True) == (0, 10_000)
    assert set_resolution(calls, 0, False) == (0, COARSEST)
    assert set_resolution(calls, 0, False) == (NTSTATUS.TIMER_RESOLUTION_NOT_SET, COARSEST)
    assert calls("NtSetTimerResolution", 0, 0, 0) == NTSTATUS.ACCESS_VIOLATION


def test_a_timer_of_a_system_time_follows_it_and_a_relative_one_does_not(calls: Calls) -> None:
    clock = calls.machine.kernel.clock
    now, handles = clock.system_time(), calls.machine.process.handles
    timers = [calls.make("NtCreateTimer", 0) for _ in range(2)]
    for handle, due in zip(timers, (now + 2 * HOUR, -2 * HOUR), strict=True):
        assert calls("NtSetTimer", handle, calls.time(due), 0, 0, 0, 0, 0) == 0
    assert calls("NtSetSystemTime", calls.time(now + HOUR), 0) == 0
    absolute, relative = (handles.reference(handle, TimerObject).due for handle in timers)
    assert absolute is not None
    assert relative is not None
    assert (relative - absolute) // 10_000 == HOUR // 10_000
    assert calls("NtSetSystemTime", calls.time(0), 0) == NTSTATUS.INVALID_PARAMETER
