"""The words of the command line: our options, then the guest's program, then its arguments."""

from __future__ import annotations

from types import SimpleNamespace

from emu.named_tuple import NamedTuple
from picorun.option_table import Takes, all_options
from picorun.trace import FORMATS


class UsageError(Exception):
    """The command line makes no sense; the message says why."""


class CommandLine(NamedTuple):
    """A parsed command line: `options` by name, the program and its untouched arguments."""

    options: SimpleNamespace
    program: str
    arguments: list[str]


def parse(words: list[str]) -> CommandLine:
    """Split `words`.

    Our options end at the first word that is neither an option nor an option's value, or at "--".
    Raises UsageError for a bad option, SystemExit(0) after --help and --version.
    """
    start = _program_index(words)
    options = SimpleNamespace(**{option.name: option.unset for option in all_options()})
    if start:
        from picorun.option_parser import make_parser  # 5 ms, which a run without options spares

        flags = {word.partition("=")[0] for word in words[:start]}
        make_parser(flags).parse_args(words[:start], options)
    if options.quiet and options.verbose:
        raise UsageError("--quiet and --verbose contradict each other")
    command = words[start + 1 :] if words[start : start + 1] == ["--"] else words[start:]
    if not command:
        raise UsageError("which program? Name a Windows .exe file")
    return CommandLine(options, command[0], command[1:])


def _program_index(words: list[str]) -> int:
    valued = {o.flag for o in all_options() if o.takes in (Takes.ONE, Takes.MANY)}
    index = 0
    while index < len(words) and words[index].startswith("-") and words[index] != "--":
        takes_next = words[index] in valued or _is_trace_target(words[index : index + 2])
        index += 2 if takes_next else 1
    return min(index, len(words))


def _is_trace_target(words: list[str]) -> bool:
    """Whether a word after `--trace` belongs to it: it begins with a format's name and a colon."""
    name, colon, _ = words[-1].partition(":")
    return words[0] == "--trace" and name in FORMATS and bool(colon)
