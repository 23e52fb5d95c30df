"""`picorun syscalls`: every system call, what picorun has of it, and who else has it."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from picorun.exit_code import ExitCode, Refusal
from picorun.known_calls import STATES, SYSTEMS, KnownCall, counts, known_calls

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

_NAME_WIDTH, _COMPONENT_WIDTH, _STATE_WIDTH = 44, 10, 8


def add_arguments(parser: ArgumentParser) -> None:
    """Which calls, and how they are printed."""
    text = "only names that match, such as 'Nt*Key'"
    parser.add_argument("pattern", nargs="?", default="*", help=text)
    parser.add_argument("--state", choices=STATES, help="only those")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--markdown", action="store_true", help="as a table of Markdown")
    form.add_argument("--json", action="store_true", help="as a list of objects")


def run(options: Namespace) -> int:
    """Print them."""
    calls = [
        call
        for call in known_calls()
        if fnmatchcase(call.name, options.pattern) and options.state in (None, call.state)
    ]
    if not calls:
        words = f"no system call matches {options.pattern!r}"
        raise Refusal(ExitCode.FAILED, words, "'picorun syscalls' lists all of them.")
    if options.json:
        print(json.dumps([call.as_dict() for call in calls], indent=1))
        return 0
    print(*(markdown(calls) if options.markdown else _text(calls)), sep="\n")
    return 0


def _text(calls: list[KnownCall]) -> Iterator[str]:
    """A line each, another one for what is lacking, and the sums."""
    for call in calls:
        yield (
            f"{call.name:<{_NAME_WIDTH}} {call.component:<{_COMPONENT_WIDTH}} "
            f"{call.state:<{_STATE_WIDTH}} {_prototype(call)}"
        )
        if call.partial:
            yield f"    {call.partial}"
    yield ""
    for system, title in SYSTEMS.items():
        found = counts(calls, system)
        yield f"{title}: " + ", ".join(f"{found[state]} {state}" for state in STATES)


def markdown(calls: list[KnownCall]) -> Iterator[str]:
    """The lines of a table."""
    yield f"| call | component | state | {' | '.join(SYSTEMS.values())} | parameters |"
    yield "|---|---|---|" + "---|" * len(SYSTEMS) + "---|"
    for call in calls:
        state = f"partial: {call.partial}" if call.partial else call.state
        marks = ["yes" if system in call.systems else "" for system in SYSTEMS]
        cells = [call.name, call.component, state, *marks, _prototype(call)]
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _prototype(call: KnownCall) -> str:
    """The parameters; of a missing call, how many words it takes."""
    if call.state == "missing":
        return f"({call.argument_bytes // 4} words)"
    return f"({', '.join(f'{name}: {kind}' for name, kind in call.parameters)})"
