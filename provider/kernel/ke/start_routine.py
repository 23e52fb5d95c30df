"""What a thread does in the kernel before its first user instruction."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator
from typing import TYPE_CHECKING, Any

from provider.kernel.ke.apc import run_kernel_apcs

if TYPE_CHECKING:
    from provider.kernel.thread import Thread


class StartRoutine(Coroutine[None, Any, None]):
    """A call (`Thread.call`) that runs `routine` when its thread runs first.

    Kernel APCs run before it, so that a thread which is suspended from the beginning waits with the
    registers that its creator gave it (KiThreadStartup).

    Unlike a coroutine of a function it may be thrown away unused: most threads that tests make
    never run.
    """

    __slots__ = ("_apcs", "_routine", "_thread")

    def __init__(self, thread: Thread, routine: Callable[[], None]) -> None:
        self._thread, self._routine = thread, routine
        self._apcs: Coroutine[None, Any, None] | None = None

    def send(self, value: Any) -> None:
        """Run the APCs, which can wait, then the routine, and end."""
        if self._apcs is None:
            self._apcs = run_kernel_apcs(self._thread)
        try:
            self._apcs.send(value)
        except StopIteration:
            self._routine()
            raise

    def throw(self, *error: Any) -> None:
        """Nothing is under way that the error could be for."""
        raise error[0]

    def close(self) -> None:
        """The thread ended before it ran."""
        if self._apcs is not None:
            self._apcs.close()

    def __await__(self) -> Generator[None, Any, None]:
        self._routine()
        yield from ()
