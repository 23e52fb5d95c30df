"""--report: from events, then of a program."""

from __future__ import annotations

from pathlib import Path

import pytest

from picorun.call_report import CallReport, Row
from picorun.cli import main
from picorun.notes import MISSING_CALL, NETWORK, RunNote
from provider.kernel.event_stream import EventStream
from provider.nt import syscalls_table
from provider.nt.event import SystemCallEntry
from tests.guests import picorun


def _listening() -> tuple[CallReport, EventStream]:
    report, events = CallReport(), EventStream()
    report.attach(events)
    return report, events


def _call(events: EventStream, name: str, caller: str) -> None:
    stamp = events.stamp(4, 8)
    events.channel(SystemCallEntry).emit(SystemCallEntry(*stamp, 1, name, "nt/x", (), caller))


def test_nothing_was_called(capsys: pytest.CaptureFixture[str]) -> None:
    report, _ = _listening()
    report.write({}, "-")
    assert capsys.readouterr().err == "all 0 calls, of 0 kinds, are complete\n"


def test_callers_that_are_no_modules() -> None:
    report, events = _listening()
    for caller in ("", "nothing", "+0x10"):
        _call(events, "NtNoSuch", caller)
    assert report.rows({"NtNoSuch": 3}) == [Row("missing", 3, "NtNoSuch", "?")]


def test_what_is_missing_comes_first() -> None:
    partial = next(call for call in syscalls_table().implemented() if call.partial)
    report, events = _listening()
    for _ in range(5):
        _call(events, partial.name, "a+b.dll+0x10")
    _call(events, "NtNoSuch", "c.dll+0x1")
    _call(events, "NtClose", "c.dll+0x1")
    assert report.rows({"system call 0x999": 2, "NtNoSuch": 1}) == [
        Row("missing", 2, "system call 0x999", "?"),
        Row("missing", 1, "NtNoSuch", "c.dll"),
        Row(f"partial: {partial.partial}", 5, partial.name, "a+b.dll"),
        Row("", 1, "NtClose", "c.dll"),
    ]


def test_names_cannot_speak_to_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    report, events = _listening()
    _call(events, "NtNoSuch", "\x1b[2J.dll+0x1")
    report.write({}, "-")
    assert all(c.isprintable() or c == "\n" for c in capsys.readouterr().err)


def test_notes_follow_the_calls(capsys: pytest.CaptureFixture[str]) -> None:
    report, events = _listening()
    for kind, text in ((MISSING_CALL, "has a row"), (NETWORK, "a\x1b.example is out of reach")):
        events.channel(RunNote).emit(RunNote(*events.stamp(4, 8), kind, text))
    report.write({}, "-")
    assert capsys.readouterr().err.splitlines()[1:] == ["a\\x1b.example is out of reach"]


@pytest.mark.slow
def test_a_file_that_cannot_be_written(
    hello: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([f"--report={tmp_path}/absent/x", str(hello)]) == 125
    assert "--report: " in capsys.readouterr().err


@pytest.mark.slow
def test_a_program(hello: Path, tmp_path: Path) -> None:
    done = picorun("--report=calls.txt", hello, cwd=tmp_path)
    assert (done.exit_code, done.stderr) == (0, "")
    first, *rows = (tmp_path / "calls.txt").read_text().splitlines()
    assert first.startswith("of ")
    assert rows
    assert all(row.split()[2].endswith(".dll") and " partial: " in row for row in rows)
