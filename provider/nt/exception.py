"""Exceptions: from a CPU vector to an EXCEPTION_RECORD on the user stack, or to the end.

The vector decides the status, as in NT's trap handlers; KiUserExceptionDispatcher then finds

    esp + 0     EXCEPTION_RECORD*
    esp + 4     CONTEXT*
    esp + 8     the record, then the context
"""

from __future__ import annotations

import struct
from functools import partial
from typing import TYPE_CHECKING

from emu.descriptors import USER_DATA
from emu.named_tuple import NamedTuple
from emu.trap import Vector
from provider.kernel.mm import AccessViolation, Violation, ViolationKind
from provider.kernel.mm.violation import EXECUTE, READ, WRITE
from provider.nt.context import capture, make_flat
from provider.nt.crash import Crash
from provider.nt.dbg.report import exception_taken
from provider.nt.divide import divisor
from provider.nt.operand import PREFIXES, modifies_memory
from provider.nt.status import NTSTATUS
from provider.nt.structs.context import EXCEPTION_MAXIMUM_PARAMETERS, EXCEPTION_RECORD

if TYPE_CHECKING:
    from provider.kernel.thread import Thread
    from provider.nt.process import NtThread
    from provider.nt.provider import NtProvider
    from provider.nt.structs.context import CONTEXT
    from provider.pico import ExceptionTrap

NO_ADDRESS = 0xFFFFFFFF
BREAKPOINT_LENGTH = 1
"""How far NT takes EIP back in the context of every STATUS_BREAKPOINT (KiDispatchException)."""
_LOCK = 0xF0
_RPL = 3
_SEGMENT_PREFIXES = {0x26: "es", 0x2E: "cs", 0x36: "ss", 0x3E: "ds", 0x64: "fs", 0x65: "gs"}
_STRING_IO = (b"\x6c", b"\x6d", b"\x6e", b"\x6f")
_PRIVILEGED = frozenset(
    (0xF4, 0xFA, 0xFB, *range(0x6C, 0x70), *range(0xE4, 0xE8), *range(0xEC, 0xF0))
)
_PRIVILEGED_0F = frozenset((0x06, 0x08, 0x09, *range(0x20, 0x24), 0x30, 0x31, 0x32, 0x33, 0x35))
_X87_FLAGS = (
    (0x01, NTSTATUS.FLOAT_INVALID_OPERATION),
    (0x04, NTSTATUS.FLOAT_DIVIDE_BY_ZERO),
    (0x02, NTSTATUS.FLOAT_INVALID_OPERATION),
    (0x08, NTSTATUS.FLOAT_OVERFLOW),
    (0x10, NTSTATUS.FLOAT_UNDERFLOW),
    (0x20, NTSTATUS.FLOAT_INEXACT_RESULT),
)
_X87_STACK_FAULT = 0x40


_EFLAGS_RF = 0x10000
_TRAPS = (Vector.DEBUG, Vector.BREAKPOINT, Vector.OVERFLOW)
"""Exceptions that the CPU reports after the instruction; all others are faults, with RF set in the
EFLAGS that it pushes (Intel SDM volume 3, 17.3.1.1)."""


class Raised(NamedTuple):
    """A status with its parameters; `back` is how far EIP is past the instruction to report.

    `address` is that instruction where it is not found from EIP at all.
    """

    status: int
    parameters: tuple[int, ...] = ()
    back: int = 0
    address: int = 0


def dispatch_trap(provider: NtProvider, thread: Thread, trap: ExceptionTrap) -> None:
    """Give a CPU exception to the guest."""
    raised = _classify(provider, thread, trap)
    context = capture(provider.kernel.cpu, thread.registers)
    address = raised.address or context.Eip - raised.back
    if raised.status == NTSTATUS.BREAKPOINT:
        context.Eip = address
    if trap.vector not in _TRAPS:
        context.EFlags |= _EFLAGS_RF
    dispatch(provider, thread, make_record(raised.status, address, raised.parameters), context)


def make_record(status: int, address: int, parameters: tuple[int, ...] = ()) -> EXCEPTION_RECORD:
    """The record of a continuable exception."""
    padding = (0,) * (EXCEPTION_MAXIMUM_PARAMETERS - len(parameters))
    return EXCEPTION_RECORD(
        ExceptionCode=status,
        ExceptionAddress=address,
        NumberParameters=len(parameters),
        ExceptionInformation=(*parameters, *padding),
    )


def dispatch(
    provider: NtProvider, thread: Thread, record: EXCEPTION_RECORD, context: CONTEXT
) -> None:
    """Offer an exception to the debugger, then to the process's own handlers (first chance)."""
    provider.emit_exception(thread, record, context, first_chance=True)
    handlers = partial(_deliver, provider, thread, record, context)
    if not exception_taken(thread, record, first_chance=True, unhandled=handlers):
        handlers()


def _deliver(
    provider: NtProvider, thread: Thread, record: EXCEPTION_RECORD, context: CONTEXT
) -> None:
    """Send the thread to KiUserExceptionDispatcher; without a usable stack its process ends.

    If the stack ends where the frame should be, the handler is told of that instead: one page more
    has become usable by then.
    """
    if context.SegSs != USER_DATA:  # no stack for frame-based handlers (KiDispatchException)
        end(provider, thread, record, context)
        return
    image = bytes(record) + bytes(context)
    esp = (context.Esp & ~3) - len(image) - 8
    entry = thread.process.context.entries.exception_dispatcher
    try:
        if esp < 0 or not entry:
            raise AccessViolation(Violation(ViolationKind.ACCESS, 1, esp & 0xFFFFFFFF))
        pointers = struct.pack("<2I", esp + 8, esp + 8 + record.SIZE)
        thread.process.space.write(esp, pointers + image)
    except AccessViolation as error:
        overflow = error.violation.kind is ViolationKind.STACK_OVERFLOW
        if overflow and record.ExceptionCode != NTSTATUS.STACK_OVERFLOW:
            raised = _from_violation(error.violation)
            record = make_record(raised.status, record.ExceptionAddress, raised.parameters)
            _deliver(provider, thread, record, context)
        else:
            end(provider, thread, record, context)
        return
    thread.context.latest_exception = record, context
    registers = thread.registers
    make_flat(provider.kernel.cpu, registers)
    eax, ecx, edx, ebx, _, ebp, esi, edi = registers.general()
    registers.set_general((eax, ecx, edx, ebx, esp, ebp, esi, edi))
    registers.eip = entry


def end(provider: NtProvider, thread: Thread, record: EXCEPTION_RECORD, context: CONTEXT) -> None:
    """Second chance: nobody handled the exception; only a debugger can still do that."""
    provider.emit_exception(thread, record, context, first_chance=False)
    fate = partial(_end_process, provider, thread, record, context)
    if not exception_taken(thread, record, first_chance=False, unhandled=fate):
        fate()


def note_own_end(provider: NtProvider, thread: Thread, status: int) -> None:
    """A thread ends its process, past ExitProcess, with the code of the exception that it had last.

    Wine's handler of last resort does that, where NT's leaves it to the second chance.
    """
    part: NtThread = thread.context
    if part.latest_exception is not None:
        record, context = part.latest_exception
        if record.ExceptionCode == status:
            provider.crashed(Crash.of(provider, thread, record, context))


def _end_process(
    provider: NtProvider, thread: Thread, record: EXCEPTION_RECORD, context: CONTEXT
) -> None:
    provider.crashed(Crash.of(provider, thread, record, context))
    provider.routines.terminate_process(thread.process, record.ExceptionCode)


def raise_violation(provider: NtProvider, thread: Thread, violation: Violation) -> None:
    """Let the guest have what the kernel met while it worked on the thread's own stack."""
    raised = _from_violation(violation)
    context = capture(provider.kernel.cpu, thread.registers)
    dispatch(provider, thread, make_record(raised.status, context.Eip, raised.parameters), context)


def _classify(provider: NtProvider, thread: Thread, trap: ExceptionTrap) -> Raised:
    if trap.violation is not None:
        return _page_fault(provider, thread, trap.violation)
    registers = thread.registers
    match trap.vector:
        case Vector.DIVIDE_ERROR:
            if divisor(thread, _code_at(provider, thread)):
                return Raised(NTSTATUS.INTEGER_OVERFLOW)
            return Raised(NTSTATUS.INTEGER_DIVIDE_BY_ZERO)
        case Vector.DEBUG:
            return Raised(NTSTATUS.SINGLE_STEP)
        case Vector.BREAKPOINT:
            return Raised(
                NTSTATUS.BREAKPOINT, (0, registers.ecx, registers.edx), back=BREAKPOINT_LENGTH
            )
        case Vector.OVERFLOW:
            return Raised(NTSTATUS.INTEGER_OVERFLOW, back=1)
        case Vector.BOUND:
            return Raised(NTSTATUS.ARRAY_BOUNDS_EXCEEDED)
        case Vector.INVALID_OPCODE:
            return _invalid_opcode(provider, thread)
        case Vector.X87_ERROR:
            return _x87_error(provider, thread)
        case Vector.ALIGNMENT_CHECK:
            return Raised(NTSTATUS.DATATYPE_MISALIGNMENT)
        case Vector.GENERAL_PROTECTION if _is_privileged(provider, thread):
            return Raised(NTSTATUS.PRIVILEGED_INSTRUCTION)
        case _:
            return Raised(NTSTATUS.ACCESS_VIOLATION, (0, NO_ADDRESS))


def _page_fault(provider: NtProvider, thread: Thread, violation: Violation) -> Raised:
    """A violation of the thread's own access.

    INS and OUTS, and data in a segment that is none, are refused before memory is touched, but the
    engine touches it first; it also reads what an instruction is to change before it asks to write
    it.  Where data may be executed, the CPU has no access of its own for that, and it is a read.
    """
    if (
        violation.access != EXECUTE
        and _code_at(provider, thread).lstrip(PREFIXES)[:1] in _STRING_IO
    ):
        return Raised(NTSTATUS.PRIVILEGED_INSTRUCTION)
    if violation.access != EXECUTE and _uses_null_segment(provider, thread):
        return Raised(NTSTATUS.ACCESS_VIOLATION, (READ, NO_ADDRESS))
    if violation.access == READ and modifies_memory(_code_at(provider, thread)):
        violation = violation._replace(access=WRITE)
    if violation.access == EXECUTE and thread.process.space.execute_data:
        violation = violation._replace(access=READ)
    return _from_violation(violation)


def _from_violation(violation: Violation) -> Raised:
    where = (violation.access, violation.va)
    match violation.kind:
        case ViolationKind.GUARD_PAGE:
            return Raised(NTSTATUS.GUARD_PAGE_VIOLATION, where)
        case ViolationKind.STACK_OVERFLOW:
            return Raised(NTSTATUS.STACK_OVERFLOW, where)
        case ViolationKind.IN_PAGE_ERROR:
            return Raised(NTSTATUS.IN_PAGE_ERROR, (*where, NTSTATUS[violation.reason.name]))
        case _:
            return Raised(NTSTATUS.ACCESS_VIOLATION, where)


def _code_at(provider: NtProvider, thread: Thread) -> bytes:
    return provider.kernel.cpu.read_code(thread.registers.code_va, 15)


def _invalid_opcode(provider: NtProvider, thread: Thread) -> Raised:
    """NT tells a misplaced LOCK prefix from other bad code (KiTrap06)."""
    for byte in _code_at(provider, thread):
        if byte == _LOCK:
            return Raised(NTSTATUS.INVALID_LOCK_SEQUENCE)
        if byte not in PREFIXES:
            break
    return Raised(NTSTATUS.ILLEGAL_INSTRUCTION)


def _uses_null_segment(provider: NtProvider, thread: Thread) -> bool:
    """Whether the instruction's segment register, by its prefix or else DS, holds no segment."""
    selectors = provider.kernel.cpu.read_selectors(thread.registers)
    name = "ds"
    for byte in _code_at(provider, thread):
        if byte not in PREFIXES:
            break
        name = _SEGMENT_PREFIXES.get(byte, name)
    selector: int = getattr(selectors, name)
    return selector & ~_RPL == 0


def _is_privileged(provider: NtProvider, thread: Thread) -> bool:
    """Whether a #GP comes from an instruction that ring 3 may not execute (KiTrap0D)."""
    code = _code_at(provider, thread).lstrip(PREFIXES)
    if not code:
        return False
    if code[0] != 0x0F or len(code) < 3:
        return code[0] in _PRIVILEGED
    extension = code[2] >> 3 & 7
    if code[1] == 0x00:
        return extension in (2, 3)
    if code[1] == 0x01:
        return extension in (2, 3, 6, 7)
    return code[1] in _PRIVILEGED_0F


def _x87_error(provider: NtProvider, thread: Thread) -> Raised:
    """The first unmasked exception in the status word, in KiTrap10's order.

    It is reported at the instruction that caused it; EIP is at a later one, which waited.
    """
    state = provider.kernel.cpu.read_floating(thread.registers)
    address = state.instruction_offset
    pending = state.status & ~state.control & 0x3F
    if pending & 1 and state.status & _X87_STACK_FAULT:
        return Raised(NTSTATUS.FLOAT_STACK_CHECK, (0, 0), address=address)
    for flag, status in _X87_FLAGS:
        if pending & flag:
            return Raised(status, (0,), address=address)
    return Raised(NTSTATUS.FLOAT_INVALID_OPERATION, (0,), address=address)
