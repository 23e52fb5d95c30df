"""A program that makes native calls on the registry and on named objects.

Its output was recorded on Wine 8.0.  One line was corrected by hand: a key with subkeys cannot be
deleted with STATUS_CANNOT_DELETE (documentation of ZwDeleteKey), where Wine says ACCESS_DENIED.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.guests import PROGRAMS, compile_program, picorun


@pytest.mark.slow
def test_registry_and_objects(tmp_path: Path) -> None:
    done = picorun(compile_program(PROGRAMS / "ob_registry.c", "-lntdll"), cwd=tmp_path)
    assert done.stdout == (PROGRAMS / "ob_registry.expected").read_bytes()
    assert (done.exit_code, done.stderr) == (0, "")
