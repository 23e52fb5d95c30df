from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from picorun.events import (
    ApcDelivery,
    DebugPrint,
    Event,
    GuestException,
    ProcessCreate,
    ProcessExit,
    RunNote,
    SystemCall,
    SystemCallWait,
)
from picorun.trace import Settings, Shown, TraceFailed, open_sinks, parse_target
from picorun.trace.colour import PLAIN, AnsiColours, Colours, terminal_colours
from picorun.trace.filter import Filter
from picorun.trace.text import TextSink
from picorun.trace.writer import Writer
from provider.kernel.event_stream import EventStream

HANDLE = ("Handle", "0x2c<Event>")
CLOSE = SystemCall(
    sequence=3,
    time=12_345_670,
    process_id=8,
    thread_id=12,
    call=1,
    name="NtClose",
    component="nt/ob",
    words=(0x2C,),
    caller="kernel32.dll+0x1234",
    arguments=(HANDLE,),
    status=0,
    status_name="STATUS_SUCCESS",
    started=12_340_000,
)
OTHER = CLOSE.replace(call=2, thread_id=16)


def _wait(call: SystemCall) -> SystemCallWait:
    fields = dict(zip(call.FIELDS, call, strict=True))
    return SystemCallWait(**{name: fields[name] for name in SystemCallWait.FIELDS})


def _lines(
    path: Path,
    *events: Event,
    colours: Colours = PLAIN,
    chosen: Filter | None = None,
    **shown: Any,
) -> list[str]:
    stream = EventStream()
    sink = TextSink(Writer(str(path)), Settings(chosen, Shown(**shown)), colours)
    sink.attach(stream)
    for event in events:
        stream.channel(type(event)).emit(event)
    sink.close()
    return path.read_text().splitlines()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "trace"


def test_a_line_stays_a_line_of_unicode(path: Path) -> None:
    (line,) = _lines(path, CLOSE.replace(arguments=(("Name", "\ud800"),)))
    assert line == "1.234567 8.12 NtClose(Name=\\ud800) = STATUS_SUCCESS"


def test_a_line_per_call(path: Path) -> None:
    bad = CLOSE.replace(arguments=(), status=0xC0000008, status_name="STATUS_INVALID_HANDLE")
    assert _lines(path, CLOSE, bad) == [
        "1.234567 8.12 NtClose(Handle=0x2c<Event>) = STATUS_SUCCESS",
        "1.234567 8.12 NtClose() = STATUS_INVALID_HANDLE",
    ]


def test_a_call_that_waits_alone_has_one_line(path: Path) -> None:
    assert _lines(path, _wait(CLOSE), CLOSE) == [
        "1.234567 8.12 NtClose(Handle=0x2c<Event>) = STATUS_SUCCESS"
    ]


def test_a_call_that_others_overtake_is_resumed(path: Path) -> None:
    done = CLOSE.replace(arguments=(HANDLE, ("Out", "0x10 [7]")))
    before = CLOSE.replace(arguments=(HANDLE, ("Out", "0x10")))
    assert _lines(path, _wait(before), OTHER, done) == [
        "1.234567 8.12 NtClose(Handle=0x2c<Event>, Out=0x10 <unfinished ...>",
        "1.234567 8.16 NtClose(Handle=0x2c<Event>) = STATUS_SUCCESS",
        "1.234567 8.12 <... NtClose resumed> Out=0x10 [7]) = STATUS_SUCCESS",
    ]


def test_two_calls_wait_for_each_other(path: Path) -> None:
    assert _lines(path, _wait(CLOSE), _wait(OTHER), CLOSE, OTHER) == [
        "1.234567 8.12 NtClose(Handle=0x2c<Event> <unfinished ...>",
        "1.234567 8.16 NtClose(Handle=0x2c<Event> <unfinished ...>",
        "1.234567 8.12 <... NtClose resumed>) = STATUS_SUCCESS",
        "1.234567 8.16 <... NtClose resumed>) = STATUS_SUCCESS",
    ]


def test_a_call_that_never_ends_is_there(path: Path) -> None:
    assert _lines(path, _wait(CLOSE)) == [
        "1.234567 8.12 NtClose(Handle=0x2c<Event> <unfinished ...>"
    ]


def test_what_happens_between_calls(path: Path) -> None:
    stamp = (1, 10_000_000, 8, 12)
    registers = (("eax", 1),)
    head = (*stamp, 0xC0000005, "STATUS_ACCESS_VIOLATION", 0x401000)
    assert _lines(
        path,
        GuestException(*head, "a.exe+0x1000", True, (1, 16), registers),
        GuestException(*head, "", False, (), registers),
        ApcDelivery(*stamp, "user", 0x77001000, ""),
        ApcDelivery(*stamp, "kernel", 0, ""),
        DebugPrint(*stamp, "two\nlines\x1b[31m"),
        RunNote(*stamp, "network", "a\x1b.example is out of reach"),
        ProcessCreate(*stamp[:3], 0, "a\x1b.exe", 4),
        ProcessExit(*stamp[:3], 0, 0xC0000005),
    ) == [
        "1.000000 8.12 --- STATUS_ACCESS_VIOLATION(0x1, 0x10) at a.exe+0x1000, first chance ---",
        "1.000000 8.12 --- STATUS_ACCESS_VIOLATION() at 0x401000, unhandled ---",
        "1.000000 8.12 --- user APC 0x77001000 ---",
        '1.000000 8.12 --- debug print "two\\nlines\\x1b[31m" ---',
        "1.000000 8.12 --- note: a\\x1b.example is out of reach ---",
        "1.000000 8.0 +++ process 8 a\\x1b.exe created by 4 +++",
        "1.000000 8.0 +++ process exited with 0xc0000005 +++",
    ]


def test_long_strings_are_cut_and_short_ones_are_not(path: Path) -> None:
    call = CLOSE.replace(arguments=(("A", '"12345"'), ("B", '"123456"'), ("C", '"1234\\\\6789"')))
    (line,) = _lines(path, call, string_limit=5)
    assert '(A="12345", B="12345"..., C="1234"...)' in line
    (line,) = _lines(path, call, string_limit=0)
    assert '(A="12345", B="123456", C="1234\\\\6789")' in line


def test_what_can_be_asked_for(path: Path) -> None:
    later = CLOSE.replace(time=12_345_680, caller="")
    first, second = _lines(path, CLOSE, later, relative=True, duration=True, caller=True)
    assert first.startswith("1.234567 8.12 NtClose(")
    assert first.endswith(" = STATUS_SUCCESS <- kernel32.dll+0x1234 <0.000567>")
    assert second.startswith("0.000001 8.12 NtClose(")
    assert second.endswith(" = STATUS_SUCCESS <- ? <0.000568>")


def test_a_filter_leaves_lines_out(path: Path) -> None:
    lines = _lines(path, _wait(CLOSE), OTHER, CLOSE, chosen=Filter("thread=16"))
    assert lines == ["1.234567 8.16 NtClose(Handle=0x2c<Event>) = STATUS_SUCCESS"]


def test_colours_go_by_severity(path: Path) -> None:
    bad = CLOSE.replace(status=0xC0000008, status_name="STATUS_INVALID_HANDLE")
    good, failed = _lines(path, CLOSE, bad, colours=AnsiColours())
    assert "\x1b[32mSTATUS_SUCCESS\x1b[0m" in good
    assert "\x1b[31mSTATUS_INVALID_HANDLE\x1b[0m" in failed
    assert "\x1b[1mNtClose\x1b[0m(" in good


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [
        ({"TERM": "xterm"}, True),
        ({"TERM": "xterm", "NO_COLOR": ""}, True),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
        ({}, False),
    ],
)
def test_no_color(
    environment: dict[str, str], coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TERM", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert isinstance(terminal_colours(), AnsiColours) is coloured


def test_a_failure_of_the_run_is_not_the_traces(path: Path) -> None:
    with pytest.raises(PermissionError), open_sinks([parse_target(str(path))]):
        raise PermissionError


def test_no_target_no_sink() -> None:
    with open_sinks([]) as sinks:
        assert sinks == ()


def test_a_full_disk_is_named() -> None:
    with pytest.raises(TraceFailed, match="to /dev/full: No space left"):
        _lines(Path("/dev/full"), CLOSE)
