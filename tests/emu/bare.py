"""A machine with nothing but a CPU, one address space and three user pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.assemble import assemble
from emu.cpu import Cpu
from emu.descriptors import SystemPages
from emu.paging import FORMATS, USER, VALID, WRITE, PageTables
from emu.ram import PAGE_SIZE, Ram

if TYPE_CHECKING:
    from emu.registers import Registers

CODE_VA, DATA_VA, STACK_VA = 0x400000, 0x401000, 0x402000
SYSTEM_VA = 0x80000000


class BareMachine:
    """Assembles `code` into ring 3 and runs it; every trap goes to `on_trap`."""

    def __init__(self, paging: str = "pae", megabytes: int = 16) -> None:
        self.ram = Ram(megabytes << 20)
        self.paging = FORMATS[paging](self.ram)
        self._next_frame = 1
        self.paging.set_system_directory(self.frame())
        self.tables = self.new_tables()
        self.paging.install_system_table(SYSTEM_VA, self.frame())
        pages = SystemPages(SYSTEM_VA, (self.frame(), self.frame(), self.frame()))
        for index, pfn in enumerate(pages.pfns):
            self.map(self.tables, SYSTEM_VA + index * PAGE_SIZE, pfn, VALID | WRITE)
        self.cpu = Cpu(self.ram, self.tables, pages)
        self.code, self.data, self.stack = self.frame(), self.frame(), self.frame()
        self.map_user(self.tables, self.data, self.stack)

    def map_user(self, tables: PageTables, data: int, stack: int) -> None:
        """Show the code page and the given data and stack frames in a space."""
        writable = VALID | WRITE | USER | self.paging.no_execute
        self.map(tables, CODE_VA, self.code, VALID | USER)
        self.map(tables, DATA_VA, data, writable)
        self.map(tables, STACK_VA, stack, writable)

    def frame(self) -> int:
        """A fresh frame's number."""
        self._next_frame += 1
        return self._next_frame - 1

    def new_tables(self) -> PageTables:
        """Page tables of another space."""
        return self.paging.create([self.frame() for _ in range(self.paging.frames_per_space)])

    def map(self, tables: PageTables, va: int, pfn: int, bits: int) -> int:
        """Write the PTE of `va`; returns its slot."""
        slot = tables.slot(va)
        if slot < 0:
            slot = tables.install_table(va, self.frame())
        self.paging.words[slot] = pfn << 12 | bits
        if bits & USER and not bits & self.paging.no_execute:
            self.ram.mark_executable(pfn)
        return slot

    def load(self, code: str | bytes) -> Registers:
        """Put code at CODE_VA; registers that start it."""
        data = assemble(code, CODE_VA) if isinstance(code, str) else code
        self.ram.write(self.code * PAGE_SIZE, data)
        return self.cpu.create_registers(CODE_VA, STACK_VA + PAGE_SIZE - 16)
