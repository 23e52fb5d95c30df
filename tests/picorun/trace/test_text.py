from pathlib import Path

import pytest

from picorun.events import SystemCall
from picorun.trace import TraceFailed, open_sinks, parse_target
from picorun.trace.text import format_call

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
    arguments=(("Handle", "0x2c"),),
    status=0,
    status_name="STATUS_SUCCESS",
    started=12_345_670,
)


def test_a_line_per_call() -> None:
    assert format_call(CLOSE) == "1.234567 8.12 NtClose(Handle=0x2c) = STATUS_SUCCESS\n"
    bad = CLOSE.replace(arguments=(), status_name="STATUS_INVALID_HANDLE")
    assert format_call(bad) == "1.234567 8.12 NtClose() = STATUS_INVALID_HANDLE\n"


def test_a_line_stays_a_line_of_unicode(tmp_path: Path) -> None:
    with open_sinks([parse_target(str(tmp_path / "trace"))]) as (sink,):
        sink.write(CLOSE.replace(arguments=(("Name", "\ud800\n"),)))  # type: ignore[attr-defined]
    assert (tmp_path / "trace").read_text() == (
        "1.234567 8.12 NtClose(Name=\\ud800\\x0a) = STATUS_SUCCESS\n"
    )


def test_a_failure_of_the_run_is_not_the_traces(tmp_path: Path) -> None:
    with pytest.raises(PermissionError), open_sinks([parse_target(str(tmp_path / "trace"))]):
        raise PermissionError


def test_no_target_no_sink() -> None:
    with open_sinks([]) as sinks:
        assert sinks == ()


def test_a_full_disk_is_named() -> None:
    with pytest.raises(TraceFailed, match="to /dev/full: No space left"):
        _write_one_line("/dev/full")


def _write_one_line(target: str) -> None:
    with open_sinks([parse_target(target)]) as (sink,):
        sink.write(CLOSE)  # type: ignore[attr-defined]
