"""Local descriptors: what is refused, how they are told, and that segments of them work.

The rules are those of psldt.c; statuses are described in ntstatus.h ("... an attempt was made to
grow an LDT by setting its size, or that the size was not an even number of selectors").
"""

from __future__ import annotations

import struct

import pytest

from emu.assemble import assemble
from emu.descriptors import descriptor
from provider.nt.ps.local_descriptors import is_valid
from provider.nt.status import NTSTATUS
from tests.provider.nt.synthetic import CODE_VA, DATA_VA, Caught, NtMachine, start

CURRENT_PROCESS, CURRENT_THREAD = 0xFFFFFFFF, 0xFFFFFFFE
LDT_INFORMATION, LDT_SIZE, DESCRIPTOR_TABLE_ENTRY = 10, 11, 6
DATA, CODE, BIG = 0xF3, 0xFB, 4
ENTRY = descriptor(DATA_VA, 0xFFF, DATA, BIG)


def set_entry(machine: NtMachine, selector: int, entry: bytes) -> int:
    return machine.call("NtSetLdtEntries", selector, *struct.unpack("<2I", entry), 0, 0, 0)


def set_information(machine: NtMachine, kind: int, data: bytes) -> int:
    va = machine.allocate()
    machine.process.space.write(va, data)
    return machine.call("NtSetInformationProcess", CURRENT_PROCESS, kind, va, len(data))


def query(machine: NtMachine, begin: int, size: int, room: int) -> tuple[int, bytes]:
    va = machine.allocate()
    machine.write(va, begin, size)
    status = machine.call(
        "NtQueryInformationProcess", CURRENT_PROCESS, LDT_INFORMATION, va, room, va + 0x800
    )
    return status, machine.process.space.read(va, machine.read(va + 0x800))


@pytest.mark.parametrize(
    ("entry", "valid"),
    [
        (bytes(8), True),
        (ENTRY, True),
        (descriptor(CODE_VA, 0xFFF, CODE, BIG), True),
        (descriptor(0, 0x7FFEF, DATA, 0xC), True),
        (descriptor(0, 0x7FFF0, DATA, 0xC), False),
        (descriptor(0, 0xFFFFF, DATA, 0xC), False),
        (descriptor(0x7FFEFFFF, 1, DATA, BIG), False),
        (descriptor(0x80000000, 0, DATA, BIG), False),
        (descriptor(0x80000000, 0, DATA & 0x7F, BIG), True),
        (descriptor(0, 0xFFF, DATA & ~0x60, BIG), False),
        (descriptor(0, 0xFFF, CODE | 4, BIG), False),
        (descriptor(0, 0xFFF, DATA & ~0x10, BIG), False),
        (descriptor(0, 0xFFF, DATA | 4, BIG), False),
        (descriptor(0x10000, 0, DATA | 4, 0), True),
        (descriptor(0, 0xFFF, CODE, 2), False),
    ],
)
def test_which_descriptors_a_process_may_have(entry: bytes, valid: bool) -> None:
    assert is_valid(entry) is valid
    status = set_entry(start("nop"), 0xF, entry)
    assert status == (NTSTATUS.SUCCESS if valid else NTSTATUS.INVALID_LDT_DESCRIPTOR)


def test_a_selector_has_sixteen_bits() -> None:
    assert set_entry(start("nop"), 0x10007, ENTRY) == NTSTATUS.INVALID_LDT_DESCRIPTOR


def test_selector_zero_is_no_entry() -> None:
    machine = start("nop")
    assert set_entry(machine, 7, b"\xff" * 8) == NTSTATUS.SUCCESS
    assert machine.context.ldt is None


def test_one_bad_descriptor_of_two_changes_nothing() -> None:
    machine = start("nop")
    words = struct.unpack("<2I", ENTRY)
    status = machine.call("NtSetLdtEntries", 0xF, *words, 0x17, 0, 0x1000)
    assert status == NTSTATUS.INVALID_LDT_DESCRIPTOR
    assert machine.context.ldt is None


def test_data_code_and_stack_in_segments_of_the_table() -> None:
    code = (
        "mov eax,0xf; mov gs,ax; mov ebx,gs:[0x10]; mov ss,ax; mov ecx,esp; mov esp,0x200;"
        "push ebx; mov esp,ecx; mov ax,0x23; mov ss,ax"
    )
    far_jump = struct.pack("<BIH", 0xEA, 0x40, 0x17)
    machine = start((assemble(code, CODE_VA) + far_jump).ljust(0x40, b"\xcc") + b"\x0f\x0b")
    machine.write(DATA_VA + 0x10, 0x12345678)
    assert set_entry(machine, 0xF, ENTRY) == 0
    assert set_entry(machine, 0x17, descriptor(CODE_VA, 0xFFF, CODE, BIG)) == 0
    machine.thread.registers.eip = CODE_VA
    machine.run()
    (caught,) = machine.caught
    assert caught.record.ExceptionCode == NTSTATUS.ILLEGAL_INSTRUCTION
    assert (caught.context.SegCs, caught.context.Eip) == (0x17, 0x40)
    assert (caught.context.SegGs, caught.context.Ebx) == (0xF, 0x12345678)
    assert machine.read(DATA_VA + 0x1FC) == 0x12345678


def test_a_selector_beyond_the_table_is_an_access_violation() -> None:
    machine = start("mov eax,0x1f; mov gs,ax")
    assert set_entry(machine, 0x17, ENTRY) == 0
    machine.thread.registers.eip = CODE_VA
    machine.run()
    assert machine.caught[0].record.ExceptionCode == NTSTATUS.ACCESS_VIOLATION
    assert machine.caught[0].parameters == (0, 0xFFFFFFFF)


def test_the_handler_runs_on_flat_segments_and_the_context_brings_its_own_back() -> None:
    machine = start("mov eax,0xf; mov ds,ax; mov es,ax; ud2; mov eax,ds:[0x10]; ud2")

    def skip_once(caught: Caught) -> bool:
        caught.context.Eip += 2
        return len(machine.caught) == 1

    machine.on_exception = skip_once
    machine.write(DATA_VA + 0x10, 77)
    assert set_entry(machine, 0xF, ENTRY) == 0
    machine.thread.registers.eip = CODE_VA
    machine.run()
    first, second = machine.caught
    assert (first.context.SegDs, first.context.SegEs) == (0xF, 0xF)
    assert (second.context.SegDs, second.context.Eax) == (0xF, 77)
    assert second.record.ExceptionAddress == CODE_VA + 18


def test_an_exception_on_a_stack_segment_of_its_own_ends_the_process() -> None:
    machine = start("mov eax,0xf; mov ss,ax; ud2")
    assert set_entry(machine, 0xF, ENTRY) == 0
    machine.thread.registers.eip = CODE_VA
    assert machine.run() == NTSTATUS.ILLEGAL_INSTRUCTION
    assert not machine.caught


def test_the_table_is_told_as_far_as_it_is_asked_for() -> None:
    machine = start("nop")
    assert query(machine, 0, 8, 16) == (0, struct.pack("<2I", 0, 0))
    assert set_entry(machine, 0x17, ENTRY) == 0
    status, data = query(machine, 8, 16, 24)
    assert (status, data) == (0, struct.pack("<2I", 8, 24) + bytes(8) + ENTRY)
    assert query(machine, 64, 8, 16) == (0, struct.pack("<2I", 64, 24))


@pytest.mark.parametrize(
    ("begin", "size", "room", "status"),
    [
        (0, 8, 15, NTSTATUS.INFO_LENGTH_MISMATCH),
        (0, 16, 16, NTSTATUS.INFO_LENGTH_MISMATCH),
        (0, 9, 32, NTSTATUS.INVALID_LDT_SIZE),
        (4, 8, 32, NTSTATUS.INVALID_LDT_OFFSET),
    ],
)
def test_bad_questions(begin: int, size: int, room: int, status: NTSTATUS) -> None:
    assert query(start("nop"), begin, size, room)[0] == status


def test_a_range_is_set_and_shortened() -> None:
    machine = start("nop")
    assert set_information(machine, LDT_SIZE, struct.pack("<I", 0)) == NTSTATUS.NO_LDT
    data = struct.pack("<2I", 8, 16) + ENTRY * 2
    assert set_information(machine, LDT_INFORMATION, data) == 0
    assert query(machine, 0, 24, 32)[1] == struct.pack("<2I", 0, 24) + bytes(8) + ENTRY * 2
    assert set_information(machine, LDT_SIZE, struct.pack("<I", 32)) == NTSTATUS.INVALID_LDT_SIZE
    assert set_information(machine, LDT_SIZE, struct.pack("<I", 12)) == NTSTATUS.INVALID_LDT_SIZE
    assert set_information(machine, LDT_SIZE, struct.pack("<I", 16)) == 0
    assert query(machine, 0, 24, 32)[1] == struct.pack("<2I", 0, 16) + bytes(8) + ENTRY


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (bytes(8), NTSTATUS.INFO_LENGTH_MISMATCH),
        (struct.pack("<2I", 0, 16) + ENTRY, NTSTATUS.INFO_LENGTH_MISMATCH),
        (struct.pack("<2I", 0x10000, 8) + ENTRY, NTSTATUS.INVALID_LDT_SIZE),
        (struct.pack("<2I", 0, 8) + b"\xff" * 8, NTSTATUS.INVALID_LDT_DESCRIPTOR),
        (struct.pack("<2I", 0, 0xFFFFFFF8) + ENTRY, NTSTATUS.INVALID_LDT_SIZE),
    ],
)
def test_bad_ranges(data: bytes, status: NTSTATUS) -> None:
    assert set_information(start("nop"), LDT_INFORMATION, data) == status


def test_the_whole_table_can_be_had() -> None:
    machine = start("nop")
    va = machine.allocate(size=0x11000)
    machine.process.space.write(va, struct.pack("<2I", 0, 0x10000) + ENTRY * 0x2000)
    arguments = CURRENT_PROCESS, LDT_INFORMATION, va, 0x10008
    assert machine.call("NtSetInformationProcess", *arguments) == 0
    assert set_entry(machine, 0xFFFF, ENTRY) == 0


@pytest.mark.parametrize(
    ("selector", "status"),
    [
        (0x1B, 0),
        (0x20, 0),
        (0, 0),
        (3, 0),
        (0x3B, 0),
        (0x123, NTSTATUS.UNSUCCESSFUL),
        (0xDEADBEEF, NTSTATUS.NO_LDT),
    ],
)
def test_the_descriptor_of_a_selector(selector: int, status: int) -> None:
    machine = start("nop")
    va = machine.allocate()
    machine.write(va, selector)
    arguments = CURRENT_THREAD, DESCRIPTOR_TABLE_ENTRY, va, 12, va + 16
    assert machine.call("NtQueryInformationThread", *arguments) == status
    assert machine.read(va + 16) == (0 if status else 8)
    if selector == 0x3B:
        low, middle, access, high = struct.unpack("<2xHBBxB", machine.process.space.read(va + 4, 8))
        assert low | middle << 16 | high << 24 == machine.context_teb()
        assert access | 1 == DATA


def test_an_ended_process_leaves_its_place_empty_for_the_next() -> None:
    machine = start("mov eax,0xf02; int 0x2e")
    assert set_entry(machine, 0xF, ENTRY) == 0
    ldt = machine.context.ldt
    assert ldt is not None
    machine.thread.registers.eip = CODE_VA
    machine.run()
    place = machine.kernel.ldt_places.take()
    assert not any(place.read(0, 0x1000))
