"""Colours of the text trace on a terminal."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from provider.nt.event import SystemCall

_RESET = "\x1b[0m"
_DIM, _BOLD, _GREEN, _CYAN, _YELLOW, _RED, _MAGENTA = (
    f"\x1b[{code}m" for code in (2, 1, 32, 36, 33, 31, 35)
)
_SEVERITIES = (_GREEN, _CYAN, _YELLOW, _RED)
"""By the two highest bits of a status."""


class Colours:
    """No colours at all."""

    def dim(self, text: str) -> str:
        """What is there for reference."""
        return text

    def name(self, text: str) -> str:
        """The name of a call."""
        return text

    def remark(self, text: str) -> str:
        """What is no call."""
        return text

    def status(self, call: SystemCall) -> str:
        """How a call ended."""
        return call.status_name


class AnsiColours(Colours):
    """Those of ECMA-48 terminals."""

    def dim(self, text: str) -> str:
        return f"{_DIM}{text}{_RESET}"

    def name(self, text: str) -> str:
        return f"{_BOLD}{text}{_RESET}"

    def remark(self, text: str) -> str:
        return f"{_MAGENTA}{text}{_RESET}"

    def status(self, call: SystemCall) -> str:
        return f"{_SEVERITIES[call.status >> 30]}{call.status_name}{_RESET}"


PLAIN = Colours()


def terminal_colours() -> Colours:
    """The colours for a terminal; none where NO_COLOR is set (no-color.org) or TERM is "dumb"."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM", "dumb") == "dumb":
        return PLAIN
    return AnsiColours()
