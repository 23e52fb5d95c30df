"""The parser of our options and of those of the commands: argparse, in our words."""

from __future__ import annotations

import argparse
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

from picorun.command_line import UsageError
from picorun.option_table import WORDS_OF_HELP, Option, Takes, all_options

if TYPE_CHECKING:
    from collections.abc import Callable, Container


_WIDTH = 80
"""Of help that nobody sees, as ours is `help_text`; argparse would ask the terminal, by way of a
module that takes 2 ms to import."""


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


def make_parser(flags: Container[str] | None = None) -> Parser:
    """A parser of our options, up to the program; of some of them in a tenth of the time."""
    parser = Parser(
        prog="picorun",
        add_help=False,
        allow_abbrev=False,
        formatter_class=partial(argparse.HelpFormatter, width=_WIDTH),
    )
    for option in all_options():
        if flags is None or option.flag in flags:
            parser.add_argument(option.flag, **_settings(option))
    *helps, version = WORDS_OF_HELP
    parser.add_argument(*helps, action=_Help, nargs=0, help="show the options and the commands")
    parser.add_argument(version, action=_Version, nargs=0, help="show the version")
    return parser


def _settings(option: Option) -> dict[str, Any]:
    """What argparse wants to know of an option."""
    if option.takes is Takes.NOTHING:
        return {"action": "store_true", "help": option.help}
    settings = {"metavar": option.metavar, "type": checked(option.parse), "help": option.help}
    if option.takes in (Takes.ATTACHED, Takes.TARGET):
        settings = {**settings, "nargs": "?", "const": option.parse("-")}
    if option.takes in (Takes.MANY, Takes.TARGET):
        return {**settings, "action": "append"}
    return settings


def checked(parse: Callable[[str], Any]) -> Callable[[str], Any]:
    """`parse` with its ValueError as the error whose words argparse keeps."""

    def converted(text: str) -> Any:
        try:
            return parse(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return converted
