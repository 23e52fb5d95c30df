"""The scheduler: which thread runs next on the one virtual processor.

Ready threads wait in 32 queues, one a priority; the first of the highest non-empty queue runs until
it waits, ends, uses up its quantum while others of its priority are ready, or a thread of a higher
priority becomes ready ("Thread Scheduling", Windows Internals, 4th edition, chapter 6).
"""

from __future__ import annotations

from collections import deque
from typing import Any

from provider.kernel.thread import Thread, ThreadState

PRIORITIES = 32
QUANTUM_SLICES = 3
"""Time slices in a quantum."""


class Scheduler:
    """Ready queues and the running thread; `switch_wanted` says that `pick` should be called."""

    def __init__(self) -> None:
        self._queues: tuple[deque[Thread], ...] = tuple(deque() for _ in range(PRIORITIES))
        self._summary = 0
        self.running: Thread | None = None
        self.switch_wanted = False

    def ready(self, thread: Thread) -> None:
        """Let a thread run when its turn comes."""
        if thread.suspend_count:
            thread.state = ThreadState.DEFERRED_READY
            return
        self._enqueue(thread)
        running = self.running
        if running is None or thread.priority > running.priority:
            self.switch_wanted = True

    def wake(self, thread: Thread, result: Any) -> None:
        """End the wait of `thread`: its `await Wait()` returns `result`."""
        if thread.state is not ThreadState.WAITING:
            raise ValueError(f"{thread!r} does not wait")
        thread.result = result
        self.ready(thread)

    def block(self, thread: Thread) -> None:
        """Mark a thread as waiting; the caller then awaits `Wait()`."""
        thread.state = ThreadState.WAITING
        if thread is self.running:
            self.switch_wanted = True

    def suspend(self, thread: Thread) -> int:
        """Keep a thread from running; returns the suspend count before."""
        before = thread.suspend_count
        thread.suspend_count += 1
        if thread.state is ThreadState.READY:
            self._remove(thread)
            thread.state = ThreadState.DEFERRED_READY
        elif thread is self.running:
            thread.state = ThreadState.DEFERRED_READY
            self.switch_wanted = True
        return before

    def resume(self, thread: Thread) -> int:
        """Undo one `suspend`; returns the suspend count before."""
        before = thread.suspend_count
        if before:
            thread.suspend_count -= 1
            stopped = thread.state in (ThreadState.INITIALIZED, ThreadState.DEFERRED_READY)
            if not thread.suspend_count and stopped:
                self.ready(thread)
        return before

    def set_priority(self, thread: Thread, priority: int) -> None:
        """Change a thread's priority, and base priority, in its queue if need be."""
        queued = thread.state is ThreadState.READY
        if queued:
            self._remove(thread)
        thread.priority = thread.base_priority = priority
        if queued:
            self.ready(thread)
        if thread is self.running and self._summary >> priority + 1:
            self.switch_wanted = True

    def terminate(self, thread: Thread) -> None:
        """Take a thread out for good."""
        if thread.state is ThreadState.READY:
            self._remove(thread)
        thread.state = ThreadState.TERMINATED
        if thread is self.running:
            self.switch_wanted = True

    def give_way(self, thread: Thread) -> bool:
        """Put the running thread behind its equals; False if there is no other to run."""
        if not self._queues[thread.priority]:
            return False
        thread.quantum = QUANTUM_SLICES
        self.switch_wanted = True
        return True

    def end_slice(self) -> None:
        """A time slice of the running thread is over."""
        thread = self.running
        if thread is not None:
            thread.quantum -= 1
            if thread.quantum <= 0 and not self.give_way(thread):
                thread.quantum = QUANTUM_SLICES

    def pick(self) -> Thread | None:
        """Choose the thread to run; it becomes `running`.  None: nobody is ready."""
        self.switch_wanted = False
        current = self.running
        if current is not None and current.state is ThreadState.RUNNING:
            self._enqueue(current, front=current.quantum < QUANTUM_SLICES and current.quantum > 0)
        self.running = None
        if not self._summary:
            return None
        queue = self._queues[self._summary.bit_length() - 1]
        thread = queue.popleft()
        if not queue:
            self._summary &= ~(1 << thread.priority)
        thread.state = ThreadState.RUNNING
        if thread.quantum <= 0:
            thread.quantum = QUANTUM_SLICES
        self.running = thread
        return thread

    def _enqueue(self, thread: Thread, *, front: bool = False) -> None:
        thread.state = ThreadState.READY
        queue = self._queues[thread.priority]
        if front:
            queue.appendleft(thread)
        else:
            queue.append(thread)
        self._summary |= 1 << thread.priority

    def _remove(self, thread: Thread) -> None:
        queue = self._queues[thread.priority]
        queue.remove(thread)
        if not queue:
            self._summary &= ~(1 << thread.priority)
