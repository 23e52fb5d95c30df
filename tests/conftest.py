"""Fixtures that more than one test file uses."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from tests.guests import PROGRAMS, compile_program

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def hello() -> Path:
    """tests/programs/hello.c, compiled."""
    return compile_program(PROGRAMS / "hello.c")
