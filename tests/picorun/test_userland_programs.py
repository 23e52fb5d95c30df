"""Programs of the userland, run by name.

commands.json was recorded on native Wine 8.0 (Debian 8.0~repack-4), where the current directory was
Z:\\home\\u\\cmdtable; it stands there as C:\\work.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from picorun.userland import Userland
from tests.guests import PROGRAMS, WINE_DLLS, compile_program, picorun

COMMANDS: list[dict[str, Any]] = json.loads((PROGRAMS / "commands.json").read_text())
needs_wine = pytest.mark.skipif(not WINE_DLLS.is_dir(), reason=f"there is no Wine in {WINE_DLLS}")


@pytest.mark.parametrize("name", ["nosuchprogram", "", "./ntdll.dll", "../cmd", "/ntdll.dll"])
def test_no_such_file_or_program(name: str, tmp_path: Path) -> None:
    done = picorun(name, cwd=tmp_path)
    assert done.exit_code == 127
    assert done.stderr.startswith(f"picorun: {name}: no such file\n")


@pytest.mark.parametrize("name", ["cmd", "CMD.EXE", "reg"])
def test_a_program_of_windows_that_no_userland_has(name: str, tmp_path: Path) -> None:
    done = picorun("--userland", "builtin", name, cwd=tmp_path)
    first, second = done.stderr.splitlines()
    assert (done.exit_code, first) == (127, f"picorun: {name}: no such file")
    assert second == "'picorun userland install wine' gets a userland that has it."


def test_a_name_without_a_userland(tmp_path: Path) -> None:
    done = picorun("--userland", "nowhere", "cmd", cwd=tmp_path)
    assert done.exit_code == 125
    assert done.stderr.startswith("picorun: userland nowhere: ")


def test_the_programs_of_a_userland(tmp_path: Path) -> None:
    (tmp_path / "cmd.exe").touch()
    (tmp_path / "dir.exe").mkdir()
    userland = Userland("test", (tmp_path / "absent", tmp_path))
    assert userland.program("CMD") == userland.program("cmd.exe") == tmp_path / "cmd.exe"
    assert userland.program("dir.exe") is None
    assert userland.program("cmd.exe.exe") is None


@pytest.mark.slow
def test_a_file_of_the_host_comes_first(tmp_path: Path) -> None:
    (tmp_path / "cmd").write_bytes(compile_program(PROGRAMS / "hello.c").read_bytes())
    assert picorun("cmd", cwd=tmp_path).stdout.startswith(b"hello, world")


@needs_wine
@pytest.mark.slow
@pytest.mark.parametrize("row", COMMANDS, ids=[row["id"] for row in COMMANDS])
def test_a_command_does_what_was_recorded(row: dict[str, Any], tmp_path: Path) -> None:
    for name, text in row.get("files", {}).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    words = ["--rw", "--userland", WINE_DLLS, *row["argv"]]
    done = picorun(*words, stdin=row.get("stdin", "").encode(), cwd=tmp_path)
    assert done.stdout.decode("utf-8", "replace") == row["stdout"]
    assert (done.exit_code, done.stderr) == (row["exit"], row.get("stderr", ""))
    for name, text in row.get("written", {}).items():
        assert (tmp_path / name).read_bytes() == text.encode("latin-1")
    assert not any((tmp_path / name).exists() for name in row.get("removed", []))


@pytest.mark.slow
def test_who_needs_a_command_processor_is_told_where_to_get_one(tmp_path: Path) -> None:
    source = tmp_path / "shell.c"
    source.write_text(
        "#include <stdlib.h>\n#include <stdio.h>\n"
        'int main(void) { printf("%d %d", system(NULL), system("echo hi")); return 0; }\n'
    )
    done = picorun("--verbose", "--userland", "builtin", compile_program(source), cwd=tmp_path)
    assert (done.exit_code, done.stdout) == (0, b"0 -1")
    assert done.stderr.count("looks for cmd.exe, which its userland lacks\n") == 1
    assert "picorun userland install wine" in done.stderr


@needs_wine
@pytest.mark.slow
def test_a_batch_file_is_a_child(tmp_path: Path) -> None:
    (tmp_path / "b.bat").write_bytes(b"@echo off\r\necho batch %1\r\nexit 3\r\n")
    image = compile_program(PROGRAMS / "batch_child.c")
    done = picorun("--userland", WINE_DLLS, image, cwd=tmp_path)
    assert done.stdout == (PROGRAMS / "batch_child.expected").read_bytes()


@needs_wine
@pytest.mark.slow
def test_no_debugger_starts_for_an_unhandled_exception() -> None:
    done = picorun("--userland", WINE_DLLS, compile_program(PROGRAMS / "crash.c"), "write")
    assert (done.exit_code, done.stdout) == (5, b"")
    assert done.stderr.startswith(
        "unhandled exception STATUS_ACCESS_VIOLATION (0xc0000005) writing"
    )
