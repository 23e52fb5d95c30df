"""What programs want and who has it: hostile imports first."""

from __future__ import annotations

from pathlib import Path

import pytest

from loader.pe import read_pe
from picorun.needs import all_needs, needs_of
from picorun.userland import Userland, find_userland
from tests.loader.builder import Part, PeFile, export_directory
from tests.pe_bytes import Pe

BUILTIN = find_userland("builtin")


def _program(*imports: tuple[str, str]) -> bytes:
    return Pe(imports=imports).build()


def _dll(*names: str) -> bytes:
    """A DLL with those exports and no imports."""
    exports, place = export_directory(0x1000, [b"\xc3"] * len(names), list(names))
    return PeFile(parts=[Part(data=exports)], directories={0: place}).build()


def _missing(data: bytes, *directories: Path, userland: Userland = BUILTIN) -> dict[str, list[str]]:
    found = all_needs(read_pe(data, "x.exe"), userland, directories)
    return {need.dll: list(need.missing) for need in found if need.missing}


@pytest.mark.parametrize(
    "dll",
    ["", ".", "..", "a/b.dll", "../ntdll.dll", "/etc/passwd", "\\x", "a" * 300, "api-", "\x7f.dll"],
)
def test_names_that_are_no_dll(dll: str, tmp_path: Path) -> None:
    assert _missing(_program((dll, "F")), tmp_path) == {dll: ["F"]}


def test_a_program_without_imports(tmp_path: Path) -> None:
    assert _missing(_program(), tmp_path) == {}


@pytest.mark.parametrize("data", [b"", b"MZ", b"\0" * 5000])
def test_a_file_beside_it_that_is_no_image(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "own.dll").write_bytes(data)
    assert _missing(_program(("own.dll", "F")), tmp_path) == {"own.dll": ["F"]}


def test_directories_and_broken_links_with_the_name_of_a_dll(tmp_path: Path) -> None:
    (tmp_path / "a.dll").mkdir()
    (tmp_path / "b.dll").symlink_to("nowhere")
    program = _program(("a.dll", "F"), ("b.dll", "F"))
    assert _missing(program, tmp_path, tmp_path / "absent") == {"a.dll": ["F"], "b.dll": ["F"]}


def test_dlls_that_need_each_other(tmp_path: Path) -> None:
    """Each looks for a function of the other that is not there."""
    (tmp_path / "a.dll").write_bytes(_program(("b.dll", "B"), ("kernel32.dll", "NoSuch")))
    (tmp_path / "b.dll").write_bytes(_program(("a.dll", "A")))
    assert _missing(_program(("a.dll", "F")), tmp_path) == {
        "a.dll": ["F", "A"],
        "b.dll": ["B"],
        "kernel32.dll": ["NoSuch"],
    }


def test_who_comes_first(tmp_path: Path) -> None:
    """The program's directory before the system's, but for API sets."""
    contract = "api-ms-win-core-synch-l1-2-0.dll"
    (tmp_path / "KERNEL32.DLL").write_bytes(_dll("Mine"))
    (tmp_path / contract).write_bytes(_dll("Mine"))
    program = _program(("kernel32.dll", "ExitProcess"), (contract, "Sleep"), (contract, "Mine"))
    assert _missing(program, tmp_path) == {"kernel32.dll": ["ExitProcess"], contract: ["Mine"]}


def test_an_api_set_that_nobody_serves_may_be_a_file(tmp_path: Path) -> None:
    contract = "api-ms-win-nosuch-l1-1-0.dll"
    assert _missing(_program((contract, "F")), tmp_path) == {contract: ["F"]}
    (tmp_path / contract).write_bytes(_dll("F"))
    assert _missing(_program((contract, "F")), tmp_path) == {}


@pytest.mark.parametrize(
    ("dll", "function", "served_by"),
    [
        ("KERNEL32", "ExitProcess", "kernel32.dll"),
        ("Kernel32.DLL", "ExitProcess", "kernel32.dll"),
        ("api-ms-win-core-synch-l1-2-7.dll", "Sleep", "kernel32.dll"),
        ("api-ms-win-crt-stdio-l1-1-0.dll", "__stdio_common_vfprintf", "ucrtbase.dll"),
    ],
)
def test_spellings_and_versions(dll: str, function: str, served_by: str) -> None:
    (need,) = needs_of(read_pe(_program((dll, function)), "x.exe"), BUILTIN)
    assert (need.dll, need.functions, need.missing) == (dll, (function,), ())
    assert need.served_by == served_by


def test_a_userland_of_other_spellings(tmp_path: Path) -> None:
    (tmp_path / "USER32.Dll").write_bytes(_dll("F"))
    mine = Userland("mine", (tmp_path,))
    assert _missing(_program(("user32.dll", "F"), ("user32.dll", "G")), userland=mine) == {
        "user32.dll": ["G"]
    }
