"""From `int 2Eh` to a handler and back: one table lookup, the codecs, one catcher of errors."""

from __future__ import annotations

import struct
from collections.abc import Coroutine, Generator
from typing import TYPE_CHECKING, Any

from provider.kernel.errors import KernelError
from provider.kernel.mm import AccessViolation, ViolationKind
from provider.nt.event import SystemCall
from provider.nt.status import NTSTATUS, NtError, status_name

if TYPE_CHECKING:
    from provider.kernel.thread import Thread
    from provider.nt.provider import NtProvider
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
        self.trace = False
        """Whether each call becomes a `SystemCall` event."""

    def dispatch(self, thread: Thread) -> None:
        """The thread executed `int 2Eh`: number in EAX, arguments at EDX."""
        number, _, arguments_va, *_ = thread.registers.general()
        bound = thread.process.context.calls[number]
        if bound is None:
            self._provider.report_unknown(f"system call {number:#x}")
            thread.registers.set_result(NTSTATUS.INVALID_SYSTEM_SERVICE)
            return
        call = bound.call
        if call is None:
            self._refuse(thread, bound, arguments_va)
            return
        try:
            space = thread.process.space
            words = bound.unpack(space.read(arguments_va, bound.count)) if bound.count else ()
            if self.trace:
                self._dispatch_traced(thread, call, words)
                return
            values = [*words]
            for index, decode in call.decoders:
                values[index] = decode(space, words[index])
            status = call.handler(thread, *values)
            if call.is_async:
                self._begin(thread, status)
                return
        except (NtError, KernelError, AccessViolation) as error:
            status = status_of(error)
        if status is not KEEP_REGISTERS:
            thread.registers.set_result(status or 0)

    def _begin(self, thread: Thread, handler: Coroutine[Any, Any, Any]) -> None:
        """Run a call that can wait until it ends or waits.  Raises what the handler raises."""
        try:
            request = handler.send(None)
        except StopIteration as stop:
            self.end(thread, stop.value)
        else:
            call = _PendingCall(self, thread, handler)
            self._provider.kernel.keep_call(thread, call, request)

    def end(self, thread: Thread, status: Any) -> None:
        """Return from a call that could wait."""
        if status is not KEEP_REGISTERS:
            thread.registers.set_result(status or 0)
        if status == _USER_APC:
            self._provider.deliver_apcs(thread, status)

    def _dispatch_traced(self, thread: Thread, call: Syscall, words: tuple[int, ...]) -> None:
        """A call that somebody wants to see."""
        space = thread.process.space
        values: list[Any] = []
        try:
            for parameter, word in zip(call.parameters, words, strict=True):
                values.append(word if parameter.decode is None else parameter.decode(space, word))
            result = call.handler(thread, *values)
        except (NtError, KernelError, AccessViolation) as error:
            self._finish(thread, call, words, values, status_of(error))
            return
        if call.is_async:
            self._provider.kernel.begin_call(
                thread, self._complete(thread, call, words, values, result)
            )
        else:
            self._finish(thread, call, words, values, result)

    async def _complete(
        self,
        thread: Thread,
        call: Syscall,
        words: tuple[int, ...],
        values: list[Any],
        handler: Coroutine[Any, Any, Any],
    ) -> None:
        try:
            status = await handler
        except (NtError, KernelError, AccessViolation) as error:
            status = status_of(error)
        self._finish(thread, call, words, values, status)

    def _finish(
        self, thread: Thread, call: Syscall, words: tuple[int, ...], values: list[Any], status: Any
    ) -> None:
        keep = status is KEEP_REGISTERS
        result = 0 if keep or status is None else status & 0xFFFFFFFF
        if not keep:
            thread.registers.set_result(result)
        if self.trace:
            shown = [
                (parameter.name, parameter.show(value))
                for parameter, value in zip(call.parameters, values, strict=False)
            ]
            shown += [
                (parameter.name, f"{word:#x}")
                for parameter, word in zip(
                    call.parameters[len(values) :], words[len(values) :], strict=True
                )
            ]
            self._report(thread, call.name, tuple(shown), result)
        self._provider.deliver_apcs(thread, result)

    def _refuse(self, thread: Thread, bound: BoundCall, arguments_va: int) -> None:
        """A call that the ntdll has and this kernel does not."""
        self._provider.report_unknown(bound.name)
        thread.registers.set_result(bound.refusal)
        if self.trace:
            try:
                words = bound.unpack(thread.process.space.read(arguments_va, bound.count))
            except AccessViolation:
                words = ()
            shown = tuple((f"arg{index}", f"{word:#x}") for index, word in enumerate(words))
            self._report(thread, bound.name, shown, int(bound.refusal))

    def _report(
        self, thread: Thread, name: str, arguments: tuple[tuple[str, str], ...], status: int
    ) -> None:
        provider = self._provider
        provider.emit(
            SystemCall(
                provider.next_sequence(),
                provider.kernel.clock.interrupt_time(),
                thread.process.id,
                thread.id,
                name,
                arguments,
                status,
                NO_RETURN if thread.is_terminated else status_name(status),
            )
        )


class _PendingCall(Coroutine[Any, Any, None]):
    """A call that waits, as its thread keeps it: what the handler returns becomes the result."""

    __slots__ = ("_dispatcher", "_handler", "_thread")

    def __init__(
        self, dispatcher: Dispatcher, thread: Thread, handler: Coroutine[Any, Any, Any]
    ) -> None:
        self._dispatcher, self._thread, self._handler = dispatcher, thread, handler

    def send(self, value: Any) -> Any:
        """Let the handler go on; StopIteration once the call has returned."""
        try:
            return self._handler.send(value)
        except StopIteration as stop:
            self._dispatcher.end(self._thread, stop.value)
            raise
        except (NtError, KernelError, AccessViolation) as error:
            self._dispatcher.end(self._thread, status_of(error))
            raise StopIteration from None

    def throw(self, *error: Any) -> None:
        """Raise an error where the handler waits."""
        self._handler.throw(*error)

    def close(self) -> None:
        """The thread has ended."""
        self._handler.close()

    def __await__(self) -> Generator[Any, Any, None]:
        return self._handler.__await__()


class _KeepRegisters:
    """The type of `KEEP_REGISTERS`."""


NO_RETURN = "?"
"""Shown for a call whose thread it ended."""
KEEP_REGISTERS = _KeepRegisters()
"""What a handler returns that has set the thread's registers itself, such as NtContinue."""
