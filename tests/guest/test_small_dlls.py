"""The smaller DLLs that console programs import: programs that print what native Wine printed.

Recorded on native Wine 8.0.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.guests import PROGRAMS, compile_program, picorun


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "flags"),
    [
        ("advapi32_crypt", ["-ladvapi32"]),
        ("advapi32_mui", ["-ladvapi32", "-lnetapi32"]),
        ("bcrypt_hashes", ["-lbcrypt"]),
        ("crypt32_stores", ["-lcrypt32"]),
        ("dbghelp_symbols", ["-ldbghelp", "-fno-omit-frame-pointer"]),
        ("ole32_guids", ["-lole32", "-lrpcrt4", "-luuid"]),
        ("shell32_files", ["-lshell32"]),
        ("shlwapi_paths", ["-lshlwapi"]),
        ("version_info", [str(PROGRAMS / "version_info.rc"), "-lversion"]),
    ],
)
def test_program_prints_what_was_recorded(name: str, flags: list[str], tmp_path: Path) -> None:
    image = compile_program(PROGRAMS / f"{name}.c", *flags)
    finished = picorun("--rw", image, cwd=tmp_path)
    expected = (PROGRAMS / f"{name}.expected").read_bytes()
    assert finished.stdout.replace(b"\r\n", b"\n") == expected, finished.stderr
    assert finished.exit_code == 0


@pytest.mark.slow
def test_texts_of_errors_of_sockets(tmp_path: Path) -> None:
    """By Microsoft's "System Error Codes" pages; Wine has texts of its own."""
    image = compile_program(PROGRAMS / "kernel32_socket_texts.c")
    finished = picorun("--userland", "builtin", image, cwd=tmp_path)
    expected = (PROGRAMS / "kernel32_socket_texts.expected").read_bytes()
    assert finished.stdout.replace(b"\r\n", b"\n").replace(b"\r", b"") == expected
