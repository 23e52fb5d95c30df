"""Files by the thousand, in a program that Windows runs too.

io_many.expected is what native Wine 8.0 prints, but for two numbers: Wine lets others write into a
locked range, and open a file that is to be deleted, both of which Windows refuses ("LockFile",
"CreateFile", FILE_FLAG_DELETE_ON_CLOSE).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.guests import PROGRAMS, compile_program, picorun


@pytest.mark.slow
@pytest.mark.parametrize("option", ["--quiet", "--rw"])
def test_many_files(tmp_path: Path, option: str) -> None:
    (tmp_path / "canary").write_text("stays")
    done = picorun(option, compile_program(PROGRAMS / "io_many.c"), cwd=tmp_path)
    assert done.stdout == (PROGRAMS / "io_many.expected").read_bytes()
    assert (done.exit_code, done.stderr) == (0, "")
    assert [path.name for path in tmp_path.iterdir()] == ["canary"]
    assert (tmp_path / "canary").read_text() == "stays"
