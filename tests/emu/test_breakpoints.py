"""Hardware breakpoints, as the Intel SDM describes them (volume 3, 17.2 and 17.3.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emu.breakpoints import NO_VA, Breakpoint, Condition, DebugRegisters
from emu.paging import USER, VALID, WRITE
from emu.ram import PAGE_SIZE
from emu.trap import Vector
from tests.emu.bare import CODE_VA, DATA_VA, BareMachine
from tests.emu.runs import Run, Trap, mapper

if TYPE_CHECKING:
    from emu.registers import Registers

HOLE_VA = 0x500000
EXECUTE, WRITING, ACCESS = 0, 1, 3
BYTE, WORD, DWORD = 0, 1, 3


def dr7(index: int, condition: int, length: int) -> int:
    return 1 << 2 * index | (condition | length << 2) << 16 + 4 * index


class Watched(Run):
    """Runs code with debug registers; `hits` are EIP and DR6 of each #DB, DR6 cleared after it."""

    def __init__(self, machine: BareMachine | None = None) -> None:
        machine = machine or BareMachine()
        super().__init__(machine, vector_1=self._debug, vector_14=mapper(machine))
        self.hits: list[tuple[int, int]] = []
        self.resumes = True

    def watch(self, code: str, debug: DebugRegisters) -> list[tuple[int, int]]:
        registers = self.machine.load(code + "; int 0x20")
        self.machine.cpu.write_debug(registers, self.machine.tables, debug)
        self.machine.cpu.switch(registers, self.machine.tables)
        self.machine.cpu.run()
        assert self.traps[-1].vector == 0x20
        return self.hits

    def _debug(self, registers: Registers, trap: Trap) -> None:
        self.hits.append((trap.eip - CODE_VA, registers.debug.dr6))
        values = registers.debug._replace(dr6=0)
        self.machine.cpu.write_debug(registers, self.machine.tables, values)
        registers.resume_va = registers.eip if self.resumes else NO_VA


def test_dr7_says_what_is_armed() -> None:
    debug = DebugRegisters(0x1003, 0x2000, 0x3001, 0x4004, 0, 0xD << 16 | 0x9000_0000 | 0x41)
    assert debug.breakpoints() == (
        Breakpoint(1, Condition.WRITE, 0x1000, 4),
        Breakpoint(8, Condition.WRITE, 0x4000, 8),
    )
    assert not DebugRegisters(1, 2, 3, 4, 0xF, 0xFFFF0300).breakpoints()


def test_a_port_is_no_breakpoint() -> None:
    assert not DebugRegisters(dr0=0x60, dr7=dr7(0, 2, BYTE)).breakpoints()


def test_execution_stops_before_the_instruction() -> None:
    debug = DebugRegisters(dr1=CODE_VA + 1, dr7=dr7(1, EXECUTE, BYTE))
    run = Watched()
    assert run.watch("nop; inc eax; nop", debug) == [(1, 2)]


def test_execution_in_a_loop_stops_each_time() -> None:
    debug = DebugRegisters(dr0=CODE_VA + 5, dr7=dr7(0, EXECUTE, BYTE))
    assert Watched().watch("mov ecx,3; again: loop again", debug) == [(5, 1)] * 3


def test_without_the_resume_flag_execution_stops_again_at_once() -> None:
    run = Watched()
    run.resumes = False
    registers = run.machine.load("nop; int 0x20")
    debug = DebugRegisters(dr0=CODE_VA, dr7=dr7(0, EXECUTE, BYTE))
    run.machine.cpu.write_debug(registers, run.machine.tables, debug)
    run.machine.cpu.switch(registers, run.machine.tables)

    def third(registers: Registers, trap: Trap) -> None:
        if len(run.traps) == 3:
            run.machine.cpu.stop()

    run.fixes["vector_1"] = third
    run.machine.cpu.run()
    assert [trap.eip for trap in run.traps] == [CODE_VA] * 3


@pytest.mark.parametrize(
    ("code", "condition", "length", "address", "hits"),
    [
        (f"mov [{DATA_VA}],eax; nop", WRITING, DWORD, 0, [(5, 1)]),
        (f"mov [{DATA_VA}],al; nop", WRITING, DWORD, 1, [(5, 1)]),
        (f"mov [{DATA_VA + 4}],al; nop", WRITING, DWORD, 0, []),
        (f"mov [{DATA_VA + 12}],eax; nop", WRITING, BYTE, 16, []),
        (f"mov eax,[{DATA_VA}]; nop", WRITING, DWORD, 0, []),
        (f"mov eax,[{DATA_VA}]; nop", ACCESS, DWORD, 0, [(5, 1)]),
        (f"inc dword ptr [{DATA_VA}]; nop", WRITING, DWORD, 0, [(6, 1)]),
        (f"mov [{DATA_VA + 2}],eax; nop", WRITING, WORD, 4, [(5, 1)]),
        (f"movups [{DATA_VA}],xmm0; nop", WRITING, BYTE, 15, [(7, 1)]),
        (f"mov [{HOLE_VA}],eax; nop", WRITING, BYTE, HOLE_VA - DATA_VA, [(5, 1)]),
        (f"mov edi,{DATA_VA}; mov ecx,3; rep stosd", WRITING, BYTE, 4, [(10, 1)]),
        (f"push {DATA_VA}; pop eax; mov [eax],ebx", WRITING, BYTE, 0, [(8, 1)]),
    ],
)
def test_data_is_reported_after_the_instruction(
    code: str, condition: int, length: int, address: int, hits: list[tuple[int, int]]
) -> None:
    debug = DebugRegisters(dr0=DATA_VA + address, dr7=dr7(0, condition, length))
    assert Watched().watch(code, debug) == hits


def test_an_access_that_begins_on_the_page_before_counts() -> None:
    code = f"mov ebx,{HOLE_VA + PAGE_SIZE - 1}; mov [ebx],eax; mov [ebx],al"
    debug = DebugRegisters(dr2=HOLE_VA + PAGE_SIZE, dr7=dr7(2, WRITING, BYTE))
    assert Watched().watch(code, debug) == [(7, 4)]


def test_two_breakpoints_that_are_met_are_one_exception() -> None:
    debug = DebugRegisters(
        dr0=DATA_VA, dr3=DATA_VA + 1, dr7=dr7(0, WRITING, BYTE) | dr7(3, ACCESS, BYTE)
    )
    assert Watched().watch(f"mov [{DATA_VA}],eax; nop", debug) == [(5, 9)]


def test_data_is_found_again_when_its_page_moves() -> None:
    machine = BareMachine()
    run = Watched(machine)
    bits = VALID | WRITE | USER | machine.paging.no_execute

    def move(registers: Registers, trap: Trap) -> None:
        machine.map(machine.tables, DATA_VA, machine.frame(), bits)
        machine.cpu.flush_tlb()

    run.fixes["vector_33"] = move
    debug = DebugRegisters(dr0=DATA_VA, dr7=dr7(0, WRITING, BYTE))
    code = f"mov [{DATA_VA}],al; int 0x21; mov [{DATA_VA}],al"
    assert run.watch(code, debug) == [(5, 1), (12, 1)]


def test_a_single_step_and_a_breakpoint_on_data_come_together() -> None:
    code = f"pushfd; or dword ptr [esp],0x100; popfd; mov [{DATA_VA}],al"
    debug = DebugRegisters(dr0=DATA_VA, dr7=dr7(0, WRITING, BYTE))
    assert Watched().watch(code, debug) == [(14, 0x4001)]


def test_the_trap_flag_is_clear_for_the_handler_of_a_breakpoint() -> None:
    run = Watched()
    seen = []

    def look(registers: Registers, trap: Trap) -> None:
        seen.append((trap.eip - CODE_VA, run.machine.cpu.read_flags(registers) & 0x100))
        registers.resume_va = registers.eip

    run.fixes["vector_1"] = look
    debug = DebugRegisters(dr0=CODE_VA + 9, dr7=dr7(0, EXECUTE, BYTE))
    run.watch("pushfd; or dword ptr [esp],0x100; popfd; nop", debug)
    assert seen[-1] == (9, 0)


def test_without_native_code_data_is_reported_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emu.host_code._make_executable", lambda *_: False)
    debug = DebugRegisters(dr0=DATA_VA, dr7=dr7(0, WRITING, BYTE))
    assert Watched().watch(f"nop; mov [{DATA_VA}],eax; nop", debug) == [(6, 1)]


def test_only_the_thread_that_armed_it_meets_a_breakpoint() -> None:
    run = Watched()
    machine = run.machine
    debug = DebugRegisters(dr0=DATA_VA, dr7=dr7(0, WRITING, BYTE))
    code = f"mov [{DATA_VA}],al; int 0x21; int 0x20"
    first = machine.load(code)
    second = machine.load(code)
    machine.cpu.write_debug(first, machine.tables, debug)

    def other(registers: Registers, trap: Trap) -> None:
        machine.cpu.switch(first, machine.tables)
        run.fixes["vector_33"] = lambda *_: None

    run.fixes["vector_33"] = other
    machine.cpu.switch(second, machine.tables)
    machine.cpu.run()
    assert [trap.vector for trap in run.traps] == [0x21, Vector.DEBUG, 0x21, 0x20]


def test_slices_repeat_while_breakpoints_are_armed() -> None:
    def ends() -> list[int]:
        machine = BareMachine()
        machine.cpu.slice_blocks = 1000
        seen: list[int] = []

        def slice_end() -> None:
            seen.append(machine.cpu.current.ecx)
            if len(seen) == 3:
                machine.cpu.stop()

        machine.cpu.on_slice_end = slice_end
        registers = machine.load("again: inc ecx; jmp again")
        debug = DebugRegisters(
            CODE_VA + 64, DATA_VA, dr7=dr7(0, EXECUTE, BYTE) | dr7(1, WRITING, BYTE)
        )
        machine.cpu.write_debug(registers, machine.tables, debug)
        machine.cpu.switch(registers, machine.tables)
        machine.cpu.run()
        return seen

    assert ends() == ends() == [1000, 2000, 3000]
