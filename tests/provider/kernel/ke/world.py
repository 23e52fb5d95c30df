"""Threads without code: a test starts a coroutine on one, and goes on with it once it is woken."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from provider.kernel.kernel import Kernel
from provider.kernel.thread import Thread, ThreadState

if TYPE_CHECKING:
    from provider.kernel.ke.wait import Outcome
    from provider.kernel.process import Process


class World:
    """A machine with processes whose threads run nothing."""

    def __init__(self) -> None:
        self.kernel = Kernel(ram_bytes=16 << 20)
        self.process = self.kernel.create_minimal_process("first")
        self._calls: dict[Thread, Coroutine[None, Any, Outcome]] = {}

    def thread(self, process: Process | None = None) -> Thread:
        """A thread that could run."""
        owner = process or self.process
        registers = self.kernel.cpu.create_registers(0, 0)
        thread = Thread(self.kernel.allocate_id(), owner, registers)
        thread.suspend_count = 0
        thread.state = ThreadState.RUNNING
        owner.threads.append(thread)
        return thread

    def begin(self, thread: Thread, call: Coroutine[None, Any, Outcome]) -> Outcome | None:
        """Start a call; None: it waits."""
        try:
            call.send(None)
        except StopIteration as stop:
            outcome: Outcome = stop.value
            return outcome
        self._calls[thread] = call
        thread.call = _without_result(call)
        return None

    def woken(self, thread: Thread) -> Outcome | None:
        """What the call of a thread that was woken returns; None: it waits still."""
        if thread.state is ThreadState.WAITING:
            return None
        return self.go_on(thread)

    def go_on(self, thread: Thread) -> Outcome | None:
        """Let a thread's call go on; None: it waits again."""
        try:
            self._calls[thread].send(thread.result)
        except StopIteration as stop:
            del self._calls[thread]
            outcome: Outcome = stop.value
            return outcome
        return None

    def pass_time(self, units: int) -> None:
        """Let virtual time pass."""
        clock = self.kernel.clock
        clock.advance_to(clock.interrupt_time() + units)
        self.kernel.timers.expire(clock.interrupt_time())


def _without_result(call: Coroutine[None, Any, Any]) -> Coroutine[None, Any, None]:
    """The call as the kernel keeps it, to close it when the thread ends."""
    return call
