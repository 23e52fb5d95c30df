"""Kernel APCs: routines that a thread runs in the kernel as soon as it can.

A *special* one has no normal routine, and runs before all others, even within the normal routine of
another.  *Normal* ones run one at a time, in the order of their coming, outside critical regions.
A thread that waits leaves its wait for them and begins it anew; one in user mode runs them when it
is scheduled next, and one in a system call when that returns ("Asynchronous Procedure Call
Interrupts", Windows Internals, 4th edition, chapter 3; WDK, "Types of APCs").

User APCs are a provider's, in `WaitState`; `alert.py` queues them.
"""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from emu.named_tuple import NamedTuple
from provider.kernel.events import ApcDelivery

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

    from provider.kernel.thread import Thread


class KernelApc(NamedTuple):
    """`kernel_routine` cannot wait, `normal_routine` can; without it the APC is a special one."""

    kernel_routine: Callable[[Thread], None]
    normal_routine: Callable[[Thread], Coroutine[None, Any, None]] | None = None


class ApcState:
    """A thread's pending kernel APCs, and what keeps it from running them."""

    __slots__ = (
        "critical_regions",
        "guarded_regions",
        "in_progress",
        "normal",
        "pending",
        "special",
    )

    def __init__(self) -> None:
        self.special: deque[KernelApc] = deque()
        self.normal: deque[KernelApc] = deque()
        self.pending = False
        """Whether there are any, deliverable or not."""
        self.in_progress = False
        """A normal routine runs."""
        self.critical_regions = 0
        """While there are any, normal APCs stay pending."""
        self.guarded_regions = 0
        """While there are any, all stay pending."""

    @property
    def deliverable(self) -> bool:
        """Whether the thread would run one now."""
        if self.guarded_regions:
            return False
        held = self.in_progress or self.critical_regions
        return bool(self.special or (self.normal and not held))

    def take(self) -> KernelApc | None:
        """The APC that runs next."""
        if not self.deliverable:
            return None
        apc = (self.special or self.normal).popleft()
        self.pending = bool(self.special or self.normal)
        return apc

    def clear(self) -> None:
        """The thread has ended."""
        self.special.clear()
        self.normal.clear()
        self.pending = False


def queue_kernel_apc(thread: Thread, apc: KernelApc) -> None:
    """Let `thread` run `apc` as soon as it can."""
    state = thread.apc_state
    (state.special if apc.normal_routine is None else state.normal).append(apc)
    state.pending = True
    if not state.deliverable:
        return
    block = thread.wait_state.block
    scheduler = thread.process.kernel.scheduler
    if block is not None:
        block.interrupt()
    elif thread is scheduler.running:
        scheduler.switch_wanted = True


async def run_kernel_apcs(thread: Thread) -> None:
    """Run the pending kernel APCs of `thread`, which is the running one."""
    state = thread.apc_state
    events = thread.process.kernel.events
    deliveries = events.channel(ApcDelivery)
    while (apc := state.take()) is not None:
        if deliveries.listeners:
            stamp = events.stamp(thread.process.id, thread.id)
            deliveries.emit(ApcDelivery(*stamp, "kernel", 0, ""))
        apc.kernel_routine(thread)
        if apc.normal_routine is not None:
            state.in_progress = True
            try:
                await apc.normal_routine(thread)
            finally:
                state.in_progress = False


@contextmanager
def critical_region(thread: Thread) -> Iterator[None]:
    """Keep normal kernel APCs from a thread meanwhile (KeEnterCriticalRegion)."""
    thread.apc_state.critical_regions += 1
    try:
        yield
    finally:
        thread.apc_state.critical_regions -= 1
        _catch_up(thread)


@contextmanager
def guarded_region(thread: Thread) -> Iterator[None]:
    """Keep all kernel APCs from a thread meanwhile (KeEnterGuardedRegion)."""
    thread.apc_state.guarded_regions += 1
    try:
        yield
    finally:
        thread.apc_state.guarded_regions -= 1
        _catch_up(thread)


def _catch_up(thread: Thread) -> None:
    if thread.apc_state.deliverable:
        thread.process.kernel.scheduler.switch_wanted = True
