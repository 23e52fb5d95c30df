"""The quick cases of the corpus, where one lies beside the repository; `make corpus` runs all.

A corpus is a directory with manifest.json, which says what programs print, and corpus.py, which
fetches and runs them.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.guests import ROOT, command

_PLACES = [ROOT.parent / "shared" / "corpus", ROOT.parent.parent / "shared" / "corpus"]
CORPUS = Path(os.environ.get("PICORUN_CORPUS") or next(filter(Path.is_dir, _PLACES), _PLACES[0]))
MANIFEST = CORPUS / "manifest.json"
_QUICK = (1, 2)
"""The tiers of programs that start at once."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not MANIFEST.is_file(), reason=f"there is no corpus in {CORPUS}"),
]


def _quick() -> list[str]:
    if not MANIFEST.is_file():
        return ["none"]
    binaries = json.loads(MANIFEST.read_text(encoding="utf-8"))["binaries"]
    return [name for name, binary in binaries.items() if binary["tier"] in _QUICK]


def _corpus(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(CORPUS / "corpus.py"), *words],
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )


@pytest.mark.parametrize("binary", _quick())
def test_a_program_does_what_was_recorded(binary: str, tmp_path: Path) -> None:
    fetched = _corpus("fetch", binary)
    if fetched.returncode:
        pytest.skip(f"cannot fetch {binary}: {(fetched.stdout + fetched.stderr)[-200:]}")
    records = tmp_path / "records.json"
    picorun = shlex.join(command("--rw", "--env"))
    _corpus("run", "--jobs", "1", "--json", str(records), "--command", picorun, binary)
    failed = [row for row in json.loads(records.read_text()) if row["verdict"] != "pass"]
    assert failed == []
