"""Keyed events and alerts by thread id: where two threads meet without an object between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from provider.kernel.ke.alert import alert, alert_by_id, wait_for_alert_by_id
from provider.kernel.ke.keyed_event import KeyedEvent
from provider.kernel.ke.wait import ALERTED, SATISFIED, TIMED_OUT
from tests.provider.kernel.ke.world import World

if TYPE_CHECKING:
    from provider.kernel.thread import Thread


@pytest.fixture
def world() -> World:
    return World()


def release_at_once(world: World, event: KeyedEvent, key: int) -> bool:
    """Whether a thread waits for `key`, which is released."""
    thread = world.thread()
    outcome = world.begin(thread, event.release(thread, key, alertable=False, due=0))
    return outcome == SATISFIED


def wait(world: World, event: KeyedEvent, key: int, thread: Thread, due: int | None = None) -> None:
    assert world.begin(thread, event.wait(thread, key, alertable=False, due=due)) is None


def test_keys_of_other_processes_are_other_keys(world: World) -> None:
    event = KeyedEvent()
    wait(world, event, 8, world.thread(world.kernel.create_minimal_process("other")))
    assert not release_at_once(world, event, 8)


def test_a_thread_that_is_gone_is_not_released(world: World) -> None:
    event, gone, late = KeyedEvent(), world.thread(), world.thread()
    wait(world, event, 8, gone)
    world.kernel.terminate_thread(gone, 0)
    wait(world, event, 8, late, due=world.kernel.clock.interrupt_time() + 5)
    world.pass_time(5)
    assert world.woken(late) == TIMED_OUT
    assert not release_at_once(world, event, 8)
    assert not event._queues


def test_a_release_lets_the_first_waiter_of_its_key_go_on(world: World) -> None:
    event = KeyedEvent()
    first, second, other = world.thread(), world.thread(), world.thread()
    for thread, key in ((first, 8), (second, 8), (other, 16)):
        wait(world, event, key, thread)
    assert release_at_once(world, event, 8)
    assert world.woken(first) == SATISFIED
    assert world.woken(second) is None
    assert world.woken(other) is None


def test_a_release_waits_for_a_waiter(world: World) -> None:
    event, releaser, waiter = KeyedEvent(), world.thread(), world.thread()
    call = event.release(releaser, 8, alertable=True, due=None)
    assert world.begin(releaser, call) is None
    assert world.begin(waiter, event.wait(waiter, 8, alertable=False, due=None)) == SATISFIED
    assert world.woken(releaser) == SATISFIED
    assert world.begin(releaser, event.release(releaser, 8, alertable=True, due=None)) is None
    alert(releaser)
    assert world.woken(releaser) == ALERTED
    assert not event._queues


def test_an_alert_by_id_is_kept_for_the_next_wait_but_only_one(world: World) -> None:
    thread = world.thread()
    alert_by_id(thread)
    alert_by_id(thread)
    assert world.begin(thread, wait_for_alert_by_id(thread, None, "")) == ALERTED
    assert world.begin(thread, wait_for_alert_by_id(thread, 0, "")) == TIMED_OUT
    assert world.begin(thread, wait_for_alert_by_id(thread, None, "")) is None
    alert(thread)
    assert world.woken(thread) is None
    alert_by_id(thread)
    assert world.woken(thread) == ALERTED
    assert not thread.wait_state.alerted_by_id
