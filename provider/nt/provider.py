"""The NT provider: receives every system call and exception of its processes."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from functools import cached_property, partial
from typing import TYPE_CHECKING

from emu.trap import Vector
from provider.kernel.errors import KernelError
from provider.kernel.events import ApcDelivery
from provider.kernel.mm import AccessViolation
from provider.nt import apc, exception
from provider.nt.cm.seed import store
from provider.nt.context import capture, make_flat
from provider.nt.dbg.report import process_ended, thread_ended
from provider.nt.dispatch import Dispatcher
from provider.nt.event import DebugPrint, GuestException
from provider.nt.ex.executive import Executive
from provider.nt.ex.noise import Noise
from provider.nt.handles import nt_part
from provider.nt.ke.callback import Reply, return_from_callback
from provider.nt.mm.images import ImageCache
from provider.nt.ps.job import leave_jobs
from provider.nt.shared_data import SharedUserData
from provider.nt.status import NTSTATUS, NtError, status_name
from provider.nt.structs.context import (
    CONTEXT,
    EXCEPTION_MAXIMUM_PARAMETERS,
    EXCEPTION_NONCONTINUABLE,
    EXCEPTION_RECORD,
    integer_registers,
)
from provider.nt.userland import make_gate, recognise
from provider.pico import ExceptionTrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from loader.image import Image
    from provider.kernel.kernel import Kernel
    from provider.kernel.process import Process
    from provider.kernel.thread import Thread
    from provider.nt.crash import Crash
    from provider.nt.csr.server import Server
    from provider.nt.process import NtProcess, NtThread, UserApc
    from provider.nt.userland import Userland
    from provider.nt.win32k.desktop import Desktop

SYSTEM_CALL_VECTOR = 0x2E
SYSENTER_ARGUMENTS = 8
"""From EDX to the arguments at SYSENTER: the return addresses of the stub and of its tail."""
DEBUG_SERVICE_VECTOR = 0x2D
ASSERT_VECTOR = 0x2C
FAST_FAIL_VECTOR = 0x29
CALLBACK_RETURN_VECTOR = 0x2B
_INT_N_LENGTH = 2
_DEBUG_PRINT = 1
_LONGEST_PRINT = 0x8000
"""Characters of OutputDebugString that are told, as many as a UNICODE_STRING holds."""
_SERVED_WITHOUT_DEBUGGER = (_DEBUG_PRINT, 3, 4, 5)
"""BREAKPOINT_PRINT, LOAD_SYMBOLS, UNLOAD_SYMBOLS, COMMAND_STRING."""
_PRINTED_STRINGS: dict[int, str] = {
    NTSTATUS.DBG_PRINTEXCEPTION_C: "latin-1",
    NTSTATUS.DBG_PRINTEXCEPTION_WIDE_C: "utf-16-le",
}
"""OutputDebugString's exceptions: parameters are the length with the zero and the address."""


def _free_memory(thread: Thread) -> None:
    """Give back TEB and stack of a thread that has ended, where the process lives on."""
    process, context = thread.process, thread.context
    if process.exit_status is not None or not process.threads:
        return
    for va in (context.teb_va, context.stack_va):
        if va:
            with suppress(KernelError):
                process.space.release(va)


class NtProvider:
    """One NT personality over one kernel."""

    name = "nt"

    def __init__(self, kernel: Kernel, *, seed: int = 0) -> None:
        """`seed` is where the guests' random numbers begin."""
        self.kernel = kernel
        self._events = kernel.events
        self.routines = kernel.register_provider(self)
        self.dispatcher = Dispatcher(self)
        self.images = ImageCache()
        self.shared_data = SharedUserData(kernel, seed)
        self.executive = Executive(kernel)
        self.noise = Noise(seed)
        self._userlands: dict[Image, Userland] = {}
        self.crash: Crash | None = None
        """The first unhandled exception."""
        self.unknown_calls: Counter[str] = Counter()
        """How often guests made each call that is not implemented."""
        self.on_unknown: Callable[[str], None] = lambda name: None
        """Called at the first use of each such call."""
        self.load_failure: str | None = None
        """Why the guest's loader could not start the program, in words."""
        self.exit_statuses: dict[int, int] = {}
        kernel.on_tick = self._tick

    @cached_property
    def gate_frame(self) -> int:
        """The frame of the code at `GATE_VA`.  KernelError."""
        return make_gate(self.kernel)

    @cached_property
    def subsystem(self) -> Server:
        """The Windows subsystem's server.  KernelError."""
        from provider.nt.csr.server import Server

        return Server(self)

    @cached_property
    def desktop(self) -> Desktop:
        """Where windows are."""
        from provider.nt.win32k.desktop import Desktop

        return Desktop(self.executive.atoms)

    @property
    def _has_desktop(self) -> bool:
        return "desktop" in vars(self)

    def start_servers(self) -> None:
        """Somebody wants to connect to a port: let the kernel's own servers have theirs.

        KernelError.
        """
        self.subsystem  # noqa: B018  made at the first look

    def userland_of(self, ntdll: Image) -> Userland:
        """What to know of an ntdll; shared user data and registry tell of the latest one.

        ImageError.
        """
        userland = self._userlands.get(ntdll)
        if userland is None:
            userland = self._userlands[ntdll] = recognise(ntdll)
            self.shared_data.describe(userland)
            store(self.executive.registry, userland.registry)
        return userland

    def emit_exception(
        self, thread: Thread, record: EXCEPTION_RECORD, context: CONTEXT, *, first_chance: bool
    ) -> None:
        """Tell of an exception, and of what it prints if that is what it is for."""
        encoding = _PRINTED_STRINGS.get(record.ExceptionCode)
        if encoding is not None and first_chance:
            length, va, *_ = record.ExceptionInformation
            size = min(length, _LONGEST_PRINT) * (1 if encoding == "latin-1" else 2)
            self._emit_print(thread, va, size, encoding)
        exceptions = self._events.channel(GuestException)
        if exceptions.listeners:
            code, address = record.ExceptionCode, record.ExceptionAddress
            count = min(record.NumberParameters, EXCEPTION_MAXIMUM_PARAMETERS)
            exceptions.emit(
                GuestException(
                    *self._events.stamp(thread.process.id, thread.id),
                    code,
                    status_name(code),
                    address,
                    thread.process.context.module_at(address),
                    first_chance,
                    record.ExceptionInformation[:count],
                    integer_registers(context),
                )
            )

    def _emit_print(self, thread: Thread, va: int, size: int, encoding: str = "latin-1") -> None:
        prints = self._events.channel(DebugPrint)
        if prints.listeners:
            try:
                text = thread.process.space.read(va, size).decode(encoding, "replace")
            except AccessViolation:
                return
            stamp = self._events.stamp(thread.process.id, thread.id)
            prints.emit(DebugPrint(*stamp, text.rstrip("\0")))

    def emit_apc(self, thread: Thread, routine: int) -> None:
        """Tell of a user APC that a thread goes to."""
        deliveries = self._events.channel(ApcDelivery)
        if deliveries.listeners:
            stamp = self._events.stamp(thread.process.id, thread.id)
            location = thread.process.context.module_at(routine)
            deliveries.emit(ApcDelivery(*stamp, "user", routine, location))

    def report_unknown(self, name: str) -> None:
        """A guest made a call that this kernel does not have."""
        self.unknown_calls[name] += 1
        if self.unknown_calls[name] == 1:
            self.on_unknown(name)

    def crashed(self, crash: Crash) -> None:
        """A process is about to end by an exception."""
        if self.crash is None:
            self.crash = crash

    def dispatch_system_call(self, thread: Thread, vector: int) -> None:
        """See `PicoProvider`."""
        if vector == SYSTEM_CALL_VECTOR:
            self.dispatcher.dispatch(thread)
        elif vector == Vector.SYSENTER:
            thread.registers.edx += SYSENTER_ARGUMENTS
            self.dispatcher.dispatch(thread)
        elif vector == DEBUG_SERVICE_VECTOR:
            self._debug_service(thread)
        elif vector == ASSERT_VECTOR:
            self._raise(thread, NTSTATUS.ASSERTION_FAILURE, back=_INT_N_LENGTH)
        elif vector == FAST_FAIL_VECTOR:
            self._fast_fail(thread)
        elif vector == CALLBACK_RETURN_VECTOR:
            self._callback_return(thread)
        else:  # no gate for ring 3: a general protection fault at the instruction
            thread.registers.eip -= _INT_N_LENGTH
            trap = ExceptionTrap(Vector.GENERAL_PROTECTION, vector * 8 + 2, None)
            exception.dispatch_trap(self, thread, trap)

    def dispatch_exception(self, thread: Thread, trap: ExceptionTrap) -> None:
        """See `PicoProvider`."""
        exception.dispatch_trap(self, thread, trap)

    def exit_thread(self, thread: Thread) -> None:
        """See `PicoProvider`: TEB and stack are given back, unless the guest did that already."""
        context: NtThread = thread.context
        self.executive.registry.run_down(thread)
        if self._has_desktop:
            self.desktop.thread_ended(thread)
        context.exit_time = self.kernel.clock.system_time()
        if context.terminate_ports or thread.process.context.exception_port is not None:
            # Imported here: few threads have anybody who wants to know.
            from provider.nt.lpc.reply import tell_of_end

            tell_of_end(thread)
        if not thread_ended(thread, partial(_free_memory, thread)):
            _free_memory(thread)

    def postpones_end(self, process: Process) -> bool:
        """See `PicoProvider`: a debugger sees the memory until it continues the last event."""
        return nt_part(process).is_end_reported

    def exit_process(self, process: Process) -> None:
        """See `PicoProvider`."""
        leave_jobs(process)
        if self._has_desktop:
            self.desktop.process_ended(process)
        context: NtProcess = process.context
        context.set_exception_port(None)
        if context.ldt is not None:
            context.ldt.delete()
        process_ended(process)
        status = process.exit_status or 0
        self.exit_statuses[process.id] = status

    def terminate_process(self, process: Process, status: int) -> None:
        """See `PicoProvider`."""
        self.routines.terminate_process(process, status)

    def _tick(self) -> None:
        """Virtual time may have moved."""
        self.shared_data.update()
        self.executive.timed_jobs.check()

    def deliver_apcs(self, thread: Thread, status: int) -> None:
        """Before a call that ended with `status` returns: deliver a user APC if it says so."""
        state = thread.wait_state
        due, state.apc_due = state.apc_due, False
        if state.user_apcs and (due or status == NTSTATUS.USER_APC):
            self.deliver_apc(thread, state.user_apcs.popleft())

    def deliver_apc(self, thread: Thread, user_apc: UserApc) -> None:
        """Send the thread to KiUserApcDispatcher, or what its stack lacks to the guest."""
        registers = thread.registers
        context = capture(self.kernel.cpu, registers)
        try:
            frame = thread.process.context.userland.apc_frame
            esp = apc.push_frame(thread.process.space, registers.esp, frame, user_apc, context)
        except AccessViolation as error:
            exception.raise_violation(self, thread, error.violation)
            return
        make_flat(self.kernel.cpu, registers)
        registers.esp = esp
        registers.eip = thread.process.context.entries.apc_dispatcher
        self.emit_apc(thread, user_apc.routine)

    def _raise(
        self, thread: Thread, status: int, parameters: tuple[int, ...] = (), *, back: int = 0
    ) -> None:
        """Raise a software exception `back` bytes before EIP."""
        thread.registers.eip -= back
        context = capture(self.kernel.cpu, thread.registers)
        record = exception.make_record(status, context.Eip, parameters)
        exception.dispatch(self, thread, record, context)

    def _debug_service(self, thread: Thread) -> None:
        """`int 2Dh` without a kernel debugger: nothing to print or load, or a breakpoint.

        Service number in EAX, arguments in ECX and EDX (KiDebugService).  The thread goes on past
        the byte that follows the instruction, which is a breakpoint for the case that nobody serves
        the call; the exception is reported at that byte.
        """
        registers = thread.registers
        registers.eip += exception.BREAKPOINT_LENGTH
        if registers.eax in _SERVED_WITHOUT_DEBUGGER:
            if registers.eax == _DEBUG_PRINT:
                self._emit_print(thread, registers.ecx, registers.edx & 0xFFFF)
            return
        context = capture(self.kernel.cpu, registers)
        context.Eip -= exception.BREAKPOINT_LENGTH
        parameters = registers.eax, registers.ecx, registers.edx
        record = exception.make_record(NTSTATUS.BREAKPOINT, context.Eip, parameters)
        exception.dispatch(self, thread, record, context)

    def _callback_return(self, thread: Thread) -> None:
        """`int 2Bh`: NtCallbackReturn with the buffer in ECX, its length in EDX, status in EAX."""
        registers = thread.registers
        try:
            return_from_callback(thread, Reply(registers.eax, registers.ecx, registers.edx))
        except NtError as error:
            registers.set_result(error.status)

    def _fast_fail(self, thread: Thread) -> None:
        """`int 29h`: the process ends at once, no handler is asked (__fastfail)."""
        registers = thread.registers
        registers.eip -= _INT_N_LENGTH
        context = capture(self.kernel.cpu, registers)
        record = exception.make_record(
            NTSTATUS.STACK_BUFFER_OVERRUN, registers.eip, (registers.ecx,)
        )
        record.ExceptionFlags = EXCEPTION_NONCONTINUABLE
        exception.end(self, thread, record, context)
