"""Waits for dispatcher objects (Windows Internals, 4th edition, chapter 3; WDK, KeWaitFor…)."""

from __future__ import annotations

import pytest

from provider.kernel.errors import KernelError
from provider.kernel.ke.alert import MOST_APCS, alert, queue_user_apc
from provider.kernel.ke.event import Event
from provider.kernel.ke.mutant import Mutant
from provider.kernel.ke.semaphore import Semaphore
from provider.kernel.ke.timer_object import TimerObject
from provider.kernel.ke.wait import (
    ALERTED,
    SATISFIED,
    TIMED_OUT,
    USER_APC,
    Outcome,
    WaitEnd,
    wait_for,
)
from tests.provider.kernel.ke.world import World


@pytest.fixture
def world() -> World:
    return World()


def signaled(timer: TimerObject) -> bool:
    """Whether a timer is signalled now."""
    return timer.signaled


def test_a_terminated_thread_waits_for_nothing_any_more(world: World) -> None:
    event, thread = Event(is_notification=False), world.thread()
    world.thread()
    due = world.kernel.clock.interrupt_time() + 10
    assert world.begin(thread, wait_for(thread, [event], due=due)) is None
    world.kernel.terminate_thread(thread, 1)
    assert not event.waiters
    assert not len(world.kernel.timers)
    event.set()
    assert event.signaled


def test_a_wait_that_times_out_takes_nothing(world: World) -> None:
    semaphore, thread = Semaphore(0, 5), world.thread()
    due = world.kernel.clock.interrupt_time() + 10
    assert world.begin(thread, wait_for(thread, [semaphore], due=due)) is None
    world.pass_time(9)
    assert world.woken(thread) is None
    world.pass_time(1)
    assert world.woken(thread) == TIMED_OUT
    assert semaphore.release(1) == 0
    assert semaphore.count == 1


def test_a_time_that_has_passed_is_a_poll(world: World) -> None:
    event, thread = Event(is_notification=True), world.thread()
    assert world.begin(thread, wait_for(thread, [event], due=0)) == TIMED_OUT
    event.set()
    assert world.begin(thread, wait_for(thread, [event], due=0)) == SATISFIED


def test_a_synchronisation_event_lets_one_thread_go_on_a_notification_event_all(
    world: World,
) -> None:
    first, second = world.thread(), world.thread()
    for notification, woken in ((False, [SATISFIED, None]), (True, [SATISFIED, SATISFIED])):
        event = Event(is_notification=notification)
        for thread in (first, second):
            assert world.begin(thread, wait_for(thread, [event])) is None
        event.set()
        assert [world.woken(thread) for thread in (first, second)] == woken
        assert event.signaled is notification
        if not notification:
            event.set()
            assert world.woken(second) == SATISFIED


def test_a_pulse_is_only_for_those_who_wait(world: World) -> None:
    event, thread = Event(is_notification=True), world.thread()
    assert event.pulse() is False
    assert world.begin(thread, wait_for(thread, [event])) is None
    event.pulse()
    assert world.woken(thread) == SATISFIED
    assert not event.signaled


def test_any_takes_the_first_signalled_object_and_no_other(world: World) -> None:
    thread = world.thread()
    semaphores = [Semaphore(0, 9), Semaphore(2, 9), Semaphore(2, 9)]
    outcome = world.begin(thread, wait_for(thread, semaphores))
    assert outcome == Outcome(WaitEnd.SATISFIED, 1)
    assert [semaphore.count for semaphore in semaphores] == [0, 1, 2]


def test_all_takes_nothing_until_it_can_take_all(world: World) -> None:
    waiter, other = world.thread(), world.thread()
    event, semaphore = Event(is_notification=False, signaled=True), Semaphore(0, 9)
    assert world.begin(waiter, wait_for(waiter, [event, semaphore], wait_all=True)) is None
    assert world.begin(other, wait_for(other, [event])) == SATISFIED
    semaphore.release(1)
    assert world.woken(waiter) is None
    assert semaphore.count == 1
    event.set()
    assert world.woken(waiter) == SATISFIED
    assert (event.signaled, semaphore.count) == (False, 0)
    assert not event.waiters
    assert not semaphore.waiters


def test_a_mutant_belongs_to_its_owner_until_released_as_often_as_acquired(world: World) -> None:
    owner, waiter = world.thread(), world.thread()
    mutant = Mutant(owner)
    assert world.begin(owner, wait_for(owner, [mutant])) == SATISFIED
    assert world.begin(waiter, wait_for(waiter, [mutant])) is None
    mutant.release()
    assert world.woken(waiter) is None
    mutant.release()
    assert world.woken(waiter) == SATISFIED
    assert mutant.owner is waiter
    assert list(waiter.wait_state.mutants) == [mutant]
    assert not owner.wait_state.mutants


def test_the_end_of_an_owner_abandons_its_mutants(world: World) -> None:
    owner, waiter = world.thread(), world.thread()
    event, mutant = Event(is_notification=True, signaled=True), Mutant(owner)
    assert world.begin(waiter, wait_for(waiter, [event, mutant], wait_all=True)) is None
    world.kernel.terminate_thread(owner, 0)
    assert world.woken(waiter) == Outcome(WaitEnd.ABANDONED)
    mutant.release()
    assert world.begin(waiter, wait_for(waiter, [mutant])) == SATISFIED


def test_a_deleted_mutant_leaves_its_owner(world: World) -> None:
    owner = world.thread()
    mutant = Mutant(owner)
    mutant.reference()
    mutant.dereference()
    assert not owner.wait_state.mutants


def test_threads_and_processes_are_signalled_by_their_end(world: World) -> None:
    child = world.kernel.create_minimal_process("child")
    thread, last = world.thread(child), world.thread(child)
    first, second = world.thread(), world.thread()
    assert world.begin(first, wait_for(first, [thread])) is None
    assert world.begin(second, wait_for(second, [child])) is None
    world.kernel.terminate_thread(thread, 0)
    assert world.woken(first) == SATISFIED
    assert world.woken(second) is None
    world.kernel.terminate_thread(last, 0)
    assert world.woken(second) == SATISFIED
    assert world.begin(first, wait_for(first, [thread, child], wait_all=True)) == SATISFIED


def test_a_signalled_object_counts_before_an_alert_and_that_before_an_apc(world: World) -> None:
    thread, event = world.thread(), Event(is_notification=True, signaled=True)
    alert(thread)
    queue_user_apc(thread, "apc")
    assert world.begin(thread, wait_for(thread, [event], alertable=True)) == SATISFIED
    event.reset()
    assert world.begin(thread, wait_for(thread, [event], due=0)) == TIMED_OUT
    assert world.begin(thread, wait_for(thread, [event], alertable=True, due=0)) == ALERTED
    assert world.begin(thread, wait_for(thread, [event], alertable=True, due=0)) == USER_APC
    assert list(thread.wait_state.user_apcs) == ["apc"]


@pytest.mark.parametrize("alertable", [False, True])
def test_only_alertable_waits_end_by_alerts_and_apcs(world: World, alertable: bool) -> None:
    thread, event = world.thread(), Event(is_notification=True)
    for end, outcome in ((alert, ALERTED), (lambda one: queue_user_apc(one, 1), USER_APC)):
        assert world.begin(thread, wait_for(thread, [event], alertable=alertable)) is None
        end(thread)
        assert world.woken(thread) == (outcome if alertable else None)
        if not alertable:
            event.pulse()
            assert world.woken(thread) == SATISFIED
        thread.wait_state.alerted = False
        thread.wait_state.user_apcs.clear()


def test_pending_apcs_are_bounded(world: World) -> None:
    thread = world.thread()
    thread.wait_state.user_apcs.extend(range(MOST_APCS))
    with pytest.raises(KernelError):
        queue_user_apc(thread, "one more")


def test_a_timer_is_signalled_at_its_time_again_and_again(world: World) -> None:
    timer, thread = TimerObject(world.kernel, is_notification=False), world.thread()
    expiries: list[int] = []
    clock = world.kernel.clock
    now = clock.interrupt_time()
    timer.set(now + 10, 5, lambda: expiries.append(clock.interrupt_time() - now))
    assert world.begin(thread, wait_for(thread, [timer])) is None
    world.pass_time(9)
    assert world.woken(thread) is None
    world.pass_time(1)
    assert world.woken(thread) == SATISFIED
    assert signaled(timer) is False
    world.pass_time(5)
    assert signaled(timer) is True
    assert timer.cancel()
    world.pass_time(50)
    assert len(expiries) == 2
    assert not len(world.kernel.timers)


def test_a_timer_whose_time_has_passed_is_signalled_at_once(world: World) -> None:
    timer = TimerObject(world.kernel, is_notification=True)
    assert timer.set(0, 0, None) is False
    assert signaled(timer) is True
    assert timer.set(None, 0, None) is True
    assert signaled(timer) is False
    assert timer.due is None


def test_a_timer_that_nobody_knows_any_more_does_not_expire(world: World) -> None:
    timer = TimerObject(world.kernel, is_notification=True)
    timer.reference()
    timer.set(world.kernel.clock.interrupt_time() + 100, 1, None)
    timer.dereference()
    assert not len(world.kernel.timers)
