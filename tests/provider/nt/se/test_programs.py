"""Tokens and access checks as programs see them.

`se_tokens.expected` was recorded on native Wine 8.0; nothing was corrected.  Wine 8.0 has no ports:
`se_ports.expected` follows the documentation of the calls (DDK, phnt).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.guests import PROGRAMS, compile_program, picorun

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.slow
@pytest.mark.parametrize("name", ["se_tokens", "se_ports"])
def test_tokens(tmp_path: Path, name: str) -> None:
    done = picorun(compile_program(PROGRAMS / f"{name}.c", "-ladvapi32"), cwd=tmp_path)
    assert done.stdout == (PROGRAMS / f"{name}.expected").read_bytes()
    assert (done.exit_code, done.stderr) == (0, "")
