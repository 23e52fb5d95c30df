"""Each limit ends a run with code 124 and a line; what the guest has written is written."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import pytest

from picorun import run
from picorun.cli import main
from picorun.exit_code import LimitReached
from picorun.limits import LimitedStream, OutputBudget
from provider.kernel.io.stream import CallbackOutput, MemoryInput
from tests.guests import PROGRAMS, compile_program, picorun
from tests.pe_bytes import Pe

ADVICE = "What it wrote so far is written; a larger limit lets it go on."
_LOOP = bytes.fromhex("ebfe")
_STACK_SIZES = 64 + 24 + 72
"""SizeOfStackReserve and SizeOfStackCommit in the files of `Pe`."""


@pytest.fixture
def endless(tmp_path: Path) -> Path:
    """A program of one jump to itself."""
    image = tmp_path / "endless.exe"
    image.write_bytes(Pe(code=_LOOP).build())
    return image


def test_virtual_time_ends_a_thread_that_calls_nobody(
    endless: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--max-virtual-time", "0.005", str(endless)]) == 124
    line = "picorun: stopped after 0.005 seconds of virtual time (--max-virtual-time)"
    assert capsys.readouterr().err.splitlines() == [line, ADVICE]


def test_the_first_call_can_be_too_much(endless: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--max-calls", "1", str(endless)]) == 124
    line = "picorun: stopped after 1 system calls (--max-calls)"
    assert capsys.readouterr().err.splitlines() == [line, ADVICE]


def test_too_little_ram_to_start(endless: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = bytearray(endless.read_bytes())
    struct.pack_into("<2I", data, _STACK_SIZES, 64 << 20, 64 << 20)
    endless.write_bytes(data)
    assert main(["--ram", "4M", str(endless)]) == 124
    line, advice = capsys.readouterr().err.splitlines()
    assert line.startswith(f"picorun: {endless}: the process cannot be created: ")
    assert line.endswith("(--ram)")
    assert "--page-file" in advice


def test_the_bytes_that_are_allowed_go_out_of_both_streams_together() -> None:
    first, second = bytearray(), bytearray()
    budget = OutputBudget(10)
    out = LimitedStream(CallbackOutput(first.extend), budget)
    errors = LimitedStream(CallbackOutput(second.extend), budget)
    out.write(b"1234")
    errors.write(b"")
    with pytest.raises(LimitReached, match="10 bytes of output"):
        errors.write(b"567890!")
    with pytest.raises(LimitReached):
        out.write(b"x")
    assert (bytes(first), bytes(second)) == (b"1234", b"567890")


def test_a_limited_stream_is_read_as_the_one_behind_it() -> None:
    stream = MemoryInput(b"abc")
    limited = LimitedStream(stream, OutputBudget(0))
    assert limited.kind is stream.kind
    assert limited.read(2) == b"ab"
    assert (limited.size(), limited.fileno(), limited.terminal_size()) == (0, None, None)


@pytest.mark.slow
def test_output_that_is_exactly_the_limit_is_no_more_than_it(hello: Path) -> None:
    everything = picorun(hello).stdout
    exact = picorun("--max-output", str(len(everything)), hello)
    assert (exact.exit_code, exact.stdout, exact.stderr) == (0, everything, "")
    less = picorun("--max-output", str(len(everything) - 1), hello)
    assert (less.exit_code, less.stdout) == (124, everything[:-1])
    assert "--max-output" in less.stderr


@pytest.mark.slow
@pytest.mark.parametrize(("word", "code"), [("carry-on", 3), ("crash", 124)])
def test_a_guest_that_is_refused_memory(word: str, code: int, tmp_path: Path) -> None:
    """It gets NT's status; only one that dies of it ends with the limit's code."""
    image = compile_program(PROGRAMS / "memory_full.c")
    done = picorun("--verbose", "--ram", "16M", image, word, cwd=tmp_path)
    assert (done.exit_code, done.stdout) == (code, b"full\r\n")
    assert done.stderr.count("the guest was refused memory once (--ram)\n") == 1


@pytest.mark.slow
def test_files_are_kept_and_two_runs_stop_at_the_same_place(tmp_path: Path) -> None:
    program = compile_program(PROGRAMS / "kernel32_files.c")
    work = tmp_path / "work"
    work.mkdir()
    runs = []
    for name in ("one", "two"):
        words = ("--keep", tmp_path / name, "--trace", "--max-calls", "150")
        runs.append(picorun(*words, program, cwd=work))
        assert runs[-1].exit_code == 124
        assert any((tmp_path / name).rglob("*"))
    assert runs[0].stdout == runs[1].stdout
    assert runs[0].stderr.replace("/one", "/two") == runs[1].stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    "limit", [{"max_calls": 5}, {"max_output": 3}, {"max_virtual_time": 0.0001}], ids=str
)
def test_from_python(limit: dict[str, Any], hello: Path) -> None:
    with pytest.raises(LimitReached, match=next(iter(limit)).replace("_", "-")):
        run(hello, trace=False, **limit)
