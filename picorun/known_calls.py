"""The system calls of Windows XP and Wine 8.0 beside those that picorun declares."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

from emu.named_tuple import NamedTuple
from provider.nt import syscalls_table
from provider.nt.table import win32k, wine
from provider.syscall import Syscall

if TYPE_CHECKING:
    from collections.abc import Iterable

SYSTEMS = {"xp": "Windows XP", "wine8": "Wine 8.0"}
"""Whose lists there are, by the word for each in the file of names."""
STATES = ("full", "partial", "missing")
_PACKAGE = "provider."


class KnownCall(NamedTuple):
    """A call that picorun or one of SYSTEMS has."""

    name: str
    component: str
    """Where it is served, such as "nt/mm"; empty for one that is missing."""
    state: str
    """One of STATES."""
    partial: str
    """What a partial call lacks."""
    parameters: tuple[tuple[str, str], ...]
    """Names and types; a missing call has none."""
    argument_bytes: int
    systems: tuple[str, ...]
    """Those of SYSTEMS that have it."""
    summary: str

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        parameters = [{"name": name, "type": kind} for name, kind in self.parameters]
        return {**self._asdict(), "parameters": parameters, "systems": list(self.systems)}


def known_calls() -> list[KnownCall]:
    """Every call, in the order of the names."""
    listed = _listed()
    found = {}
    for call in (*syscalls_table(), *wine, *win32k):
        systems = listed.get(call.name, (0, ()))[1]
        if isinstance(call, Syscall):
            found[call.name] = _declared(call, systems)
        else:
            found[call.name] = _missing(call.name, call.argument_bytes, systems)
    for name, (size, systems) in listed.items():
        found.setdefault(name, _missing(name, size, systems))
    return [found[name] for name in sorted(found)]


def counts(calls: Iterable[KnownCall], system: str) -> dict[str, int]:
    """How many calls of one of SYSTEMS there are in each of STATES."""
    states = [call.state for call in calls if system in call.systems]
    return {state: states.count(state) for state in STATES}


def _declared(call: Syscall, systems: tuple[str, ...]) -> KnownCall:
    module = call.handler.__module__.removeprefix(_PACKAGE)
    annotations = call.handler.__annotations__
    return KnownCall(
        call.name,
        "/".join(module.split(".")[:2]),
        "partial" if call.partial else "full",
        call.partial or "",
        tuple((name, str(annotations[name])) for name in call.names),
        call.argument_bytes,
        systems,
        call.summary,
    )


def _missing(name: str, size: int, systems: tuple[str, ...]) -> KnownCall:
    return KnownCall(name, "", "missing", "", (), size, systems, "")


def _listed() -> dict[str, tuple[int, tuple[str, ...]]]:
    """Bytes of arguments, and who has the call, by the names in the file."""
    text = files("picorun").joinpath("data", "known_calls.txt").read_text(encoding="ascii")
    rows = (line.split() for line in text.splitlines() if not line.startswith("#"))
    return {name: (int(size), tuple(systems)) for name, size, *systems in rows}
