"""`picorun NAME …`: what the command does beside running a program; one module for each.

A module has `add_arguments(parser)` and `run(options) -> int`, which may raise `Refusal`.  It is
imported when its command is given, so that no run pays for it.  A program of such a name is run as
`./NAME`.
"""

from __future__ import annotations

from importlib import import_module

from picorun.command_line import Parser

COMMANDS = {
    "syscalls": "list the system calls that picorun has",
}
"""Names, which are those of the modules, and a line about each."""


def run(name: str, words: list[str]) -> int:
    """Run one of COMMANDS with the arguments `words`; returns its code.

    Raises UsageError, Refusal, and SystemExit(0) after --help.
    """
    module = import_module(f"picorun.commands.{name}")
    parser = Parser(prog=f"picorun {name}", description=COMMANDS[name], allow_abbrev=False)
    module.add_arguments(parser)
    code: int = module.run(parser.parse_args(words))
    return code
