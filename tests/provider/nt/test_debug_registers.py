"""Debug registers through contexts: what NT lets user mode set, and the exceptions they cause."""

from __future__ import annotations

import pytest

from provider.nt.status import NTSTATUS
from provider.nt.structs.context import CONTEXT, CONTEXT_FLAGS
from tests.provider.nt.synthetic import CODE_VA, DATA_VA, Caught, NtMachine, start

CURRENT_THREAD = 0xFFFFFFFE
RESUME = 0x10000
WRITE_4 = 0xD << 16


def set_debug(machine: NtMachine, **values: int) -> None:
    context = CONTEXT(ContextFlags=CONTEXT_FLAGS.DEBUG_REGISTERS, **values)
    va = machine.allocate()
    machine.process.space.write(va, bytes(context))
    assert machine.call("NtSetContextThread", CURRENT_THREAD, va) == 0
    machine.thread.registers.eip = CODE_VA


def get_debug(machine: NtMachine) -> tuple[int, ...]:
    va = machine.allocate()
    machine.write(va, CONTEXT_FLAGS.DEBUG_REGISTERS)
    assert machine.call("NtGetContextThread", CURRENT_THREAD, va) == 0
    context = CONTEXT.from_bytes(machine.process.space.read(va, CONTEXT.SIZE))
    return tuple(getattr(context, name) for name in ("Dr0", "Dr1", "Dr2", "Dr3", "Dr6", "Dr7"))


def test_reserved_bits_and_system_addresses_read_as_zero() -> None:
    machine = start("nop")
    set_debug(machine, Dr0=0x7FFEFFFF, Dr1=0x7FFF0000, Dr2=0xFFFFFFFF, Dr3=5, Dr6=~0, Dr7=~0)
    assert get_debug(machine) == (0x7FFEFFFF, 0, 0, 5, 0xE00F, 0xFFFF0155)


def test_a_new_thread_has_none() -> None:
    assert get_debug(start("nop")) == (0,) * 6


def test_without_the_processors_bit_nothing_is_set() -> None:
    machine = start("nop")
    va = machine.allocate()
    machine.process.space.write(va, bytes(CONTEXT(ContextFlags=0x10, Dr0=CODE_VA, Dr7=1)))
    assert machine.call("NtSetContextThread", CURRENT_THREAD, va) == 0
    assert get_debug(machine) == (0,) * 6


def test_a_breakpoint_on_execution_is_a_single_step_before_its_instruction() -> None:
    machine = start("nop; nop; ud2")

    def handler(caught: Caught) -> bool:
        caught.context.EFlags |= RESUME
        return len(machine.caught) == 1

    machine.on_exception = handler
    set_debug(machine, Dr1=CODE_VA + 1, Dr7=1 << 2)
    machine.run()
    first, last = machine.caught
    assert NTSTATUS(first.record.ExceptionCode) is NTSTATUS.SINGLE_STEP
    assert first.record.ExceptionAddress == first.context.Eip == CODE_VA + 1
    assert (first.context.Dr6, first.context.Dr7, first.parameters) == (2, 4, ())
    assert (last.record.ExceptionCode, last.context.Dr6) == (NTSTATUS.ILLEGAL_INSTRUCTION, 2)


def test_a_breakpoint_on_data_is_a_single_step_after_its_instruction() -> None:
    machine = start(f"mov dword ptr [{DATA_VA}],5; nop; ud2")
    set_debug(machine, Dr0=DATA_VA, Dr7=1 | WRITE_4)
    machine.run()
    (caught,) = machine.caught
    assert NTSTATUS(caught.record.ExceptionCode) is NTSTATUS.SINGLE_STEP
    assert (caught.context.Eip, caught.context.Dr6) == (CODE_VA + 10, 1)
    assert machine.read(DATA_VA) == 5


def test_the_handler_may_move_a_breakpoint() -> None:
    machine = start("nop; nop; nop; ud2")

    def handler(caught: Caught) -> bool:
        caught.context.Dr0 += 1
        caught.context.Dr6 = 0
        return len(machine.caught) < 4

    machine.on_exception = handler
    set_debug(machine, Dr0=CODE_VA, Dr7=1)
    machine.run()
    assert [caught.context.Eip - CODE_VA for caught in machine.caught] == [0, 1, 2, 3]


@pytest.mark.parametrize(("armed", "dr6"), [(False, 0), (True, 0x4000)])
def test_a_single_step_is_in_dr6_while_a_debug_register_is_in_use(armed: bool, dr6: int) -> None:
    machine = start("pushfd; or dword ptr [esp],0x100; popfd; nop; nop")
    if armed:
        set_debug(machine, Dr3=1)
    machine.run()
    assert machine.caught[0].context.Dr6 == dr6


def test_a_fault_that_the_kernel_resolves_does_not_repeat_a_breakpoint() -> None:
    machine = start("nop; mov eax,[ebx]; ud2")
    va = machine.allocate()

    def handler(caught: Caught) -> bool:
        caught.context.EFlags |= RESUME
        return caught.record.ExceptionCode == NTSTATUS.SINGLE_STEP

    machine.on_exception = handler
    set_debug(machine, Dr0=CODE_VA + 1, Dr7=1)
    machine.thread.registers.ebx = va
    machine.run()
    codes = [caught.record.ExceptionCode for caught in machine.caught]
    assert codes == [NTSTATUS.SINGLE_STEP, NTSTATUS.ILLEGAL_INSTRUCTION]
