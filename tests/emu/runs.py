"""Runs ring-3 code to its end and keeps the traps that came."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from emu.paging import USER, VALID, WRITE

if TYPE_CHECKING:
    from emu.registers import Registers
    from tests.emu.bare import BareMachine


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
