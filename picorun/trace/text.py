"""The text sink: one line per system call."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self, TextIO

from provider.syscall import SystemCall

if TYPE_CHECKING:
    from collections.abc import Iterator


class TraceFailed(Exception):
    """The trace cannot be written; the message says where and why."""


class TextSink:
    """Writes `seconds pid.tid Name(Argument=value, ...) = STATUS` for each call.

    `seconds` are the guest's own, since its start, so that two equal runs give equal traces.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    @classmethod
    @contextmanager
    def opened(cls, target: str | None) -> Iterator[Self | None]:
        """A sink on the file `target`, on stderr for "-", none for None.  Raises TraceFailed."""
        if target is None:
            yield None
        elif target == "-":
            yield cls(sys.stderr)
        else:
            with _failures_named(target), open(target, "w", encoding="utf-8") as stream:
                yield cls(stream)

    def __call__(self, event: object) -> None:
        """Write a line for `event` if it is a system call."""
        if isinstance(event, SystemCall):
            with _failures_named(self._stream.name):
                self._stream.write(format_call(event))


def format_call(call: SystemCall) -> str:
    """The line for one call, with its line end."""
    arguments = ", ".join(f"{name}={value}" for name, value in call.arguments)
    seconds = call.time / 10_000_000
    where = f"{seconds:.6f} {call.pid}.{call.tid}"
    return f"{where} {call.name}({arguments}) = {call.status_text}\n"


@contextmanager
def _failures_named(target: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise TraceFailed(f"cannot write the trace to {target}: {error.strerror}") from None
