"""Who runs, at which priority, for how long (Windows Internals, 4th edition, chapter 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from provider.kernel.events import ThreadStateChange
from provider.kernel.ke.clock import UNITS_PER_SECOND
from provider.kernel.ke.event import Event
from provider.kernel.ke.priority import (
    QUANTUM_BLOCKS,
    SATURATION,
    WAIT_QUANTUM,
    Boost,
    increment_of,
    set_increment,
    set_process_base,
)
from provider.kernel.ke.scheduler import STACK_PROTECT_UNITS, STARVATION_UNITS
from provider.kernel.ke.wait import wait_for
from tests.provider.kernel.ke.world import World

if TYPE_CHECKING:
    from provider.kernel.thread import Thread


@pytest.fixture
def world() -> World:
    return World()


def ready(world: World, count: int) -> list[Thread]:
    """Threads that are ready, in this order."""
    threads = [world.thread() for _ in range(count)]
    for thread in threads:
        world.kernel.scheduler.start(thread)
    return threads


def use_up(world: World, thread: Thread) -> None:
    """Let the running thread come to the end of its quantum."""
    assert world.kernel.scheduler.running is thread
    thread.quantum = 0
    world.kernel.scheduler.end_slice()


def test_equals_take_turns_when_a_quantum_is_over(world: World) -> None:
    first, second = ready(world, 2)
    scheduler = world.kernel.scheduler
    assert scheduler.pick() is first
    scheduler.end_slice()
    assert scheduler.pick() is first
    use_up(world, first)
    assert scheduler.pick() is second
    assert first.quantum == QUANTUM_BLOCKS


def test_a_preempted_thread_goes_on_first(world: World) -> None:
    first, second, third = ready(world, 3)
    scheduler = world.kernel.scheduler
    scheduler.pick()
    scheduler.set_priority(third, 9)
    assert scheduler.switch_wanted
    assert scheduler.pick() is third
    scheduler.block(third)
    assert scheduler.pick() is first
    scheduler.block(first)
    assert scheduler.pick() is second


def test_who_gives_way_lets_even_a_lower_thread_run_for_a_quantum(world: World) -> None:
    first, second = ready(world, 2)
    scheduler = world.kernel.scheduler
    scheduler.set_priority(second, 4)
    assert scheduler.pick() is first
    assert scheduler.give_way(first)
    assert scheduler.pick() is second
    use_up(world, second)
    assert scheduler.pick() is first
    scheduler.terminate(second)
    assert not scheduler.give_way(first)


def test_a_wait_for_an_event_lifts_by_one_until_a_quantum_is_used_up(world: World) -> None:
    thread, event = world.thread(), Event(is_notification=False)
    scheduler = world.kernel.scheduler
    world.begin(thread, wait_for(thread, [event]))
    event.set()
    assert (thread.priority, thread.base_priority) == (9, 8)
    assert scheduler.pick() is thread
    use_up(world, thread)
    assert (thread.priority, thread.quantum) == (8, QUANTUM_BLOCKS)


def test_a_wait_costs_a_third_of_a_tick_but_not_at_14(world: World) -> None:
    thread, event = world.thread(), Event(is_notification=False)
    for base, left in ((8, QUANTUM_BLOCKS - WAIT_QUANTUM), (14, QUANTUM_BLOCKS)):
        thread.base_priority = thread.priority = base
        thread.quantum = QUANTUM_BLOCKS
        world.begin(thread, wait_for(thread, [event]))
        event.set()
        assert thread.quantum == left
        world.go_on(thread)


@pytest.mark.parametrize(
    ("priority", "disabled", "result"), [(8, True, 8), (15, False, 15), (24, False, 24)]
)
def test_who_is_not_lifted(world: World, priority: int, disabled: bool, result: int) -> None:
    thread, event = world.thread(), Event(is_notification=False)
    thread.base_priority = thread.priority = priority
    thread.is_boost_disabled = disabled
    world.begin(thread, wait_for(thread, [event]))
    event.set()
    assert thread.priority == result


def test_a_boost_is_relative_to_the_base_and_does_not_add_up(world: World) -> None:
    thread = world.thread()
    scheduler = world.kernel.scheduler
    for _ in range(3):
        scheduler.block(thread)
        scheduler.wake(thread, None, Boost.ALERT)
        scheduler.pick()
    assert thread.priority == 10


def test_base_priorities_follow_the_process(world: World) -> None:
    usual, low, top = (world.thread() for _ in range(3))
    set_increment(low, -2)
    set_increment(top, SATURATION)
    assert [thread.priority for thread in (usual, low, top)] == [8, 6, 15]
    set_process_base(world.process, 13)
    assert [thread.base_priority for thread in (usual, low, top)] == [13, 11, 15]
    assert [increment_of(thread) for thread in (usual, low, top)] == [0, -2, SATURATION]
    set_process_base(world.process, 4)
    set_increment(top, -SATURATION)
    assert [thread.priority for thread in (usual, low, top)] == [4, 2, 1]
    assert world.thread().priority == 4
    set_process_base(world.process, 24)
    assert [thread.priority for thread in (usual, low, top)] == [24, 22, 16]


def test_a_thread_that_is_ready_for_seconds_is_lifted_for_one_quantum(world: World) -> None:
    busy, starved = ready(world, 2)
    scheduler = world.kernel.scheduler
    scheduler.set_priority(starved, 4)
    starved.base_priority = 4
    assert scheduler.pick() is busy
    scheduler.tick_time += STARVATION_UNITS - 1
    scheduler.lift_starved()
    assert starved.priority == 4
    scheduler.tick_time += 1
    scheduler.lift_starved()
    assert scheduler.pick() is starved
    assert starved.priority == 15
    use_up(world, starved)
    assert starved.priority == 4
    assert scheduler.pick() is busy


def test_every_change_of_state_is_told(world: World) -> None:
    scheduler = world.kernel.scheduler
    seen: list[str] = []
    scheduler.events.subscribe(ThreadStateChange, lambda change: seen.append(change.state))
    thread = world.thread()
    scheduler.introduce(thread)
    scheduler.start(thread)
    scheduler.pick()
    scheduler.block(thread)
    scheduler.pick()
    scheduler.tick_time += STACK_PROTECT_UNITS
    scheduler.wake(thread, None)
    scheduler.pick()
    scheduler.terminate(thread)
    start = ["DeferredReady", "Ready", "Standby", "Running"]
    assert seen == ["Initialized", *start, "Waiting", "Transition", *start, "Terminated"]


def test_a_short_wait_leaves_the_kernel_stack_where_it_is(world: World) -> None:
    scheduler = world.kernel.scheduler
    thread = world.thread()
    scheduler.block(thread)
    scheduler.tick_time += UNITS_PER_SECOND
    seen: list[str] = []
    scheduler.events.subscribe(ThreadStateChange, lambda change: seen.append(change.state))
    scheduler.wake(thread, None)
    assert seen == ["DeferredReady", "Ready"]
