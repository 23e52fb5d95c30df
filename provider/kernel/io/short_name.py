"""Short (8.3) names, which NTFS gives to files whose names are none.

The form follows RtlGenerate8dot3Name's documentation and "Naming Files, Paths, and Namespaces":
up to six characters of the base, a tilde and a number, up to three characters of the extension.
After four names that are alike so far, only two characters of the base are left, and four digits of
a checksum follow; which checksum NTFS takes is documented nowhere.  Numbers are given in the order
in which a directory's names are first asked for, and kept.
"""

from __future__ import annotations

import re
import zlib
from itertools import chain, count
from typing import TYPE_CHECKING

from provider.kernel.ob.casing import upcase

if TYPE_CHECKING:
    from provider.kernel.io.directory import FileKey
    from provider.kernel.io.mount import Place

LONGEST = 12
_LEGAL = "A-Z0-9!#$%&'()@^_`{}~\u0080-\uffff-"
# Patterns, which are compiled when a directory is first listed: with ranges of this size, that
# takes 13 ms.
_SHORT = rf"[a-z{_LEGAL}]{{1,8}}(\.[a-z{_LEGAL}]{{1,3}})?"
_ILLEGAL = rf"[^{_LEGAL}]"
_BASE, _EXTENSION, _ALIKE = 6, 3, 4


def is_short(name: str) -> bool:
    """Whether a name is its own short name."""
    return re.fullmatch(_SHORT, name) is not None


class ShortNameTable:
    """The names of one directory, and the short ones of those that need one."""

    def __init__(self) -> None:
        self.names: list[str] = []
        """All of them, as they were given; a later update makes a new list."""
        self.version: object = None
        """Of the directory, when it had them."""
        self._short: dict[str, str] = {}
        self._long: dict[str, str] = {}
        self._alike: dict[str, list[str]] = {}
        """The names by their upper-case forms, once somebody asks."""

    def update(self, names: list[str]) -> None:
        """Know all names that the directory has now; those that have gone are forgotten."""
        self.names, self._alike = names, {}
        wanted = {name: None for name in names if not is_short(name)}
        for gone in [name for name in self._short if name not in wanted]:
            del self._long[self._short.pop(gone)]
        taken = {upcase(name) for name in names if len(name) <= LONGEST}
        for name in wanted:
            if name not in self._short:
                short = self._generate(name, taken)
                self._short[name], self._long[short] = short, name

    def meant_by(self, name: str) -> list[str]:
        """The names that equal `name` but for case, or whose short names do, in their order."""
        if not self._alike:
            for known in self.names:
                self._alike.setdefault(upcase(known), []).append(known)
        found = self._alike.get(upcase(name), [])
        long = self.long(name)
        return found if long is None else sorted({*found, long}, key=self.names.index)

    def short(self, name: str) -> str:
        """The short name of a name; empty if that is short itself."""
        return self._short.get(name, "")

    def long(self, short: str) -> str | None:
        """The name that a short one stands for."""
        return self._long.get(upcase(short))

    def _generate(self, name: str, taken: set[str]) -> str:
        base, dot, extension = upcase(name).lstrip(".").replace(" ", "").rpartition(".")
        if not dot:
            base, extension = extension, ""
        base = re.sub(_ILLEGAL, "_", base.replace(".", ""))[:_BASE]
        extension = re.sub(_ILLEGAL, "_", extension)[:_EXTENSION]
        ending = f".{extension}" if extension else ""
        for base_part, number in chain(
            ((base, number) for number in range(1, _ALIKE + 1)),
            ((f"{base[:2]}{_checksum(name):04X}", number) for number in count(1)),
        ):
            tail = f"~{number}"
            short = base_part[: _BASE + 2 - len(tail)] + tail + ending
            if short not in taken and short not in self._long:
                return short
        raise AssertionError("count ended")


def _checksum(name: str) -> int:
    return zlib.crc32(upcase(name).encode("utf-16-le", "surrogatepass")) & 0xFFFF


class ShortNames:
    """The tables of all directories that were asked for short names."""

    def __init__(self) -> None:
        self._tables: dict[FileKey, ShortNameTable] = {}

    def of(self, place: Place) -> ShortNameTable:
        """The table of a directory, with the names that it has now.  KernelError."""
        table = self._tables.setdefault(place.key, ShortNameTable())
        version = place.version()
        if version is None or version != table.version:
            table.update(place.names())
            table.version = version
        return table
