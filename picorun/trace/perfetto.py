"""The sink for the Perfetto UI: tracks of threads, counters of processes.

Each thread has a track with its calls, exceptions and APCs, and one with its states; each process
has counters of page faults, resident pages and handles; one more track says whose turn it is on the
processor.  The packets are made by the package `perfetto`, which the extra `picorun[perfetto]`
installs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from picorun.events import (
    ApcDelivery,
    ContextSwitch,
    DebugPrint,
    Event,
    GuestException,
    HandleClose,
    HandleOpen,
    ModuleLoad,
    PageFault,
    ProcessCreate,
    ProcessExit,
    SystemCall,
    SystemCallEntry,
    ThreadStateChange,
)
from picorun.trace import TraceFailed
from picorun.trace.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfetto.protos.perfetto.trace.perfetto_trace_pb2 import TracePacket

    from picorun.trace import Settings
    from provider.kernel.event_stream import EventStream

NS_PER_TICK = 100
_SEQUENCE = 1
"""All packets come from one writer."""
PROCESSOR_TRACK = 1
_THREADS, _STATES, _PROCESSES, _COUNTERS = 1 << 32, 2 << 32, 3 << 32, 4 << 32
"""Where the numbers of each kind of track begin; ids come after them."""
_FAULTS, _PAGES, _HANDLES = range(3)
_COUNTER_NAMES = ("page faults", "resident pages", "handles")


class PerfettoSink:
    """Writes packets as events come."""

    def __init__(self, writer: Writer, settings: Settings) -> None:
        from perfetto.protos.perfetto.trace import perfetto_trace_pb2 as protos
        from perfetto.trace_builder.proto_builder import StreamingTraceProtoBuilder

        self._writer, self._filter, self._protos = writer, settings.filter, protos
        self._builder = StreamingTraceProtoBuilder(writer)
        self._known: set[int] = set()
        """Tracks that are described."""
        self._images: dict[int, str] = {}
        self._counts: dict[int, int] = {}
        """The latest values of counters, by their tracks."""
        self._states: set[int] = set()
        """Tracks of states with an open slice."""
        self._calls: dict[int, str] = {}
        """Calls with an open slice, by their numbers."""
        self._on_processor = False

    def attach(self, events: EventStream) -> None:
        """Subscribe to what has a place on a track."""
        kinds: dict[type[Event], Callable[..., None]] = {
            ProcessCreate: self._create,
            ProcessExit: lambda e: self._instant(e, f"process exits with {e.status:#x}"),
            SystemCallEntry: self._begin_call,
            SystemCall: self._end_call,
            ThreadStateChange: self._state,
            ContextSwitch: self._switch,
            PageFault: self._fault,
            HandleOpen: lambda e: self._count(e, _HANDLES, 1),
            HandleClose: lambda e: self._count(e, _HANDLES, -1),
            GuestException: lambda e: self._instant(e, e.code_name),
            ApcDelivery: lambda e: self._instant(e, f"{e.mode} APC {e.location}"),
            ModuleLoad: lambda e: self._instant(e, f"load {e.name}"),
            DebugPrint: lambda e: self._instant(e, e.text),
        }
        for kind, write in kinds.items():
            events.subscribe(kind, self._chosen(write), last=True)

    def close(self) -> None:
        """End what is open, and write what is left.  Raises TraceFailed."""
        self._writer.close()

    def _chosen(self, write: Callable[..., None]) -> Callable[[Event], None]:
        def chosen(event: Event) -> None:
            if self._filter is None or self._filter.wants(event):
                write(event)

        return chosen

    def _create(self, process: ProcessCreate) -> None:
        self._images[process.process_id] = process.name
        self._process_track(process)

    def _begin_call(self, call: SystemCallEntry) -> None:
        self._calls[call.call] = call.name
        event = self._event(call, self._thread_track(call), "TYPE_SLICE_BEGIN")
        event.track_event.name = call.name
        event.track_event.categories.append(call.component or "nt")
        self._write(event)

    def _end_call(self, call: SystemCall) -> None:
        if self._calls.pop(call.call, None) is None:
            return
        packet = self._event(call, self._thread_track(call), "TYPE_SLICE_END")
        pairs = [*call.arguments, ("status", call.status_name), ("caller", call.caller)]
        for name, value in pairs:
            note = packet.track_event.debug_annotations.add()
            note.name, note.string_value = name, _unicode(value)
        self._write(packet)

    def _state(self, change: ThreadStateChange) -> None:
        self._thread_track(change)
        track = _STATES + change.thread_id
        if self._describe(track):
            self._describe_track(track, _THREADS + change.thread_id, "state")
        if track in self._states:
            self._write(self._event(change, track, "TYPE_SLICE_END"))
            self._states.discard(track)
        if change.state != "Terminated":
            packet = self._event(change, track, "TYPE_SLICE_BEGIN")
            packet.track_event.name = f"{change.state} {change.reason}".rstrip()
            self._write(packet)
            self._states.add(track)

    def _switch(self, switch: ContextSwitch) -> None:
        if self._describe(PROCESSOR_TRACK):
            self._describe_track(PROCESSOR_TRACK, 0, "processor")
        if self._on_processor:
            self._write(self._event(switch, PROCESSOR_TRACK, "TYPE_SLICE_END"))
        self._on_processor = bool(switch.thread_id)
        if self._on_processor:
            packet = self._event(switch, PROCESSOR_TRACK, "TYPE_SLICE_BEGIN")
            image = self._images.get(switch.process_id, "?")
            packet.track_event.name = _unicode(f"{image} {switch.process_id}.{switch.thread_id}")
            self._write(packet)

    def _fault(self, fault: PageFault) -> None:
        self._count(fault, _FAULTS, 1)
        self._count(fault, _PAGES, fault.resident, total=True)

    def _count(self, event: Event, counter: int, change: int, *, total: bool = False) -> None:
        process_track = self._process_track(event)
        track = _COUNTERS + event.process_id * len(_COUNTER_NAMES) + counter
        if self._describe(track):
            self._describe_track(track, process_track, _COUNTER_NAMES[counter], is_counter=True)
        value = change if total else self._counts.get(track, 0) + change
        if self._counts.get(track) != value:
            self._counts[track] = value
            packet = self._event(event, track, "TYPE_COUNTER")
            packet.track_event.counter_value = value
            self._write(packet)

    def _instant(self, event: Event, name: str) -> None:
        track = self._thread_track(event) if event.thread_id else self._process_track(event)
        packet = self._event(event, track, "TYPE_INSTANT")
        packet.track_event.name = _unicode(name)
        self._write(packet)

    def _process_track(self, event: Event) -> int:
        track = _PROCESSES + event.process_id
        if self._describe(track):
            packet = self._builder.create_packet()
            packet.track_descriptor.uuid = track
            packet.track_descriptor.process.pid = event.process_id
            name = self._images.get(event.process_id, "?")
            packet.track_descriptor.process.process_name = _unicode(name)
            self._write(packet)
        return track

    def _thread_track(self, event: Event) -> int:
        track = _THREADS + event.thread_id
        if self._describe(track):
            parent = self._process_track(event)
            packet = self._builder.create_packet()
            packet.track_descriptor.uuid = track
            packet.track_descriptor.parent_uuid = parent
            packet.track_descriptor.thread.pid = event.process_id
            packet.track_descriptor.thread.tid = event.thread_id
            self._write(packet)
        return track

    def _describe(self, track: int) -> bool:
        """Whether the track is a new one."""
        if track in self._known:
            return False
        self._known.add(track)
        return True

    def _describe_track(
        self, track: int, parent: int, name: str, *, is_counter: bool = False
    ) -> None:
        packet = self._builder.create_packet()
        packet.track_descriptor.uuid, packet.track_descriptor.name = track, name
        if parent:
            packet.track_descriptor.parent_uuid = parent
        if is_counter:
            packet.track_descriptor.counter.SetInParent()
        self._write(packet)

    def _event(self, event: Event, track: int, kind: str) -> TracePacket:
        packet = self._builder.create_packet()
        packet.timestamp = event.time * NS_PER_TICK
        packet.track_event.track_uuid = track
        packet.track_event.type = getattr(self._protos.TrackEvent, kind)
        return packet

    def _write(self, packet: TracePacket) -> None:
        packet.trusted_packet_sequence_id = _SEQUENCE
        self._builder.write_packet(packet)


def _unicode(text: str) -> str:
    """A guest's text without lone surrogates, which protobuf refuses."""
    return text.encode("utf-8", "replace").decode("utf-8")


def open_sink(file: str, settings: Settings) -> PerfettoSink:
    """A sink on a file.  Raises TraceFailed, also without the package `perfetto`."""
    try:
        import perfetto  # noqa: F401
    except ImportError:
        words = "the format perfetto needs a package that is not installed"
        raise TraceFailed(words, "Install it: pip install 'picorun[perfetto]'.") from None
    return PerfettoSink(Writer(file), settings)
