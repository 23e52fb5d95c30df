"""Image File Execution Options: how values are read, and a program that starts others with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from provider.kernel.cm.key import Value
from provider.kernel.cm.registry import Registry
from provider.nt.ps.image_options import OPTIONS_PATH, image_options
from tests.guests import PROGRAMS, compile_program, picorun

if TYPE_CHECKING:
    from pathlib import Path

SZ, EXPAND, BINARY, DWORD = 1, 2, 3, 4


def options_of(name: str, kind: int, data: bytes) -> tuple[str, int]:
    registry = Registry()
    key = registry.ensure(f"{OPTIONS_PATH}\\Some.EXE")
    key.put(Value(name, kind, data))
    found = image_options(registry, "\\Device\\HarddiskVolume1\\dir\\some.exe")
    assert found is not None
    assert found.key is key
    return found.debugger, found.global_flag


def wide(text: str) -> bytes:
    return text.encode("utf-16-le")


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        (SZ, b"", ""),
        (SZ, b"x", ""),
        (SZ, wide("  \0"), ""),
        (BINARY, wide("dbg.exe\0"), ""),
        (DWORD, bytes(4), ""),
        (SZ, wide("\0dbg.exe"), ""),
        (SZ, b"\x00\xd8", "\ud800"),
        (SZ, wide("dbg.exe -x"), "dbg.exe -x"),
        (EXPAND, wide("dbg.exe\0rest"), "dbg.exe"),
    ],
)
def test_debugger(kind: int, data: bytes, expected: str) -> None:
    assert options_of("debugger", kind, data) == (expected, 0)


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        (SZ, wide("no number"), 0),
        (DWORD, b"\1\2\3", 0),
        (BINARY, bytes(range(4)), 0),
        (SZ, wide("-1"), 0xFFFFFFFF),
        (SZ, wide("9" * 5000), 0),
        (SZ, wide("0x70\0"), 0x70),
        (DWORD, b"\x70\0\0\x80", 0x80000070),
    ],
)
def test_global_flag(kind: int, data: bytes, expected: int) -> None:
    assert options_of("GlobalFlag", kind, data) == ("", expected)


def test_an_image_without_options() -> None:
    registry = Registry()
    for path in ("", "\\", "\\a\\b.exe", "x" * 40000, "\\a\\"):
        assert image_options(registry, path) is None


@pytest.mark.slow
def test_program(tmp_path: Path) -> None:
    image = compile_program(PROGRAMS / "ps_options.c", "-ladvapi32")
    finished = picorun("--quiet", image, cwd=tmp_path)
    expected = (PROGRAMS / "ps_options.expected").read_bytes()
    assert finished.stdout.replace(b"\r\n", b"\n") == expected, finished.stderr
    assert finished.exit_code == 0
