"""`python -m bench [LOAD...] [--json FILE]`: run the loads named (default: all), print a table."""

from __future__ import annotations

import argparse
import json
import pkgutil
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import bench
from bench import references

if TYPE_CHECKING:
    from bench.row import Row

_NOT_LOADS = ("__main__", "bare", "in_speakeasy", "measure", "references", "row")


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
    for words in references.missing():
        print(f"skipped: {words}")
    if options.json is not None:
        options.json.write_text(json.dumps([row._asdict() for row in rows], indent=1) + "\n")


def _loads() -> list[str]:
    found = (module.name for module in pkgutil.iter_modules(bench.__path__))
    return sorted(name for name in found if name not in _NOT_LOADS)


def _line(row: Row) -> str:
    parts = [f"{row.name:44} {_number(row.value):>10} {row.unit:4}"]
    if row.budget is not None:
        parts.append(f"budget {row.budget:g} {row.unit}")
    if row.speed is not None and row.reference_value is not None:
        least = "" if row.least_speed is None else f" (at least {row.least_speed:.3g}x)"
        reference = _number(row.reference_value)
        parts.append(f"{row.speed:.2f}x {row.reference}, {reference}{least}")
    if row.is_over:
        parts.append("OVER")
    return "  ".join(parts).rstrip()


def _number(value: float) -> str:
    """Three digits, all of them before the point of a larger one."""
    return f"{value:.0f}" if value >= 1000 else f"{value:.3g}"


main()
