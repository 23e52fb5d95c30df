"""The kernel's cached translations of user memory: they end with the CPU's, and stay few."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from emu.ram import PAGE_SIZE, Ram
from provider.kernel.mm import (
    AccessViolation,
    AddressSpace,
    MemoryManager,
    Protection,
    working_set,
)
from provider.kernel.mm.user_memory import MOST_TRANSLATIONS
from tests.provider.kernel.mm.invariants import check

if TYPE_CHECKING:
    from collections.abc import Callable

READ_WRITE = Protection.READ | Protection.WRITE


def touched(space: AddressSpace, pages: int = 1) -> int:
    """The start of pages that the kernel has read and written."""
    start, _ = space.allocate(
        None, pages * PAGE_SIZE, reserve=True, commit=True, protection=READ_WRITE
    )
    for va in range(start, start + pages * PAGE_SIZE, PAGE_SIZE):
        space.write(va, b"\x07")
        assert space.read(va, 1) == b"\x07"
    return start


@pytest.mark.parametrize(
    "narrow",
    [
        lambda space, va: space.protect(va, 1, Protection.READ),
        lambda space, va: space.protect(va, 1, Protection.NONE),
        lambda space, va: space.decommit(va),
        lambda space, va: space.release(va),
        lambda space, va: working_set.empty(space),
        lambda space, va: space.clone(),
        lambda space, va: space.delete(),
    ],
    ids=["read-only", "no access", "decommit", "release", "trim", "clone", "delete"],
)
def test_a_narrowed_page_is_not_written_by_what_was_cached(
    narrow: Callable[[AddressSpace, int], object],
) -> None:
    mm = MemoryManager(Ram(4 << 20))
    space = mm.create_space()
    va = touched(space)
    assert va >> 12 in space.writable_pages
    narrow(space, va)
    assert not space.writable_pages
    assert not space.readable_pages
    check(mm)


def test_access_past_the_cached_page_is_checked() -> None:
    space = MemoryManager(Ram(4 << 20)).create_space()
    va = touched(space)
    for access in (lambda: space.read(va + 0xFFF, 2), lambda: space.write(va + 0xFFF, b"12")):
        with pytest.raises(AccessViolation) as caught:
            access()
        assert caught.value.va == va + PAGE_SIZE


def test_translations_are_bounded() -> None:
    mm = MemoryManager(Ram(8 << 20))
    space = mm.create_space()
    touched(space, MOST_TRANSLATIONS + 5)
    for known in (space.writable_pages, space.readable_pages):
        assert 0 < len(known) <= MOST_TRANSLATIONS
    check(mm)


@pytest.mark.parametrize("seed", range(3))
def test_pages_in_a_row_hold_what_was_written(seed: int) -> None:
    """Frames are in another order than pages; some translations are cached, others not."""
    rng = random.Random(seed)
    mm = MemoryManager(Ram(4 << 20))
    space = mm.create_space()
    pages = 20
    start, size = space.allocate(
        None, pages * PAGE_SIZE, reserve=True, commit=True, protection=READ_WRITE
    )
    for page in rng.sample(range(pages), pages):
        space.write(start + page * PAGE_SIZE, b"\0")
    expected = bytearray(size)
    for _ in range(200):
        first = rng.randrange(size)
        data = rng.randbytes(rng.randrange(min(size - first, 5 * PAGE_SIZE)) + 1)
        space.write(start + first, data)
        expected[first : first + len(data)] = data
        stop = rng.randrange(first, size) + 1
        assert space.read(start + first, stop - first) == expected[first:stop]
        if rng.random() < 0.1:
            space.forget_translations()
    with pytest.raises(AccessViolation):
        space.write(start + size - 2, b"beyond")
    assert space.read(start, size) == expected
