from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from unicorn import unicorn_const, x86_const

from emu import engine
from emu.engine import REGISTERS, Engine, EngineError


@pytest.mark.parametrize("name", REGISTERS)
def test_a_register_has_the_number_of_the_library(name: str) -> None:
    assert REGISTERS[name] == getattr(x86_const, f"UC_X86_REG_{name.upper()}")


def test_hooks_and_instructions_have_the_numbers_of_the_library() -> None:
    const = unicorn_const
    assert engine.HOOK_INTERRUPT == const.UC_HOOK_INTR
    assert engine.HOOK_INSTRUCTION == const.UC_HOOK_INSN
    assert engine.HOOK_INVALID == const.UC_HOOK_INSN_INVALID
    assert (engine.HOOK_CODE, engine.HOOK_BLOCK) == (const.UC_HOOK_CODE, const.UC_HOOK_BLOCK)
    assert engine.HOOK_READ == const.UC_HOOK_MEM_READ
    assert engine.HOOK_WRITE == const.UC_HOOK_MEM_WRITE
    for name in ("IN", "OUT", "SYSCALL", "SYSENTER"):
        ours = getattr(engine, f"INSTRUCTION_{name}")
        assert ours == getattr(x86_const, f"UC_X86_INS_{name}")


def test_a_refused_call_has_the_words_of_the_library() -> None:
    with pytest.raises(EngineError, match="argument"):
        Engine().map(1, 0)


def test_a_register_is_read_as_it_was_written() -> None:
    cpu = Engine()
    cpu.write("esi", 0x89ABCDEF)
    assert cpu.read("esi") == 0x89ABCDEF


def test_the_library_can_be_another_one(tmp_path: Path) -> None:
    (tmp_path / "libunicorn.so.2").write_bytes(b"no library")
    program = [sys.executable, "-c", "import emu.engine"]
    run = subprocess.run(
        program, env={"LIBUNICORN_PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert "invalid ELF header" in run.stderr or "file too short" in run.stderr
