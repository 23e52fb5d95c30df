"""Calls on working sets, write watch, physical pages, page files and advice (VirtualLock,
GetWriteWatch, AllocateUserPhysicalPages, QueryWorkingSetEx, PrefetchVirtualMemory, Win32 API).
"""

from __future__ import annotations

import struct

import pytest

from provider.kernel.mm import Protection
from provider.nt.se.privilege import SE_LOCK_MEMORY, SE_PRIVILEGE_ENABLED
from provider.nt.se.token_change import adjust_privileges
from tests.provider.nt.synthetic import CODE_VA, CONST_VA, NTDLL_BASE, PROGRAM_BASE
from tests.provider.nt.test_mm_calls import BOTH, COMMIT, PAGE, RESERVE, RW, SELF, Caller

NO_LARGE_PAGES = ("PRIVILEGE_NOT_HELD", "INSUFFICIENT_RESOURCES")
LARGE, SEC_COMMIT, LARGE_SECTION = 0x20000000, 0x8000000, 0x80000000
WATCH, PHYSICAL, GUARD = 0x200000, 0x400000, 0x100


@pytest.fixture
def caller() -> Caller:
    return Caller()


def read(caller: Caller, count: int) -> tuple[int, ...]:
    """The first words of the buffer."""
    return struct.unpack(f"<{count}I", caller.machine.process.space.read(caller.buffer, 4 * count))


@pytest.mark.parametrize(
    ("va", "size", "kind", "status"),
    [
        (CODE_VA, 1, 0, "INVALID_PARAMETER"),
        (CODE_VA, 1, 4, "INVALID_PARAMETER"),
        (CODE_VA, 1, 2, "PRIVILEGE_NOT_HELD"),
        (0x30000000, 1, 1, "ACCESS_VIOLATION"),
        (0x80000000, 1, 1, "INVALID_PARAMETER"),
        (CODE_VA, 0xFFFFFFFF, 1, "INVALID_PARAMETER"),
        (NTDLL_BASE, 0x100000, 1, "WORKING_SET_QUOTA"),
    ],
)
def test_locks_that_are_refused(caller: Caller, va: int, size: int, kind: int, status: str) -> None:
    start, length = caller.cell(va, size)
    assert caller.status("NtLockVirtualMemory", SELF, start, length, kind) == status
    assert not caller.machine.process.space.locked


def test_locks_do_not_nest(caller: Caller) -> None:
    where = (SELF, *caller.cell(CODE_VA + 5, PAGE), 1)
    assert caller.status("NtLockVirtualMemory", *where) == "SUCCESS"
    assert caller.words(2) == (CODE_VA, 2 * PAGE)
    assert caller.status("NtLockVirtualMemory", *where) == "WAS_LOCKED"
    assert caller.status("NtUnlockVirtualMemory", *where) == "SUCCESS"
    assert caller.status("NtUnlockVirtualMemory", *where) == "NOT_LOCKED"


@pytest.mark.parametrize(
    ("flags", "va", "size", "entries", "status"),
    [
        (2, 0, PAGE, 1, "INVALID_PARAMETER_2"),
        (0, 0x80000000, PAGE, 1, "INVALID_PARAMETER_2"),
        (0, 0, 0xFFFFFFFF, 1, "INVALID_PARAMETER_3"),
        (0, 0, PAGE, 0, "INVALID_PARAMETER_5"),
        (0, CODE_VA, PAGE, 1, "INVALID_PARAMETER"),
        (0, 0, 5 * PAGE, 1, "INVALID_PARAMETER"),
        (0, 0, 0, 1, "INVALID_PARAMETER"),
    ],
)
def test_watches_that_are_refused(
    caller: Caller, flags: int, va: int, size: int, entries: int, status: str
) -> None:
    _, base, _ = caller.allocate(size=4 * PAGE, kind=BOTH | WATCH)
    count, granularity = caller.cell(entries, 0)
    words = (SELF, flags, va or base, size, caller.buffer, count, granularity)
    assert caller.status("NtGetWriteWatch", *words) == status


def test_written_pages_are_told(caller: Caller) -> None:
    _, base, _ = caller.allocate(size=4 * PAGE, kind=BOTH | WATCH)
    space = caller.machine.process.space
    for page in (0, 2, 3):
        space.write(base + page * PAGE, b"x")
    count, granularity = caller.cell(2, 0)
    words = (SELF, 1, base, 4 * PAGE, caller.buffer, count, granularity)
    assert caller.status("NtGetWriteWatch", *words) == "SUCCESS"
    assert (caller.words(2), read(caller, 2)) == ((2, PAGE), (base, base + 2 * PAGE))
    caller.cell(100)
    assert caller.status("NtGetWriteWatch", *words) == "SUCCESS"
    assert (caller.words(1), read(caller, 1)) == ((1,), (base + 3 * PAGE,))
    assert caller.status("NtResetWriteWatch", SELF, base, 4 * PAGE) == "SUCCESS"
    assert caller.status("NtResetWriteWatch", SELF, base, 5 * PAGE) == "INVALID_PARAMETER"


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ({"kind": PHYSICAL}, "INVALID_PARAMETER_5"),
        ({"kind": BOTH | PHYSICAL}, "INVALID_PARAMETER_5"),
        ({"kind": RESERVE | PHYSICAL | WATCH}, "INVALID_PARAMETER_5"),
        ({"kind": RESERVE | PHYSICAL, "protect": 2}, "INVALID_PARAMETER_6"),
    ],
    ids=str,
)
def test_windows_that_are_refused(caller: Caller, arguments: dict[str, int], status: str) -> None:
    assert caller.allocate(**arguments)[0] == status


def may_lock(caller: Caller) -> None:
    """Enable SeLockMemoryPrivilege."""
    token = caller.machine.context.token
    adjust_privileges(token, {SE_LOCK_MEMORY: SE_PRIVILEGE_ENABLED}, 0)


@pytest.mark.parametrize("kind", [BOTH, COMMIT, RESERVE])
def test_what_takes_memory_from_others_needs_a_privilege(caller: Caller, kind: int) -> None:
    large = ("INVALID_PARAMETER_5",) * 2 if kind == RESERVE else NO_LARGE_PAGES
    for expected, status in zip(large, ("PRIVILEGE_NOT_HELD", "SUCCESS"), strict=True):
        assert caller.allocate(size=0x400000, kind=kind | LARGE)[0] == expected
        (count,) = caller.cell(1)
        frames = (SELF, count, caller.buffer)
        assert caller.status("NtAllocateUserPhysicalPages", *frames) == status
        where = caller.cell(CODE_VA, 1)
        assert caller.status("NtLockVirtualMemory", SELF, *where, 2) == status
        may_lock(caller)


def test_large_sections_need_a_privilege_and_frames(caller: Caller) -> None:
    for expected in NO_LARGE_PAGES:
        out, size, _ = caller.cell(0, 0x400000, 0)
        words = (out, 0xF001F, 0, size, RW, SEC_COMMIT | LARGE_SECTION, 0)
        assert caller.status("NtCreateSection", *words) == expected
        may_lock(caller)


def test_frames_show_in_windows(caller: Caller) -> None:
    may_lock(caller)
    space = caller.machine.process.space
    _, window, _ = caller.allocate(size=4 * PAGE, kind=RESERVE | PHYSICAL)
    (count,) = caller.cell(3)
    frames = caller.buffer
    assert caller.status("NtAllocateUserPhysicalPages", SELF, count, frames) == "SUCCESS"
    assert caller.words(1) == (3,)
    one, two, three = read(caller, 3)
    assert caller.status("NtMapUserPhysicalPages", window, 3, frames) == "SUCCESS"
    space.write(window + PAGE, b"second")
    assert caller.status("NtMapUserPhysicalPages", window, 3, 0) == "SUCCESS"
    addresses = caller.buffer + 64
    caller.machine.write(addresses, window + 3 * PAGE)
    scatter = ("NtMapUserPhysicalPagesScatter", addresses, 1, frames + 4)
    assert caller.status(*scatter) == "SUCCESS"
    assert space.read(window + 3 * PAGE, 6) == b"second"
    for words, status in (
        ((0xFFFFFFFF, 1, frames), "INVALID_PARAMETER_1"),
        ((window, 0, frames), "INVALID_PARAMETER_2"),
        ((window, 0xFFFFFFFF, frames), "INVALID_PARAMETER_2"),
        ((window, 1, frames + 64), "CONFLICTING_ADDRESSES"),
        ((CODE_VA, 1, frames), "INVALID_PARAMETER"),
    ):
        assert caller.status("NtMapUserPhysicalPages", *words) == status
    free = ("NtFreeUserPhysicalPages", SELF, count, frames)
    assert caller.status(*free) == "SUCCESS"
    assert caller.status(*free) == "CONFLICTING_ADDRESSES"
    assert {one, two, three}.isdisjoint(space.physical)


def test_more_frames_than_there_are(caller: Caller) -> None:
    may_lock(caller)
    (count,) = caller.cell(0xFFFFFFFF)
    words = (SELF, count, 0x80000000)
    assert caller.status("NtAllocateUserPhysicalPages", *words) == "ACCESS_VIOLATION"
    _, room, _ = caller.allocate(size=16 * PAGE)
    assert caller.status("NtAllocateUserPhysicalPages", SELF, count, room) == "SUCCESS"
    (found,) = caller.words(1)
    assert 0 < found < caller.machine.kernel.memory.pfns.total
    assert caller.status("NtFreeUserPhysicalPages", SELF, count, room) == "SUCCESS"


@pytest.mark.parametrize(
    ("name", "low", "high", "status"),
    [
        ("", 1 << 20, 1 << 20, "OBJECT_NAME_INVALID"),
        ("x" * 129, 1 << 20, 1 << 20, "OBJECT_NAME_INVALID"),
        ("x", 0, 1 << 20, "INVALID_PARAMETER_2"),
        ("x", -1, 1 << 20, "INVALID_PARAMETER_2"),
        ("x", 2 << 20, 1 << 20, "INVALID_PARAMETER_3"),
        ("x", 1 << 20, 1 << 40, "INVALID_PARAMETER_3"),
        ("x", 1 << 20, 2 << 20, "SUCCESS"),
    ],
)
def test_page_files(caller: Caller, name: str, low: int, high: int, status: str) -> None:
    text = name.encode("utf-16-le")
    va = caller.buffer
    data = struct.pack("<2HIqq", len(text), len(text), va + 24, low, high) + text
    caller.machine.process.space.write(va, data)
    memory = caller.machine.kernel.memory
    limit = memory.commit_limit
    assert caller.status("NtCreatePagingFile", va, va + 8, va + 16, 0) == status
    assert memory.commit_limit - limit == (512 if status == "SUCCESS" else 0)
    memory.close()


@pytest.mark.parametrize(
    ("number", "count", "ranges", "data", "length", "status"),
    [
        (9, 1, 0, 0, 0, "INVALID_PARAMETER_2"),
        (0, 1, 0, 0, 0, "INVALID_PARAMETER_5"),
        (0, 1, 0, 1, 8, "INVALID_PARAMETER_6"),
        (0, 0, 0, 1, 4, "INVALID_PARAMETER_3"),
        (0, 1, 0, 1, 4, "ACCESS_VIOLATION"),
        (0, 1, 64, 1, 4, "INVALID_PARAMETER_4"),
        (0, 1, 16, 1, 4, "SUCCESS"),
    ],
)
def test_advice(
    caller: Caller, number: int, count: int, ranges: int, data: int, length: int, status: str
) -> None:
    va = caller.buffer
    caller.machine.write(va + 16, 0, PAGE)
    words = (SELF, number, count, ranges and va + ranges, data and va, length)
    assert caller.status("NtSetInformationVirtualMemory", *words) == status


def test_prefetched_pages_are_on_standby(caller: Caller) -> None:
    space, pfns = caller.machine.process.space, caller.machine.kernel.memory.pfns
    assert not space.query_page(CONST_VA).valid
    before = pfns.standby.count
    caller.machine.write(caller.buffer, CONST_VA, 1, 0x10000, 0xFFFFFFFF, 0)
    words = (SELF, 0, 2, caller.buffer, caller.buffer + 16, 4)
    assert caller.status("NtSetInformationVirtualMemory", *words) == "SUCCESS"
    assert pfns.standby.count > before
    assert not space.query_page(CONST_VA).valid


def test_shared_commit(caller: Caller) -> None:
    def told() -> int:
        words = (SELF, 0, 5, caller.buffer, 4, 0)
        assert caller.status("NtQueryVirtualMemory", *words) == "SUCCESS"
        return caller.machine.read(caller.buffer)

    memory, space = caller.machine.kernel.memory, caller.machine.process.space
    before = told()
    sections = [memory.create_section(size=4 * PAGE, reserve=reserve) for reserve in (False, True)]
    for section in (*sections, sections[0]):
        view = space.map_view(section, None, protection=Protection.READ, commit=PAGE)
    assert told() == before + 5 * PAGE
    space.unmap_view(view.start)
    assert told() == before + 5 * PAGE
    assert caller.status("NtQueryVirtualMemory", SELF, 0, 5, caller.buffer, 3, 0) == (
        "INFO_LENGTH_MISMATCH"
    )


def query(caller: Caller, va: int, number: int, length: int) -> tuple[str, int]:
    """NtQueryVirtualMemory into the buffer: status and length."""
    (returned,) = caller.cell(0)
    arguments = (SELF, va, number, caller.buffer, length, returned)
    return caller.status("NtQueryVirtualMemory", *arguments), caller.words(1)[0]


def test_regions(caller: Caller) -> None:
    _, base, _ = caller.allocate(size=4 * PAGE, kind=RESERVE)
    caller.allocate(base + PAGE, PAGE, 0x1000, 2)
    assert query(caller, base + PAGE, 3, 15)[0] == "INFO_LENGTH_MISMATCH"
    assert query(caller, base + PAGE, 3, 28) == ("SUCCESS", 28)
    assert read(caller, 5) == (base, RW, 0, 4 * PAGE, PAGE)
    assert query(caller, 0x30000000, 3, 28)[0] == "INVALID_ADDRESS"


def test_images(caller: Caller) -> None:
    assert query(caller, CONST_VA, 6, 12) == ("SUCCESS", 12)
    assert read(caller, 3) == (PROGRAM_BASE, 4 * PAGE, 0)
    assert query(caller, caller.buffer, 6, 12) == ("SUCCESS", 12)
    assert read(caller, 3) == (0, 0, 0)
    assert query(caller, CONST_VA, 6, 11)[0] == "INFO_LENGTH_MISMATCH"


def test_working_set_of_a_process(caller: Caller) -> None:
    space = caller.machine.process.space
    space.write(caller.buffer, bytes(4 * PAGE))
    assert query(caller, 0, 1, 3)[0] == "INFO_LENGTH_MISMATCH"
    assert query(caller, 0, 1, 4) == ("INFO_LENGTH_MISMATCH", 0)
    assert read(caller, 1) == (len(space.query_working_set()),)
    assert query(caller, 0, 1, 4 * PAGE)[0] == "SUCCESS"
    (count,) = read(caller, 1)
    assert count == len(space.query_working_set())
    blocks = read(caller, count + 1)[1:]
    (own,) = [block for block in blocks if block & -PAGE == caller.buffer]
    assert own & 0xFFF == 4


def test_pages_of_the_working_set(caller: Caller) -> None:
    addresses = (caller.buffer, CODE_VA, 0x30000000, 0x80000000, caller.buffer + 3 * PAGE)
    caller.machine.process.space.read(CODE_VA, 1)
    for bad in (0, 7, 12):
        assert query(caller, 0, 4, bad)[0] == "INFO_LENGTH_MISMATCH"
    caller.machine.write(caller.buffer, *(word for va in addresses for word in (va, 0)))
    assert query(caller, 0, 4, 40) == ("SUCCESS", 40)
    private, image, free, system, untouched = read(caller, 10)[1::2]
    assert private == 1 | 4 << 4
    assert image == 1 | 1 << 1 | 0x20 << 4 | 1 << 15
    assert (free, system, untouched) == (0, 0, 0)


@pytest.mark.parametrize(
    ("low", "high", "status", "bounds"),
    [
        (8 * PAGE, 4 * PAGE, "BAD_WORKING_SET_LIMIT", None),
        (1 << 30, 1 << 30, "INSUFFICIENT_RESOURCES", None),
        (1, 1, "WORKING_SET_LIMIT_RANGE", (20, 20)),
        (19 * PAGE, 80 * PAGE, "WORKING_SET_LIMIT_RANGE", (20, 80)),
        (40 * PAGE, 0xFFFFFFFF, "WORKING_SET_LIMIT_RANGE", (40, 7680)),
        (40 * PAGE, 80 * PAGE, "SUCCESS", (40, 80)),
        (20 * PAGE, 20 * PAGE, "SUCCESS", (20, 20)),
        (0, 0, "SUCCESS", None),
        (0xFFFFFFFF, 0xFFFFFFFF, "SUCCESS", None),
    ],
)
def test_working_set_limits(
    caller: Caller, low: int, high: int, status: str, bounds: tuple[int, int] | None
) -> None:
    space = caller.machine.process.space
    caller.machine.write(caller.buffer, 0, 0, low, high, 0, 0, 0, 0)
    minimum, maximum = bounds or (space.minimum, space.maximum)
    arguments = (SELF, 1, caller.buffer, 32)
    assert caller.status("NtSetInformationProcess", *arguments) == status
    assert (space.minimum, space.maximum) == (minimum, maximum)
    assert caller.status("NtQueryInformationProcess", *arguments, 0) == "SUCCESS"
    assert read(caller, 4)[2:] == (minimum * PAGE, maximum * PAGE)


def test_working_sets_that_together_leave_nothing_to_page(caller: Caller) -> None:
    space = caller.machine.process.space
    caller.machine.kernel.create_minimal_process("greedy").space.minimum = 8000
    caller.machine.write(caller.buffer, 0, 0, 300 * PAGE, 400 * PAGE, 0, 0, 0, 0)
    before = space.minimum
    status = caller.status("NtSetInformationProcess", SELF, 1, caller.buffer, 32)
    assert (status, space.minimum) == ("INSUFFICIENT_RESOURCES", before)


@pytest.mark.parametrize("length", [44, 48, 56])
def test_counters_of_memory(caller: Caller, length: int) -> None:
    space = caller.machine.process.space
    space.write(caller.buffer, bytes(PAGE))
    arguments = (SELF, 3, caller.buffer, length, 0)
    assert caller.status("NtQueryInformationProcess", *arguments) == "SUCCESS"
    peak, size, faults, _, resident, *_, commit, _ = read(caller, 11)
    assert peak >= size == space.virtual_size
    assert faults == space.counters.faults
    assert (resident, commit) == (space.resident * PAGE, space.committed * PAGE)


def test_a_lock_takes_a_guard_away_once(caller: Caller) -> None:
    _, base, _ = caller.allocate(size=2 * PAGE, kind=BOTH | WATCH, protect=RW | GUARD)
    where = (SELF, *caller.cell(base, 2 * PAGE), 1)
    for _ in range(2):
        assert caller.status("NtLockVirtualMemory", *where) == "GUARD_PAGE_VIOLATION"
    assert not caller.machine.process.space.locked
    assert written(caller, base, 2 * PAGE) == ()
    assert caller.status("NtLockVirtualMemory", *where) == "SUCCESS"
    assert written(caller, base, 2 * PAGE) == (base, base + PAGE)


def test_a_decommitted_page_is_remembered_as_written(caller: Caller) -> None:
    _, base, _ = caller.allocate(size=4 * PAGE, kind=BOTH | WATCH)
    space = caller.machine.process.space
    space.write(base + PAGE, b"x")
    assert caller.free(base, 0, 0x4000)[0] == "SUCCESS"
    assert written(caller, base, 4 * PAGE) == (base + PAGE,)
    caller.allocate(base, 4 * PAGE, COMMIT)
    space.write(base + 2 * PAGE, b"x")
    assert written(caller, base, 4 * PAGE) == (base + PAGE, base + 2 * PAGE)
    assert caller.status("NtResetWriteWatch", SELF, base, 4 * PAGE) == "SUCCESS"
    assert written(caller, base, 4 * PAGE) == ()


def written(caller: Caller, base: int, size: int) -> tuple[int, ...]:
    """The pages that NtGetWriteWatch tells."""
    at = caller.buffer
    caller.machine.write(at, 64, 0)
    words = (SELF, 0, base, size, at + 16, at, at + 4)
    assert caller.status("NtGetWriteWatch", *words) == "SUCCESS"
    return read(caller, 4 + caller.machine.read(at))[4:]


@pytest.mark.parametrize(
    ("size", "status"),
    [
        (0, "INFO_LENGTH_MISMATCH"),
        (7, "INFO_LENGTH_MISMATCH"),
        (24, "BUFFER_OVERFLOW"),
        (200, "SUCCESS"),
    ],
)
def test_the_name_of_ntdll(caller: Caller, size: int, status: str) -> None:
    """Its length is told whatever the size of the buffer."""
    name = "\\Windows\\System32\\ntdll.dll"
    at, out = caller.buffer, caller.cells
    words = (SELF, NTDLL_BASE + 1234, 2, at, size, out)
    assert caller.status("NtQueryVirtualMemory", *words) == status
    (told,) = caller.words(1)
    lengths, text = read(caller, 2)
    if status != "SUCCESS":
        assert lengths == 0
        return
    assert (told, text) == (8 + (lengths >> 16), at + 8)
    data = caller.machine.process.space.read(at + 8, lengths & 0xFFFF)
    assert data.decode("utf-16-le").endswith(name)
