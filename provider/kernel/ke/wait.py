"""Waiting: for any or all of several objects, for a time, for an alert or a user APC.

A wait that cannot be satisfied at once links a `WaitBlock` to each object.  Whoever signals an
object satisfies the waits for it in the order in which they began, until it is signalled no more
("Dispatcher objects", Windows Internals, 4th edition, chapter 3).
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from emu.int_enum import IntEnum
from emu.named_tuple import NamedTuple
from provider.kernel.ke.apc import run_kernel_apcs
from provider.kernel.ke.priority import Boost
from provider.kernel.thread import Wait

if TYPE_CHECKING:
    from collections.abc import Sequence

    from provider.kernel.ke.timer import Timer
    from provider.kernel.ke.waitable import Waitable
    from provider.kernel.thread import Thread


class WaitEnd(Enum):
    """Why a wait ended."""

    SATISFIED = auto()
    ABANDONED = auto()
    """Satisfied, by a mutant whose owner ended without releasing it."""
    TIMED_OUT = auto()
    USER_APC = auto()
    ALERTED = auto()
    KERNEL_APC = auto()
    """Not at all: the thread has run kernel APCs, and waits again."""


class WaitReason(IntEnum):
    """What kind of wait it is, as lists of threads tell it (KWAIT_REASON, wdm.h)."""

    EXECUTIVE = 0
    DELAY_EXECUTION = 4
    SUSPENDED = 5
    USER_REQUEST = 6
    WR_QUEUE = 15
    WR_KEYED_EVENT = 21
    WR_ALERT_BY_THREAD_ID = 37

    @property
    def title(self) -> str:
        """The name as NT writes it."""
        return self.name.title().replace("_", "")


class Outcome(NamedTuple):
    """How a wait ended; `position` is that of the object which satisfied a wait for any."""

    end: WaitEnd
    position: int = 0


SATISFIED = Outcome(WaitEnd.SATISFIED)
TIMED_OUT = Outcome(WaitEnd.TIMED_OUT)
USER_APC = Outcome(WaitEnd.USER_APC)
ALERTED = Outcome(WaitEnd.ALERTED)
KERNEL_APC = Outcome(WaitEnd.KERNEL_APC)


class WaitBlock:
    """A wait under way."""

    __slots__ = ("alertable", "kind", "objects", "reason", "thread", "timer", "wait_all")

    def __init__(
        self,
        thread: Thread,
        objects: Sequence[Waitable] = (),
        *,
        wait_all: bool = False,
        alertable: bool = False,
        reason: str = "",
        kind: WaitReason = WaitReason.USER_REQUEST,
    ) -> None:
        self.thread, self.objects = thread, objects
        self.wait_all, self.alertable = wait_all, alertable
        self.reason = reason
        """What the thread waits for where that is no object, for reports."""
        self.kind = kind
        self.timer: Timer | None = None

    def satisfy(self) -> Outcome | None:
        """See `satisfy`."""
        return satisfy(self.thread, self.objects, self.wait_all)

    def end(self, outcome: Outcome, increment: int = 0) -> None:
        """Let the thread go on with `outcome`, at a priority that is `increment` higher."""
        self.unlink()
        self.thread.process.kernel.scheduler.wake(self.thread, outcome, increment)

    def interrupt(self) -> None:
        """Let the thread run its kernel APCs."""
        self.end(KERNEL_APC)

    def link(self, due: int | None) -> None:
        """Begin to wait, until interrupt time `due` at most."""
        kernel = self.thread.process.kernel
        for target in self.objects:
            target.waiters[self] = None
        if due is not None:
            self.timer = kernel.timers.set(due, lambda: self.end(TIMED_OUT))
        self.thread.wait_state.block = self
        kernel.scheduler.block(self.thread)

    def unlink(self) -> None:
        """Take the block from the objects, the timer and the thread."""
        for target in self.objects:
            target.waiters.pop(self, None)
        if self.timer is not None:
            self.timer.cancel()
        self.thread.wait_state.block = None


def satisfy(thread: Thread, objects: Sequence[Waitable], wait_all: bool) -> Outcome | None:
    """Take what a wait needs; None, and nothing is changed, if that is not there."""
    if wait_all:
        return _satisfy_all(thread, objects)
    for position, target in enumerate(objects):
        if target.is_signaled(thread):
            abandoned = target.acquire(thread)
            if not position and not abandoned:
                return SATISFIED
            return Outcome(WaitEnd.ABANDONED if abandoned else WaitEnd.SATISFIED, position)
    return None


def _satisfy_all(thread: Thread, objects: Sequence[Waitable]) -> Outcome | None:
    if not all(target.is_signaled(thread) for target in objects):
        return None
    abandoned = [target.acquire(thread) for target in objects]
    return Outcome(WaitEnd.ABANDONED) if any(abandoned) else SATISFIED


async def wait_for(
    thread: Thread,
    objects: Sequence[Waitable],
    *,
    wait_all: bool = False,
    alertable: bool = False,
    due: int | None = None,
    reason: str = "",
    kind: WaitReason = WaitReason.USER_REQUEST,
) -> Outcome:
    """Wait for one object or all, until interrupt time `due` at most; None: without end.

    As in NT, objects that are signalled count before alerts and APCs, and those before a time
    that has passed.  Without objects only the time or an alert ends the wait.
    """
    while True:
        if objects and (outcome := satisfy(thread, objects, wait_all)) is not None:
            return outcome
        if alertable and (outcome := take_alert(thread)) is not None:
            return outcome
        if due is not None and due <= thread.process.kernel.clock.interrupt_time():
            return TIMED_OUT
        block = WaitBlock(
            thread, objects, wait_all=wait_all, alertable=alertable, reason=reason, kind=kind
        )
        outcome = await suspend(block, due)
        if outcome is not KERNEL_APC:
            return outcome


async def suspend(block: WaitBlock, due: int | None) -> Outcome:
    """Wait until somebody ends `block`; after KERNEL_APC the caller waits again."""
    block.link(due)
    try:
        outcome: Outcome = await Wait()
    except GeneratorExit:  # the thread was terminated
        block.unlink()
        raise
    if outcome is KERNEL_APC:
        await run_kernel_apcs(block.thread)
    return outcome


def take_alert(thread: Thread) -> Outcome | None:
    """The pending alert, which is taken, or else the pending APC, which is not."""
    state = thread.wait_state
    if state.alerted:
        state.alerted = False
        return ALERTED
    return USER_APC if state.user_apcs else None


def signal(target: Waitable, increment: int = Boost.NONE) -> None:
    """End the waits that `target`, which has changed, can satisfy."""
    for block in tuple(target.waiters):
        if not target.is_signaled(block.thread):
            return
        if (outcome := block.satisfy()) is not None:
            block.end(outcome, increment)
