"""How single instructions trap: the second table of facts/engine.md, and ring-3 protection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emu.descriptors import USER_CODE, USER_DATA, USER_THREAD
from emu.ram import PAGE_SIZE
from emu.trap import PageFaultError, Vector
from tests.emu.bare import CODE_VA, DATA_VA, SYSTEM_VA, BareMachine
from tests.emu.runs import Run, Trap, only_trap

if TYPE_CHECKING:
    from emu.registers import Registers

PRESENT, IN_USER = PageFaultError.PRESENT, PageFaultError.USER


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


@pytest.mark.parametrize("port", ["in al, 0x60", "out 0x60, al"])
def test_nothing_after_a_refused_port_has_run(port: str) -> None:
    def read(_registers: Registers, _trap: Trap) -> None:
        seen.append(machine.ram.read(machine.data * PAGE_SIZE, 1)[0])
        machine.cpu.stop()

    machine = BareMachine()
    seen: list[int] = []
    Run(machine, vector_13=read).start(f"{port}; inc byte ptr [{DATA_VA}]; int 0x20")
    assert seen == [0]


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


def test_a_page_of_x87_instructions_does_not_overrun_the_translator() -> None:
    machine = BareMachine()
    registers = Run(machine).start("; ".join(["fld1", *["fadd st(0), st(1)"] * 600, "int 0x20"]))
    assert registers.eip == CODE_VA + 2 + 600 * 2 + 2
