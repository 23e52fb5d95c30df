"""Which code has run: the first time of each basic block in each process, for who wants to know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.events import BasicBlock

if TYPE_CHECKING:
    from emu.cpu import Cpu
    from provider.kernel.event_stream import EventStream


class Coverage:
    """Turns the CPU's blocks into events while somebody listens to them."""

    def __init__(self, cpu: Cpu, events: EventStream) -> None:
        self._cpu, self._events = cpu, events
        self._blocks = events.channel(BasicBlock)
        self._seen: dict[int, set[int]] = {}
        """The addresses of blocks that have run, by process."""
        events.follow((BasicBlock,), self._set)

    def _set(self, is_wanted: bool) -> None:
        self._cpu.blocks.set(self._ran if is_wanted else None)

    def _ran(self, va: int, size: int) -> None:
        thread = self._events.running()
        if thread is None:
            return
        seen = self._seen.setdefault(thread.process.id, set())
        if va not in seen:
            seen.add(va)
            self._blocks.emit(BasicBlock(*self._events.stamp_running(), va, size))
