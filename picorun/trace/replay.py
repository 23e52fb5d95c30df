"""Events out of a trace that was written before, told once more to the sinks of other formats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from picorun.events import EVENT_TYPES, Event
from picorun.trace import TraceFailed
from picorun.trace.fields import fields_of
from picorun.trace.reader import TraceUnreadable, read_trace
from provider.kernel.event_stream import EventStream

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from picorun.trace import Sink
    from picorun.trace.fields import Field, Schema

LIVE = ("perfetto", "drcov")
"""Formats that are made of events which only a run tells."""
_WORDS = ("process_id", "thread_id", "status")
"""Fields that have 32 bits."""


def stored_events(file: str) -> Iterator[Event]:
    """The events of a trace in JSON lines.  Raises TraceUnreadable."""
    kinds = {kind.__name__: kind for kind in EVENT_TYPES}
    for record in read_trace(file):
        kind = kinds.get(record["type"])
        if kind is None:
            raise _foreign(file, record, "there is no such type of event")
        try:
            values = [_field(record, field) for field in fields_of(kind)]
        except KeyError as error:
            raise _foreign(file, record, f"{error} is missing") from None
        except TypeError as error:
            raise _foreign(file, record, str(error)) from None
        yield kind(*values)


def replay(events: Iterator[Event], sinks: Sequence[Sink]) -> None:
    """Tell `sinks` what a run has told.  Raises what reading and writing do."""
    stream = EventStream()
    for sink in sinks:
        sink.attach(stream)
    for event in events:
        stream.channel(type(event)).emit(event)


def check_format(name: str) -> None:
    """Raises TraceFailed for a format that no stored trace is enough for."""
    if name in LIVE:
        words = f"{name} cannot be made from a trace that was written before"
        raise TraceFailed(words, f"Let the run write it: picorun --trace={name}:FILE …")


def _field(record: dict[str, Any], field: Field) -> Any:
    """A field's value.  KeyError if it is missing, TypeError for one that does not fit."""
    value = _value(record[field.name], field.schema)
    if field.name in _WORDS and not 0 <= value < 1 << 32:
        raise TypeError(f"{value} is no {field.name}")
    return value


def _value(value: Any, schema: Schema) -> Any:
    """A field's value from its JSON.  TypeError for one that does not fit."""
    kind = schema.get("type")
    if kind == "object" and isinstance(value, dict):
        inner = schema["additionalProperties"]
        return tuple((name, _value(member, inner)) for name, member in value.items())
    if kind == "array" and isinstance(value, list):
        return tuple(_value(member, schema["items"]) for member in value)
    fits = {
        "integer": type(value) is int and abs(value) < 1 << 64,
        "string": isinstance(value, str),
        "boolean": isinstance(value, bool),
    }
    if fits.get(kind, False) if kind else value in schema["enum"]:
        return value
    raise TypeError(f"{str(value)[:40]!r} is no value of a field")


def _foreign(file: str, record: dict[str, Any], words: str) -> TraceUnreadable:
    where = f"{file}: event {record.get('sequence', '?')} ({str(record.get('type'))[:40]!r})"
    return TraceUnreadable(f"{where}: {words}", "Write the trace again with this picorun.")
