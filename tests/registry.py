"""Programs from public registries: their clients fetch them, once, and nothing is committed."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.guests import ROOT

_CACHE = ROOT / "build" / "real-programs"
_PIP = (
    *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"),
    *("--disable-pip-version-check", "--platform", "win32", "--python-version", "3.11"),
)
_NPM = ("npm", "pack", "--silent")


class Unavailable(Exception):
    """The program cannot be had; the text says why."""


@dataclass(frozen=True, slots=True)
class Program:
    """A file in a package, by the registry's client and what it calls the package."""

    client: tuple[str, ...]
    package: str
    path: str
    sha256: str

    def fetch(self) -> Path:
        """The program's file.  Raises Unavailable."""
        place = _CACHE / self.sha256[:16] / Path(self.path).name
        if not place.is_file():
            _CACHE.mkdir(parents=True, exist_ok=True)
            with TemporaryDirectory(dir=_CACHE) as work:
                found = self._unpacked(Path(work)) / self.path
                if hashlib.sha256(found.read_bytes()).hexdigest() != self.sha256:
                    raise Unavailable(f"{self.package} has another {self.path} than it had")
                place.parent.mkdir(exist_ok=True)
                found.replace(place)
        return place

    def _unpacked(self, work: Path) -> Path:
        if shutil.which(self.client[0]) is None:
            raise Unavailable(f"{self.package}: there is no {self.client[0]}")
        done = subprocess.run(
            [*self.client, self.package], cwd=work, capture_output=True, text=True, check=False
        )
        files = list(work.iterdir())
        if done.returncode or len(files) != 1:
            raise Unavailable(f"cannot get {self.package}: {done.stderr.strip()[-200:]}")
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
ESBUILD = Program(
    _NPM,
    "@esbuild/win32-ia32@0.28.2",
    "package/esbuild.exe",
    "b2e62af5c17e00939583be0a0762fdc469f352869a617edc91371b00454c76f0",
)
RUFF = Program(
    _PIP,
    "ruff==0.17.5",
    "ruff-0.17.5.data/scripts/ruff.exe",
    "1fc7987a28f99bbeccae50ac92760fa2a5de82a8366af030e085804ee6ca3565",
)
