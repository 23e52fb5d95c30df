"""What the NT provider tells whoever listens: one object for each thing that happened."""

from __future__ import annotations

from typing import NamedTuple


class SystemCall(NamedTuple):
    """A system call that has returned.

    `time` is virtual, in 100 ns since the start; `arguments` are names and decoded values, output
    parameters with what was stored; `status` is the 32-bit result.
    """

    sequence: int
    time: int
    process_id: int
    thread_id: int
    name: str
    arguments: tuple[tuple[str, str], ...]
    status: int
    status_name: str


class GuestException(NamedTuple):
    """An exception that is dispatched to the guest."""

    sequence: int
    time: int
    process_id: int
    thread_id: int
    code: int
    code_name: str
    address: int
    first_chance: bool


class ModuleLoad(NamedTuple):
    """An image was mapped into a process."""

    sequence: int
    time: int
    process_id: int
    base: int
    size: int
    name: str


class ProcessExit(NamedTuple):
    """A process has ended."""

    sequence: int
    time: int
    process_id: int
    status: int


class ThreadStateChange(NamedTuple):
    """A thread has entered a scheduling state.

    `state` is its name in NT ("Ready", "Standby", …), `reason` what a thread in "Waiting" waits
    for, by its KWAIT_REASON's name; else it is empty.
    """

    sequence: int
    time: int
    process_id: int
    thread_id: int
    state: str
    priority: int
    reason: str


Event = SystemCall | GuestException | ModuleLoad | ProcessExit | ThreadStateChange
