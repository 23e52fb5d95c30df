"""`picorun syscalls`: the system calls that the NT provider has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.nt import syscalls_table

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """None so far."""


def run(options: Namespace) -> int:
    """Print a line for each call: its name, and what it lacks."""
    for call in syscalls_table().implemented():
        print(call.name if not call.partial else f"{call.name}  partial: {call.partial}")
    return 0
