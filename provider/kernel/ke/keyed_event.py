"""Keyed events: one object on which pairs of threads of one process meet by a number.

A release waits for a wait with the same key, so no wake-up is ever lost or kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.ke.priority import Boost
from provider.kernel.ke.wait import (
    KERNEL_APC,
    SATISFIED,
    TIMED_OUT,
    Outcome,
    WaitBlock,
    WaitReason,
    suspend,
    take_alert,
)
from provider.kernel.ob.access import GenericMapping
from provider.kernel.ob.object import KernelObject

if TYPE_CHECKING:
    from provider.kernel.thread import Thread


class KeyedEvent(KernelObject):
    """Threads that wait for a partner, by process, key, and whether they release."""

    __slots__ = ("_queues",)

    type_name = "KeyedEvent"
    generic = GenericMapping(read=0x20001, write=0x20002, execute=0x20000, all=0xF0003)

    def __init__(self) -> None:
        super().__init__()
        self._queues: dict[tuple[int, int, bool], dict[_Meeting, None]] = {}

    async def wait(self, thread: Thread, key: int, *, alertable: bool, due: int | None) -> Outcome:
        """Wait for a release of `key`."""
        return await self._meet(thread, key, False, alertable, due)

    async def release(
        self, thread: Thread, key: int, *, alertable: bool, due: int | None
    ) -> Outcome:
        """Let one thread go on that waits for `key`; wait for it if there is none."""
        return await self._meet(thread, key, True, alertable, due)

    async def _meet(
        self, thread: Thread, key: int, releases: bool, alertable: bool, due: int | None
    ) -> Outcome:
        partners = self._queues.get((thread.process.id, key, not releases))
        if partners:
            next(iter(partners)).meet()
            return SATISFIED
        place = (thread.process.id, key, releases)
        queue = self._queues.setdefault(place, {})
        block = _Meeting(thread, alertable, f"key {key:#x}", queue)
        queue[block] = None
        try:
            return await _wait_for_partner(block, due)
        finally:
            queue.pop(block, None)
            if not queue and self._queues.get(place) is queue:
                del self._queues[place]


async def _wait_for_partner(block: _Meeting, due: int | None) -> Outcome:
    """Wait at a place; a partner may come while the thread runs kernel APCs."""
    thread = block.thread
    while True:
        if block.alertable and (outcome := take_alert(thread)) is not None:
            return outcome
        if due is not None and due <= thread.process.kernel.clock.interrupt_time():
            return TIMED_OUT
        outcome = await suspend(block, due)
        if block.is_met:
            return SATISFIED
        if outcome is not KERNEL_APC:
            return outcome


class _Meeting(WaitBlock):
    """A wait at a place of a keyed event."""

    __slots__ = ("_queue", "is_met")

    def __init__(
        self, thread: Thread, alertable: bool, reason: str, queue: dict[_Meeting, None]
    ) -> None:
        super().__init__(thread, alertable=alertable, reason=reason, kind=WaitReason.WR_KEYED_EVENT)
        self._queue = queue
        self.is_met = False

    def meet(self) -> None:
        """The partner has come."""
        self.is_met = True
        del self._queue[self]
        if self.thread.wait_state.block is self:
            self.end(SATISFIED, Boost.SEMAPHORE)
