"""The memory map that --memory-map writes: what the kernel reports, as text or as JSON."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, TextIO

from picorun.exit_code import RunFailed
from provider.kernel.mm.report import memory_map

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from provider.kernel.mm import MemoryManager

Report = dict[str, Any]
PAGE_SIZE = 4096
_SHOWN_RUNS = 6
"""Runs of frames that the text shows of each page list."""

_KINDS = {
    "demand_zero_faults": "demand-zero",
    "transition_faults": "soft (from a page list)",
    "shared_faults": "soft (in use elsewhere)",
    "hard_faults": "hard",
    "copy_faults": "copy-on-write",
    "guard_faults": "guard",
    "violations": "refused",
}
"""Counters of page faults by what they needed.  One fault can count for two kinds."""
_REST = {
    "pages_read": "pages read",
    "pages_written": "pages written",
    "failed_writes": "failed writes",
    "lost_writes": "lost writes",
}
_LEGEND = (
    "each run: addresses, pages, what the process may do, what the page-table entries hold",
    "  Valid …      mapped: the bits that are set; Owner: user mode; Prototype: a section's page",
    "  zero         nothing yet: a first touch asks the range above what the page is",
    "  demand-zero  committed with a protection of its own; a first touch gives a page of zeros",
    "  transition   trimmed, and still in its frame: back by a soft fault",
    "  page file n  written there (15: the compression store): back by a hard fault",
    "  prototype    shared: the section's own entry says where the page is",
    "  decommitted  reserved only, in a range that is committed otherwise",
)


class MapFailed(RunFailed):
    """The memory map cannot be written; the message says where and why."""


def report(memory: MemoryManager) -> Report:
    """Everything about a machine's memory at this moment, fit for JSON."""
    return memory_map(memory, {space: space.label for space in memory.spaces})


def write(found: Report, target: str) -> None:
    """Write to stderr for "-", else to the file `target`: JSON if its name ends so.  MapFailed."""
    if target == "-":
        _write_text(found, sys.stderr)
        return
    try:
        with open(target, "w", encoding="utf-8") as stream:
            if target.endswith(".json"):
                json.dump(found, stream, indent=1)
                stream.write("\n")
            else:
                _write_text(found, stream)
    except OSError as error:
        raise MapFailed.by_host(f"cannot write the memory map to {target}", error) from None


def _write_text(found: Report, stream: TextIO) -> None:
    stream.writelines(line + "\n" for line in lines(found))


def lines(found: Mapping[str, Any]) -> Iterator[str]:
    """The text of a report, without line ends."""
    commit = found["commit"]
    yield f"RAM {found['ram'] >> 20} MB, {found['paging']} paging"
    yield (
        f"commit {_pages(commit['pages'])} of {_pages(commit['limit'])}, "
        f"peak {_pages(commit['peak'])}"
    )
    for number, file in enumerate(found["page_files"]):
        yield (
            f"page file {number}: {_pages(file['used'])} of {_pages(file['pages'])} in use, "
            f"peak {_pages(file['peak'])}"
        )
    store = found["compression"]
    if store is not None:
        yield f"compression store: {store['pages']} pages in {store['frames']} frames"
    yield "all processes: " + _faults(found["counters"])
    yield ""
    yield "frames      count  which"
    for state, count in found["frames"].items():
        if count:
            yield f"  {state:<18}{count:>7}  {_runs(found['lists'][state])}".replace("_", " ")
    for process in found["processes"]:
        yield ""
        yield from _process(process)
    yield ""
    yield from _LEGEND


def _process(process: Mapping[str, Any]) -> Iterator[str]:
    working_set, commit, size = (process[key] for key in ("working_set", "commit", "virtual_size"))
    yield f"{process['name'] or 'address space'}, CR3 {process['cr3']:#010x}"
    yield (
        f"  working set {working_set['pages']} pages, peak {working_set['peak']}, "
        f"minimum {working_set['minimum']}, maximum {working_set['maximum']}, "
        f"locked {working_set['locked']}"
    )
    yield (
        f"  commit {_pages(commit['pages'])}, peak {_pages(commit['peak'])}; "
        f"addresses {size['bytes'] >> 10} KB, peak {size['peak'] >> 10} KB; "
        f"{process['page_tables']} page tables"
    )
    yield "  " + _faults(process["counters"])
    for vad in process["vads"]:
        yield from _vad(vad)


def _vad(vad: Mapping[str, Any]) -> Iterator[str]:
    end = vad["start"] + vad["size"] - 1
    name = f" {vad['name']}" if vad["name"] else ""
    details = [f"{vad['valid']} of {vad['size'] // PAGE_SIZE} pages valid"]
    if vad["shared"]:
        details.append(f"{vad['shared']} of those mapped elsewhere too")
    if vad["commit"]:
        details.append(f"commit {vad['commit']}")
    if vad["write_watch"]:
        details.append("write watch")
    yield (
        f"  {vad['start']:08x}-{end:08x}  {vad['kind']}{name}, {vad['protection']}; "
        + ", ".join(details)
    )
    for run in vad["runs"]:
        last = run["start"] + run["pages"] * PAGE_SIZE - 1
        yield (
            f"    {run['start']:08x}-{last:08x} {run['pages']:>6}  "
            f"{run['protection']:<20}  {run['pte']}"
        )


def _pages(count: int) -> str:
    return f"{count} pages ({count * PAGE_SIZE >> 10} KB)"


def _faults(values: Mapping[str, int]) -> str:
    """The counts of `Counters` that are not 0."""
    kinds = [f"{values[name]} {word}" for name, word in _KINDS.items() if values[name]]
    rest = [f"{word} {values[name]}" for name, word in _REST.items() if values[name]]
    total = f"{values['faults']} page faults"
    return "; ".join([f"{total}: {', '.join(kinds)}" if kinds else total, *rest])


def _runs(runs: Sequence[tuple[int, int]]) -> str:
    """Frame numbers, consecutive ones together."""
    shown = [
        f"{first:x}" if count == 1 else f"{first:x}-{first + count - 1:x}"
        for first, count in runs[:_SHOWN_RUNS]
    ]
    more = len(runs) - _SHOWN_RUNS
    return " ".join([*shown, f"and {more} runs more"] if more > 0 else shown)
