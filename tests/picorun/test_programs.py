"""Programs as other people write them, in the builds that other people make.

The .expected files were recorded on native Wine 8.0; `*.` finds "." and ".." and what has no
extension by the documentation of FsRtlIsNameInExpression.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.guests import PROGRAMS, compile_program, picorun

pytestmark = pytest.mark.slow

DEBUG, FAST = ("-O0",), ("-O2",)
EXIT_CODES = {"qa_wildcards": 0, "qa_classes": 0, "qa_text": 3}


@pytest.mark.parametrize("flags", [DEBUG, FAST], ids=["debug", "fast"])
@pytest.mark.parametrize("name", EXIT_CODES)
def test_program_prints_what_was_recorded(
    name: str, flags: tuple[str, ...], tmp_path: Path
) -> None:
    given = PROGRAMS / f"{name}.input"
    stdin = given.read_bytes() if given.exists() else b""
    image = compile_program(PROGRAMS / f"{name}.c", *flags)
    done = picorun("--rw", image, stdin=stdin, cwd=tmp_path)
    assert done.stdout == (PROGRAMS / f"{name}.expected").read_bytes()
    assert (done.exit_code, done.stderr) == (EXIT_CODES[name], "")


def test_a_program_in_cplusplus(tmp_path: Path) -> None:
    image = compile_program(PROGRAMS / "qa_exceptions.cpp", "-lc++", "-O1")
    done = picorun("--rw", image, cwd=tmp_path)
    assert done.stdout == (PROGRAMS / "qa_exceptions.expected").read_bytes()
    assert (done.exit_code, done.stderr) == (5, "to stderr\r\n")


def test_a_debug_build_reports_undefined_behaviour(tmp_path: Path) -> None:
    image = compile_program(PROGRAMS / "qa_overflow.c", "-O0")
    done = picorun(image, cwd=tmp_path)
    assert (done.exit_code, done.stdout) == (3, b"before\r\n")
    assert "signed integer overflow: 2147483647 + 1" in done.stderr
    assert "Failed to read debug info" not in done.stderr
