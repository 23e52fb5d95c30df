"""Frames that are taken out of use, and pages whose file keeps them back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emu.paging import VALID
from emu.ram import PAGE_SIZE, Ram
from provider.kernel.errors import KernelError, Reason
from provider.kernel.mm import AddressSpace, MemoryManager, Protection, working_set
from provider.kernel.mm.report import memory_map
from tests.provider.kernel.mm.invariants import check
from tests.provider.kernel.mm.test_section import File

if TYPE_CHECKING:
    from provider.kernel.mm.segment import FileSegment

READ_WRITE = Protection.READ | Protection.WRITE


@pytest.fixture(params=["pae", "x86"])
def mm(request: pytest.FixtureRequest) -> MemoryManager:
    return MemoryManager(Ram(1 << 20), paging=request.param)


def commit(space: AddressSpace, pages: int) -> int:
    start, _ = space.allocate(
        None, pages * PAGE_SIZE, reserve=True, commit=True, protection=READ_WRITE
    )
    return start


def frame_of(space: AddressSpace, va: int) -> int:
    pte = space.tables.entry(va)
    assert pte & VALID
    return (pte & space.mm.format.frame_mask) >> 12


@pytest.mark.parametrize("pfn", [-1, 0, 256, 1 << 20])
def test_a_frame_that_is_not_there_cannot_be_retired(mm: MemoryManager, pfn: int) -> None:
    with pytest.raises(KernelError) as refused:
        mm.retire_frame(pfn)
    assert refused.value.reason is Reason.INVALID_PARAMETER


def test_a_retired_frame_is_not_used_again(mm: MemoryManager) -> None:
    space = mm.create_space()
    used = commit(space, 20)
    space.write(used, bytes(20 * PAGE_SIZE))
    free = frame_of(space, used)
    space.release(used)
    limit = mm.commit_limit
    mm.pfns.zero_free(5)
    retired = {free, 200, 255, *range(100, 110)}
    assert all(mm.retire_frame(pfn) for pfn in retired)
    with pytest.raises(KernelError):
        mm.retire_frame(200)
    assert mm.commit_limit == limit - len(retired)
    check(mm)
    start = commit(space, mm.commit_limit - mm.committed - 8)
    vad = space.find_vad(start)
    assert vad is not None
    for va in range(start, vad.end, PAGE_SIZE):
        space.write(va, b"\x01")
        assert frame_of(space, va) not in retired
    check(mm)
    found = memory_map(mm, {})
    assert found["frames"]["bad"] == len(retired)
    assert [0x64, 10] in found["lists"]["bad"]


def test_frames_that_were_promised_are_not_retired(mm: MemoryManager) -> None:
    space = mm.create_space()
    commit(space, mm.commit_limit - mm.committed - 1)
    assert mm.retire_frame(255)
    with pytest.raises(KernelError) as refused:
        mm.retire_frame(254)
    assert refused.value.reason is Reason.COMMITMENT_LIMIT
    check(mm)


@pytest.mark.parametrize("written", [False, True], ids=["modified", "standby"])
def test_a_page_on_a_list_leaves_a_retired_frame(mm: MemoryManager, written: bool) -> None:
    mm.add_page_file(1 << 20)
    space = mm.create_space()
    start = commit(space, 1)
    space.write(start, b"kept")
    pfn = frame_of(space, start)
    working_set.empty(space)
    if written:
        mm.pager.write_modified(1)
    assert mm.retire_frame(pfn)
    check(mm)
    assert space.read(start, 4) == b"kept"
    assert frame_of(space, start) != pfn
    assert mm.pfns.bad.frames() == [pfn]


def test_a_page_in_use_keeps_its_frame_until_it_goes(mm: MemoryManager) -> None:
    space = mm.create_space()
    start = commit(space, 1)
    space.write(start, b"kept")
    pfn = frame_of(space, start)
    assert not mm.retire_frame(pfn)
    assert space.read(start, 4) == b"kept"
    check(mm)
    space.release(start)
    assert mm.pfns.bad.frames() == [pfn]
    check(mm)


def file_view(mm: MemoryManager, file: File) -> tuple[AddressSpace, int, FileSegment]:
    space = mm.create_space()
    section = mm.create_section(backing=file)
    start = space.map_view(section, None, protection=READ_WRITE).start
    section.close()
    segment = mm.file_segment(file)
    assert segment is not None
    return space, start, segment


def test_pages_that_a_file_system_keeps_back_are_not_written(mm: MemoryManager) -> None:
    file = File(bytes(4 * PAGE_SIZE))
    space, start, segment = file_view(mm, file)
    space.write(start, b"before")
    working_set.empty(space)
    mm.pager.hold_writes(segment)
    space.write(start + PAGE_SIZE, b"during")
    working_set.empty(space)
    assert mm.pfns.modified_no_write.count == 2
    assert mm.pfns.modified.count == 0
    assert memory_map(mm, {})["frames"]["modified_no_write"] == 2
    check(mm, (segment,))
    mm.balance()
    mm.pager.reclaim()
    assert file.data == bytes(4 * PAGE_SIZE)
    assert space.read(start, 6) == b"before"
    assert mm.counters.transition_faults == 1
    check(mm, (segment,))
    mm.pager.allow_writes(segment)
    working_set.empty(space)
    mm.balance()
    assert mm.pfns.modified_no_write.count == 0
    assert bytes(file.data[:6] + file.data[PAGE_SIZE : PAGE_SIZE + 6]) == b"beforeduring"
    check(mm, (segment,))


def test_a_flush_writes_what_is_kept_back(mm: MemoryManager) -> None:
    file = File(bytes(PAGE_SIZE))
    space, start, segment = file_view(mm, file)
    mm.pager.hold_writes(segment)
    space.write(start, b"asked for")
    working_set.empty(space)
    space.flush_view(start, 0)
    assert bytes(file.data[:9]) == b"asked for"
    assert mm.pfns.modified_no_write.count == 0
    assert mm.pfns.standby.count == 1
    check(mm, (segment,))


def test_a_hold_ends_with_its_segment(mm: MemoryManager) -> None:
    file = File(bytes(PAGE_SIZE))
    space, start, segment = file_view(mm, file)
    mm.pager.hold_writes(segment)
    space.write(start, b"last")
    working_set.empty(space)
    space.unmap_view(start)
    assert bytes(file.data[:4]) == b"last"
    assert mm.pager.may_write(segment)
    check(mm)


def test_a_frame_that_held_code_is_plain_for_its_next_owner(mm: MemoryManager) -> None:
    dropped: list[int] = []
    mm.ram.on_code_write = dropped.append
    space = mm.create_space()
    start, _ = space.allocate(
        None, PAGE_SIZE, reserve=True, commit=True, protection=READ_WRITE | Protection.EXECUTE
    )
    space.write(start, b"\x90")
    pfn = frame_of(space, start)
    assert mm.ram.executable[pfn]
    space.release(start)
    dropped.clear()
    while mm.pfns.take_zeroed() != pfn:
        assert not dropped
    assert dropped == [pfn]
    assert not mm.ram.executable[pfn]
