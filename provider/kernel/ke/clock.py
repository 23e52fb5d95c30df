"""Time: virtual time advances with executed basic blocks, and jumps when every thread waits.

Times are counted in NT's unit of 100 ns.  A block counts as 20 ns, about what it takes on a
processor of the year 2000; nothing depends on the figure but the guest's own measurements.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

BLOCKS_PER_UNIT = 5
UNITS_PER_SECOND = 10_000_000
CYCLES_PER_UNIT = 10
_NANOSECONDS_PER_UNIT = 100
DEFAULT_START = 133_485_408_000_000_000
"""2024-01-01 00:00:00 UTC, in units since 1601."""


class Clock:
    """The only source of time in a machine."""

    def __init__(self, executed_blocks: Callable[[], int], start: int = DEFAULT_START) -> None:
        """`start` is the system time at boot, in 100 ns since 1601-01-01 UTC."""
        self._executed_blocks = executed_blocks
        self._skipped = 0
        self.boot_time = start

    def interrupt_time(self) -> int:
        """Units since the machine started."""
        return self._executed_blocks() // BLOCKS_PER_UNIT + self._skipped

    def idle_time(self) -> int:
        """Units in which every thread waited."""
        return self._skipped

    def system_time(self) -> int:
        """Units since 1601-01-01 UTC."""
        return self.boot_time + self.interrupt_time()

    def set_system_time(self, now: int) -> None:
        """Let it be `now`, in 100 ns since 1601; interrupt time goes on as before."""
        self.boot_time = now - self.interrupt_time()

    def cycles(self) -> int:
        """The time-stamp counter: ten nanoseconds a cycle."""
        return self._executed_blocks() * CYCLES_PER_UNIT // BLOCKS_PER_UNIT + (
            self._skipped * CYCLES_PER_UNIT
        )

    def advance_to(self, interrupt_time: int) -> None:
        """Let idle time pass until `interrupt_time`."""
        self._skipped += max(0, interrupt_time - self.interrupt_time())


class HostTime(NamedTuple):
    """How a real clock learns the host's time, and lets it pass."""

    nanoseconds: Callable[[], int]
    sleep: Callable[[float], None]
    """Takes seconds."""


class RealClock(Clock):
    """The host's time: what the guest does takes as long as it takes, and idle time is slept.

    Two runs differ then.
    """

    def __init__(
        self, executed_blocks: Callable[[], int], host: HostTime, start: int = DEFAULT_START
    ) -> None:
        super().__init__(executed_blocks, start)
        self._host = host
        self._started = host.nanoseconds()

    def interrupt_time(self) -> int:
        """Units since the machine started."""
        return (self._host.nanoseconds() - self._started) // _NANOSECONDS_PER_UNIT

    def cycles(self) -> int:
        """The time-stamp counter."""
        return self.interrupt_time() * CYCLES_PER_UNIT

    def advance_to(self, interrupt_time: int) -> None:
        """Sleep until `interrupt_time`."""
        before = self.interrupt_time()
        while (left := interrupt_time - self.interrupt_time()) > 0:
            self._host.sleep(left / UNITS_PER_SECOND)
        self._skipped += self.interrupt_time() - before
