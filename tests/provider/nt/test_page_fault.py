"""Page faults as guest code finds them: access, address, and what became of guards and stacks.

Parameters are those of EXCEPTION_RECORD in Microsoft's documentation.
"""

from __future__ import annotations

import pytest

from emu.ram import PAGE_SIZE
from provider.kernel.mm import Protection
from provider.nt.status import NTSTATUS
from tests.provider.nt.synthetic import (
    CODE_VA,
    CONST_VA,
    DATA_VA,
    READ_WRITE,
    catch,
    start,
)

READ, WRITE, EXECUTE = 0, 1, 8


@pytest.mark.parametrize(
    ("code", "access", "va"),
    [
        ("mov eax,[0]", READ, 0),
        ("mov eax,[0x10]", READ, 0x10),
        ("mov byte ptr [0x12345],1", WRITE, 0x12345),
        ("mov eax,0x30000000; jmp eax", EXECUTE, 0x30000000),
        ("mov eax,[0x80000000]", READ, 0x80000000),
        ("mov byte ptr [0x80000004],1", WRITE, 0x80000004),
        ("mov eax,[0xc0000000]", READ, 0xC0000000),
        ("mov eax,[0xffffffff]", READ, 0xFFFFFFFF),
        ("mov eax,0x80001000; jmp eax", EXECUTE, 0x80001000),
        ("mov eax,[0x7fff0000]", READ, 0x7FFF0000),
        (f"mov byte ptr [{CONST_VA}],1", WRITE, CONST_VA),
        (f"mov byte ptr [{CODE_VA}],1", WRITE, CODE_VA),
        (f"mov eax,[{CONST_VA}]; mov byte ptr [{CONST_VA}],1", WRITE, CONST_VA),
        (f"mov eax,{DATA_VA}; jmp eax", EXECUTE, DATA_VA),
        (f"mov eax,[{DATA_VA}]; mov eax,{DATA_VA}; jmp eax", EXECUTE, DATA_VA),
        (f"mov byte ptr [{DATA_VA}],1; mov eax,{DATA_VA}; jmp eax", EXECUTE, DATA_VA),
        ("mov byte ptr [0x7ffe0000],1", WRITE, 0x7FFE0000),
        ("mov eax,[0x7ffe0000]; mov byte ptr [0x7ffe0000],1", WRITE, 0x7FFE0000),
    ],
)
def test_a_page_fault_tells_the_access_and_the_address(code: str, access: int, va: int) -> None:
    caught = catch(code)
    assert NTSTATUS(caught.record.ExceptionCode) is NTSTATUS.ACCESS_VIOLATION
    assert caught.parameters == (access, va)
    assert caught.record.ExceptionAddress == caught.context.Eip
    if access == EXECUTE:
        assert caught.context.Eip == va


def test_a_page_fault_in_the_second_page_names_the_second_page() -> None:
    machine = start("nop")
    va = machine.allocate(size=2 * PAGE_SIZE)
    machine.process.space.decommit(va + PAGE_SIZE, PAGE_SIZE)
    machine = start(f"mov eax,[{va + PAGE_SIZE - 2}]")
    assert machine.allocate(size=2 * PAGE_SIZE) == va
    machine.process.space.decommit(va + PAGE_SIZE, PAGE_SIZE)
    machine.run()
    assert machine.caught[0].parameters == (READ, va + PAGE_SIZE)


@pytest.mark.parametrize(
    ("instruction", "access"), [("mov al,[ebx]", READ), ("mov [ebx],al", WRITE)]
)
def test_a_guard_page_faults_once(instruction: str, access: int) -> None:
    machine = start(f"{instruction}; {instruction}; hlt")
    va = machine.allocate(READ_WRITE | Protection.GUARD)
    machine.thread.registers.ebx = va + 0x20
    machine.on_exception = lambda caught: (
        caught.record.ExceptionCode != int(NTSTATUS.PRIVILEGED_INSTRUCTION)
    )
    machine.run()
    first, second = machine.caught
    assert first.record.ExceptionCode == NTSTATUS.GUARD_PAGE_VIOLATION
    assert first.parameters == (access, va + 0x20)
    assert first.record.ExceptionAddress == CODE_VA
    assert second.context.Eip == CODE_VA + 4


@pytest.mark.parametrize("protection", [Protection.NONE, None])
def test_memory_without_access_or_commitment(protection: Protection | None) -> None:
    for instruction, access in (("mov al,[ebx]", READ), ("mov [ebx],al", WRITE), ("jmp ebx", 8)):
        machine = start(instruction)
        commit = protection is not None
        va = machine.allocate(READ_WRITE if protection is None else protection, commit=commit)
        machine.thread.registers.ebx = va
        machine.run()
        assert machine.caught[0].parameters == (access, va)


def test_the_stack_grows_and_then_overflows() -> None:
    machine = start("again: push eax; jmp again")
    machine.run()
    (caught,) = machine.caught
    teb = machine.context_teb()
    lowest = machine.read(teb + 0xE0C)
    assert caught.record.ExceptionCode == NTSTATUS.STACK_OVERFLOW
    assert caught.parameters[0] == WRITE
    assert lowest < caught.parameters[1] < lowest + 4 * PAGE_SIZE
    assert caught.parameters[1] == caught.context.Esp - 4
    assert machine.read(teb + 8) == lowest + PAGE_SIZE
