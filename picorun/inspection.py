"""What an image's file says, as data and as lines.  Files are hostile: a malformed part says so."""

from __future__ import annotations

import textwrap
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from loader.error import ImageError
from loader.image import Directory
from loader.runnable import check_runnable
from loader.version import read_version
from picorun.needs import needs_of
from provider.nt.types import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from loader.image import Image
    from picorun.userland import Userland

Inspection = dict[str, Any]
_WIDTH = 100
_SUBSYSTEMS = {1: "native", 2: "GUI", 3: "console", 5: "OS/2", 7: "POSIX", 10: "EFI"}
_FLAGS = {
    0x0020: "high-entropy-va",
    0x0040: "dynamic-base",
    0x0080: "force-integrity",
    0x0100: "nx-compatible",
    0x0200: "no-isolation",
    0x0400: "no-seh",
    0x0800: "no-bind",
    0x1000: "app-container",
    0x2000: "wdm-driver",
    0x4000: "control-flow-guard",
    0x8000: "terminal-server-aware",
}
"""DllCharacteristics ("PE Format")."""


def inspect(image: Image, userland: Userland, beside: Path | None) -> Inspection:
    """Everything about `image`, fit for JSON; "malformed" has what cannot be read, and why."""
    malformed: dict[str, str] = {}

    def part(name: str, read: Callable[[], Any], otherwise: Any) -> Any:
        try:
            return read()
        except ImageError as error:
            malformed[name] = str(error)
            return otherwise

    return {
        "name": image.name,
        "refusal": _refusal(image),
        "headers": _headers(image),
        "sections": [_section(row) for row in image.sections],
        "directories": {
            directory.name.lower(): {"rva": image.directory(directory)[0], "size": size}
            for directory in Directory
            if (size := image.directory(directory)[1])
        },
        "needs": part("imports", lambda: _needs(image, userland, beside), []),
        "exports": part("exports", lambda: [row._asdict() for row in image.exports], []),
        "tls": part("TLS", lambda: image.tls and image.tls._asdict(), None),
        "version": part("version", lambda: _version(image), None),
        "userland": userland.name,
        "malformed": malformed,
    }


def _refusal(image: Image) -> str | None:
    """Why it cannot be started as a program."""
    try:
        check_runnable(image)
    except ImageError as error:
        return str(error)
    return None


def _headers(image: Image) -> dict[str, Any]:
    return {
        "kind": "DLL" if image.is_dll else "program",
        "subsystem": _SUBSYSTEMS.get(image.subsystem, str(image.subsystem)),
        "subsystem_version": list(image.subsystem_version),
        "file_bytes": len(image.data),
        "timestamp": image.timestamp,
        "checksum": image.checksum,
        "image_base": image.image_base,
        "entry_point": image.entry_point,
        "size_of_image": image.size_of_image,
        "section_alignment": image.section_alignment,
        "file_alignment": image.file_alignment,
        "stack": {"reserve": image.stack_reserve, "commit": image.stack_commit},
        "heap": {"reserve": image.heap_reserve, "commit": image.heap_commit},
        "relocations_stripped": image.relocations_stripped,
        "flags": [name for bit, name in _FLAGS.items() if image.dll_characteristics & bit],
    }


def _section(row: Any) -> dict[str, Any]:
    return {**row._asdict(), "protection": str(row.protection)}


def _needs(image: Image, userland: Userland, beside: Path | None) -> list[dict[str, Any]]:
    return [need._asdict() for need in needs_of(image, userland, [beside] if beside else [])]


def _version(image: Image) -> dict[str, Any] | None:
    found = read_version(image)
    return None if found is None else found._asdict()


def lines(found: Inspection) -> Iterator[str]:
    """The text, without line ends."""
    yield from _header_lines(found)
    yield from ("", "section        rva     size    file   bytes  access")
    for row in found["sections"]:
        yield (
            f"{printable(row['name']):<10} {row['rva']:>8x} {row['virtual_size']:>8x} "
            f"{row['file_offset']:>7x} {row['file_size']:>7x}  {row['protection']}"
        )
    yield from _import_lines(found)
    if found["exports"]:
        names = [row["name"] or f"#{row['ordinal']}" for row in found["exports"]]
        yield from _list(f"exports {len(names)} functions", names)
    if found["tls"]:
        tls = found["tls"]
        size = tls["raw_data_end"] - tls["raw_data_start"] + tls["zero_fill_size"]
        yield ""
        yield f"TLS: {max(size, 0)} bytes a thread, callbacks at {tls['callbacks_va']:#x}"
    yield from _version_lines(found["version"])
    yield from _verdict(found)


def _header_lines(found: Inspection) -> Iterator[str]:
    head = found["headers"]
    yield (
        f"{printable(found['name'])}: a 32-bit {head['subsystem']} {head['kind']}, "
        f"{head['file_bytes']} bytes"
    )
    linked = datetime.fromtimestamp(head["timestamp"], UTC)
    yield f"  linked {linked:%Y-%m-%d %H:%M:%S} UTC, by its own word"
    yield (
        f"  base {head['image_base']:#x}, {head['size_of_image']:#x} bytes, "
        f"entry point at +{head['entry_point']:#x}"
    )
    for name in ("stack", "heap"):
        yield f"  {name} {head[name]['reserve'] >> 10} KB, {head[name]['commit'] >> 10} KB at once"
    stripped = ["no relocations"] if head["relocations_stripped"] else []
    yield "  " + ", ".join([*head["flags"], *stripped] or ["no flags"])


def _import_lines(found: Inspection) -> Iterator[str]:
    for need in found["needs"]:
        kind = "when first called, " if need["delayed"] else ""
        yield from _list(f"imports {kind}{printable(need['dll'])}", need["functions"])


def _list(title: str, names: Any) -> Iterator[str]:
    yield from ("", title)
    text = ", ".join(map(printable, names))
    yield from textwrap.wrap(
        text,
        _WIDTH,
        initial_indent="  ",
        subsequent_indent="  ",
        break_on_hyphens=False,
        break_long_words=False,
    )


def _version_lines(version: dict[str, Any] | None) -> Iterator[str]:
    if version is None:
        return
    yield from ("", "version")
    if version["file"]:
        yield f"  {'.'.join(map(str, version['file']))}"
    yield from (
        f"  {printable(name)}: {printable(text)}" for name, text in version["strings"].items()
    )


def _verdict(found: Inspection) -> Iterator[str]:
    """What runs it, and what of the file is wrong."""
    yield ""
    if found["refusal"] and found["headers"]["kind"] != "DLL":
        yield f"cannot be run: {found['refusal']}"
    yield from (f"malformed {part}: {words}" for part, words in found["malformed"].items())
    userland, lacking = found["userland"], []
    for need in found["needs"]:
        if need["delayed"]:
            continue
        if not need["served_by"]:
            lacking.append(f"  {printable(need['dll'])}")
        elif need["missing"]:
            lacking.append(
                f"  {printable(need['dll'])}: {', '.join(map(printable, need['missing']))}"
            )
    if lacking:
        yield f"userland {userland} lacks"
        yield from lacking
    else:
        yield f"userland {userland} has all that it imports"
