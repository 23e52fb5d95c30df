"""The Python API and the command, on whole programs."""

from __future__ import annotations

from pathlib import Path

import pytest

import picorun
from picorun.machine import Machine, captured_streams
from picorun.options import Options
from tests import guests
from tests.guests import PROGRAMS, compile_program

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def echo() -> Path:
    return compile_program(PROGRAMS / "echo.c")


@pytest.fixture(scope="module")
def crash() -> Path:
    return compile_program(PROGRAMS / "crash.c", "-O0", "-fno-sanitize=undefined")


ECHOED = b'argument 1: [a b]\r\nargument 2: ["]\r\nvariable: [x=y]\r\ninput: one\r\ninput: two'


def test_run_passes_everything_in_and_out(echo: Path) -> None:
    result = picorun.run(echo, args=["a b", '"'], env={"ECHO_THIS": "x=y"}, stdin=b"one\r\ntwo")
    assert result.exit_code == 7
    assert result.stdout == ECHOED
    assert result.stderr == b"to stderr\r\n"


def test_the_command_does_the_same(echo: Path) -> None:
    done = guests.picorun("--env", "ECHO_THIS=x=y", echo, "a b", '"', stdin=b"one\r\ntwo")
    assert (done.exit_code, done.stdout, done.stderr) == (7, ECHOED, "to stderr\r\n")


def test_nothing_of_the_hosts_environment_leaks(
    echo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ECHO_THIS", "from the host")
    assert b"variable: [(none)]" in picorun.run(echo).stdout
    assert b"variable: [(none)]" in guests.picorun(echo).stdout


def test_equal_runs_give_equal_traces(echo: Path, tmp_path: Path) -> None:
    traces = [tmp_path / "first", tmp_path / "second"]
    for trace in traces:
        guests.picorun(f"--trace={trace}", echo, "x")
    first, second = (trace.read_bytes() for trace in traces)
    assert first == second
    assert b"NtTerminateProcess(" in first
    assert b" = STATUS_SUCCESS\n" in first


def test_a_trace_goes_to_stderr_beside_the_output(echo: Path) -> None:
    done = guests.picorun("--trace", echo)
    assert done.stdout == b"variable: [(none)]\r\n"
    assert "NtWriteFile(" in done.stderr


def test_the_low_eight_bits_of_a_big_exit_code(crash: Path) -> None:
    assert picorun.run(crash, args=["big"]).exit_code == 0x12345678
    assert guests.picorun(crash, "big").exit_code == 0x78


@pytest.mark.parametrize(
    ("how", "code", "words"),
    [
        ("read", 0x05, ["STATUS_ACCESS_VIOLATION", "reading", "0x00000010", "crash.exe+"]),
        ("write", 0x05, ["STATUS_ACCESS_VIOLATION", "writing", "0x00000010", "crash.exe+"]),
        ("jump", 0x05, ["STATUS_ACCESS_VIOLATION", "0x00000020"]),
        ("own", 0x05, ["STATUS_ACCESS_VIOLATION", "writing", "0x00000010", "crash.exe+"]),
        ("divide", 0x94, ["STATUS_INTEGER_DIVIDE_BY_ZERO", "idiv", "crash.exe+"]),
        ("invalid", 0x1D, ["STATUS_ILLEGAL_INSTRUCTION", "ud2", "crash.exe+"]),
        ("break", 0x03, ["STATUS_BREAKPOINT", "int3", "crash.exe+"]),
    ],
)
def test_an_unhandled_exception_is_reported(
    crash: Path, how: str, code: int, words: list[str]
) -> None:
    done = guests.picorun(crash, how)
    assert done.exit_code == code
    assert "Traceback" not in done.stderr
    assert "eax" in done.stderr.lower()
    assert [word for word in words if word.lower() not in done.stderr.lower()] == []


def test_a_host_without_executable_memory_is_slow_and_says_so(
    echo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("emu.host_code._make_executable", lambda *_: False)
    streams, output, _ = captured_streams(b"")
    outcome = Machine(Options(image=echo), streams).run()
    assert (outcome.exit_code, bytes(output)) == (7, b"variable: [(none)]\r\n")
    assert ["no executable memory" in note.words for note in outcome.notes] == [True]


def test_a_deadlock_says_who_waits_for_what() -> None:
    done = guests.picorun(compile_program(PROGRAMS / "deadlock.c"))
    assert (done.exit_code, done.stdout) == (124, b"before\r\n")
    lines = done.stderr.splitlines()
    assert lines[0] == "picorun: deadlock: 2 threads wait for ever, and no timer is set"
    assert sorted(line.partition(" waits for ")[2] for line in lines[1:3]) == [
        f"Mutant \\Sessions\\1\\BaseNamedObjects\\the {which} held by thread {owner}"
        for which, owner in (("first", 12), ("second", 16))
    ]


def test_the_seed_decides_random_numbers() -> None:
    image = compile_program(PROGRAMS / "random.c")
    first, again, other = (guests.picorun("--seed", seed, image).stdout for seed in "001")
    assert first == again
    assert not set(first.split()) & set(other.split())
    assert len(set(first.split())) == 4
