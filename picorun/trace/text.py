r"""The sink that writes lines as strace does: one for each system call, and for what is between.

    0.000431 8.12 NtClose(Handle=0x2c<\??\C:\work\in.txt>) = STATUS_SUCCESS
    0.000440 8.12 NtWaitForSingleObject(Handle=0x30<Event>, ... <unfinished ...>
    0.000440 8.16 NtSetEvent(EventHandle=0x30<Event>, PreviousState=NULL) = STATUS_SUCCESS
    0.000452 8.12 <... NtWaitForSingleObject resumed>) = STATUS_WAIT_0
    0.000460 8.12 --- STATUS_ACCESS_VIOLATION at a.exe+0x1005, first chance ---

Times are the guest's own, in seconds since its start, so that two equal runs give equal traces.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

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
    ThreadExit,
)
from picorun.trace.colour import PLAIN, Colours, terminal_colours
from picorun.trace.writer import Writer
from provider.nt.types import printable, quoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from picorun.trace import Settings
    from provider.kernel.event_stream import EventStream

_TICKS_PER_SECOND = 10_000_000
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"(?:\.\.\.)?')


class TextSink:
    """Writes calls, exceptions, APCs, debug prints and ends, as `settings` want."""

    def __init__(self, writer: Writer, settings: Settings, colours: Colours = PLAIN) -> None:
        self._writer, self._colours = writer, colours
        self._filter, self._shown = settings.filter, settings.shown
        self._waiting: SystemCallWait | None = None
        """A call that began to wait, of which no line is there yet."""
        self._unfinished: dict[int, SystemCallWait] = {}
        """Those with a line, by their numbers."""
        self._latest = 0

    def attach(self, events: EventStream) -> None:
        """Subscribe to what has lines."""
        limit = self._shown.string_limit
        events.shown_bytes = max(events.shown_bytes, limit) if limit and events.shown_bytes else 0
        wants = self._filter.wants if self._filter is not None else None
        for kind, write in self._writers().items():
            events.subscribe(kind, _filtered(write, wants), last=True)

    def close(self) -> None:
        """Write what is left.  Raises TraceFailed."""
        self._write_waiting()
        self._writer.close()

    def _writers(self) -> dict[type[Event], Callable[..., None]]:
        return {
            SystemCallWait: self._wait,
            SystemCall: self._end,
            GuestException: self._exception,
            ApcDelivery: self._apc,
            DebugPrint: self._print,
            RunNote: self._note,
            ProcessCreate: self._process,
            ThreadExit: self._thread_exit,
            ProcessExit: self._process_exit,
        }

    def _wait(self, call: SystemCallWait) -> None:
        self._write_waiting()
        self._waiting = call

    def _end(self, call: SystemCall) -> None:
        if self._waiting is not None and self._waiting.call == call.call:
            self._waiting = None
        waited = self._unfinished.pop(call.call, None)
        colour = self._colours
        if waited is None:
            self._line(call, f"{self._call(call)}) = {colour.status(call)}{self._tail(call)}")
            return
        before = dict(waited.arguments)
        changed = [pair for pair in call.arguments if before.get(pair[0]) != pair[1]]
        shown = f" {self._arguments(changed)}" if changed else ""
        words = f"<... {colour.name(call.name)} resumed>{shown}"
        self._line(call, f"{words}) = {colour.status(call)}{self._tail(call)}")

    def _exception(self, raised: GuestException) -> None:
        place = raised.location or f"{raised.address:#x}"
        parameters = ", ".join(f"{value:#x}" for value in raised.parameters)
        chance = "first chance" if raised.first_chance else "unhandled"
        words = f"{raised.code_name}({parameters}) at {place}, {chance}"
        self._line(raised, self._colours.remark(f"--- {words} ---"))

    def _apc(self, apc: ApcDelivery) -> None:
        if apc.mode == "user":
            place = apc.location or f"{apc.routine:#x}"
            self._line(apc, self._colours.remark(f"--- user APC {place} ---"))

    def _print(self, text: DebugPrint) -> None:
        words = f"debug print {self._shortened(quoted(text.text))}"
        self._line(text, self._colours.remark(f"--- {words} ---"))

    def _note(self, note: RunNote) -> None:
        self._line(note, self._colours.remark(f"--- note: {printable(note.text)} ---"))

    def _process(self, process: ProcessCreate) -> None:
        parent = f" by {process.parent_id}" if process.parent_id else ""
        words = f"+++ process {process.process_id} {printable(process.name)} created{parent} +++"
        self._line(process, self._colours.remark(words))

    def _thread_exit(self, ended: ThreadExit) -> None:
        self._line(ended, self._colours.remark(f"+++ thread exited with {ended.status:#x} +++"))

    def _process_exit(self, ended: ProcessExit) -> None:
        self._line(ended, self._colours.remark(f"+++ process exited with {ended.status:#x} +++"))

    def _call(self, call: SystemCall | SystemCallWait) -> str:
        return f"{self._colours.name(call.name)}({self._arguments(call.arguments)}"

    def _arguments(self, arguments: tuple[tuple[str, str], ...] | list[tuple[str, str]]) -> str:
        shown = ", ".join([f"{name}={value}" for name, value in arguments])
        return self._shortened(shown)

    def _shortened(self, text: str) -> str:
        """The text with every string in it cut to the limit."""
        limit = self._shown.string_limit
        if not limit or len(text) <= limit or '"' not in text:
            return text

        def cut(match: re.Match[str]) -> str:
            inner = match[1]
            if len(inner) <= limit:
                return match[0]
            end = limit
            while end and inner[end - 1] == "\\":  # never half an escape
                end -= 1
            return f'"{inner[:end]}"...'

        return _STRING.sub(cut, text)

    def _tail(self, call: SystemCall) -> str:
        """What was asked for beside: the caller, the time between entry and end."""
        words = ""
        if self._shown.caller:
            words += f" <- {call.caller or '?'}"
        if self._shown.duration:
            words += f" <{(call.time - call.started) / _TICKS_PER_SECOND:.6f}>"
        return words

    def _line(self, event: Event, words: str) -> None:
        self._write_waiting()
        time = event.time - self._latest if self._shown.relative else event.time
        self._latest = event.time
        where = f"{time / _TICKS_PER_SECOND:.6f} {event.process_id}.{event.thread_id}"
        self._writer.write_text(f"{self._colours.dim(where)} {words}\n")

    def _write_waiting(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self._unfinished[waiting.call] = waiting
            self._line(waiting, f"{self._call(waiting)} {self._colours.dim('<unfinished ...>')}")


def _filtered(
    write: Callable[..., None], wants: Callable[[Event], bool] | None
) -> Callable[..., None]:
    if wants is None:
        return write

    def chosen(event: Event) -> None:
        if wants(event):
            write(event)

    return chosen


def open_sink(file: str, settings: Settings) -> TextSink:
    """A sink on a file or stderr.  Raises TraceFailed."""
    writer = Writer(file)
    colours = terminal_colours() if writer.is_terminal else PLAIN
    return TextSink(writer, settings, colours)
