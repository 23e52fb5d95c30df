"""What the start of a run imports: what only some runs need must not cost all of them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.guests import PROGRAMS, compile_program

_MAIN = """
import sys
from picorun.cli import main
code = main(sys.argv[1:])
print(code, *sys.modules, file=sys.stderr)
"""
_SLOW = {
    *("asyncio", "capstone", "cryptography", "dataclasses", "email", "hashlib", "http", "socket"),
    *("json", "keystone", "logging", "pefile", "rich", "sqlite3", "ssl", "unittest"),
    *("argcomplete", "importlib.metadata", "pkg_resources", "unicorn"),
    *("datetime", "inspect", "random", "shutil", "subprocess", "tempfile", "threading"),
}


@pytest.mark.slow
@pytest.mark.parametrize("options", [[], ["--userland", "builtin"]])
def test_a_plain_run_imports_nothing_slow(options: list[str]) -> None:
    image = compile_program(PROGRAMS / "hello.c")
    words = [sys.executable, "-c", _MAIN, *options, str(image)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    code, *modules = done.stderr.split()
    assert (code, _SLOW.intersection(modules)) == ("0", set())
    assert ("argparse" in modules) == bool(options)
    assert "emu.engine" in modules
