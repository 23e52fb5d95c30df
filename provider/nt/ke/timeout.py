"""Time-outs as NT's calls take them: 100 ns units, negative ones relative, others system time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.ke.timer import SystemDue
from provider.kernel.ke.wait import SATISFIED, Outcome, WaitEnd
from provider.nt.status import NTSTATUS

if TYPE_CHECKING:
    from provider.kernel.ke.clock import Clock

NEVER = -(1 << 63)
"""What Sleep(INFINITE) passes: it is not waited for."""
_STATUS = {
    WaitEnd.SATISFIED: NTSTATUS.WAIT_0,
    WaitEnd.ABANDONED: NTSTATUS.ABANDONED_WAIT_0,
    WaitEnd.TIMED_OUT: NTSTATUS.TIMEOUT,
    WaitEnd.USER_APC: NTSTATUS.USER_APC,
    WaitEnd.ALERTED: NTSTATUS.ALERTED,
}


def due_time(clock: Clock, timeout: int | None) -> int | None:
    """The interrupt time at which a wait times out; None: never."""
    if timeout is None or timeout == NEVER:
        return None
    now = clock.interrupt_time()
    if timeout <= 0:
        return now - timeout
    return SystemDue(timeout - clock.system_time() + now)


def wait_status(outcome: Outcome) -> int:
    """The status of a wait that ended so."""
    if outcome is SATISFIED:  # what the rest says too, but not as fast
        return 0
    return _STATUS[outcome.end] + outcome.position
