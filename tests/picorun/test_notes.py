"""Notes: collected, events of the run, and on stderr only where they take nobody's place."""

from __future__ import annotations

import os
import pty
import subprocess
from pathlib import Path

import pytest

import picorun as api
from picorun.notes import MISSING_CALL, NETWORK, Note, Notes, RunNote
from provider.kernel.event_stream import EventStream
from tests.guests import PROGRAMS, command, compile_program, picorun

REFUSED = "192.0.2.1:80 is out of reach"
ADVICE = "--net lets the program use the host's network."


def test_nobody_needs_to_listen() -> None:
    notes = Notes(EventStream(), None)
    notes.of_guest(MISSING_CALL, "a")
    notes.of_run("b", "c")
    assert notes.taken == [Note("a"), Note("b", "c")]


def test_what_guests_cause_is_an_event_and_what_the_host_causes_is_none() -> None:
    events, heard, told = EventStream(), list[RunNote](), list[tuple[str, str]]()
    events.subscribe(RunNote, heard.append)
    notes = Notes(events, lambda words, advice: told.append((words, advice)))
    notes.of_run("the host is slow")
    notes.of_guest(MISSING_CALL, "a", "b")
    assert [(event.kind, event.text) for event in heard] == [(MISSING_CALL, "a")]
    assert told == [("the host is slow", ""), ("a", "b")]


def test_once_is_once_for_each_kind() -> None:
    notes = Notes(EventStream(), None)
    for kind in (NETWORK, NETWORK, MISSING_CALL, NETWORK):
        notes.once_of_guest(kind, f"{kind} {len(notes.taken)}")
    assert [note.words for note in notes.taken] == ["network 0", "missing call 1"]


@pytest.fixture(scope="module")
def outside() -> Path:
    """A program that wants the network, and ends by itself."""
    return compile_program(PROGRAMS / "net_outside.c", "-lws2_32")


@pytest.mark.slow
@pytest.mark.parametrize("words", [(), ("--quiet",), ("--rw",)], ids=str)
def test_a_program_that_ends_by_itself_has_stderr_for_itself(
    words: tuple[str, ...], outside: Path, tmp_path: Path
) -> None:
    assert picorun(*words, outside, cwd=tmp_path).stderr == ""


@pytest.mark.slow
def test_verbose_tells_at_once(outside: Path, tmp_path: Path) -> None:
    done = picorun("--verbose", outside, cwd=tmp_path)
    lines = done.stderr.splitlines()
    assert lines.count(f"picorun: {REFUSED}") == 1
    assert lines.index(ADVICE) < len(lines) - 1


@pytest.mark.slow
def test_the_report_the_trace_and_the_api_have_them(outside: Path, tmp_path: Path) -> None:
    done = picorun("--report=report.txt", "--trace=trace.txt", outside, cwd=tmp_path)
    assert done.stderr == ""
    assert REFUSED in (tmp_path / "report.txt").read_text().splitlines()
    assert f"--- note: {REFUSED} ---\n" in (tmp_path / "trace.txt").read_text()
    result = api.run(outside, trace=[RunNote])
    assert [event[4:] for event in result.events] == [(NETWORK, REFUSED)]


@pytest.mark.slow
def test_who_is_stopped_is_told_why_that_may_be(outside: Path, tmp_path: Path) -> None:
    before = picorun("--report=report.txt", outside, cwd=tmp_path)
    assert before.exit_code == 0
    total = int((tmp_path / "report.txt").read_text().split()[1])
    done = picorun("--max-calls", str(total - 1), outside, cwd=tmp_path)
    assert done.exit_code == 124
    assert done.stderr.startswith(f"picorun: {REFUSED}\n{ADVICE}\npicorun: stopped after ")
    done = picorun("--quiet", "--max-calls", str(total - 1), outside, cwd=tmp_path)
    assert done.stderr.startswith("picorun: stopped after ")


@pytest.mark.slow
def test_a_terminal_gets_them_at_the_end(outside: Path, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command(outside), stdout=subprocess.DEVNULL, stderr=theirs, cwd=tmp_path
    ) as running:
        os.close(theirs)
        assert running.wait(timeout=60) == 0
    assert os.read(ours, 1000).decode() == f"picorun: {REFUSED}\r\n{ADVICE}\r\n"
    os.close(ours)
