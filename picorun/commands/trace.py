"""`picorun trace …`: what can be done with traces that were written before, as JSON lines."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from picorun.option_parser import checked
from picorun.trace import Settings, Shown, open_sinks, parse_filter, parse_shown, parse_target
from picorun.trace.colour import PLAIN, terminal_colours
from picorun.trace.diff import arguments_of, compare
from picorun.trace.reader import read_trace
from picorun.trace.replay import check_format, replay, stored_events
from picorun.trace.schema import make_schema
from picorun.trace.summary import Summary
from provider.nt.types import printable

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from picorun.trace.colour import Colours
    from picorun.trace.diff import Comparison, Difference
    from picorun.trace.reader import Record

_TICKS_PER_SECOND = 10_000_000
_DIFFERENT = 1


def add_arguments(parser: ArgumentParser) -> None:
    """The subcommands."""
    actions = parser.add_subparsers(title="actions", required=True, metavar="ACTION")
    text = "show the first real difference of two traces in JSON lines"
    diff = actions.add_parser("diff", help=text, description=text)
    diff.add_argument("ours", metavar="A", help="a trace, as --trace jsonl:FILE writes it")
    diff.add_argument("theirs", metavar="B", help="another one")
    diff.set_defaults(action=_diff)
    text = "make a trace in JSON lines into one of another format"
    convert = actions.add_parser("convert", help=text, description=text)
    convert.add_argument("file", metavar="FILE", help="a trace, as --trace jsonl:FILE writes it")
    convert.add_argument("target", metavar="FORMAT:FILE", type=parse_target, help="as for --trace")
    convert.add_argument("--filter", type=checked(parse_filter), help="as for --trace-filter")
    convert.add_argument(
        "--show",
        type=checked(parse_shown),
        default=Shown(),
        metavar="LIST",
        help="as for --trace-show",
    )
    convert.set_defaults(action=_convert)
    text = "count the calls, errors and time in a trace in JSON lines"
    summary = actions.add_parser("summary", help=text, description=text)
    summary.add_argument("file", metavar="FILE", help="as --trace jsonl:FILE writes it")
    summary.set_defaults(action=_summary)
    text = "print the JSON Schema of the lines"
    schema = actions.add_parser("schema", help=text, description=text)
    schema.set_defaults(action=_schema)


def run(options: Namespace) -> int:
    """Do what was asked for."""
    code: int = options.action(options)
    return code


def _diff(options: Namespace) -> int:
    """0: no difference; 1: there is one."""
    found = compare(read_trace(options.ours), read_trace(options.theirs))
    colours = terminal_colours() if sys.stdout.isatty() else PLAIN
    print(*_lines(found, options, colours), sep="\n")
    return _DIFFERENT if found.difference else 0


def _convert(options: Namespace) -> int:
    """Write the other trace."""
    check_format(options.target.format)
    events = stored_events(options.file)
    with open_sinks([options.target], Settings(options.filter, options.show)) as sinks:
        replay(events, sinks)
    return 0


def _summary(options: Namespace) -> int:
    summary = Summary()
    for event in stored_events(options.file):
        summary.add(event)
    print(*summary.lines(), sep="\n")
    return 0


def _schema(options: Namespace) -> int:
    print(json.dumps(make_schema(), indent=2))
    return 0


def _lines(found: Comparison, options: Namespace, colours: Colours) -> Iterator[str]:
    difference = found.difference
    if difference is None:
        yield f"no difference in {found.compared} events"
        return
    process, thread = difference.thread
    yield f"--- {options.ours}"
    yield f"+++ {options.theirs}"
    yield colours.dim(
        f"thread {thread} of process {process}, by their order, after {difference.equal} equal "
        f"events ({found.compared} in all threads)"
    )
    yield from _sides(difference, colours)
    yield f"  differs: {', '.join(difference.parts)}"


def _sides(difference: Difference, colours: Colours) -> Iterator[str]:
    """What is equal before, the event that differs on each side, and what follows there."""
    yield from (f"  {colours.dim(_line(record))}" for record in difference.before)
    for sign, records in (("-", difference.ours), ("+", difference.theirs)):
        if not records:
            yield f"{sign} (the trace has no more of this thread)"
        for index, record in enumerate(records):
            line = _line(record)
            yield f"{sign} {line if index else colours.name(line)}"


def _line(record: Record) -> str:
    """An event as a line: when, who, what."""
    seconds = record["time"] / _TICKS_PER_SECOND
    where = f"{seconds:.6f} {record['process_id']}.{record['thread_id']}"
    if record["type"] == "SystemCall":
        arguments = ", ".join(f"{name}={text}" for name, text in arguments_of(record).items())
        name, status = record.get("name"), record.get("status_name")
        return printable(f"{where} {name}({arguments}) = {status}")
    return printable(f"{where} {record['type']} {_fields(record)}")


def _fields(record: dict[str, Any]) -> str:
    shown = ("name", "code_name", "location", "status", "text")
    return ", ".join(f"{name}={record[name]}" for name in shown if name in record)
