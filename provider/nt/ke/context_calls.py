"""Calls on thread contexts and exceptions."""

from __future__ import annotations

from typing import Annotated

from provider.codec import STRANGER, Record, Viewer, show_field
from provider.kernel.thread import Thread
from provider.nt import exception
from provider.nt.access import THREAD_GET_CONTEXT, THREAD_SET_CONTEXT
from provider.nt.contents import GIVEN
from provider.nt.context import capture, restore
from provider.nt.dispatch import KEEP_REGISTERS
from provider.nt.handles import live_thread, nt_part
from provider.nt.ke.callback import Reply, return_from_callback
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.context import (
    CONTEXT,
    CONTEXT_FLAGS,
    EXCEPTION_MAXIMUM_PARAMETERS,
    EXCEPTION_RECORD,
)
from provider.nt.table import nt
from provider.nt.types import BOOLEAN, HANDLE, NTSTATUS_VALUE, PVOID, ULONG
from provider.syscall import Ref

_INTERNAL_EXCEPTION = 0x10000000
_MOST_BOOLEAN = 0xFF
_CONTINUE_FLAGS, _CONTINUE_TEST_ALERT = 4, 1
"""Of KCONTINUE_ARGUMENT: the offset of ContinueFlags, and the flag."""
_MEMBERS = {
    CONTEXT_FLAGS.CONTROL: ("Ebp", "Eip", "SegCs", "EFlags", "Esp", "SegSs"),
    CONTEXT_FLAGS.INTEGER: ("Edi", "Esi", "Ebx", "Edx", "Ecx", "Eax"),
    CONTEXT_FLAGS.SEGMENTS: ("SegGs", "SegFs", "SegEs", "SegDs"),
    CONTEXT_FLAGS.FLOATING_POINT: ("FloatSave",),
    CONTEXT_FLAGS.DEBUG_REGISTERS: ("Dr0", "Dr1", "Dr2", "Dr3", "Dr6", "Dr7"),
    CONTEXT_FLAGS.EXTENDED_REGISTERS: ("ExtendedRegisters",),
}


_SHOWN = CONTEXT_FLAGS.CONTROL, CONTEXT_FLAGS.INTEGER, CONTEXT_FLAGS.DEBUG_REGISTERS


class ContextRecord(Record[CONTEXT]):
    """A CONTEXT, shown by the registers that its flags name: integers, and armed breakpoints."""

    def show(self, value: CONTEXT, viewer: Viewer = STRANGER) -> str:
        flags = value.ContextFlags
        names = {name for part in _SHOWN if flags & part == part for name in _MEMBERS[part]}
        names = {"ContextFlags", *names} - {"SegCs", "SegSs"}
        if not (value.Dr6 or value.Dr7):
            names -= set(_MEMBERS[CONTEXT_FLAGS.DEBUG_REGISTERS])
        fields = [field for field in CONTEXT.FIELDS if field.name in names]
        shown = [show_field(value, field, viewer) for field in fields]
        return f"{{{', '.join(shown)}}}"


THREAD_CONTEXT = Annotated[CONTEXT, ContextRecord(CONTEXT)]


@nt.syscall()
def NtContinue(thread: Thread, ThreadContext: THREAD_CONTEXT, TestAlert: BOOLEAN) -> object:
    """Go on with the registers of a context; with `TestAlert`, first run a pending user APC."""
    provider = nt_part(thread.process).provider
    restore(thread, ThreadContext)
    state = thread.wait_state
    if TestAlert and state.alerted:
        state.alerted = False
    elif TestAlert and state.user_apcs:
        provider.deliver_apc(thread, state.user_apcs.popleft())
    return KEEP_REGISTERS


@nt.syscall(partial="A KCONTINUE_ARGUMENT counts by its flag KCONTINUE_FLAG_TEST_ALERT alone.")
def NtContinueEx(thread: Thread, ThreadContext: THREAD_CONTEXT, ContinueArgument: PVOID) -> object:
    """NtContinue, whose second argument may be a structure (ntddk.h of Windows 10)."""
    test_alert = ContinueArgument
    if ContinueArgument > _MOST_BOOLEAN:
        flags = thread.process.space.read(ContinueArgument + _CONTINUE_FLAGS, 4)
        test_alert = int.from_bytes(flags, "little") & _CONTINUE_TEST_ALERT
    return NtContinue(thread, ThreadContext, test_alert)


@nt.syscall()
def NtRaiseException(
    thread: Thread,
    ExceptionRecord: EXCEPTION_RECORD,
    ThreadContext: THREAD_CONTEXT,
    HandleException: BOOLEAN,
) -> object:
    """Raise an exception in a context; without `HandleException` it counts as unhandled."""
    if ExceptionRecord.NumberParameters > EXCEPTION_MAXIMUM_PARAMETERS:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    provider = nt_part(thread.process).provider
    restore(thread, ThreadContext)
    ExceptionRecord.ExceptionCode &= ~_INTERNAL_EXCEPTION
    context = capture(provider.kernel.cpu, thread.registers)
    if ExceptionRecord.ExceptionCode == NTSTATUS.BREAKPOINT:
        context.Eip -= exception.BREAKPOINT_LENGTH
    deliver = exception.dispatch if HandleException else exception.end
    deliver(provider, thread, ExceptionRecord, context)
    return KEEP_REGISTERS


@nt.syscall()
def NtGetContextThread(
    thread: Thread, ThreadHandle: HANDLE, ThreadContext: Ref[THREAD_CONTEXT]
) -> None:
    """Read the parts of a thread's registers that ContextFlags names; the rest stays as it is."""
    target = live_thread(thread, ThreadHandle, THREAD_GET_CONTEXT)
    context = ThreadContext.value
    cpu = nt_part(thread.process).provider.kernel.cpu
    current = capture(cpu, target.registers, context.ContextFlags)
    for part, names in _MEMBERS.items():
        if context.ContextFlags & part == part:
            for name in names:
                setattr(context, name, getattr(current, name))
    ThreadContext.value = context


@nt.syscall()
def NtSetContextThread(
    thread: Thread, ThreadHandle: HANDLE, ThreadContext: THREAD_CONTEXT
) -> object:
    """Set the parts of a thread's registers that ContextFlags names."""
    target = live_thread(thread, ThreadHandle, THREAD_SET_CONTEXT)
    restore(target, ThreadContext)
    integers = ThreadContext.ContextFlags & CONTEXT_FLAGS.INTEGER == CONTEXT_FLAGS.INTEGER
    return KEEP_REGISTERS if target is thread and integers else None


@nt.syscall()
def NtCallbackReturn(
    thread: Thread, OutputBuffer: GIVEN, OutputLength: ULONG, Status: NTSTATUS_VALUE
) -> object:
    """Return from a user-mode callback to the kernel code that made it."""
    return_from_callback(thread, Reply(Status & 0xFFFFFFFF, OutputBuffer, OutputLength))
    return KEEP_REGISTERS
