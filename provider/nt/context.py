"""Between saved registers and the CONTEXT structures that guests see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.breakpoints import NO_DEBUG_REGISTERS, NO_VA, DebugRegisters
from emu.descriptors import USER_CODE
from emu.state import FLAT, Selectors
from provider.nt.floating import from_fsave, from_fxsave, to_fsave, to_fxsave
from provider.nt.structs.context import CONTEXT, CONTEXT_ALL, CONTEXT_FLAGS, CONTEXT_i386

if TYPE_CHECKING:
    from emu.cpu import Cpu
    from emu.registers import Registers
    from provider.kernel.thread import Thread

_EFLAGS_RF = 0x10000
_RING3 = 3
_HIGHEST_BREAKPOINT = 0x7FFEFFFF
_DR6_LEGAL, _DR7_LEGAL = 0xE00F, 0xFFFF0155
"""What user mode may set: B0 to B3, BD, BS and BT; lengths, conditions, L0 to L3 and LE."""
_CONTROL, _INTEGER, _SEGMENTS, _FLOATING_POINT, _DEBUG_REGISTERS, _EXTENDED_REGISTERS = (
    int(part) & 0xFFFF for part in CONTEXT_FLAGS.__members__.values()
)
_CONTEXT = CONTEXT.whole_codec()


def capture(cpu: Cpu, registers: Registers, flags: int = CONTEXT_ALL) -> CONTEXT:
    """The parts of a thread's registers that `flags` asks for; the rest is zero."""
    parts = _parts(flags)
    eip = esp = ebp = eflags = cs = ss = eax = ecx = edx = ebx = esi = edi = 0
    gs = fs = es = ds = 0
    debug = NO_DEBUG_REGISTERS
    old_area = extended = b""
    if parts & _CONTROL:
        eip, (_, cs, ss, *_) = registers.eip, registers.selectors()
        eflags = cpu.read_flags(registers)
        _, _, _, _, esp, ebp, _, _ = registers.general()
    if parts & _INTEGER:
        eax, ecx, edx, ebx, _, _, esi, edi = registers.general()
    if parts & _SEGMENTS:
        es, _, _, ds, fs, gs = registers.selectors()
    if parts & _DEBUG_REGISTERS:
        debug = registers.debug
    if parts & (_FLOATING_POINT | _EXTENDED_REGISTERS):
        state = cpu.read_floating(registers)
        old_area = to_fsave(state) if parts & _FLOATING_POINT else b""
        extended = to_fxsave(state) if parts & _EXTENDED_REGISTERS else b""
    return CONTEXT(
        bytearray(
            _CONTEXT.pack(
                *(flags, *debug, old_area, gs, fs, es, ds, edi, esi, ebx, edx, ecx, eax),
                *(ebp, eip, cs, eflags, esp, ss, extended),
            )
        )
    )


def restore(thread: Thread, context: CONTEXT) -> None:
    """`apply` to a thread, with the debug registers and EFLAGS.RF, which arm its breakpoints."""
    registers, cpu = thread.registers, thread.process.kernel.cpu
    apply(cpu, registers, context)
    parts = _parts(context.ContextFlags)
    if parts & _CONTROL:
        registers.resume_va = context.Eip if context.EFlags & _EFLAGS_RF else NO_VA
    if parts & _DEBUG_REGISTERS:
        wanted = _legal_debug(context)
        if wanted != registers.debug:
            cpu.write_debug(registers, thread.process.space.tables, wanted)


def _parts(flags: int) -> int:
    """The bits of the parts; none without the bit that says that they are for this processor."""
    flags = int(flags)
    return flags & 0xFFFF if flags & CONTEXT_i386 else 0


def _legal_debug(context: CONTEXT) -> DebugRegisters:
    """As KeContextToKframes takes them from user mode: addresses there, and no reserved bits."""
    addresses = (context.Dr0, context.Dr1, context.Dr2, context.Dr3)
    dr0, dr1, dr2, dr3 = (va if va <= _HIGHEST_BREAKPOINT else 0 for va in addresses)
    dr6, dr7 = context.Dr6 & _DR6_LEGAL, context.Dr7 & _DR7_LEGAL
    return DebugRegisters(dr0, dr1, dr2, dr3, dr6, dr7)


def make_flat(cpu: Cpu, registers: Registers) -> None:
    """Give a thread the segments that the system enters user mode with."""
    if cpu.read_selectors(registers) != FLAT:
        cpu.write_selectors(registers, FLAT)


def _legal_selectors(wanted: Selectors, parts: int, current: Selectors) -> Selectors:
    """As KeContextToKframes takes them from user mode: of ring 3, and no GS beside flat code."""
    legal = current
    if parts & _CONTROL:
        code = _user_selector(wanted.cs)
        legal = legal._replace(cs=code or USER_CODE, ss=_user_selector(wanted.ss))
    if parts & _SEGMENTS:
        gs = 0 if legal.cs == USER_CODE else _user_selector(wanted.gs)
        es, ds, fs = (_user_selector(selector) for selector in (wanted.es, wanted.ds, wanted.fs))
        legal = legal._replace(es=es, ds=ds, fs=fs, gs=gs)
    return legal


def _user_selector(selector: int) -> int:
    """A selector with the privilege of ring 3; null stays null."""
    selector &= 0xFFFF
    return selector | _RING3 if selector & ~_RING3 else 0


def apply(cpu: Cpu, registers: Registers, context: CONTEXT) -> None:
    """Set the registers that `context.ContextFlags` names.

    With both floating-point parts, x87 state is that of FloatSave: where a handler changes it.
    """
    (
        flags, _, _, _, _, _, _, old_area, gs, fs, es, ds,
        edi, esi, ebx, edx, ecx, eax, ebp, eip, cs, eflags, esp, ss, extended,
    ) = _CONTEXT.unpack_from(context.buffer, context.base)  # fmt: skip
    parts = _parts(flags)
    if parts & (_EXTENDED_REGISTERS | _FLOATING_POINT):
        before = cpu.read_floating(registers)
        state = from_fxsave(extended) if parts & _EXTENDED_REGISTERS else before
        state = from_fsave(old_area, state) if parts & _FLOATING_POINT else state
        if state != before:
            cpu.write_floating(registers, state)
    current = cpu.read_selectors(registers)
    wanted = Selectors(es, cs, ss, ds, fs, gs)
    if parts & (_CONTROL | _SEGMENTS) and not wanted == current == FLAT:
        selectors = _legal_selectors(wanted, parts, current)
        if selectors != current:
            cpu.write_selectors(registers, selectors)
    if parts & _CONTROL:
        cpu.write_flags(registers, eflags)
    general = registers.general()
    if not parts & _INTEGER:
        eax, ecx, edx, ebx, _, _, esi, edi = general
    if parts & _CONTROL:
        registers.eip = eip
    else:
        _, _, _, _, esp, ebp, _, _ = general
    registers.set_general((eax, ecx, edx, ebx, esp, ebp, esi, edi))
