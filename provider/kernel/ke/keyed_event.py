"""Keyed events: one object on which pairs of threads of one process meet by a number.

A release waits for a wait with the same key, so no wake-up is ever lost or kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.ke.wait import (
    SATISFIED,
    TIMED_OUT,
    Outcome,
    WaitBlock,
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
        self._queues: dict[tuple[int, int, bool], dict[WaitBlock, None]] = {}

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
            next(iter(partners)).end(SATISFIED)
            return SATISFIED
        if alertable and (outcome := take_alert(thread)) is not None:
            return outcome
        if due is not None and due <= thread.process.kernel.clock.interrupt_time():
            return TIMED_OUT
        place = (thread.process.id, key, releases)
        block = _Meeting(thread, alertable, f"key {key:#x}", self, place)
        self._queues.setdefault(place, {})[block] = None
        return await suspend(block, due)

    def forget(self, place: tuple[int, int, bool], block: WaitBlock) -> None:
        """A wait has ended."""
        queue = self._queues[place]
        del queue[block]
        if not queue:
            del self._queues[place]


class _Meeting(WaitBlock):
    """A wait at a place of a keyed event."""

    __slots__ = ("_event", "_place")

    def __init__(
        self,
        thread: Thread,
        alertable: bool,
        reason: str,
        event: KeyedEvent,
        place: tuple[int, int, bool],
    ) -> None:
        super().__init__(thread, (), False, alertable, reason)
        self._event, self._place = event, place

    def unlink(self) -> None:
        super().unlink()
        self._event.forget(self._place, self)
