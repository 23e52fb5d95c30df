"""What random calls have left of a process's memory: pages in dictionaries."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from provider.kernel.mm import AddressSpace
    from provider.kernel.process import Process
    from tests.provider.kernel.mm.invariants import Tlb

PAGE = 0x1000


@dataclass
class Range:
    """An allocation or a view: a protection for each page, 0 where it is only reserved."""

    start: int
    protections: list[int]
    shared: list[int] | None = None
    """The bytes of the section's pages, of a view."""
    own: dict[int, int] = field(default_factory=dict)
    """Bytes of private pages."""

    @property
    def end(self) -> int:
        return self.start + PAGE * len(self.protections)

    def byte(self, page: int) -> int:
        return self.own.get(page, 0) if self.shared is None else self.shared[page]

    def store(self, page: int, value: int) -> None:
        if self.shared is None:
            self.own[page] = value
        else:
            self.shared[page] = value


class Target:
    """A process and what the model knows of it."""

    def __init__(self, handle: int, process: Process, tlb: Tlb) -> None:
        self.handle, self.process, self.tlb = handle, process, tlb
        self.ranges: list[Range] = []
        self.locked: set[int] = set()
        """Addresses of pages."""

    @property
    def space(self) -> AddressSpace:
        return self.process.space

    def at(self, va: int) -> Range | None:
        return next((each for each in self.ranges if each.start <= va < each.end), None)

    def protection(self, va: int) -> int:
        """0: not committed."""
        found = self.at(va)
        return 0 if found is None else found.protections[(va - found.start) // PAGE]

    def forget(self, found: Range) -> None:
        """A range is no more."""
        self.ranges.remove(found)
        self.locked.difference_update(range(found.start, found.end, PAGE))

    def is_free(self, start: int, end: int) -> bool:
        return all(each.end <= start or end <= each.start for each in self.ranges)
