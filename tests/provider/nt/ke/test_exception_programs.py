"""Exceptions, contexts and fibers in programs that Windows runs too.

Recorded on native Wine 8.0, whose debug registers are the processor's own.  Two lines of
ke_fibers.expected are corrected: Wine does not switch control words for FIBER_FLAG_FLOAT_SWITCH
("The floating-point state is switched for the fiber", CreateFiberEx).
"""

from __future__ import annotations

import pytest

from tests.guests import PROGRAMS, compile_program, picorun


@pytest.mark.slow
@pytest.mark.parametrize("name", ["ke_debug", "ke_overflow", "ke_fibers"])
def test_what_real_systems_print(name: str) -> None:
    done = picorun(compile_program(PROGRAMS / f"{name}.c"))
    assert done.stdout == (PROGRAMS / f"{name}.expected").read_bytes()
    assert (done.exit_code, done.stderr) == (0, "")
