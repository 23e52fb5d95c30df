"""The sink that counts: calls, errors and time, by name and by process, as `strace -c` does.

Times are virtual.  A call's time is from its entry to its end, whoever ran meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from picorun.events import Event, ProcessCreate, SystemCall
from picorun.trace.writer import Writer
from provider.nt.types import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from picorun.trace import Settings
    from provider.kernel.event_stream import EventStream

_TICKS_PER_SECOND = 10_000_000
_ERROR = 0xC0000000


class Count:
    """What there was of one call."""

    __slots__ = ("calls", "errors", "time")

    def __init__(self) -> None:
        self.calls = self.errors = self.time = 0

    def add(self, status: int, time: int) -> None:
        """One call more, that took `time` in 100 ns."""
        self.calls += 1
        self.errors += status >= _ERROR
        self.time += time


class Row(NamedTuple):
    """A line of a table; `time` is in 100 ns."""

    name: str
    calls: int
    errors: int
    time: int


class Summary:
    """Counts calls as they come."""

    def __init__(self) -> None:
        self.by_process: dict[int, dict[str, Count]] = {}
        self.images: dict[int, str] = {}

    def add(self, event: Event) -> None:
        """Count an event if it is a call; learn from it if it is about a process."""
        if isinstance(event, SystemCall):
            time = event.time - event.started
            self.add_call(event.process_id, event.name, event.status, time)
        elif isinstance(event, ProcessCreate):
            self.add_process(event.process_id, event.name)

    def add_process(self, process_id: int, image: str) -> None:
        """A process and the name of its image."""
        self.images[process_id] = image

    def add_call(self, process_id: int, name: str, status: int, time: int) -> None:
        """A call that has ended after `time` in 100 ns."""
        counts = self.by_process.setdefault(process_id, {})
        count = counts.get(name)
        if count is None:
            count = counts[name] = Count()
        count.add(status, time)

    def lines(self) -> Iterator[str]:
        """The tables as text: of all, and of each process if there are several."""
        yield from _table(_rows(self.by_process.values()))
        if len(self.by_process) > 1:
            for process_id in sorted(self.by_process):
                image = printable(self.images.get(process_id, "?"))
                yield ""
                yield f"process {process_id}, {image}"
                yield from _table(_rows([self.by_process[process_id]]))


class SummarySink:
    """Writes a summary at the end."""

    def __init__(self, writer: Writer, settings: Settings) -> None:
        self._writer, self._filter = writer, settings.filter
        self._summary = Summary()

    def attach(self, events: EventStream) -> None:
        """Subscribe to calls and processes."""
        events.subscribe(SystemCall, self._end, last=True)
        events.subscribe(ProcessCreate, self._create, last=True)

    def close(self) -> None:
        """Write the tables.  Raises TraceFailed."""
        self._writer.write_text("".join(line + "\n" for line in self._summary.lines()))
        self._writer.close()

    def _end(self, call: SystemCall) -> None:
        if self._wants(call):
            self._summary.add(call)

    def _create(self, process: ProcessCreate) -> None:
        self._wants(process)
        self._summary.add(process)

    def _wants(self, event: Event) -> bool:
        return self._filter is None or self._filter.wants(event)


def open_sink(file: str, settings: Settings) -> SummarySink:
    """A sink on a file or stderr.  Raises TraceFailed."""
    return SummarySink(Writer(file), settings)


def _rows(processes: Iterable[dict[str, Count]]) -> list[Row]:
    """By time, then by calls, the most first."""
    totals: dict[str, list[int]] = {}
    for counts in processes:
        for name, count in counts.items():
            total = totals.setdefault(name, [0, 0, 0])
            for index, value in enumerate((count.calls, count.errors, count.time)):
                total[index] += value
    rows = [Row(name, *total) for name, total in totals.items()]
    return sorted(rows, key=lambda row: (-row.time, -row.calls, row.name))


def _table(rows: list[Row]) -> Iterator[str]:
    calls, errors = sum(row.calls for row in rows), sum(row.errors for row in rows)
    whole = Row("total", calls, errors, sum(row.time for row in rows))
    yield "% time     seconds    usecs/call     calls    errors  call"
    yield "------  ----------  ------------  --------  --------  ----------------"
    for row in rows:
        yield _line(row, whole)
    yield "------  ----------  ------------  --------  --------  ----------------"
    yield _line(whole, whole)


def _line(row: Row, whole: Row) -> str:
    share = 100 * row.time / whole.time if whole.time else 0
    each = row.time / 10 / row.calls if row.calls else 0
    errors = row.errors or ""
    return (
        f"{share:6.2f}  {row.time / _TICKS_PER_SECOND:10.6f}  {each:12.1f}  {row.calls:8}  "
        f"{errors:8}  {row.name}"
    )
