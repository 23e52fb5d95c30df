"""What the design takes for granted about the engine: one test for each row of facts/engine.md.

The rows about single instructions are in test_engine_instructions.py.
"""

from __future__ import annotations

import os
import signal
import warnings
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from emu.paging import ACCESSED, DIRTY, USER, VALID, WRITE
from emu.ram import PAGE_SIZE
from emu.trap import PageFaultError
from tests.emu.bare import CODE_VA, DATA_VA, STACK_VA, BareMachine
from tests.emu.runs import Run, Trap, mapper, only_trap

if TYPE_CHECKING:
    from emu.registers import Registers

HOLE_VA, PAGE_VA, FAR_VA = 0x500000, 0x600000, 0x700000
FORMATS = pytest.mark.parametrize("paging", ["pae", "x86"])
PRESENT, WRITING, IN_USER = PageFaultError.PRESENT, PageFaultError.WRITE, PageFaultError.USER
FETCH, RESERVED = PageFaultError.FETCH, PageFaultError.RESERVED


def read_word(machine: BareMachine, pa: int) -> int:
    return int.from_bytes(machine.ram.read(pa, 4), "little")


def flags(machine: BareMachine, va: int) -> int:
    return machine.tables.entry(va) & (ACCESSED | DIRTY)


@FORMATS
def test_a_fault_restarts_its_instruction_once_the_pte_is_there(paging: str) -> None:
    machine = BareMachine(paging)
    run = Run(machine, vector_14=mapper(machine))
    code = (
        f"mov ecx, 7; add dword ptr [{HOLE_VA + 8:#x}], ecx; mov eax, [{HOLE_VA + 8:#x}]; int 0x20"
    )
    registers = run.start(code)
    fault = run.traps[0]
    assert (fault.vector, fault.fault_va, fault.eip) == (14, HOLE_VA + 8, CODE_VA + 5)
    assert registers.eax == 7


@FORMATS
def test_the_second_and_third_fault_of_a_run_are_faults_too(paging: str) -> None:
    machine = BareMachine(paging)
    run = Run(machine, vector_14=mapper(machine))
    stores = "; ".join(f"mov dword ptr [{HOLE_VA + PAGE_SIZE * i:#x}], {i}" for i in range(5))
    run.start(stores + "; int 0x20")
    assert [trap.vector for trap in run.traps] == [14, 14, 14, 14, 14, 0x20]
    assert [trap.fault_va for trap in run.traps[:5]] == [HOLE_VA + 0x1000 * i for i in range(5)]


def test_a_fault_while_a_fault_is_skipped_is_no_double_fault() -> None:
    def skip(registers: Registers, _trap: Trap) -> None:
        registers.eip += 2

    run = Run(BareMachine(), vector_0=skip, vector_14=skip)
    run.start("xor eax, eax; div eax; mov [eax], eax; div eax; mov [eax], eax; int 0x20")
    assert [trap.vector for trap in run.traps] == [0, 14, 0, 14, 0x20]


@FORMATS
@pytest.mark.parametrize(
    ("code", "bits", "expected"),
    [
        (f"mov eax, [{PAGE_VA:#x}]", 0, IN_USER),
        (f"mov [{PAGE_VA:#x}], eax", 0, IN_USER | WRITING),
        (f"mov eax, [{PAGE_VA:#x}]", VALID | WRITE, IN_USER | PRESENT),
        (f"mov [{PAGE_VA:#x}], eax", VALID | WRITE, IN_USER | PRESENT | WRITING),
        (f"mov [{PAGE_VA:#x}], eax", VALID | USER, IN_USER | PRESENT | WRITING),
        (f"add [{PAGE_VA:#x}], eax", 0, IN_USER),  # the engine reads before it writes
        (f"lock add [{PAGE_VA:#x}], eax", VALID | USER, IN_USER | PRESENT | WRITING),
        (f"mov eax, {PAGE_VA:#x}; jmp eax", 0, IN_USER | FETCH),
        (f"mov eax, {PAGE_VA:#x}; jmp eax", VALID, IN_USER | PRESENT | FETCH),
    ],
)
def test_error_codes_of_page_faults(
    paging: str, code: str, bits: int, expected: PageFaultError
) -> None:
    machine = BareMachine(paging)
    machine.map(machine.tables, PAGE_VA, machine.frame(), bits)
    if paging == "x86":
        expected &= ~FETCH  # reported only with NX (Intel SDM volume 3, section 4.7)
    trap = only_trap(machine, code)
    assert (trap.vector, trap.error_code, trap.fault_va) == (14, expected, PAGE_VA)


def test_a_page_that_is_nx_is_not_executed() -> None:
    machine = BareMachine()
    trap = only_trap(machine, f"mov eax, {DATA_VA:#x}; jmp eax")
    expected = IN_USER | PRESENT | FETCH
    assert trap == (14, expected, DATA_VA, DATA_VA)


def test_a_reserved_bit_of_a_pte_is_reported() -> None:
    machine = BareMachine()
    machine.map(machine.tables, PAGE_VA, machine.frame(), VALID | USER | WRITE | 1 << 55)
    trap = only_trap(machine, f"mov eax, [{PAGE_VA:#x}]")
    assert (trap.vector, trap.error_code) == (14, IN_USER | PRESENT | RESERVED)


@FORMATS
def test_the_cpu_sets_accessed_and_dirty(paging: str) -> None:
    machine = BareMachine(paging)
    machine.map(machine.tables, PAGE_VA, machine.frame(), VALID | USER | WRITE)
    machine.map(machine.tables, FAR_VA, machine.frame(), VALID | USER | WRITE)
    only_trap(machine, f"mov eax, [{PAGE_VA:#x}]; mov [{FAR_VA:#x}], eax; int 0x20")
    assert flags(machine, PAGE_VA) == ACCESSED
    assert flags(machine, FAR_VA) == ACCESSED | DIRTY
    assert flags(machine, CODE_VA) & ACCESSED


def test_ram_is_one_block_that_python_and_the_guest_share() -> None:
    machine = BareMachine()
    machine.ram.write(machine.data * PAGE_SIZE, (41).to_bytes(4, "little"))
    only_trap(machine, f"inc dword ptr [{DATA_VA:#x}]; int 0x20")
    assert read_word(machine, machine.data * PAGE_SIZE) == 42


def test_code_that_the_host_patches_is_executed_as_patched() -> None:
    machine = BareMachine()
    code = "mov ecx, 2; again: mov eax, 1; add ebx, eax; int 0x2e; dec ecx; jnz again; int 0x20"

    def patch(_registers: Registers, _trap: Trap) -> None:
        machine.ram.write(machine.code * PAGE_SIZE + 6, b"\x40")

    registers = Run(machine, vector_46=patch).start(code)
    assert registers.ebx == 0x41


def test_dropping_code_inside_a_fault_leaves_no_exception_behind() -> None:
    machine = BareMachine()
    fill = mapper(machine)

    def fix(registers: Registers, trap: Trap) -> None:
        machine.ram.write(machine.code * PAGE_SIZE + 0x800, b"\x90")
        fill(registers, trap)
        assert registers.take_fault()[1] == trap.fault_va

    run = Run(machine, vector_14=fix)
    stores = "; ".join(f"mov dword ptr [{HOLE_VA + PAGE_SIZE * i:#x}], {i}" for i in range(4))
    run.start(stores + "; int 0x20")
    assert [trap.vector for trap in run.traps] == [14, 14, 14, 14, 0x20]


@FORMATS
def test_a_narrowed_pte_needs_a_flush_and_a_widened_one_nothing(paging: str) -> None:
    machine = BareMachine(paging)
    slot = machine.map(machine.tables, PAGE_VA, machine.frame(), VALID | USER | WRITE)

    def narrow(_registers: Registers, _trap: Trap) -> None:
        machine.paging.words[slot] &= ~WRITE
        machine.cpu.flush_tlb()

    def widen(_registers: Registers, _trap: Trap) -> None:
        machine.paging.words[slot] |= WRITE

    run = Run(machine, vector_46=narrow, vector_14=widen)
    store = f"mov dword ptr [{PAGE_VA:#x}], 1"
    run.start(f"{store}; int 0x2e; {store}; {store}; int 0x20")
    assert [trap.vector for trap in run.traps] == [0x2E, 14, 0x20]


def test_a_removed_pte_faults_after_a_flush() -> None:
    machine = BareMachine()
    slot = machine.map(machine.tables, PAGE_VA, machine.frame(), VALID | USER | WRITE)

    def remove(_registers: Registers, _trap: Trap) -> None:
        machine.paging.words[slot] = 0
        machine.cpu.flush_tlb()

    run = Run(machine, vector_46=remove)
    run.start(f"mov eax, [{PAGE_VA:#x}]; int 0x2e; mov eax, [{PAGE_VA:#x}]")
    assert [(trap.vector, trap.error_code) for trap in run.traps] == [(0x2E, 0), (14, IN_USER)]


@FORMATS
def test_a_hook_switches_thread_and_address_space(paging: str) -> None:
    machine = BareMachine(paging)
    other = machine.new_tables()
    machine.map_user(other, machine.frame(), machine.frame())
    first = machine.load(f"again: inc dword ptr [{DATA_VA:#x}]; int 0x2e; jmp again")
    second = machine.cpu.create_registers(CODE_VA, STACK_VA + 0xF00)
    cpu, turns = machine.cpu, [(second, other), (first, machine.tables)] * 3

    def switch(_vector: int, _error: int, _va: int) -> None:
        if turns:
            cpu.switch(*turns.pop(0))
        else:
            cpu.stop()

    cpu.on_trap = switch
    cpu.switch(first, machine.tables)
    cpu.run()
    data = read_word(machine, machine.data * PAGE_SIZE)
    elsewhere = machine.paging.words[other.slot(DATA_VA)] >> 12 & 0xFFFFF
    assert (data, read_word(machine, elsewhere * PAGE_SIZE)) == (4, 3)
    assert first.esp != second.esp


def test_fs_follows_the_thread_that_runs() -> None:
    machine = BareMachine()
    machine.ram.write(machine.data * PAGE_SIZE, (11).to_bytes(4, "little"))
    machine.ram.write(machine.data * PAGE_SIZE + 0x100, (22).to_bytes(4, "little"))
    first = machine.load("mov eax, fs:[0]; int 0x2e; push fs; pop fs; mov ebx, fs:[0]; int 0x2e")
    first = machine.cpu.create_registers(CODE_VA, STACK_VA + 0x800, DATA_VA)
    second = machine.cpu.create_registers(CODE_VA, STACK_VA + 0x900, DATA_VA + 0x100)
    turns = [second, first, second]

    def switch(_vector: int, _error: int, _va: int) -> None:
        if turns:
            machine.cpu.switch(turns.pop(0), machine.tables)
        else:
            machine.cpu.stop()

    machine.cpu.on_trap = switch
    machine.cpu.switch(first, machine.tables)
    machine.cpu.run()
    assert (first.eax, first.ebx, second.eax, second.ebx) == (11, 11, 22, 22)


def slices(blocks: int, count: int) -> list[tuple[int, int]]:
    """EAX and the clock at the ends of `count` slices of a loop of one block."""
    machine = BareMachine()
    registers = machine.load("again: inc eax; jmp again")
    ends: list[tuple[int, int]] = []

    def end() -> None:
        ends.append((registers.eax, machine.cpu.executed_blocks()))
        if len(ends) == count:
            machine.cpu.stop()

    machine.cpu.on_slice_end, machine.cpu.slice_blocks = end, blocks
    machine.cpu.switch(registers, machine.tables)
    machine.cpu.run()
    return ends


def test_slices_are_exact_and_repeat() -> None:
    ends = slices(1000, 4)
    assert ends == slices(1000, 4)
    lengths = {later[1] - earlier[1] for earlier, later in pairwise(ends)}
    turns = {later[0] - earlier[0] for earlier, later in pairwise(ends)}
    assert len(lengths) == len(turns) == 1
    assert abs(turns.pop() - 1000) <= 1


def test_without_native_code_slices_still_repeat_and_time_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("emu.host_code._make_executable", lambda *_: False)
    assert not BareMachine().cpu.native_ticks
    ends = slices(1000, 4)
    assert ends == slices(1000, 4)
    assert [clock for _, clock in ends] == [1000, 2000, 3000, 4000]


def test_an_exception_of_a_handler_comes_out_of_run() -> None:
    machine = BareMachine()

    def fail(_vector: int, _error: int, _va: int) -> None:
        raise LookupError("ours")

    registers = machine.load("mov eax, 3; int 0x2e; hlt")
    machine.cpu.on_trap = fail
    machine.cpu.switch(registers, machine.tables)
    with pytest.raises(LookupError, match="ours"):
        machine.cpu.run()
    assert registers.eax == 3


def test_a_signal_ends_a_program_that_never_traps() -> None:
    machine = BareMachine()

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        machine.cpu.switch(machine.load("again: jmp again"), machine.tables)
        signal.setitimer(signal.ITIMER_REAL, 0.02)
        with pytest.raises(KeyboardInterrupt):
            machine.cpu.run()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_a_process_with_a_live_engine_can_be_forked() -> None:
    machine = BareMachine()
    run = Run(machine)
    run.start("mov eax, 1; int 0x20")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # pytest-xdist has threads
        child = os.fork()
    if child == 0:
        registers = run.start("mov eax, 7; int 0x20")
        os._exit(registers.eax)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert run.start("mov eax, 9; int 0x20").eax == 9
