"""Files that cannot run, and other bad starts: a code, two lines, no traceback."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import pytest

from picorun.cli import main
from tests.pe_bytes import Pe

GOOD = Pe().build()


def _dos(magic: bytes = b"", new_header: int = 64) -> bytes:
    """A DOS program whose header at `new_header` begins with `magic`."""
    return (b"MZ".ljust(60, b"\0") + struct.pack("<I", new_header) + magic).ljust(512, b"\0")


def _il_only() -> bytes:
    """A .NET program: a COR20 header in .data that says ILONLY."""
    cor20 = struct.pack("<I2H4I", 72, 2, 5, 0, 0, 1, 0).ljust(72, b"\0")
    plain = bytearray(Pe(com_descriptor=(0x2000, 72)).build())
    plain[0x400 : 0x400 + 72] = cor20
    return bytes(plain)


BAD_FILES = {
    "empty": (b"", "not a PE"),
    "text": (b"#!/bin/sh\necho hello\n", "not a PE"),
    "elf": (b"\x7fELF".ljust(4096, b"\0"), "not a PE"),
    "dos": (_dos(), "DOS"),
    "ne": (_dos(b"NE"), "16-bit"),
    "le": (_dos(b"LE"), "LE"),
    "truncated-dos-header": (GOOD[:40], "DOS"),  # nothing tells it from a tiny DOS program
    "truncated-headers": (GOOD[:200], "truncated"),
    "truncated-section": (GOOD[:0x300], "outside the file"),
    "pe32-plus": (Pe(machine=0x8664, magic=0x20B).build(), "64-bit"),
    "arm": (Pe(machine=0x1C4).build(), "ARM"),
    "arm64": (Pe(machine=0xAA64, magic=0x20B).build(), "ARM64"),
    "itanium": (Pe(machine=0x200, magic=0x20B).build(), "Itanium"),
    "unknown-machine": (Pe(machine=0x7777).build(), "0x7777"),
    "il-only": (_il_only(), ".NET"),
    "dll": (Pe(characteristics=0x2102).build(), "DLL"),
    "driver": (Pe(subsystem=1).build(), "driver"),
    "efi": (Pe(subsystem=10).build(), "EFI"),
    "section-outside": (Pe(text_file_offset=0x8000).build(), "outside the file"),
}


@pytest.mark.parametrize(("content", "words"), BAD_FILES.values(), ids=BAD_FILES)
def test_each_kind_of_bad_file_has_its_own_words(
    content: bytes, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    image = tmp_path / "bad.exe"
    image.write_bytes(content)
    assert main([str(image)]) == 126
    line = _what_and_where(capsys)
    assert line.startswith(f"picorun: {image}: ")
    assert words.lower() in line.lower()


@pytest.mark.parametrize("name", ["missing.exe", "no/such/directory.exe", "file/below.exe"])
def test_missing_files(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    assert main([name]) == 127
    assert _what_and_where(capsys) == f"picorun: {name}: no such file"


def test_a_directory_is_no_program(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 126
    assert "directory" in _what_and_where(capsys)


def test_a_name_too_long_for_the_host(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["x" * 5000]) == 126
    assert "too long" in _what_and_where(capsys)


def test_a_pipe_is_no_program(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(tmp_path / "fifo.exe")
    assert main([str(tmp_path / "fifo.exe")]) == 126
    assert "not a regular file" in _what_and_where(capsys)


def test_a_userland_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    image = tmp_path / "good.exe"
    image.write_bytes(GOOD)
    assert main(["--userland", str(tmp_path), str(image)]) == 125
    assert "ntdll.dll" in _what_and_where(capsys)
    assert main(["--userland", "no-such", str(image)]) == 125
    assert "no-such" in _what_and_where(capsys)


def test_an_import_that_the_userland_lacks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    image = tmp_path / "needy.exe"
    image.write_bytes(Pe(imports=(("kernel32.dll", "NoSuchFunction"),)).build())
    assert main([str(image)]) == 126
    line = _what_and_where(capsys)
    assert "kernel32.dll" in line.lower()
    assert "NoSuchFunction" in line
    image.write_bytes(Pe(imports=(("nosuch.dll", "Function"),)).build())
    assert main([str(image)]) == 126
    assert "nosuch.dll" in _what_and_where(capsys)


def test_a_senseless_option_points_to_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--ram", "a lot", "a.exe"]) == 125
    assert capsys.readouterr().err.splitlines()[1] == "Try 'picorun --help'."


def _what_and_where(capsys: pytest.CaptureFixture[str]) -> str:
    """The first of the two lines; the second says what to do, in a sentence."""
    captured = capsys.readouterr()
    assert captured.out == ""
    line, advice = captured.err.splitlines()
    assert not advice.startswith("picorun:")
    assert advice[-1] in ".;)"
    return line
