"""Completing the command line in a shell: argcomplete runs us at each TAB, and we name its words.

`picorun completion SHELL` prints what the shell has to know for that.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import argcomplete
from argcomplete.completers import DirectoriesCompleter, FilesCompleter

from picorun import commands
from picorun.option_parser import make_parser
from picorun.option_table import all_options
from picorun.trace import FORMATS

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterator

_ASKED = "_ARGCOMPLETE"
"""The variable by which a shell asks: from which word of the line on our parser's words begin."""
_SECOND_WORD = "2"


def complete() -> None:
    """Answer the shell that has asked, and end this process."""
    words = os.environ.get("COMP_LINE", "").split(maxsplit=2)
    name = words[1] if len(words) > 2 or os.environ.get("COMP_LINE", "")[-1:].isspace() else ""
    if name in commands.COMMANDS:
        os.environ[_ASKED] = _SECOND_WORD
        argcomplete.autocomplete(commands.make_parser(name), always_complete_options=False)
    argcomplete.autocomplete(_run_parser(), always_complete_options=False)


def _run_parser() -> ArgumentParser:
    """Our options, a program or a command, and the guest's arguments."""
    parser = make_parser()
    values = {option.flag: tuple(_values(option.metavar)) for option in all_options()}
    attached = os.environ.get("COMP_LINE", "").rpartition(" ")[2].partition("=")
    for action in parser._actions:
        if action.nargs == "?" and attached[1] and attached[0] in action.option_strings:
            action.nargs = None  # else argcomplete writes the option's name twice
        for flag in action.option_strings:
            if flag in _COMPLETERS:
                _set_completer(action, _COMPLETERS[flag])
            elif values.get(flag):
                action.choices = values[flag]
    program = parser.add_argument("program")
    _set_completer(program, _programs)
    parser.add_argument("arguments", nargs="...")
    return parser


def _values(metavar: str) -> Iterator[str]:
    """The words that an option takes, from "pae|x86"; those in capitals stand for others."""
    return (word for word in metavar.split("|") if "|" in metavar and word.islower())


def _programs(prefix: str, **_: Any) -> list[str]:
    files = FilesCompleter(("exe", "EXE"))
    return [*(name for name in commands.COMMANDS if name.startswith(prefix)), *files(prefix)]


def _userlands(prefix: str, **_: Any) -> list[str]:
    """Names that always mean one, installed ones, and directories."""
    from picorun.store.installed import Store

    names = ["auto", "builtin", *(installed.name for installed in Store().installed())]
    return [*(n for n in names if n.startswith(prefix)), *DirectoriesCompleter()(prefix)]


def _targets(prefix: str, **_: Any) -> list[str]:
    """Formats of traces, and files."""
    formats = (f"{name}:" for name in FORMATS)
    return [*(name for name in formats if name.startswith(prefix)), *FilesCompleter()(prefix)]


_COMPLETERS = {"--userland": _userlands, "--trace": _targets}


def _set_completer(action: Any, completer: Any) -> None:
    """Argcomplete looks for an attribute that argparse does not know."""
    action.completer = completer
