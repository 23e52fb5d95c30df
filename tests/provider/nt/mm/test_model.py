"""Random memory calls of one process on itself and another, against pages in dictionaries.

The model is what VirtualAllocEx, VirtualFreeEx, VirtualProtectEx, VirtualQueryEx, MapViewOfFile,
ReadProcessMemory and WriteProcessMemory are documented to do (Win32 API).
"""

from __future__ import annotations

import random
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from provider.kernel.errors import KernelError
from provider.kernel.kernel import Kernel
from provider.kernel.mm import AccessViolation, Protection
from provider.kernel.thread import Thread
from provider.nt import syscalls_table
from provider.nt.dispatch import status_of
from provider.nt.handles import reference
from provider.nt.mm.section import SectionObject
from provider.nt.status import NTSTATUS, NtError
from provider.syscall import Syscall
from tests.provider.kernel.mm.invariants import Tlb, check, squeeze

if TYPE_CHECKING:
    from provider.kernel.mm import AddressSpace
    from provider.kernel.mm.segment import Segment
    from provider.kernel.process import Process

PAGE, UNIT, UNIT_PAGES = 0x1000, 0x10000, 16
CELLS, BUFFER, ARENA = 0x100000, 0x110000, 0x200000
UNITS = 6
"""Places of 64 KB that allocations and views are made in."""
COMMIT, RESERVE, DECOMMIT, RELEASE = 0x1000, 0x2000, 0x4000, 0x8000
NO_ACCESS, READ_ONLY, READ_WRITE, EXECUTE_READ = 0x01, 0x02, 0x04, 0x20
PROTECTIONS = (NO_ACCESS, READ_ONLY, READ_WRITE, EXECUTE_READ)
VIEW_PROTECTIONS = (NO_ACCESS, READ_ONLY, READ_WRITE)
SECTION_PAGES = 24
SECTION_QUERY_SIZE = 28
SUCCESS, PARTIAL = NTSTATUS.SUCCESS, NTSTATUS.PARTIAL_COPY


@dataclass
class Range:
    """An allocation or a view: a protection for each page, 0 where it is only reserved."""

    start: int
    protections: list[int]
    shared: list[int] | None = None
    """The bytes of the section's pages, of a view."""
    own: dict[int, int] = field(default_factory=dict)
    """Bytes of private pages."""

    @property
    def end(self) -> int:
        return self.start + PAGE * len(self.protections)

    def byte(self, page: int) -> int:
        return self.own.get(page, 0) if self.shared is None else self.shared[page]

    def store(self, page: int, value: int) -> None:
        if self.shared is None:
            self.own[page] = value
        else:
            self.shared[page] = value


class Target:
    """A process and what the model knows of it."""

    def __init__(self, handle: int, process: Process, frames_tlb: Tlb) -> None:
        self.handle, self.process, self.tlb = handle, process, frames_tlb
        self.ranges: list[Range] = []

    @property
    def space(self) -> AddressSpace:
        return self.process.space

    def at(self, va: int) -> Range | None:
        return next((each for each in self.ranges if each.start <= va < each.end), None)

    def is_free(self, start: int, end: int) -> bool:
        return all(each.end <= start or end <= each.start for each in self.ranges)


class Driver:
    """Makes the calls, and does the same to the model."""

    def __init__(self, seed: int, paging: str, frames: int) -> None:
        self.random = random.Random(seed)
        self.table = syscalls_table()
        self.kernel = Kernel(ram_bytes=4 << 20, paging=paging)
        memory = self.kernel.memory
        memory.add_page_file(4 << 20)
        caller, other = (self.kernel.create_minimal_process(name) for name in ("caller", "other"))
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
        memory.flush_tlb = self.flush_tlb
        squeeze(memory, frames)
        self.section = self.create_section()
        self.shared = [0] * SECTION_PAGES
        self.done = 0

    def flush_tlb(self) -> None:
        for target in self.targets:
            target.tlb.flush()

    def create_section(self) -> int:
        self.cells(0, SECTION_PAGES * PAGE, 0)
        status = self.call("NtCreateSection", CELLS, 0xF001F, 0, CELLS + 4, READ_WRITE, 0x8000000, 0)
        assert status == SUCCESS
        return self.cell(0)

    @property
    def segments(self) -> tuple[Segment, ...]:
        return (reference(self.thread, self.section, SectionObject).section.segment,)

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
        }
        (action,) = self.random.choices(list(actions), list(actions.values()))
        action(self.random.choice(self.targets))

    def place(self) -> tuple[int, int]:
        """A page in the arena and a number of pages."""
        page = self.random.randrange(UNITS * UNIT_PAGES)
        return ARENA + page * PAGE, self.random.randint(1, 20)

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
        elif found.shared is not None:
            assert status == NTSTATUS.ALREADY_COMMITTED
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
            target.ranges.remove(found)

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
        target.ranges.remove(found)

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
            "NtQueryVirtualMemory", target.handle, va, 0, BUFFER, SECTION_QUERY_SIZE, 0
        )
        assert status == SUCCESS
        base, allocation, _, size, state, protect, _ = struct.unpack(
            "<7I", self.caller.space.read(BUFFER, SECTION_QUERY_SIZE)
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

    def touch(self, target: Target, va: int) -> None:
        target.tlb.touch(target.space, va)

    def check(self) -> None:
        for target in self.targets:
            target.tlb.check(target.space)
        check(self.kernel.memory, self.segments)


@pytest.mark.slow
@pytest.mark.parametrize("frames", [60, 512])
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("paging", ["pae", "x86"])
def test_random_calls_agree_with_the_model(paging: str, seed: int, frames: int) -> None:
    driver = Driver(seed, paging, frames)
    for number in range(3000):
        driver.step()
        if number % 20 == 0:
            driver.check()
