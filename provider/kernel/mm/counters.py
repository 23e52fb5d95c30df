"""Counts of what the memory manager did, for reports and for the performance calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from provider.kernel.events import FaultKind

_COUNTERS_OF_KINDS: Mapping[FaultKind, str] = {
    "demand_zero": "demand_zero_faults",
    "transition": "transition_faults",
    "shared": "shared_faults",
    "copy": "copy_faults",
    "guard": "guard_faults",
    "hard": "hard_faults",
    "violation": "violations",
}


class Counters:
    """Events since the start: the faults of an address space, or what the pager did for all."""

    __slots__ = (
        "copy_faults",
        "demand_zero_faults",
        "failed_writes",
        "faults",
        "guard_faults",
        "hard_faults",
        "lost_writes",
        "pages_read",
        "pages_written",
        "shared_faults",
        "transition_faults",
        "violations",
    )

    def __init__(self) -> None:
        self.faults = 0
        """Page faults of any kind."""
        self.demand_zero_faults = 0
        self.transition_faults = 0
        """Soft faults that found the page on the standby or the modified list."""
        self.shared_faults = 0
        """Soft faults that found a section's page valid in another view."""
        self.copy_faults = 0
        self.guard_faults = 0
        self.hard_faults = 0
        """Faults that waited for a file, a page file or the compression store."""
        self.failed_writes = 0
        """Times that the modified-page writer could not write a page."""
        self.lost_writes = 0
        """Pages of a file that could not be written back after its last section was closed."""
        self.pages_read = 0
        self.pages_written = 0
        self.violations = 0
        """Faults that were the guest's to handle."""

    def add(self, other: Counters) -> None:
        """Count what `other` counted as well."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def by_kind(self) -> dict[FaultKind, int]:
        """How many faults there were of each kind, as events name the kinds."""
        return {kind: getattr(self, counter) for kind, counter in _COUNTERS_OF_KINDS.items()}

    def found(self) -> tuple[int, int, int, int]:
        """The ways in which a page of a section was found."""
        return (
            self.demand_zero_faults,
            self.transition_faults,
            self.shared_faults,
            self.hard_faults,
        )

    def add_found(self, before: tuple[int, ...], after: tuple[int, ...]) -> None:
        """Count what another's `found` counted between two moments."""
        zero, transition, shared, hard = (b - a for a, b in zip(before, after, strict=True))
        self.demand_zero_faults += zero
        self.transition_faults += transition
        self.shared_faults += shared
        self.hard_faults += hard

    def as_dict(self) -> dict[str, int]:
        """The counts by name."""
        return {name: getattr(self, name) for name in self.__slots__}
