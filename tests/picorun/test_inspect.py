"""`picorun inspect`: files that lie, then what it tells of good ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loader.image import Directory, ImageError
from loader.pe import read_pe
from picorun.cli import main
from picorun.inspection import inspect, lines
from picorun.userland import find_userland
from tests.loader.builder import Part, PeFile, export_directory
from tests.loader.test_hostile_files import SEED
from tests.pe_bytes import Pe

Capture = pytest.CaptureFixture[str]


def _write(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    return str(path)


def _told(capsys: Capture, *words: str) -> str:
    assert main(["inspect", *words]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"", "not a PE"), (b"MZ".ljust(64, b"\0"), "DOS"), (SEED[:0x100], "truncated")],
)
def test_files_that_are_no_images(data: bytes, words: str, tmp_path: Path, capsys: Capture) -> None:
    assert main(["inspect", _write(tmp_path / "x.exe", data)]) == 126
    assert words in capsys.readouterr().err
    assert main(["inspect", str(tmp_path / "none.exe")]) == 127


def test_names_cannot_speak_to_the_terminal(tmp_path: Path, capsys: Capture) -> None:
    exports, place = export_directory(0x1000, [b"\xc3"], ["a\x07b\x1b]0;x"])
    file = PeFile(parts=[Part("\x1b[2J", data=exports)], directories={Directory.EXPORT: place})
    out = _told(capsys, _write(tmp_path / "x.exe", file.build()))
    assert "\n\\x1b[2J " in out
    assert "  a\\x07b\\x1b]0;x\n" in out
    assert all(c.isprintable() or c == "\n" for c in out)


def test_directories_outside_the_image_are_named(tmp_path: Path, capsys: Capture) -> None:
    data = bytearray(Pe().build())
    data[192:200] = (0x7000_0000).to_bytes(4, "little") + (40).to_bytes(4, "little")
    path = _write(tmp_path / "x.dll", bytes(data))
    assert "malformed imports" in _told(capsys, path) or "cannot be run" in _told(capsys, path)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(SEED) - 1), st.integers(0, 255)), max_size=6))
def test_any_changed_file_is_told_or_refused(changes: list[tuple[int, int]]) -> None:
    data = bytearray(SEED)
    for offset, value in changes:
        data[offset] = value
    try:
        image = read_pe(bytes(data), "x.exe")
    except ImageError:
        return
    found = inspect(image, find_userland("builtin"), None)
    json.dumps(found)
    assert all(line.isprintable() for line in lines(found))


def test_what_the_userland_lacks(tmp_path: Path, capsys: Capture) -> None:
    imports = (
        ("kernel32.dll", "ExitProcess"),
        ("kernel32.dll", "NoSuchFunction"),
        ("nosuch.dll", "F"),
    )
    out = _told(capsys, _write(tmp_path / "x.exe", Pe(imports=imports).build()))
    assert "userland builtin lacks\n" in out
    assert "  kernel32.dll: NoSuchFunction\n" in out
    assert "  nosuch.dll\n" in out


def test_a_dll_beside_the_image_serves_it(tmp_path: Path, capsys: Capture) -> None:
    _write(tmp_path / "OWN.dll", SEED)
    path = _write(tmp_path / "x.exe", Pe(imports=(("own.DLL", "NtA"),)).build())
    (need,) = json.loads(_told(capsys, "--json", path))["needs"]
    assert need["served_by"] == "OWN.dll"
    assert need["missing"] == []


def test_a_compiled_program(hello: Path, capsys: Capture) -> None:
    found: dict[str, Any] = json.loads(_told(capsys, "--json", str(hello)))
    assert found["malformed"] == {}
    assert found["refusal"] is None
    assert found["headers"]["subsystem"] == "console"
    assert {section["name"] for section in found["sections"]} >= {".text", ".rdata"}
    assert all(need["served_by"] and not need["missing"] for need in found["needs"])
    assert found["tls"]
    out = _told(capsys, str(hello))
    assert out.startswith(f"{hello.name}: a 32-bit console program, {hello.stat().st_size} bytes\n")
    assert out.endswith("\nuserland builtin has all that it imports\n")
