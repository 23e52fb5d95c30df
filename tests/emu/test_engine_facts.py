"""What the design takes for granted about the engine: one test for each row of facts/engine.md."""

from __future__ import annotations

import os
import signal
import warnings
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import pytest

from emu.descriptors import USER_CODE, USER_DATA, USER_THREAD
from emu.paging import ACCESSED, DIRTY, USER, VALID, WRITE
from emu.ram import PAGE_SIZE
from emu.trap import PageFaultError, Vector
from tests.emu.bare import CODE_VA, DATA_VA, STACK_VA, SYSTEM_VA, BareMachine

if TYPE_CHECKING:
    from emu.registers import Registers

HOLE_VA, PAGE_VA, FAR_VA = 0x500000, 0x600000, 0x700000
FORMATS = pytest.mark.parametrize("paging", ["pae", "x86"])
PRESENT, WRITING, IN_USER = PageFaultError.PRESENT, PageFaultError.WRITE, PageFaultError.USER
FETCH, RESERVED = PageFaultError.FETCH, PageFaultError.RESERVED


class Trap(NamedTuple):
    """A trap and where the program was."""

    vector: int
    error_code: int
    fault_va: int
    eip: int


class Run:
    """Runs code to its first trap for which `fixes` has nothing; `traps` are all that came."""

    def __init__(self, machine: BareMachine, **fixes: Callable[[Registers, Trap], None]) -> None:
        self.machine, self.fixes = machine, fixes
        self.traps: list[Trap] = []
        machine.cpu.on_trap = self._trap

    def start(self, code: str | bytes) -> Registers:
        """Run `code` from the beginning; its registers."""
        registers = self.machine.load(code)
        self.machine.cpu.switch(registers, self.machine.tables)
        self.machine.cpu.run()
        return registers

    def _trap(self, vector: int, error_code: int, fault_va: int) -> None:
        cpu = self.machine.cpu
        self.traps.append(Trap(vector, error_code, fault_va, cpu.current.eip))
        fix = self.fixes.get(f"vector_{vector}")
        if fix is None:
            cpu.stop()
        else:
            fix(cpu.current, self.traps[-1])


def only_trap(machine: BareMachine, code: str | bytes) -> Trap:
    run = Run(machine)
    run.start(code)
    assert len(run.traps) == 1
    return run.traps[0]


def mapper(machine: BareMachine) -> Callable[[Registers, Trap], None]:
    """A page-fault handler that maps a fresh data page."""

    def fix(_registers: Registers, trap: Trap) -> None:
        bits = VALID | WRITE | USER | machine.paging.no_execute
        machine.map(machine.tables, trap.fault_va & ~0xFFF, machine.frame(), bits)

    return fix


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
    machine.ram.write_u32(machine.data * PAGE_SIZE, 41)
    only_trap(machine, f"inc dword ptr [{DATA_VA:#x}]; int 0x20")
    assert machine.ram.read_u32(machine.data * PAGE_SIZE) == 42
    assert len(list(vars(machine.cpu)["_engine"].mem_regions())) == 1


@pytest.mark.parametrize(
    "code",
    [
        "hlt", "cli", "sti", f"lgdt [{DATA_VA:#x}]", f"lidt [{DATA_VA:#x}]", "mov eax, cr0",
        "mov cr3, eax", "mov eax, dr7", "mov dr7, eax", "rdmsr", "wrmsr", "invd", "clts", "ltr ax",
    ],
)  # fmt: skip
def test_privileged_instructions_are_refused_in_ring_3(code: str) -> None:
    assert only_trap(BareMachine(), code) == (13, 0, 0, CODE_VA)


@pytest.mark.parametrize("code", ["in al, 0x60", "in eax, dx", "out 0x60, al", "out dx, eax"])
def test_ports_are_refused_in_ring_3(code: str) -> None:
    machine = BareMachine()
    run = Run(machine)
    registers = run.start(f"mov eax, 5; {code}; mov eax, 6; int 0x20")
    assert run.traps == [(13, 0, 0, CODE_VA + 5)]
    assert registers.eax == 5


@pytest.mark.parametrize("after", ["mov [0], eax", "int 0x2e", "ud2", "in al, 0x61", "hlt"])
def test_a_refused_port_is_one_trap_whatever_follows(after: str) -> None:
    def skip(registers: Registers, trap: Trap) -> None:
        if trap.eip == CODE_VA:
            registers.eip += 2
        else:
            machine.cpu.stop()

    machine = BareMachine()
    run = Run(machine, vector_13=skip)
    run.start(f"in al, 0x60; {after}; int 0x20")
    assert len(run.traps) == 2
    assert run.traps[0] == (13, 0, 0, CODE_VA)
    assert run.traps[1].vector != 0x20


def test_a_repeated_port_instruction_leaves_its_counters() -> None:
    run = Run(BareMachine())
    registers = run.start(f"mov ecx, 5; mov esi, {DATA_VA}; rep outsb")
    assert run.traps == [(13, 0, 0, CODE_VA + 10)]
    assert (registers.ecx, registers.esi) == (5, DATA_VA)


def test_supervisor_pages_are_refused_in_ring_3() -> None:
    trap = only_trap(BareMachine(), f"mov eax, [{SYSTEM_VA:#x}]")
    assert trap == (14, IN_USER | PRESENT, SYSTEM_VA, CODE_VA)


def test_a_selector_outside_the_table_is_in_the_error_code() -> None:
    assert only_trap(BareMachine(), "mov ax, 0x48; mov ds, ax").error_code == 0x48


def test_ring_3_has_the_selectors_of_windows() -> None:
    run = Run(BareMachine())
    registers = run.start("mov eax, cs; mov ebx, ss; mov ecx, ds; mov edx, fs; int 0x20")
    assert (registers.eax, registers.ebx) == (USER_CODE, USER_DATA)
    assert (registers.ecx, registers.edx) == (USER_DATA, USER_THREAD)


def test_registers_are_read_and_written_where_the_guest_sees_them() -> None:
    def answer(registers: Registers, trap: Trap) -> None:
        assert registers.general()[:4] == (1, 2, 3, 4)
        registers.set_general((8, 7, 6, 5, *registers.general()[4:]))

    run = Run(BareMachine(), vector_46=answer)
    registers = run.start("mov eax,1; mov ecx,2; mov edx,3; mov ebx,4; int 0x2e; int 0x20")
    assert registers.general()[:4] == (8, 7, 6, 5)


@pytest.mark.parametrize(
    ("code", "vector"),
    [(b"\xcd\x2e", 0x2E), (b"\xcc", 3), (b"\xcd\x03", 3), (b"\xcd\x2d", 0x2D)],
)
def test_eip_is_past_an_interrupt_instruction(code: bytes, vector: int) -> None:
    assert only_trap(BareMachine(), code) == (vector, 0, 0, CODE_VA + len(code))


def test_into_traps_on_overflow_alone() -> None:
    trap = only_trap(BareMachine(), "into; mov eax, 0x7fffffff; inc eax; into")
    assert trap.vector == Vector.OVERFLOW


def test_bound_is_a_fault() -> None:
    trap = only_trap(BareMachine(), f"mov eax, 1; bound eax, qword ptr [{DATA_VA:#x}]")
    assert (trap.vector, trap.eip) == (Vector.BOUND, CODE_VA + 5)


@pytest.mark.parametrize(
    ("code", "vector", "offset"),
    [
        (b"\x0f\x0b", Vector.INVALID_OPCODE, 0),  # ud2
        (b"\xf1", Vector.DEBUG, 1),  # icebp
        (b"\xf0\x90", Vector.INVALID_OPCODE, 0),  # lock nop
        (b"\xc5\xf4\x58\xc2", Vector.INVALID_OPCODE, 0),  # vaddps ymm0, ymm1, ymm2
        (b"\x0f\x01\xd0", Vector.INVALID_OPCODE, 0),  # xgetbv, without CR4.OSXSAVE
        (b"\x0f\x05", Vector.INVALID_OPCODE, 0),  # syscall, without EFER.SCE
        (b"\x0f\x01\xc1", Vector.INVALID_OPCODE, 0),  # vmcall
    ],
)
def test_what_is_no_instruction_traps(code: bytes, vector: int, offset: int) -> None:
    run = Run(BareMachine())
    run.start(b"\x90" + code + b"\xcd\x20")
    assert run.traps == [(vector, 0, 0, CODE_VA + 1 + offset)]


def test_rdpmc_is_refused_in_ring_3() -> None:
    trap = only_trap(BareMachine(), b"\x90\x0f\x33")
    assert (trap.vector, trap.eip) == (Vector.GENERAL_PROTECTION, CODE_VA + 1)


def test_cpuid_hides_avx() -> None:
    run = Run(BareMachine())
    registers = run.start(
        "mov eax, 1; cpuid; mov esi, ecx; mov eax, 7; xor ecx, ecx; cpuid; int 0x20"
    )
    avx, osxsave, xsave = 1 << 28, 1 << 27, 1 << 26
    assert not registers.esi & (avx | osxsave | xsave)
    assert not registers.ebx & 1 << 5  # AVX2


def test_the_time_stamp_counter_is_the_virtual_clock() -> None:
    machine = BareMachine()
    machine.cpu.read_tsc = lambda: 0x1234_5678_9ABC
    run = Run(machine)
    registers = run.start("rdtsc; int 0x20")
    assert run.traps == [(0x20, 0, 0, CODE_VA + 4)]
    assert (registers.edx, registers.eax) == (0x1234, 0x5678_9ABC)


def test_rdtscp_is_no_instruction_of_the_cpu_that_cpuid_describes() -> None:
    run = Run(BareMachine())
    registers = run.start(b"\xb8\x01\x00\x00\x80\x0f\xa2\x0f\x01\xf9")
    assert not registers.edx & 1 << 27
    assert run.traps[0].vector == Vector.INVALID_OPCODE


def test_sysenter_arrives_and_the_handler_chooses_where_to_go_on() -> None:
    def call(registers: Registers, trap: Trap) -> None:
        assert trap.eip == CODE_VA + 4
        registers.eip = CODE_VA + 5

    run = Run(BareMachine(), **{f"vector_{int(Vector.SYSENTER)}": call})
    registers = run.start(b"\x8b\xd4\x0f\x34\xf4\xb8\x07\x00\x00\x00\xcd\x20")
    assert [trap.vector for trap in run.traps] == [Vector.SYSENTER, 0x20]
    assert (registers.eax, registers.edx) == (7, registers.esp)


def test_the_trap_flag_steps_once_and_is_clear_afterwards() -> None:
    code = "pushfd; or dword ptr [esp], 0x100; popfd; nop; nop; int 0x20"
    machine = BareMachine()
    seen: list[int] = []

    def step(registers: Registers, _trap: Trap) -> None:
        seen.append(machine.cpu.read_flags(registers) & 0x100)

    run = Run(machine, vector_1=step)
    run.start(code)
    assert [trap.vector for trap in run.traps] == [1, 0x20]
    assert run.traps[0].eip == run.traps[1].eip - 3
    assert seen == [0]


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
        assert registers.cr2 == trap.fault_va

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
    data = machine.ram.read_u32(machine.data * PAGE_SIZE)
    elsewhere = machine.paging.words[other.slot(DATA_VA)] >> 12 & 0xFFFFF
    assert (data, machine.ram.read_u32(elsewhere * PAGE_SIZE)) == (4, 3)
    assert first.esp != second.esp


def test_fs_follows_the_thread_that_runs() -> None:
    machine = BareMachine()
    machine.ram.write_u32(machine.data * PAGE_SIZE, 11)
    machine.ram.write_u32(machine.data * PAGE_SIZE + 0x100, 22)
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
    monkeypatch.setattr("emu.ticks._executable_page", lambda: None)
    assert not BareMachine().cpu.native_ticks
    ends = slices(1000, 4)
    assert ends == slices(1000, 4)
    assert [clock for _, clock in ends] == [1000, 2000, 3000, 4000]


def test_an_unmasked_x87_exception_arrives_at_the_next_wait() -> None:
    code = f"fninit; mov word ptr [{DATA_VA:#x}], 0x37b; fldcw [{DATA_VA:#x}]"
    trap = only_trap(BareMachine(), code + "; fld1; fldz; fdivp st(1), st(0); fwait; int 0x20")
    assert trap.vector == Vector.X87_ERROR
    assert trap.error_code == 0


def test_an_unmasked_sse_exception_never_comes() -> None:
    code = f"mov dword ptr [{DATA_VA:#x}], 0; ldmxcsr [{DATA_VA:#x}]; xorps xmm1, xmm1"
    assert only_trap(BareMachine(), code + "; divss xmm0, xmm1; int 0x20").vector == 0x20


def test_an_unaligned_access_with_ac_set_never_traps() -> None:
    code = f"pushfd; or dword ptr [esp], 0x40000; popfd; mov eax, [{DATA_VA + 1:#x}]; int 0x20"
    assert only_trap(BareMachine(), code).vector == 0x20


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
