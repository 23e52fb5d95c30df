"""Reads traces that were written as JSON lines, one event at a time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from picorun.exit_code import RunFailed
from picorun.trace.jsonl import START, VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

Record = dict[str, Any]
_HOW = "Write one with 'picorun --trace jsonl:FILE …'."


class TraceUnreadable(RunFailed):
    """A file is no trace, or a broken one; the text says where."""


def read_trace(file: str) -> Iterator[Record]:
    """The events of a trace as objects; a last line that was cut off is left out.

    Raises TraceUnreadable, at once for a file that is none.
    """
    records = _records(file)
    first = next(records, None)
    if first is None or first.get("type") != START:
        raise TraceUnreadable(f"{file}: this is no trace in JSON lines", _HOW)
    if first.get("version") != VERSION:
        words = f"{file}: a trace of version {first.get('version')}; {VERSION} can be read"
        raise TraceUnreadable(words, "Write it again with this picorun.")
    return records


def _records(file: str) -> Iterator[Record]:
    try:
        with open(file, "rb") as stream:
            for number, line in enumerate(stream, 1):
                if line.endswith(b"\n"):
                    yield _parse(file, number, line)
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
