"""The report of an unhandled exception: what a user needs to find the cause."""

from __future__ import annotations

import pytest

from provider.nt.crash import Crash
from provider.nt.status import NTSTATUS
from tests.provider.nt.synthetic import (
    CODE_VA,
    CONST_VA,
    DATA_VA,
    NTDLL_BASE,
    NtMachine,
    start,
    stub_numbers,
)

NO_DISPATCHER = {"LdrInitializeThunk": "ret 16"}


def crash(code: str | bytes) -> Crash:
    """The report on a program whose ntdll dispatches no exception."""
    machine = start(code, entry_points=NO_DISPATCHER)
    return ended(machine)


def ended(machine: NtMachine) -> Crash:
    status = machine.run()
    found = machine.provider.crash
    assert found is not None
    assert status == found.code
    return found


@pytest.mark.parametrize("va", [0, 0x30000000, 0x7FFEFFFF, 0x80001000, 0xFFFFFFFF])
def test_code_that_is_nowhere(va: int) -> None:
    report = crash(f"mov eax,{va}; jmp eax")
    assert (report.address, report.place, report.instruction_bytes) == (va, "", b"")
    first, second, *_ = report.lines()
    assert first == (
        "unhandled exception STATUS_ACCESS_VIOLATION (0xc0000005) "
        f"executing {va:#010x} at {va:#010x}"
    )
    assert second == f"  {va:08x}  (no code is mapped there)"


def test_bytes_that_are_no_instruction() -> None:
    report = crash(b"\xff\xff\xff\xff")
    assert report.code == NTSTATUS.ILLEGAL_INSTRUCTION
    assert report.lines()[1].startswith(f"  {CODE_VA:08x}  ")


def test_an_instruction_at_the_end_of_what_is_mapped() -> None:
    machine = start("nop", entry_points=NO_DISPATCHER)
    va = machine.allocate()
    machine.thread.registers.eip = va + 0xFFE
    machine.process.space.write(va + 0xFFE, b"\x8b\x00")
    machine.process.space.execute_data = True
    report = ended(machine)
    assert report.instruction_bytes == b"\x8b\x00"
    assert report.lines()[1].endswith("mov eax, dword ptr [eax]")


def test_the_whole_report() -> None:
    report = crash(
        "mov eax,0x11; mov ebx,0x22; mov ecx,0x33; mov edx,0x44; mov esi,0x55; mov edi,0x66;"
        f"mov ebp,0x77; mov esp,{DATA_VA + 0x10}; mov dword ptr [ebp],eax"
    )
    at = CODE_VA + 40
    unhandled = "unhandled exception STATUS_ACCESS_VIOLATION (0xc0000005)"
    assert report.lines() == [
        f"{unhandled} writing 0x00000077 at {at:#010x} (program.exe+0x1028)",
        f"  {at:08x}  mov dword ptr [ebp], eax",
        "  eax=00000011  ebx=00000022  ecx=00000033  edx=00000044",
        "  esi=00000055  edi=00000066  ebp=00000077  esp=00402010",
        "  eip=00401028  eflags=00010202",
    ]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("mov eax,[0x10]", "STATUS_ACCESS_VIOLATION (0xc0000005) reading 0x00000010 at"),
        (f"inc byte ptr [{CONST_VA}]", f"(0xc0000005) writing {CONST_VA:#010x} at"),
        (
            f"push {DATA_VA}; ret",
            f"executing {DATA_VA:#010x} at {DATA_VA:#010x} (program.exe+0x2000)",
        ),
        ("xor eax,eax; div eax", "STATUS_INTEGER_DIVIDE_BY_ZERO (0xc0000094) at"),
        ("hlt", "STATUS_PRIVILEGED_INSTRUCTION (0xc0000096) at"),
        ("int3", "STATUS_BREAKPOINT (0x80000003) at"),
        ("mov ecx,2; int 0x29", "STATUS_STACK_BUFFER_OVERRUN (0xc0000409) at"),
        (f"mov eax,{NTDLL_BASE}; jmp eax", f"at {NTDLL_BASE:#010x} (ntdll.dll+0x0)"),
        ("again: push eax; jmp again", "STATUS_STACK_OVERFLOW (0xc00000fd) writing 0x000"),
    ],
)
def test_each_kind(code: str, text: str) -> None:
    assert text in crash(code).lines()[0]


def test_an_exception_of_the_programs_own() -> None:
    """Raised by NtRaiseException for the second time: a code and parameters of anybody's."""
    machine = start(
        f"""push 0; push ebx; push {DATA_VA}; mov edx,esp
        mov eax,{stub_numbers()["NtRaiseException"]}; int 0x2e; hlt""",
        entry_points=NO_DISPATCHER,
    )
    machine.write(DATA_VA, 0xE06D7363, 1, 0, CODE_VA + 0x20, 3, 0x19930520, 0, 0xFFFFFFFF)
    machine.thread.registers.ebx = machine.allocate()
    machine.write(machine.thread.registers.ebx, 0x10007)
    report = ended(machine)
    assert report.parameters == (0x19930520, 0, 0xFFFFFFFF)
    assert report.lines()[0] == (
        f"unhandled exception 0xe06d7363 at {CODE_VA + 0x20:#010x} (program.exe+0x1020)"
    )


@pytest.mark.parametrize("count", [16, 0x7FFFFFFF, 0xFFFFFFFF])
def test_a_count_of_parameters_that_is_a_lie(count: int) -> None:
    machine = start(
        f"""push 0; push ebx; push {DATA_VA}; mov edx,esp
        mov eax,{stub_numbers()["NtRaiseException"]}; int 0x2e; hlt""",
        entry_points=NO_DISPATCHER,
    )
    machine.write(DATA_VA, 0xC0000005, 0, 0, 0xFFFFFFFF, count)
    machine.thread.registers.ebx = machine.allocate()
    machine.write(machine.thread.registers.ebx, 0x10007)
    report = ended(machine)
    assert len(report.parameters) <= 15
    assert report.lines()


def test_the_first_crash_of_a_machine_is_kept() -> None:
    machine = start("ud2", entry_points=NO_DISPATCHER)
    first = ended(machine)
    machine.provider.crashed(Crash(1, 2, (), "", b"", (), 3, 4))
    assert machine.provider.crash is first
    assert (first.process_id, first.thread_id) == (machine.process.id, machine.thread.id)
