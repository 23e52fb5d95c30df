"""Completion as a shell asks for it: a line and a cursor in variables, words in a file."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from picorun.cli import main
from tests.guests import command

pytestmark = pytest.mark.slow


def _completed(line: str, tmp_path: Path) -> list[str]:
    words = tmp_path / "words"
    variables = {
        **os.environ,
        "_ARGCOMPLETE": "1",
        "_ARGCOMPLETE_IFS": "\n",
        "_ARGCOMPLETE_COMP_WORDBREAKS": " \t\n\"'><=;|&(:",
        "_ARGCOMPLETE_STDOUT_FILENAME": str(words),
        "COMP_LINE": line,
        "XDG_DATA_HOME": str(tmp_path / "none"),
        "COMP_POINT": str(len(line)),
    }
    subprocess.run(command(), env=variables, cwd=tmp_path, check=False, capture_output=True)
    return sorted(word.strip() for word in words.read_text().split("\n") if word)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("picorun --max-t", ["--max-time"]),
        ("picorun --paging ", ["pae", "x86"]),
        ("picorun --clock r", ["real"]),
        ("picorun insp", ["inspect"]),
        ("picorun --userland b", ["builtin"]),
        ("picorun --userland D", ["DLLs/"]),
        ("picorun --trace=ht", ["html:"]),
        ("picorun --rw prog", ["program.exe"]),
        ("picorun syscalls --st", ["--state"]),
        ("picorun syscalls --state m", ["missing"]),
        ("picorun completion z", ["zsh"]),
        ("picorun --no-such", []),
    ],
)
def test_words(line: str, words: list[str], tmp_path: Path) -> None:
    (tmp_path / "DLLs").mkdir()
    (tmp_path / "program.exe").touch()
    (tmp_path / "program.txt").touch()
    assert _completed(line, tmp_path) == words


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_what_a_shell_is_told_is_correct(
    shell: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["completion", shell]) == 0
    script = tmp_path / "script"
    script.write_text(capsys.readouterr().out)
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    assert subprocess.run([shell, "-n", script], check=False).returncode == 0
