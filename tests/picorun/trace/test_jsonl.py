from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from picorun.events import EVENT_TYPES, GuestException, PageFault, SystemCall
from picorun.trace import Target, open_sinks
from picorun.trace.fields import fields_of
from picorun.trace.jsonl import make_encoder
from provider.kernel.event_stream import Event, EventStream


class Unknown(Event):
    """An event with a field that no format knows."""

    value: float


def _decoded(event: Event) -> dict[str, Any]:
    line = make_encoder(type(event))(event)
    assert line.endswith("}\n")
    assert line.count("\n") == 1
    decoded: dict[str, Any] = json.loads(line)
    return decoded


def test_a_field_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(TypeError, match="no type of a field"):
        fields_of(Unknown)


def test_every_kind_of_value() -> None:
    fault = PageFault(1, 2, 8, 12, 0x1000, "write", ("shared", "copy"), True, 7)
    assert _decoded(fault) == {
        "type": "PageFault",
        "sequence": 1,
        "time": 2,
        "process_id": 8,
        "thread_id": 12,
        "address": 0x1000,
        "access": "write",
        "kinds": ["shared", "copy"],
        "resolved": True,
        "resident": 7,
    }
    head = (1, 2, 8, 12, 0xC0000005, "STATUS_ACCESS_VIOLATION", 0x401000, "a.exe+0x1000")
    raised = GuestException(*head, False, (1, 0x10), (("eax", 7), ("ebx", 8)))
    assert _decoded(raised)["parameters"] == [1, 16]
    assert _decoded(raised)["registers"] == {"eax": 7, "ebx": 8}


def test_a_guests_names_do_not_break_lines() -> None:
    name = 'a"\\\n\r\u2028\x00\ud800</script>'
    head = (1, 2, 8, 12, 1, "NtClose", "nt/ob", (4,), "")
    call = SystemCall(*head, (("Handle", name),), 0, "STATUS_SUCCESS", 2)
    assert _decoded(call)["arguments"] == {"Handle": name}


def test_all_types_can_be_written() -> None:
    for kind in EVENT_TYPES:
        assert [field.name for field in fields_of(kind)] == list(kind.FIELDS)


def test_the_file_begins_with_the_version(tmp_path: Path) -> None:
    events = EventStream()
    with open_sinks([Target("jsonl", str(tmp_path / "trace"))]) as (sink,):
        sink.attach(events)
        events.channel(PageFault).emit(PageFault(1, 2, 8, 12, 0, "read", (), False, 0))
    first, second = map(json.loads, (tmp_path / "trace").read_text().splitlines())
    assert first == {"type": "TraceStart", "version": 1}
    assert second["type"] == "PageFault"
