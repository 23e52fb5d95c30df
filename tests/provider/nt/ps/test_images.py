"""Files that are no programs: a guest program says where its expected output is from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.guests import PROGRAMS, compile_program, picorun

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.slow
def test_what_create_process_says(tmp_path: Path) -> None:
    done = picorun("--quiet", compile_program(PROGRAMS / "ps_images.c"), cwd=tmp_path)
    assert done.stdout == (PROGRAMS / "ps_images.expected").read_bytes()
    assert (done.exit_code, done.stderr) == (0, "")
