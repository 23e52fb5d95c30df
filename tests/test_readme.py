"""What the README says is so: its commands run, what it shows is what they print."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.guests import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
PACKAGES = [path for path in ROOT.glob("[!.]*/**/README.md") if "build" not in path.parts]
# What a block marked so needs is made by the tests themselves, which `make test` runs.
NOT_FROM_HERE = ("make test",)


def _blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def _commands() -> list[str]:
    lines = (line for block in _blocks("console") for line in block.splitlines())
    return [line.removeprefix("$ ").partition(" #")[0].strip() for line in lines if line[0] == "$"]


def _run(command: str, cwd: Path) -> str:
    """Everything that the shell command prints."""
    done = subprocess.run(
        command, shell=True, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    return done.stdout.decode()


def test_the_two_commands_are_there() -> None:
    assert {"make demo", "make test"} <= set(_commands())


@pytest.mark.slow
@pytest.mark.parametrize("block", _blocks("console"))
def test_console_blocks(block: str) -> None:
    """Each shown line is a line of what the command above it prints; "..." stands for others."""
    command = output = ""
    for line in block.splitlines():
        if line.startswith("$ "):
            command = line.removeprefix("$ ").partition(" #")[0].strip()
            output = "" if command in NOT_FROM_HERE else _run(command, ROOT)
        elif line.strip() != "...":
            assert line in output.splitlines(), f"{command} printed:\n{output}"


@pytest.mark.slow
@pytest.mark.parametrize("block", _blocks("python"))
def test_python_blocks(block: str, hello: Path, tmp_path: Path) -> None:
    shutil.copy(hello, tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", block], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    shown = [line.partition("# ")[2] for line in block.splitlines() if line.startswith("print(")]
    assert done.stdout.splitlines() == shown


def test_the_folder_map_names_folders() -> None:
    folders = re.findall(r"^\| `(\w+/[\w/]*)` \|", README, re.MULTILINE)
    assert folders
    assert all((ROOT / folder).is_dir() for folder in folders)


def test_no_option_of_the_readme_is_invented() -> None:
    help_text = _run(f"{sys.executable} -m picorun --help", ROOT)
    assert all(option in help_text for option in re.findall(r"`(--[\w-]+)", README))


@pytest.mark.parametrize("path", PACKAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_files_that_a_package_readme_names_exist(path: Path) -> None:
    """Beside the README, in a folder of its package, or from the top."""
    named = re.findall(r"`([\w/]+\.(?:py|txt|h))`", path.read_text(encoding="utf-8"))
    assert named
    places = [ROOT, path.parent, *path.parent.iterdir()]
    assert all(any((place / name).is_file() for place in places) for name in named)
