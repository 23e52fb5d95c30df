"""What an image wants of a userland: whether its imports are there, told without running it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from loader import apiset
from loader.error import ImageError
from loader.pe import read_pe

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from loader.image import Image, Import
    from picorun.userland import Userland


class Need(NamedTuple):
    """A DLL that the image names; `delayed` ones are loaded when they are first called."""

    dll: str
    delayed: bool
    functions: tuple[str, ...]
    """Names, or ordinals as "#12"."""
    served_by: str
    """The file's name that has them; empty where there is none."""
    missing: tuple[str, ...]
    """Functions that the file does not have."""


def needs_of(image: Image, userland: Userland, beside: Path | None = None) -> list[Need]:
    """The DLLs that `image` names, in its order; those in the directory `beside` it come first.

    Raises ImageError for a malformed import directory, OSError.
    """
    wanted: dict[tuple[str, bool], list[Import]] = {}
    for row in image.imports:
        wanted.setdefault((row.dll, row.delay), []).append(row)
    contracts = _hosts(userland)
    directories = [*([beside] if beside is not None else []), *userland.directories]
    result = []
    for (dll, delayed), rows in wanted.items():
        host = contracts.get(_contract(dll), dll)
        found = _find(host, directories)
        functions = tuple(row.name if row.name is not None else f"#{row.ordinal}" for row in rows)
        missing = () if found is None else _missing(found, functions)
        result.append(Need(dll, delayed, functions, found.name if found else "", missing))
    return result


def _hosts(userland: Userland) -> dict[str, str]:
    """The DLLs that serve contracts, by the contracts' names without their minor versions."""
    try:
        contracts = apiset.read(userland.api_sets())
    except apiset.ApiSetError:  # another version of the format than Windows 10's
        return {}
    return {name.rpartition("-")[0].lower(): host for name, host in contracts.items() if host}


def _contract(dll: str) -> str:
    return dll.lower().removesuffix(".dll").rpartition("-")[0]


def _find(dll: str, directories: Sequence[Path]) -> Path | None:
    """A DLL's file, whatever the case of its name."""
    name = dll.lower() if "." in dll else f"{dll.lower()}.dll"
    if "/" in name or "\0" in name:
        return None
    for directory in directories:
        if (directory / name).is_file():
            return directory / name
        for entry in sorted(directory.glob("*.[dD][lL][lL]")):
            if entry.name.lower() == name:
                return entry
    return None


def _missing(dll: Path, functions: Sequence[str]) -> tuple[str, ...]:
    """Those that a DLL's exports do not name; all of a file that is no image."""
    try:
        exports = read_pe(dll.read_bytes(), dll.name).exports
    except ImageError:
        return tuple(functions)
    had = {f"#{export.ordinal}" for export in exports} | {export.name for export in exports}
    return tuple(function for function in functions if function not in had)
