"""Hardware breakpoints: what DR0–DR7 tell a CPU, done with the engine's hooks.

    DR7   31..16: LEN3 RW3 .. LEN0 RW0, two bits each   7..0: G3 L3 .. G0 L0
    DR6   15 BT  14 BS (single step)  13 BD  3..0: B3..B0, which breakpoint it was

The engine keeps these registers and acts on none of them.  While any saved state has a breakpoint
armed, hooks stand at the addresses; nothing is hooked, and nothing is slower, while none has.  A
breakpoint on execution is a fault: it comes before its instruction.  One on data is a trap: it
comes after the instruction, so the hook on the data only notes it, and a hook before every
instruction reports what is noted (Intel SDM volume 3, 17.2 and 17.3.1).
"""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING

from emu.gate import Gate
from emu.hooks import EVERYWHERE
from emu.int_enum import IntEnum
from emu.named_tuple import NamedTuple
from emu.paging import USER, VALID
from emu.ram import PAGE_SIZE

if TYPE_CHECKING:
    from collections.abc import Callable

    from emu.hooks import HookPort
    from emu.paging import PageTables
    from emu.registers import Registers

DR6_SINGLE_STEP = 0x4000
NO_VA = -1
_COUNT = 4
_SIZES = (1, 2, 8, 4)
_WIDEST_ACCESS = 16
"""Bytes; the hooks' ranges hold only the first one of an access."""
_MEM_WRITE = 17
"""What the engine calls a store in a memory hook."""


class Condition(IntEnum):
    """The RW bits of DR7; PORT needs CR4.DE, which is clear."""

    EXECUTE = 0
    WRITE = 1
    PORT = 2
    ACCESS = 3


class Breakpoint(NamedTuple):
    """An armed one; `bit` is its bit in DR6."""

    bit: int
    condition: Condition
    va: int
    size: int

    def meets(self, va: int, size: int, *, writes: bool) -> bool:
        """Whether an access of data is what it waits for."""
        if self.condition is Condition.EXECUTE or not (
            writes or self.condition is Condition.ACCESS
        ):
            return False
        return va < self.va + self.size and self.va < va + size

    def watches(self, tables: PageTables) -> list[_Watch]:
        """Where accesses of it begin: in its page, or at the end of the one before."""
        if self.condition is Condition.EXECUTE:
            return []
        reads = self.condition is Condition.ACCESS
        page, offset = self.va & -PAGE_SIZE, self.va & (PAGE_SIZE - 1)
        first = offset - _WIDEST_ACCESS + 1
        found = [_Watch(tables, page, max(first, 0), offset + self.size - 1, reads)]
        if first < 0 < page:
            found.append(_Watch(tables, page - PAGE_SIZE, PAGE_SIZE + first, PAGE_SIZE - 1, reads))
        return found


class _Watch(NamedTuple):
    """Part of a page, from byte `first` to `last`, where accesses that matter begin."""

    tables: PageTables
    va: int
    first: int
    last: int
    reads: bool

    def physical_page(self) -> int:
        """The address of its frame, NO_VA while ring 3 has none there."""
        entry = self.tables.entry(self.va)
        if entry & (VALID | USER) != VALID | USER:
            return NO_VA
        return (entry >> 12 & self.tables.format.pfn_mask) * PAGE_SIZE


class DebugRegisters(NamedTuple):
    """DR0 to DR3, DR6 and DR7."""

    dr0: int = 0
    dr1: int = 0
    dr2: int = 0
    dr3: int = 0
    dr6: int = 0
    dr7: int = 0

    def breakpoints(self) -> tuple[Breakpoint, ...]:
        """What DR7 arms; addresses are aligned as the CPU takes them."""
        found = []
        for index in range(_COUNT):
            control = self.dr7 >> 16 + 4 * index & 15
            condition = Condition(control & 3)
            if self.dr7 >> 2 * index & 3 and condition is not Condition.PORT:
                size = 1 if condition is Condition.EXECUTE else _SIZES[control >> 2]
                found.append(Breakpoint(1 << index, condition, self[index] & -size, size))
        return tuple(found)


NO_DEBUG_REGISTERS = DebugRegisters()


class BreakpointUnit:
    """The hooks for the breakpoints of all saved states."""

    def __init__(
        self, port: HookPort, current: Callable[[], Registers], hold: Callable[[int], None]
    ) -> None:
        """`hold` gets the DR6 bits of a debug exception at the instruction that is next."""
        self._port, self._current, self._hold = port, current, hold
        self._armed: list[tuple[Registers, PageTables]] = []
        self._handles: list[int] = []
        self._places: dict[_Watch, int] = {}
        """The physical page of each piece of data that is watched, −1 for none."""
        self.is_stale = False
        """Whether `install` has something to do."""
        code = ctypes.CFUNCTYPE(
            None, ctypes.c_void_p, ctypes.c_uint64, ctypes.c_uint32, ctypes.c_void_p
        )
        data = ctypes.CFUNCTYPE(
            None,
            ctypes.c_void_p,
            ctypes.c_int,
            ctypes.c_uint64,
            ctypes.c_int,
            ctypes.c_int64,
            ctypes.c_void_p,
        )
        self._execute_hook, self._data_hook = code(self._on_execute), data(self._on_data)
        self._gate = Gate(code(self._on_step))

    @property
    def pending(self) -> int:
        """DR6 bits of the instruction that was executed last."""
        return self._gate.value

    @pending.setter
    def pending(self, value: int) -> None:
        self._gate.value = value

    @property
    def watches_data(self) -> bool:
        """Whether `follow` should be asked whenever page tables may have changed."""
        return bool(self._places)

    def arm(self, registers: Registers, tables: PageTables, values: DebugRegisters) -> None:
        """Set the debug registers of a saved state that runs in the space of `tables`."""
        before = registers.breakpoints
        registers.debug = values if any(values) else NO_DEBUG_REGISTERS
        registers.breakpoints = values.breakpoints()
        if registers.breakpoints == before:
            return
        self._armed = [each for each in self._armed if each[0] is not registers]
        if registers.breakpoints:
            self._armed.append((registers, tables))
        self.is_stale = True

    def follow(self) -> bool:
        """Whether the hooks have to move with the pages of what they watch."""
        if any(watch.physical_page() != page for watch, page in self._places.items()):
            self.is_stale = True
        return self.is_stale

    def install(self) -> None:
        """Put the hooks where they belong now. Not inside one of the engine's hooks."""
        self.is_stale = False
        self._port.remove(self._handles)
        addresses = {
            each.va
            for registers, _ in self._armed
            for each in registers.breakpoints
            if each.condition is Condition.EXECUTE
        }
        self._handles = [
            self._port.add_code(self._execute_hook, (va, va)) for va in sorted(addresses)
        ]
        self._places = {
            watch: watch.physical_page()
            for registers, tables in self._armed
            for each in registers.breakpoints
            for watch in each.watches(tables)
        }
        for watch, page in self._places.items():
            if page != NO_VA:
                self._watch(watch, page)
        if self._places:
            self._handles.append(self._port.add_code(self._gate.hook, EVERYWHERE))

    def _watch(self, watch: _Watch, page: int) -> None:
        span = page + watch.first, page + watch.last
        self._handles.append(self._port.add_data(self._data_hook, span, writes=True))
        if watch.reads:
            self._handles.append(self._port.add_data(self._data_hook, span, writes=False))

    def _on_execute(self, _engine: int, va: int, _size: int, _data: int) -> None:
        registers = self._current()
        hit = sum(
            each.bit
            for each in registers.breakpoints
            if each.condition is Condition.EXECUTE and each.va == va
        )
        if hit and registers.resume_va == va:  # EFLAGS.RF: the instruction goes on this time
            registers.resume_va = NO_VA
        elif hit:
            self._hold(hit)

    def _on_data(
        self, _engine: int, kind: int, pa: int, size: int, _value: int, _data: int
    ) -> None:
        registers = self._current()
        for watch, page in self._places.items():
            if page == pa & -PAGE_SIZE and watch.tables.cr3 == registers.cr3:
                va = watch.va | pa & (PAGE_SIZE - 1)
                for each in registers.breakpoints:
                    if each.meets(va, size, writes=kind == _MEM_WRITE):
                        self.pending |= each.bit

    def _on_step(self, _engine: int, _va: int, _size: int, _data: int) -> None:
        """Before every instruction, while something is pending or where code is not native."""
        if self.pending:
            self._hold(0)
