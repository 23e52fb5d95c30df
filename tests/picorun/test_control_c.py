"""Ctrl-C for the guest: its handlers hear of it, and what they leave ends the program."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from tests.guests import PROGRAMS, command, compile_program, picorun

pytestmark = pytest.mark.slow
EVENTS = b"break: 1\r\nsecond: 1\r\nnone: 0\r\nC: 1\r\nsecond: 0\r\nfirst: 0\r\n"


@pytest.fixture(scope="module")
def program() -> Path:
    return compile_program(PROGRAMS / "io_control.c")


def test_events_of_the_guest_itself(program: Path) -> None:
    done = picorun(program)
    assert (done.exit_code, done.stdout) == (3, EVENTS)


@pytest.mark.parametrize("waits", ["read", "spin"])
def test_events_from_the_host(program: Path, waits: str) -> None:
    with subprocess.Popen(
        command(program, waits), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert running.stdin is not None
        while running.stdout.readline() != b"press it\r\n":
            pass
        running.send_signal(signal.SIGINT)
        assert running.stdout.readline() == b"second: 0\r\n"
        assert running.stdout.readline() == b"first: 0\r\n"
        running.stdin.close()
        assert running.stdout.read() == b"pressed: 2\r\n"
        assert running.wait(timeout=20) == 3
