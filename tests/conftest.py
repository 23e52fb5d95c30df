"""Fixtures that more than one test file uses."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.guests import PROGRAMS, compile_program

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# Processes inherit what nohup(1) and a shell's `&` ignore, and picorun respects it.
for _number, _usual in (
    (signal.SIGINT, signal.default_int_handler),
    (signal.SIGHUP, signal.SIG_DFL),
):
    if signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, _usual)


@pytest.fixture(scope="session", autouse=True)
def _own_directories(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What this machine's user has installed is no input of a test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def hello() -> Path:
    """tests/programs/hello.c, compiled."""
    return compile_program(PROGRAMS / "hello.c")
