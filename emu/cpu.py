"""The CPU: runs ring-3 code until stopped; traps go out, register contexts come in.

    cpu = Cpu(ram, tables, system_pages)
    cpu.on_trap = kernel.trap            # (vector, error_code, fault_va), on the current registers
    cpu.switch(registers, tables)        # whose code runs next; also allowed inside a trap
    cpu.run()                            # until cpu.stop()

A trap is handled inside the engine's hook.  On entry the state of the CPU is saved into the current
`Registers`; on the way out the registers that are current by then are restored.  So switching
threads, or address spaces, is nothing but `switch` before the handler returns: the engine is not
stopped.  Habits of the engine that this file works around are named where it does.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable

from emu.block_limit import limit_blocks
from emu.block_watch import BlockWatch
from emu.boot import FS_MARKER, enter_protected_mode
from emu.breakpoints import (
    DR6_SINGLE_STEP,
    NO_DEBUG_REGISTERS,
    NO_VA,
    BreakpointUnit,
    DebugRegisters,
)
from emu.descriptors import DescriptorTable, SystemPages, install_entry
from emu.engine import (
    HOOK_BLOCK,
    HOOK_INSTRUCTION,
    HOOK_INTERRUPT,
    HOOK_INVALID,
    INSTRUCTION_IN,
    INSTRUCTION_OUT,
    INSTRUCTION_SYSCALL,
    INSTRUCTION_SYSENTER,
    Engine,
    EngineError,
    uclib,
)
from emu.exit_checks import ExitChecks
from emu.hooks import Entry, HookPort, Interrupt, Invalid, PortIn, PortOut
from emu.instructions import (
    LONGEST_INVALID,
    LONGEST_RDTSC,
    Exceptional,
    emulate_rdtsc,
    invalid_opcode,
    software_interrupt,
)
from emu.leave import LeavingHook
from emu.paging import VALID, PageTables
from emu.ram import PAGE_SIZE, Ram
from emu.registers import (
    EngineMismatch,
    Layout,
    PageDirectoryRegister,
    Registers,
    discover_layout,
)
from emu.state import FLAT, StateAccess
from emu.ticks import Countdown
from emu.tlb import Tlb, look_up_pages
from emu.trap import PageFaultError, Vector

TrapHandler = Callable[[int, int, int], None]

SLICE_BLOCKS = 300_000
"""Basic blocks between two calls of `on_slice_end`, unless told otherwise."""

_EFLAGS_TF = 0x100

_FAULTS = frozenset(
    (
        Vector.DIVIDE_ERROR,
        Vector.INVALID_TSS,
        Vector.SEGMENT_NOT_PRESENT,
        Vector.STACK_FAULT,
        Vector.GENERAL_PROTECTION,
        Vector.PAGE_FAULT,
        Vector.X87_ERROR,
    )
)
_PAGE_FAULT = int(Vector.PAGE_FAULT)
_FIRST_FREE_VECTOR = 0x20
_LONGEST_INSTRUCTION = 15
_PROBE_EIP = 0x1000


class Cpu(StateAccess):
    """One virtual processor."""

    def __init__(self, ram: Ram, tables: PageTables, pages: SystemPages) -> None:
        """Boot into ring 3 on `tables`, in which `pages` are mapped; raises EngineMismatch."""
        self.ram = ram
        self.on_trap: TrapHandler = _unattended
        self.on_slice_end: Callable[[], None] = _nothing
        self.read_tsc: Callable[[], int] = lambda: self.executed_blocks()
        """The value of the time-stamp counter, for RDTSC in ring 3."""
        self.slice_blocks = SLICE_BLOCKS
        self._pages = pages
        self._tables = self._system_tables = tables
        self._failure: BaseException | None = None
        self._stopping = False
        self._attention = False
        """Whether the engine may have to stop after a trap."""
        self._tlb_stale = False
        self._held_trap: tuple[int, int, int] | None = None
        self._past_blocks = 0
        limit_blocks(uclib)
        look_up_pages(uclib)
        self._engine = Engine()
        self._engine.map(ram.size, ram.host_address)
        self._handle = self._engine.handle
        checks = ExitChecks(uclib, self._handle.value or 0)
        self.tlb = Tlb(uclib, self._handle.value or 0)
        self._stop = LeavingHook(uclib.uc_emu_stop, checks.leave)
        self._countdown = Countdown(self._stop.address)
        checks.optional &= self._countdown.native and self._stop.is_native
        self.layout = discover_layout(self._engine)
        self._software_at = self.layout.software_interrupt
        super().__init__(self._engine, DescriptorTable(ram, pages))
        self._cr3 = PageDirectoryRegister(self._engine)
        self._hooks = HookPort(self._handle, checks, self._change_hooks)
        self._breakpoints = BreakpointUnit(self._hooks, lambda: self._current, self._hold_debug)
        self.blocks = BlockWatch(self._hooks, self.abort)
        self._hook()
        enter_protected_mode(
            self._engine, tables, self._descriptors, install_entry(ram, pages, _PROBE_EIP)
        )
        self._supervisor = Registers(self._engine, self.layout)
        self.layout = self._enter_ring3()
        self._template = Registers(self._engine, self.layout)
        self._template.take_fault()
        self._current = self._template
        self._loaded_cr3 = tables.cr3
        ram.on_code_write = self._drop_translations

    @property
    def native_ticks(self) -> bool:
        """Whether blocks are counted by host code; if not, slices are estimated and slow."""
        return self._countdown.native

    @property
    def current(self) -> Registers:
        """The registers that run, or that the trap being handled came from."""
        return self._current

    def create_registers(self, eip: int, esp: int, thread_base: int = 0) -> Registers:
        """A ring-3 state that starts at `eip`: flags and FPU as a new thread has them."""
        registers = Registers(self._engine, self.layout)
        registers.copy_from(self._template)
        registers.set_general((0,) * 8)
        registers.eip, registers.esp, registers.fs_base = eip, esp, thread_base
        registers.thread_base = thread_base
        return registers

    def switch(self, registers: Registers, tables: PageTables) -> None:
        """Let `registers` run next, in the address space of `tables`."""
        self._current = registers
        self._tables = tables
        registers.cr3 = tables.cr3
        if registers.thread_base != self._descriptors.thread_base:
            self._descriptors.set_thread_base(registers.thread_base)

    def flush_tlb(self) -> None:
        """Forget cached translations before guest code runs on: a PTE was removed or narrowed."""
        self._tlb_stale = True

    def run(self) -> None:
        """Run the current registers, and whatever is switched to, until `stop` is called.

        An exception that a handler raised comes out of here.
        """
        self._stopping = False
        self._attention = self._breakpoints.watches_data
        while not self._stopping:
            if self._breakpoints.follow():
                self._breakpoints.install()
                self._attention = self._breakpoints.watches_data
            self._start_slice()
            if self._failure is not None:
                failure, self._failure = self._failure, None
                raise failure
            if self._breakpoints.pending:
                self._hold_debug(0)
            if self._held_trap is not None:
                self._deliver_held()
            elif self._breakpoints.is_stale:
                continue
            elif not self._stopping:
                uclib.uc_context_save(self._handle, self._current.handle)
                self.tlb.end_slice(lambda: self._cr3.write(self._loaded_cr3))
                self.on_slice_end()

    def stop(self) -> None:
        """Make `run` return once the trap at hand is handled."""
        self._stopping = self._attention = True

    def abort(self, failure: BaseException) -> None:
        """Make `run` raise `failure` as soon as the engine stops.

        For handlers of signals: ctypes loses an exception that comes up in a callback of the engine
        before `_deliver` or after it.
        """
        self._failure = failure
        self._stopping = self._attention = True
        uclib.uc_emu_stop(self._handle)

    def executed_blocks(self) -> int:
        """Basic blocks executed since the machine started; the source of virtual time."""
        return self._past_blocks + self._countdown.executed()

    def write_debug(self, registers: Registers, tables: PageTables, values: DebugRegisters) -> None:
        """Set the debug registers of `registers`, of a space of `tables`; DR7 arms breakpoints."""
        self._breakpoints.arm(registers, tables, values)
        self._attention |= self._breakpoints.is_stale

    def read_code(self, va: int, size: int) -> bytes:
        """Up to `size` bytes at `va` of the current space, ending where ring 3 has no page."""
        return self._tables.read_user(self.ram, va, size)

    def _hook(self) -> None:
        self._hooks.add(HOOK_INTERRUPT, Interrupt(self._on_interrupt))
        self._hooks.add(HOOK_INVALID, Invalid(self._on_invalid))
        self._hooks.add(HOOK_INSTRUCTION, Entry(self._on_sysenter), INSTRUCTION_SYSENTER)
        self._hooks.add(HOOK_INSTRUCTION, Entry(self._on_syscall), INSTRUCTION_SYSCALL)
        self._hooks.add_leaving(HOOK_INSTRUCTION, PortIn(self._on_in), INSTRUCTION_IN)
        self._hooks.add_leaving(HOOK_INSTRUCTION, PortOut(self._on_out), INSTRUCTION_OUT)
        if self._countdown.native:
            self._hooks.add(HOOK_BLOCK, ctypes.c_void_p(self._countdown.hook))

    def _enter_ring3(self) -> Layout:
        """Go to an unmapped ring-3 address through `iretd`; check what the fault leaves behind."""
        self._current = Registers(self._engine, self.layout)
        faults: list[tuple[int, int, int]] = []

        def record(vector: int, error_code: int, fault_va: int) -> None:
            faults.append((vector, error_code, fault_va))
            self._engine.stop()

        self.on_trap = record
        self._loaded_cr3 = self._tables.cr3
        self._countdown.start(self.slice_blocks)
        try:
            self._engine.start(self._pages.entry_va)
        except EngineError as error:
            raise EngineMismatch(f"the CPU did not reach ring 3: {error}") from error
        self.on_trap = _unattended
        fetch = PageFaultError.FETCH if self._tables.format.no_execute else 0
        expected = (Vector.PAGE_FAULT, PageFaultError.USER | fetch, _PROBE_EIP)
        if faults != [expected] or self._current.eip != _PROBE_EIP:
            raise EngineMismatch(f"a fault in ring 3 arrived as {faults}, not as {expected}")
        layout = self.layout.with_fs_base(self._current.view, FS_MARKER)
        self._current.layout = layout
        if self._current.selectors() != FLAT:
            raise EngineMismatch("the segment registers are not in the context blob")
        return layout

    def _start_slice(self) -> None:
        self._past_blocks += self._countdown.executed()
        self._countdown.start(self.slice_blocks)
        self._leave()
        count = self._countdown.instruction_limit
        error = uclib.uc_emu_start(
            self._handle, *map(ctypes.c_uint64, (self._current.eip, 0, 0)), ctypes.c_size_t(count)
        )
        if error and self._failure is None:
            raise EngineMismatch(f"the engine stopped by itself: {EngineError(error)}")
        if count and not self._stopping and self._held_trap is None:
            self._countdown.charge(self.slice_blocks)

    def _leave(self) -> None:
        """Put the current registers and their address space into the CPU."""
        uclib.uc_context_restore(self._handle, self._current.handle)
        if self._tlb_stale or self._tables.cr3 != self._loaded_cr3:
            self._tlb_stale = False
            self._loaded_cr3 = self._tables.cr3
            self._cr3.write(self._loaded_cr3)
            self.tlb.quiet_slices = 0

    def _deliver(self, vector: int, error_code: int, fault_va: int) -> None:
        """Call the handler; nothing may be raised through the engine's C code."""
        try:
            self.on_trap(vector, error_code, fault_va)
        except BaseException as failure:  # noqa: BLE001  raised again by `run`
            self._failure = failure
            self._stopping = self._attention = True
        if self._attention and (self._stopping or self._breakpoints.follow()):
            uclib.uc_emu_stop(self._handle)

    def _on_interrupt(self, _engine: int, vector: int, _data: int) -> None:
        if self._held_trap is not None:
            return
        registers = self._current
        uclib.uc_context_save(self._handle, registers.handle)
        if vector >= _FIRST_FREE_VECTOR:
            self._deliver(vector, 0, 0)
        elif registers.view[self._software_at]:
            self._raise(registers, software_interrupt(vector))
        elif vector in _FAULTS:
            self._fault(registers, vector)
        else:
            if vector == Vector.DEBUG:
                self._clear_trap_flag(registers)
                self._note_debug(registers, DR6_SINGLE_STEP)
            self._deliver(vector, 0, 0)
        self._leave()

    def _fault(self, registers: Registers, vector: int) -> None:
        error_code, fault_va = registers.take_fault()
        eip = registers.eip if registers.breakpoints else NO_VA
        if vector == _PAGE_FAULT:
            self._deliver(vector, error_code, fault_va)
        elif vector != Vector.GENERAL_PROTECTION or not self._emulate_rdtsc(registers):
            self._deliver(vector, error_code if vector >= Vector.DOUBLE_FAULT else 0, 0)
        if registers.breakpoints:
            self._breakpoints.pending = 0
            # A fault's frame has RF set, and a breakpoint comes before the fetch of its code.
            is_fetch = vector == _PAGE_FAULT and 0 <= fault_va - eip < _LONGEST_INSTRUCTION
            registers.resume_va = eip if registers.eip == eip and not is_fetch else NO_VA

    def _raise(self, registers: Registers, found: Exceptional) -> None:
        registers.eip += found.past
        self._deliver(found.vector, found.error_code, 0)

    def _on_invalid(self, _engine: int, _data: int) -> bool:
        if self._held_trap is not None:
            return True
        registers = self._current
        uclib.uc_context_save(self._handle, registers.handle)
        code = self.read_code(registers.code_va, LONGEST_INVALID)
        self._raise(registers, invalid_opcode(code))
        self._leave()
        return True

    def _on_sysenter(self, _engine: int, _data: int) -> None:
        self._on_entry(Vector.SYSENTER, 2)

    def _on_syscall(self, _engine: int, _data: int) -> None:
        # EFER.SCE is clear, so that SYSCALL is no instruction; unhooked, it would do nothing.
        self._on_entry(Vector.INVALID_OPCODE, 0)

    def _on_entry(self, vector: int, past: int) -> None:
        if self._held_trap is not None:
            return
        registers = self._current
        uclib.uc_context_save(self._handle, registers.handle)
        registers.eip += past
        self._deliver(vector, 0, 0)
        # The engine adds the instruction's length to whatever EIP the hook leaves.
        self._current.eip -= 2
        self._leave()
        self._current.eip += 2

    def _on_in(self, _engine: int, _port: int, _size: int, _data: int) -> int:
        self._hold_privileged()
        return 0

    def _on_out(self, _engine: int, _port: int, _size: int, _value: int, _data: int) -> None:
        self._hold_privileged()

    def _hold_privileged(self) -> None:
        """Ring 3 has no I/O permission, but the engine does not check: make it a #GP.

        The engine ignores a context that this hook restores, so the trap is held until it has
        stopped.
        """
        if self._held_trap is not None:
            return
        uclib.uc_context_save(self._handle, self._current.handle)
        self._held_trap = Vector.GENERAL_PROTECTION, 0, 0
        uclib.uc_emu_stop(self._handle)

    def _deliver_held(self) -> None:
        """Tell of a trap that waited until the engine had stopped."""
        assert self._held_trap is not None
        trap, self._held_trap = self._held_trap, None
        if trap[0] == Vector.DEBUG:
            uclib.uc_context_restore(self._handle, self._current.handle)
            self._clear_trap_flag(self._current)
            self._note_debug(self._current)
        self.on_trap(*trap)

    def _hold_debug(self, dr6_bits: int) -> None:
        """A breakpoint was met: keep the #DB until the engine has stopped, before `eip`."""
        if self._held_trap is None:
            uclib.uc_context_save(self._handle, self._current.handle)
            self._breakpoints.pending |= dr6_bits
            self._held_trap = Vector.DEBUG, 0, 0
            uclib.uc_emu_stop(self._handle)

    def _note_debug(self, registers: Registers, dr6_bits: int = 0) -> None:
        """Say in DR6 what a #DB is for, which stays there until somebody clears it."""
        bits, self._breakpoints.pending = self._breakpoints.pending | dr6_bits, 0
        if registers.debug is not NO_DEBUG_REGISTERS:
            registers.debug = registers.debug._replace(dr6=registers.debug.dr6 | bits)

    def _emulate_rdtsc(self, registers: Registers) -> bool:
        code = self.read_code(registers.code_va, LONGEST_RDTSC)
        return emulate_rdtsc(registers, code, self.read_tsc())

    def _clear_trap_flag(self, registers: Registers) -> None:
        """The CPU clears TF before it runs a handler; the engine leaves it set."""
        flags = self._engine.read("eflags")
        if flags & _EFLAGS_TF:
            self._engine.write("eflags", flags & ~_EFLAGS_TF)
            uclib.uc_context_save(self._handle, registers.handle)

    def _change_hooks(self, change: Callable[[], None]) -> None:
        """Done as ring 0, since removing a hook walks its pages."""
        uclib.uc_context_restore(self._handle, self._supervisor.handle)
        change()
        self._engine.flush()
        self._tlb_stale = True

    def _drop_translations(self, pfn: int) -> None:
        """Forget code translated from frame `pfn`.

        The engine does so by virtual address and walks with the privilege of the CPU's state, so
        the frame is shown in a supervisor window for a moment, to the ring-0 state kept from boot.
        """
        tables = self._system_tables
        slot = tables.slot(self._pages.window_va)
        tables.words[slot] = pfn << 12 | VALID
        uclib.uc_context_restore(self._handle, self._supervisor.handle)
        self._cr3.write(tables.cr3)
        self._engine.remove(self._pages.window_va, self._pages.window_va + PAGE_SIZE)
        tables.words[slot] = 0
        uclib.uc_context_restore(self._handle, self._current.handle)
        self._tlb_stale = True


def _unattended(vector: int, error_code: int, fault_va: int) -> None:
    raise EngineMismatch(f"trap {vector} (error {error_code:#x}, {fault_va:#x}) with no handler")


def _nothing() -> None:
    """Nobody wants to know that a slice ended."""
