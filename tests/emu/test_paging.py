from __future__ import annotations

import struct

import pytest

from emu.cpu import Cpu
from emu.descriptors import SystemPages
from emu.paging import (
    FORMATS,
    PTE_BASE,
    USER,
    VALID,
    WRITE,
    PageTables,
    Paging,
)
from emu.ram import PAGE_SIZE, Ram

CODE, DATA, SYSTEM = 0x400000, 0x7FFDF000, 0x80000000
Tables = tuple[Paging, PageTables]


@pytest.fixture(params=sorted(FORMATS))
def tables(request: pytest.FixtureRequest) -> Tables:
    """A space whose frames are numbered from 1 on; frames from 64 on are free."""
    paging = FORMATS[request.param](Ram(1 << 20))
    paging.set_system_directory(1)
    return paging, paging.create(list(range(2, 2 + paging.frames_per_space)))


@pytest.mark.parametrize(
    "va", [0, 0xFFF, 0x7FFFFFFF, 0x80000000, 0xBFFFFFFF, 0xC0800000, 0xFFFFFFFF]
)
def test_a_walk_without_a_table_finds_nothing(tables: Tables, va: int) -> None:
    assert tables[1].slot(va) == -1
    assert tables[1].entry(va) == 0


def test_tables_are_entered_and_taken_out(tables: Tables) -> None:
    paging, space = tables
    slot = space.install_table(CODE, 64)
    assert space.slot(CODE) == slot
    assert slot * paging.entry_size // PAGE_SIZE == 64
    paging.words[slot] = 70 << 12 | VALID
    assert space.entry(CODE) == 70 << 12 | VALID
    assert space.entry(CODE + PAGE_SIZE) == 0
    assert space.tables(0, 0x80000000) == [CODE]
    assert space.remove_table(CODE) == 64
    assert space.slot(CODE) == -1


def test_system_mappings_are_in_every_space(tables: Tables) -> None:
    paging, space = tables
    paging.install_system_table(SYSTEM, 64)
    paging.words[paging.system_slot(SYSTEM)] = 65 << 12 | VALID
    later = paging.create(list(range(20, 20 + paging.frames_per_space)))
    paging.install_system_table(0xBFFFF000, 66)
    paging.words[paging.system_slot(0xBFFFF000)] = 67 << 12 | VALID
    for each in (space, later):
        assert each.entry(SYSTEM) >> 12 == 65
        assert each.entry(0xBFFFF000) >> 12 == 67
    assert paging.release(later) == list(range(20, 20 + paging.frames_per_space))


def test_the_self_map_shows_every_entry(tables: Tables) -> None:
    paging, space = tables
    slot = space.install_table(DATA, 64)
    paging.words[slot] = 70 << 12 | VALID | USER
    for va in (DATA, paging.pte_va(DATA), PTE_BASE):
        entry_va = paging.pte_va(va)
        pa = (space.entry(entry_va) >> 12 << 12) + (entry_va & 0xFFF)
        assert pa // paging.entry_size == space.slot(va)
        assert not paging.words[space.pde_slot(entry_va)] & USER
    assert paging.pde_va(0) == paging.pde_base
    assert space.entry(paging.pde_va(DATA) & -PAGE_SIZE) & VALID


def test_the_cpu_walks_these_tables(tables: Tables) -> None:
    """Ring 3 copies a word from its own page, and faults on the page tables."""
    ram = Ram(1 << 20)
    paging = type(tables[0])(ram)
    paging.set_system_directory(1)
    space = paging.create(list(range(2, 2 + paging.frames_per_space)))
    paging.install_system_table(SYSTEM, 10)
    for index in range(3):
        slot = paging.system_slot(SYSTEM + index * PAGE_SIZE)
        paging.words[slot] = 11 + index << 12 | VALID | WRITE
    paging.words[space.install_table(CODE, 15)] = 16 << 12 | VALID | USER
    paging.words[space.install_table(DATA, 17)] = (
        18 << 12 | VALID | USER | WRITE | paging.no_execute
    )
    cpu = Cpu(ram, space, SystemPages(SYSTEM, (11, 12, 13)))
    entry_va = paging.pte_va(CODE)
    # mov eax, [DATA]; mov [DATA + 4], eax; mov eax, [entry_va]
    code = b"\xa1" + struct.pack("<I", DATA) + b"\xa3" + struct.pack("<I", DATA + 4)
    ram.write(16 << 12, code + b"\xa1" + struct.pack("<I", entry_va))
    ram.write(18 << 12, b"word")
    traps: list[tuple[int, int, int]] = []

    def trap(vector: int, error_code: int, fault_va: int) -> None:
        traps.append((vector, error_code, fault_va))
        cpu.stop()

    cpu.on_trap = trap
    cpu.switch(cpu.create_registers(CODE, 0), space)
    cpu.run()
    assert ram.read(18 << 12, 8) == b"wordword"
    assert traps == [(14, 5, entry_va)]
    assert space.entry(DATA) & 0x60 == 0x60
    assert space.entry(CODE) & 0x60 == 0x20
