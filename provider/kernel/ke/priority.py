"""Priorities: 1 to 15 are dynamic, 16 to 31 real-time; 0 is for nobody's threads here.

A thread's *base* priority comes from its process and from its own wish relative to that.  Its
current priority is above the base for a while after a wait: whoever signals the object says by how
much, and each quantum that the thread uses up takes one level of it away ("Priority Boosts",
Windows Internals, 4th edition, chapter 6).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.int_enum import IntEnum

if TYPE_CHECKING:
    from provider.kernel.process import Process
    from provider.kernel.thread import Thread

PRIORITIES = 32
HIGHEST_DYNAMIC, FIRST_REALTIME = 15, 16
SATURATION = 16
"""The wish for the highest priority of the class; negated, for the lowest."""
QUANTUM_BLOCKS = 300_000
"""Basic blocks in a quantum: two clock ticks of a machine whose tick is 3 ms."""
WAIT_QUANTUM = QUANTUM_BLOCKS // 6
"""What a wait costs: one unit of the six that a quantum has on a workstation."""
_NO_QUANTUM_CHARGE = 14
"""Threads of this base priority and above begin each run with a whole quantum."""


class Boost(IntEnum):
    """What a wait adds to the base priority when it ends (ntddk.h: *_INCREMENT)."""

    NONE = 0
    EVENT = 1
    SEMAPHORE = 1
    MUTANT = 1
    ALERT = 2


def boost_after_wait(thread: Thread, increment: int) -> None:
    """A wait has ended: lift a dynamic priority, and charge the quantum for the wait."""
    if thread.priority >= FIRST_REALTIME:
        return
    if increment and not thread.decrement and not thread.is_boost_disabled:
        boosted = min(thread.base_priority + increment, HIGHEST_DYNAMIC)
        thread.priority = max(thread.priority, boosted)
    if thread.base_priority >= _NO_QUANTUM_CHARGE:
        thread.quantum = QUANTUM_BLOCKS
        return
    thread.quantum -= WAIT_QUANTUM
    if thread.quantum <= 0:
        decay(thread)


def lift(thread: Thread, priority: int) -> None:
    """Lift a dynamic priority to `priority` until the end of a quantum, then drop all of it."""
    priority = min(priority, HIGHEST_DYNAMIC)
    if thread.priority < priority:
        thread.priority = priority
        thread.decrement = priority - thread.base_priority
        thread.quantum = QUANTUM_BLOCKS


def decay(thread: Thread) -> None:
    """A quantum is used up: a new one, at a priority nearer to the base."""
    thread.quantum = QUANTUM_BLOCKS
    if thread.priority < FIRST_REALTIME:
        thread.priority = max(thread.priority - thread.decrement - 1, thread.base_priority)
        thread.decrement = 0


def increment_of(thread: Thread) -> int:
    """The wish relative to the process, as it is told (KeQueryBasePriorityThread)."""
    return thread.saturation or thread.base_priority - thread.process.base_priority


def set_increment(thread: Thread, increment: int) -> None:
    """Choose a base priority relative to the process; ±SATURATION: the end of its class."""
    thread.saturation = increment if abs(increment) == SATURATION else 0
    _set_base(thread, thread.process.base_priority + increment)


def set_process_base(process: Process, base: int) -> None:
    """Move the base priorities of a process and of its threads."""
    change, process.base_priority = base - process.base_priority, base
    for thread in process.threads:
        wish = thread.saturation and base + thread.saturation
        _set_base(thread, wish or thread.base_priority + change)


def _set_base(thread: Thread, base: int) -> None:
    is_realtime = thread.process.base_priority >= FIRST_REALTIME
    least, most = (FIRST_REALTIME, PRIORITIES - 1) if is_realtime else (1, HIGHEST_DYNAMIC)
    thread.base_priority = max(least, min(base, most))
    thread.process.kernel.scheduler.set_priority(thread, thread.base_priority)
