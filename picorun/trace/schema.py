"""The JSON Schema of the lines of a trace, made from the declarations of the events."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from picorun.events import EVENT_TYPES
from picorun.trace.fields import fields_of
from picorun.trace.jsonl import START, VERSION

if TYPE_CHECKING:
    from provider.kernel.event_stream import Event

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def make_schema() -> Schema:
    """The schema of one line, whichever it is."""
    start = _object(
        START,
        "The first line: the version of the format.",
        {"version": {"const": VERSION}},
    )
    definitions = {START: start, **{kind.__name__: _event(kind) for kind in EVENT_TYPES}}
    return {
        "$schema": DIALECT,
        "title": f"A line of a picorun trace, version {VERSION}",
        "description": (
            "Times are virtual, in 100 ns since the start; ids of 0 stand for no process or thread."
        ),
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in definitions],
        "$defs": definitions,
    }


def _event(kind: type[Event]) -> Schema:
    words = inspect.cleandoc(kind.__doc__ or "")
    return _object(kind.__name__, words, {field.name: field.schema for field in fields_of(kind)})


def _object(name: str, words: str, members: Schema) -> Schema:
    properties = {"type": {"const": name}, **members}
    return {
        "type": "object",
        "description": words,
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
