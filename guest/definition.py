"""Module-definition files: what a DLL exports, and from that what others import.

A line is `Name=Internal@12 @5 NONAME DATA`, everything after the name optional; `Name=dll.Other`
is a forwarder. `Internal@12` is the C symbol without its leading underscore, so `@12` marks a
stdcall function with 12 bytes of arguments, `@Name@12` a fastcall one, and a bare name is cdecl.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass


class DefinitionError(Exception):
    """A line that is none of the above; the text names it."""


@dataclass(frozen=True, slots=True)
class Export:
    """One exported name."""

    name: str
    symbol: str
    ordinal: int | None
    flags: tuple[str, ...]

    @property
    def forwarded_to(self) -> tuple[str, str] | None:
        """DLL (without suffix, lower case) and name of a forwarder."""
        dll, dot, name = self.symbol.rpartition(".")
        return (dll.lower(), name) if dot else None

    def line(self) -> str:
        """The line of the definition file for the linker."""
        words = [self.name if self.symbol == self.name else f"{self.name}={self.symbol}"]
        words += [f"@{self.ordinal}"] if self.ordinal is not None else []
        return " ".join([*words, *self.flags])


_LINE = re.compile(
    r"(?P<name>[^\s=]+)(?:\s*=\s*(?P<symbol>\S+))?(?:\s+@(?P<ordinal>\d+))?"
    r"(?P<flags>(?:\s+(?:NONAME|DATA|PRIVATE))*)"
)
_DECORATION = re.compile(r"^(?P<fast>@?)(?P<stem>.*?)(?P<bytes>@\d+)?$")


def parse(text: str) -> list[Export]:
    """The exports of a definition file, in its order; LIBRARY and EXPORTS lines may be there."""
    exports = []
    for raw in text.splitlines():
        line = raw.partition(";")[0].strip()
        if not line or line.split()[0] in ("LIBRARY", "EXPORTS"):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            raise DefinitionError(f"not an export: {raw.strip()}")
        symbol = match["symbol"] or match["name"]
        ordinal = int(match["ordinal"]) if match["ordinal"] else None
        exports.append(Export(match["name"], symbol, ordinal, tuple(match["flags"].split())))
    return exports


def linker_text(dll: str, exports: list[Export]) -> str:
    """The definition file for the linker."""
    return f"LIBRARY {dll}\nEXPORTS\n" + "".join(f"{e.line()}\n" for e in exports)


def import_text(dll: str, userland: Mapping[str, list[Export]], own: Collection[str] = ()) -> str:
    """The definition file from which `dlltool -k` makes the import library of `dll`.

    Its names carry the decoration that C code refers to; a forwarder's is its target's. Names in
    `own` are left out: the importing DLL defines them itself. The number of a name is its hint,
    the place in the sorted name table where the loader looks first.
    """
    named = sorted((e for e in userland[dll] if "NONAME" not in e.flags), key=lambda e: e.name)
    lines = [f"LIBRARY {dll}", "EXPORTS"]
    for hint, export in enumerate(named):
        if export.name not in own and "PRIVATE" not in export.flags:
            words = [_decorated(export, userland), *([f"@{hint}"] if hint else [])]
            lines.append(" ".join([*words, *({"DATA"} & {*export.flags})]))
    return "\n".join(lines) + "\n"


def _decorated(export: Export, userland: Mapping[str, list[Export]]) -> str:
    symbol = export.symbol
    for _ in range(4):
        dll, dot, name = symbol.rpartition(".")
        if not dot:
            break
        targets = (e for e in userland.get(dll.lower() + ".dll", []) if e.name == name)
        symbol = next((e.symbol for e in targets), name)
    match = _DECORATION.match(symbol)
    assert match is not None
    return f"{match['fast']}{export.name}{match['bytes'] or ''}"
