"""Between saved registers and the CONTEXT structures that guests see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.breakpoints import NO_VA, DebugRegisters
from emu.descriptors import USER_CODE
from emu.registers import FloatingState
from emu.state import FLAT, Selectors
from provider.nt.structs.context import (
    CONTEXT,
    CONTEXT_ALL,
    CONTEXT_FLAGS,
    FLOATING_SAVE_AREA,
    FXSAVE_AREA,
    CONTEXT_i386,
)

if TYPE_CHECKING:
    from emu.cpu import Cpu
    from emu.registers import Registers
    from provider.kernel.thread import Thread

_EFLAGS_RF = 0x10000
_RING3 = 3
_HIGHEST_BREAKPOINT = 0x7FFEFFFF
_DR6_LEGAL, _DR7_LEGAL = 0xE00F, 0xFFFF0155
"""What user mode may set: B0 to B3, BD, BS and BT; lengths, conditions, L0 to L3 and LE."""
_MXCSR_MASK = 0xFFFF


def capture(cpu: Cpu, registers: Registers, flags: int = CONTEXT_ALL) -> CONTEXT:
    """The parts of a thread's registers that `flags` asks for; the rest is zero."""
    context = CONTEXT(ContextFlags=flags)
    parts = _parts(flags)
    eax, ecx, edx, ebx, esp, ebp, esi, edi = registers.general()
    selectors = cpu.read_selectors(registers)
    if parts & CONTEXT_FLAGS.CONTROL:
        context.Eip, context.Esp, context.Ebp = registers.eip, esp, ebp
        context.EFlags = cpu.read_flags(registers)
        context.SegCs, context.SegSs = selectors.cs, selectors.ss
    if parts & CONTEXT_FLAGS.INTEGER:
        context.Eax, context.Ecx, context.Edx = eax, ecx, edx
        context.Ebx, context.Esi, context.Edi = ebx, esi, edi
    if parts & CONTEXT_FLAGS.SEGMENTS:
        context.SegDs, context.SegEs = selectors.ds, selectors.es
        context.SegFs, context.SegGs = selectors.fs, selectors.gs
    if parts & CONTEXT_FLAGS.DEBUG_REGISTERS:
        debug = registers.debug
        context.Dr0, context.Dr1, context.Dr2, context.Dr3 = debug[:4]
        context.Dr6, context.Dr7 = debug.dr6, debug.dr7
    if parts & (CONTEXT_FLAGS.FLOATING_POINT | CONTEXT_FLAGS.EXTENDED_REGISTERS):
        _store_floating(context, cpu.read_floating(registers), parts)
    return context


def restore(thread: Thread, context: CONTEXT) -> None:
    """`apply` to a thread, with the debug registers and EFLAGS.RF, which arm its breakpoints."""
    registers, cpu = thread.registers, thread.process.kernel.cpu
    apply(cpu, registers, context)
    parts = _parts(context.ContextFlags)
    if parts & CONTEXT_FLAGS.CONTROL:
        registers.resume_va = context.Eip if context.EFlags & _EFLAGS_RF else NO_VA
    if parts & CONTEXT_FLAGS.DEBUG_REGISTERS:
        cpu.write_debug(registers, thread.process.space.tables, _legal_debug(context))


def _parts(flags: int) -> int:
    """The bits of the parts; none without the bit that says that they are for this processor."""
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


def _legal_selectors(context: CONTEXT, parts: int, current: Selectors) -> Selectors:
    """As KeContextToKframes takes them from user mode: of ring 3, and no GS beside flat code."""
    wanted = current
    if parts & CONTEXT_FLAGS.CONTROL:
        code = _user_selector(context.SegCs)
        wanted = wanted._replace(cs=code or USER_CODE, ss=_user_selector(context.SegSs))
    if parts & CONTEXT_FLAGS.SEGMENTS:
        gs = 0 if wanted.cs == USER_CODE else _user_selector(context.SegGs)
        names = (context.SegEs, context.SegDs, context.SegFs)
        es, ds, fs = (_user_selector(selector) for selector in names)
        wanted = wanted._replace(es=es, ds=ds, fs=fs, gs=gs)
    return wanted


def _user_selector(selector: int) -> int:
    """A selector with the privilege of ring 3; null stays null."""
    selector &= 0xFFFF
    return selector | _RING3 if selector & ~_RING3 else 0


def apply(cpu: Cpu, registers: Registers, context: CONTEXT) -> None:
    """Set the registers that `context.ContextFlags` names.

    With both floating-point parts, x87 state is that of FloatSave: where a handler changes it.
    """
    parts = _parts(context.ContextFlags)
    if parts & CONTEXT_FLAGS.EXTENDED_REGISTERS:
        cpu.write_floating(registers, _from_fxsave(context))
    if parts & CONTEXT_FLAGS.FLOATING_POINT:
        current = cpu.read_floating(registers)
        cpu.write_floating(registers, _from_fsave(context.FloatSave, current))
    selectors = _legal_selectors(context, parts, cpu.read_selectors(registers))
    if selectors != cpu.read_selectors(registers):
        cpu.write_selectors(registers, selectors)
    if parts & CONTEXT_FLAGS.CONTROL:
        cpu.write_flags(registers, context.EFlags)
    eax, ecx, edx, ebx, esp, ebp, esi, edi = registers.general()
    if parts & CONTEXT_FLAGS.CONTROL:
        esp, ebp = context.Esp, context.Ebp
        registers.eip = context.Eip
    if parts & CONTEXT_FLAGS.INTEGER:
        eax, ecx, edx = context.Eax, context.Ecx, context.Edx
        ebx, esi, edi = context.Ebx, context.Esi, context.Edi
    registers.set_general((eax, ecx, edx, ebx, esp, ebp, esi, edi))


def _store_floating(context: CONTEXT, state: FloatingState, parts: int) -> None:
    if parts & CONTEXT_FLAGS.FLOATING_POINT:
        save = context.FloatSave
        save.ControlWord = 0xFFFF0000 | state.control
        save.StatusWord = 0xFFFF0000 | state.status
        save.TagWord = 0xFFFF0000 | state.tag
        save.ErrorOffset, save.DataOffset = state.instruction_offset, state.data_offset
        save.ErrorSelector = state.instruction_selector | state.opcode << 16
        save.DataSelector = 0xFFFF0000 | state.data_selector
        save.RegisterArea = b"".join(state.st)
    if parts & CONTEXT_FLAGS.EXTENDED_REGISTERS:
        area = FXSAVE_AREA()
        area.ControlWord = state.control.to_bytes(2, "little")
        area.StatusWord = state.status.to_bytes(2, "little")
        area.TagWord = _abridge(state).to_bytes(2, "little")
        area.Opcode = state.opcode.to_bytes(2, "little")
        area.ErrorOffset, area.ErrorSelector = state.instruction_offset, state.instruction_selector
        area.DataOffset, area.DataSelector = state.data_offset, state.data_selector
        area.MxCsr, area.MxCsrMask = state.mxcsr, _MXCSR_MASK
        area.FloatRegisters = b"".join(value.ljust(16, b"\0") for value in state.st)
        area.XmmRegisters = b"".join(state.xmm)
        context.ExtendedRegisters = bytes(area)


def _from_fxsave(context: CONTEXT) -> FloatingState:
    area = FXSAVE_AREA.from_bytes(context.ExtendedRegisters)
    registers, vectors = area.FloatRegisters, area.XmmRegisters
    stack = tuple(registers[16 * index : 16 * index + 10] for index in range(8))
    status = int.from_bytes(area.StatusWord, "little")
    return FloatingState(
        control=int.from_bytes(area.ControlWord, "little"),
        status=status,
        tag=_expand(area.TagWord[0], status, stack),
        opcode=int.from_bytes(area.Opcode, "little"),
        instruction_offset=area.ErrorOffset,
        instruction_selector=area.ErrorSelector & 0xFFFF,
        data_offset=area.DataOffset,
        data_selector=area.DataSelector & 0xFFFF,
        mxcsr=area.MxCsr & _MXCSR_MASK,
        st=stack,
        xmm=tuple(vectors[16 * index : 16 * index + 16] for index in range(8)),
    )


def _from_fsave(save: FLOATING_SAVE_AREA, current: FloatingState) -> FloatingState:
    area = save.RegisterArea
    return current._replace(
        control=save.ControlWord & 0xFFFF,
        status=save.StatusWord & 0xFFFF,
        tag=save.TagWord & 0xFFFF,
        opcode=save.ErrorSelector >> 16 & 0x7FF,
        instruction_offset=save.ErrorOffset,
        instruction_selector=save.ErrorSelector & 0xFFFF,
        data_offset=save.DataOffset,
        data_selector=save.DataSelector & 0xFFFF,
        st=tuple(area[10 * index : 10 * index + 10] for index in range(8)),
    )


def _abridge(state: FloatingState) -> int:
    """FXSAVE's tags: one bit a physical register, 1 where the full tag is not 3 (empty)."""
    return sum(1 << index for index in range(8) if state.tag >> 2 * index & 3 != 3)


def _expand(abridged: int, status: int, stack: tuple[bytes, ...]) -> int:
    """The full tag word of FXSAVE's: valid, zero, special or empty (Intel SDM volume 1, 8.1.7)."""
    top = status >> 11 & 7
    tag = 0
    for physical in range(8):
        value = stack[(physical - top) & 7]
        kind = 3 if not abridged >> physical & 1 else _kind_of(value)
        tag |= kind << 2 * physical
    return tag


def _kind_of(value: bytes) -> int:
    mantissa, exponent = int.from_bytes(value[:8], "little"), int.from_bytes(value[8:], "little")
    if not mantissa and not exponent & 0x7FFF:
        return 1
    return 0 if mantissa >> 63 and exponent & 0x7FFF not in (0, 0x7FFF) else 2
