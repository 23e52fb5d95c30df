"""`picorun compat IMAGE`: which userlands have what a program imports, without running it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from picorun.choice import candidates, search_directories
from picorun.image_file import read_image
from picorun.needs import Need, all_needs
from picorun.userland import find_userland
from provider.nt.types import printable

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Mapping

    from picorun.userland import Userland


def add_arguments(parser: ArgumentParser) -> None:
    """The image, and what to compare it with."""
    parser.add_argument("image", help="a 32-bit .exe")
    text = "compare with this one; repeatable (default: the built-in one and all installed ones)"
    parser.add_argument("--userland", metavar="NAME|DIR", action="append", help=text)
    parser.add_argument("--json", action="store_true", help="as one object")


def run(options: Namespace) -> int:
    """Print a table; 0 if one of the userlands has all, else 1.  Raises Refusal, RunFailed."""
    image = read_image(options.image)
    directories = search_directories(Path(options.image))
    table = {one.name: all_needs(image, one, directories) for one in _userlands(options.userland)}
    if options.json:
        print(json.dumps({"image": image.name, "userlands": _data(table)}, indent=1))
    else:
        print(*_lines(image.name, table), sep="\n")
    return int(not any(_complete(wanted) for wanted in table.values()))


def _userlands(names: list[str] | None) -> list[Userland]:
    if not names:
        return [userland for userland, _ in candidates()]
    return [find_userland(name) for name in names]


def _complete(wanted: list[Need]) -> bool:
    return not any(need.missing for need in wanted)


def _data(table: Mapping[str, list[Need]]) -> list[dict[str, Any]]:
    return [
        {"name": name, "complete": _complete(wanted), "dlls": [need._asdict() for need in wanted]}
        for name, wanted in table.items()
    ]


def _lines(image: str, table: Mapping[str, list[Need]]) -> list[str]:
    """How many functions of each DLL each userland has, then the names of the others."""
    rows: dict[str, dict[str, Need]] = {}
    for name, wanted in table.items():
        for need in wanted:
            rows.setdefault(need.dll, {})[name] = need
    functions = sum(max(len(need.functions) for need in row.values()) for row in rows.values())
    widths = [
        max((len(printable(dll)) for dll in rows), default=0),
        *(max(10, len(name)) for name in table),
    ]
    cells = [["", *table]]
    cells += [
        [printable(dll), *(_count(row.get(name)) for name in table)] for dll, row in rows.items()
    ]
    lines = [f"{printable(image)} imports {functions} functions of {len(rows)} DLLs of the system"]
    lines += [" ".join(_padded(row, widths)).rstrip() for row in cells]
    for name, wanted in table.items():
        missing = [need for need in wanted if need.missing]
        lines += ["", f"{name} {'lacks' if missing else 'has all'}"]
        for need in missing:
            what = ", ".join(need.missing) if need.served_by else "the DLL"
            lines.append(printable(f"  {need.dll}: {what}"))
    return lines


def _padded(cells: list[str], widths: list[int]) -> list[str]:
    first, *others = zip(cells, widths, strict=True)
    return [first[0].ljust(first[1]), *(text.rjust(width) for text, width in others)]


def _count(need: Need | None) -> str:
    """The functions that are there, of how many; "" where the DLL lies beside the program."""
    if need is None:
        return ""
    have = len(need.functions) - len(need.missing)
    return f"{have}/{len(need.functions)}" if need.served_by else "no DLL"
