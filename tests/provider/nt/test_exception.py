"""Exceptions as guest code finds them in KiUserExceptionDispatcher.

Statuses and parameters are those of EXCEPTION_RECORD and "GetExceptionCode" in Microsoft's
documentation; what the CPU reports is in Intel SDM volume 3, chapter 6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emu.descriptors import USER_CODE, USER_DATA, USER_THREAD
from emu.disasm import disassemble
from emu.ram import PAGE_SIZE
from provider.kernel.ke.deadlock import Deadlock
from provider.kernel.mm import Protection
from provider.nt.dbg.debug_object import DebugObject
from provider.nt.event import GuestException
from provider.nt.process import UserApc
from provider.nt.status import NTSTATUS
from provider.nt.structs.context import CONTEXT, CONTEXT_ALL, EXCEPTION_RECORD
from tests.provider.nt.synthetic import (
    CODE_VA,
    DATA_VA,
    NTDLL_BASE,
    READ_WRITE,
    Caught,
    NtMachine,
    catch,
    start,
)

if TYPE_CHECKING:
    from provider.kernel.event_stream import Event

READ, WRITE, EXECUTE = 0, 1, 8
NO_ADDRESS = 0xFFFFFFFF
RESUME = 0x10000
"""EFLAGS.RF, which the CPU sets in the image that a fault pushes (SDM volume 3, 17.3.1.1)."""
TRAP = 0x100


@pytest.mark.parametrize(
    ("code", "offset", "status", "parameters"),
    [
        pytest.param("xor ecx,ecx; div ecx", 2, NTSTATUS.INTEGER_DIVIDE_BY_ZERO, (), id="div"),
        pytest.param("xor ecx,ecx; idiv cl", 2, NTSTATUS.INTEGER_DIVIDE_BY_ZERO, (), id="idiv"),
        pytest.param(b"\xd4\x00", 0, NTSTATUS.INTEGER_DIVIDE_BY_ZERO, (), id="aam"),
        pytest.param(b"\xcc", 0, NTSTATUS.BREAKPOINT, (0, 0, 0), id="int3"),
        pytest.param(
            f"mov edx,{DATA_VA}; mov eax,5; bound eax,[edx]",
            10,
            NTSTATUS.ARRAY_BOUNDS_EXCEEDED,
            (),
            id="bound",
        ),
        pytest.param("ud2", 0, NTSTATUS.ILLEGAL_INSTRUCTION, (), id="ud2"),
        pytest.param(b"\xff\xff", 0, NTSTATUS.ILLEGAL_INSTRUCTION, (), id="no such instruction"),
        pytest.param(b"\x0f\x05", 0, NTSTATUS.ILLEGAL_INSTRUCTION, (), id="syscall"),
        pytest.param(b"\xf0\x90", 0, NTSTATUS.INVALID_LOCK_SEQUENCE, (), id="lock nop"),
        pytest.param(b"\x66\xf0\x90", 0, NTSTATUS.INVALID_LOCK_SEQUENCE, (), id="prefix, lock"),
        pytest.param("hlt", 0, NTSTATUS.PRIVILEGED_INSTRUCTION, (), id="hlt"),
        pytest.param("cli", 0, NTSTATUS.PRIVILEGED_INSTRUCTION, (), id="cli"),
        pytest.param("sti", 0, NTSTATUS.PRIVILEGED_INSTRUCTION, (), id="sti"),
        pytest.param("in al,0x60", 0, NTSTATUS.PRIVILEGED_INSTRUCTION, (), id="in"),
        pytest.param("out dx,eax", 0, NTSTATUS.PRIVILEGED_INSTRUCTION, (), id="out"),
        pytest.param("mov eax,cr0", 0, NTSTATUS.PRIVILEGED_INSTRUCTION, (), id="mov cr0"),
        pytest.param("mov dr7,eax", 0, NTSTATUS.PRIVILEGED_INSTRUCTION, (), id="mov dr7"),
        pytest.param("wbinvd", 0, NTSTATUS.PRIVILEGED_INSTRUCTION, (), id="wbinvd"),
        pytest.param("rdmsr", 0, NTSTATUS.PRIVILEGED_INSTRUCTION, (), id="rdmsr"),
        pytest.param("invlpg [eax]", 0, NTSTATUS.PRIVILEGED_INSTRUCTION, (), id="invlpg"),
        pytest.param(f"lgdt [{DATA_VA}]", 0, NTSTATUS.PRIVILEGED_INSTRUCTION, (), id="lgdt"),
        pytest.param(
            "mov eax,0x10; mov ds,ax",
            5,
            NTSTATUS.ACCESS_VIOLATION,
            (READ, NO_ADDRESS),
            id="kernel selector",
        ),
    ],
)
def test_a_fault_is_reported_at_its_instruction(
    code: str | bytes, offset: int, status: NTSTATUS, parameters: tuple[int, ...]
) -> None:
    caught = catch(code)
    assert NTSTATUS(caught.record.ExceptionCode) is status
    assert caught.record.ExceptionAddress == caught.context.Eip == CODE_VA + offset
    assert caught.parameters == parameters


@pytest.mark.parametrize("vector", [*range(3), *range(5, 0x29), 0x2F, 0x30, 0x80, 0xFF])
def test_an_interrupt_without_a_gate_is_an_access_violation_at_the_instruction(vector: int) -> None:
    """Its gate is the kernel's, or none: a #GP with the vector in the error code."""
    caught = catch(b"\x90\xcd" + bytes([vector]))
    assert NTSTATUS(caught.record.ExceptionCode) is NTSTATUS.ACCESS_VIOLATION
    assert caught.record.ExceptionAddress == caught.context.Eip == CODE_VA + 1
    assert caught.parameters == (READ, NO_ADDRESS)


def test_an_overflow_trap_is_past_its_instruction() -> None:
    """INTO: the record names the instruction, EIP is where the program goes on."""
    caught = catch("mov al,0x7f; inc al; into")
    assert NTSTATUS(caught.record.ExceptionCode) is NTSTATUS.INTEGER_OVERFLOW
    assert (caught.record.ExceptionAddress, caught.context.Eip) == (CODE_VA + 4, CODE_VA + 5)


def test_a_quotient_that_does_not_fit_is_an_overflow() -> None:
    code = f"mov eax,0x80000000; cdq; mov dword ptr [{DATA_VA + 4}],-1; mov esi,{DATA_VA}"
    for divide in ("idiv dword ptr [esi+4]", "mov ecx,-1; idiv ecx"):
        assert catch(f"{code}; {divide}").record.ExceptionCode == NTSTATUS.INTEGER_OVERFLOW


def test_a_single_step_is_past_its_instruction_and_ends_the_trap_flag() -> None:
    caught = catch("pushfd; or dword ptr [esp],0x100; popfd; nop; nop")
    assert NTSTATUS(caught.record.ExceptionCode) is NTSTATUS.SINGLE_STEP
    assert caught.parameters == ()
    assert caught.record.ExceptionAddress == caught.context.Eip == CODE_VA + 10
    assert not caught.context.EFlags & TRAP


def test_icebp_is_a_single_step() -> None:
    caught = catch(b"\xf1")
    assert caught.record.ExceptionCode == NTSTATUS.SINGLE_STEP
    assert caught.context.Eip == CODE_VA + 1


def test_an_x87_exception_comes_with_the_next_waiting_instruction() -> None:
    machine = start(f"fldcw [{DATA_VA}]; fld1; fldz; fdivp st(1),st; nop; fwait")
    machine.write(DATA_VA, 0x27B)
    machine.run()
    (caught,) = machine.caught
    assert NTSTATUS(caught.record.ExceptionCode) is NTSTATUS.FLOAT_DIVIDE_BY_ZERO
    assert caught.parameters == (0,)
    assert caught.record.ExceptionAddress == caught.context.FloatSave.ErrorOffset == CODE_VA + 10
    assert caught.context.Eip == CODE_VA + 13
    assert caught.context.FloatSave.ControlWord & 0xFFFF == 0x27B
    assert caught.context.FloatSave.StatusWord & 0x84 == 0x84


@pytest.mark.parametrize(
    ("pending", "status", "count"),
    [
        (0x01, NTSTATUS.FLOAT_INVALID_OPERATION, 1),
        (0x41, NTSTATUS.FLOAT_STACK_CHECK, 2),
        (0x02, NTSTATUS.FLOAT_INVALID_OPERATION, 1),
        (0x04, NTSTATUS.FLOAT_DIVIDE_BY_ZERO, 1),
        (0x08, NTSTATUS.FLOAT_OVERFLOW, 1),
        (0x10, NTSTATUS.FLOAT_UNDERFLOW, 1),
        (0x20, NTSTATUS.FLOAT_INEXACT_RESULT, 1),
        (0x3C, NTSTATUS.FLOAT_DIVIDE_BY_ZERO, 1),
        (0x3F, NTSTATUS.FLOAT_INVALID_OPERATION, 1),
    ],
)
def test_each_pending_x87_exception_has_its_status(
    pending: int, status: NTSTATUS, count: int
) -> None:
    machine = start(f"fldenv [{DATA_VA}]; fwait")
    machine.write(DATA_VA, 0x240, 0x8080 | pending, 0xFFFF, 0, 0, 0, 0)
    machine.run()
    (caught,) = machine.caught
    assert NTSTATUS(caught.record.ExceptionCode) is status
    assert caught.parameters == (0,) * count


def test_the_record_and_the_context_lie_below_the_stack_pointer() -> None:
    caught = catch("mov eax,[0x10]")
    assert caught.esp + 8 == caught.record_va
    assert caught.record_va + EXCEPTION_RECORD.SIZE == caught.context_va
    assert caught.context_va + CONTEXT.SIZE <= caught.context.Esp
    assert caught.esp % 4 == 0


def test_the_context_holds_the_registers_at_the_fault() -> None:
    caught = catch(
        "mov eax,1; mov ebx,2; mov ecx,3; mov edx,4; mov esi,5; mov edi,6; mov ebp,7; stc;"
        "mov eax,[0x10]"
    )
    context = caught.context
    names = ("Eax", "Ebx", "Ecx", "Edx", "Esi", "Edi", "Ebp")
    assert [getattr(context, name) for name in names] == [1, 2, 3, 4, 5, 6, 7]
    assert context.ContextFlags == CONTEXT_ALL
    assert (context.SegCs, context.SegSs, context.SegDs) == (USER_CODE, USER_DATA, USER_DATA)
    assert (context.SegEs, context.SegFs) == (USER_DATA, USER_THREAD)
    assert context.EFlags == RESUME | 0x203
    record = caught.record
    assert record.ExceptionFlags == record.ExceptionRecord == 0
    assert record.ExceptionInformation[2:] == (0,) * 13


def test_an_unaligned_stack_pointer_is_aligned_for_the_dispatcher() -> None:
    caught = catch("sub esp,3; mov eax,[0x10]")
    assert caught.context.Esp % 4 == 1
    assert caught.esp % 4 == 0


def test_the_system_call_runs_in_ntdll_and_the_context_goes_back() -> None:
    machine = start("mov eax,[0x10]; mov ebx,eax; hlt")

    def fix(caught: Caught) -> bool:
        caught.context.Eax = 77
        caught.context.Eip += 5
        return len(machine.caught) == 1

    machine.on_exception = fix
    machine.run()
    assert machine.caught[1].context.Ebx == 77
    assert machine.context.entries.exception_dispatcher >= NTDLL_BASE


@pytest.mark.parametrize("esp", [0, 4, 0x10, 0x7FFE0100, 0x80000000, 0xFFFFFFFF])
def test_without_a_stack_the_process_ends_with_the_exception(esp: int) -> None:
    machine = start(f"mov esp,{esp}; ud2")
    assert machine.run() == NTSTATUS.ILLEGAL_INSTRUCTION
    assert not machine.caught
    assert machine.provider.crash is not None
    assert machine.provider.crash.code == NTSTATUS.ILLEGAL_INSTRUCTION


def test_delivery_grows_the_stack() -> None:
    machine = start("mov eax,[0x10]")
    limit = machine.read(machine.context_teb() + 8)
    machine.thread.registers.esp = limit + 0x10
    machine.run()
    assert machine.read(machine.context_teb() + 8) == limit - PAGE_SIZE
    assert machine.caught[0].parameters == (READ, 0x10)


def test_delivery_on_the_last_page_of_the_stack_becomes_an_overflow() -> None:
    """As if the CPU had pushed the frame: the stack ends, and the handler hears of that."""
    machine = start("ud2")
    lowest = machine.read(machine.context_teb() + 0xE0C)
    _commit_stack(machine, lowest + 3 * PAGE_SIZE)
    machine.thread.registers.esp = lowest + 3 * PAGE_SIZE + 0x10
    machine.run()
    (caught,) = machine.caught
    assert NTSTATUS(caught.record.ExceptionCode) is NTSTATUS.STACK_OVERFLOW
    assert caught.record.ExceptionAddress == CODE_VA
    assert caught.context.Esp == lowest + 3 * PAGE_SIZE + 0x10


def _commit_stack(machine: NtMachine, limit: int) -> None:
    """Let the stack be committed down to `limit`, with the guard page below."""
    space = machine.process.space
    top = machine.read(machine.context_teb() + 4)
    space.allocate(limit, top - limit, reserve=False, commit=True, protection=READ_WRITE)
    space.protect(limit, top - limit, READ_WRITE)
    guard = READ_WRITE | Protection.GUARD
    space.allocate(limit - PAGE_SIZE, PAGE_SIZE, reserve=False, commit=True, protection=guard)
    machine.write(machine.context_teb() + 8, limit)


def test_an_apc_on_a_bad_stack_is_an_access_violation() -> None:
    machine = start("nop")
    registers = machine.thread.registers
    registers.esp = 0x30000000
    machine.provider.deliver_apc(machine.thread, UserApc(1, 2, 3, 4))
    crash = machine.provider.crash
    assert crash is not None
    assert crash.code == NTSTATUS.ACCESS_VIOLATION
    assert crash.parameters[0] == WRITE
    assert crash.parameters[1] >> 12 == 0x2FFFF


def test_an_apc_at_the_end_of_the_stack_is_a_stack_overflow() -> None:
    machine = start("nop")
    lowest = machine.read(machine.context_teb() + 0xE0C)
    _commit_stack(machine, lowest + 3 * PAGE_SIZE)
    machine.process.space.stack = machine.thread.user_stack
    machine.thread.registers.esp = lowest + 3 * PAGE_SIZE + 0x10
    machine.provider.deliver_apc(machine.thread, UserApc(1, 2, 3, 4))
    machine.run()
    assert machine.caught[0].record.ExceptionCode == NTSTATUS.STACK_OVERFLOW


def test_without_a_dispatcher_in_ntdll_the_process_ends() -> None:
    machine = start("ud2", entry_points={"LdrInitializeThunk": "ret 16"})
    assert machine.run() == NTSTATUS.ILLEGAL_INSTRUCTION


def test_fast_fail_asks_no_handler() -> None:
    machine = start("nop; mov ecx,7; int 0x29")
    assert machine.run() == NTSTATUS.STACK_BUFFER_OVERRUN
    assert not machine.caught
    crash = machine.provider.crash
    assert crash is not None
    assert (crash.code, crash.address) == (NTSTATUS.STACK_BUFFER_OVERRUN, CODE_VA + 6)
    assert crash.parameters == (7,)


def test_an_assertion_is_reported_at_its_instruction() -> None:
    caught = catch("nop; int 0x2c")
    assert caught.record.ExceptionCode == NTSTATUS.ASSERTION_FAILURE
    assert caught.record.ExceptionAddress == caught.context.Eip == CODE_VA + 1


@pytest.mark.parametrize("service", [0, 2, 6])
def test_a_debug_service_is_a_breakpoint_past_the_instruction(service: int) -> None:
    caught = catch(f"mov eax,{service}; mov ecx,2; mov edx,3; int 0x2d; int3; nop")
    assert caught.record.ExceptionCode == NTSTATUS.BREAKPOINT
    assert caught.parameters == (service, 2, 3)
    assert caught.record.ExceptionAddress == caught.context.Eip == CODE_VA + 17


@pytest.mark.parametrize("service", [1, 3, 4, 5])
def test_a_service_for_the_debugger_goes_on_without_one_past_the_breakpoint(service: int) -> None:
    caught = catch(f"mov eax,{service}; int 0x2d; int3; ud2")
    assert caught.record.ExceptionCode == NTSTATUS.ILLEGAL_INSTRUCTION
    assert caught.context.Eip == CODE_VA + 8


@pytest.mark.parametrize("code", ["insb", "insd", "outsb", "rep outsd"])
def test_string_input_and_output_are_privileged_whatever_the_address(code: str) -> None:
    caught = catch(f"xor edi,edi; xor esi,esi; inc ecx; {code}")
    assert caught.record.ExceptionCode == NTSTATUS.PRIVILEGED_INSTRUCTION
    assert (caught.parameters, caught.context.Eip) == ((), CODE_VA + 5)


@pytest.mark.parametrize(
    ("code", "access"),
    [
        ("inc dword ptr [ebx]", WRITE),
        ("add byte ptr [ebx],al", WRITE),
        ("lock xadd [ebx],eax", WRITE),
        ("lock cmpxchg8b [ebx]", WRITE),
        ("and word ptr [ebx],3", WRITE),
        ("shl dword ptr [ebx],1", WRITE),
        ("neg byte ptr [ebx]", WRITE),
        ("bts [ebx],eax", WRITE),
        ("xchg [ebx],eax", WRITE),
        ("mov [ebx],eax", WRITE),
        ("cmp dword ptr [ebx],3", READ),
        ("cmp [ebx],eax", READ),
        ("test dword ptr [ebx],3", READ),
        ("mul dword ptr [ebx]", READ),
        ("bt [ebx],eax", READ),
        ("add eax,[ebx]", READ),
        ("push dword ptr [ebx]", READ),
        ("call [ebx]", READ),
    ],
)
def test_an_access_that_is_to_change_memory_is_a_write(code: str, access: int) -> None:
    """What the CPU's error code says of an operand that is read and written (SDM volume 3, 4.7)."""
    caught = catch(f"xor eax,eax; mov ebx,0x1008; {code}")
    assert caught.parameters == (access, 0x1008)


def test_where_data_may_be_executed_a_fetch_is_a_read() -> None:
    machine = start("mov eax,16; jmp eax")
    machine.process.space.execute_data = True
    machine.run()
    assert machine.caught[0].parameters == (READ, 16)


def test_a_breakpoint_tells_ecx_and_edx() -> None:
    """A breakpoint is debug service 0, whose arguments are in ECX and EDX."""
    caught = catch("mov eax,9; mov ecx,2; mov edx,3; int3")
    assert caught.parameters == (0, 2, 3)


def test_an_unknown_system_call_is_a_status() -> None:
    machine = start("mov eax,0xfff; int 0x2e; mov ebx,eax; mov eax,0xf02; int 0x2e")
    assert machine.run() == NTSTATUS.INVALID_SYSTEM_SERVICE


def test_sysenter_without_a_return_address_is_no_error_of_ours() -> None:
    machine = start("mov eax,0; xor edx,edx; sysenter")
    machine.run()
    assert machine.caught


def test_the_events_tell_of_the_first_chance_and_of_the_second() -> None:
    events: list[Event] = []
    machine = start("xor esp,esp; ud2", listener=events.append)
    machine.run()
    chances = [event.first_chance for event in events if isinstance(event, GuestException)]
    assert chances == [True, False]


def test_faults_repeat_without_an_end() -> None:
    """The engine stops for good at its third unfinished exception (engine facts)."""
    machine = start("mov eax,[ebx]")
    machine.thread.registers.ebx = 0x10
    machine.on_exception = lambda caught: len(machine.caught) < 50
    machine.run()
    assert len(machine.caught) == 50
    assert all(caught.context.Eip == CODE_VA for caught in machine.caught)
    assert (
        disassemble(machine.process.space.read(CODE_VA, 2), CODE_VA) == "mov eax, dword ptr [ebx]"
    )


FRAGMENTS = (
    b"\xcd\x2e", b"\xcd", b"\x0f", b"\xf0", b"\x66", b"\x64", b"\xd9", b"\xdd", b"\xf7", b"\xf6",
    b"\xcc", b"\xce", b"\x62", b"\x0f\x34", b"\xf1", b"\xe4\x10", b"\x9d", b"\x8e\xd8", b"\x8e\xe0",
    b"\x0f\x31", b"\xf4", b"\xbc",
)  # fmt: skip


@pytest.mark.slow
@settings(deadline=None)
@given(
    st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.binary(min_size=1, max_size=4)), max_size=40),
    st.lists(
        st.one_of(st.sampled_from((0, DATA_VA, DATA_VA + 0xFFE, 0x7FFDF000)), st.integers(0, 600)),
        min_size=7,
        max_size=7,
    ),
)
def test_any_bytes_can_be_executed(parts: list[bytes], values: list[int]) -> None:
    """Whatever they raise is the guest's; nothing of it is an error of ours."""
    machine = start(b"".join(parts))
    process, registers = machine.process, machine.thread.registers
    eax, ecx, edx, ebx, ebp, esi, edi = values
    registers.set_general((eax, ecx, edx, ebx, registers.esp, ebp, esi, edi))

    def skip(caught: Caught) -> bool:
        caught.context.Eip = CODE_VA + (caught.context.Eip + 1) % 0xA0
        return len(machine.caught) < 20

    def end() -> None:
        if process.exit_status is None:
            machine.provider.routines.terminate_process(process, 77)

    machine.on_exception = skip
    machine.kernel.timers.set(2000, end)
    machine.run()


def test_a_breakpoint_service_goes_on_past_the_byte_behind_it() -> None:
    """A handler finds that byte in its context; a debugger finds the thread past it."""
    machine = start("mov eax,0; int 0x2d; nop; nop")
    debugger = DebugObject(kills_on_close=False)
    debugger.attach(machine.process)
    machine.provider.routines.resume_thread(machine.thread)
    with pytest.raises(Deadlock):
        machine.kernel.run()
    event = debugger.next_event()
    assert event is not None
    assert machine.thread.registers.eip == CODE_VA + 8
    debugger.detach(machine.process)
