"""I/O counters: how many operations a process has begun, and how many bytes they moved."""

from __future__ import annotations

from enum import Enum


class Transfer(Enum):
    """Kinds of operation."""

    READ = 0
    WRITE = 1
    OTHER = 2


class IoCounters:
    """Operations and bytes by kind, of a process or of several (IO_COUNTERS)."""

    __slots__ = ("bytes", "operations")

    def __init__(self) -> None:
        self.operations = [0, 0, 0]
        """In the order of `Transfer`."""
        self.bytes = [0, 0, 0]

    def begin(self, kind: Transfer) -> None:
        """One more operation."""
        self.operations[kind.value] += 1

    def move(self, kind: Transfer, size: int) -> None:
        """An operation has moved `size` bytes."""
        self.bytes[kind.value] += size

    def add(self, other: IoCounters) -> None:
        """Count what another has counted."""
        for index in range(len(self.bytes)):
            self.operations[index] += other.operations[index]
            self.bytes[index] += other.bytes[index]
