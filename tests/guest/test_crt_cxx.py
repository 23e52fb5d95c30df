"""C++ and structured exceptions as Microsoft's compilers make them, against recorded output.

zig's clang makes the objects; the language handlers come from the DLLs. Recorded on native Wine
8.0; what was corrected is said in the program.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from guest import build, definition
from tests.guests import PROGRAMS, picorun, zig

FOLDERS = {"msvcrt": "crt", "ucrtbase": "crt", "kernel32": "kernel32"}
LIBRARIES = {"msvcrt": ("msvcrt",), "ucrt": ("vcruntime140", "ucrtbase")}
# What vcruntime140.dll and kernel32.dll have is known by name here: their exports are forwarders.
STDCALL = {"_CxxThrowException": "@8", "RaiseException": "@16"}


@pytest.mark.slow
@pytest.mark.parametrize("runtime", ["ucrt", "msvcrt"])
@pytest.mark.parametrize(
    ("name", "flags"), [("cxx", ()), ("seh", ("-fasync-exceptions",)), ("types", ())]
)
def test_program_prints_what_was_recorded(
    name: str, flags: tuple[str, ...], runtime: str, tmp_path: Path
) -> None:
    image = _program(PROGRAMS / f"crt_{name}.cpp", runtime, flags, tmp_path)
    finished = picorun(image, cwd=tmp_path)
    expected = (PROGRAMS / f"crt_{name}.{runtime}.expected").read_bytes()
    assert finished.stdout.splitlines() == expected.splitlines(), finished.stderr
    assert finished.exit_code == 0


def _program(source: Path, runtime: str, flags: tuple[str, ...], folder: Path) -> Path:
    common = ("-DMSVCRT",) if runtime == "msvcrt" else ()
    binary, image = folder / f"{source.stem}.obj", folder / f"{source.stem}.exe"
    zig(
        *("c++", "-target", "x86-windows-msvc", "-fms-extensions", "-fexceptions", "-O1", "-w"),
        *("-fcxx-exceptions", "-frtti", "-fno-sanitize=all", *flags, *common, "-c", str(source)),
        *("-o", str(binary)),
    )
    libraries = [_library(dll, folder) for dll in (*LIBRARIES[runtime], "kernel32")]
    start = str(PROGRAMS / "crt_cxx_start.c")
    zig(
        *("build-exe", "-target", "x86-windows-gnu", "-O", "ReleaseSmall", "-fstrip"),
        *("-fno-sanitize-c", "-fno-stack-check", "-fno-stack-protector", "-fno-unwind-tables"),
        *("-cflags", "-w", "-fno-builtin", *common, "--", start, str(binary), *libraries),
        *("-fentry=mainCRTStartup", f"-femit-bin={image}", "--subsystem", "console"),
    )
    return image


def _library(dll: str, folder: Path) -> str:
    """An import library with the decorated names that objects ask for."""
    text, library = folder / f"{dll}.def", folder / f"{dll}.lib"
    exports = [e for path in _definitions(dll) for e in definition.parse(path.read_text())]
    lines = [_decorated(export) for export in exports]
    text.write_text("\n".join([f"LIBRARY {dll}.dll", "EXPORTS", *lines, ""]))
    zig("dlltool", "-m", "i386", "-k", "-d", str(text), "-l", str(library))
    return str(library)


def _definitions(dll: str) -> list[Path]:
    folder = build.HERE / FOLDERS.get(dll, dll)
    if dll in ("msvcrt", "ucrtbase"):
        return [folder / "common.def", folder / f"{dll}.def"]
    return sorted(folder.glob("*.def"))


def _decorated(export: definition.Export) -> str:
    if export.name.startswith("?") or export.name in STDCALL:
        return export.name + STDCALL.get(export.name, "")
    size = re.search(r"@\d+$", export.symbol)
    return export.name + (size.group() if size else "")
