"""What a trace adds to a system call with four arguments: off, and in two formats."""

from __future__ import annotations

import statistics
import tempfile
import time
from typing import TYPE_CHECKING

from bench.calls import ARGUMENTS_LOOP, boot
from bench.row import Row
from picorun.trace import Settings, jsonl, text
from provider.nt.event import SystemCall

if TYPE_CHECKING:
    from collections.abc import Callable

    from picorun.trace import Sink
    from provider.kernel.event_stream import EventStream

    Listen = Callable[[EventStream], None]

CALLS = 30_000
REPEAT = 5


def rows() -> list[Row]:
    """Microseconds that are added to a call."""
    bare = _microseconds(lambda _: None)
    with tempfile.NamedTemporaryFile() as file:
        figures: dict[str, tuple[Listen, float]] = {
            "off": (_gone, 0.1),
            "text": (_to(text.open_sink, file.name), 25),
            "jsonl": (_to(jsonl.open_sink, file.name), 20),
        }
        return [
            Row(f"trace {name}, added to a call", max(_microseconds(listen) - bare, 0), "us", most)
            for name, (listen, most) in figures.items()
        ]


def _microseconds(listen: Listen) -> float:
    return statistics.median(_seconds(listen) for _ in range(REPEAT)) / CALLS * 1e6


def _seconds(listen: Listen) -> float:
    provider = boot(f"mov edi,{CALLS}; {ARGUMENTS_LOOP}")
    listen(provider.kernel.events)
    start = time.process_time()
    provider.kernel.run()
    return time.process_time() - start


def _gone(events: EventStream) -> None:
    """A listener that has left: what remains is the test whether there is one."""
    events.subscribe(SystemCall, lambda _: None)()


def _to(open_sink: Callable[[str, Settings], Sink], file: str) -> Listen:
    return lambda events: open_sink(file, Settings()).attach(events)
