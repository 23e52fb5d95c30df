"""Started where things are missing: closed streams, no current directory, no name."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from picorun.cli import main
from tests.guests import PROGRAMS, command, compile_program, picorun

pytestmark = pytest.mark.slow

CLOSES_OUTPUT = (">&-", "<&- >&- 2>&-")


@pytest.fixture(scope="module")
def hello() -> Path:
    return compile_program(PROGRAMS / "hello.c")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_null_devices(hello: Path, closed: str) -> None:
    shell = ["sh", "-c", f'exec "$@" {closed}', "sh", *command(hello)]
    done = subprocess.run(shell, capture_output=True, timeout=60, check=False)
    open_done = subprocess.run(command(hello), capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (open_done.returncode, b"")
    assert done.stdout == (b"" if closed in CLOSES_OUTPUT else open_done.stdout)


def test_a_program_in_a_directory_above(tmp_path: Path) -> None:
    """The guest can open its own image: the program starts itself again."""
    image = compile_program(PROGRAMS / "kernel32_process.c")
    (tmp_path / "above.exe").write_bytes(image.read_bytes())
    below = tmp_path / "below"
    below.mkdir()
    done = picorun("../above.exe", cwd=below)
    expected = (PROGRAMS / "kernel32_process.expected").read_bytes()
    assert done.stdout.replace(b"\r\n", b"\n") == expected


def test_a_current_directory_that_is_gone(
    hello: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert main([os.fspath(hello)]) == 125
    assert "current directory" in capsys.readouterr().err


def test_an_empty_name_is_no_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([""]) == 127
    assert capsys.readouterr().err.startswith("picorun: : no such file\n")


def test_verbose_tells_what_the_guest_sees_and_what_it_took(hello: Path, tmp_path: Path) -> None:
    shutil.copy(hello, tmp_path)
    done = picorun("--verbose", "--mount", f"D:\\={tmp_path}:ro", "hello.exe", cwd=tmp_path)
    lines = done.stderr.splitlines()
    assert done.exit_code == 0
    assert lines[0].startswith("picorun: hello.exe: a console program, ")
    assert lines[1].startswith("picorun: userland builtin (")
    assert f"picorun: C:\\work is {tmp_path} (cow)" in lines
    assert f"picorun: D:\\ is {tmp_path} (ro)" in lines
    assert lines[-1] == "picorun: process 8 ended with 0x0"
    assert any(" s of virtual time, " in line for line in lines)
    assert picorun("--quiet", "hello.exe", cwd=tmp_path).stderr == ""
