"""What ends a wait from outside: alerts, user APCs, alerts by thread id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError, Reason
from provider.kernel.ke.priority import Boost
from provider.kernel.ke.wait import (
    ALERTED,
    KERNEL_APC,
    TIMED_OUT,
    USER_APC,
    Outcome,
    WaitBlock,
    WaitReason,
    suspend,
)

if TYPE_CHECKING:
    from provider.kernel.thread import Thread

MOST_APCS = 1 << 16
"""User APCs that one thread may have pending; NT is bounded by its pool only."""


def alert(thread: Thread) -> None:
    """End an alertable wait, or let the next one end at once."""
    block = thread.wait_state.block
    if block is not None and block.alertable:
        block.end(ALERTED, Boost.ALERT)
    else:
        thread.wait_state.alerted = True


def queue_user_apc(thread: Thread, apc: object) -> None:
    """Queue an APC of the provider's; an alertable wait ends for it.

    KernelError INSUFFICIENT_RESOURCES.
    """
    apcs = thread.wait_state.user_apcs
    if len(apcs) >= MOST_APCS:
        raise KernelError(Reason.INSUFFICIENT_RESOURCES, "user APCs")
    apcs.append(apc)
    block = thread.wait_state.block
    if block is not None and block.alertable:
        block.end(USER_APC)


class _AlertByIdBlock(WaitBlock):
    """A wait that `alert_by_id` ends, and nothing else before its time."""

    __slots__ = ()


async def wait_for_alert_by_id(thread: Thread, due: int | None, reason: str) -> Outcome:
    """Wait for `alert_by_id`, until interrupt time `due` at most; one may be pending."""
    state = thread.wait_state
    while True:
        if state.alerted_by_id:
            state.alerted_by_id = False
            return ALERTED
        if due is not None and due <= thread.process.kernel.clock.interrupt_time():
            return TIMED_OUT
        block = _AlertByIdBlock(thread, reason=reason, kind=WaitReason.WR_ALERT_BY_THREAD_ID)
        outcome = await suspend(block, due)
        if outcome is not KERNEL_APC:
            return outcome


def alert_by_id(thread: Thread) -> None:
    """Let the thread's present or next `wait_for_alert_by_id` end."""
    block = thread.wait_state.block
    if isinstance(block, _AlertByIdBlock):
        block.end(ALERTED)
    else:
        thread.wait_state.alerted_by_id = True
