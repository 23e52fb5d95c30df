"""The native hooks, on an emulated host of each kind, and what a fork gets of them."""

from __future__ import annotations

import os
import struct

import pytest
from unicorn.arm64_const import UC_ARM64_REG_LR, UC_ARM64_REG_PC, UC_ARM64_REG_X0
from unicorn.unicorn_const import UC_ARCH_ARM64, UC_ARCH_X86, UC_MODE_64, UC_MODE_ARM
from unicorn.unicorn_py3.unicorn import Uc
from unicorn.x86_const import (
    UC_X86_REG_RDI,
    UC_X86_REG_RIP,
    UC_X86_REG_RSI,
    UC_X86_REG_RSP,
)

from emu import gate, leave
from emu.ticks import aarch64_code, x86_64_code
from tests.emu.bare import BareMachine

CODE, RETURNED, STOPPED, ENGINE = 0x10000, 0x30000, 0x40000, 0x1234


def _aarch64(engine: Uc) -> None:
    engine.reg_write(UC_ARM64_REG_LR, RETURNED)
    engine.reg_write(UC_ARM64_REG_X0, ENGINE)


def _x86_64(engine: Uc) -> None:
    engine.mem_write(0x20800, struct.pack("<Q", RETURNED))
    engine.reg_write(UC_X86_REG_RSP, 0x20800)
    engine.reg_write(UC_X86_REG_RDI, ENGINE)


HOSTS = {
    "aarch64": (
        UC_ARCH_ARM64,
        UC_MODE_ARM,
        aarch64_code,
        _aarch64,
        UC_ARM64_REG_PC,
        UC_ARM64_REG_X0,
    ),
    "x86_64": (UC_ARCH_X86, UC_MODE_64, x86_64_code, _x86_64, UC_X86_REG_RIP, UC_X86_REG_RDI),
}


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("page", [0x1000, 0x4000, 0x10000])
def test_the_hook_counts_and_stops_below_zero(host: str, page: int) -> None:
    architecture, mode, encode, enter, program_counter, argument = HOSTS[host]
    engine = Uc(architecture, mode)
    engine.mem_map(CODE, 0x40000)
    engine.mem_write(CODE, encode(page))
    engine.mem_write(CODE + page, struct.pack("<qQ", 1, STOPPED))
    for left, where in ((0, RETURNED), (-1, STOPPED)):
        enter(engine)
        engine.emu_start(CODE, where, count=20)
        assert struct.unpack("<q", engine.mem_read(CODE + page, 8)) == (left,)
        assert engine.reg_read(program_counter) == where
        assert engine.reg_read(argument) == ENGINE


@pytest.mark.parametrize("host", HOSTS)
def test_the_gate_goes_on_only_while_its_word_is_set(host: str) -> None:
    architecture, mode, _, enter, program_counter, argument = HOSTS[host]
    encode = gate.aarch64_code if host == "aarch64" else gate.x86_64_code
    engine = Uc(architecture, mode)
    engine.mem_map(CODE, 0x40000)
    engine.mem_write(CODE, encode(0x4000))
    for word, where in ((0, RETURNED), (2, STOPPED)):
        engine.mem_write(CODE + 0x4000, struct.pack("<IIQ", word, 0, STOPPED))
        enter(engine)
        engine.emu_start(CODE, where, count=20)
        assert engine.reg_read(program_counter) == where
        assert engine.reg_read(argument) == ENGINE


def test_the_leaving_hook_calls_and_then_looks_for_a_request() -> None:
    architecture, mode, _, enter, program_counter, argument = HOSTS["x86_64"]
    engine = Uc(architecture, mode)
    engine.mem_map(CODE, 0x40000)
    engine.mem_write(CODE, leave.x86_64_code(0x4000))
    called, look = 0x28000, STOPPED
    engine.mem_write(CODE + 0x4000, struct.pack("<QQ", called, look))
    engine.mem_write(called, b"\x31\xff\xc3")  # xor edi, edi; ret
    enter(engine)
    engine.emu_start(CODE, called, count=20)
    assert engine.reg_read(argument) == ENGINE
    assert engine.reg_read(UC_X86_REG_RSP) == 0x20800 - 16
    engine.emu_start(called, look, count=20)
    assert engine.reg_read(program_counter) == look
    assert engine.reg_read(argument) == ENGINE
    assert engine.reg_read(UC_X86_REG_RSI) == 0
    assert engine.reg_read(UC_X86_REG_RSP) == 0x20800


def test_a_fork_has_ram_and_clock_of_its_own() -> None:
    machine = BareMachine()
    cpu = machine.cpu
    cpu.on_trap = lambda vector, error, va: cpu.stop()
    cpu.switch(machine.load("mov ecx,50; again: dec ecx; jnz again; int3"), machine.tables)
    child = os.fork()
    if not child:
        machine.ram.write(machine.data * 0x1000, b"child")
        cpu.run()
        os._exit(0 if cpu.executed_blocks() >= 50 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert machine.ram.read(machine.data * 0x1000, 5) == bytes(5)
    assert cpu.executed_blocks() < 50
