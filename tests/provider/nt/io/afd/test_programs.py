"""Guest programs that use sockets; the first lines of each say where its output was recorded."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.guests import PROGRAMS, WINE_DLLS, compile_program, picorun

NAMES = ("net_tcp", "net_select", "net_overlapped", "net_udp")
NOT_WINES = {"net_tcp", "net_udp"}
"""Whose output was corrected where Wine's ws2_32 differs from Windows'."""


def _run(name: str, cwd: Path, *options: str | Path) -> None:
    image = compile_program(PROGRAMS / f"{name}.c", "-lws2_32")
    done = picorun("--quiet", *options, image, cwd=cwd)
    expected = (PROGRAMS / f"{name}.expected").read_text()
    assert done.stdout.decode().replace("\r\n", "\n") == expected
    assert (done.exit_code, done.stderr) == (0, "")


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_own_userland(name: str, tmp_path: Path) -> None:
    _run(name, tmp_path)


@pytest.mark.slow
@pytest.mark.skipif(not WINE_DLLS.is_dir(), reason="Wine's DLLs are not here")
@pytest.mark.parametrize("name", sorted(set(NAMES) - NOT_WINES))
def test_wines_userland(name: str, tmp_path: Path) -> None:
    _run(name, tmp_path, "--userland", WINE_DLLS)


@pytest.mark.slow
def test_two_runs_are_the_same(tmp_path: Path) -> None:
    image = compile_program(PROGRAMS / "net_overlapped.c", "-lws2_32")
    first, second = (picorun("--quiet", "--trace", image, cwd=tmp_path) for _ in range(2))
    assert first == second
