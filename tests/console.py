"""Pages that show commands and what they print: running them, and comparing.

In a block of a page marked `console` a line that begins with "$ " is a command; those after it are
lines that it prints, in their order.  "..." stands for any lines, "…" for any part of a line.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from itertools import groupby
from typing import NamedTuple

from guest.build import CACHE
from tests.guests import PROGRAMS, ROOT, compile_program

_PROMPT = "$ "
_ANY_LINES, _ANY_PART = "...", "…"


class Command(NamedTuple):
    """A command of a page, and the lines that the page shows of its output."""

    words: str
    shown: tuple[str, ...]


def blocks(page: str, language: str) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", page, re.MULTILINE | re.DOTALL)


def commands(block: str) -> list[Command]:
    """The commands of a console block, without their comments."""
    found: list[Command] = []
    for is_command, lines in groupby(block.splitlines(), lambda line: line.startswith(_PROMPT)):
        if is_command:
            words = (line.removeprefix(_PROMPT).partition(" #")[0].strip() for line in lines)
            found += [Command(line, ()) for line in words]
        else:
            found[-1] = found[-1]._replace(shown=tuple(lines))
    return found


def run(command: str) -> tuple[int, str]:
    """The exit code of a shell command, and everything that it prints."""
    variables = {"ZIG_GLOBAL_CACHE_DIR": str(CACHE / "zig"), **os.environ}
    done = subprocess.run(
        command,
        shell=True,
        cwd=ROOT,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return done.returncode, done.stdout.decode()


def check(command: Command) -> None:
    """Run a command of a page; each shown line must be printed after the one before.

    One of which nothing is shown must succeed.
    """
    code, output = run(command.words)
    assert command.shown or code == 0, f"{command.words} ended with {code}:\n{output}"
    left = iter(output.splitlines())
    for line in command.shown:
        if line.strip() != _ANY_LINES:
            pattern = re.compile(".*".join(map(re.escape, line.split(_ANY_PART))))
            found = any(pattern.fullmatch(printed) for printed in left)
            assert found, f"{command.words} printed no {line!r}:\n{output}"


def make_demo() -> None:
    """What `make demo` leaves for the commands: build/demo/hello.exe."""
    demo = ROOT / "build" / "demo" / "hello.exe"
    if not demo.exists():
        demo.parent.mkdir(parents=True, exist_ok=True)
        fresh = demo.with_name(f"fresh-{os.getpid()}.exe")
        shutil.copy(compile_program(PROGRAMS / "hello.c"), fresh)
        fresh.replace(demo)
