"""Perfetto traces, read with its own protos; by its trace processor where one is installed."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from perfetto.protos.perfetto.trace.perfetto_trace_pb2 import Trace, TrackEvent

from picorun import run
from picorun.events import ContextSwitch, PageFault, SystemCall, ThreadCreate
from picorun.trace import Settings, TraceFailed
from picorun.trace.perfetto import open_sink
from provider.kernel.event_stream import EventStream
from provider.nt.event import GuestException, SystemCallEntry
from tests.guests import PROGRAMS, compile_program, picorun

PROCESSOR = os.environ.get("TRACE_PROCESSOR_SHELL") or shutil.which("trace_processor_shell")


def _packets(path: Path) -> list[Any]:
    return list(Trace.FromString(path.read_bytes()).packet)


@pytest.fixture(scope="module")
def trace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("perfetto") / "trace.pftrace"
    image = compile_program(PROGRAMS / "ke_order.c")
    assert picorun("--trace", f"perfetto:{path}", image).exit_code == 0
    return path


def test_the_package_is_asked_for_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "perfetto", None)
    with pytest.raises(TraceFailed, match="needs a package"):
        open_sink("trace", Settings())


def test_a_guests_words_are_no_trouble(tmp_path: Path) -> None:
    events = EventStream()
    sink = open_sink(str(tmp_path / "trace"), Settings())
    sink.attach(events)
    head = (1, 5, 8, 12, 1, "NtClose", "nt/ob", (4,), "")
    events.channel(SystemCallEntry).emit(SystemCallEntry(*head))
    arguments = (("Name", "\ud800\x00\x1b"),)
    events.channel(SystemCall).emit(SystemCall(*head, arguments, 0, "STATUS_SUCCESS", 5))
    raised = GuestException(2, 6, 8, 12, 5, "\udfff", 0, "", True, (), ())
    events.channel(GuestException).emit(raised)
    sink.close()
    names = [packet.track_event.name for packet in _packets(tmp_path / "trace")]
    assert "NtClose" in names
    assert "?" in names


@pytest.mark.slow
def test_every_slice_that_begins_ends_and_tracks_are_described(trace: Path) -> None:
    described: set[int] = set()
    depth: Counter[int] = Counter()
    latest = 0
    for packet in _packets(trace):
        if packet.HasField("track_descriptor"):
            parent = packet.track_descriptor.parent_uuid
            assert not parent or parent in described
            described.add(packet.track_descriptor.uuid)
            continue
        event = packet.track_event
        assert event.track_uuid in described
        assert packet.timestamp >= latest
        latest = packet.timestamp
        depth[event.track_uuid] += event.type == TrackEvent.TYPE_SLICE_BEGIN
        depth[event.track_uuid] -= event.type == TrackEvent.TYPE_SLICE_END
        assert depth[event.track_uuid] >= 0


@pytest.mark.slow
def test_counts_are_those_of_the_events(trace: Path) -> None:
    events = run(
        compile_program(PROGRAMS / "ke_order.c"),
        trace=(SystemCall, ThreadCreate, PageFault, ContextSwitch),
    ).events
    packets = _packets(trace)
    tracks = [packet.track_descriptor for packet in packets if packet.HasField("track_descriptor")]
    slices = Counter(
        packet.track_event.name
        for packet in packets
        if packet.track_event.type == TrackEvent.TYPE_SLICE_BEGIN and packet.track_event.categories
    )
    calls = Counter(event.name for event in events if isinstance(event, SystemCall))
    assert slices == calls
    threads = sum(isinstance(event, ThreadCreate) for event in events)
    assert sum(track.HasField("thread") for track in tracks) == threads
    faults = sum(isinstance(event, PageFault) for event in events)
    (counter,) = (track.uuid for track in tracks if track.name == "page faults")
    values = [
        packet.track_event.counter_value
        for packet in packets
        if packet.track_event.track_uuid == counter
        and packet.track_event.type == TrackEvent.TYPE_COUNTER
    ]
    assert values == list(range(1, faults + 1))


@pytest.mark.slow
@pytest.mark.skipif(PROCESSOR is None, reason="no trace_processor_shell ($TRACE_PROCESSOR_SHELL)")
def test_perfettos_own_trace_processor_reads_it(trace: Path) -> None:
    from perfetto.trace_processor import TraceProcessor, TraceProcessorConfig

    config = TraceProcessorConfig(bin_path=PROCESSOR)
    with TraceProcessor(trace=str(trace), config=config) as processor:
        (row,) = processor.query("select count(*) as calls from slice where category != ''")
        (lost,) = processor.query(
            "select sum(value) as errors from stats where severity = 'error' and value > 0"
        )
    begun = [p for p in _packets(trace) if p.track_event.categories]
    assert row.calls == len(begun)
    assert not lost.errors
