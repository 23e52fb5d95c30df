"""--report: the system calls of a run that picorun lacks or has only in part, and who made them.

Notes of what else the run met follow.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from picorun.exit_code import RunFailed
from picorun.notes import MISSING_CALL, RunNote
from picorun.trace import STDERR
from provider.nt.event import SystemCallEntry
from provider.nt.table import nt, win32k, wine
from provider.nt.types import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from provider.kernel.event_stream import EventStream
    from provider.syscall import Syscall

_MISSING = "missing"
_UNKNOWN_MODULE = "?"


class Row(NamedTuple):
    """Calls of one name that one module made; `lack` is empty for a complete call."""

    lack: str
    times: int
    call: str
    module: str


class CallReport:
    """Counts calls, as a listener of a run, and tells of them in the end."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()
        self._notes: list[str] = []

    def attach(self, events: EventStream) -> None:
        """Listen to the beginning of calls, and to notes."""
        events.subscribe(SystemCallEntry, self._count, last=True)
        events.subscribe(RunNote, self._note, last=True)

    def close(self) -> None:
        """Nothing is open."""

    def rows(self, unknown: Mapping[str, int]) -> list[Row]:
        """All calls; `unknown` has those that reached no table, with their numbers."""
        named = {name for name, _ in self._counts}
        rows = [
            Row(_lack(name), count, name, module) for (name, module), count in self._counts.items()
        ]
        rows += [
            Row(_MISSING, count, name, _UNKNOWN_MODULE)
            for name, count in unknown.items()
            if name not in named
        ]
        return sorted(
            rows, key=lambda row: (row.lack != _MISSING, -row.times, row.call, row.module)
        )

    def write(self, unknown: Mapping[str, int], file: str) -> None:
        """Write the report to `file`, or to stderr.  Raises RunFailed."""
        text = "\n".join([*_lines(self.rows(unknown)), *self._notes]) + "\n"
        if file == STDERR:
            sys.stderr.write(text)
            return
        try:
            Path(file).write_text(text, encoding="utf-8")
        except OSError as error:
            raise RunFailed.by_host(f"--report: {file}", error) from None

    def _count(self, entry: SystemCallEntry) -> None:
        module = entry.caller.rpartition("+")[0] or _UNKNOWN_MODULE
        self._counts[entry.name, module] += 1

    def _note(self, taken: RunNote) -> None:
        if taken.kind != MISSING_CALL:  # those have rows
            self._notes.append(printable(taken.text))


def _order(row: Row) -> tuple[bool, int, str, str]:
    """What is missing first, and what was called most."""
    return row.lack != _MISSING, -row.times, row.call, row.module


def _lines(rows: list[Row]) -> Iterator[str]:
    lacking = [row for row in rows if row.lack]
    total, kinds = sum(row.times for row in rows), len({row.call for row in rows})
    if not lacking:
        yield f"all {total} calls, of {kinds} kinds, are complete"
        return
    yield f"of {total} calls, of {kinds} kinds, these are missing or partial:"
    names = max(len(printable(row.call)) for row in lacking)
    modules = max(len(printable(row.module)) for row in lacking)
    for row in lacking:
        who = f"{printable(row.call):<{names}}  {printable(row.module):<{modules}}"
        yield f"{row.times:>8}  {who}  {row.lack}"


def _lack(name: str) -> str:
    call = _declared(name)
    if call is None:
        return _MISSING
    return f"partial: {call.partial}" if call.partial else ""


def _declared(name: str) -> Syscall | None:
    """A call that was made has been imported with its module."""
    found = (table.get(name) for table in (nt, wine, win32k))
    return next((call for call in found if call is not None), None)
