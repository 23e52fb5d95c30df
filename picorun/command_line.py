"""The words of the command line: our options, then the guest's program, then its arguments."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from picorun.option_table import WORDS_OF_HELP, Option, Takes, all_options
from picorun.trace import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable


class UsageError(Exception):
    """The command line makes no sense; the message says why."""


class CommandLine(NamedTuple):
    """A parsed command line: `options` by name, the program and its untouched arguments."""

    options: argparse.Namespace
    program: str
    arguments: list[str]


def parse(words: list[str]) -> CommandLine:
    """Split `words`.

    Our options end at the first word that is neither an option nor an option's value, or at "--".
    Raises UsageError for a bad option, SystemExit(0) after --help and --version.
    """
    start = _program_index(words)
    options = make_parser().parse_args(words[:start])
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


class Parser(argparse.ArgumentParser):
    """argparse, with UsageError for what makes no sense."""

    def error(self, message: str) -> NoReturn:
        words = message.removeprefix("argument ")
        raise UsageError(words.replace("unrecognized arguments", "no such option"))


class _Version(argparse.Action):
    def __call__(self, *_: object) -> NoReturn:
        from importlib.metadata import version

        print(f"picorun {version('picorun')}")
        raise SystemExit(0)


class _Help(argparse.Action):
    def __call__(self, *words: object) -> NoReturn:
        from picorun import help_text

        print(help_text.full() if words[-1] == "--help-all" else help_text.short(), end="")
        raise SystemExit(0)


def make_parser() -> Parser:
    """A parser of our options, up to the program."""
    parser = Parser(prog="picorun", add_help=False, allow_abbrev=False)
    for option in all_options():
        parser.add_argument(option.flag, **_settings(option))
    *helps, version = WORDS_OF_HELP
    parser.add_argument(*helps, action=_Help, nargs=0, help="show the options and the commands")
    parser.add_argument(version, action=_Version, nargs=0, help="show the version")
    return parser


def _settings(option: Option) -> dict[str, Any]:
    """What argparse wants to know of an option."""
    if option.takes is Takes.NOTHING:
        return {"action": "store_true", "help": option.help}
    settings = {
        "metavar": option.metavar,
        "type": checked(option.parse),
        "default": option.default,
        "help": option.help,
    }
    if option.takes in (Takes.ATTACHED, Takes.TARGET):
        settings = {**settings, "nargs": "?", "const": option.parse("-")}
    if option.takes in (Takes.MANY, Takes.TARGET):
        return {**settings, "action": "append", "default": []}
    return settings


def checked(parse: Callable[[str], Any]) -> Callable[[str], Any]:
    """`parse` with its ValueError as the error whose words argparse keeps."""

    def converted(text: str) -> Any:
        try:
            return parse(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return converted
