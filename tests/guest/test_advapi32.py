"""advapi32: guest programs that print what real systems print.

Recorded on native Wine 8.0, then corrected by hand where Windows is documented to differ: the error
of CopySid, IsWellKnownSid of an account, authorities of more than 32 bits, mandatory labels in
text, and values in the order in which they were set.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.guests import PROGRAMS, compile_program, picorun


@pytest.mark.slow
@pytest.mark.parametrize("name", ["security", "registry"])
def test_program_prints_what_was_recorded(name: str, tmp_path: Path) -> None:
    image = compile_program(PROGRAMS / f"advapi32_{name}.c", "-ladvapi32")
    finished = picorun(image, cwd=tmp_path)
    expected = (PROGRAMS / f"advapi32_{name}.expected").read_bytes()
    assert finished.stdout.replace(b"\r\n", b"\n") == expected, finished.stderr
    assert finished.exit_code == 0
