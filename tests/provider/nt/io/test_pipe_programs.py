"""Pipes and mailslots in programs that Windows runs too.

io_pipes.expected is what native Wine 8.0 prints, but for the first-instance flag, which Wine
ignores where an instance exists (CreateNamedPipe: ERROR_ACCESS_DENIED).  io_mailslots.expected
follows the documentation of mailslots, of which Wine 8.0 does little: it has no limit to messages,
cuts them where the buffer is too short, and lets a slot outlive its owner.
"""

from __future__ import annotations

import pytest

from tests.guests import PROGRAMS, compile_program, picorun

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", ["io_pipes", "io_mailslots"])
def test_programs(name: str) -> None:
    done = picorun(compile_program(PROGRAMS / f"{name}.c"))
    assert done.stdout == (PROGRAMS / f"{name}.expected").read_bytes()
    assert (done.exit_code, done.stderr) == (0, "")
