"""Where each system call is declared, so that a run imports the modules of the calls it makes.

A program makes ten to fifty of three hundred calls, and the modules of the others take a tenth of
its start.  The index is written when the package is built (`guest.build`).  It is a hint: without
it, and for a name that it does not know, the complete table is asked.
"""

from __future__ import annotations

import os
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from provider.nt.table import nt, wine

if TYPE_CHECKING:
    from provider.syscall import Syscall

FILE = Path(__file__).with_suffix(".txt")
"""A line for each call: its name and its module."""
_ALL = "provider.nt.calls"


def find(name: str) -> Syscall | None:
    """The call of ntdll with that name, declared by now."""
    declared = nt.get(name) or wine.get(name)
    if declared is not None:
        return declared
    with suppress(ModuleNotFoundError):  # where the index is older than the sources
        import_module(_modules().get(name, _ALL))
    if not (nt.knows(name) or wine.knows(name)):
        import_module(_ALL)
    return nt.get(name) or wine.get(name)


def write(file: Path = FILE) -> None:
    """Write the index of the complete table."""
    import_module(_ALL)
    lines = [
        f"{call.name} {call.handler.__module__}"
        for table in (nt, wine)
        for call in table.implemented()
    ]
    lines += [f"{call.name} provider.nt.missing" for call in nt.missing()]
    whole = file.with_suffix(f".{os.getpid()}")
    whole.write_text("".join(f"{line}\n" for line in sorted(lines)), encoding="ascii")
    whole.replace(file)  # never half a file: runs may be reading it


@cache
def _modules() -> dict[str, str]:
    try:
        lines = FILE.read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return {}
    return dict(line.split(" ", 1) for line in lines)
