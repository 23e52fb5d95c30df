"""Virtual time and the host's."""

from __future__ import annotations

from provider.kernel.ke.clock import (
    BLOCKS_PER_UNIT,
    CYCLES_PER_UNIT,
    DEFAULT_START,
    Clock,
    HostTime,
    RealClock,
)


def test_virtual_time_counts_blocks_and_jumps() -> None:
    blocks = [0]
    clock = Clock(lambda: blocks[0])
    blocks[0] = 7 * BLOCKS_PER_UNIT
    assert (clock.interrupt_time(), clock.cycles()) == (7, 7 * CYCLES_PER_UNIT)
    clock.advance_to(100)
    assert (clock.interrupt_time(), clock.idle_time()) == (100, 93)
    clock.advance_to(50)
    assert clock.interrupt_time() == 100
    assert clock.system_time() == DEFAULT_START + 100
    clock.set_system_time(5)
    assert (clock.system_time(), clock.interrupt_time()) == (5, 100)


def test_real_time_passes_by_itself_and_is_slept_when_idle() -> None:
    now = 5_000
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        nonlocal now
        slept.append(seconds)
        now += int(seconds * 1e9) // 2  # woken too early

    clock = RealClock(lambda: 0, HostTime(lambda: now, sleep))
    now += 700
    assert (clock.interrupt_time(), clock.cycles()) == (7, 70)
    clock.advance_to(1_000_007)
    assert clock.interrupt_time() >= 1_000_007
    assert slept[:2] == [0.1, 0.05]
    assert clock.idle_time() == clock.interrupt_time() - 7
    count = len(slept)
    clock.advance_to(5)
    assert len(slept) == count
