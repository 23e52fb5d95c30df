"""A guest program that is a client of the subsystem; the program says where its output is from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.guests import PROGRAMS, compile_program, picorun

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.slow
def test_client(tmp_path: Path) -> None:
    done = picorun(compile_program(PROGRAMS / "csr_client.c", "-lntdll"), cwd=tmp_path)
    assert done.stdout == (PROGRAMS / "csr_client.expected").read_bytes()
    assert (done.exit_code, done.stderr) == (0, "")
