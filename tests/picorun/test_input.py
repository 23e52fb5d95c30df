"""Standard input that comes while the guest runs."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.guests import PROGRAMS, command, compile_program, picorun

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def program() -> Path:
    return compile_program(PROGRAMS / "io_input.c")


def test_other_threads_run_while_one_waits_for_input(program: Path) -> None:
    with subprocess.Popen(
        command(program), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert running.stdin is not None
        for number in (1, 2, 3):
            assert running.stdout.readline() == f"still running: {number}\r\n".encode()
        running.stdin.write(b"late\n")
        running.stdin.flush()
        assert running.stdout.read() == (
            b"waiting: 0\r\nread: late\r\ntoo late: 0x102\r\ncancelled: 1\r\nend of input: 995\r\n"
        )
        assert running.wait(timeout=20) == 0


def test_the_same_input_gives_the_same_trace(program: Path) -> None:
    first, second = (picorun("--trace", program, stdin=b"line\n") for _ in range(2))
    assert first == second
    assert b"read: line\r\n" in first.stdout
    assert b"end of input: 109\r\n" in first.stdout
