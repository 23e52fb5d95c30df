"""The scheduler: which thread runs next on the one virtual processor.

Ready threads wait in 32 queues, one a priority; the first of the highest non-empty queue runs until
it waits, ends, uses up its quantum while others of its priority are ready, or a thread of a higher
priority becomes ready ("Thread Scheduling", Windows Internals, 4th edition, chapter 6).

    Initialized ──┐                       ┌── preempted, or the quantum is over ──┐
                  ▼                       ▼                                       │
    Waiting → (Transition →) DeferredReady → Ready → Standby → Running ───────────┤
       ▲                                                          │               │
       └──────────────────────────────────────────────────────────┘          Terminated

DeferredReady and Standby last no time on one processor; only who listens to events sees them.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from provider.kernel.event_stream import EventStream
from provider.kernel.events import ContextSwitch, ThreadStateChange
from provider.kernel.ke.clock import UNITS_PER_SECOND
from provider.kernel.ke.priority import (
    HIGHEST_DYNAMIC,
    PRIORITIES,
    QUANTUM_BLOCKS,
    boost_after_wait,
    decay,
    lift,
)
from provider.kernel.thread import Thread, ThreadState

STACK_PROTECT_UNITS = 15 * UNITS_PER_SECOND
"""After so long a wait a kernel stack counts as swapped out ("Stack swapping", chapter 7)."""
STARVATION_UNITS = 4 * UNITS_PER_SECOND
"""A thread that has been ready for so long is lifted by the balance-set manager."""


class Scheduler:
    """Ready queues and the running thread; `switch_wanted` says that `pick` should be called."""

    def __init__(self, events: EventStream | None = None) -> None:
        events = events or EventStream()
        self.events = events
        self._states = events.channel(ThreadStateChange)
        self._switches = events.channel(ContextSwitch)
        self._latest: Thread | None = None
        """Whom the processor was given to last, as far as anybody is told; None: to nobody."""
        self._queues: tuple[deque[Thread], ...] = tuple(deque() for _ in range(PRIORITIES))
        self._summary = 0
        self._gives_way = False
        self._favoured: Thread | None = None
        """Whom a thread that gave way lets run, perhaps at a lower priority than its own."""
        self.running: Thread | None = None
        self.switch_wanted = False
        self.tick_time = 0
        """Interrupt time when it was last looked at; waits are measured by it."""

    def introduce(self, thread: Thread) -> None:
        """A new thread, which is not to run yet."""
        self._enter(thread, ThreadState.INITIALIZED)

    def start(self, thread: Thread) -> None:
        """Let a new thread run."""
        self._ready(thread)

    def wake(self, thread: Thread, result: Any, increment: int = 0) -> None:
        """End the wait of `thread`: its `await Wait()` returns `result`.

        Its priority becomes `increment` above its base, unless it is more already.
        """
        if thread.state is not ThreadState.WAITING:
            raise ValueError(f"{thread!r} does not wait")
        thread.result = result
        if self._states.listeners and self.tick_time - thread.state_since >= STACK_PROTECT_UNITS:
            self._enter(thread, ThreadState.TRANSITION)
        boost_after_wait(thread, increment)
        self._ready(thread)

    def block(self, thread: Thread) -> None:
        """Mark a thread as waiting; the caller then awaits `Wait()`."""
        thread.state = ThreadState.WAITING
        thread.state_since = self.tick_time
        if self._states.listeners:
            self._tell(thread)
        if thread is self.running:
            self.switch_wanted = True

    def lift(self, thread: Thread, priority: int) -> None:
        """Lift a ready or running thread to a dynamic priority until the end of its quantum."""
        queued = self._leave_queue(thread)
        lift(thread, priority)
        if queued:
            self._ready(thread)

    def set_priority(self, thread: Thread, priority: int) -> None:
        """Change a thread's current priority, in its queue if need be; boosts are over."""
        queued = self._leave_queue(thread)
        thread.priority, thread.decrement, thread.quantum = priority, 0, QUANTUM_BLOCKS
        if queued:
            self._ready(thread)
        if thread is self.running and self._summary >> priority + 1:
            self.switch_wanted = True

    def terminate(self, thread: Thread) -> None:
        """Take a thread out for good."""
        self._leave_queue(thread)
        self._enter(thread, ThreadState.TERMINATED)
        if thread is self.running:
            self.switch_wanted = True

    def give_way(self, thread: Thread) -> bool:
        """Let another ready thread run, of whatever priority; False if there is none.

        It runs at least until its quantum is over or somebody becomes ready ("SwitchToThread").
        """
        if not self._summary:
            return False
        self._favoured = self._queues[self._summary.bit_length() - 1][0]
        decay(thread)
        self._gives_way = self.switch_wanted = True
        return True

    def end_slice(self) -> None:
        """A time slice of the running thread is over, and perhaps its quantum."""
        thread = self.running
        if thread is None or thread.quantum > 0:
            return
        decay(thread)
        if self._summary >> thread.priority:
            self._gives_way = self.switch_wanted = True

    def lift_starved(self) -> None:
        """Let threads run for a quantum that have long been ready (the balance-set manager)."""
        starved = [
            thread
            for queue in self._queues[:HIGHEST_DYNAMIC]
            for thread in queue
            if self.tick_time - thread.state_since >= STARVATION_UNITS
        ]
        for thread in starved:
            self.lift(thread, HIGHEST_DYNAMIC)

    def pick(self) -> Thread | None:
        """Choose the thread to run; it becomes `running`.  None: nobody is ready."""
        self.switch_wanted = False
        current = self.running
        gives_way, self._gives_way = self._gives_way, False
        favoured, self._favoured = self._favoured, None
        if current is not None and current.state is ThreadState.RUNNING:
            if not gives_way and not self._summary >> current.priority + 1:
                return current
            self._enqueue(current, front=not gives_way)
        self.running = None
        if not self._summary:
            if self._switches.listeners:
                self._tell_switch(None)
            return None
        if favoured is not None and favoured.state is ThreadState.READY:
            thread = favoured
            self._leave_queue(thread)
        else:
            queue = self._queues[self._summary.bit_length() - 1]
            thread = queue.popleft()
            if not queue:
                self._summary &= ~(1 << thread.priority)
        if self._switches.listeners:
            self._tell_switch(thread)
        if self._states.listeners:
            self._enter(thread, ThreadState.STANDBY)
            self._enter(thread, ThreadState.RUNNING)
        thread.state = ThreadState.RUNNING
        self.running = thread
        return thread

    def _ready(self, thread: Thread) -> None:
        if self._states.listeners:
            self._enter(thread, ThreadState.DEFERRED_READY)
        thread.state_since = self.tick_time
        self._enqueue(thread, front=False)
        running = self.running
        if running is None or thread.priority > running.priority:
            self.switch_wanted = True

    def _enqueue(self, thread: Thread, *, front: bool) -> None:
        thread.state = ThreadState.READY
        queue = self._queues[thread.priority]
        if front:
            queue.appendleft(thread)
        else:
            queue.append(thread)
        self._summary |= 1 << thread.priority
        if self._states.listeners:
            self._tell(thread)

    def _leave_queue(self, thread: Thread) -> bool:
        """Take a ready thread from its queue; False for any other."""
        if thread.state is not ThreadState.READY:
            return False
        queue = self._queues[thread.priority]
        queue.remove(thread)
        if not queue:
            self._summary &= ~(1 << thread.priority)
        return True

    def _enter(self, thread: Thread, state: ThreadState) -> None:
        thread.state = state
        if self._states.listeners:
            self._tell(thread)

    def _tell(self, thread: Thread) -> None:
        block = thread.wait_state.block if thread.state is ThreadState.WAITING else None
        self._states.emit(
            ThreadStateChange(
                *self.events.stamp(thread.process.id, thread.id),
                thread.state.title,
                thread.priority,
                "" if block is None else block.kind.title,
            )
        )

    def _tell_switch(self, thread: Thread | None) -> None:
        latest, self._latest = self._latest, thread
        if thread is not latest:
            stamp = self.events.stamp(*_client_id(thread))
            self._switches.emit(ContextSwitch(*stamp, *_client_id(latest)))


def _client_id(thread: Thread | None) -> tuple[int, int]:
    """Process and thread; 0 and 0, as those of NT's idle thread, for none."""
    return (0, 0) if thread is None else (thread.process.id, thread.id)
