"""What two traces have in common, thread by thread, up to the first real difference.

Threads are told apart by the order in which they appear in their process.  Two addresses, handles
or ids are the same if they stand for each other from the first place on where they meet; sizes,
flags, names and statuses must be equal.  Times and scheduling are not compared.
"""

from __future__ import annotations

import re
from collections import deque
from itertools import islice, zip_longest
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from picorun.known_calls import known_calls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from picorun.trace.reader import Record

ThreadKey = tuple[int, int]
"""The places of a process and of its thread in the order of their appearance, from 1."""

_COMPARED = {
    "SystemCall": ("name", "status_name"),
    "GuestException": ("code_name", "location", "first_chance"),
    "ModuleLoad": ("name",),
    "ModuleUnload": ("name",),
    "ProcessCreate": ("name",),
    "ProcessExit": ("status",),
    "ThreadExit": ("status",),
    "DebugPrint": ("text",),
    "ConsoleOutput": ("stream", "text"),
}
"""The types of events that count, and their fields that must be equal; calls have arguments too."""
_CONTEXT = 4
"""Equal events before the difference, and events after it, that are kept."""
_NUMBER = re.compile(r"0x[0-9a-f]+|\b[0-9]+\b")
_DATE = re.compile(r"\b[0-9]+<[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:.]+>")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_ADDRESSES = frozenset(
    {"CODE", "FILLED", "GIVEN", "HANDLES", "MESSAGE", "MESSAGE_FILLED", "PROCESS_PARAMETERS",
     "STATE_CHANGE", "TEXT_FILLED", "TEXT_GIVEN"}
)  # fmt: skip
"""Types of parameters that are addresses beside PVOID."""
_LEAST_ADDRESS = 0x10000
"""NT's lowest user address: smaller numbers in structures are no pointers."""
_TIMES = frozenset({"SystemTime", "PerformanceCounter", "CurrentTime", "PreviousTime"})
"""Parameters whose values are the time of the run."""


class Difference(NamedTuple):
    """The first place where two threads part; `ours` or `theirs` is empty where one has ended."""

    thread: ThreadKey
    equal: int
    """Events of that thread that were equal."""
    before: tuple[Record, ...]
    ours: tuple[Record, ...]
    theirs: tuple[Record, ...]
    parts: tuple[str, ...]
    """What differs: names of fields and of arguments."""


class Comparison(NamedTuple):
    """How many events were compared, and where they part."""

    compared: int
    difference: Difference | None


def compare(ours: Iterator[Record], theirs: Iterator[Record]) -> Comparison:
    """Read two traces side by side, as far as needed.  Raises what reading them does."""
    return _Comparer().run(ours, theirs)


class _Thread:
    """What one thread has done in each trace and the other not yet, and the latest in common."""

    __slots__ = ("before", "equal", "waiting")

    def __init__(self) -> None:
        self.waiting: tuple[deque[Record], deque[Record]] = (deque(), deque())
        self.before: deque[Record] = deque(maxlen=_CONTEXT)
        self.equal = 0


class _Names:
    """Numbers of processes and threads of one trace, in the order of their appearance."""

    def __init__(self) -> None:
        self._processes: dict[int, tuple[int, dict[int, int]]] = {}

    def key(self, record: Record) -> ThreadKey:
        pid, tid = record["process_id"], record["thread_id"]
        number, threads = self._processes.setdefault(pid, (len(self._processes) + 1, {}))
        return number, threads.setdefault(tid, len(threads) + 1) if tid else 0


class _Comparer:
    def __init__(self) -> None:
        self._threads: dict[ThreadKey, _Thread] = {}
        self._names = (_Names(), _Names())
        self._bindings: tuple[dict[str, str], dict[str, str]] = ({}, {})
        self._kinds = {
            call.name: dict(call.parameters) for call in known_calls() if call.parameters
        }
        self._compared = 0

    def run(self, ours: Iterator[Record], theirs: Iterator[Record]) -> Comparison:
        sides = tuple(_that_count(records) for records in (ours, theirs))
        for pair in zip_longest(*sides):
            for side, record in enumerate(pair):
                if record is None:
                    continue
                key = self._names[side].key(record)
                thread = self._threads.setdefault(key, _Thread())
                thread.waiting[side].append(record)
                parts = self._advance(thread)
                if parts:
                    return self._part(key, thread, parts, sides)
        for key, thread in self._threads.items():
            if thread.waiting[0] or thread.waiting[1]:
                return self._part(key, thread, ("the thread ends",), sides)
        return Comparison(self._compared, None)

    def _advance(self, thread: _Thread) -> tuple[str, ...]:
        """Compare what both sides have; returns what differs in the first pair that does."""
        left, right = thread.waiting
        while left and right:
            parts = tuple(self._differing(left[0], right[0]))
            if parts:
                return parts
            thread.before.append(left.popleft())
            right.popleft()
            thread.equal += 1
            self._compared += 1
        return ()

    def _part(
        self,
        key: ThreadKey,
        thread: _Thread,
        parts: tuple[str, ...],
        sides: tuple[Iterator[Record], ...],
    ) -> Comparison:
        """The difference, with what follows of that thread on each side."""
        following = []
        for side, records in enumerate(sides):
            found = [*islice(thread.waiting[side], _CONTEXT)]
            if len(found) < _CONTEXT:
                same = (r for r in records if self._names[side].key(r) == key)
                found += islice(same, _CONTEXT - len(found))
            following.append(tuple(found))
        before = tuple(thread.before)
        difference = Difference(key, thread.equal, before, following[0], following[1], parts)
        return Comparison(self._compared, difference)

    def _differing(self, left: Record, right: Record) -> Iterator[str]:
        """The names of what differs between two events."""
        if left["type"] != right["type"]:
            yield "type"
            return
        for field in _COMPARED[left["type"]]:
            if left.get(field) != right.get(field):
                yield field
        if left["type"] == "SystemCall" and left.get("name") == right.get("name"):
            yield from self._differing_arguments(left, right)

    def _differing_arguments(self, left: Record, right: Record) -> Iterator[str]:
        kinds = self._kinds.get(str(left.get("name")), {})
        ours, theirs = arguments_of(left), arguments_of(right)
        for name in dict.fromkeys((*ours, *theirs)):
            if name in _TIMES:
                continue
            first, second = ours.get(name, ""), theirs.get(name, "")
            if first != second and not self._same(first, second, kinds.get(name, "")):
                yield name

    def _same(self, first: str, second: str, kind: str) -> bool:
        """Whether two values are equal but for addresses, handles and ids."""
        first, second = _DATE.sub("time", first), _DATE.sub("time", second)
        if _NUMBER.sub("#", first) != _NUMBER.sub("#", second):
            return False
        pairs = zip(_NUMBER.finditer(first), _NUMBER.finditer(second), strict=True)
        return all(
            one[0] == other[0] or (_stands_for(one, kind) and self._bind(one[0], other[0]))
            for one, other in pairs
        )

    def _bind(self, one: str, other: str) -> bool:
        """Whether two numbers stand for each other, from now on if they are new."""
        there, back = self._bindings
        return there.setdefault(one, other) == other and back.setdefault(other, one) == one


def arguments_of(call: Record) -> dict[str, str]:
    """The arguments of a call as text, whatever a file says that they are."""
    found = call.get("arguments")
    return {name: str(value) for name, value in found.items()} if isinstance(found, dict) else {}


def _that_count(records: Iterator[Record]) -> Iterator[Record]:
    return (record for record in records if record.get("type") in _COMPARED)


def _stands_for(number: re.Match[str], kind: str) -> bool:
    """Whether a number in an argument of type `kind` names something and is no amount.

    The first number of a pointer is where it points; a quoted text or a name has none.
    """
    before = _QUOTED.sub("", number.string[: number.start()])
    if '"' in before or before.rfind("<") > before.rfind(">"):
        return False
    if number.start() == 0 and (kind.startswith(("Ref[", "Out[")) or kind in _ADDRESSES):
        return True
    inner = kind.removeprefix("Ref[").removeprefix("Out[").rstrip("]").partition(" ")[0].rstrip("]")
    if inner in ("HANDLE", "PVOID", "CLIENT_ID"):
        return True
    is_structure = "{" in before
    return (is_structure or not kind) and int(number[0], 0) >= _LEAST_ADDRESS
