"""What NtQueryInformationThread and NtSetInformationThread do with priorities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.ke.priority import FIRST_REALTIME, PRIORITIES, SATURATION, set_increment
from provider.nt.handles import userland_of
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from provider.kernel.thread import Thread

_MOST_INCREMENT = 2


def set_priority(target: Thread, data: bytes) -> None:
    """The current priority; the base stays, to which it falls back."""
    priority = _signed(data)
    if not 0 < priority < PRIORITIES:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    if priority >= FIRST_REALTIME:
        raise NtError(NTSTATUS.PRIVILEGE_NOT_HELD)
    target.process.kernel.scheduler.set_priority(target, priority)


def set_base_priority(target: Thread, data: bytes) -> None:
    """Relative to the process, or an end of its class."""
    increment = _signed(data)
    if abs(increment) == _saturation(target):
        increment = SATURATION if increment > 0 else -SATURATION
    elif abs(increment) > _MOST_INCREMENT:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    set_increment(target, increment)


def told_increment(target: Thread, increment: int) -> int:
    """A base priority relative to the process as the userland writes it."""
    if abs(increment) != SATURATION:
        return increment
    return _saturation(target) if increment > 0 else -_saturation(target)


def _saturation(target: Thread) -> int:
    userland = userland_of(target.process)
    return SATURATION if userland is None else userland.priority.saturation


def _signed(data: bytes) -> int:
    return int.from_bytes(data, "little", signed=True)
