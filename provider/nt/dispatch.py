"""From `int 2Eh` to a handler and back: one table lookup, the codecs, one catcher of errors."""

from __future__ import annotations

import struct
from collections.abc import Coroutine, Generator
from typing import TYPE_CHECKING, Any

from provider.kernel.errors import KernelError
from provider.kernel.mm import AccessViolation, ViolationKind
from provider.nt.event import SystemCall, SystemCallEntry, SystemCallWait
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from provider.kernel.thread import Thread
    from provider.nt.provider import NtProvider
    from provider.nt.traced_call import CallTracer, TracedCall
    from provider.syscall import Syscall

_VIOLATION_STATUS = {
    ViolationKind.ACCESS: NTSTATUS.ACCESS_VIOLATION,
    ViolationKind.GUARD_PAGE: NTSTATUS.GUARD_PAGE_VIOLATION,
    ViolationKind.STACK_OVERFLOW: NTSTATUS.STACK_OVERFLOW,
    ViolationKind.IN_PAGE_ERROR: NTSTATUS.IN_PAGE_ERROR,
}
_USER_APC = int(NTSTATUS.USER_APC)


class BoundCall:
    """A number of one ntdll: the call that it stands for, or only its name."""

    __slots__ = ("call", "count", "name", "refusal", "unpack")

    def __init__(
        self,
        name: str,
        call: Syscall | None,
        argument_bytes: int,
        refusal: int = NTSTATUS.NOT_IMPLEMENTED,
    ) -> None:
        """`refusal` is the result where there is no `call`."""
        self.name, self.call, self.refusal = name, call, refusal
        self.count = call.argument_bytes if call is not None else argument_bytes
        self.unpack = struct.Struct(f"<{self.count // 4}I").unpack

    def fail(self, thread: Thread, error: Exception) -> int:
        """What the call returns where its handler raised such an error."""
        return status_of(error)


def status_of(error: Exception) -> int:
    """The status that stands for an error which a guest can cause."""
    if isinstance(error, NtError):
        return error.status
    if isinstance(error, KernelError):
        return NTSTATUS[error.reason.name]
    assert isinstance(error, AccessViolation)
    return _VIOLATION_STATUS[error.violation.kind]


class Dispatcher:
    """Runs the system calls of the threads of one provider."""

    def __init__(self, provider: NtProvider) -> None:
        self._provider = provider
        self._tracer: CallTracer | None = None
        self._is_traced = False
        """Whether anybody listens to calls."""
        provider.kernel.events.follow(
            (SystemCallEntry, SystemCallWait, SystemCall), self._set_traced
        )

    def _set_traced(self, is_traced: bool) -> None:
        self._is_traced = is_traced
        if is_traced and self._tracer is None:
            from provider.nt.traced_call import CallTracer  # few runs are traced

            self._tracer = CallTracer(self._provider)

    def dispatch(self, thread: Thread) -> None:
        """The thread executed `int 2Eh`: number in EAX, arguments at EDX."""
        number, _, arguments_va, *_ = thread.registers.general()
        bound = thread.process.context.calls[number]
        if bound is None:
            self._provider.report_unknown(f"system call {number:#x}")
            thread.registers.set_result(NTSTATUS.INVALID_SYSTEM_SERVICE)
            return
        if self._is_traced:
            self._dispatch_traced(thread, bound, arguments_va)
            return
        call = bound.call
        if call is None:
            self._refuse(thread, bound)
            return
        try:
            space = thread.process.space
            words = bound.unpack(space.read(arguments_va, bound.count)) if bound.count else ()
            values = [*words]
            for index, decode in call.decoders:
                values[index] = decode(space, words[index])
            status = call.handler(thread, *values)
            if call.is_async:
                self._begin(thread, bound, status)
                return
        except (NtError, KernelError, AccessViolation) as error:
            status = bound.fail(thread, error)
        if status is not KEEP_REGISTERS:
            thread.registers.set_result(status or 0)

    def _dispatch_traced(self, thread: Thread, bound: BoundCall, arguments_va: int) -> None:
        """A call that somebody listens to."""
        assert self._tracer is not None
        traced = self._tracer.begin(thread, bound, arguments_va)
        call = bound.call
        status: Any
        try:
            traced.enter()
            if call is None:
                self._provider.report_unknown(bound.name)
                status = bound.refusal
            else:
                status = call.handler(thread, *traced.capture())
                if call.is_async:
                    self._begin(thread, bound, status, traced)
                    return
        except (NtError, KernelError, AccessViolation) as error:
            status = bound.fail(thread, error)
        self.end(thread, status, traced)

    def _begin(
        self,
        thread: Thread,
        bound: BoundCall,
        handler: Coroutine[Any, Any, Any],
        traced: TracedCall | None = None,
    ) -> None:
        """Run a call that can wait until it ends or waits.  Raises what the handler raises."""
        try:
            request = handler.send(None)
        except StopIteration as stop:
            self.end(thread, stop.value, traced)
        else:
            call = _PendingCall(self, thread, bound, handler, traced)
            if traced is not None:
                traced.wait()
            self._provider.kernel.keep_call(thread, call, request)

    def end(self, thread: Thread, status: Any, traced: TracedCall | None = None) -> None:
        """Return from a call that could wait, or that somebody listens to."""
        keep = status is KEEP_REGISTERS
        result = 0 if keep or status is None else status & 0xFFFFFFFF
        if traced is not None:
            result = traced.leave(result, can_change=not keep)
        if not keep:
            thread.registers.set_result(result)
        if result == _USER_APC or thread.wait_state.apc_due:
            self._provider.deliver_apcs(thread, result)

    def _refuse(self, thread: Thread, bound: BoundCall) -> None:
        """A call that the ntdll has and this kernel does not."""
        self._provider.report_unknown(bound.name)
        thread.registers.set_result(bound.refusal)


class _PendingCall(Coroutine[Any, Any, None]):
    """A call that waits, as its thread keeps it: what the handler returns becomes the result."""

    __slots__ = ("_bound", "_dispatcher", "_handler", "_thread", "_traced")

    def __init__(
        self,
        dispatcher: Dispatcher,
        thread: Thread,
        bound: BoundCall,
        handler: Coroutine[Any, Any, Any],
        traced: TracedCall | None,
    ) -> None:
        self._dispatcher, self._thread, self._handler = dispatcher, thread, handler
        self._bound, self._traced = bound, traced

    def send(self, value: Any) -> Any:
        """Let the handler go on; StopIteration once the call has returned."""
        try:
            return self._handler.send(value)
        except StopIteration as stop:
            self._dispatcher.end(self._thread, stop.value, self._traced)
            raise
        except (NtError, KernelError, AccessViolation) as error:
            result = self._bound.fail(self._thread, error)
            self._dispatcher.end(self._thread, result, self._traced)
            raise StopIteration from None

    def throw(self, *error: Any) -> None:
        """Raise an error where the handler waits."""
        self._handler.throw(*error)

    def close(self) -> None:
        """The thread has ended."""
        self._handler.close()
        if self._traced is not None:
            self._traced.leave(0, can_change=False)

    def __await__(self) -> Generator[Any, Any, None]:
        return self._handler.__await__()


class _KeepRegisters:
    """The type of `KEEP_REGISTERS`."""


KEEP_REGISTERS = _KeepRegisters()
"""What a handler returns that has set the thread's registers itself, such as NtContinue."""
