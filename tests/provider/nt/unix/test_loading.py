"""Each DLL of a Wine, loaded and freed one after the other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.guests import LATE_WINE_DLLS, PROGRAMS, WINE_DLLS, compile_program, picorun

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

NEED_A_CARD_READER_OR_SIXTEEN_BITS = {"ctapi32.dll", "w32skrnl.dll", "wow32.dll"}
"""The first does not load on native Wine either; the others start krnl386.exe16."""


@pytest.mark.parametrize(
    "dlls",
    [
        pytest.param(
            dlls, id=name, marks=pytest.mark.skipif(not dlls.is_dir(), reason=f"no Wine in {dlls}")
        )
        for name, dlls in (("wine", WINE_DLLS), ("late wine", LATE_WINE_DLLS))
    ],
)
def test_every_dll_loads(dlls: Path, tmp_path: Path) -> None:
    done = picorun("--userland", dlls, compile_program(PROGRAMS / "ldr_all.c"), cwd=tmp_path)
    failed = dict(re.findall(r"^(\S+\.dll) (\d+)", done.stdout.decode(), re.MULTILINE))
    loaded = re.search(rb"^loaded (\d+)", done.stdout, re.MULTILINE)
    assert loaded is not None, done.stderr
    assert set(failed) <= NEED_A_CARD_READER_OR_SIXTEEN_BITS, failed
    assert int(loaded[1]) > 500
    assert done.exit_code == (2 if failed else 0)
