"""Stacks of threads: what class 41 of NtSetInformationProcess reserves for them
(PROCESS_STACK_ALLOCATION_INFORMATION, phnt), and the zero bits of NtCreateThreadEx.
"""

from __future__ import annotations

import struct

import pytest

from provider.kernel.thread import Thread
from tests.provider.nt.test_mm_calls import SELF, UNIT, Caller

STACK_ALLOCATION = 41
MEGABYTE = 1 << 20


@pytest.fixture
def caller() -> Caller:
    return Caller()


def reserve(caller: Caller, *words: int) -> tuple[str, tuple[int, ...]]:
    """The status of the call, and the structure afterwards."""
    caller.cell(*words)
    status = caller.status(
        "NtSetInformationProcess", SELF, STACK_ALLOCATION, caller.cells, 4 * len(words)
    )
    return status, caller.words(len(words))


@pytest.mark.parametrize("count", [2, 4, 6, 8])
def test_lengths_that_are_no_stack_allocation(caller: Caller, count: int) -> None:
    before = caller.machine.process.space.virtual_size
    assert reserve(caller, *[MEGABYTE] * count)[0] == "INFO_LENGTH_MISMATCH"
    assert caller.machine.process.space.virtual_size == before


@pytest.mark.parametrize(
    ("size", "bits", "status"),
    [
        (0, 0, "INVALID_PARAMETER_4"),
        (0xFFFFFFFF, 0, "INVALID_PARAMETER_4"),
        (MEGABYTE, 22, "INVALID_PARAMETER_3"),
        (MEGABYTE, 0x7FFFFFFF, "INVALID_PARAMETER_3"),
        (MEGABYTE, 13, "NO_MEMORY"),
    ],
)
def test_stacks_that_cannot_be(caller: Caller, size: int, bits: int, status: str) -> None:
    assert reserve(caller, size, bits, 0x1234) == (status, (size, bits, 0x1234))


@pytest.mark.parametrize("head", [(), (0, 0, 0, 0)])
def test_a_reserved_stack_is_told(caller: Caller, head: tuple[int, ...]) -> None:
    status, words = reserve(caller, *head, MEGABYTE, 8, 0x1234)
    assert (status, words[:-1]) == ("SUCCESS", (*head, MEGABYTE, 8))
    base = words[-1]
    assert base % UNIT == 0
    assert base < 1 << 24
    region = caller.machine.process.space.query(base)
    assert region.vad is not None
    assert (region.start, region.size, region.committed) == (base, MEGABYTE, False)


@pytest.mark.parametrize(
    ("bits", "status"),
    [(22, "INVALID_PARAMETER_3"), (0xFFFFFFFF, "INVALID_PARAMETER_3"), (13, "NO_MEMORY")],
)
def test_zero_bits_that_no_stack_can_have(caller: Caller, bits: int, status: str) -> None:
    before = caller.machine.process.space.virtual_size
    words = (caller.cells, 0x1FFFFF, 0, SELF, 0x401000, 0, 1, bits, 0, MEGABYTE, 0)
    assert caller.status("NtCreateThreadEx", *words) == status
    assert caller.machine.process.space.virtual_size == before


def test_zero_bits_bound_the_stack_of_a_thread(caller: Caller) -> None:
    words = (caller.cells, 0x1FFFFF, 0, SELF, 0x401000, 0, 1, 8, 0, MEGABYTE, 0)
    assert caller.status("NtCreateThreadEx", *words) == "SUCCESS"
    thread = caller.machine.process.handles.reference(caller.words(1)[0], Thread)
    assert thread.registers.esp < 1 << 24


def test_the_end_of_a_guaranteed_stack(caller: Caller) -> None:
    """SetThreadStackGuarantee stores its bytes in the TEB, where the kernel finds them."""
    part = caller.machine.context_teb()
    caller.machine.process.space.write(part + 0xF78, struct.pack("<I", 0x3000))
    assert caller.machine.thread.context.guarantee() == 0x3000
    caller.status("NtFreeVirtualMemory", SELF, *caller.cell(part, 0), 0x8000)
    assert caller.machine.thread.context.guarantee() == 0
