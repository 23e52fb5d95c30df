"""Userlands: the DLLs that a guest finds in its system directory."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import guest
from emu.named_tuple import NamedTuple
from loader import apiset
from loader.pe import read_pe
from picorun.exit_code import RunFailed

BUILTIN = "builtin"
NTDLL = "ntdll.dll"
_API_SETS = "apisetschema.dll"
_API_SET_SECTION = ".apiset"
_LOCALES = "locale.nls"
_NLS_BESIDE = ("nls", "share/wine/nls")
"""Where NLS files are that do not lie with the DLLs, seen from their directory or one above it."""


_KNOWN = r"wine(-[0-9]+(\.[0-9]+)*)?"
"""Names of those that can be installed from packages."""


class UserlandMissing(RunFailed):
    """There is no usable userland of that name."""


class Userland(NamedTuple):
    """A name for people, and host directories: what the first lacks the next may have."""

    name: str
    directories: tuple[Path, ...]

    def read(self, dll: str) -> bytes:
        """The contents of one of its files.  FileNotFoundError."""
        return self._find(dll).read_bytes()

    def program(self, name: str) -> Path | None:
        """Its program of that name, which may lack the .exe; None if it has none."""
        for candidate in (name.lower(), f"{name.lower()}.exe"):
            with suppress(FileNotFoundError):
                return self._find(candidate)
        return None

    def has(self, path: Path) -> bool:
        """Whether a file lies in one of the directories."""
        return any(path.parent.samefile(directory) for directory in self.directories)

    def api_sets(self) -> bytes:
        """The API set map: of the userland's schema, else ours.  ImageError, OSError."""
        own = self._own_api_sets()
        return apiset.build(apiset.BUILTIN) if own is None else own

    def contracts(self) -> Mapping[str, str]:
        """The hosts by API set.  ImageError, ApiSetError, OSError."""
        own = self._own_api_sets()
        return apiset.BUILTIN if own is None else apiset.read(own)

    def _own_api_sets(self) -> bytes | None:
        try:
            data = self._find(_API_SETS).read_bytes()
        except FileNotFoundError:
            return None
        image = read_pe(data, _API_SETS)
        for section in image.sections:
            if section.name == _API_SET_SECTION:
                return image.read(section.rva, section.virtual_size)
        return None

    def _find(self, name: str) -> Path:
        for directory in self.directories:
            if (directory / name).is_file():
                return directory / name
        for directory in self.directories:
            for path in sorted(directory.iterdir()):
                if path.name.lower() == name.lower() and path.is_file():
                    return path
        raise FileNotFoundError(name)


def find_userland(name: str) -> Userland:
    """The built-in userland, an installed one, or a directory with an ntdll.dll.  UserlandMissing.

    A directory's userland has the NLS files of the same package, and what it lacks it gets from the
    built-in one.
    """
    builtin = Path(guest.__file__).parent / "system32"
    directory = builtin if name == BUILTIN else _installed(name) or Path(name)
    if (directory / NTDLL).is_file():
        if name == BUILTIN:
            return Userland(name, (builtin,))
        others = [*nls_directory(directory.resolve()), *([builtin] if builtin.is_dir() else [])]
        return Userland(name, (directory, *others))
    if name == BUILTIN:
        raise UserlandMissing("the built-in DLLs are not built", "Run 'python -m guest.build'.")
    if directory.is_dir():
        raise UserlandMissing(
            f"userland {name}: there is no {NTDLL} in this directory",
            "Name the directory that has the DLLs themselves, such as .../wine/i386-windows.",
        )
    if re.fullmatch(_KNOWN, name, re.ASCII):
        raise UserlandMissing(
            f"userland {name}: it is not installed",
            f"'picorun userland install {name}' gets it.",
        )
    raise UserlandMissing(
        f"userland {name}: neither a userland's name nor a directory",
        "Use 'builtin', one that 'picorun userland list' names, or a directory of DLLs.",
    )


def _installed(name: str) -> Path | None:
    """The DLLs of the installed userland with that name; a path is no name."""
    if "/" in name:
        return None
    # Imported here: a run on the built-in userland needs no store.
    from picorun.store.installed import Store

    found = Store().find(name)
    return None if found is None else found.system


def nls_directory(directory: Path) -> list[Path]:
    """Where the NLS files are, if not in the directory itself: none or one place."""
    if (directory / _LOCALES).is_file():
        return []
    places = (above / name for above in (directory, *directory.parents) for name in _NLS_BESIDE)
    return [place for place in places if (place / _LOCALES).is_file()][:1]
