"""The sink that writes one page of HTML: the whole trace as data, and what draws it, offline.

Nothing that a guest made up becomes HTML: the data are numbers and JSON, compressed, in base64; the
scripts (`picorun/data/page`) make text of it, and the page's policy lets no other script run.

    8 bytes: offset and length of the header | columns of numbers, each at a multiple of 8 | header

The header is JSON: where the columns are, the strings, and what few events have besides.
"""

from __future__ import annotations

import gzip
import hashlib
import html
import json
import struct
from array import array
from base64 import b64encode
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING, Any

from picorun.events import (
    Event,
    GuestException,
    PageFault,
    ProcessCreate,
    SystemCall,
    SystemCallWait,
    ThreadStateChange,
)
from picorun.trace.fields import fields_of
from picorun.trace.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Callable

    from picorun.trace import Settings
    from provider.kernel.event_stream import EventStream

SEPARATOR = "\x1f"
"""Between the arguments of a call, which are one string."""
_SCRIPTS = ("data.js", "parts.js", "rows.js", "timeline.js", "memory.js", "panels.js", "main.js")
_COLUMNS = {
    "time": "f64",
    "value": "f64",
    "pid": "u32",
    "tid": "u32",
    "name": "u32",
    "detail": "u32",
    "result": "u32",
    "place": "u32",
    "status": "u32",
    "kind": "u8",
}
"""Columns and their types.  `name`, `detail`, `result` and `place` are indexes of strings, `value`
is when a call began or where a page fault was, `kind` an index of types of events."""
_CODES = {"f64": "d", "u32": "I", "u8": "B"}
_ALIGNMENT = 8
_PROLOGUE = struct.Struct("<II")
_COMPRESSION = 6

Row = tuple[str, str, str, str, int, int]
"""name, detail, result, place, value, status"""


class HtmlSink:
    """Collects rows; the page is written in the end, however the run ends."""

    def __init__(self, writer: Writer, settings: Settings) -> None:
        self._writer, self._filter = writer, settings.filter
        self._title = ""
        self._strings: dict[str, int] = {"": 0}
        self._kinds: dict[str, int] = {}
        self._extras: list[tuple[int, dict[str, Any]]] = []
        self._columns = {name: array(_CODES[kind]) for name, kind in _COLUMNS.items()}
        columns = self._columns
        self._appends = [columns[name].append for name in ("name", "detail", "result", "place")]

    def attach(self, events: EventStream) -> None:
        """Subscribe to everything."""
        events.subscribe(Event, self.write, last=True)

    def write(self, event: Event) -> None:
        """Add a row if the event is wanted."""
        if self._filter is not None and not self._filter.wants(event):
            return
        kind = type(event)
        describe = _DESCRIBE.get(kind, _plain_row)
        *texts, value, status = describe(event)
        if kind not in _WHOLE:
            self._extras.append((len(self._columns["kind"]), _members(event)))
        if isinstance(event, ProcessCreate):
            self._title = self._title or event.name
        columns, strings = self._columns, self._strings
        columns["kind"].append(self._kinds.setdefault(kind.__name__, len(self._kinds)))
        columns["time"].append(event.time)
        columns["pid"].append(event.process_id)
        columns["tid"].append(event.thread_id)
        for append, text in zip(self._appends, texts, strict=True):
            append(strings.setdefault(text, len(strings)))
        columns["value"].append(value)
        columns["status"].append(status)

    def close(self) -> None:
        """Write the page.  Raises TraceFailed."""
        try:
            self._writer.write_text(make_page(self._title or "picorun", self._data()))
        finally:
            self._writer.close()

    def _data(self) -> bytes:
        body = bytearray(_PROLOGUE.size)
        places = []
        for name, column in self._columns.items():
            places.append((name, _COLUMNS[name], len(body)))
            body += column.tobytes()
            body += bytes(-len(body) % _ALIGNMENT)
        header = {
            "title": self._title,
            "count": len(self._columns["kind"]),
            "columns": places,
            "kinds": list(self._kinds),
            "strings": list(self._strings),
            "extras": self._extras,
        }
        text = json.dumps(header, separators=(",", ":")).encode()
        _PROLOGUE.pack_into(body, 0, len(body), len(text))
        return bytes(body) + text


def make_page(title: str, data: bytes) -> str:
    """The page around the data; equal data give equal pages."""
    folder = files("picorun").joinpath("data", "page")
    script = "\n".join(folder.joinpath(name).read_text(encoding="utf-8") for name in _SCRIPTS)
    digest = b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    packed = gzip.compress(data, _COMPRESSION, mtime=0)
    return Template(folder.joinpath("page.html").read_text(encoding="utf-8")).substitute(
        TITLE=html.escape(title),
        POLICY=policy,
        STYLE=folder.joinpath("page.css").read_text(encoding="utf-8"),
        DATA=b64encode(packed).decode(),
        SCRIPT=script,
    )


def open_sink(file: str, settings: Settings) -> HtmlSink:
    """A sink on a file.  Raises TraceFailed."""
    return HtmlSink(Writer(file), settings)


def _call(call: SystemCall) -> Row:
    arguments = SEPARATOR.join(f"{name}={value}" for name, value in call.arguments)
    return call.name, arguments, call.status_name, call.caller, call.started, call.status


def _waiting_call(call: SystemCallWait) -> Row:
    arguments = SEPARATOR.join(f"{name}={value}" for name, value in call.arguments)
    return call.name, arguments, "waits", call.caller, 0, 0


def _state(change: ThreadStateChange) -> Row:
    return change.state, change.reason, f"priority {change.priority}", "", 0, 0


def _fault(fault: PageFault) -> Row:
    outcome = "resolved" if fault.resolved else "an exception"
    return "PageFault", f"{fault.access} {fault.address:#x}", outcome, "", fault.address, 0


def _exception(raised: GuestException) -> Row:
    place = raised.location or f"{raised.address:#x}"
    return raised.code_name, place, "first chance" if raised.first_chance else "unhandled", "", 0, 0


def _plain_row(event: Event) -> Row:
    """Any other event: its fields as words."""
    members = _members(event).items()
    text = SEPARATOR.join(f"{name}={_words(value)}" for name, value in members)
    return type(event).__name__, text, "", "", 0, 0


def _words(value: Any) -> str:
    return hex(value) if isinstance(value, int) and value > 9 else str(value)


def _members(event: Event) -> dict[str, Any]:
    """The fields that not every event has; pairs of names and values as objects."""
    own = [field.name for field in fields_of(type(event)) if field.name not in Event.FIELDS]
    return {name: _jsonable(getattr(event, name)) for name in own}


def _jsonable(value: Any) -> Any:
    if isinstance(value, tuple) and value and all(_is_pair(item) for item in value):
        return dict(value)
    return value


def _is_pair(item: object) -> bool:
    return isinstance(item, tuple) and len(item) == 2 and isinstance(item[0], str)


_DESCRIBE: dict[type[Event], Callable[[Any], Row]] = {
    SystemCall: _call,
    SystemCallWait: _waiting_call,
    ThreadStateChange: _state,
    PageFault: _fault,
    GuestException: _exception,
}
_WHOLE = frozenset({SystemCall, SystemCallWait, ThreadStateChange})
"""What a row tells wholly."""
