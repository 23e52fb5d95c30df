"""Userlands: the DLLs that a guest finds in its system directory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import guest

BUILTIN = "builtin"
NTDLL = "ntdll.dll"


class UserlandMissing(Exception):
    """There is no usable userland of that name; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Userland:
    """A name for people and a host directory."""

    name: str
    directory: Path

    def read(self, dll: str) -> bytes:
        """The contents of one of its DLLs."""
        return (self.directory / dll).read_bytes()


def find_userland(name: str) -> Userland:
    """The built-in userland, or a directory that has an ntdll.dll.  UserlandMissing."""
    directory = Path(guest.__file__).parent / "system32" if name == BUILTIN else Path(name)
    if (directory / NTDLL).is_file():
        return Userland(name, directory)
    if name == BUILTIN:
        raise UserlandMissing("the built-in DLLs are not built; run 'python -m guest.build'")
    if directory.is_dir():
        raise UserlandMissing(f"userland {name}: there is no {NTDLL} in this directory")
    raise UserlandMissing(f"userland {name}: neither 'builtin' nor a directory")
