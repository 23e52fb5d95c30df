from __future__ import annotations

import json

import pytest

from emu.ram import PAGE_SIZE, Ram
from provider.kernel.mm import MemoryManager, Protection, report, working_set

R, W = Protection.READ, Protection.WRITE


@pytest.mark.parametrize("paging", ["pae", "x86"])
def test_each_kind_of_entry_is_told_by_its_bits(paging: str) -> None:
    mm = MemoryManager(Ram(4 << 20), paging=paging)
    space = mm.create_space()
    start, _ = space.allocate(None, 0x10000, reserve=True, commit=True, protection=R | W)
    pages = [start + page * PAGE_SIZE for page in range(6)]
    space.write(pages[0], b"x")
    working_set.empty(space)
    space.write(pages[1], b"x")
    space.read(pages[2], 1)
    space.protect(pages[3], 1, R)
    space.decommit(pages[4], 1)
    data = report.memory_map(mm, {space: "test.exe"})
    assert json.loads(json.dumps(data)) == data
    (process,) = data["processes"]
    assert process["name"] == "test.exe"
    nx = " NX" if paging == "pae" else ""
    runs = [(run["pages"], run["pte"], run["protection"]) for run in process["vads"][0]["runs"]]
    assert runs == [
        (1, "transition, read write", "read write"),
        (1, f"Valid Write Owner Accessed Dirty{nx}", "read write"),
        (1, f"Valid Write Owner Accessed{nx}", "read write"),
        (1, "demand-zero, read", "read"),
        (1, "decommitted", "reserved"),
        (11, "zero", "read write"),
    ]


def test_sections_and_page_files_are_told() -> None:
    pages = 400
    mm = MemoryManager(Ram(1 << 20))
    mm.add_page_file(4 << 20)
    space = mm.create_space()
    section = mm.create_section(size=PAGE_SIZE)
    view = space.map_view(section, None, protection=R | W)
    space.write(view.start, b"x")
    start, _ = space.allocate(None, pages * PAGE_SIZE, reserve=True, commit=True, protection=R | W)
    for page in range(pages):
        space.write(start + page * PAGE_SIZE, b"x")
    data = report.memory_map(mm, {})
    states = {run["pte"] for vad in data["processes"][0]["vads"] for run in vad["runs"]}
    assert "page file 0, read write" in states
    assert any("Prototype" in state or "prototype" in state for state in states)
    assert data["page_files"][0]["pages"] == 1024
    assert sum(count for runs in data["lists"].values() for _, count in runs) == 256


def test_faults_are_counted_by_kind() -> None:
    mm = MemoryManager(Ram(4 << 20))
    first, second = mm.create_space(), mm.create_space()
    start, _ = first.allocate(None, 0x10000, reserve=True, commit=True, protection=R | W)
    first.write(start, b"x")
    section = mm.create_section(size=PAGE_SIZE, protection=R | W)
    views = [space.map_view(section, None, protection=R | W).start for space in (first, second)]
    first.write(views[0], b"x")
    second.read(views[1], 1)
    working_set.empty(first)
    first.read(start, 1)
    child = first.clone()
    child.write(start, b"y")
    child.delete()
    totals = mm.totals()
    assert (first.peak_resident, first.resident) == (2, 1)
    assert totals["demand_zero_faults"] == 2
    assert totals["shared_faults"] == 2
    assert totals["transition_faults"] == 1
    assert totals["copy_faults"] == 1
