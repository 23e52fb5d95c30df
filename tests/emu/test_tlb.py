"""The engine's TLB: that it grows, and that code which is written anew is still found."""

from __future__ import annotations

import ctypes
import os
import struct

import pytest

from emu.assemble import assemble
from emu.engine import uclib
from emu.engine_code import search
from emu.paging import USER, VALID, WRITE
from emu.ram import PAGE_SIZE
from emu.tlb import WALK, Tlb, look_up_pages
from tests.emu.bare import DATA_VA, BareMachine
from tests.emu.runs import Run

KNOWN = pytest.mark.skipif(os.uname().machine != "x86_64", reason="the code is known for x86-64")
MANY_VA, PAGES = 0x1000000, 1500
ENTRIES = 16
OTHERS = (0, 0x200, ENTRIES * PAGE_SIZE, 0)
"""What makes some entries slow for another reason, and others stand for another page."""


def test_of_an_engine_that_is_not_known_nothing_is_wanted() -> None:
    flushes: list[None] = []
    tlb = Tlb(ctypes.CDLL(None), 0)
    for _ in range(100):
        tlb.end_slice(lambda: flushes.append(None))
    assert flushes == []
    assert not look_up_pages(ctypes.CDLL(None))


@KNOWN
def test_the_translator_is_changed_once_for_all() -> None:
    assert look_up_pages(uclib)
    assert look_up_pages(uclib)


@KNOWN
@pytest.mark.parametrize("length", [1, PAGE_SIZE, PAGE_SIZE + 1, 2 * PAGE_SIZE])
@pytest.mark.parametrize("first", [0x10000, 0xF000, 0x12000, 0xFFFFF000])
def test_the_translator_makes_stores_to_the_pages_of_a_block_slow(first: int, length: int) -> None:
    """On tables that are made up."""
    function = "tlb_reset_dirty_by_vaddr_x86_64"
    walk = search(uclib, function, WALK)
    assert walk is not None
    cpu = (ctypes.c_uint64 * 1024)()
    env = ctypes.addressof(cpu) + 0x1800
    ctypes.c_uint64.from_address(ctypes.addressof(cpu) + walk.number("env")).value = env
    tables = [(ctypes.c_uint64 * (ENTRIES * 8))() for _ in range(3)]
    expected = {}
    for mode, table in enumerate(tables):
        at = env + walk.number("tables") + mode * 16
        ctypes.c_uint64.from_address(at).value = ENTRIES - 1 << 6
        ctypes.c_uint64.from_address(at + 8).value = ctypes.addressof(table)
        for page in range(first - 2 * PAGE_SIZE, first + 6 * PAGE_SIZE, PAGE_SIZE):
            entry = ctypes.addressof(table) + (page // PAGE_SIZE % ENTRIES << 6) + 8
            value = page + OTHERS[page // PAGE_SIZE % len(OTHERS)]
            ctypes.c_uint64.from_address(entry).value = value
            slow = value == page and 0 <= page - first < length
            expected[entry] = value | 0x400 if slow else value
    getattr(uclib, function)(ctypes.byref(cpu), ctypes.c_uint64(first), ctypes.c_uint64(length))
    assert {at: ctypes.c_uint64.from_address(at).value for at in expected} == expected


@KNOWN
def test_it_grows_with_the_pages_that_a_program_works_on() -> None:
    machine = BareMachine()
    for index in range(PAGES):
        bits = VALID | USER | WRITE | machine.paging.no_execute
        machine.map(machine.tables, MANY_VA + index * PAGE_SIZE, machine.frame(), bits)
    tlb = machine.cpu.tlb
    before = tlb.entries
    machine.cpu.slice_blocks = 10_000
    Run(machine).start(
        f"mov edx, 100; again: mov eax, {MANY_VA}; mov ecx, {PAGES};"
        f"next: inc dword ptr [eax]; add eax, {PAGE_SIZE}; dec ecx; jnz next;"
        "dec edx; jnz again; int 0x20"
    )
    assert before < PAGES < tlb.entries
    first = machine.tables.entry(MANY_VA) >> 12 & machine.paging.pfn_mask
    assert struct.unpack("<I", machine.ram.read(first * PAGE_SIZE, 4)) == (100,)


@KNOWN
def test_it_grows_to_a_limit_while_nothing_flushes_it() -> None:
    machine = BareMachine()
    machine.cpu.slice_blocks = 1000
    Run(machine).start("mov edx, 300000; again: dec edx; jnz again; int 0x20")
    assert machine.cpu.tlb.entries == 4096


@pytest.mark.parametrize("start", [0, PAGE_SIZE - 5, PAGE_SIZE - 3, PAGE_SIZE - 1])
@pytest.mark.parametrize("changed", [1, 4])
def test_a_block_on_two_pages_is_translated_again(start: int, changed: int) -> None:
    machine = BareMachine()
    for index in range(2):
        machine.map(
            machine.tables, MANY_VA + index * PAGE_SIZE, machine.frame(), VALID | USER | WRITE
        )
    function = MANY_VA + start
    code = assemble("mov eax, 0; ret", function)
    stores = "".join(f"mov byte ptr [{function + i}], {byte};" for i, byte in enumerate(code))
    registers = Run(machine).start(
        f"{stores} mov esi, {function}; xor ebx, ebx; mov edi, 3;"
        f"again: inc byte ptr [{function + changed}]; call esi; add ebx, eax;"
        f"mov [{DATA_VA}], eax; dec edi; jnz again; int 0x20"
    )
    assert registers.ebx == (1 + 2 + 3) << 8 * (changed - 1)
