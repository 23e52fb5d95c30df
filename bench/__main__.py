"""`python -m bench [LOAD...] [--json FILE]`: run the loads named (default: all), print a table."""

from __future__ import annotations

import argparse
import json
import pkgutil
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import bench

if TYPE_CHECKING:
    from bench.row import Row


def main() -> None:
    """Print a line per figure; with --json also write them as data."""
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("load", nargs="*", help=", ".join(_loads()))
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    rows: list[Row] = []
    for load in options.load or _loads():
        for row in import_module(f"bench.{load}").rows():
            print(_line(row), flush=True)
            rows.append(row)
    if options.json is not None:
        options.json.write_text(json.dumps([row._asdict() for row in rows], indent=1) + "\n")


def _loads() -> list[str]:
    found = (module.name for module in pkgutil.iter_modules(bench.__path__))
    return sorted(name for name in found if name not in ("__main__", "row"))


def _line(row: Row) -> str:
    budget = "" if row.budget is None else f"budget {row.budget:g} {row.unit}"
    verdict = "" if row.budget is None or row.value <= row.budget else "  OVER"
    return f"{row.name:44} {row.value:10.3g} {row.unit:4} {budget}{verdict}"


main()
