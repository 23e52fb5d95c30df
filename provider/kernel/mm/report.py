"""The memory map: what the page tables, VADs and page lists hold, as data."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from emu import paging as x86
from provider.kernel.mm.pfn import State
from provider.kernel.mm.protection import OF_CODE
from provider.kernel.mm.pte import DECOMMITTED, FILE_MASK, FILE_SHIFT, TRANSITION, soft_code
from provider.kernel.mm.runs import entries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from provider.kernel.mm.manager import MemoryManager
    from provider.kernel.mm.space import AddressSpace
    from provider.kernel.mm.vad import Vad

_BITS = (
    (x86.VALID, "Valid"),
    (x86.WRITE, "Write"),
    (x86.USER, "Owner"),
    (x86.WRITE_THROUGH, "WriteThrough"),
    (x86.CACHE_DISABLE, "CacheDisable"),
    (x86.ACCESSED, "Accessed"),
    (x86.DIRTY, "Dirty"),
    (x86.GLOBAL, "Global"),
    (x86.COPY_ON_WRITE, "CopyOnWrite"),
    (x86.PROTOTYPE, "Prototype"),
)


def memory_map(mm: MemoryManager, names: Mapping[AddressSpace, str]) -> dict[str, Any]:
    """Everything about memory at this moment, fit for JSON; `names` are those of the processes."""
    return {
        "ram": mm.ram.size,
        "paging": mm.paging.name,
        "commit": {
            "pages": mm.committed,
            "peak": mm.peak_committed,
            "limit": mm.commit_limit,
        },
        "frames": mm.pfns.counts(),
        "lists": _lists(mm),
        "page_files": [
            {"pages": file.pages, "used": file.used, "peak": file.peak_used}
            for file in mm.pager.files
        ],
        "compression": _compression(mm),
        "counters": mm.totals(),
        "processes": [_space(space, names.get(space, "")) for space in mm.spaces],
    }


def describe(mm: MemoryManager, pte: int) -> str:
    """A PTE in words: the bits of a valid one, the format of any other; frames are left out."""
    if pte & x86.VALID:
        names = [name for bit, name in _BITS if pte & bit]
        return " ".join([*names, "NX"] if pte & mm.format.no_execute else names)
    if not pte:
        return "zero"
    if pte & x86.PROTOTYPE:
        changed = mm.format.is_lookup(pte)
        return f"prototype, {_code(soft_code(pte))}" if changed else "prototype"
    if pte & TRANSITION:
        return f"transition, {_code(soft_code(pte))}"
    if mm.format.page_file_offset(pte):
        return f"page file {(pte & FILE_MASK) >> FILE_SHIFT}, {_code(soft_code(pte))}"
    if pte == DECOMMITTED:
        return "decommitted"
    return f"demand-zero, {_code(soft_code(pte))}"


def _lists(mm: MemoryManager) -> dict[str, list[list[int]]]:
    """The frames of each state: first and count of each run."""
    found: dict[str, list[list[int]]] = {state.name.lower(): [] for state in State}
    pfn = 0
    for state, group in groupby(mm.pfns.state):
        count = sum(1 for _ in group)
        found[State(state).name.lower()].append([pfn, count])
        pfn += count
    return found


def _compression(mm: MemoryManager) -> dict[str, int] | None:
    store = mm.pager.compression
    return None if store is None else {"pages": store.entries, "frames": store.frames}


def _space(space: AddressSpace, name: str) -> dict[str, Any]:
    labels = sorted(space.labels().items())
    return {
        "name": name,
        "cr3": space.cr3,
        "working_set": {
            "pages": space.resident,
            "peak": space.peak_resident,
            "minimum": space.minimum,
            "maximum": space.maximum,
            "locked": len(space.locked),
        },
        "commit": {"pages": space.committed, "peak": space.peak_committed},
        "virtual_size": {"bytes": space.virtual_size, "peak": space.peak_virtual_size},
        "page_tables": len(space.tables.tables(0, space.limit)),
        "counters": space.counters.as_dict(),
        "vads": [_vad(space, vad, labels) for vad in space.vads.all()],
    }


def _vad(space: AddressSpace, vad: Vad, labels: list[tuple[int, str]]) -> dict[str, Any]:
    names = [name for va, name in labels if vad.start <= va < vad.end]
    valid = [pte for _, pte in entries(space, vad.start, vad.end) if pte & x86.VALID]
    share = space.mm.pfns.share
    shared = sum(share[(pte & space.mm.format.frame_mask) >> 12] > 1 for pte in valid)
    described = (
        (va, describe(space.mm, pte), space.entry_code(vad, va, pte))
        for va, pte in entries(space, vad.start, vad.end)
    )
    runs = []
    for (state, code), group in groupby(described, key=lambda each: each[1:]):
        pages = [va for va, _, _ in group]
        protection = _code(code) if code else "reserved"
        run = {"start": pages[0], "pages": len(pages), "pte": state, "protection": protection}
        runs.append(run)
    return {
        "start": vad.start,
        "size": vad.end - vad.start,
        "kind": vad.kind.value,
        "name": ", ".join(dict.fromkeys(names)),
        "write_watch": vad.write_watch,
        "valid": len(valid),
        "shared": shared,
        "protection": _code(vad.code),
        "commit": vad.charge,
        "runs": runs,
    }


def _code(code: int) -> str:
    return str(OF_CODE[code].name or "NONE").lower().replace("_", " ").replace("|", " ")
