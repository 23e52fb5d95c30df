"""A system call that somebody listens to: its events, and what listeners change of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emu.ram import PAGE_SIZE
from provider.kernel.errors import KernelError
from provider.nt.buffer import Place, places
from provider.nt.event import SystemCall, SystemCallEntry, SystemCallWait
from provider.nt.handles import CURRENT_PROCESS, CURRENT_THREAD
from provider.nt.status import NTSTATUS, status_name
from provider.syscall import Ref

if TYPE_CHECKING:
    from provider.kernel.process import Process
    from provider.kernel.thread import Thread
    from provider.nt.dispatch import BoundCall
    from provider.nt.provider import NtProvider

Head = tuple[int, int, int, int, int, str, str, tuple[int, ...], str]
_FIRST_ERROR = 0xC0000000
_PSEUDO_HANDLES = {
    CURRENT_PROCESS: "current process",
    CURRENT_THREAD: "current thread",
    0xFFFFFFFC: "current process token",
    0xFFFFFFFB: "current thread token",
    0xFFFFFFFA: "current thread effective token",
}
"""Of processes, threads, and tokens (NtCurrentProcessToken and its kin, ntseapi.h of phnt)."""
_FIRST_PSEUDO_HANDLE = min(_PSEUDO_HANDLES)
NO_RETURN = "?"
"""Stands for the status of a call whose thread it ended."""


class CallTracer:
    """Numbers the calls of a provider, and knows where their events go."""

    def __init__(self, provider: NtProvider) -> None:
        self.events = events = provider.kernel.events
        self.entries = events.channel(SystemCallEntry)
        self.waits = events.channel(SystemCallWait)
        self.ends = events.channel(SystemCall)
        self.calls = 0

    def begin(self, thread: Thread, bound: BoundCall, arguments_va: int) -> TracedCall:
        """A thread makes a call."""
        return TracedCall(self, thread, bound, arguments_va)


class TracedCall:
    """One call: `enter`, `capture`, perhaps `wait`, and `leave`, in this order."""

    __slots__ = (
        "_arguments_va",
        "_bound",
        "_caller",
        "_inputs",
        "_number",
        "_started",
        "_thread",
        "_tracer",
        "_values",
        "_viewer",
        "words",
    )

    def __init__(
        self, tracer: CallTracer, thread: Thread, bound: BoundCall, arguments_va: int
    ) -> None:
        self._tracer, self._thread, self._bound = tracer, thread, bound
        self._arguments_va = arguments_va
        tracer.calls += 1
        self._number, self._started = tracer.calls, tracer.events.clock()
        self._caller = ""
        self.words: tuple[int, ...] = ()
        self._viewer = HandleNames(thread.process)
        self._values: list[Any] = []
        self._inputs: list[str] = []
        """The values captured so far, as the call found them."""

    def enter(self) -> None:
        """Take the argument words from the stack, and let listeners change them.

        AccessViolation.  The word below them is where the call's stub returns to.
        """
        bound, process = self._bound, self._thread.process
        below = process.space.peek(self._arguments_va - 4, 4)
        if below is not None:
            self._caller = process.context.module_at(int.from_bytes(below, "little"))
        if bound.count:
            self.words = bound.unpack(process.space.read(self._arguments_va, bound.count))
        if self._tracer.entries.listeners:
            changed = self._tracer.entries.emit(SystemCallEntry.of(self._head())).words
            if len(changed) != len(self.words):
                raise ValueError(f"{bound.name} has {len(self.words)} argument words")
            self.words = tuple(word & 0xFFFFFFFF for word in changed)

    def capture(self) -> list[Any]:
        """The arguments' values, shown only if somebody listens to what has them.

        NtError, KernelError, AccessViolation of the codecs.
        """
        call, space = self._bound.call, self._thread.process.space
        assert call is not None
        viewer, values, inputs = self._viewer, self._values, self._inputs
        if not (self._tracer.ends.listeners or self._tracer.waits.listeners):
            for (decode, _), word in zip(call.viewers, self.words, strict=True):
                values.append(word if decode is None else decode(space, word))
            return values
        for (decode, show), word in zip(call.viewers, self.words, strict=True):
            value = word if decode is None else decode(space, word)
            values.append(value)
            inputs.append(show(value, viewer))
        for place in places(call):
            if not place.fills:
                inputs[place.at] += self._describe(place)
        return values

    def wait(self) -> None:
        """The call begins to wait."""
        if self._tracer.waits.listeners:
            arguments = self._arguments(self._inputs)
            self._tracer.waits.emit(SystemCallWait(*self._head(), arguments))

    def leave(self, status: int, *, can_change: bool) -> int:
        """The call ends with `status`; returns what listeners make of that."""
        if not self._tracer.ends.listeners:
            return status
        event = SystemCall.of(
            (
                *self._head(),
                self._arguments(self._results(status)),
                status,
                NO_RETURN if self._thread.is_terminated else status_name(status),
                self._started,
            )
        )
        changed = self._tracer.ends.emit(event).status
        return changed & 0xFFFFFFFF if can_change else status

    def _head(self) -> Head:
        """The fields that all events of a call have."""
        bound, thread = self._bound, self._thread
        component = bound.call.component if bound.call is not None else ""
        stamp = self._tracer.events.stamp(thread.process.id, thread.id)
        return *stamp, self._number, bound.name, component, self.words, self._caller

    def _results(self, status: int) -> list[str]:
        """The captured values, those that the call has stored as they are now."""
        call, before = self._bound.call, self._inputs
        if call is None:
            return before
        results, values, viewer = [*before], self._values, self._viewer
        for index, parameter in call.references:
            if index < len(results) and isinstance(values[index], Ref):
                results[index] = parameter.show_result(values[index], before[index], viewer)
        if len(before) == len(call.names) and not self._thread.is_terminated:
            for place in places(call):
                if _has_stored(status) if place.fills else before[place.at][-1] != "]":
                    results[place.at] += self._describe(place)
        return results

    def _describe(self, place: Place) -> str:
        """What is in a buffer; a page that is not there yet may be after the call."""
        return place.describe(self._values, self._viewer, self._tracer.events.shown_bytes)

    def _arguments(self, shown: list[str]) -> tuple[tuple[str, str], ...]:
        """Names and texts; of what is not captured the words."""
        call, words = self._bound.call, self.words
        if call is None:
            return tuple((f"arg{index}", f"{word:#x}") for index, word in enumerate(words))
        if len(shown) < len(words):
            shown = [*shown, *(f"{word:#x}" for word in words[len(shown) :])]
        return tuple(zip(call.names, shown, strict=False))


def _has_stored(status: int) -> bool:
    """Whether a call that ends so has filled its buffers: warnings are about what did not fit."""
    return status < _FIRST_ERROR and status != NTSTATUS.PENDING


class HandleNames:
    """What handles and addresses of a process stand for, for codecs that show them."""

    def __init__(self, process: Process) -> None:
        self._process = process

    def name_of(self, handle: int) -> str:
        """See `codec.Viewer`."""
        if handle >= _FIRST_PSEUDO_HANDLE and handle in _PSEUDO_HANDLES:
            return _PSEUDO_HANDLES[handle]
        try:
            target = self._process.handles.entry(handle).object
        except KernelError:
            return ""
        return target.description() or target.type_name

    def place_of(self, va: int) -> str:
        """See `codec.Viewer`."""
        place: str = self._process.context.module_at(va)
        return place

    def peek(self, va: int, size: int) -> bytes:
        """See `codec.Viewer`."""
        space, found = self._process.space, b""
        while len(found) < size:
            step = min(size - len(found), PAGE_SIZE - (va + len(found)) % PAGE_SIZE)
            piece = space.peek(va + len(found), step)
            if piece is None:
                break
            found += piece
        return found
