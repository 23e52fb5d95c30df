import io
from pathlib import Path

import pytest

from picorun.trace.text import TextSink, TraceFailed, text_sink
from provider.nt.event import ProcessExit, SystemCall

CLOSE = SystemCall(3, 12_345_670, 8, 12, "NtClose", (("Handle", "0x2c"),), 0, "STATUS_SUCCESS")


def test_a_line_per_call() -> None:
    stream = io.StringIO()
    sink = TextSink(stream, "memory")
    sink(ProcessExit(1, 0, 8, 0))
    sink(CLOSE)
    sink(CLOSE._replace(arguments=(), status_name="STATUS_INVALID_HANDLE"))
    assert stream.getvalue() == (
        "1.234567 8.12 NtClose(Handle=0x2c) = STATUS_SUCCESS\n"
        "1.234567 8.12 NtClose() = STATUS_INVALID_HANDLE\n"
    )


def test_a_line_stays_a_line_of_unicode(tmp_path: Path) -> None:
    with text_sink(str(tmp_path / "trace")) as sink:
        assert sink is not None
        sink(CLOSE._replace(arguments=(("Name", "\ud800\n"),)))
    assert (tmp_path / "trace").read_text() == (
        "1.234567 8.12 NtClose(Name=\\ud800\\x0a) = STATUS_SUCCESS\n"
    )


def test_a_full_disk_is_named() -> None:
    with pytest.raises(TraceFailed, match="to /dev/full: No space left"):
        _write_one_line("/dev/full")


def test_a_failure_of_the_run_is_not_the_traces(tmp_path: Path) -> None:
    with pytest.raises(PermissionError), text_sink(str(tmp_path / "trace")):
        raise PermissionError


def test_no_target_no_sink() -> None:
    with text_sink(None) as sink:
        assert sink is None


def _write_one_line(target: str) -> None:
    with text_sink(target) as sink:
        assert sink is not None
        sink(CLOSE)
