"""Kernel APCs and suspension, which is one (WDK, "Types of APCs"; KeInitializeApc's users)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from provider.kernel.ke.apc import (
    KernelApc,
    critical_region,
    guarded_region,
    queue_kernel_apc,
    run_kernel_apcs,
)
from provider.kernel.ke.event import Event
from provider.kernel.ke.keyed_event import KeyedEvent
from provider.kernel.ke.suspension import resume_thread, suspend_thread
from provider.kernel.ke.wait import SATISFIED, TIMED_OUT, Outcome, wait_for
from tests.provider.kernel.ke.world import World

if TYPE_CHECKING:
    from provider.kernel.thread import Thread


@pytest.fixture
def world() -> World:
    return World()


class Log:
    """APCs that note when they run."""

    def __init__(self) -> None:
        self.entries: list[str] = []

    def special(self, name: str) -> KernelApc:
        return KernelApc(lambda _: self.entries.append(name))

    def normal(self, name: str, event: Event | None = None) -> KernelApc:
        async def routine(thread: Thread) -> None:
            self.entries.append(name)
            if event is not None:
                await wait_for(thread, [event])
                self.entries.append(f"{name} goes on")

        return KernelApc(lambda _: self.entries.append(f"{name}'s kernel routine"), routine)


async def run(thread: Thread) -> Outcome:
    """What a thread does that returns to user mode."""
    await run_kernel_apcs(thread)
    return SATISFIED


def test_special_ones_run_before_normal_ones_each_in_the_order_of_coming(world: World) -> None:
    thread, log = world.thread(), Log()
    for apc in (log.normal("c"), log.special("a"), log.normal("d"), log.special("b")):
        queue_kernel_apc(thread, apc)
    assert world.begin(thread, run(thread)) == SATISFIED
    assert log.entries == ["a", "b", "c's kernel routine", "c", "d's kernel routine", "d"]


def test_a_special_one_interrupts_a_normal_routine_and_a_normal_one_does_not(world: World) -> None:
    thread, log, event = world.thread(), Log(), Event(is_notification=True)
    queue_kernel_apc(thread, log.normal("first", event))
    assert world.begin(thread, run(thread)) is None
    queue_kernel_apc(thread, log.normal("second"))
    assert world.woken(thread) is None
    queue_kernel_apc(thread, log.special("special"))
    assert world.woken(thread) is None
    assert log.entries[1:] == ["first", "special"]
    event.set()
    assert world.woken(thread) == SATISFIED
    assert log.entries[3:] == ["first goes on", "second's kernel routine", "second"]


def test_a_wait_is_left_for_an_apc_and_begins_anew(world: World) -> None:
    first, second, log = world.thread(), world.thread(), Log()
    event = Event(is_notification=False)
    for thread in (first, second):
        world.begin(thread, wait_for(thread, [event]))
    queue_kernel_apc(first, log.special("apc"))
    assert world.woken(first) is None
    assert log.entries == ["apc"]
    event.set()  # the first is now behind the second
    assert world.woken(first) is None
    assert world.woken(second) == SATISFIED


def test_a_wait_that_begins_anew_keeps_its_time(world: World) -> None:
    thread, log = world.thread(), Log()
    due = world.kernel.clock.interrupt_time() + 10
    world.begin(thread, wait_for(thread, [Event(is_notification=False)], due=due))
    world.pass_time(6)
    queue_kernel_apc(thread, log.special("apc"))
    assert world.woken(thread) is None
    world.pass_time(4)
    assert world.woken(thread) == TIMED_OUT


def test_regions_keep_apcs_pending(world: World) -> None:
    thread, log = world.thread(), Log()
    with guarded_region(thread):
        queue_kernel_apc(thread, log.special("special"))
        assert world.begin(thread, run(thread)) == SATISFIED
        assert not log.entries
    with critical_region(thread):
        queue_kernel_apc(thread, log.normal("normal"))
        assert world.begin(thread, run(thread)) == SATISFIED
        assert log.entries == ["special"]
    assert world.kernel.scheduler.switch_wanted
    world.begin(thread, run(thread))
    assert log.entries[-1] == "normal"


def test_a_signal_is_not_lost_to_a_suspended_thread(world: World) -> None:
    thread, other = world.thread(), world.thread()
    event = Event(is_notification=False)
    world.begin(thread, wait_for(thread, [event]))
    assert suspend_thread(thread) == 0
    assert world.woken(thread) is None
    event.set()
    assert world.woken(thread) is None
    assert event.signaled
    assert world.begin(other, wait_for(other, [event])) == SATISFIED
    event.set()
    assert resume_thread(thread) == 1
    assert world.woken(thread) == SATISFIED


def test_a_thread_resumed_before_it_could_stop_goes_on(world: World) -> None:
    thread = world.thread()
    assert [suspend_thread(thread), suspend_thread(thread)] == [0, 1]
    assert [resume_thread(thread), resume_thread(thread), resume_thread(thread)] == [2, 1, 0]
    assert world.begin(thread, run(thread)) == SATISFIED


def test_a_meeting_is_kept_while_a_thread_is_suspended(world: World) -> None:
    thread, partner = world.thread(), world.thread()
    event = KeyedEvent()
    world.begin(thread, event.wait(thread, 4, alertable=False, due=None))
    suspend_thread(thread)
    assert world.woken(thread) is None
    call = event.release(partner, 4, alertable=False, due=None)
    assert world.begin(partner, call) == SATISFIED
    resume_thread(thread)
    assert world.woken(thread) == SATISFIED


def test_a_thread_that_has_ended_runs_none(world: World) -> None:
    thread, log = world.thread(), Log()
    world.thread()
    queue_kernel_apc(thread, log.special("never"))
    world.kernel.terminate_thread(thread, 0)
    assert not thread.apc_state.deliverable
