"""More memory than RAM: page files, the page lists and trimming."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from emu.paging import VALID
from emu.ram import PAGE_SIZE, Ram
from provider.kernel.errors import KernelError, Reason
from provider.kernel.mm import AccessViolation, AddressSpace, MemoryManager, Protection, working_set
from provider.kernel.mm.page_file import PageFile
from tests.provider.kernel.mm.invariants import check
from tests.provider.kernel.mm.test_section import BASE, File, make_image

if TYPE_CHECKING:
    from provider.kernel.mm.compression import CompressionStore

R, W = Protection.READ, Protection.WRITE


@pytest.fixture(params=["pae", "x86"])
def mm(request: pytest.FixtureRequest) -> MemoryManager:
    """A machine with 256 frames."""
    return MemoryManager(Ram(1 << 20), paging=request.param)


def commit(space: AddressSpace, pages: int) -> int:
    start, _ = space.allocate(None, pages * PAGE_SIZE, reserve=True, commit=True, protection=R | W)
    return start


def fill(space: AddressSpace, start: int, pages: int) -> None:
    for page in range(pages):
        space.write(start + page * PAGE_SIZE, b"%08d" % page)


def verify(space: AddressSpace, start: int, pages: int) -> None:
    order = list(range(pages))
    random.Random(1).shuffle(order)
    for page in order:
        assert space.read(start + page * PAGE_SIZE, 8) == b"%08d" % page


@pytest.mark.parametrize("size", [0, PAGE_SIZE - 1, -PAGE_SIZE, 1 << 60])
def test_a_page_file_that_cannot_be(mm: MemoryManager, size: int) -> None:
    with pytest.raises(KernelError) as error:
        mm.add_page_file(size)
    assert error.value.reason is Reason.INVALID_PARAMETER


def test_there_are_no_more_page_files_than_ptes_can_name(mm: MemoryManager) -> None:
    for _ in range(15):
        mm.add_page_file(PAGE_SIZE)
    with pytest.raises(KernelError) as error:
        mm.add_page_file(PAGE_SIZE)
    assert error.value.reason is Reason.INSUFFICIENT_RESOURCES


def test_without_a_page_file_commit_ends_with_ram(mm: MemoryManager) -> None:
    space = mm.create_space()
    with pytest.raises(KernelError) as error:
        commit(space, 256)
    assert error.value.reason is Reason.COMMITMENT_LIMIT
    pages = mm.commit_limit - mm.committed - 1
    start = commit(space, pages)
    fill(space, start, pages)
    verify(space, start, pages)
    check(mm)


def test_more_memory_than_ram(mm: MemoryManager) -> None:
    file = mm.add_page_file(4 << 20)
    space = mm.create_space()
    start = commit(space, 900)
    fill(space, start, 900)
    check(mm)
    verify(space, start, 900)
    check(mm)
    assert mm.counters.hard_faults > 500
    assert file.used
    space.delete()
    check(mm)
    assert file.used == 0


def test_a_page_read_back_and_not_changed_is_not_written_again(mm: MemoryManager) -> None:
    mm.add_page_file(4 << 20)
    space = mm.create_space()
    start = commit(space, 500)
    fill(space, start, 500)
    verify(space, start, 500)
    written = mm.counters.pages_written
    verify(space, start, 500)
    assert mm.counters.pages_written <= written + 200


def test_frames_do_not_carry_data_to_another_process(mm: MemoryManager) -> None:
    mm.add_page_file(4 << 20)
    first, second = mm.create_space(), mm.create_space()
    start = commit(first, 600)
    fill(first, start, 600)
    other = commit(second, 300)
    for page in range(300):
        assert second.read(other + page * PAGE_SIZE, PAGE_SIZE) == bytes(PAGE_SIZE)
    verify(first, start, 600)
    check(mm)


def test_a_trimmed_page_comes_back_by_a_soft_fault(mm: MemoryManager) -> None:
    space = mm.create_space()
    start = commit(space, 8)
    fill(space, start, 8)
    working_set.empty(space)
    assert (space.resident, mm.pfns.modified.count) == (0, 8)
    check(mm)
    assert space.query(start).protection == R | W
    verify(space, start, 8)
    assert mm.counters.transition_faults == 8
    assert (space.resident, mm.pfns.modified.count) == (8, 0)
    check(mm)


def test_protection_changes_of_pages_that_are_out(mm: MemoryManager) -> None:
    mm.add_page_file(4 << 20)
    space = mm.create_space()
    start = commit(space, 500)
    fill(space, start, 500)
    assert space.protect(start, 500 * PAGE_SIZE, R)[2] == R | W
    verify(space, start, 500)
    with pytest.raises(AccessViolation):
        space.write(start, b"x")
    space.protect(start, PAGE_SIZE, R | W)
    space.write(start, b"x")
    check(mm)


def test_shared_pages_are_paged_too(mm: MemoryManager) -> None:
    mm.add_page_file(4 << 20)
    section = mm.create_section(size=500 * PAGE_SIZE)
    spaces = [mm.create_space(), mm.create_space()]
    views = [space.map_view(section, None, protection=R | W).start for space in spaces]
    fill(spaces[0], views[0], 500)
    check(mm, (section.segment,))
    verify(spaces[1], views[1], 500)
    verify(spaces[0], views[0], 500)
    check(mm, (section.segment,))
    for space in spaces:
        space.delete()
    section.close()
    check(mm)


def test_file_pages_go_back_to_their_file(mm: MemoryManager) -> None:
    file = File(bytes(500 * PAGE_SIZE))
    section = mm.create_section(backing=file)
    space = mm.create_space()
    view = space.map_view(section, None, protection=R | W)
    fill(space, view.start, 500)
    check(mm, (section.segment,))
    verify(space, view.start, 500)
    assert len(file.writes) > 200
    section.close()
    space.delete()
    assert all(file.data[page * PAGE_SIZE :][:8] == b"%08d" % page for page in range(500))
    check(mm)


def test_a_trimmed_view_keeps_the_protection_of_each_page(mm: MemoryManager) -> None:
    section = mm.create_section(size=4 * PAGE_SIZE)
    space = mm.create_space()
    start = space.map_view(section, None, protection=R | W).start
    fill(space, start, 4)
    space.protect(start + PAGE_SIZE, PAGE_SIZE, R)
    space.protect(start + 2 * PAGE_SIZE, PAGE_SIZE, Protection.NONE)
    working_set.empty(space)
    found = [space.query(start + page * PAGE_SIZE).protection for page in range(4)]
    assert found == [R | W, R, Protection.NONE, R | W]
    with pytest.raises(AccessViolation):
        space.write(start + PAGE_SIZE, b"x")
    assert space.read(start + PAGE_SIZE, 8) == b"00000001"
    check(mm, (section.segment,))


def test_image_pages_are_read_again(mm: MemoryManager) -> None:
    section = mm.create_section(image=make_image())
    space = mm.create_space()
    space.map_view(section, None, protection=R)
    space.write(BASE + 4 * PAGE_SIZE, b"changed")
    mm.add_page_file(4 << 20)
    start = commit(space, 500)
    fill(space, start, 500)
    for page, letter in ((0, b"H"), (1, b"C"), (2, b"D"), (3, b"\0"), (4, b"c")):
        assert space.read(BASE + page * PAGE_SIZE, 1) == letter
    check(mm, (section.segment,))


def test_a_page_file_that_fails_loses_nothing(
    mm: MemoryManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    mm.add_page_file(4 << 20)
    space = mm.create_space()
    start = commit(space, 600)
    fill(space, start, 400)

    def fail(self: PageFile, number: int) -> bytes:
        raise OSError(5, "I/O error")

    with monkeypatch.context() as patch:
        patch.setattr(PageFile, "load", fail)
        with pytest.raises(AccessViolation) as caught:
            verify(space, start, 400)
        assert caught.value.violation.reason is Reason.IO_DEVICE_ERROR
        check(mm)
    verify(space, start, 400)

    def full(self: PageFile, data: memoryview) -> int | None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(PageFile, "store", full)
        with pytest.raises(AccessViolation) as caught:
            fill(space, start, 600)
        assert caught.value.violation.reason is Reason.NO_MEMORY
        check(mm)
    verify(space, start, 300)


def compressed(mm: MemoryManager, pages: int = 100) -> CompressionStore:
    mm.compress_into(mm.create_space(), pages)
    assert mm.pager.compression is not None
    return mm.pager.compression


def test_compression_spares_the_page_file(mm: MemoryManager) -> None:
    file = mm.add_page_file(4 << 20)
    store = compressed(mm)
    space = mm.create_space()
    start = commit(space, 800)
    fill(space, start, 800)
    check(mm)
    assert store.entries > 500
    assert file.used == 0
    verify(space, start, 800)
    check(mm)
    space.delete()
    assert store.entries == 0
    check(mm)


def test_a_page_of_the_store_that_is_given_back_cannot_be_read_any_more(mm: MemoryManager) -> None:
    store = compressed(mm)
    (its_space,) = mm.spaces
    numbers = []
    for _ in range(1000):
        numbers.append(store.store(memoryview(bytes(PAGE_SIZE))))
        store.refill()
    first = its_space.vads.lowest
    pages = range(first, first + 100 * PAGE_SIZE, PAGE_SIZE)
    valid = [va for va in pages if its_space.tables.entry(va) & VALID]
    for va in valid:
        its_space.read(va, 16)
    for number in numbers:
        assert number is not None
        store.free(number)
    assert store.frames < len(valid)
    check(mm)


def test_pages_that_do_not_compress_go_to_the_page_file(mm: MemoryManager) -> None:
    file = mm.add_page_file(4 << 20)
    store = compressed(mm)
    space = mm.create_space()
    start = commit(space, 500)
    noise = random.Random(2)
    pages = [noise.randbytes(PAGE_SIZE) for _ in range(500)]
    for page, data in enumerate(pages):
        space.write(start + page * PAGE_SIZE, data)
    assert file.used > 200
    assert store.entries == 0
    for page, data in enumerate(pages):
        assert space.read(start + page * PAGE_SIZE, PAGE_SIZE) == data
    check(mm)


def test_entries_of_every_size_come_back(mm: MemoryManager) -> None:
    store = compressed(mm, 60)
    noise = random.Random(3)
    kept: dict[int, bytes] = {}
    for step in range(600):
        if kept and noise.random() < 0.45:
            number = noise.choice(sorted(kept))
            assert store.load(number) == kept.pop(number)
            store.free(number)
        data = noise.randbytes(noise.randrange(3000)).ljust(PAGE_SIZE, b"\0")
        stored = store.store(memoryview(data))
        if stored is not None:
            assert stored not in kept
            kept[stored] = data
        if step % 50 == 0:
            store.refill()
    assert all(store.load(number) == data for number, data in kept.items())
    assert store.entries == len(kept)


@pytest.mark.slow
@pytest.mark.parametrize("compress", [False, True])
def test_a_256_mb_working_set_in_24_mb(compress: bool) -> None:
    mm = MemoryManager(Ram(24 << 20))
    mm.add_page_file(512 << 20)
    if compress:
        compressed(mm, 1500)
    space = mm.create_space()
    pages = (256 << 20) // PAGE_SIZE
    start = commit(space, pages)
    fill(space, start, pages)
    verify(space, start, pages)
    assert mm.counters.hard_faults > pages // 2
    check(mm)
