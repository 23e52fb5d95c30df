"""The language of --trace-filter: which events a trace has.

    filter     = term {"," term}            the last term that fits an event decides
    term       = ["-"] condition {"&" condition}
    condition  = pattern                    a call or another event by name: NtCreate*, PageFault
               | component                  the calls of a folder: nt/mm, nt/*
               | "process=" pattern         of a process, by its number or its image's name
               | "thread=" number
               | "status=" pattern          ended so: success, information, warning, error, or by
                                            name or number: STATUS_ACCESS_DENIED, 0xC0000022
               | "caller=" pattern          called from a module: caller=kernel32.dll

A pattern has `*` and `?`, fits the whole of a name, and does not mind case; `^` before it says that
it begins there, which it does anyway.  Without a term that adds something everything is there at
first, so that `-nt/mm` is all but the memory manager's calls.
"""

from __future__ import annotations

import re
from fnmatch import translate
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from picorun.events import ProcessCreate, SystemCall, SystemCallEntry, SystemCallWait

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.event_stream import Event

    Condition = Callable[["Filter", Event], bool]

CALLS = (SystemCallEntry, SystemCallWait, SystemCall)
SEVERITIES = ("success", "information", "warning", "error")
"""By the two highest bits of a status."""
_PATTERN = re.compile(r"[\w.*?\-<>+ ]+", re.ASCII)
_COMPONENT = re.compile(r"[a-z0-9*?]+(/[a-z0-9*?]+)+", re.ASCII)


class FilterError(ValueError):
    """A filter makes no sense; the text says which part of it."""


class _Term(NamedTuple):
    adds: bool
    conditions: tuple[Condition, ...]


class Filter:
    """Says which events are wanted; it learns the names of processes from the events it sees."""

    def __init__(self, text: str) -> None:
        """FilterError."""
        self._terms = [_parse_term(term.strip()) for term in text.split(",")]
        self._starts_full = not any(term.adds for term in self._terms)
        self._terms.reverse()
        self.images: dict[int, str] = {}
        """The images' names of processes."""

    def learn(self, event: ProcessCreate) -> None:
        """Know the name of a process, as of those that `wants` is asked about."""
        self.images[event.process_id] = event.name

    def wants(self, event: Event) -> bool:
        """Whether the event is to be there."""
        if isinstance(event, ProcessCreate):
            self.learn(event)
        for adds, conditions in self._terms:
            if all(condition(self, event) for condition in conditions):
                return adds
        return self._starts_full


def _parse_term(text: str) -> _Term:
    adds = not text.startswith("-")
    conditions = text.removeprefix("-").split("&")
    return _Term(adds, tuple(_parse_condition(condition.strip()) for condition in conditions))


def _parse_condition(text: str) -> Condition:
    key, equals, value = text.partition("=")
    if equals:
        parse = _KEYS.get(key.strip())
        if parse is None:
            raise FilterError(f"{text!r}: {key!r} is none of {', '.join(_KEYS)}")
        return parse(value.strip())
    pattern = text.removeprefix("^")
    if _COMPONENT.fullmatch(pattern):
        return _component(pattern)
    return _name(pattern)


def _matcher(pattern: str, kind: re.Pattern[str] = _PATTERN) -> Callable[[str], bool]:
    """FilterError for an empty pattern or one with characters that no name has."""
    pattern = pattern.removeprefix("^")
    if not kind.fullmatch(pattern):
        words = f"{pattern!r} is no pattern of names" if pattern else "a term is empty"
        raise FilterError(words)
    match = re.compile(translate(pattern), re.IGNORECASE).match
    known: dict[str, bool] = {}

    def fits(name: str) -> bool:
        found = known.get(name)
        if found is None:
            found = known[name] = match(name) is not None
        return found

    return fits


def _name(pattern: str) -> Condition:
    fits = _matcher(pattern)

    def condition(_: Filter, event: Event) -> bool:
        name = event.name if isinstance(event, CALLS) else type(event).__name__
        return fits(name)

    return condition


def _component(pattern: str) -> Condition:
    fits, below = _matcher(pattern, _COMPONENT), _matcher(f"{pattern}/*", _COMPONENT)

    def condition(_: Filter, event: Event) -> bool:
        if not isinstance(event, CALLS):
            return False
        return fits(event.component) or below(event.component)

    return condition


def _process(value: str) -> Condition:
    if value.isdecimal():
        number = int(value)
        return lambda _, event: event.process_id == number
    fits = _matcher(value)
    return lambda known, event: fits(known.images.get(event.process_id, ""))


def _thread(value: str) -> Condition:
    if not value.isdecimal():
        raise FilterError(f"thread={value}: {value!r} is no thread's number")
    number = int(value)
    return lambda _, event: event.thread_id == number


def _status(value: str) -> Condition:
    if value in SEVERITIES:
        severity = SEVERITIES.index(value)
        return lambda _, event: isinstance(event, SystemCall) and event.status >> 30 == severity
    if value[:2].lower() == "0x":
        return _status_number(value)
    fits = _matcher(value)
    return lambda _, event: isinstance(event, SystemCall) and fits(event.status_name)


def _status_number(value: str) -> Condition:
    try:
        status = int(value, 16)
    except ValueError:
        raise FilterError(f"status={value}: {value!r} is no number") from None
    return lambda _, event: isinstance(event, SystemCall) and event.status == status


def _caller(value: str) -> Condition:
    fits = _matcher(value)

    def condition(_: Filter, event: Event) -> bool:
        return isinstance(event, CALLS) and fits(event.caller.rpartition("+")[0])

    return condition


_KEYS: dict[str, Callable[[str], Condition]] = {
    "process": _process,
    "thread": _thread,
    "status": _status,
    "caller": _caller,
}
