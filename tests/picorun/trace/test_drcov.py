"""Coverage files as Lighthouse's own parser takes them apart."""

from __future__ import annotations

import re
import struct
from pathlib import Path
from typing import NamedTuple

import pytest

from picorun.trace import Settings
from picorun.trace.drcov import open_sink
from provider.kernel.event_stream import Event, EventStream
from provider.kernel.events import BasicBlock, ProcessCreate
from provider.nt.event import ModuleLoad, ModuleUnload
from tests.guests import PROGRAMS, compile_program, picorun


class Coverage(NamedTuple):
    """What a file says: modules by number as (base, end, name), blocks as (number, rva, size)."""

    modules: list[tuple[int, int, str]]
    blocks: list[tuple[int, int, int]]


def _parse(data: bytes) -> Coverage:
    head, _, rest = data.partition(b"BB Table: ")
    count, _, table = rest.partition(b" bbs\n")
    lines = head.decode().splitlines()
    assert lines[:2] == ["DRCOV VERSION: 2", "DRCOV FLAVOR: drcov"]
    version = re.fullmatch(r"Module Table: version 2, count (\d+)", lines[2])
    assert version is not None
    assert lines[3] == "Columns: id, base, end, entry, checksum, timestamp, path"
    modules = []
    for number, line in enumerate(lines[4:]):
        words = [word.strip() for word in line.split(",")]
        assert int(words[0]) == number
        modules.append((int(words[1], 16), int(words[2], 16), words[6]))
    assert len(modules) == int(version[1])
    assert len(table) == 8 * int(count)
    blocks = [(number, rva, size) for rva, size, number in struct.iter_unpack("<IHH", table)]
    return Coverage(modules, blocks)


def _write(path: Path, *events: Event) -> Coverage:
    stream = EventStream()
    sink = open_sink(str(path), Settings())
    sink.attach(stream)
    for event in events:
        stream.channel(type(event)).emit(event)
    sink.close()
    return _parse(path.read_bytes())


def test_a_run_of_nothing_has_empty_tables(tmp_path: Path) -> None:
    assert _write(tmp_path / "trace") == Coverage([], [])


def test_blocks_belong_to_the_module_that_was_there(tmp_path: Path) -> None:
    found = _write(
        tmp_path / "trace",
        ProcessCreate(1, 0, 8, 0, "a.exe", 0),
        ProcessCreate(1, 0, 20, 0, "child.exe", 8),
        ModuleLoad(1, 0, 8, 0, 0x400000, 0x2000, "a\n.exe"),
        BasicBlock(1, 0, 8, 12, 0x401000, 7),
        BasicBlock(1, 0, 8, 12, 0x402000, 7),  # behind its end
        BasicBlock(1, 0, 20, 24, 0x401000, 7),  # another process
        ModuleUnload(1, 0, 8, 12, 0x400000, 0x2000, "a\n.exe"),
        BasicBlock(1, 0, 8, 12, 0x401000, 7),
        ModuleLoad(1, 0, 8, 12, 0x401000, 0x1000, "b.dll"),
        BasicBlock(1, 0, 8, 12, 0x401000, 0x12345),
    )
    assert found.modules == [(0x400000, 0x402000, "a\\n.exe"), (0x401000, 0x402000, "b.dll")]
    assert found.blocks == [(0, 0x1000, 7), (1, 0, 0xFFFF)]


@pytest.mark.slow
def test_a_run_covers_its_entry_point_and_repeats_itself(tmp_path: Path) -> None:
    image = compile_program(PROGRAMS / "hello.c")
    files = [tmp_path / "one", tmp_path / "two"]
    for file in files:
        assert picorun("--trace", f"drcov:{file}", image).exit_code == 0
    first, second = (file.read_bytes() for file in files)
    assert first == second
    found = _parse(first)
    names = [name for _, _, name in found.modules]
    assert {"ntdll.dll", "hello.exe", "kernel32.dll"} <= set(names)
    covered = {number for number, _, _ in found.blocks}
    assert covered == set(range(len(names)))
    assert len(set(found.blocks)) == len(found.blocks)
