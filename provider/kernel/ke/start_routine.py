"""What a thread does in the kernel before its first user instruction."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator
from typing import Any


class StartRoutine(Coroutine[None, Any, None]):
    """A call (`Thread.call`) that runs `routine` when its thread runs first, and never waits.

    Unlike a coroutine of a function it may be thrown away unused: most threads that tests make
    never run.
    """

    __slots__ = ("_routine",)

    def __init__(self, routine: Callable[[], None]) -> None:
        self._routine = routine

    def send(self, value: Any) -> None:
        """Run the routine, and end."""
        self._routine()
        raise StopIteration

    def throw(self, *error: Any) -> None:
        """Nothing is under way that the error could be for."""
        raise error[0]

    def close(self) -> None:
        """The thread ended before it ran."""

    def __await__(self) -> Generator[None, Any, None]:
        self._routine()
        yield from ()
