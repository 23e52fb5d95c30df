"""Guest programs on the memory manager, against what real systems print."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.guests import PROGRAMS, command, compile_program, peak_memory, picorun

pytestmark = pytest.mark.slow

MEGABYTE = 1 << 20


@pytest.mark.parametrize("paging", ["pae", "x86"])
@pytest.mark.parametrize(
    "name",
    [
        "mm_views",
        "mm_extend",
        "mm_watch",
        "mm_faults",
        "mm_image",
        "mm_write",
        "mm_share",
        "mm_placeholder",
    ],
)
def test_program_prints_what_was_recorded(name: str, paging: str, tmp_path: Path) -> None:
    image = compile_program(PROGRAMS / f"{name}.c")
    finished = picorun("--rw", "--paging", paging, image, cwd=tmp_path)
    expected = (PROGRAMS / f"{name}.expected").read_text()
    if paging == "x86":
        expected = "".join(_without_nx(line) for line in expected.splitlines(keepends=True))
    assert finished.stdout.replace(b"\r\n", b"\n").decode() == expected, finished.stderr
    assert finished.exit_code == 0


def _without_nx(line: str) -> str:
    """Whatever is readable can be executed, and a fetch is told as a read."""
    if "read ok" in line:
        return line.replace("execute C0000005(8, here)", "execute ok")
    return line.replace("(8, here)", "(0, here)")


@pytest.mark.parametrize("options", [(), ("--compress",)], ids=["page file", "compressed"])
def test_256_mb_fit_into_24(options: tuple[str, ...], tmp_path: Path) -> None:
    image = compile_program(PROGRAMS / "mm_fill.c", "-O2")
    target = tmp_path / "map.json"
    words = command(
        "--ram", "24M", "--page-file", "512M", *options, f"--memory-map={target}", image
    )
    finished, peak = peak_memory(words, tmp_path)
    assert (finished.exit_code, finished.stdout) == (0, b"0 wrong words\r\n")
    assert peak < 24 * MEGABYTE + 120 * MEGABYTE
    counters = json.loads(target.read_text())["counters"]
    assert counters["hard_faults"] > 50_000
    assert counters["pages_written"] > 50_000
