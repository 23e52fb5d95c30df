"""The memory map: its text, its data, and the moment it is taken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from emu.ram import PAGE_SIZE, Ram
from picorun import memory_map
from provider.kernel.mm import MemoryManager, Protection
from tests.guests import PROGRAMS, compile_program, picorun

R, W = Protection.READ, Protection.WRITE


def text_of(memory: MemoryManager) -> str:
    return "\n".join(memory_map.lines(memory_map.report(memory)))


def test_text_shows_bits_runs_lists_and_counters() -> None:
    memory = MemoryManager(Ram(4 << 20))
    memory.add_page_file(1 << 20)
    space = memory.create_space()
    space.label = "test.exe"
    start, _ = space.allocate(None, 0x10000, reserve=True, commit=True, protection=R | W)
    space.write(start, b"x")
    space.release(space.allocate(None, 1, reserve=True, commit=True, protection=R)[0])
    text = text_of(memory)
    assert "test.exe, CR3" in text
    assert f"    {start:08x}-{start + 0xFFF:08x}      1  read write" in text
    assert "Valid Write Owner Accessed Dirty NX" in text
    assert "page file 0: 0 pages (0 KB) of 256 pages (1024 KB) in use" in text
    assert "all processes: 1 page faults: 1 demand-zero" in text
    assert f"{start:08x}-{start + 0xFFFF:08x}  private, read write; 1 of 16 pages valid" in text
    assert "  demand-zero  committed with a protection of its own" in text
    assert "  zeroed " in text


def test_pages_of_two_processes_are_counted_as_shared() -> None:
    memory = MemoryManager(Ram(4 << 20))
    section = memory.create_section(size=4 * PAGE_SIZE)
    spaces = [memory.create_space() for _ in range(2)]
    views = [space.map_view(section, None, protection=R | W).start for space in spaces]
    for space, view in zip(spaces, views, strict=True):
        space.read(view, 1)
    spaces[0].read(views[0] + PAGE_SIZE, 1)
    text = text_of(memory)
    assert "mapped, read write; 2 of 4 pages valid, 1 of those mapped elsewhere too" in text
    assert "mapped, read write; 1 of 4 pages valid, 1 of those mapped elsewhere too" in text
    assert "1 page faults: 1 soft (in use elsewhere)" in text


def test_runs_of_frames_are_named_by_their_ends() -> None:
    memory = MemoryManager(Ram(4 << 20))
    space = memory.create_space()
    start, _ = space.allocate(None, 40 * PAGE_SIZE, reserve=True, commit=True, protection=R | W)
    for page in range(40):
        space.write(start + page * PAGE_SIZE, b"x")
    for page in range(0, 40, 2):
        space.decommit(start + page * PAGE_SIZE, 1)
    (line,) = [line for line in text_of(memory).splitlines() if line.startswith("  free ")]
    assert line.endswith("and 14 runs more")


def test_a_file_that_cannot_be_written_is_named() -> None:
    found = memory_map.report(MemoryManager(Ram(4 << 20)))
    with pytest.raises(memory_map.MapFailed, match="cannot write the memory map to /nowhere/map"):
        memory_map.write(found, "/nowhere/map.json")


@pytest.mark.slow
def test_map_is_taken_at_the_end_as_text(tmp_path: Path) -> None:
    finished = picorun("--memory-map", compile_program(PROGRAMS / "hello.c"), cwd=tmp_path)
    assert finished.exit_code == 0
    assert "hello.exe (process 8), CR3" in finished.stderr
    assert "System (process 4)" in finished.stderr
    for name in ("image hello.exe, ", "image ntdll.dll, ", "private PEB, ", "private TEB of "):
        assert name in finished.stderr


@pytest.mark.slow
def test_map_is_taken_after_a_call_as_data(tmp_path: Path) -> None:
    image = compile_program(PROGRAMS / "hello.c")
    sizes = []
    for call in ("syscall:2", "syscall:20"):
        picorun("--at", call, "--memory-map=map.json", "--compress", image, cwd=tmp_path)
        data = json.loads((tmp_path / "map.json").read_text())
        names = [process["name"].split()[0] for process in data["processes"]]
        assert names == ["System", "MemCompression", "hello.exe"]
        sizes.append(data["processes"][2]["virtual_size"]["bytes"])
    assert sizes[0] < sizes[1]


@pytest.mark.slow
def test_a_program_with_fewer_calls_is_shown_at_its_end(tmp_path: Path) -> None:
    image = compile_program(PROGRAMS / "hello.c")
    finished = picorun("--at", "syscall:1000000", image, cwd=tmp_path)
    assert "the program made only" in finished.stderr
    assert "hello.exe (process 8), CR3" in finished.stderr
