"""The queue of timers."""

from __future__ import annotations

from functools import partial

from provider.kernel.ke.timer import TimerQueue


def nothing() -> None:
    pass


def test_cancelled_timers_do_not_pile_up() -> None:
    timers = TimerQueue()
    keep = [timers.set(due, nothing) for due in range(10)]
    for due in range(10_000):
        timers.set(due + 10, nothing).cancel()
    assert len(timers) == len(keep)
    assert len(timers._heap) < 200


def test_a_timer_is_cancelled_once() -> None:
    timers = TimerQueue()
    timer = timers.set(1, nothing)
    timer.cancel()
    timer.cancel()
    assert len(timers) == 0
    assert timers.next_due() is None


def test_timers_expire_in_the_order_of_time_and_then_of_setting() -> None:
    timers, log = TimerQueue(), list[int]()
    for number, due in enumerate((5, 3, 5, 9)):
        timers.set(due, partial(log.append, number))
    timers.expire(5)
    assert log == [1, 0, 2]
    assert timers.next_due() == 9


def test_what_expires_may_set_and_cancel_timers() -> None:
    timers, log = TimerQueue(), list[str]()
    doomed = timers.set(4, lambda: log.append("doomed"))

    def first() -> None:
        doomed.cancel()
        timers.set(2, lambda: log.append("again"))

    timers.set(1, first)
    timers.expire(10)
    assert log == ["again"]
    assert len(timers) == 0
