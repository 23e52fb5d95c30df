"""MEM_RESET and its undoing, per VirtualAlloc (Win32 API)."""

from __future__ import annotations

import pytest

from emu.ram import PAGE_SIZE, Ram
from provider.kernel.errors import KernelError, Reason
from provider.kernel.mm import AddressSpace, MemoryManager, Protection, working_set
from tests.provider.kernel.mm.invariants import Tlb, check, squeeze
from tests.provider.kernel.mm.test_section import File

R, W = Protection.READ, Protection.WRITE
PAGES = 8


@pytest.fixture(params=["pae", "x86"])
def space(request: pytest.FixtureRequest) -> AddressSpace:
    mm = MemoryManager(Ram(4 << 20), paging=request.param)
    mm.add_page_file(4 << 20)
    return mm.create_space()


def commit(space: AddressSpace, pages: int = PAGES) -> int:
    start, _ = space.allocate(None, pages * PAGE_SIZE, reserve=True, commit=True, protection=R | W)
    return start


def fill(space: AddressSpace, start: int, pages: int = PAGES) -> None:
    for page in range(pages):
        space.write(start + page * PAGE_SIZE, bytes([page + 1]))


def contents(space: AddressSpace, start: int) -> list[int]:
    return [space.read(start + page * PAGE_SIZE, 1)[0] for page in range(PAGES)]


OLD = [page + 1 for page in range(PAGES)]


def push_out(space: AddressSpace) -> None:
    """Take every page's frame for something else."""
    working_set.empty(space)
    squeeze(space.mm, 20)
    fill(space, commit(space, 40), 40)


def refusal(call: object) -> Reason:
    assert callable(call)
    with pytest.raises(KernelError) as error:
        call()
    return error.value.reason


def test_ranges_that_are_not_reset(space: AddressSpace) -> None:
    file = space.map_view(space.mm.create_section(backing=File(b"x")), None, protection=R)
    start = commit(space)
    for call in (space.reset, space.undo_reset):
        assert refusal(lambda c=call: c(file.start, 1)) is Reason.USER_MAPPED_FILE
        assert refusal(lambda c=call: c(0x70000000, 1)) is Reason.CONFLICTING_ADDRESSES
        assert refusal(lambda c=call: c(start, 0)) is Reason.INVALID_PARAMETER_4


def test_unwanted_pages_stay_while_there_is_room(space: AddressSpace) -> None:
    start = commit(space)
    fill(space, start)
    assert space.reset(start + 1, PAGES * PAGE_SIZE - 1) == (start, PAGES * PAGE_SIZE)
    assert contents(space, start) == OLD
    working_set.empty(space)
    assert space.mm.pfns.standby.count == PAGES
    assert contents(space, start) == OLD
    check(space.mm)


def test_unwanted_pages_are_dropped_and_not_written(space: AddressSpace) -> None:
    start = commit(space)
    fill(space, start)
    space.reset(start, 4 * PAGE_SIZE)
    working_set.empty(space)
    assert (space.mm.pfns.standby.count, space.mm.pfns.modified.count) == (4, 4)
    push_out(space)
    assert contents(space, start) == [0, 0, 0, 0, *OLD[4:]]
    assert refusal(lambda: space.undo_reset(start, PAGE_SIZE)) is Reason.DEVICE_BUSY
    assert space.undo_reset(start, PAGE_SIZE) == (start, PAGE_SIZE)
    check(space.mm)


def test_a_copy_in_the_page_file_is_dropped_at_once(space: AddressSpace) -> None:
    start = commit(space)
    fill(space, start)
    push_out(space)
    used = space.mm.pager.files[0].used
    space.reset(start, PAGES * PAGE_SIZE)
    assert space.mm.pager.files[0].used == used - PAGES
    assert refusal(lambda: space.undo_reset(start, PAGES * PAGE_SIZE)) is Reason.DEVICE_BUSY
    assert contents(space, start) == [0] * PAGES
    check(space.mm)


def test_an_undone_reset_keeps_the_contents(space: AddressSpace) -> None:
    start = commit(space)
    fill(space, start)
    space.reset(start, PAGES * PAGE_SIZE)
    space.undo_reset(start, 2 * PAGE_SIZE)
    working_set.empty(space)
    space.undo_reset(start, PAGES * PAGE_SIZE)
    assert space.mm.pfns.modified.count == PAGES
    push_out(space)
    assert contents(space, start) == OLD
    check(space.mm)


def test_a_page_that_is_written_is_wanted_again(space: AddressSpace) -> None:
    tlb = Tlb()
    space.mm.flush_cpu = tlb.flush
    start = commit(space)
    fill(space, start)
    tlb.touch(space, start)
    space.reset(start, PAGES * PAGE_SIZE)
    tlb.check(space)
    fill(space, start, 3)
    push_out(space)
    assert contents(space, start) == [1, 2, 3, 0, 0, 0, 0, 0]
    check(space.mm)


def test_a_clone_sees_what_is_there(space: AddressSpace) -> None:
    start = commit(space)
    fill(space, start)
    space.reset(start, 4 * PAGE_SIZE)
    child = space.clone()
    push_out(space)
    assert contents(child, start)[4:] == OLD[4:]
    assert all(value in (0, old) for value, old in zip(contents(child, start), OLD, strict=True))
    check(space.mm)
