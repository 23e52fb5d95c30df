"""`picorun NAME …`: what the command does beside running a program; one module for each.

A module has `add_arguments(parser)` and `run(options) -> int`, which may raise `Refusal` or
`RunFailed`.  It is imported when its command is given, so that no run pays for it.  A program of
such a name is run as `./NAME`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from picorun.option_parser import Parser

COMMANDS = {
    "compat": "tell which userlands have what a program imports",
    "completion": "print what a shell needs to complete picorun's words",
    "inspect": "tell what an image's file says, and what userland it needs",
    "syscalls": "list the system calls that picorun has, and those that it lacks",
    "trace": "compare traces that were written before, or make other formats of them",
    "userland": "install, list and remove the DLLs of Wine and others",
}
"""Names, which are those of the modules, and a line about each."""


def make_parser(name: str) -> Parser:
    """The parser of one of COMMANDS."""
    from picorun.option_parser import Parser

    parser = Parser(prog=f"picorun {name}", description=COMMANDS[name], allow_abbrev=False)
    _module(name).add_arguments(parser)
    return parser


def run(name: str, words: list[str]) -> int:
    """Run one of COMMANDS with the arguments `words`; returns its code.

    Raises UsageError, Refusal, RunFailed, and SystemExit(0) after --help.
    """
    code: int = _module(name).run(make_parser(name).parse_args(words))
    return code


def _module(name: str) -> Any:
    return import_module(f"picorun.commands.{name}")
