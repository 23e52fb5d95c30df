"""Locks, write-watch and trimming as a process sees them."""

from __future__ import annotations

import pytest

from emu.paging import ACCESSED, VALID
from emu.ram import PAGE_SIZE, Ram
from provider.kernel.errors import KernelError, Reason
from provider.kernel.mm import AccessViolation, AddressSpace, MemoryManager, Protection, working_set
from provider.kernel.mm.locks import Lock
from tests.provider.kernel.mm.invariants import Tlb, check, squeeze

R, W = Protection.READ, Protection.WRITE
BAD_RANGES = [(0, 0), (-1, 1), (0x7FFF0000, 1), (0x10000, 1 << 40), (0x10000, -1), (1 << 33, 1)]


@pytest.fixture(params=["pae", "x86"])
def space(request: pytest.FixtureRequest) -> AddressSpace:
    return MemoryManager(Ram(4 << 20), paging=request.param).create_space()


def commit(space: AddressSpace, pages: int, *, write_watch: bool = False) -> int:
    return space.allocate(
        None,
        pages * PAGE_SIZE,
        reserve=True,
        commit=True,
        protection=R | W,
        write_watch=write_watch,
    )[0]


@pytest.mark.parametrize(("base", "size"), BAD_RANGES)
def test_ranges_that_cannot_be(space: AddressSpace, base: int, size: int) -> None:
    for call in (
        lambda: space.lock(base, size),
        lambda: space.unlock(base, size),
        lambda: space.watch_writes(base, size, limit=1, reset=True),
    ):
        with pytest.raises(KernelError) as error:
            call()
        assert error.value.reason is Reason.INVALID_PARAMETER


def test_locks_that_are_refused(space: AddressSpace) -> None:
    start = commit(space, 60)
    with pytest.raises(KernelError) as error:
        space.lock(start, 60 * PAGE_SIZE)
    assert error.value.reason is Reason.WORKING_SET_QUOTA
    space.lock(start + 58 * PAGE_SIZE, 1)
    with pytest.raises(AccessViolation):
        space.lock(start + 57 * PAGE_SIZE, 4 * PAGE_SIZE)
    assert start + 57 * PAGE_SIZE not in space.locked
    space.unlock(start + 58 * PAGE_SIZE, 1)
    with pytest.raises(KernelError) as error:
        space.unlock(start, 1)
    assert error.value.reason is Reason.NOT_LOCKED
    assert not space.locked


def test_locked_pages_are_not_trimmed(space: AddressSpace) -> None:
    start = commit(space, 8)
    for page in range(8):
        space.write(start + page * PAGE_SIZE, b"x")
    assert not space.lock(start + PAGE_SIZE, PAGE_SIZE + 1)
    assert space.lock(start + PAGE_SIZE, PAGE_SIZE)
    assert space.lock(start + 2 * PAGE_SIZE, 2 * PAGE_SIZE)
    space.unlock(start + 3 * PAGE_SIZE, PAGE_SIZE)
    working_set.empty(space)
    assert space.resident == 2
    space.unlock(start + PAGE_SIZE, 2 * PAGE_SIZE)
    working_set.empty(space)
    assert space.resident == 0
    check(space.mm)


def test_locks_in_memory_are_locks_of_their_own(space: AddressSpace) -> None:
    start = commit(space, 2)
    assert not space.lock(start, PAGE_SIZE, Lock.MEMORY)
    with pytest.raises(KernelError) as error:
        space.unlock(start, PAGE_SIZE)
    assert error.value.reason is Reason.NOT_LOCKED
    assert not space.lock(start, PAGE_SIZE)
    with pytest.raises(KernelError):
        space.unlock(start, 2 * PAGE_SIZE, Lock.MEMORY)
    space.unlock(start, PAGE_SIZE, Lock.MEMORY)
    working_set.empty(space)
    assert space.resident == 1
    assert space.lock(start, PAGE_SIZE, Lock.WORKING_SET | Lock.MEMORY)
    space.unlock(start, PAGE_SIZE, Lock.WORKING_SET | Lock.MEMORY)
    assert not space.locked


@pytest.mark.parametrize("paging", ["pae", "x86"])
def test_a_lock_does_not_push_out_its_own_pages(paging: str) -> None:
    mm = MemoryManager(Ram(4 << 20), paging=paging)
    mm.add_page_file(4 << 20)
    space = mm.create_space()
    start = commit(space, 100)
    squeeze(mm, 40)
    for page in range(100):
        space.write(start + page * PAGE_SIZE, b"x")
    space.lock(start, 30 * PAGE_SIZE)
    assert all(space.tables.entry(start + page * PAGE_SIZE) & VALID for page in range(30))
    check(mm)


def test_freed_pages_are_not_locked_any_more(space: AddressSpace) -> None:
    start = commit(space, 2)
    space.lock(start, 2 * PAGE_SIZE)
    space.decommit(start, 1)
    assert start not in space.locked
    assert start + PAGE_SIZE in space.locked
    space.release(start)
    assert not space.locked


def test_memory_without_write_watch_has_none(space: AddressSpace) -> None:
    start = commit(space, 2)
    with pytest.raises(KernelError) as error:
        space.watch_writes(start, PAGE_SIZE, limit=1, reset=False)
    assert error.value.reason is Reason.INVALID_PARAMETER


def test_write_watch_finds_what_was_written(space: AddressSpace) -> None:
    start = commit(space, 8, write_watch=True)
    pages = [start + page * PAGE_SIZE for page in range(8)]
    size = 8 * PAGE_SIZE
    assert space.watch_writes(start, size, limit=8, reset=False) == []
    space.read(pages[1], 1)
    for page in (2, 3, 5):
        space.write(pages[page], b"x")
    working_set.empty(space)
    space.read(pages[3], 1)
    assert space.watch_writes(start, size, limit=2, reset=False) == [pages[2], pages[3]]
    assert space.watch_writes(start, size, limit=2, reset=True) == [pages[2], pages[3]]
    assert space.watch_writes(start, size, limit=8, reset=True) == [pages[5]]
    assert space.watch_writes(start, size, limit=8, reset=True) == []
    space.write(pages[2], b"y")
    assert space.watch_writes(pages[2] + 5, 1, limit=8, reset=True) == [pages[2]]
    working_set.empty(space)
    assert space.read(pages[2], 1) == b"y"
    check(space.mm)


def test_a_reset_reaches_the_cpu() -> None:
    tlb = Tlb()
    space = MemoryManager(Ram(4 << 20), flush_cpu=tlb.flush).create_space()
    start = commit(space, 1, write_watch=True)
    space.write(start, b"x")
    tlb.touch(space, start)
    space.watch_writes(start, 1, limit=1, reset=True)
    tlb.check(space)


def test_the_balance_set_manager_keeps_frames_available(space: AddressSpace) -> None:
    mm = space.mm
    mm.add_page_file(4 << 20)
    start = commit(space, 980)
    for page in range(980):
        space.write(start + page * PAGE_SIZE, b"x")
    assert mm.pfns.available < working_set.LOW_AVAILABLE
    working_set.balance(mm)
    assert mm.pfns.available >= working_set.LOW_AVAILABLE
    check(mm)


def test_pages_that_were_accessed_since_the_last_visit_stay(space: AddressSpace) -> None:
    """Windows Internals, 4th edition, chapter 7, "Working set management": the clock algorithm."""
    mm = space.mm
    start = commit(space, 8)
    for page in range(8):
        space.write(start + page * PAGE_SIZE, b"x")
        mm.words[space.tables.slot(start + page * PAGE_SIZE)] &= ~ACCESSED
    mm.flush_tlb()
    for page in (1, 3, 6):
        space.read(start + page * PAGE_SIZE, 1)
    assert working_set.trim(space, 5) == 5
    pages = [page for page in range(8) if space.query_page(start + page * PAGE_SIZE).valid]
    assert pages == [1, 3, 6]
    assert working_set.trim(space, 1) == 1
    check(mm)


def test_a_space_at_its_minimum_is_trimmed_last(space: AddressSpace) -> None:
    mm = space.mm
    other = mm.create_space()
    for each, minimum in ((space, 40), (other, 60)):
        each.minimum = minimum
        start = commit(each, 50)
        for page in range(50):
            each.write(start + page * PAGE_SIZE, b"x")
    mm.faulting = None
    assert working_set.trim_all(mm, 30, force=False) == 10
    assert (space.resident, other.resident) == (40, 50)
    assert working_set.trim_all(mm, 45, force=True) == 45
    assert space.resident + other.resident == 45
    check(mm)
