"""The memory manager under a real CPU: the guest itself causes the faults."""

from __future__ import annotations

import pytest

from emu.assemble import assemble
from emu.cpu import Cpu
from emu.descriptors import SystemPages
from emu.ram import PAGE_SIZE, Ram
from emu.trap import Vector
from provider.kernel.mm import (
    AddressSpace,
    MemoryManager,
    Protection,
    Violation,
    ViolationKind,
    working_set,
)
from tests.provider.kernel.mm.invariants import check

R, W, X = Protection.READ, Protection.WRITE, Protection.EXECUTE
SYSTEM = 0x80000000
EXIT = 0x2E

FILL_AND_VERIFY = """
    mov edi, {start}
next_store:
    imul eax, edi, 0x9E3779B1
    mov [edi], eax
    add edi, 512
    cmp edi, {end}
    jb next_store
    xor ebx, ebx
    xor esi, esi
next_page:
    imul edi, esi, 0x125
    and edi, {pages} - 1
    shl edi, 12
    add edi, {start}
    mov ecx, 8
next_load:
    imul eax, edi, 0x9E3779B1
    cmp [edi], eax
    je same
    inc ebx
same:
    add edi, 512
    dec ecx
    jnz next_load
    inc esi
    cmp esi, {pages}
    jb next_page
    int 0x2e
"""


class Machine:
    """One address space that runs until `int 2Eh` or until a fault is the guest's own."""

    def __init__(self, ram: int, paging: str) -> None:
        self.mm = MemoryManager(Ram(ram), paging=paging)
        self.space = self.mm.create_space()
        table, entry, stack = self.mm.map_system(SYSTEM, 3 * PAGE_SIZE, executable=True)
        pages = SystemPages(SYSTEM, (table, entry, stack))
        self.cpu = Cpu(self.mm.ram, self.space.tables, pages)
        self.mm.flush_cpu = self.cpu.flush_tlb
        self.cpu.on_trap = self._trap
        self.violation: Violation | None = None

    def run(self, text: str, space: AddressSpace | None = None) -> int:
        """EBX when the program ends."""
        self.running = space or self.space
        code, _ = self.running.allocate(
            None, PAGE_SIZE, reserve=True, commit=True, protection=X | R | W
        )
        self.running.write(code, assemble(text, code))
        registers = self.cpu.create_registers(code, 0)
        self.violation = None
        self.cpu.switch(registers, self.running.tables)
        self.cpu.run()
        return registers.ebx

    def _trap(self, vector: int, error_code: int, fault_va: int) -> None:
        if vector == Vector.PAGE_FAULT:
            self.violation = self.running.handle_fault(fault_va, error_code)
            if self.violation is None:
                return
        self.cpu.stop()


def commit(space: AddressSpace, pages: int, protection: Protection = R | W) -> int:
    return space.allocate(
        None, pages * PAGE_SIZE, reserve=True, commit=True, protection=protection
    )[0]


def fill_and_verify(machine: Machine, pages: int) -> int:
    start = commit(machine.space, pages)
    end = start + pages * PAGE_SIZE
    return machine.run(FILL_AND_VERIFY.format(start=start, end=end, pages=pages))


@pytest.mark.parametrize("paging", ["pae", "x86"])
@pytest.mark.parametrize("compress", [False, True])
def test_a_guest_with_four_times_the_ram(paging: str, compress: bool) -> None:
    machine = Machine(1 << 20, paging)
    machine.mm.add_page_file(8 << 20)
    if compress:
        machine.mm.compress_into(machine.mm.create_space(), 64)
    assert fill_and_verify(machine, 1024) == 0
    assert machine.violation is None
    assert machine.mm.counters.hard_faults > 700
    check(machine.mm)


@pytest.mark.slow
def test_a_guest_that_fills_256_mb_in_24_mb() -> None:
    machine = Machine(24 << 20, "pae")
    machine.mm.add_page_file(512 << 20)
    assert fill_and_verify(machine, 65536) == 0
    assert machine.mm.counters.hard_faults > 50000
    check(machine.mm)


@pytest.mark.parametrize("paging", ["pae", "x86"])
def test_the_cpu_notices_every_narrowing(paging: str) -> None:
    machine = Machine(4 << 20, paging)
    space = machine.space
    start = commit(space, 1)
    store = f"mov dword ptr [{start}], 7\nmov ebx, [{start}]\nint 0x2e"
    assert machine.run(store) == 7
    space.protect(start, 1, R)
    machine.run(store)
    assert machine.violation == Violation(ViolationKind.ACCESS, 1, start)
    space.protect(start, 1, R | W)
    working_set.empty(space)
    assert machine.run(f"mov ebx, [{start}]\nint 0x2e") == 7
    space.decommit(start)
    machine.run(store)
    assert machine.violation == Violation(ViolationKind.ACCESS, 1, start)
    check(machine.mm)


def test_data_is_not_executed() -> None:
    machine = Machine(4 << 20, "pae")
    start = commit(machine.space, 1)
    machine.space.write(start, b"\xbb\x05\0\0\0\xcd\x2e")
    machine.run(f"mov eax, {start}\njmp eax")
    assert machine.violation == Violation(ViolationKind.ACCESS, 8, start)
    machine.space.execute_data = True
    assert machine.run(f"mov eax, {start}\njmp eax") == 5
    assert machine.violation is None


@pytest.mark.parametrize("paging", ["pae", "x86"])
def test_a_clone_runs_on_its_own_copy(paging: str) -> None:
    machine = Machine(4 << 20, paging)
    start = commit(machine.space, 1)
    count = f"inc dword ptr [{start}]\nmov ebx, [{start}]\nint 0x2e"
    assert machine.run(count) == 1
    child = machine.space.clone()
    assert machine.run(count, child) == 2
    assert machine.run(count, child) == 3
    assert machine.run(count) == 2
    check(machine.mm)


@pytest.mark.parametrize("paging", ["pae", "x86"])
def test_code_that_was_paged_out_runs_again(paging: str) -> None:
    machine = Machine(1 << 20, paging)
    machine.mm.add_page_file(8 << 20)
    space = machine.space
    routine = commit(space, 1, X | R | W)
    space.write(routine, assemble("add ebx, 5\nret"))
    stack = commit(space, 1) + PAGE_SIZE
    call = f"mov esp, {stack}\nmov eax, {routine}\nxor ebx, ebx\ncall eax\nint 0x2e"
    assert machine.run(call) == 5
    assert fill_and_verify(machine, 512) == 0
    assert machine.run(call) == 5
    space.write(routine, assemble("add ebx, 6\nret"))
    assert machine.run(call) == 6
