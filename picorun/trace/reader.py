"""Reads traces that were written as JSON lines, one event at a time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from picorun.exit_code import RunFailed
from picorun.trace.jsonl import START, VERSION
from provider.kernel.event_stream import Event

if TYPE_CHECKING:
    from collections.abc import Iterator

Record = dict[str, Any]
_HOW = "Write one with 'picorun --trace jsonl:FILE …'."


class TraceUnreadable(RunFailed):
    """A file is no trace, or a broken one; the text says where."""


def read_trace(file: str) -> Iterator[Record]:
    """The events of a trace as objects; a last line that was cut off is left out.

    Each has a `type`, which is text, and the numbers of its stamp; what else it has is not checked.
    Raises TraceUnreadable, at once for a file that is none.
    """
    lines = _lines(file)
    first = next(lines, (0, {}))[1]
    if first.get("type") != START:
        raise TraceUnreadable(f"{file}: this is no trace in JSON lines", _HOW)
    if first.get("version") != VERSION:
        words = f"{file}: a trace of version {first.get('version')}; {VERSION} can be read"
        raise TraceUnreadable(words, "Write it again with this picorun.")
    return _events(file, lines)


def _events(file: str, lines: Iterator[tuple[int, Record]]) -> Iterator[Record]:
    for number, record in lines:
        stamp = [record.get(name) for name in Event.FIELDS]
        if not isinstance(record.get("type"), str) or not all(map(_is_number, stamp)):
            raise TraceUnreadable(f"{file}:{number}: this line is no event", _HOW)
        yield record


def _is_number(part: Any) -> bool:
    return type(part) is int and 0 <= part < 1 << 64


def _lines(file: str) -> Iterator[tuple[int, Record]]:
    """The objects in the whole lines, with the lines' numbers."""
    try:
        with open(file, "rb") as stream:
            for number, line in enumerate(stream, 1):
                if line.endswith(b"\n"):
                    yield number, _parse(file, number, line)
    except OSError as error:
        raise TraceUnreadable.by_host(file, error) from None


def _parse(file: str, number: int, line: bytes) -> Record:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        record = None
    if not isinstance(record, dict):
        raise TraceUnreadable(f"{file}:{number}: this line is no event", _HOW)
    return record
