"""The sink that writes a JSON object for each event, a line each; its schema is published.

The first line names the version of the format.  A file that was cut off can be read up to its last
whole line.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from picorun.events import Event
from picorun.trace.fields import fields_of
from picorun.trace.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Callable

    from picorun.trace import Settings
    from provider.kernel.event_stream import EventStream

VERSION = 1
"""Raised when a reader of the version before would go wrong."""
START = "TraceStart"


class JsonlSink:
    """Writes every event that the settings want."""

    def __init__(self, writer: Writer, settings: Settings) -> None:
        self._writer, self._filter = writer, settings.filter
        self._encoders: dict[type[Event], Callable[[Event], str]] = {}
        writer.write_text(json.dumps({"type": START, "version": VERSION}) + "\n")

    def attach(self, events: EventStream) -> None:
        """Subscribe to everything."""
        events.subscribe(Event, self.write, last=True)

    def write(self, event: Event) -> None:
        """Write one event.  Raises TraceFailed."""
        if self._filter is not None and not self._filter.wants(event):
            return
        encode = self._encoders.get(type(event))
        if encode is None:
            encode = self._encoders[type(event)] = make_encoder(type(event))
        self._writer.write_text(encode(event))

    def close(self) -> None:
        """Write what is left.  Raises TraceFailed."""
        self._writer.close()


def make_encoder(kind: type[Event]) -> Callable[[Event], str]:
    """What makes the line of an event of that type, with its line end."""
    fields = fields_of(kind)
    members = [f'"{field.name}":{"%d" if field.encode is None else "%s"}' for field in fields]
    line = f'{{"type":"{kind.__name__}",{",".join(members)}}}\n'
    encoders = [
        (index, field.encode) for index, field in enumerate(fields) if field.encode is not None
    ]

    def encode(event: Event) -> str:
        values = [*event]
        for index, encode_value in encoders:
            values[index] = encode_value(values[index])
        return line % tuple(values)

    return encode


def open_sink(file: str, settings: Settings) -> JsonlSink:
    """A sink on a file.  Raises TraceFailed."""
    return JsonlSink(Writer(file), settings)
