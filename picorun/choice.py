"""Which userland a program runs on when the user leaves that open (--userland auto)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from loader.error import ImageError
from loader.pe import read_pe
from picorun.needs import Need, all_needs
from picorun.userland import BUILTIN, NTDLL, Userland, UserlandMissing, find_userland
from provider.nt.types import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from loader.image import Image

AUTO = "auto"
_PROGRAM = ".exe"
_FEW = 3
"""How many missing things an error names."""
_GET_ONE = "'picorun userland install wine' gets a userland that may have it."
_SYSTEM_PROGRAMS = frozenset({
    "attrib", "cmd", "expand", "fc", "find", "findstr", "hostname", "icacls", "ipconfig", "net",
    "netstat", "ping", "reg", "regsvr32", "rundll32", "schtasks", "shutdown", "systeminfo",
    "taskkill", "tasklist", "where", "whoami", "wmic", "wscript", "xcopy",
})  # fmt: skip
"""Names of programs that are part of Windows, and of Wine."""


class ImportsMissing(UserlandMissing):
    """No userland has all that the program imports."""


class Choice(NamedTuple):
    """The userland that is taken, and why, for people."""

    userland: Userland
    reason: str


def choose(name: str, image: Image, program: Path) -> Choice:
    """The userland called `name`; for "auto" the first that has what the program imports.

    The built-in one comes first, then those that are installed.  A Wine is also taken if it has all
    DLLs but not all functions: its loader lets programs start that never call those.  Raises
    ImportsMissing, UserlandMissing.
    """
    if name != AUTO:
        return Choice(find_userland(name), "as asked for")
    if (program.parent / NTDLL).is_file():
        return Choice(find_userland(str(program.parent)), "the program is one of its own")
    lacks: list[str] = []
    for userland, lenient in candidates():
        wanted = all_needs(image, userland, search_directories(program))
        missing = [need for need in wanted if need.missing]
        if not missing:
            reason = "; ".join(["it has all that the program imports", *lacks])
            return Choice(userland, reason)
        if lenient and all(need.served_by for need in missing):
            return Choice(userland, f"it lacks only {describe(missing)}")
        lacks.append(f"{userland.name} lacks {describe(missing)}")
    raise ImportsMissing(f"{program}: {'; '.join(lacks)}", _GET_ONE if len(lacks) == 1 else "")


def find_program(name: str, wanted: str) -> Path | None:
    """The program `wanted` of the userland called `name`; for "auto" of the first that has it.

    Raises UserlandMissing.
    """
    if name != AUTO:
        return find_userland(name).program(wanted)
    found = (userland.program(wanted) for userland, _ in candidates())
    return next((program for program in found if program is not None), None)


def find_for_builtin(name: str, builtin: Userland) -> Path | None:
    """The directory of the first installed program of that name that runs on the built-in DLLs."""
    if not name.endswith(_PROGRAM):
        return None
    for userland, _ in candidates():
        program = userland.program(name) if userland.name != builtin.name else None
        if program is None:
            continue
        try:
            image = read_pe(program.read_bytes(), program.name)
        except (OSError, ImageError):
            continue
        if not any(need.missing for need in all_needs(image, builtin, ())):
            return program.parent
    return None


def names_for_builtin(builtin: Userland) -> list[str]:
    """The programs that `find_for_builtin` has a look at."""
    lenders = (userland for userland, _ in candidates() if userland.name != builtin.name)
    files = (path for lender in lenders for path in lender.directories[0].iterdir())
    return sorted({path.name.lower() for path in files if path.suffix.lower() == _PROGRAM})


def where_to_get(wanted: str) -> str:
    """The command that gets a userland with a program of that name; empty for unknown names."""
    known = wanted.lower().removesuffix(_PROGRAM) in _SYSTEM_PROGRAMS
    return "'picorun userland install wine' gets a userland that has it." if known else ""


def search_directories(program: Path) -> tuple[Path, ...]:
    """Where a program's DLLs are looked for, but for the system directory."""
    return program.parent, Path.cwd()


def describe(missing: Sequence[Need]) -> str:
    """What is missing, in a few words."""
    words = [need.dll for need in missing if not need.served_by]
    found = (need for need in missing if need.served_by)
    words += [f"{need.dll}!{function}" for need in found for function in need.missing]
    more = len(words) - _FEW
    return ", ".join(map(printable, words[:_FEW])) + (f" and {more} more" if more > 0 else "")


def candidates() -> Iterator[tuple[Userland, bool]]:
    """The userlands, and whether their loaders start a program that lacks functions."""
    yield find_userland(BUILTIN), False
    # Imported here: most programs run on the first.
    from picorun.store.error import StoreError
    from picorun.store.installed import Store

    for installed in Store().installed():
        try:
            lenient = installed.describe().starts_incomplete
            yield find_userland(installed.name), lenient
        except (StoreError, UserlandMissing, OSError):
            continue
