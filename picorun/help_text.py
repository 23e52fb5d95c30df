"""What --help and --help-all print: the first fits a screen of 24 lines and names every option."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from picorun.commands import COMMANDS
from picorun.option_table import GROUPS, Group

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDTH = 80
_TITLE = 9
_TEXT = 30
"""Columns where the options and what they do begin."""

_USAGE = """\
usage: picorun [options] image.exe [arguments...]
       picorun COMMAND [--help]"""
_CODES = """\
exit code: the guest's; 124 limit, 125 failed, 126 cannot run, 127 no such file"""


def short() -> str:
    """The first page."""
    commands = _wrapped("COMMAND: " + ", ".join(sorted(COMMANDS)), indent=7)
    lines = [_USAGE, *commands, ""]
    for group in GROUPS:
        lines += _short_group(group)
    return "\n".join([*lines, _CODES, "--help-all says what each option does"]) + "\n"


def full() -> str:
    """Every option with a line, every command with its own."""
    lines = [_USAGE]
    for group in GROUPS:
        lines += ["", f"{group.title}:", *(_row("  ", o.words, o.help) for o in group.options)]
    lines += ["", "commands:", *(_row("  ", name, line) for name, line in sorted(COMMANDS.items()))]
    return "\n".join([*lines, "", _CODES]) + "\n"


def _short_group(group: Group) -> Iterator[str]:
    title = group.title
    for option in group.options:
        if option.first:
            yield _row(title.ljust(_TITLE), option.words, option.help)
            title = ""
    others = [option.flag for option in group.options if not option.first]
    if others:
        yield from _wrapped(" ".join(["and", *others]), indent=_TITLE)


def _row(start: str, words: str, text: str) -> str:
    """A line: what is told of, and what it is, from a column of their own if there is room."""
    left = start + words
    return f"{left:<{_TEXT - 1}} {text}" if len(left) < _TEXT else f"{left}  {text}"


def _wrapped(text: str, indent: int) -> list[str]:
    prefix = " " * indent
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=prefix,
        subsequent_indent=prefix,
        break_on_hyphens=False,
    )
