"""Programs that other people built, as they are in the public registries.

Where they cannot be fetched the tests are skipped.  What a program must print is what its
documentation says, or is checked by Python's own reader of the format that it writes.
"""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.guests import Finished, picorun
from tests.registry import JUST, LAUNCHER, NINJA, SEVEN_ZIP, Program, Unavailable

pytestmark = pytest.mark.slow

Run = Callable[..., Finished]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs a program in an empty directory that it may change."""

    def run(program: Program, *words: str, stdin: bytes = b"") -> Finished:
        try:
            image = program.fetch()
        except Unavailable as error:
            pytest.skip(str(error))
        return picorun("--rw", image, *words, stdin=stdin, cwd=tmp_path)

    return run


def test_7za_without_an_archive_fails_as_it_says(run: Run) -> None:
    done = run(SEVEN_ZIP, "t", "absent.7z")
    assert done.exit_code == 2
    assert b"System ERROR:" in done.stderr.encode() + done.stdout


def test_7za_compresses_what_python_reads(run: Run) -> None:
    data = b"".join(b"%d squared is %d\n" % (n, n * n) for n in range(3000))
    done = run(SEVEN_ZIP, "a", "-si", "-so", "-tgzip", "-an", "-mx1", "name", stdin=data)
    assert done.exit_code == 0
    assert gzip.decompress(done.stdout) == data


def test_7za_packs_and_unpacks_a_tree(run: Run, tmp_path: Path) -> None:
    files = {"in/a.txt": b"a" * 1000, "in/b/c.bin": bytes(range(256)) * 8, "in/empty": b""}
    for name, data in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    assert run(SEVEN_ZIP, "a", "-mmt1", "-bd", "t.7z", "in").exit_code == 0
    shutil.rmtree(tmp_path / "in")
    done = run(SEVEN_ZIP, "x", "-mmt1", "-bd", "t.7z")
    assert (done.exit_code, b"Everything is Ok" in done.stdout) == (0, True)
    assert {name: (tmp_path / name).read_bytes() for name in files} == files


def test_ninja_plans_in_the_order_of_needs(run: Run, tmp_path: Path) -> None:
    (tmp_path / "build.ninja").write_text(
        "rule step\n  command = run $in $out\nbuild last: step middle | other\n"
        "build middle: step first\nbuild other: step first\ndefault last\n"
    )
    done = run(NINJA, "-t", "commands")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.split(b"\r\n") == [
        b"run first middle", b"run first other", b"run middle last", b"",
    ]  # fmt: skip
    done = run(NINJA)
    assert done.exit_code == 1
    assert done.stderr.startswith("ninja: error: 'first'")


def test_just_evaluates(run: Run, tmp_path: Path) -> None:
    (tmp_path / "justfile").write_text('greeting := "good " + kind\nkind := uppercase("day")\n')
    done = run(JUST, "--evaluate", "greeting")
    assert (done.exit_code, done.stdout, done.stderr) == (0, b"good DAY", "")
    done = run(JUST, "nosuch")
    assert (done.exit_code, done.stdout) == (1, b"")
    assert done.stderr.startswith("error: ")


def test_the_launcher_of_setuptools_wants_its_script(run: Run) -> None:
    done = run(LAUNCHER)
    assert (done.exit_code, done.stdout) == (2, b"")
    assert "cli-32-script.py" in done.stderr
