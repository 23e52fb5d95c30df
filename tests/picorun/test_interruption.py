"""Runs that end because of the world outside: Ctrl-C, a closed pipe, a full disk, a limit."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from tests.guests import PROGRAMS, ROOT, command, compile_program, picorun

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def forever() -> Path:
    return compile_program(PROGRAMS / "forever.c")


@pytest.fixture(scope="module")
def chatter() -> Path:
    return compile_program(PROGRAMS / "chatter.c")


def test_ctrl_c_ends_a_computing_guest(forever: Path) -> None:
    with subprocess.Popen(
        command(forever), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == b"running\r\n"
        running.send_signal(signal.SIGINT)
        _, errors = running.communicate(timeout=20)
    assert running.returncode == 130
    assert b"Traceback" not in errors


def test_ctrl_c_ends_a_guest_that_waits_for_input(tmp_path: Path) -> None:
    source = tmp_path / "reader.c"
    source.write_text(
        '#include <stdio.h>\nint main(void) { puts("x"); fflush(stdout); return getchar(); }\n'
    )
    with subprocess.Popen(
        command(compile_program(source)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == b"x\r\n"
        running.send_signal(signal.SIGINT)
        assert running.wait(timeout=20) == 130


def test_a_reader_that_leaves_ends_the_run_silently(chatter: Path) -> None:
    with subprocess.Popen(
        command(chatter), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == b"one more line\r\n"
        running.stdout.close()
        assert running.stderr is not None
        errors = running.stderr.read()
        assert running.wait(timeout=20) == -signal.SIGPIPE  # which a shell shows as 141
    assert errors == b""


@pytest.mark.parametrize("target", ["-", "/dev/stderr"])
def test_a_reader_of_the_trace_that_leaves_ends_the_run_silently(
    target: str, chatter: Path
) -> None:
    words = command(f"--trace={target}", chatter)
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as running:
        assert running.stderr is not None
        assert b"chatter.exe created" in running.stderr.readline()
        running.stderr.close()
        assert running.wait(timeout=20) == -signal.SIGPIPE


def test_signals_that_end_a_run_leave_no_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary, work = tmp_path / "temporary", tmp_path / "work"
    temporary.mkdir()
    work.mkdir()
    source = tmp_path / "writer.c"
    source.write_text(
        '#include <stdio.h>\nint main(void) { fclose(fopen("new", "w")); puts("x");'
        " fflush(stdout); for (;;) getchar(); }\n"
    )
    monkeypatch.setenv("TMPDIR", str(temporary))
    words = command("--quiet", compile_program(source))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    for number in (signal.SIGTERM, signal.SIGHUP):
        with subprocess.Popen(
            words, stdout=subprocess.PIPE, stdin=subprocess.PIPE, cwd=work
        ) as run:
            assert run.stdout is not None
            assert run.stdout.readline() == b"x\r\n"
            assert any(path.name.startswith("picorun-layer-") for path in temporary.iterdir())
            run.send_signal(number)
            try:
                assert run.wait(timeout=20) == -number
            finally:
                run.kill()
        assert list(temporary.iterdir()) == []


def test_a_full_disk_is_the_guests_to_handle(chatter: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command(chatter), stdout=full, stderr=subprocess.PIPE, timeout=60, check=False
        )
    assert (done.returncode, done.stderr) == (1, b"")


def test_a_trace_that_cannot_be_written_is_our_failure(chatter: Path) -> None:
    done = picorun("--trace=/dev/full", chatter)
    assert done.exit_code == 125
    assert done.stderr.splitlines() == [
        "picorun: cannot write the trace to /dev/full: No space left on device",
        "Free some space, or choose a place on another disk.",
    ]


def test_a_trace_that_cannot_be_opened(hello: Path, tmp_path: Path) -> None:
    done = picorun(f"--trace={tmp_path}/no/such/directory", hello)
    assert (done.exit_code, done.stdout) == (125, b"")
    assert "cannot write the trace to" in done.stderr


def test_the_time_limit_ends_the_run(forever: Path) -> None:
    done = picorun("--max-time", "1.5", forever)
    assert done.exit_code == 124
    assert done.stderr.startswith("picorun: stopped after 1.5 seconds (--max-time)\n")


def test_a_signal_in_the_midst_of_system_calls_ends_the_run() -> None:
    """Several times: most of the time goes into callbacks, whose exceptions ctypes may lose."""
    image = compile_program(PROGRAMS / "calling.c")
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGTERM, signal.SIGTERM, signal.SIGTERM):
        with subprocess.Popen(
            command("--quiet", image), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as running:
            assert running.stdout is not None
            assert running.stdout.readline() == b"running\r\n"
            running.send_signal(number)
            _, errors = running.communicate(timeout=20)
        assert (running.returncode, errors) == (-number, b"")
