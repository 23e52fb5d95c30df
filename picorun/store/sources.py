"""The package archives that this machine uses, from /etc/apt (sources.list(5), os-release(5))."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path

from emu.named_tuple import NamedTuple
from picorun.store.error import StoreError

_COMPONENTS = {"main", "universe"}
"""Where Debian and Ubuntu have Wine."""
_KEPT = ("signed-by", "trusted", "allow-insecure", "check-valid-until")
"""Options that say why an archive is to be trusted."""
_ONE_LINE = re.compile(r"deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+(.+)")


class Source(NamedTuple):
    """A stanza of a .sources file; the options have small letters."""

    uris: str
    suites: tuple[str, ...]
    components: tuple[str, ...]
    options: Mapping[str, str]

    def text(self, suite: str) -> str:
        """The stanza for that suite alone."""
        lines = [
            "Types: deb",
            f"URIs: {self.uris}",
            f"Suites: {suite}",
            f"Components: {' '.join(self.components)}",
        ]
        lines += [f"{name}: {self.options[name]}" for name in _KEPT if name in self.options]
        return "\n".join(lines) + "\n\n"


class Distribution(NamedTuple):
    """What /etc/os-release says: "debian" and "bookworm"."""

    id: str
    suite: str


def distribution(etc: Path) -> Distribution:
    """The distribution, or the one that this one's packages come from.  Raises StoreError."""
    try:
        lines = (etc / "os-release").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    fields = dict(line.split("=", 1) for line in lines if "=" in line)
    for parent in ("ubuntu", "debian"):
        if codename := fields.get(f"{parent.upper()}_CODENAME"):
            return Distribution(parent, codename.strip("\"'"))
    names = [fields.get(name, "").strip("\"'") for name in ("ID", "VERSION_CODENAME")]
    if not all(names):
        raise StoreError(f"{etc}/os-release names no Debian or Ubuntu", OTHER_WAY)
    return Distribution(*names)


OTHER_WAY = "Another way: 'picorun userland install --from DIR' with the DLLs of a Wine or Windows."


def sources_text(etc: Path, own_suite: str, suite: str) -> str:
    """A .sources file: the machine's archives that have `own_suite`, for `suite`.

    Raises StoreError where there is none.
    """
    chosen = [
        source
        for source in _sources(etc / "apt")
        if own_suite in source.suites and _COMPONENTS & set(source.components)
    ]
    if not chosen:
        raise StoreError(f"{etc}/apt has no archive with the suite {own_suite}", OTHER_WAY)
    return "".join(dict.fromkeys(source.text(suite) for source in chosen))


def _sources(apt: Path) -> Iterator[Source]:
    parts = apt / "sources.list.d"
    for path in (apt / "sources.list", *sorted(parts.glob("*.list"))):
        yield from filter(None, map(_one_line, _lines(path)))
    for path in sorted(parts.glob("*.sources")):
        for stanza in "\n".join(_lines(path)).split("\n\n"):
            if (source := _stanza(stanza)) is not None:
                yield source


def _lines(path: Path) -> list[str]:
    """The lines without comments; none of a file that cannot be read, as apt has it."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return [line.rstrip() for line in text.splitlines() if not line.startswith("#")]


def _one_line(line: str) -> Source | None:
    match = _ONE_LINE.fullmatch(line.partition("#")[0].strip())
    if match is None:
        return None
    words = (word.partition("=") for word in shlex.split(match[1] or ""))
    options = {name.lower(): value for name, _, value in words}
    return Source(match[2], (match[3],), tuple(match[4].split()), options)


def _stanza(text: str) -> Source | None:
    fields: dict[str, str] = {}
    name = ""
    for line in text.splitlines():
        if line[:1] in (" ", "\t"):
            fields[name] = f"{fields.get(name, '')}\n{line}"
        else:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            fields[name] = value.strip()
    if "deb" not in fields.get("types", "").split() or fields.get("enabled", "yes") == "no":
        return None
    uris = " ".join(fields.get("uris", "").split())
    suites, components = (tuple(fields.get(key, "").split()) for key in ("suites", "components"))
    return Source(uris, suites, components, fields)
