"""What the memory map says that ranges are for."""

from __future__ import annotations

from provider.kernel.mm import working_set
from tests.provider.nt.synthetic import NTDLL_BASE, PROGRAM_BASE, start


def test_ranges_are_told_by_modules_peb_and_tebs() -> None:
    machine = start("nop")
    teb_va = machine.context_teb()
    stack_va = machine.read(teb_va + 0xE0C)
    parameters_va = machine.read(machine.context.peb_va + 0x10)
    labels = machine.process.space.labels()
    assert labels[NTDLL_BASE] == "ntdll.dll"
    assert labels[PROGRAM_BASE] == "program.exe"
    assert labels[machine.context.peb_va] == "PEB"
    assert labels[teb_va] == f"TEB of thread {machine.thread.id}"
    assert labels[stack_va] == f"stack of thread {machine.thread.id}"
    assert labels[parameters_va] == "process parameters"


def test_looking_changes_nothing() -> None:
    machine = start("nop")
    space = machine.process.space
    working_set.empty(space)
    before = space.counters.as_dict(), space.resident
    labels = space.labels()
    assert (space.counters.as_dict(), space.resident) == before
    assert machine.context_teb() not in labels
    assert labels[NTDLL_BASE] == "ntdll.dll"


def test_a_page_that_says_it_is_a_teb_is_only_words() -> None:
    machine = start("nop")
    va = machine.allocate()
    machine.write(va + 0x18, va)
    machine.write(va + 0xE0C, 0xFFFFFFFF)
    assert machine.process.space.labels()[va] == "TEB of thread 0"
