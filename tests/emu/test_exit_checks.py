"""Which translations look for requests to stop."""

from __future__ import annotations

import ctypes
import os

import pytest
from unicorn.unicorn_const import UC_ARCH_X86, UC_HOOK_MEM_WRITE, UC_MODE_32
from unicorn.unicorn_py3.unicorn import Uc, uclib

from emu.assemble import assemble
from emu.exit_checks import ExitChecks
from tests.emu.bare import BareMachine

CODE, DATA = 0x1000, 0x2000


def _engine() -> Uc:
    engine = Uc(UC_ARCH_X86, UC_MODE_32)
    engine.mem_map(CODE, 0x2000)
    return engine


def _stops_at_once(engine: Uc) -> bool:
    """Whether a store that asks `engine` to stop is the last one of its block."""
    code = f"mov dword ptr [{DATA}], 1; mov dword ptr [{DATA + 4}], 1; hlt"
    engine.mem_write(CODE, assemble(code, CODE))
    engine.hook_add(UC_HOOK_MEM_WRITE, lambda engine, *_: engine.emu_stop())
    engine.emu_start(CODE, 0)
    assert engine.mem_read(DATA, 1) == b"\1"
    return bool(engine.mem_read(DATA + 4, 1) == b"\0")


def test_an_engine_that_is_not_known_keeps_its_looks() -> None:
    checks = ExitChecks(ctypes.CDLL(None), 0)
    checks.require(False)
    assert not checks.optional
    assert checks.leave == 0


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the code is known for x86-64 alone")
def test_the_engine_that_is_installed_is_known() -> None:
    engine = _engine()
    checks = ExitChecks(uclib, engine._uch.value or 0)
    assert checks.optional
    checks.require(False)
    assert not _stops_at_once(engine)


def test_looks_that_are_required_again_are_there() -> None:
    engine = _engine()
    checks = ExitChecks(uclib, engine._uch.value or 0)
    checks.require(False)
    checks.require(True)
    assert _stops_at_once(engine)


def test_another_engine_of_the_process_keeps_its_looks() -> None:
    machine = BareMachine()
    assert _stops_at_once(_engine())
    assert machine.cpu.native_ticks
