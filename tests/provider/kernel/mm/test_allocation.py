"""NT's rules for private memory that the model does not cover: bad values, and where room is."""

from __future__ import annotations

import pytest

from emu.ram import PAGE_SIZE, Ram
from provider.kernel.errors import KernelError, Reason
from provider.kernel.mm import AddressSpace, MemoryManager, Protection
from tests.provider.kernel.mm.invariants import check

R, W, X, C, G = (
    Protection.READ,
    Protection.WRITE,
    Protection.EXECUTE,
    Protection.COPY,
    Protection.GUARD,
)
NO_CACHE, WRITE_COMBINE = Protection.NO_CACHE, Protection.WRITE_COMBINE
HUGE = (1 << 31, 1 << 32, 1 << 40, -1)


@pytest.fixture(params=["pae", "x86"])
def space(request: pytest.FixtureRequest) -> AddressSpace:
    return MemoryManager(Ram(4 << 20), paging=request.param).create_space()


def reserve(space: AddressSpace, base: int | None, size: int, **options: int) -> int:
    return space.allocate(
        base,
        size,
        reserve=True,
        commit=False,
        protection=R | W,
        **options,  # type: ignore[arg-type]  # options of several types
    )[0]


@pytest.mark.parametrize(
    "protection",
    [
        W, C, R | W | C, W | X, G, NO_CACHE, WRITE_COMBINE, R | G | NO_CACHE,
        R | NO_CACHE | WRITE_COMBINE, R | C, X | R | C, Protection(128), Protection(1 << 40),
    ],
)  # fmt: skip
def test_protections_that_private_memory_cannot_have(
    space: AddressSpace, protection: Protection
) -> None:
    start = reserve(space, None, PAGE_SIZE)
    space.allocate(start, 1, reserve=False, commit=True, protection=R)
    calls = (
        lambda: space.allocate(None, 1, reserve=True, commit=True, protection=protection),
        lambda: space.allocate(start, 1, reserve=False, commit=True, protection=protection),
        lambda: space.protect(start, 1, protection),
    )
    for call in calls:
        with pytest.raises(KernelError) as error:
            call()
        assert error.value.reason is Reason.INVALID_PAGE_PROTECTION
    check(space.mm)


@pytest.mark.parametrize("base", [1, 0xF000, 0x7FFE0000, 0x7FFF0000, 0x80000000, *HUGE])
def test_bases_beyond_the_user_s_addresses(space: AddressSpace, base: int) -> None:
    with pytest.raises(KernelError) as error:
        reserve(space, base, 1)
    assert error.value.reason is Reason.INVALID_PARAMETER_2


@pytest.mark.parametrize("size", [0, *HUGE])
def test_sizes_that_cannot_be(space: AddressSpace, size: int) -> None:
    for base in (None, 0x10000):
        with pytest.raises(KernelError) as error:
            reserve(space, base, size)
        assert error.value.reason is Reason.INVALID_PARAMETER_4
    start = reserve(space, None, 0x10000)
    with pytest.raises(KernelError) as error:
        space.allocate(start, size, reserve=False, commit=True, protection=R)
    assert error.value.reason is Reason.INVALID_PARAMETER_4
    with pytest.raises(KernelError) as error:
        space.protect(start, size, R)
    assert error.value.reason is Reason.INVALID_PARAMETER_3


@pytest.mark.parametrize("size", HUGE)
def test_freeing_too_much(space: AddressSpace, size: int) -> None:
    start = reserve(space, None, 0x10000)
    for call in (space.release, space.decommit):
        with pytest.raises(KernelError) as error:
            call(start, size)
        assert error.value.reason is Reason.INVALID_PARAMETER_3
        with pytest.raises(KernelError) as error:
            call(start, 0x11000)
        assert error.value.reason is Reason.UNABLE_TO_FREE_VM


@pytest.mark.parametrize("zero_bits", [22, 31, 32, 33, 0x1AAAAAAA, -1])
def test_zero_bits_that_cannot_be(space: AddressSpace, zero_bits: int) -> None:
    with pytest.raises(KernelError) as error:
        reserve(space, None, 1, zero_bits=zero_bits)
    assert error.value.reason is Reason.INVALID_PARAMETER_3


@pytest.mark.parametrize("zero_bits", range(1, 21))
def test_zero_bits_bound_the_address(space: AddressSpace, zero_bits: int) -> None:
    limit = 1 << (32 - zero_bits)
    if limit <= 0x10000:
        with pytest.raises(KernelError) as error:
            reserve(space, None, 1, zero_bits=zero_bits)
        assert error.value.reason is Reason.NO_MEMORY
        return
    start = reserve(space, None, 1, zero_bits=zero_bits, top_down=1)
    assert start < limit
    assert start >= limit - 0x20000 or zero_bits == 1


def test_room_is_found_from_the_bottom_or_the_top(space: AddressSpace) -> None:
    assert reserve(space, None, 1) == 0x10000
    assert reserve(space, None, 0x10001) == 0x20000
    assert reserve(space, None, 1) == 0x40000
    assert reserve(space, None, 1, top_down=1) == 0x7FFD0000
    assert reserve(space, None, 0x100000, top_down=1) == 0x7FED0000
    assert reserve(space, None, 1, lowest=0x1000000) == 0x1000000
    assert reserve(space, None, 1, highest=0xFFFFF) == 0x50000
    assert reserve(space, None, 1, alignment=0x40000) == 0x80000
    assert reserve(space, None, 1, alignment=0x40000, top_down=1) == 0x7FEC0000
    space.release(0x20000)
    assert reserve(space, None, 0x20000) == 0x20000
    check(space.mm)


def test_room_below_the_granularity(space: AddressSpace) -> None:
    bounds = {"alignment": PAGE_SIZE, "lowest": 0x7FFB0000, "top_down": 1}
    assert reserve(space, 0x7FFDF000, PAGE_SIZE, alignment=PAGE_SIZE) == 0x7FFDF000
    assert reserve(space, None, 2 * PAGE_SIZE, **bounds) == 0x7FFDD000
    assert reserve(space, None, PAGE_SIZE, **bounds) == 0x7FFDC000
    space.release(0x7FFDD000)
    assert reserve(space, None, PAGE_SIZE, **bounds) == 0x7FFDE000
    assert reserve(space, None, PAGE_SIZE, alignment=PAGE_SIZE) == 0x10000
    assert reserve(space, None, PAGE_SIZE, alignment=PAGE_SIZE) == 0x11000
    assert reserve(space, None, PAGE_SIZE) == 0x20000
    check(space.mm)


def test_all_addresses_can_be_reserved_and_are_free_again(space: AddressSpace) -> None:
    size = 0x7FFE0000 - 0x10000
    assert reserve(space, None, size) == 0x10000
    with pytest.raises(KernelError) as error:
        reserve(space, None, 1)
    assert error.value.reason is Reason.NO_MEMORY
    assert space.query(0x12345678)[:3] == (0x12345000, 0x7FFE0000 - 0x12345000, False)
    space.release(0x10000)
    assert reserve(space, None, size, top_down=1) == 0x10000


def test_commit_beyond_the_limit_changes_nothing(space: AddressSpace) -> None:
    start = reserve(space, None, 16 << 20)
    for size in (16 << 20, (16 << 20) - PAGE_SIZE):
        with pytest.raises(KernelError) as error:
            space.allocate(start, size, reserve=False, commit=True, protection=R)
        assert error.value.reason is Reason.COMMITMENT_LIMIT
    assert space.query(start)[:3] == (start, 16 << 20, False)
    check(space.mm)


def test_page_tables_count_against_the_limit(space: AddressSpace) -> None:
    mm = space.mm
    mm.charge(mm.commit_limit - mm.committed)
    start = reserve(space, None, PAGE_SIZE)
    with pytest.raises(KernelError) as error:
        space.allocate(start, 1, reserve=False, commit=True, protection=R)
    assert error.value.reason is Reason.COMMITMENT_LIMIT


def test_a_commit_that_fails_for_want_of_page_tables_changes_nothing(space: AddressSpace) -> None:
    mm = space.mm
    start = reserve(space, None, 16 << 20)
    mm.charge(mm.commit_limit - mm.committed - 5)
    for base, size in ((start + PAGE_SIZE, 4 << 20), (start + 0x3EF000, 0x4000)):
        with pytest.raises(KernelError) as error:
            space.allocate(base, size, reserve=False, commit=True, protection=R)
        assert error.value.reason is Reason.COMMITMENT_LIMIT
        assert space.query(start).size == 16 << 20
    mm.uncharge(mm.commit_limit - mm.committed)
    space.release(start)
    assert space.committed == 0


def test_a_hole_in_a_range_leaves_the_page_tables_behind_it(space: AddressSpace) -> None:
    base = 0x3F0000
    space.allocate(base, 0x20000, reserve=True, commit=True, protection=R | W)
    space.write(0x400000, b"behind")
    space.release(base + 0x1000, 0x2000)
    assert space.read(0x400000, 6) == b"behind"
    check(space.mm)


def test_reset_needs_a_range(space: AddressSpace) -> None:
    start = reserve(space, None, 0x10000)
    assert space.reset(start + 1, 1) == (start, PAGE_SIZE)
    with pytest.raises(KernelError) as error:
        space.reset(start + 0xF000, 0x2000)
    assert error.value.reason is Reason.CONFLICTING_ADDRESSES


def test_linux_granularity() -> None:
    space = MemoryManager(Ram(1 << 20)).create_space(granularity=PAGE_SIZE, lowest=PAGE_SIZE)
    assert reserve(space, None, 1) == PAGE_SIZE
    assert reserve(space, 0x7000, 1) == 0x7000
    assert reserve(space, None, 1, top_down=1) == 0x7FFDF000
