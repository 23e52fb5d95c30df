"""What the README says is so: its commands run, what it shows is what they print."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.console import blocks, check, commands, make_demo, run
from tests.guests import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
PACKAGES = [path for path in ROOT.glob("[!.]*/**/README.md") if "build" not in path.parts]
# What a block marked so needs is made by the tests themselves, which `make test` runs.
NOT_FROM_HERE = ("make test",)
OF_COMMANDS = {"--markdown", "--json", "--state", "--help", "--help-all"}
"""Options that belong to `picorun syscalls` and the like."""
PAGES = sorted((ROOT / "docs").glob("*.md"))
PYTHON_BLOCKS = [
    *blocks(README, "python"),
    *blocks((ROOT / "docs" / "api.md").read_text(encoding="utf-8"), "python"),
]


def test_the_two_commands_are_there() -> None:
    shown = {command.words for block in blocks(README, "console") for command in commands(block)}
    assert {"make demo", "make test"} <= shown


@pytest.mark.slow
@pytest.mark.parametrize("block", blocks(README, "console"))
def test_console_blocks(block: str) -> None:
    make_demo()
    for command in commands(block):
        if command.words not in NOT_FROM_HERE:
            check(command)


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_pages_of_the_documentation(page: Path) -> None:
    """A page's commands follow each other: what one leaves behind the next may use."""
    make_demo()
    for block in blocks(page.read_text(encoding="utf-8"), "console"):
        for command in commands(block):
            check(command)


@pytest.mark.slow
@pytest.mark.parametrize("block", PYTHON_BLOCKS)
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
    _, help_text = run(f"{sys.executable} -m picorun --help-all")
    pages = [README, *(page.read_text(encoding="utf-8") for page in PAGES)]
    named = {option for page in pages for option in re.findall(r"`(--[\w-]+)", page)}
    assert sorted(option for option in named - OF_COMMANDS if option not in help_text) == []


@pytest.mark.parametrize("path", PACKAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_files_that_a_package_readme_names_exist(path: Path) -> None:
    """Beside the README, in a folder of its package, or from the top."""
    named = re.findall(r"`([\w/]+\.(?:py|txt|h))`", path.read_text(encoding="utf-8"))
    assert named
    places = [ROOT, path.parent, *path.parent.iterdir()]
    assert all(any((place / name).is_file() for place in places) for name in named)
