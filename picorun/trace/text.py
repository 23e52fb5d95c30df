"""The text sink: one line per system call."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from picorun.exit_code import RunFailed
from provider.nt.event import SystemCall

if TYPE_CHECKING:
    from collections.abc import Iterator

_TICKS_PER_SECOND = 10_000_000
_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), 127)}


class TraceFailed(RunFailed):
    """The trace cannot be written; the message says where and why."""


class TextSink:
    """Writes `seconds process.thread Name(Argument=value, ...) = STATUS` for each call.

    `seconds` are the guest's own, since its start, so that two equal runs give equal traces.
    """

    def __init__(self, stream: TextIO, name: str) -> None:
        self._stream, self._name = stream, name

    def __call__(self, event: object) -> None:
        """Write a line for `event` if it is a system call.  Raises TraceFailed."""
        if isinstance(event, SystemCall):
            with _named_failure(self._name):
                self._stream.write(format_call(event))


@contextmanager
def text_sink(target: str | None) -> Iterator[TextSink | None]:
    """A sink on the file `target`, on stderr for "-", none for None.  Raises TraceFailed."""
    if target is None:
        yield None
    elif target == "-":
        yield TextSink(sys.stderr, "stderr")
    else:
        with _named_failure(target):
            stream = open(target, "w", encoding="utf-8", errors="backslashreplace")  # noqa: SIM115
        try:
            yield TextSink(stream, target)
        finally:
            with _named_failure(target):
                stream.close()


def format_call(call: SystemCall) -> str:
    """The line for one call, with its line end."""
    arguments = ", ".join(f"{name}={value}" for name, value in call.arguments)
    seconds = call.time / _TICKS_PER_SECOND
    where = f"{seconds:.6f} {call.process_id}.{call.thread_id}"
    line = f"{where} {call.name}({arguments}) = {call.status_name}"
    return line.translate(_CONTROLS) + "\n"


@contextmanager
def _named_failure(target: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise TraceFailed.by_host(f"cannot write the trace to {target}", error) from None
