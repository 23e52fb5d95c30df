"""Virtual address descriptors: what a range of a process was reserved for, and where room is.

A VAD says what an all-zero PTE in its range means.  NT keeps them in a balanced tree and a bitmap
of 64-KB units beside it; here they are a sorted map and a byte per unit.
"""

from __future__ import annotations

from enum import Enum
from itertools import pairwise
from typing import TYPE_CHECKING

from sortedcontainers import SortedDict

from emu.ram import PAGE_SIZE
from provider.kernel.mm import protection as codes

if TYPE_CHECKING:
    from provider.kernel.mm.clone import CloneSegment
    from provider.kernel.mm.section import Section
    from provider.kernel.mm.segment import Segment


class VadKind(Enum):
    """What a range is, as a query reports it."""

    PRIVATE = "private"
    MAPPED = "mapped"
    IMAGE = "image"
    PHYSICAL = "physical"
    """A window for frames that the process owns; reported as private."""


class Vad:
    """One range of addresses, `start` to `end` - 1, whole pages."""

    __slots__ = (
        "charge",
        "clones",
        "code",
        "committed",
        "demand",
        "denied",
        "end",
        "first_page",
        "fixed",
        "inherit",
        "is_placeholder",
        "kind",
        "no_change",
        "no_execute",
        "page_code",
        "replaced",
        "section",
        "segment",
        "start",
        "write_watch",
    )

    def __init__(self, start: int, end: int, kind: VadKind, code: int, *, committed: bool) -> None:
        self.start = start
        self.end = end
        self.kind = kind
        self.code = code
        """The protection given at allocation."""
        self.page_code = code
        """The protection of a zero PTE's page, where its segment has none for it."""
        self.committed = committed
        """Whether a zero PTE is a committed page."""
        self.charge = 0
        """Pages of commit that go with the range."""
        self.demand = 0
        """Hardware bits of a demand-zero page; 0 where a fault has more to do than to zero one."""
        self.denied = 0
        """Page-fault error bits that the protection refuses, where `demand` is not 0."""
        self.fixed = False
        """Not to be freed, unmapped or protected by user mode."""
        self.inherit = True
        """Whether a clone of the space has the range too."""
        self.clones: list[CloneSegment] = []
        """Segments that pages of the range went to when the space was cloned."""
        self.is_placeholder = False
        """See `placeholder`: nothing is committed here."""
        self.replaced = False
        """Whether the range took the place of a placeholder."""
        self.no_change = False
        self.no_execute = False
        """Whether an image's code is data here (SEC_IMAGE_NO_EXECUTE)."""
        self.write_watch = False
        self.segment: Segment | None = None
        self.section: Section | None = None
        self.first_page = 0
        """The page of the segment at `start`."""

    def copy(self, start: int, end: int) -> Vad:
        """A VAD like this for part of its range; the caller counts what it holds on to."""
        other = Vad(start, end, self.kind, self.code, committed=self.committed)
        other.page_code, other.write_watch = self.page_code, self.write_watch
        other.demand, other.denied = self.demand, self.denied
        other.no_change, other.no_execute = self.no_change, self.no_execute
        other.inherit = self.inherit
        other.is_placeholder, other.replaced = self.is_placeholder, self.replaced
        other.segment, other.section = self.segment, self.section
        other.first_page = self.first_page + (start - self.start >> 12)
        return other

    def page(self, va: int) -> int:
        """The page of the segment that is seen at `va`."""
        return (va - self.start >> 12) + self.first_page

    def zero_code(self, va: int) -> int:
        """The protection code that a zero PTE of `va` stands for; 0: the page is not committed."""
        if self.segment is None:
            return self.page_code if self.committed else 0
        page = self.page(va)
        if not self.segment.is_committed(page):
            return 0
        code = self.segment.page_code(page) or self.page_code
        return codes.without_execution(code) if self.no_execute else code

    def alike(self, va: int) -> int:
        """How many pages from `va` on surely have the same `zero_code`."""
        if self.segment is None:
            return self.end - va >> 12
        return self.segment.alike(self.page(va))


class VadMap:
    """The VADs of one space in address order, and the search for free addresses."""

    def __init__(self, lowest: int, highest: int, granularity: int) -> None:
        """Search between `lowest` and `highest` (inclusive), on multiples of `granularity`."""
        self._vads = SortedDict()
        self._in_order = self._vads.values()
        self._unit = granularity
        self.lowest = lowest
        self.highest = highest
        self._taken = bytearray(-(-(highest + 1) // granularity))
        self._lowest_unit = lowest // granularity
        self._taken[: self._lowest_unit] = b"\1" * self._lowest_unit
        self._below = 0, 0
        """The arguments of the last `find_below`."""
        self._full_from = 0
        """None of its places from here on is free."""

    def __len__(self) -> int:
        return len(self._vads)

    def all(self) -> list[Vad]:
        """Every VAD in address order."""
        return list(self._in_order)

    def find(self, va: int) -> Vad | None:
        """The VAD that contains `va`."""
        index = self._vads.bisect_right(va) - 1
        if index < 0:
            return None
        vad: Vad = self._in_order[index]
        return vad if va < vad.end else None

    def after(self, va: int) -> Vad | None:
        """The first VAD that starts above `va`."""
        index = self._vads.bisect_right(va)
        return self._in_order[index] if index < len(self._vads) else None

    def overlapping(self, start: int, end: int) -> list[Vad]:
        """The VADs that have an address in `start` to `end` - 1."""
        first = self._vads.bisect_right(start) - 1
        if first < 0 or self._in_order[first].end <= start:
            first += 1
        return list(self._in_order[first : self._vads.bisect_left(end)])

    def is_free(self, start: int, end: int) -> bool:
        """Whether no VAD has an address in `start` to `end` - 1."""
        unit = self._unit
        first, last = start // unit, -(-end // unit)
        # Units below the lowest say nothing of VADs: they are taken to keep searches off.
        searched = max(self._lowest_unit, first)
        if last <= len(self._taken):
            if self._taken.find(1, searched, last) < 0:
                if searched == first:
                    return True
            elif not start % unit and not end % unit:
                return False
        return not self._has_other(start, end)

    def _has_other(self, start: int, end: int) -> bool:
        """Whether a VAD has an address in `start` to `end` - 1, found without the units."""
        index = self._vads.bisect_left(end) - 1
        return index >= 0 and bool(self._in_order[index].end > start)

    def insert(self, vad: Vad) -> None:
        """Add a VAD; its range is free."""
        self._vads[vad.start] = vad
        first, last = vad.start // self._unit, (vad.end - 1) // self._unit + 1
        last = min(last, len(self._taken))
        if first < last:
            self._taken[first:last] = b"\1" * (last - first)

    def remove(self, vad: Vad) -> None:
        """Take a VAD out; units that it shared with a neighbour stay taken."""
        del self._vads[vad.start]
        self._full_from = max(self._full_from, vad.end)
        unit = self._unit
        first, last = vad.start // unit, min((vad.end - 1) // unit + 1, len(self._taken))
        first = max(first, self.lowest // unit)
        if first < last and vad.start > first * unit and self._has_other(first * unit, vad.start):
            first += 1
        if first < last and vad.end < last * unit:
            last -= self._has_other(max(vad.end, first * unit), last * unit)
        if first < last:
            self._taken[first:last] = bytes(last - first)

    def resize(self, vad: Vad, start: int, end: int) -> None:
        """Narrow a VAD to `start` to `end` - 1."""
        self.remove(vad)
        vad.start, vad.end = start, end
        self.insert(vad)

    def find_below(self, top: int, size: int) -> int | None:
        """The first free start of `top - size`, `top - 2 * size` and so on; None without one.

        To find one place after another takes as long as the first.
        """
        if (top, size) != self._below:
            self._below, self._full_from = (top, size), top
        first = top - max((top - self._full_from) // size + 1, 1) * size
        for start in range(first, self.lowest - 1, -size):
            if self.is_free(start, start + size):
                self._full_from = start + size
                return start
        return None

    def find_room(
        self, size: int, *, top_down: bool, lowest: int, highest: int, alignment: int
    ) -> int | None:
        """A free start for `size` bytes between `lowest` and `highest` (inclusive), or None."""
        unit = self._unit
        low, high = max(lowest, self.lowest), min(highest, self.highest) + 1
        if alignment < unit:
            return self._find_gap(size, low, high, alignment, top_down=top_down)
        first, last = -(-low // unit), min(-(-high // unit), len(self._taken))
        step = max(alignment // unit, 1)
        units = -(-size // unit)
        while 0 < units <= last - first:
            index = self._search(units, first, last, top_down=top_down)
            if index < 0:
                return None
            start = index * unit
            if index % step == 0 and start + size <= high:
                return start
            if top_down:
                last = index + units - 1
            else:
                first = -(-(index + 1) // step) * step
        return None

    def _find_gap(
        self, size: int, low: int, high: int, alignment: int, *, top_down: bool
    ) -> int | None:
        """`find_room` below the granularity, between the VADs themselves."""
        edges = [(0, low), *((vad.start, vad.end) for vad in self.all()), (high, high)]
        gaps = []
        for (_, end), (start, _) in pairwise(edges):
            first, last = max(end, low), min(start, high) - size
            fitted = (
                last // alignment * alignment if top_down else -(-first // alignment) * alignment
            )
            if first <= fitted <= last:
                gaps.append(fitted)
        return (gaps[-1] if top_down else gaps[0]) if gaps else None

    def _search(self, units: int, first: int, last: int, *, top_down: bool) -> int:
        pattern = bytes(units)
        if not top_down:
            return self._taken.find(pattern, first, last)
        if units <= 64:
            return self._taken.rfind(pattern, first, last)
        # bytearray.rfind is quadratic for long patterns; find is not.
        found = self._taken[first:last][::-1].find(pattern)
        return -1 if found < 0 else last - found - units


def page_down(va: int) -> int:
    """The start of the page of `va`."""
    return va & -PAGE_SIZE


def page_up(va: int) -> int:
    """The start of the first page at or above `va`."""
    return -(-va // PAGE_SIZE) * PAGE_SIZE
