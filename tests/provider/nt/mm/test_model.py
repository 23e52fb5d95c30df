"""Random memory calls of one process on itself and another, against pages in dictionaries.

The model is what VirtualAllocEx, VirtualFreeEx, VirtualProtectEx, VirtualQueryEx, MapViewOfFile,
ReadProcessMemory and WriteProcessMemory are documented to do (Win32 API).
"""

from __future__ import annotations

import random
import struct
from typing import TYPE_CHECKING

import pytest

from emu.paging import VALID
from provider.kernel.errors import KernelError
from provider.kernel.kernel import Kernel
from provider.kernel.mm import AccessViolation, Protection
from provider.kernel.thread import Thread
from provider.nt import startup, syscalls_table
from provider.nt.dispatch import status_of
from provider.nt.handles import reference
from provider.nt.mm.section import SectionObject
from provider.nt.provider import NtProvider
from provider.nt.status import NTSTATUS, NtError
from provider.syscall import Syscall
from tests.provider.kernel.mm.invariants import Tlb, check, squeeze
from tests.provider.nt.mm.model import PAGE, Range, Target
from tests.provider.nt.synthetic import ntdll_image, program_image

if TYPE_CHECKING:
    from provider.kernel.mm.segment import Segment

UNIT, UNIT_PAGES = 0x10000, 16
CELLS, BUFFER, ARENA = 0x100000, 0x110000, 0x200000
UNITS = 6
"""Places of 64 KB that allocations and views are made in."""
COMMIT, RESERVE, DECOMMIT, RELEASE = 0x1000, 0x2000, 0x4000, 0x8000
NO_ACCESS, READ_ONLY, READ_WRITE, EXECUTE_READ = 0x01, 0x02, 0x04, 0x20
PROTECTIONS = (NO_ACCESS, READ_ONLY, READ_WRITE, EXECUTE_READ)
VIEW_PROTECTIONS = (NO_ACCESS, READ_ONLY, READ_WRITE)
SECTION_PAGES = 24
INFORMATION_SIZE = 28
MOST_LOCKED = 12
SUCCESS, PARTIAL = NTSTATUS.SUCCESS, NTSTATUS.PARTIAL_COPY


class Driver:
    """Makes the calls, and does the same to the model."""

    def __init__(self, seed: int, paging: str, frames: int) -> None:
        self.random = random.Random(seed)
        self.table = syscalls_table()
        self.kernel = Kernel(ram_bytes=4 << 20, paging=paging)
        memory = self.kernel.memory
        memory.add_page_file(4 << 20)
        provider, image, ntdll = NtProvider(self.kernel), program_image("nop"), ntdll_image()
        caller, other = (
            startup.create_process(provider, image, ntdll, b"", name) for name in ("one", "other")
        )
        for va in (CELLS, BUFFER):
            caller.space.allocate(
                va, UNIT, reserve=True, commit=True, protection=Protection.READ | Protection.WRITE
            )
        self.thread = Thread(
            self.kernel.allocate_id(), caller, self.kernel.cpu.create_registers(0, 0, 0)
        )
        self.caller = caller
        handle = caller.handles.insert(other, 0x1FFFFF)
        self.targets = [Target(0xFFFFFFFF, caller, Tlb()), Target(handle, other, Tlb())]
        memory.flush_cpu = self.flush_tlb
        squeeze(memory, frames)
        self.section = self.create_section()
        self.shared = [0] * SECTION_PAGES

    def flush_tlb(self) -> None:
        for target in self.targets:
            target.tlb.flush()

    def create_section(self) -> int:
        self.cells(0, SECTION_PAGES * PAGE, 0)
        status = self.call(
            "NtCreateSection", CELLS, 0xF001F, 0, CELLS + 4, READ_WRITE, 0x8000000, 0
        )
        assert status == SUCCESS
        return self.cell(0)

    @property
    def segments(self) -> tuple[Segment, ...]:
        own = reference(self.thread, self.section, SectionObject).section.segment
        vads = (vad for target in self.targets for vad in target.space.vads.all())
        others = {vad.segment: None for vad in vads if vad.segment not in (None, own)}
        return (own, *others)

    def call(self, name: str, *words: int) -> int:
        """The status of a call, as the dispatcher makes it."""
        call = self.table.get(name)
        assert isinstance(call, Syscall)
        try:
            values = [
                word if parameter.decode is None else parameter.decode(self.caller.space, word)
                for parameter, word in zip(call.parameters, words, strict=True)
            ]
            return int(call.handler(self.thread, *values) or 0)
        except (NtError, KernelError, AccessViolation) as error:
            return status_of(error)

    def cells(self, *words: int) -> None:
        self.caller.space.write(CELLS, struct.pack(f"<{len(words)}I", *words))

    def cell(self, index: int) -> int:
        return int.from_bytes(self.caller.space.read(CELLS + 4 * index, 4), "little")

    def step(self) -> None:
        actions = {
            self.reserve: 2,
            self.commit: 4,
            self.decommit: 2,
            self.release: 1,
            self.protect: 5,
            self.map: 2,
            self.unmap: 1,
            self.write: 12,
            self.read: 12,
            self.query: 5,
            self.trim: 1,
            self.lock: 3,
            self.unlock: 2,
            self.overshoot: 2,
        }
        (action,) = self.random.choices(list(actions), list(actions.values()))
        action(self.random.choice(self.targets))

    def place(self) -> tuple[int, int]:
        """A page in the arena and a number of pages."""
        page = self.random.randrange(UNITS * UNIT_PAGES)
        return ARENA + page * PAGE, self.random.choice((1, 1, 2, 3, 5, 20))

    def reserve(self, target: Target) -> None:
        start = ARENA + self.random.randrange(UNITS) * UNIT
        count = self.random.randint(1, 2 * UNIT_PAGES)
        commit = self.random.random() < 0.5
        protect = self.random.choice(PROTECTIONS)
        kind = RESERVE | COMMIT if commit else RESERVE
        self.cells(start, count * PAGE - self.random.randrange(PAGE))
        status = self.call(
            "NtAllocateVirtualMemory", target.handle, CELLS, 0, CELLS + 4, kind, protect
        )
        if not target.is_free(start, start + count * PAGE):
            assert status == NTSTATUS.CONFLICTING_ADDRESSES
            return
        assert (status, self.cell(0), self.cell(1)) == (SUCCESS, start, count * PAGE)
        target.ranges.append(Range(start, [protect if commit else 0] * count))

    def commit(self, target: Target) -> None:
        start, count = self.place()
        protect = self.random.choice(PROTECTIONS)
        self.cells(start, count * PAGE)
        status = self.call(
            "NtAllocateVirtualMemory", target.handle, CELLS, 0, CELLS + 4, COMMIT, protect
        )
        found = target.at(start)
        if found is None or start + count * PAGE > found.end:
            assert status == NTSTATUS.CONFLICTING_ADDRESSES
        elif found.shared is not None and protect == EXECUTE_READ:
            assert status == NTSTATUS.SECTION_PROTECTION
        else:
            assert status == SUCCESS
            first = (start - found.start) // PAGE
            found.protections[first : first + count] = [protect] * count

    def decommit(self, target: Target) -> None:
        start, count = self.place()
        self.cells(start, count * PAGE)
        status = self.call("NtFreeVirtualMemory", target.handle, CELLS, CELLS + 4, DECOMMIT)
        found = target.at(start)
        if found is None:
            assert status == NTSTATUS.MEMORY_NOT_ALLOCATED
        elif found.shared is not None:
            assert status == NTSTATUS.UNABLE_TO_DELETE_SECTION
        elif start + count * PAGE > found.end:
            assert status == NTSTATUS.UNABLE_TO_FREE_VM
        else:
            assert status == SUCCESS
            first = (start - found.start) // PAGE
            found.protections[first : first + count] = [0] * count
            for page in range(first, first + count):
                found.own.pop(page, None)
            target.locked.difference_update(range(start, start + count * PAGE, PAGE))

    def release(self, target: Target) -> None:
        start, _ = self.place()
        if self.random.random() < 0.7:
            start &= -UNIT
        self.cells(start, 0)
        status = self.call("NtFreeVirtualMemory", target.handle, CELLS, CELLS + 4, RELEASE)
        found = target.at(start)
        if found is None:
            assert status == NTSTATUS.MEMORY_NOT_ALLOCATED
        elif found.shared is not None:
            assert status == NTSTATUS.UNABLE_TO_DELETE_SECTION
        elif found.start != start:
            assert status == NTSTATUS.FREE_VM_NOT_AT_BASE
        else:
            assert (status, self.cell(1)) == (SUCCESS, found.end - found.start)
            target.forget(found)

    def protect(self, target: Target) -> None:
        start, count = self.place()
        found = target.at(start)
        is_view = found is not None and found.shared is not None
        protect = self.random.choice(VIEW_PROTECTIONS if is_view else PROTECTIONS)
        self.cells(start, count * PAGE, 0)
        status = self.call(
            "NtProtectVirtualMemory", target.handle, CELLS, CELLS + 4, protect, CELLS + 8
        )
        if found is None or start + count * PAGE > found.end:
            assert status == NTSTATUS.CONFLICTING_ADDRESSES
            return
        first = (start - found.start) // PAGE
        before = found.protections[first : first + count]
        if not all(before):
            assert status == NTSTATUS.NOT_COMMITTED
            return
        assert (status, self.cell(2)) == (SUCCESS, before[0])
        found.protections[first : first + count] = [protect] * count

    def map(self, target: Target) -> None:
        start = ARENA + self.random.randrange(UNITS) * UNIT
        self.cells(start, 0)
        status = self.call(
            "NtMapViewOfSection", self.section, target.handle, CELLS, 0, 0, 0, CELLS + 4, 2, 0,
            READ_WRITE,
        )  # fmt: skip
        if not target.is_free(start, start + SECTION_PAGES * PAGE):
            assert status == NTSTATUS.CONFLICTING_ADDRESSES
            return
        assert (status, self.cell(1)) == (SUCCESS, SECTION_PAGES * PAGE)
        target.ranges.append(Range(start, [READ_WRITE] * SECTION_PAGES, self.shared))

    def unmap(self, target: Target) -> None:
        va, _ = self.place()
        status = self.call("NtUnmapViewOfSection", target.handle, va)
        found = target.at(va)
        if found is None or found.shared is None:
            assert status == NTSTATUS.NOT_MAPPED_VIEW
            return
        assert status == SUCCESS
        target.forget(found)

    def write(self, target: Target) -> None:
        """A byte of a page, which is also what the CPU would remember of it."""
        va, _ = self.place()
        value = self.random.randrange(256)
        self.caller.space.write(BUFFER, bytes([value]))
        status = self.call("NtWriteVirtualMemory", target.handle, va + 5, BUFFER, 1, CELLS)
        found = target.at(va)
        page = 0 if found is None else (va - found.start) // PAGE
        if found is None or found.protections[page] != READ_WRITE:
            assert (status, self.cell(0)) == (PARTIAL, 0)
            return
        assert (status, self.cell(0)) == (SUCCESS, 1)
        found.store(page, value)
        self.touch(target, va)

    def read(self, target: Target) -> None:
        va, _ = self.place()
        status = self.call("NtReadVirtualMemory", target.handle, va + 5, BUFFER, 1, CELLS)
        found = target.at(va)
        page = 0 if found is None else (va - found.start) // PAGE
        if found is None or found.protections[page] in (0, NO_ACCESS):
            assert (status, self.cell(0)) == (PARTIAL, 0)
            return
        assert (status, self.cell(0)) == (SUCCESS, 1)
        assert self.caller.space.read(BUFFER, 1) == bytes([found.byte(page)])
        self.touch(target, va)

    def query(self, target: Target) -> None:
        va, _ = self.place()
        status = self.call(
            "NtQueryVirtualMemory", target.handle, va, 0, BUFFER, INFORMATION_SIZE, 0
        )
        assert status == SUCCESS
        base, allocation, _, size, state, protect, _ = struct.unpack(
            "<7I", self.caller.space.read(BUFFER, INFORMATION_SIZE)
        )
        found = target.at(va)
        if found is None:
            assert (base, allocation, state) == (va, 0, 0x10000)
            assert target.is_free(va, min(va + size, ARENA + UNITS * UNIT))
            return
        run = found.protections[(va - found.start) // PAGE :]
        count = next((n for n, each in enumerate(run) if each != run[0]), len(run))
        assert (base, allocation, size) == (va, found.start, count * PAGE)
        assert (state, protect) == ((COMMIT, run[0]) if run[0] else (RESERVE, 0))

    def trim(self, target: Target) -> None:
        words = (0, 0, 0xFFFFFFFF, 0xFFFFFFFF, 0, 0, 0, 0)
        self.cells(*words)
        assert self.call("NtSetInformationProcess", target.handle, 1, CELLS, 32) == SUCCESS

    def lock(self, target: Target) -> None:
        start, count = self.place()
        count = min(count, MOST_LOCKED - len(target.locked))
        if not count:
            return
        pages = set(range(start, start + count * PAGE, PAGE))
        missing = pages - target.locked
        self.cells(start, count * PAGE)
        status = self.call("NtLockVirtualMemory", target.handle, CELLS, CELLS + 4, 1)
        if any(target.protection(va) in (0, NO_ACCESS) for va in missing):
            assert status == NTSTATUS.ACCESS_VIOLATION
            return
        assert status == (SUCCESS if missing == pages else NTSTATUS.WAS_LOCKED)
        assert all(target.space.tables.entry(va) & VALID for va in missing)
        target.locked |= missing

    def unlock(self, target: Target) -> None:
        start, count = self.place()
        if target.locked and self.random.random() < 0.8:
            start, count = self.random.choice(sorted(target.locked)), self.random.randint(1, 3)
        pages = set(range(start, start + count * PAGE, PAGE))
        self.cells(start, count * PAGE)
        status = self.call("NtUnlockVirtualMemory", target.handle, CELLS, CELLS + 4, 1)
        assert status == (SUCCESS if pages <= target.locked else NTSTATUS.NOT_LOCKED)
        if status == SUCCESS:
            target.locked -= pages

    def overshoot(self, target: Target) -> None:
        """Addresses and sizes that no process has are errors, and change nothing."""
        base = self.random.choice((0x7FFF0000, 0x7FFFFFFF, 0x80000000, 0xC0000000, 0xFFFFF000))
        size = self.random.choice((1, PAGE, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF))
        self.cells(base, size, 0)
        handle, rest = target.handle, (CELLS, CELLS + 4)
        for name, words in (
            ("NtAllocateVirtualMemory", (CELLS, 0, CELLS + 4, RESERVE | COMMIT, READ_WRITE)),
            ("NtAllocateVirtualMemory", (CELLS, 0, CELLS + 4, COMMIT, READ_WRITE)),
            ("NtFreeVirtualMemory", (*rest, DECOMMIT)),
            ("NtFreeVirtualMemory", (*rest, RELEASE)),
            ("NtProtectVirtualMemory", (*rest, READ_WRITE, CELLS + 8)),
            ("NtLockVirtualMemory", (*rest, 1)),
            ("NtUnlockVirtualMemory", (*rest, 1)),
            ("NtFlushVirtualMemory", (*rest, CELLS + 8)),
            ("NtQueryVirtualMemory", (base, 0, BUFFER, INFORMATION_SIZE, 0)),
            ("NtReadVirtualMemory", (base, BUFFER, size, 0)),
            ("NtWriteVirtualMemory", (base, BUFFER, size, 0)),
            ("NtUnmapViewOfSection", (base,)),
        ):
            assert self.call(name, handle, *words) >= 0xC0000000, name

    def touch(self, target: Target, va: int) -> None:
        target.tlb.touch(target.space, va)

    def check(self) -> None:
        for target in self.targets:
            target.tlb.check(target.space)
        check(self.kernel.memory, self.segments)


@pytest.mark.slow
@pytest.mark.parametrize("frames", [60, 512])
@pytest.mark.parametrize(("seed", "calls", "every"), [(0, 1000, 1), (1, 3000, 20), (2, 3000, 20)])
@pytest.mark.parametrize("paging", ["pae", "x86"])
def test_random_calls_agree_with_the_model(
    paging: str, seed: int, calls: int, every: int, frames: int
) -> None:
    driver = Driver(seed, paging, frames)
    for number in range(calls):
        driver.step()
        if number % every == 0:
            driver.check()
    driver.check()
