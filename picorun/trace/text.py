"""The sink that writes a line of text for each system call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from picorun.events import SystemCall
from picorun.trace.line_writer import LineWriter

if TYPE_CHECKING:
    from picorun.trace import Settings
    from provider.kernel.event_stream import EventStream

_TICKS_PER_SECOND = 10_000_000
_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), 127)}


class TextSink:
    """Writes `seconds process.thread Name(Argument=value, ...) = STATUS` for each call.

    `seconds` are the guest's own, since its start, so that two equal runs give equal traces.
    """

    def __init__(self, writer: LineWriter) -> None:
        self._writer = writer

    def attach(self, events: EventStream) -> None:
        """Subscribe to calls."""
        events.subscribe(SystemCall, self.write, last=True)

    def write(self, call: SystemCall) -> None:
        """Write a line.  Raises TraceFailed."""
        self._writer.write(format_call(call))

    def close(self) -> None:
        """Write what is left.  Raises TraceFailed."""
        self._writer.close()


def format_call(call: SystemCall) -> str:
    """The line for one call, with its line end."""
    arguments = ", ".join(f"{name}={value}" for name, value in call.arguments)
    seconds = call.time / _TICKS_PER_SECOND
    where = f"{seconds:.6f} {call.process_id}.{call.thread_id}"
    line = f"{where} {call.name}({arguments}) = {call.status_name}"
    return line.translate(_CONTROLS) + "\n"


def open_sink(file: str, settings: Settings) -> TextSink:
    """A sink on a file or stderr.  Raises TraceFailed."""
    return TextSink(LineWriter(file))
