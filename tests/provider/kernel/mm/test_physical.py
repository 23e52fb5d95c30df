from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emu.ram import PAGE_SIZE, Ram
from provider.kernel.errors import KernelError, Reason
from provider.kernel.mm import AccessViolation, AddressSpace, MemoryManager, Protection
from tests.provider.kernel.mm.invariants import check

if TYPE_CHECKING:
    from collections.abc import Callable

R, W, X = Protection.READ, Protection.WRITE, Protection.EXECUTE
WINDOW = 0x100000


@pytest.fixture(params=["pae", "x86"])
def space(request: pytest.FixtureRequest) -> AddressSpace:
    space = MemoryManager(Ram(1 << 20), paging=request.param).create_space()
    space.allocate(WINDOW, 0x10000, reserve=True, commit=False, protection=R | W, window=True)
    return space


def refused(call: Callable[..., object], *arguments: object) -> Reason:
    with pytest.raises(KernelError) as error:
        call(*arguments)
    return error.value.reason


@pytest.mark.parametrize("protection", [R, X | R | W, Protection.NONE, R | W | Protection.GUARD])
def test_a_window_is_for_reading_and_writing(space: AddressSpace, protection: Protection) -> None:
    with pytest.raises(KernelError) as error:
        space.allocate(None, 1, reserve=True, commit=False, protection=protection, window=True)
    assert error.value.reason is Reason.INVALID_PAGE_PROTECTION


def test_frames_that_are_not_the_caller_s(space: AddressSpace) -> None:
    other = space.mm.create_space().allocate_frames(1)
    own = space.allocate_frames(2)
    for frames in (other, [0], [-1], [1 << 40], [own[0], own[0]], [*own, *other]):
        assert refused(space.free_frames, frames) is Reason.CONFLICTING_ADDRESSES
        pages = [WINDOW + index * PAGE_SIZE for index in range(len(frames))]
        assert refused(space.map_frames, pages, frames) is Reason.INVALID_PARAMETER
    check(space.mm)


@pytest.mark.parametrize(
    "va", [-1, 0, WINDOW + 1, WINDOW - PAGE_SIZE, 0x110000, 0x7FFF0000, 1 << 40]
)
def test_addresses_outside_a_window(space: AddressSpace, va: int) -> None:
    frames = space.allocate_frames(1)
    assert refused(space.map_frames, [va], frames) is Reason.INVALID_PARAMETER
    assert refused(space.map_frames, [va], None) is Reason.INVALID_PARAMETER


def test_no_more_frames_than_there_are(space: AddressSpace) -> None:
    frames = space.allocate_frames(100_000)
    assert 0 < len(frames) < 256
    check(space.mm)
    space.free_frames(frames)
    check(space.mm)


def test_a_window_shows_what_is_mapped_into_it(space: AddressSpace) -> None:
    first, second = space.allocate_frames(2)
    with pytest.raises(AccessViolation):
        space.read(WINDOW, 1)
    space.map_frames([WINDOW, WINDOW + PAGE_SIZE], [first, second])
    space.write(WINDOW, b"first")
    space.write(WINDOW + PAGE_SIZE, b"second")
    assert refused(space.map_frames, [WINDOW + 0x5000], [first]) is Reason.INVALID_PARAMETER
    space.map_frames([WINDOW, WINDOW + PAGE_SIZE], [second, first])
    assert space.read(WINDOW, 6) == b"second"
    space.map_frames([WINDOW], None)
    with pytest.raises(AccessViolation):
        space.read(WINDOW, 1)
    check(space.mm)
    assert refused(space.release, WINDOW, PAGE_SIZE) is Reason.FREE_VM_NOT_AT_BASE
    assert refused(space.decommit, WINDOW) is Reason.MEMORY_NOT_ALLOCATED
    assert refused(space.protect, WINDOW, 1, R) is Reason.INVALID_PAGE_PROTECTION
    space.free_frames([first])
    with pytest.raises(AccessViolation):
        space.read(WINDOW + PAGE_SIZE, 1)
    space.map_frames([WINDOW], [second])
    space.release(WINDOW)
    check(space.mm)
    space.delete()
    check(space.mm)


def test_frames_are_left_for_everybody_s_pages(space: AddressSpace) -> None:
    """With page files there is commit for more than RAM has."""
    space.mm.add_page_file(8 << 20)
    space.allocate_frames(100_000)
    start, _ = space.allocate(None, 100 * PAGE_SIZE, reserve=True, commit=True, protection=R | W)
    for page in range(100):
        space.write(start + page * PAGE_SIZE, bytes([page]))
    for page in range(100):
        assert space.read(start + page * PAGE_SIZE, 1) == bytes([page])
    check(space.mm)
