"""What an image wants of a userland: whether its imports are there, told without running it.

Searched as NT does: the host of an API set in the system directory; else the program's directory,
the system directory, the current one.  What only code asks for (LoadLibrary, GetProcAddress) is
nobody's need until then.
"""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from loader.apiset import ApiSetError
from loader.directory import ExportNames
from loader.error import ImageError
from loader.pe import read_pe

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from loader.image import Image, Import
    from picorun.userland import Userland

_API_SETS = ("api-", "ext-")


class Need(NamedTuple):
    """A DLL that an image names; `delayed` ones are loaded when they are first called."""

    dll: str
    delayed: bool
    functions: tuple[str, ...]
    """Names, or ordinals as "#12"."""
    served_by: str
    """The file's name that has them; empty where there is none."""
    missing: tuple[str, ...]
    """Functions that the file does not have; all of them where there is none."""

    def joined(self, other: Need) -> Need:
        """What two images want of the same DLL."""
        functions = tuple(dict.fromkeys((*self.functions, *other.functions)))
        missing = tuple(dict.fromkeys((*self.missing, *other.missing)))
        return self._replace(functions=functions, missing=missing)


def needs_of(image: Image, userland: Userland, directories: Iterable[Path] = ()) -> list[Need]:
    """The DLLs that `image` names, in its order; `directories` are searched beside the system's.

    Raises ImageError for a malformed import directory.
    """
    return _Search(userland, directories).needs_of(image)


def all_needs(image: Image, userland: Userland, directories: Iterable[Path]) -> list[Need]:
    """What must be there before `image` starts, for it and for the DLLs beside it.

    The DLLs of a userland are taken to satisfy each other, and what is wrong with the tables of an
    image is left to the loader that will map it.
    """
    search = _Search(userland, directories)
    wanted: dict[str, Need] = {}
    pending = [image]
    while pending:
        try:
            needs = search.needs_of(pending.pop(0))
        except ImageError:
            continue
        for need in needs:
            name = _file_name(need.dll)
            if need.delayed:
                continue
            if name in wanted:
                wanted[name] = wanted[name].joined(need)
            else:
                wanted[name] = need
                pending += search.beside(name)
    return list(wanted.values())


class _Dll:
    """A file that serves imports."""

    def __init__(self, image: Image) -> None:
        self.image = image

    @cached_property
    def _names(self) -> ExportNames:
        return ExportNames(self.image)

    @cached_property
    def _ordinals(self) -> frozenset[int]:
        return frozenset(export.ordinal for export in self.image.exports)

    def lacks(self, want: Import) -> bool:
        try:
            if want.name is None:
                return want.ordinal not in self._ordinals
            return want.name not in self._names
        except ImageError:
            return True


class _Search:
    """Finds DLLs by the names that images use; each is read once."""

    def __init__(self, userland: Userland, directories: Iterable[Path]) -> None:
        self._userland = userland
        self._files = _files(directories)
        self._found: dict[str, _Dll | None] = {}
        self._system: dict[str, _Dll | None] = {}

    def needs_of(self, image: Image) -> list[Need]:
        wanted: dict[tuple[str, bool], list[Import]] = {}
        for want in image.imports:
            wanted.setdefault((want.dll, want.delay), []).append(want)
        return [self._need(dll, delayed, wants) for (dll, delayed), wants in wanted.items()]

    def beside(self, name: str) -> list[Image]:
        """The image of that file name, if it does not come from the userland."""
        found = self._found.get(name)
        return [found.image] if found is not None and self._is_beside(name) else []

    def _need(self, dll: str, delayed: bool, wants: list[Import]) -> Need:
        found = self._find(_file_name(dll))
        functions = tuple(dict.fromkeys(map(_function, wants)))
        lacking = (want for want in wants if found is None or found.lacks(want))
        missing = tuple(dict.fromkeys(map(_function, lacking)))
        return Need(dll, delayed, functions, found.image.name if found else "", missing)

    def _find(self, name: str) -> _Dll | None:
        if name not in self._found:
            self._found[name] = self._read(name)
        return self._found[name]

    def _read(self, name: str) -> _Dll | None:
        if not self._is_beside(name):
            return self._of_system(self._host(name) or name)
        path = self._files[name]
        try:
            return _Dll(read_pe(path.read_bytes(), path.name))
        except (OSError, ImageError):
            return None

    def _of_system(self, name: str) -> _Dll | None:
        """A DLL of the userland: a program names one by several API sets."""
        if name not in self._system:
            try:
                self._system[name] = _Dll(read_pe(self._userland.read(name), name))
            except (OSError, ImageError):
                self._system[name] = None
        return self._system[name]

    def _is_beside(self, name: str) -> bool:
        return name in self._files and self._host(name) is None

    def _host(self, name: str) -> str | None:
        """The DLL behind an API set."""
        if not name.startswith(_API_SETS):
            return None
        return self._contracts.get(name.removesuffix(".dll").rpartition("-")[0])

    @cached_property
    def _contracts(self) -> Mapping[str, str]:
        """Hosts by contracts without their last number, which may be any."""
        try:
            pairs = self._userland.contracts().items()
        except (OSError, ImageError, ApiSetError):  # another version than that of Windows 10
            return {}
        return {name.rpartition("-")[0].lower(): host.lower() for name, host in pairs if host}


def _files(directories: Iterable[Path]) -> dict[str, Path]:
    """Files by their names in small letters; the first directory's come first."""
    files: dict[str, Path] = {}
    for directory in directories:
        try:
            names = sorted(os.listdir(directory))
        except OSError:
            continue
        for name in names:
            files.setdefault(name.lower(), directory / name)
    return files


def _function(want: Import) -> str:
    return want.name if want.name is not None else f"#{want.ordinal}"


def _file_name(dll: str) -> str:
    """A name without a suffix is that of a .dll, as for LdrLoadDll."""
    name = dll.lower()
    return name if "." in name else f"{name}.dll"
