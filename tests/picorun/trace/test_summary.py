from __future__ import annotations

from pathlib import Path

from picorun.trace import Settings
from picorun.trace.filter import Filter
from picorun.trace.summary import Summary, open_sink
from provider.kernel.event_stream import EventStream
from provider.kernel.events import ProcessCreate
from provider.nt.event import SystemCall

DENIED = 0xC0000022


def _call(process_id: int, name: str, status: int, time: int) -> SystemCall:
    head = (1, 1000 + time, process_id, 12, 1, name, "nt/ob", (), "")
    return SystemCall(*head, (), status, "", 1000)


def _lines(path: Path, settings: Settings, *calls: SystemCall) -> list[str]:
    events = EventStream()
    sink = open_sink(str(path), settings)
    sink.attach(events)
    events.channel(ProcessCreate).emit(ProcessCreate(1, 0, 8, 0, "first.exe", 0))
    events.channel(ProcessCreate).emit(ProcessCreate(2, 0, 20, 0, "se\x1bcond.exe", 8))
    for call in calls:
        events.channel(SystemCall).emit(call)
    sink.close()
    return path.read_text().splitlines()


def test_nothing_gives_an_empty_table() -> None:
    lines = list(Summary().lines())
    assert lines[-1].split() == ["0.00", "0.000000", "0.0", "0", "total"]


def test_calls_are_counted_by_name_and_process(tmp_path: Path) -> None:
    lines = _lines(
        tmp_path / "trace",
        Settings(),
        _call(8, "NtClose", 0, 10),
        _call(8, "NtClose", DENIED, 20),
        _call(20, "NtClose", 0, 0),
        _call(20, "NtReadFile", 0x103, 70),
    )
    assert [line.split() for line in lines[2:4]] == [
        ["70.00", "0.000007", "7.0", "1", "NtReadFile"],
        ["30.00", "0.000003", "1.0", "3", "1", "NtClose"],
    ]
    assert lines[5].split() == ["100.00", "0.000010", "2.5", "4", "1", "total"]
    assert "process 8, first.exe" in lines
    assert "process 20, se\\x1bcond.exe" in lines


def test_a_filter_says_what_counts(tmp_path: Path) -> None:
    chosen = Settings(Filter("process=se*,-NtClose"))
    calls = _call(8, "NtClose", 0, 1), _call(20, "NtClose", 0, 1), _call(20, "NtOpenKey", 0, 1)
    lines = _lines(tmp_path / "trace", chosen, *calls)
    assert [line.split()[-1] for line in lines if "Nt" in line] == ["NtOpenKey"]
