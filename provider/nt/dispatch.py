"""From `int 2Eh` to a handler and back: one table lookup, the codecs, one catcher of errors."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from provider.kernel.errors import KernelError
from provider.kernel.mm import AccessViolation, ViolationKind
from provider.nt.event import SystemCall
from provider.nt.status import NTSTATUS, NtError, status_name

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from provider.kernel.thread import Thread
    from provider.nt.provider import NtProvider
    from provider.syscall import Syscall

_VIOLATION_STATUS = {
    ViolationKind.ACCESS: NTSTATUS.ACCESS_VIOLATION,
    ViolationKind.GUARD_PAGE: NTSTATUS.GUARD_PAGE_VIOLATION,
    ViolationKind.STACK_OVERFLOW: NTSTATUS.STACK_OVERFLOW,
    ViolationKind.IN_PAGE_ERROR: NTSTATUS.IN_PAGE_ERROR,
}


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
        bound = thread.process.context.calls.get(number)
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
            if self.trace or call.is_async:
                self._dispatch_slowly(thread, call, words)
                return
            values = [*words]
            for index, decode in call.decoders:
                values[index] = decode(space, words[index])
            status = call.handler(thread, *values)
        except (NtError, KernelError, AccessViolation) as error:
            status = status_of(error)
        if status is not KEEP_REGISTERS:
            thread.registers.set_result(status or 0)

    def _dispatch_slowly(self, thread: Thread, call: Syscall, words: tuple[int, ...]) -> None:
        """A call that may wait, or that somebody wants to see."""
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
        handler: Coroutine[None, Any, Any],
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


class _KeepRegisters:
    """The type of `KEEP_REGISTERS`."""


NO_RETURN = "?"
"""Shown for a call whose thread it ended."""
KEEP_REGISTERS = _KeepRegisters()
"""What a handler returns that has set the thread's registers itself, such as NtContinue."""
