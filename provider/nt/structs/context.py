"""Thread contexts and exception records (winnt.h, 32-bit x86)."""

from __future__ import annotations

from enum import IntFlag

from emu.struct import Struct, raw, struct_of, u16, u32, words
from provider.nt.structs.member import code, named, status

CONTEXT_i386 = 0x10000
EXCEPTION_MAXIMUM_PARAMETERS = 15
EXCEPTION_NONCONTINUABLE = 1


class CONTEXT_FLAGS(IntFlag):
    """Which parts of a CONTEXT count."""

    CONTROL = 0x10001
    INTEGER = 0x10002
    SEGMENTS = 0x10004
    FLOATING_POINT = 0x10008
    DEBUG_REGISTERS = 0x10010
    EXTENDED_REGISTERS = 0x10020


CONTEXT_FULL = CONTEXT_FLAGS.CONTROL | CONTEXT_FLAGS.INTEGER | CONTEXT_FLAGS.SEGMENTS
CONTEXT_ALL = (
    CONTEXT_FULL
    | CONTEXT_FLAGS.FLOATING_POINT
    | CONTEXT_FLAGS.DEBUG_REGISTERS
    | CONTEXT_FLAGS.EXTENDED_REGISTERS
)


class FLOATING_SAVE_AREA(Struct):
    """x87 state as FSAVE stores it."""

    ControlWord = u32()
    StatusWord = u32()
    TagWord = u32()
    ErrorOffset = u32()
    ErrorSelector = u32()
    DataOffset = u32()
    DataSelector = u32()
    RegisterArea = raw(80)
    Spare0 = u32()


class CONTEXT(Struct):
    """A thread's user registers."""

    ContextFlags = named("CONTEXT_FLAGS")
    Dr0 = u32()
    Dr1 = u32()
    Dr2 = u32()
    Dr3 = u32()
    Dr6 = u32()
    Dr7 = u32()
    FloatSave = struct_of(FLOATING_SAVE_AREA)
    SegGs = u32()
    SegFs = u32()
    SegEs = u32()
    SegDs = u32()
    Edi = u32()
    Esi = u32()
    Ebx = u32()
    Edx = u32()
    Ecx = u32()
    Eax = u32()
    Ebp = u32()
    Eip = code()
    SegCs = u32()
    EFlags = u32()
    Esp = u32()
    SegSs = u32()
    ExtendedRegisters = raw(512)


def integer_registers(context: CONTEXT) -> tuple[tuple[str, int], ...]:
    """Names and values, as reports show them."""
    names = ("Eax", "Ebx", "Ecx", "Edx", "Esi", "Edi", "Ebp", "Esp", "Eip", "EFlags")
    return tuple((name.lower(), getattr(context, name)) for name in names)


class EXCEPTION_RECORD(Struct):
    """What happened, where, and up to fifteen parameters."""

    ExceptionCode = status()
    ExceptionFlags = named("EXCEPTION_FLAGS")
    ExceptionRecord = u32()
    ExceptionAddress = code()
    NumberParameters = u32()
    ExceptionInformation = words(EXCEPTION_MAXIMUM_PARAMETERS)


class FXSAVE_AREA(Struct):
    """What ExtendedRegisters holds: the FXSAVE image (Intel SDM volume 1, table 10-2)."""

    ControlWord = u16()
    StatusWord = u16()
    TagWord = u16()
    """One bit a register, 1 = not empty."""
    Opcode = u16()
    ErrorOffset = u32()
    ErrorSelector = u32()
    DataOffset = u32()
    DataSelector = u32()
    MxCsr = u32()
    MxCsrMask = u32()
    FloatRegisters = raw(128)
    XmmRegisters = raw(128)
    Reserved = raw(224)
