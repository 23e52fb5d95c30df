"""Stored traces: records that lie, then other formats out of them."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from picorun.cli import main
from picorun.events import SystemCall
from picorun.trace.jsonl import make_encoder
from picorun.trace.reader import TraceUnreadable
from picorun.trace.replay import stored_events
from tests.guests import picorun
from tests.picorun.trace.test_diff import JSON

Capture = pytest.CaptureFixture[str]
START = '{"type":"TraceStart","version":1}\n'
CALL = SystemCall(
    1, 20, 8, 12, 1, "NtClose", "nt/ob", (16,), "ntdll.dll+0x1", (("Handle", "0x10"),), 0,
    "STATUS_SUCCESS", 10,
)  # fmt: skip
RECORD: dict[str, Any] = json.loads(make_encoder(SystemCall)(CALL))


def _file(path: Path, *records: object) -> Path:
    path.write_text(START + "".join(json.dumps(record) + "\n" for record in records))
    return path


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"type": "Nonsense"}, "no such type"),
        ({"type": "Event"}, "no such type"),
        ({"name": 5}, "no value"),
        ({"started": "now"}, "no value"),
        ({"started": 1e300}, "no value"),
        ({"started": True}, "no value"),
        ({"started": 1 << 70}, "no value"),
        ({"process_id": 1 << 32}, "no process_id"),
        ({"status": 1 << 32}, "no status"),
        ({"arguments": []}, "no value"),
        ({"arguments": {"Handle": 5}}, "no value"),
        ({"words": {}}, "no value"),
        ({"words": [[]]}, "no value"),
    ],
)
def test_records_that_are_no_events(
    change: dict[str, Any], words: str, tmp_path: Path, capsys: Capture
) -> None:
    file = _file(tmp_path / "x.jsonl", {**RECORD, **change})
    assert main(["trace", "convert", str(file), f"html:{tmp_path / 'x.html'}"]) == 125
    line, advice = capsys.readouterr().err.splitlines()
    assert line.startswith(f"picorun: {file}: event 1 (")
    assert words in line
    assert advice


def test_a_missing_field(tmp_path: Path) -> None:
    short = {name: value for name, value in RECORD.items() if name != "caller"}
    with pytest.raises(TraceUnreadable, match="'caller' is missing"):
        list(stored_events(str(_file(tmp_path / "x.jsonl", short))))


@given(st.dictionaries(st.sampled_from(sorted(RECORD)), JSON))
def test_any_json_is_an_event_or_refused(changes: dict[str, Any]) -> None:
    with TemporaryDirectory() as folder:
        file = _file(Path(folder, "x.jsonl"), {**RECORD, **changes})
        assert main(["trace", "convert", str(file), f"html:{folder}/x.html"]) in (0, 125)


def test_formats_that_need_a_run(tmp_path: Path, capsys: Capture) -> None:
    file = _file(tmp_path / "x.jsonl", RECORD)
    assert main(["trace", "convert", str(file), "perfetto:out"]) == 125
    assert "perfetto cannot be made" in capsys.readouterr().err


def test_an_event_comes_back_as_it_was(tmp_path: Path) -> None:
    assert list(stored_events(str(_file(tmp_path / "x.jsonl", RECORD)))) == [CALL]


def test_a_filter(tmp_path: Path) -> None:
    file = _file(tmp_path / "x.jsonl", RECORD, {**RECORD, "sequence": 2, "name": "NtOpenKey"})
    out = tmp_path / "x.txt"
    assert main(["trace", "convert", "--filter", "NtOpen*", str(file), f"text:{out}"]) == 0
    assert "NtOpenKey" in out.read_text()
    assert "NtClose" not in out.read_text()


@pytest.mark.slow
def test_what_comes_later_is_what_the_run_would_have_written(hello: Path, tmp_path: Path) -> None:
    formats = ("text", "summary", "html", "jsonl")
    words = [f"--trace={name}:{tmp_path / name}" for name in formats]
    assert picorun(*words, hello, cwd=tmp_path).exit_code == 0
    for name in formats:
        target = f"{name}:{tmp_path / 'later'}"
        assert picorun("trace", "convert", tmp_path / "jsonl", target).exit_code == 0
        assert (tmp_path / "later").read_bytes() == (tmp_path / name).read_bytes()
