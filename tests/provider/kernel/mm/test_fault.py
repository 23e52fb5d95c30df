from __future__ import annotations

import pytest

from emu.ram import PAGE_SIZE, Ram
from provider.kernel.mm import (
    AccessViolation,
    AddressSpace,
    MemoryManager,
    Protection,
    Violation,
    ViolationKind,
)
from tests.provider.kernel.mm.invariants import Tlb, check

R, W, X, G = Protection.READ, Protection.WRITE, Protection.EXECUTE, Protection.GUARD
USER_READ, USER_WRITE, USER_FETCH = 4, 6, 20
ACCESS, GUARD = ViolationKind.ACCESS, ViolationKind.GUARD_PAGE
RESERVE = 0x10000


@pytest.fixture(params=["pae", "x86"])
def space(request: pytest.FixtureRequest) -> AddressSpace:
    return MemoryManager(Ram(4 << 20), paging=request.param).create_space()


def commit(space: AddressSpace, protection: Protection, size: int = PAGE_SIZE) -> int:
    start, _ = space.allocate(None, size, reserve=True, commit=True, protection=protection)
    return start


@pytest.mark.parametrize("error_code", [USER_READ, USER_WRITE, USER_FETCH, 5, 7, 21, 0, 0xFFFFFFFF])
@pytest.mark.parametrize(
    "va", [0, 0xFFF, 0x1000, 0x7FFDFFFF, 0x7FFF0000, 0x80000000, 0xC0000000, 0xC0600000, 0xFFFFFFFF]
)
def test_a_fault_outside_every_range(space: AddressSpace, va: int, error_code: int) -> None:
    access = 8 if error_code & 16 else 1 if error_code & 2 else 0
    assert space.handle_fault(va, error_code) == Violation(ACCESS, access, va)
    check(space.mm)


@pytest.mark.parametrize(
    ("va", "size"),
    [(-1, 1), (-1, 2), (0, 1), (0x7FFEFFFF, 2), (0x7FFF0000, 1), (0, 1 << 40), (1 << 32, 1)],
)
def test_the_kernel_cannot_be_made_to_touch_what_the_user_cannot(
    space: AddressSpace, va: int, size: int
) -> None:
    for call in (space.read, space.probe_read, space.probe_write):
        with pytest.raises(AccessViolation):
            call(va, size)
    with pytest.raises(AccessViolation):
        space.write(va, bytes(min(size, 2 * PAGE_SIZE)))


def test_no_bytes_are_always_there(space: AddressSpace) -> None:
    for va in (0, 0x10000, 0xFFFFFFFF, -5):
        space.probe_read(va, 0)
        space.probe_write(va, 0)
        space.write(va, b"")
    assert space.read(0x10000, 0) == b""


def test_a_write_that_cannot_be_finished_is_not_begun(space: AddressSpace) -> None:
    start = commit(space, R | W)
    with pytest.raises(AccessViolation) as error:
        space.write(start + PAGE_SIZE - 2, b"four")
    assert (error.value.va, error.value.access) == (start + PAGE_SIZE, 1)
    assert space.read(start + PAGE_SIZE - 2, 2) == bytes(2)


def test_kernel_writes_set_the_bits_that_the_cpu_would(space: AddressSpace) -> None:
    start = commit(space, R | W)
    space.read(start, 1)
    assert space.tables.entry(start) & 0x60 == 0x20
    space.write(start, b"x")
    assert space.tables.entry(start) & 0x60 == 0x60


@pytest.mark.parametrize(
    ("protection", "refused"),
    [
        (Protection.NONE, {0, 1, 8}),
        (R, {1, 8}),
        (R | W, {8}),
        (X, {1}),
        (X | R, {1}),
        (X | R | W, set()),
        (R | W | Protection.NO_CACHE, {8}),
        (R | Protection.WRITE_COMBINE, {1, 8}),
    ],
)
def test_each_protection_refuses_its_accesses(
    space: AddressSpace, protection: Protection, refused: set[int]
) -> None:
    start = commit(space, protection)
    nx = bool(space.mm.format.no_execute)
    for error_code, access in ((USER_READ, 0), (USER_WRITE, 1), (USER_FETCH, 8)):
        if access == 8 and not nx:
            continue
        for present in (0, 1):
            violation = space.handle_fault(start, error_code | present)
            assert (violation is not None) == (access in refused)
            assert violation in (None, Violation(ACCESS, access, start))
    check(space.mm)


def test_execution_of_data_where_the_process_allows_it(space: AddressSpace) -> None:
    start = commit(space, R | W)
    space.write(start, b"\xc3")
    space.execute_data = True
    assert space.handle_fault(start, USER_FETCH | 1) is None
    assert not space.tables.entry(start) & space.mm.format.no_execute
    assert space.query(start).protection == R | W
    assert space.protect(start, 1, R)[2] == R | W
    assert space.handle_fault(start, USER_FETCH | 1) is None


def test_a_guard_page_faults_once(space: AddressSpace) -> None:
    start = commit(space, R | W | G)
    assert space.query(start).protection == R | W | G
    assert space.handle_fault(start + 5, USER_READ) == Violation(GUARD, 0, start + 5)
    assert space.query(start).protection == R | W
    assert space.handle_fault(start + 5, USER_WRITE) is None
    space.write(start, b"data")
    space.protect(start, 1, R | G)
    with pytest.raises(AccessViolation) as error:
        space.read(start, 1)
    assert error.value.violation == Violation(GUARD, 0, start)
    assert space.read(start, 4) == b"data"
    check(space.mm)


class Stack:
    """A thread's stack of 16 pages."""

    guaranteed = 0

    def __init__(self, space: AddressSpace) -> None:
        self.low, size = space.allocate(None, RESERVE, reserve=True, commit=False, protection=R | W)
        self.high = self.low + size
        self.limit = self.high - PAGE_SIZE
        space.allocate(self.limit, PAGE_SIZE, reserve=False, commit=True, protection=R | W)
        guard = self.limit - PAGE_SIZE
        space.allocate(guard, PAGE_SIZE, reserve=False, commit=True, protection=R | W | G)

    def bounds(self) -> tuple[int, int]:
        return self.low, self.high

    def guarantee(self) -> int:
        return self.guaranteed

    def set_limit(self, va: int) -> None:
        self.limit = va


def test_a_stack_grows_page_by_page_and_overflows(space: AddressSpace) -> None:
    stack = Stack(space)
    space.stack = stack
    for page in range(14, 2, -1):
        va = stack.low + page * PAGE_SIZE + 8
        assert space.handle_fault(va, USER_WRITE) is None
        space.write(va, b"frame")
        assert stack.limit == va - 8
        assert space.query(stack.limit - PAGE_SIZE).protection == R | W | G
    last = stack.low + 2 * PAGE_SIZE
    assert space.handle_fault(last, USER_WRITE) == Violation(ViolationKind.STACK_OVERFLOW, 1, last)
    assert stack.limit == stack.low + PAGE_SIZE
    space.write(stack.limit, b"the handler runs here")
    assert space.handle_fault(stack.low, USER_WRITE) == Violation(ACCESS, 1, stack.low)
    check(space.mm)


@pytest.mark.parametrize(("guaranteed", "pages"), [(1, 1), (0x2001, 3), (0x8000, 8)])
def test_an_overflow_leaves_what_the_thread_asked_for(
    space: AddressSpace, guaranteed: int, pages: int
) -> None:
    stack = Stack(space)
    stack.guaranteed = guaranteed
    space.stack = stack
    for page in range(14, 1 + pages, -1):
        assert space.handle_fault(stack.low + page * PAGE_SIZE, USER_WRITE) is None
    last = stack.low + (1 + pages) * PAGE_SIZE
    assert space.handle_fault(last, USER_WRITE) == Violation(ViolationKind.STACK_OVERFLOW, 1, last)
    assert stack.limit == stack.low + PAGE_SIZE
    space.write(stack.limit, bytes(pages * PAGE_SIZE))
    assert space.handle_fault(stack.low, USER_WRITE) == Violation(ACCESS, 1, stack.low)
    check(space.mm)


@pytest.mark.parametrize("guaranteed", [0, 0x3000, 0xFFFFFFFF])
def test_an_overflow_with_nothing_left_gives_the_guard_page(
    space: AddressSpace, guaranteed: int
) -> None:
    stack = Stack(space)
    stack.guaranteed = guaranteed
    space.stack = stack
    guard = stack.low + PAGE_SIZE
    space.allocate(guard, PAGE_SIZE, reserve=False, commit=True, protection=R | W | G)
    assert space.handle_fault(guard, USER_WRITE) == Violation(
        ViolationKind.STACK_OVERFLOW, 1, guard
    )
    assert stack.limit == guard
    space.write(guard, b"the handler runs here")


def test_the_kernel_grows_the_stack_as_the_thread_would(space: AddressSpace) -> None:
    space.stack = stack = Stack(space)
    space.write(stack.limit - 8, b"argument")
    assert stack.limit == stack.low + 14 * PAGE_SIZE


def test_a_guard_page_elsewhere_is_not_the_stack_s(space: AddressSpace) -> None:
    space.stack = stack = Stack(space)
    other = commit(space, R | W | G)
    assert space.handle_fault(other, USER_WRITE) == Violation(GUARD, 1, other)
    assert stack.limit == stack.high - PAGE_SIZE


@pytest.mark.parametrize("bounds", [(-1, 1 << 40), (0, 1 << 32), (0x7FFE0000, 0x10000)])
def test_wrong_stack_bounds_do_no_harm(space: AddressSpace, bounds: tuple[int, int]) -> None:
    stack = Stack(space)
    stack.low, stack.high = bounds
    space.stack = stack
    other = commit(space, R | W | G)
    violation = space.handle_fault(other, USER_WRITE)
    assert violation is None or violation.kind in (GUARD, ViolationKind.STACK_OVERFLOW)
    check(space.mm)


def test_the_shared_frame_is_read_only_and_not_the_guest_s(space: AddressSpace) -> None:
    mm = space.mm
    pfn = mm.take_kernel_frame()
    mm.ram.write(pfn << 12, b"KUSER")
    space.map_shared_frame(0x7FFE0000, pfn)
    assert space.read(0x7FFE0000, 5) == b"KUSER"
    with pytest.raises(AccessViolation):
        space.write(0x7FFE0000, b"x")
    assert space.handle_fault(0x7FFE0000, USER_WRITE | 1) == Violation(ACCESS, 1, 0x7FFE0000)
    assert space.query(0x7FFE0000)[:4] == (0x7FFE0000, PAGE_SIZE, True, R)
    check(mm)
    space.delete()
    check(mm)
    assert mm.ram.read(pfn << 12, 5) == b"KUSER"


def test_copy_on_write_by_the_kernel_flushes_the_tlb() -> None:
    tlb = Tlb()
    mm = MemoryManager(Ram(1 << 20), flush_cpu=tlb.flush)
    space = mm.create_space()
    section = mm.create_section(size=PAGE_SIZE, protection=R | Protection.COPY)
    view = space.map_view(section, None, protection=R | Protection.COPY)
    space.read(view.start, 1)
    tlb.touch(space, view.start)
    space.write(view.start, b"x")
    tlb.check(space)
    check(mm, (section.segment,))
