"""The limits of a run that its machine watches: the guest's time, its calls, its output."""

from __future__ import annotations

from typing import TYPE_CHECKING

from picorun.exit_code import LimitReached
from provider.kernel.io.stream import HostStream
from provider.kernel.ke.clock import UNITS_PER_SECOND
from provider.nt.dispatch import Dispatcher

if TYPE_CHECKING:
    from collections.abc import Iterable

    from picorun.options import Options
    from provider.kernel.kernel import Kernel
    from provider.kernel.thread import Thread
    from provider.nt.provider import NtProvider
    from provider.nt.win32k.desktop import Desktop


WINDOW_SECONDS = 600
"""How long a window may wait for a user, in virtual time, where no other limit is set."""


class OutputBudget:
    """Bytes that may yet be written to all streams together."""

    def __init__(self, most: int) -> None:
        self._most = self._left = most

    def take(self, wanted: int) -> int:
        """How many of so many bytes may go out."""
        allowed = min(wanted, self._left)
        self._left -= allowed
        return allowed

    def exceeded(self) -> LimitReached:
        """What ends the run."""
        return LimitReached(f"stopped after {self._most} bytes of output (--max-output)")


class LimitedStream(HostStream):
    """A stream whose output counts; the bytes that the budget allows still go out."""

    def __init__(self, stream: HostStream, budget: OutputBudget) -> None:
        self._stream, self._budget = stream, budget
        self.kind = stream.kind

    def write(self, data: bytes) -> None:
        """Raises LimitReached."""
        allowed = self._budget.take(len(data))
        self._stream.write(data[:allowed])
        if allowed < len(data):
            raise self._budget.exceeded()

    def read(self, size: int) -> bytes:
        return self._stream.read(size)

    def seek(self, offset: int) -> None:
        self._stream.seek(offset)

    def size(self) -> int:
        return self._stream.size()

    def fileno(self) -> int | None:
        return self._stream.fileno()

    def terminal_size(self) -> tuple[int, int] | None:
        return self._stream.terminal_size()

    def set_raw(self, *, raw: bool, signals: bool) -> None:
        self._stream.set_raw(raw=raw, signals=signals)

    def restore(self) -> None:
        self._stream.restore()


def limit_output(streams: Iterable[HostStream], most: int) -> list[HostStream]:
    """The streams, to which `most` bytes may be written together."""
    budget = OutputBudget(most)
    return [LimitedStream(stream, budget) for stream in streams]


class CountingDispatcher(Dispatcher):
    """Ends the run before the call after the last that is allowed."""

    def __init__(self, provider: NtProvider, most: int) -> None:
        super().__init__(provider)
        self._most = self._left = most

    def dispatch(self, thread: Thread) -> None:
        """Raises LimitReached."""
        if not self._left:
            raise LimitReached(f"stopped after {self._most} system calls (--max-calls)")
        self._left -= 1
        super().dispatch(thread)


def watch(options: Options, kernel: Kernel, provider: NtProvider) -> None:
    """Let the run end where `options` says so."""
    if options.max_virtual_time is not None:
        _limit_time(kernel, options.max_virtual_time)
    if options.max_calls is not None:
        provider.dispatcher = CountingDispatcher(provider, options.max_calls)


class WindowWatch:
    """Ends the run if windows are up for too long, for nobody will use them."""

    def __init__(self, kernel: Kernel, desktop: Desktop) -> None:
        self._kernel, self._desktop = kernel, desktop
        self._due: int | None = None
        """None while no window is known to be up."""
        self._on_tick, kernel.on_tick = kernel.on_tick, self._tick

    def begin(self) -> None:
        """A window comes up."""
        if self._due is None:
            self._due = self._kernel.clock.interrupt_time() + WINDOW_SECONDS * UNITS_PER_SECOND

    def _tick(self) -> None:
        """Raises LimitReached."""
        self._on_tick()
        if self._due is None or self._kernel.clock.interrupt_time() < self._due:
            return
        if self._desktop.shows_windows:
            raise LimitReached(
                f"stopped: a window was up for {WINDOW_SECONDS} seconds of virtual time, and "
                "nobody is there to use it (--max-virtual-time sets another limit)"
            )
        self._due = None


def _limit_time(kernel: Kernel, seconds: float) -> None:
    """End the run at the first tick that is not before `seconds` of virtual time."""
    due = round(seconds * UNITS_PER_SECOND)
    on_tick = kernel.on_tick

    def tick() -> None:
        on_tick()
        if kernel.clock.interrupt_time() >= due:
            text = f"stopped after {seconds:g} seconds of virtual time (--max-virtual-time)"
            raise LimitReached(text)

    kernel.on_tick = tick
    kernel.tick_at(due)
