"""`picorun syscalls`: our table beside the lists of two systems."""

from __future__ import annotations

import json

import pytest

from picorun.cli import main
from picorun.known_calls import SYSTEMS, counts, known_calls
from provider.nt import syscalls_table

Capture = pytest.CaptureFixture[str]


def _printed(capsys: Capture, *words: str) -> str:
    assert main(["syscalls", *words]) == 0
    return capsys.readouterr().out


def test_a_pattern_that_matches_nothing(capsys: Capture) -> None:
    assert main(["syscalls", "Zw*"]) == 125
    captured = capsys.readouterr()
    assert (captured.out, captured.err.splitlines()[0]) == (
        "", "picorun: no system call matches 'Zw*'",
    )  # fmt: skip


def test_every_call_of_each_list_is_there_once() -> None:
    calls = known_calls()
    names = [call.name for call in calls]
    assert names == sorted(set(names))
    assert {call.name for call in syscalls_table()} <= set(names)
    assert sum(counts(calls, "xp").values()) == 284  # the ntdll of Windows XP
    assert sum(counts(calls, "wine8").values()) == 239 + 276  # Wine 8.0's ntdll and win32u


def test_what_is_declared_partial_says_why() -> None:
    for call in known_calls():
        assert bool(call.partial) == (call.state == "partial")
        assert bool(call.component) == (call.state != "missing")
        if call.state != "missing":
            assert 4 * len(call.parameters) == call.argument_bytes


def test_text(capsys: Capture) -> None:
    lines = _printed(capsys, "NtClose").splitlines()
    assert lines[0].split() == ["NtClose", "nt/ob", "full", "(Handle:", "HANDLE)"]
    assert lines[1:] == [
        "",
        "Windows XP: 1 full, 0 partial, 0 missing",
        "Wine 8.0: 1 full, 0 partial, 0 missing",
    ]


def test_only_the_missing_ones(capsys: Capture) -> None:
    calls = json.loads(_printed(capsys, "--json", "--state", "missing", "Nt*Port"))
    assert calls
    assert {call["state"] for call in calls} == {"missing"}
    assert all(set(call["systems"]) <= set(SYSTEMS) for call in calls)


def test_markdown_has_as_many_cells_in_each_row(capsys: Capture) -> None:
    rows = _printed(capsys, "--markdown").splitlines()
    assert len(rows) > 500
    assert {row.replace("\\|", "").count("|") for row in rows} == {7}
