"""The words of the command line: our options, then the guest's program, then its arguments."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from picorun.options import (
    DEFAULT_RAM,
    parse_clock,
    parse_moment,
    parse_mount,
    parse_paging,
    parse_registry,
    parse_seconds,
    parse_seed,
    parse_size,
    parse_time,
    parse_variable,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_EPILOG = """\
exit code: the guest's; 124 limit, 125 failed, 126 cannot run, 127 no such file"""


class UsageError(Exception):
    """The command line makes no sense; the message says why."""


class CommandLine(NamedTuple):
    """A parsed command line: `options` by name, the program and its untouched arguments."""

    options: argparse.Namespace
    program: str
    arguments: list[str]


class _Option(NamedTuple):
    """An option that takes one value."""

    flag: str
    metavar: str
    parse: Callable[[str], Any]
    default: Any
    help: str


_VALUED = (
    _Option("--keep", "DIR", str, None, "write the files that the guest changed to DIR"),
    _Option("--save-registry", "FILE", str, None, "write the registry's changes as a .reg file"),
    _Option("--ram", "SIZE", parse_size, DEFAULT_RAM, "guest memory, such as 64M (default 512M)"),
    _Option("--page-file", "SIZE", parse_size, 0, "a page file beside it (default: none)"),
    _Option("--paging", "pae|x86", parse_paging, "pae", "page tables: PAE with NX, or classic"),
    _Option("--at", "syscall:N", parse_moment, None, "take the memory map after the Nth call"),
    _Option("--userland", "NAME|DIR", str, "builtin", "whose DLLs to use (default: builtin)"),
    _Option("--seed", "N", parse_seed, 0, "where the guest's random numbers begin (default 0)"),
    _Option("--start-time", "TIME", parse_time, None, "the guest's clock at start"),
    _Option("--clock", "virtual|real", parse_clock, "virtual", "time counted, or the host's"),
    _Option("--max-time", "SECONDS", parse_seconds, None, "stop after that much real time"),
)


def parse(words: list[str]) -> CommandLine:
    """Split `words`.

    Our options end at the first word that is neither an option nor an option's value, or at "--".
    Raises UsageError for a bad option, SystemExit(0) after --help and --version.
    """
    start = _program_index(words)
    options = _make_parser().parse_args(words[:start])
    command = words[start + 1 :] if words[start : start + 1] == ["--"] else words[start:]
    if not command:
        raise UsageError("which program? Name a Windows .exe file")
    return CommandLine(options, command[0], command[1:])


def _program_index(words: list[str]) -> int:
    valued = {"--env", "--mount", "--registry", *(option.flag for option in _VALUED)}
    index = 0
    while index < len(words) and words[index].startswith("-") and words[index] != "--":
        index += 2 if words[index] in valued else 1
    return min(index, len(words))


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


def _make_parser() -> Parser:
    parser = Parser(
        prog="picorun",
        usage="picorun [--version] [options] image.exe [arguments...]",
        epilog=_EPILOG,
        add_help=False,
        allow_abbrev=False,
        formatter_class=_formatter,
    )
    add = parser.add_argument_group().add_argument
    add("--trace", metavar="=FILE", nargs="?", const="-", help="log system calls (default: stderr)")
    variable = _checked(parse_variable)
    text = "give the guest a variable; repeatable"
    add("--env", metavar="NAME=VALUE", action="append", default=[], type=variable, help=text)
    text = "show page tables and frames at exit; FILE.json: as data"
    add("--memory-map", metavar="=FILE", nargs="?", const="-", help=text)
    add("--compress", action="store_true", help="compress pages before writing them out")
    mount, text = _checked(parse_mount), "map a directory as GUEST; :ro, :rw or :cow (default)"
    add("--mount", metavar="GUEST=HOST", action="append", default=[], type=mount, help=text)
    file, text = _checked(parse_registry), "import a .reg file; KEY=FILE: a hive; repeatable"
    add("--registry", metavar="FILE", action="append", default=[], type=file, help=text)
    add("--rw", action="store_true", help="let the guest change the current directory for real")
    for option in _VALUED:
        parse, default = _checked(option.parse), option.default
        add(option.flag, metavar=option.metavar, type=parse, default=default, help=option.help)
    add("--quiet", action="store_true", help="no notes on stderr, such as on changed files")
    add("--debug", action="store_true", help="show a Python traceback when picorun itself fails")
    add("--version", action=_Version, nargs=0, help=argparse.SUPPRESS)
    add("-h", "--help", action="help", help=argparse.SUPPRESS)
    return parser


def _formatter(prog: str) -> argparse.HelpFormatter:
    return argparse.RawDescriptionHelpFormatter(prog, max_help_position=26, width=80)


def _checked(parse: Callable[[str], Any]) -> Callable[[str], Any]:
    """`parse` with its ValueError as the error whose words argparse keeps."""

    def converted(text: str) -> Any:
        try:
            return parse(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return converted
