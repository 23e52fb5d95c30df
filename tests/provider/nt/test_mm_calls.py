"""Virtual-memory calls: statuses per NtAllocateVirtualMemory and its neighbours in Microsoft's
driver documentation, and VirtualAlloc, VirtualFree, VirtualProtect, VirtualQuery, ReadProcessMemory
of the Win32 API.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest

from provider.kernel.ob.object import KernelObject
from provider.nt import startup
from provider.nt.status import status_name
from provider.nt.types import ALLOCATION as M
from provider.nt.types import PAGE_PROTECTION as P
from tests.provider.nt.synthetic import (
    CODE_VA,
    CONST_VA,
    NTDLL_BASE,
    PROGRAM_BASE,
    NtMachine,
    ntdll_image,
    program_image,
    start,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.process import Process

SELF = -1
PAGE, UNIT = 0x1000, 0x10000
COMMIT, RESERVE = int(M.MEM_COMMIT), int(M.MEM_RESERVE)
BOTH = COMMIT | RESERVE
RW = int(P.PAGE_READWRITE)
BAD_POINTERS = (0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFC, NTDLL_BASE)
VM_OPERATION, VM_READ, VM_WRITE, QUERY = 0x8, 0x10, 0x20, 0x400


class Caller:
    """A process that makes the calls, with a page for their parameters."""

    def __init__(self) -> None:
        self.machine: NtMachine = start("nop")
        self.cells = self.machine.allocate()
        self.buffer = self.machine.allocate(size=4 * PAGE)

    def status(self, name: str, *arguments: int) -> str:
        """The status of a call, by name."""
        return status_name(self.machine.call(name, *arguments)).removeprefix("STATUS_")

    def cell(self, *values: int) -> tuple[int, ...]:
        """Addresses of words that hold `values`."""
        self.machine.write(self.cells, *values)
        return tuple(self.cells + 4 * index for index in range(len(values)))

    def words(self, count: int) -> tuple[int, ...]:
        """The first words of the page of parameters."""
        data = self.machine.process.space.read(self.cells, 4 * count)
        return struct.unpack(f"<{count}I", data)

    def allocate(
        self, base: int = 0, size: int = PAGE, kind: int = BOTH, protect: int = RW, bits: int = 0
    ) -> tuple[str, int, int]:
        """NtAllocateVirtualMemory: status, address and size."""
        start, length = self.cell(base, size)
        status = self.status("NtAllocateVirtualMemory", SELF, start, bits, length, kind, protect)
        return (status, *self.words(2))  # type: ignore[return-value]  # words are three

    def free(self, base: int, size: int, kind: int) -> tuple[str, int, int]:
        """NtFreeVirtualMemory: status, address and size."""
        start, length = self.cell(base, size)
        status = self.status("NtFreeVirtualMemory", SELF, start, length, kind)
        return (status, *self.words(2))  # type: ignore[return-value]  # words are three

    def protect(self, base: int, size: int, protect: int) -> tuple[str, int, int, int]:
        """NtProtectVirtualMemory: status, address, size and protection before."""
        start, length, old = self.cell(base, size, 0)
        status = self.status("NtProtectVirtualMemory", SELF, start, length, protect, old)
        return (status, *self.words(3))  # type: ignore[return-value]  # words are three

    def query(self, va: int) -> tuple[int, ...]:
        """MEMORY_BASIC_INFORMATION of an address."""
        assert self.status("NtQueryVirtualMemory", SELF, va, 0, self.buffer, 28, 0) == "SUCCESS"
        return struct.unpack("<7I", self.machine.process.space.read(self.buffer, 28))

    def handle(self, target: KernelObject, access: int) -> int:
        """A handle of the calling process."""
        return self.machine.process.handles.insert(target, access)

    def other_process(self) -> Process:
        """A second process of the same kind."""
        machine = self.machine
        image = program_image("nop")
        return startup.create_process(machine.provider, image, ntdll_image(), b"", "second.exe")


@pytest.fixture
def caller() -> Caller:
    return Caller()


CALLS: dict[str, Callable[[Caller, int], tuple[int, ...]]] = {
    "NtAllocateVirtualMemory": lambda c, h: (h, c.cell(0)[0], 0, c.cell(0, PAGE)[1], BOTH, RW),
    "NtFreeVirtualMemory": lambda c, h: (h, *c.cell(c.buffer, 0), int(M.MEM_RELEASE)),
    "NtProtectVirtualMemory": lambda c, h: (h, *c.cell(c.buffer, PAGE), RW, c.cells + 8),
    "NtQueryVirtualMemory": lambda c, h: (h, PROGRAM_BASE, 0, c.buffer, 28, 0),
    "NtReadVirtualMemory": lambda c, h: (h, PROGRAM_BASE, c.buffer, 4, 0),
    "NtWriteVirtualMemory": lambda c, h: (h, PROGRAM_BASE + 0x2000, c.buffer, 4, 0),
    "NtFlushInstructionCache": lambda c, h: (h, 0, 0),
}
RIGHTS = {
    "NtQueryVirtualMemory": QUERY,
    "NtReadVirtualMemory": VM_READ,
    "NtWriteVirtualMemory": VM_WRITE,
    "NtFlushInstructionCache": VM_WRITE,
}


@pytest.mark.parametrize("name", CALLS)
def test_process_handles(caller: Caller, name: str) -> None:
    def status(handle: int) -> str:
        return caller.status(name, *CALLS[name](caller, handle))

    for handle in (0, 3, 0x1234, 0x80000000, 0xFFFFFFF0):
        assert status(handle) == "INVALID_HANDLE"
    assert status(-2) == "OBJECT_TYPE_MISMATCH"
    assert status(caller.handle(KernelObject(), 0x1FFFFF)) == "OBJECT_TYPE_MISMATCH"
    right = RIGHTS.get(name, VM_OPERATION)
    other = caller.other_process()
    assert status(caller.handle(other, 0x1FFFFF & ~right)) == "ACCESS_DENIED"
    dead = caller.handle(other, 0x1FFFFF)
    caller.machine.provider.routines.terminate_process(other, 0)
    assert status(dead) == "PROCESS_IS_TERMINATING"
    assert status(SELF) == "SUCCESS"


@pytest.mark.parametrize("va", BAD_POINTERS)
def test_bad_pointers_are_access_violations(caller: Caller, va: int) -> None:
    (good,) = caller.cell(PAGE)
    for name, arguments in (
        ("NtAllocateVirtualMemory", (SELF, va, 0, good, BOTH, RW)),
        ("NtAllocateVirtualMemory", (SELF, good, 0, va, BOTH, RW)),
        ("NtFreeVirtualMemory", (SELF, va, good, int(M.MEM_RELEASE))),
        ("NtFreeVirtualMemory", (SELF, good, va, int(M.MEM_RELEASE))),
        ("NtProtectVirtualMemory", (SELF, va, good, RW, good)),
        ("NtProtectVirtualMemory", (SELF, good, va, RW, good)),
        ("NtProtectVirtualMemory", (SELF, good, good, RW, va)),
        ("NtQueryVirtualMemory", (SELF, CODE_VA, 0, va, 28, 0)),
    ):
        assert caller.status(name, *arguments) == "ACCESS_VIOLATION", (name, arguments)
    if va:
        arguments = (SELF, CODE_VA, 0, caller.buffer, 28, va)
        assert caller.status("NtQueryVirtualMemory", *arguments) == "ACCESS_VIOLATION"


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ({"size": 0}, "INVALID_PARAMETER_4"),
        ({"size": 0x80000000}, "INVALID_PARAMETER_4"),
        ({"size": 0xFFFFFFFF}, "INVALID_PARAMETER_4"),
        ({"base": 0x7FFD0000, "size": 0x20000}, "INVALID_PARAMETER_4"),
        ({"size": 0x7FF00000}, "NO_MEMORY"),
        ({"base": 0x7FFF0000}, "INVALID_PARAMETER_2"),
        ({"base": 0x80000000}, "INVALID_PARAMETER_2"),
        ({"base": 0xFFFFFFFF}, "INVALID_PARAMETER_2"),
        ({"bits": 22}, "INVALID_PARAMETER_3"),
        ({"kind": 0}, "INVALID_PARAMETER_5"),
        ({"kind": 1}, "INVALID_PARAMETER_5"),
        ({"kind": int(M.MEM_RELEASE)}, "INVALID_PARAMETER_5"),
        ({"kind": int(M.MEM_TOP_DOWN)}, "INVALID_PARAMETER_5"),
        ({"kind": BOTH | int(M.MEM_RESET)}, "INVALID_PARAMETER_5"),
        ({"kind": COMMIT | int(M.MEM_WRITE_WATCH)}, "INVALID_PARAMETER_5"),
        ({"kind": int(M.MEM_RESET), "base": 0x30000000}, "CONFLICTING_ADDRESSES"),
        ({"kind": COMMIT, "base": 0x30000000}, "CONFLICTING_ADDRESSES"),
        ({"base": PROGRAM_BASE}, "CONFLICTING_ADDRESSES"),
        ({"base": NTDLL_BASE - UNIT, "size": UNIT + 1}, "CONFLICTING_ADDRESSES"),
        ({"kind": COMMIT, "base": CONST_VA}, "ALREADY_COMMITTED"),
        ({"protect": 0}, "INVALID_PAGE_PROTECTION"),
        ({"protect": 3}, "INVALID_PAGE_PROTECTION"),
        ({"protect": 0x800}, "INVALID_PAGE_PROTECTION"),
        ({"protect": int(P.PAGE_GUARD)}, "INVALID_PAGE_PROTECTION"),
        ({"protect": int(P.PAGE_GUARD | P.PAGE_NOACCESS)}, "INVALID_PAGE_PROTECTION"),
        ({"protect": int(P.PAGE_WRITECOPY)}, "INVALID_PAGE_PROTECTION"),
        ({"protect": int(P.PAGE_EXECUTE_WRITECOPY)}, "INVALID_PAGE_PROTECTION"),
        ({"size": 0x40000000}, "COMMITMENT_LIMIT"),
    ],
    ids=str,
)
def test_allocations_that_are_refused(
    caller: Caller, arguments: dict[str, int], status: str
) -> None:
    before = caller.machine.process.space.virtual_size
    assert caller.allocate(**arguments) == (
        status,
        arguments.get("base", 0),
        arguments.get("size", PAGE),
    )
    assert caller.machine.process.space.virtual_size == before


def test_an_allocation_is_in_whole_pages_at_whole_units(caller: Caller) -> None:
    status, base, size = caller.allocate(size=PAGE + 1)
    assert (status, base % UNIT, size) == ("SUCCESS", 0, 2 * PAGE)
    assert caller.allocate(base=0x30001234, size=1, kind=RESERVE) == (
        "SUCCESS",
        0x30000000,
        2 * PAGE,
    )
    assert caller.machine.process.space.read(base, 2 * PAGE) == bytes(2 * PAGE)


def test_commitment_without_an_address_reserves(caller: Caller) -> None:
    status, base, _ = caller.allocate(kind=COMMIT)
    assert (status, base % UNIT) == ("SUCCESS", 0)
    assert caller.query(base)[4] == COMMIT


def test_commitment_within_a_reservation(caller: Caller) -> None:
    _, base, _ = caller.allocate(size=4 * PAGE, kind=RESERVE)
    assert caller.query(base) == (base, base, RW, 4 * PAGE, RESERVE, 0, 0x20000)
    middle = base + PAGE
    answer = caller.allocate(middle + 5, 1, COMMIT, int(P.PAGE_READONLY))
    assert answer == ("SUCCESS", middle, PAGE)
    assert caller.query(middle) == (middle, base, RW, PAGE, COMMIT, 2, 0x20000)
    assert caller.allocate(base, 5 * PAGE, COMMIT)[0] == "CONFLICTING_ADDRESSES"
    assert caller.allocate(base, 4 * PAGE, COMMIT)[0] == "SUCCESS"
    assert caller.query(base) == (base, base, RW, 4 * PAGE, COMMIT, RW, 0x20000)


def test_top_down_and_zero_bits(caller: Caller) -> None:
    _, low, _ = caller.allocate()
    _, high, _ = caller.allocate(kind=BOTH | int(M.MEM_TOP_DOWN))
    assert low < PROGRAM_BASE < 0x7F000000 < high
    _, limited, _ = caller.allocate(kind=BOTH | int(M.MEM_TOP_DOWN), bits=4)
    assert limited < 1 << 28


def test_reset_keeps_a_range_usable(caller: Caller) -> None:
    _, base, _ = caller.allocate()
    assert caller.allocate(base, 1, int(M.MEM_RESET)) == ("SUCCESS", base, PAGE)
    caller.machine.process.space.write(base, b"x")


@pytest.mark.parametrize("kind", [0, COMMIT, RESERVE, 0xC000, 0xFFFFFFFF])
def test_freeing_is_one_of_two_things(caller: Caller, kind: int) -> None:
    assert caller.free(caller.buffer, 0, kind)[0] == "INVALID_PARAMETER_4"


@pytest.mark.parametrize(
    ("base", "size", "status"),
    [
        (0x30000000, 0, "MEMORY_NOT_ALLOCATED"),
        (0x80000000, 0, "INVALID_PARAMETER_2"),
        (0xFFFFFFFF, PAGE, "INVALID_PARAMETER_2"),
        (0x10000, 0xFFFFFFFF, "INVALID_PARAMETER_3"),
        (PROGRAM_BASE, 0, "UNABLE_TO_DELETE_SECTION"),
        (NTDLL_BASE, 0, "UNABLE_TO_DELETE_SECTION"),
        (0x7FFE0000, 0, "INVALID_PAGE_PROTECTION"),
    ],
)
@pytest.mark.parametrize("kind", [M.MEM_RELEASE, M.MEM_DECOMMIT])
def test_what_cannot_be_freed(caller: Caller, base: int, size: int, status: str, kind: M) -> None:
    assert caller.free(base, size, int(kind)) == (status, base, size)


def test_release(caller: Caller) -> None:
    _, base, _ = caller.allocate(size=4 * PAGE)
    release = int(M.MEM_RELEASE)
    assert caller.free(base + PAGE, 0, release)[0] == "FREE_VM_NOT_AT_BASE"
    assert caller.free(base, 5 * PAGE, release)[0] == "UNABLE_TO_FREE_VM"
    assert caller.free(base + PAGE, 1, release) == ("SUCCESS", base + PAGE, PAGE)
    assert caller.query(base)[3:5] == (PAGE, COMMIT)
    assert caller.query(base + PAGE)[3:6] == (PAGE, 0x10000, 1)
    assert caller.free(base + 5, 0, release) == ("SUCCESS", base, PAGE)
    assert caller.free(base + 2 * PAGE, 2 * PAGE, release)[0] == "SUCCESS"
    assert caller.query(base)[4] == 0x10000
    assert caller.free(base, 0, release)[0] == "MEMORY_NOT_ALLOCATED"


def test_decommit(caller: Caller) -> None:
    _, base, _ = caller.allocate(size=4 * PAGE)
    decommit = int(M.MEM_DECOMMIT)
    for _ in range(2):  # what is not committed may be decommitted
        assert caller.free(base + 1, PAGE, decommit) == ("SUCCESS", base, 2 * PAGE)
    assert caller.query(base) == (base, base, RW, 2 * PAGE, RESERVE, 0, 0x20000)
    assert caller.free(base, 0, decommit) == ("SUCCESS", base, 0)
    assert caller.query(base)[3:5] == (4 * PAGE, RESERVE)


@pytest.mark.parametrize(
    ("base", "size", "protect", "status"),
    [
        (0x30000000, PAGE, RW, "CONFLICTING_ADDRESSES"),
        (CODE_VA, 0, RW, "INVALID_PARAMETER_3"),
        (CODE_VA, 0xFFFFFFFF, RW, "INVALID_PARAMETER_3"),
        (0x80000000, PAGE, RW, "INVALID_PARAMETER_2"),
        (CODE_VA, PAGE, 0, "INVALID_PAGE_PROTECTION"),
        (CODE_VA, PAGE, 0x30, "INVALID_PAGE_PROTECTION"),
        (CODE_VA, PAGE, 0x10000000, "INVALID_PAGE_PROTECTION"),
        (CODE_VA, 0x100000, RW, "CONFLICTING_ADDRESSES"),
    ],
)
def test_protections_that_are_refused(
    caller: Caller, base: int, size: int, protect: int, status: str
) -> None:
    assert caller.protect(base, size, protect) == (status, base, size, 0)


def test_protection_of_pages_that_are_not_committed(caller: Caller) -> None:
    _, base, _ = caller.allocate(size=2 * PAGE, kind=RESERVE)
    assert caller.protect(base, PAGE, RW)[0] == "NOT_COMMITTED"
    caller.allocate(base, PAGE, COMMIT)
    assert caller.protect(base, 2 * PAGE, 2)[0] == "NOT_COMMITTED"
    assert caller.query(base)[5] == RW


def test_protection_tells_what_was(caller: Caller) -> None:
    _, base, _ = caller.allocate(size=3 * PAGE)
    assert caller.protect(base + 5, PAGE, 2) == ("SUCCESS", base, 2 * PAGE, RW)
    assert caller.query(base) == (base, base, RW, 2 * PAGE, COMMIT, 2, 0x20000)
    assert caller.protect(base, 3 * PAGE, 0x104)[3] == 2
    assert caller.query(base)[3:6] == (3 * PAGE, COMMIT, 0x104)


@pytest.mark.parametrize("protect", [1, 2, 4, 0x10, 0x20, 0x40, 0x102, 0x104, 0x140, 0x204, 0x404])
def test_every_protection_is_told_as_it_was_set(caller: Caller, protect: int) -> None:
    _, base, _ = caller.allocate(protect=protect)
    assert caller.query(base)[2] == caller.query(base)[5] == protect


def test_images_are_copied_when_they_are_written(caller: Caller) -> None:
    assert caller.query(CODE_VA) == (CODE_VA, PROGRAM_BASE, 0x80, PAGE, COMMIT, 0x20, 0x1000000)
    data = caller.query(PROGRAM_BASE + 0x2000)
    assert data[5] == 0x08
    assert caller.protect(CODE_VA, PAGE, 0x40)[0] == "SUCCESS"
    other = caller.other_process()
    caller.machine.process.space.write(CODE_VA, b"\xcc")
    assert other.space.read(CODE_VA, 1) == b"\x90"


@pytest.mark.parametrize(
    ("va", "number", "length", "status"),
    [
        (CODE_VA, 99, 28, "INVALID_INFO_CLASS"),
        (CODE_VA, 0xFFFFFFFF, 28, "INVALID_INFO_CLASS"),
        (CODE_VA, 0, 0, "INFO_LENGTH_MISMATCH"),
        (CODE_VA, 0, 27, "INFO_LENGTH_MISMATCH"),
        (0x7FFF0000, 0, 28, "INVALID_PARAMETER"),
        (0xFFFFFFFF, 0, 28, "INVALID_PARAMETER"),
        (0x30000000, 2, 0x200, "INVALID_ADDRESS"),
        (0xFFFFFFFF, 2, 0x200, "INVALID_PARAMETER"),
    ],
)
def test_queries_that_are_refused(
    caller: Caller, va: int, number: int, length: int, status: str
) -> None:
    arguments = (SELF, va, number, caller.buffer, length, 0)
    assert caller.status("NtQueryVirtualMemory", *arguments) == status


def test_a_query_tells_its_length_and_takes_a_larger_buffer(caller: Caller) -> None:
    (length,) = caller.cell(0)
    arguments = (SELF, CODE_VA, 0, caller.buffer, 0x100, length)
    assert caller.status("NtQueryVirtualMemory", *arguments) == "SUCCESS"
    assert caller.words(1) == (28,)


def test_a_query_of_free_addresses_goes_to_the_next_allocation(caller: Caller) -> None:
    start = 0x76000123 & -PAGE
    answer = (start, 0, 0, NTDLL_BASE - start, 0x10000, 1, 0)
    assert caller.query(0x76000123) == answer


def test_the_regions_fill_the_address_space(caller: Caller) -> None:
    va = 0
    while va < 0x7FFF0000:
        base, _, _, size, state, protect, kind = caller.query(va)
        assert base == va
        assert size
        assert (state == 0x10000) == (kind == 0)
        assert (state == COMMIT) == (protect > 1 or (kind != 0 and protect == 1))
        va += size


@pytest.mark.parametrize("name", ["NtReadVirtualMemory", "NtWriteVirtualMemory"])
@pytest.mark.parametrize(
    ("va", "size"),
    [
        (0, 4),
        (0x30000000, 4),
        (0x80000000, 4),
        (0xFFFFFFFF, 2),
        (0x7FFEFFFF, 4),
        (PROGRAM_BASE, 0xFFFFFFFF),
    ],
)
def test_copies_from_and_to_nowhere(caller: Caller, name: str, va: int, size: int) -> None:
    (done,) = caller.cell(0x55)
    for first, second in ((va, caller.buffer), (caller.buffer, va)):
        status = caller.status(name, SELF, first, second, size, done)
        assert status in ("PARTIAL_COPY", "ACCESS_VIOLATION")
        assert caller.words(1)[0] <= 4 * PAGE


def test_a_copy_stops_at_the_first_page_that_is_not_there(caller: Caller) -> None:
    _, base, _ = caller.allocate(size=2 * PAGE)
    caller.free(base + PAGE, PAGE, int(M.MEM_DECOMMIT))
    (done,) = caller.cell(0)
    arguments = (SELF, base + PAGE - 16, caller.buffer, 32, done)
    assert caller.status("NtReadVirtualMemory", *arguments) == "PARTIAL_COPY"
    assert caller.words(1) == (16,)


def test_a_copy_reaches_the_first_page_that_is_not_there(caller: Caller) -> None:
    _, base, _ = caller.allocate(size=2 * PAGE)
    caller.free(base + PAGE, PAGE, int(M.MEM_DECOMMIT))
    (done,) = caller.cell(0)
    caller.machine.write(caller.buffer + 32, *[7] * 8)
    arguments = (SELF, base + PAGE - 16, caller.buffer + 32, 32, done)
    assert caller.status("NtWriteVirtualMemory", *arguments) == "PARTIAL_COPY"
    assert caller.words(1) == (16,)
    assert caller.machine.read(base + PAGE - 4) == 7


@pytest.mark.parametrize("name", ["NtReadVirtualMemory", "NtWriteVirtualMemory"])
def test_a_copy_that_fails_copies_nothing(caller: Caller, name: str) -> None:
    for handle, size, status in ((0x1234, 4, "INVALID_HANDLE"), (0x1234, 0, "SUCCESS")):
        (done,) = caller.cell(0x55)
        arguments = (handle, CODE_VA, caller.buffer, size, done)
        assert caller.status(name, *arguments) == status
        assert caller.words(1) == (0,)


@pytest.mark.parametrize(
    ("size", "hole", "done"),
    [
        (600, 1, 0),
        (14 * PAGE, 13, 0),
        (14 * PAGE + 1, 14, 14 * PAGE),
        (40 * PAGE, 30, 28 * PAGE),
        (511, 1, 256),
    ],
)
def test_a_piece_with_a_hole_is_not_copied(caller: Caller, size: int, hole: int, done: int) -> None:
    """`hole` is the page of the source that is missing; small copies begin before its end."""
    _, source, _ = caller.allocate(size=64 * PAGE)
    _, target, _ = caller.allocate(size=64 * PAGE)
    space = caller.machine.process.space
    space.write(source, bytes(b"x" * 64 * PAGE))
    start = source + PAGE - 256 if size < PAGE else source
    caller.free(source + hole * PAGE, PAGE, int(M.MEM_DECOMMIT))
    (count,) = caller.cell(0x55)
    arguments = (SELF, target, start, size, count)
    assert caller.status("NtWriteVirtualMemory", *arguments) == "PARTIAL_COPY"
    assert caller.words(1) == (done,)
    assert space.read(target, 64 * PAGE) == (b"x" * done).ljust(64 * PAGE, b"\0")


def test_copies_between_processes(caller: Caller) -> None:
    other = caller.other_process()
    handle = caller.handle(other, 0x1FFFFF)
    space = caller.machine.process.space
    data = bytes(range(256)) * 40
    space.write(caller.buffer, data)
    target, _ = other.space.allocate(
        None, 3 * PAGE, reserve=True, commit=True, protection=space.query(caller.buffer).protection
    )
    (done,) = caller.cell(0)
    arguments = (handle, target + 5, caller.buffer, len(data), done)
    assert caller.status("NtWriteVirtualMemory", *arguments) == "SUCCESS"
    assert caller.words(1) == (len(data),)
    assert other.space.read(target + 5, len(data)) == data
    space.write(caller.buffer, bytes(len(data)))
    assert caller.status("NtReadVirtualMemory", *arguments) == "SUCCESS"
    assert space.read(caller.buffer, len(data)) == data


def test_the_parameters_page_may_be_what_is_freed(caller: Caller) -> None:
    """The result has nowhere to go; that is the caller's problem."""
    start, size = caller.cell(caller.cells, 0)
    arguments = (SELF, start, size, int(M.MEM_RELEASE))
    assert caller.status("NtFreeVirtualMemory", *arguments) in ("SUCCESS", "ACCESS_VIOLATION")
    assert caller.query(caller.cells)[4] == 0x10000
