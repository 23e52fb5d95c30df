"""The end of a run in which every thread waits and no timer will wake one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.ke.mutant import Mutant

if TYPE_CHECKING:
    from provider.kernel.ke.waitable import Waitable
    from provider.kernel.thread import Thread


class Deadlock(Exception):
    """Nobody can go on; `threads` are those that wait."""

    def __init__(self, threads: list[Thread]) -> None:
        count = "one thread waits" if len(threads) == 1 else f"{len(threads)} threads wait"
        super().__init__(f"{count} for ever, and no timer is set")
        self.threads = threads

    def lines(self) -> list[str]:
        """Who waits for what, and who holds it."""
        return [
            f"thread {thread.id} of {thread.process.name} {_state(thread)}"
            for thread in self.threads
        ]


def _state(thread: Thread) -> str:
    block = thread.wait_state.block
    if thread.suspend_count:
        return f"is suspended ({thread.suspend_count} times)"
    if block is None:
        return f"is {thread.state.name.lower()}"
    if block.reason or not block.objects:
        return f"waits: {block.reason}"
    link = " and " if block.wait_all else " or "
    return f"waits for {link.join(_describe(target) for target in block.objects)}"


def _describe(target: Waitable) -> str:
    name = f" {target.full_name()}" if target.name else ""
    held = ""
    if isinstance(target, Mutant) and target.owner is not None:
        held = f" held by thread {target.owner.id}"
    return f"{target.type_name}{name}{held}"
