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
from bisect import bisect_left, insort
from itertools import chain, count
from typing import TYPE_CHECKING

from provider.kernel.ob.casing import upcase

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

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
        """All of them, in the order of their upper-case forms; each change makes a new list."""
        self.version: tuple[Hashable, ...] | None = None
        """Of the directory, when it had them."""
        self._short: dict[str, str] = {}
        self._long: dict[str, str] = {}
        self._alike: dict[str, list[str]] = {}
        """The names by their upper-case forms."""

    def update(self, names: list[str]) -> None:
        """Know all names that the directory has, in order; those that have gone are forgotten."""
        self.names, self._alike = names, {}
        for name in names:
            self._alike.setdefault(upcase(name), []).append(name)
        wanted = {name: None for name in names if not is_short(name)}
        for gone in [name for name in self._short if name not in wanted]:
            del self._long[self._short.pop(gone)]
        for name in wanted:
            self._shorten(name)

    def change(self, changed: Mapping[str, bool]) -> None:
        """The same for names that came or went, and whether they are there."""
        names = [*self.names]
        for name, is_there in changed.items():
            at = bisect_left(names, _order(name), key=_order)
            was_there = at < len(names) and names[at] == name
            if is_there and not was_there:
                names.insert(at, name)
                insort(self._alike.setdefault(upcase(name), []), name)
            elif was_there and not is_there:
                self._remove(names.pop(at))
        self.names = names
        for name in sorted((name for name, is_there in changed.items() if is_there), key=_order):
            if not is_short(name):
                self._shorten(name)

    def meant_by(self, name: str) -> list[str]:
        """The names that equal `name` but for case, or whose short names do, in their order."""
        found = self._alike.get(upcase(name), [])
        long = self.long(name)
        return [*found] if long is None else sorted({*found, long}, key=_order)

    def short(self, name: str) -> str:
        """The short name of a name; empty if that is short itself."""
        return self._short.get(name, "")

    def long(self, short: str) -> str | None:
        """The name that a short one stands for."""
        return self._long.get(upcase(short))

    def _remove(self, name: str) -> None:
        alike = self._alike[upcase(name)]
        alike.remove(name)
        if not alike:
            del self._alike[upcase(name)]
        if name in self._short:
            del self._long[self._short.pop(name)]

    def _shorten(self, name: str) -> None:
        if name not in self._short:
            short = self._generate(name)
            self._short[name], self._long[short] = short, name

    def _generate(self, name: str) -> str:
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
            if short not in self._alike and short not in self._long:
                return short
        raise AssertionError("count ended")


def _order(name: str) -> tuple[str, str]:
    return upcase(name), name


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
            known = table.version
            changed = place.changed_since(known) if version is not None and known else None
            if changed is None:
                table.update(place.names())
            else:
                table.change(changed)
            table.version = version
        return table
