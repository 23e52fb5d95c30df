"""Prefetching, per PrefetchVirtualMemory (Win32 API)."""

from __future__ import annotations

import pytest

from emu.ram import PAGE_SIZE, Ram
from provider.kernel.mm import AddressSpace, MemoryManager, Protection, working_set
from tests.provider.kernel.mm.invariants import check, squeeze
from tests.provider.kernel.mm.test_section import File

R, W = Protection.READ, Protection.WRITE
PAGES = 8


@pytest.fixture(params=["pae", "x86"])
def space(request: pytest.FixtureRequest) -> AddressSpace:
    mm = MemoryManager(Ram(4 << 20), paging=request.param)
    mm.add_page_file(4 << 20)
    return mm.create_space()


def hard_faults(space: AddressSpace, start: int) -> int:
    """Those of reading all pages."""
    before = space.mm.counters.hard_faults
    for page in range(PAGES):
        assert space.read(start + page * PAGE_SIZE, 1)[0] == page + 1
    return space.mm.counters.hard_faults - before


def test_addresses_without_memory_do_not_matter(space: AddressSpace) -> None:
    start, _ = space.allocate(None, PAGE_SIZE, reserve=True, commit=False, protection=R | W)
    for base, size in ((0, 1 << 32), (start, PAGE_SIZE), (0x7FFF0000, 1 << 31), (1 << 33, 1)):
        space.prefetch(base, size)
    assert not space.resident
    check(space.mm)


def test_pages_of_a_file(space: AddressSpace) -> None:
    data = b"".join(bytes([page + 1]) * PAGE_SIZE for page in range(PAGES))
    section = space.mm.create_section(backing=File(data))
    start = space.map_view(section, None, protection=R).start
    space.prefetch(start, 3 * PAGE_SIZE)
    assert (space.resident, space.mm.pfns.standby.count) == (0, 3)
    check(space.mm, (section.segment,))
    assert hard_faults(space, start) == PAGES - 3
    check(space.mm, (section.segment,))


def paged_out(space: AddressSpace) -> int:
    start, _ = space.allocate(None, PAGES * PAGE_SIZE, reserve=True, commit=True, protection=R | W)
    for page in range(PAGES):
        space.write(start + page * PAGE_SIZE, bytes([page + 1]))
    working_set.empty(space)
    space.mm.pager.write_modified(PAGES)
    while space.mm.pfns.standby.count:
        assert space.mm.pager.vacate(space.mm.pfns.standby.head)
    return start


def test_pages_of_the_page_file(space: AddressSpace) -> None:
    start = paged_out(space)
    space.prefetch(start + PAGE_SIZE, 2 * PAGE_SIZE)
    assert (space.resident, space.mm.pfns.standby.count) == (0, 2)
    check(space.mm)
    assert hard_faults(space, start) == PAGES - 2
    check(space.mm)


def test_nothing_is_pushed_out(space: AddressSpace) -> None:
    start = paged_out(space)
    squeeze(space.mm, 10)
    space.prefetch(start, PAGES * PAGE_SIZE)
    assert not space.mm.pfns.standby.count


def test_a_page_that_cannot_be_read_is_left_out(space: AddressSpace) -> None:
    file = File(bytes(range(1, 3)) * PAGE_SIZE)
    section = space.mm.create_section(backing=file)
    start = space.map_view(section, None, protection=R).start
    file.error = OSError(5, "I/O error")
    space.prefetch(start, PAGE_SIZE)
    file.error = None
    assert space.read(start, 2) == bytes(range(1, 3))
    check(space.mm, (section.segment,))
