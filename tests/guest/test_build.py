"""The build of the guest DLLs: definition files, descriptions, the same bytes everywhere."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pefile
import pytest

from guest import build, definition, stubs
from guest.definition import DefinitionError, Export

ROOT = Path(build.__file__).resolve().parent.parent
WRITE, EXECUTE = 0x8000_0000, 0x2000_0000


@pytest.mark.parametrize("line", ["Name =", "= Symbol", "Name @x", "Name @1 SOMETIMES", "a b c"])
def test_a_line_that_is_no_export_is_named(line: str) -> None:
    with pytest.raises(DefinitionError, match=line):
        definition.parse(line)


def test_lines_of_a_definition_file() -> None:
    text = """LIBRARY x.dll
    EXPORTS
    Plain
    Function=Function@8 @12 ; a comment
    Table DATA
    Hidden=Secret@4 @7 NONAME
    Other=ntdll.RtlOther
    """
    assert definition.parse(text) == [
        Export("Plain", "Plain", None, ()),
        Export("Function", "Function@8", 12, ()),
        Export("Table", "Table", None, ("DATA",)),
        Export("Hidden", "Secret@4", 7, ("NONAME",)),
        Export("Other", "ntdll.RtlOther", None, ()),
    ]


def test_import_names_are_decorated_as_the_callee_or_its_forwarder() -> None:
    userland = {
        "a.dll": definition.parse("F=F@8\nQ=@Fast@4\nC\nX=X@4 PRIVATE\nG=b.G\nH=b.Gone\nMine"),
        "b.dll": definition.parse("G=Inner@12"),
    }
    text = definition.import_text("a.dll", userland, {"Mine"})
    names = {line.split()[0] for line in text.splitlines()}
    assert names == {"LIBRARY", "EXPORTS", "F@8", "@Q@4", "C", "G@12", "H"}


def test_import_hints_are_places_in_the_sorted_name_table() -> None:
    userland = {"a.dll": definition.parse("b\nZ\nd DATA\na PRIVATE\nn @4 NONAME\nc=c@4")}
    lines = definition.import_text("a.dll", userland).splitlines()[2:]
    assert lines == ["Z", "b @2", "c@4 @3", "d @4 DATA"]


class Row:
    """A row of a system-call table."""

    def __init__(self, name: str, argument_bytes: int) -> None:
        self.name = name
        self.argument_bytes = argument_bytes


def test_stubs_are_numbered_in_the_order_of_their_names() -> None:
    table = [Row("NtClose", 4), Row("NtAlert", 0)]
    assert [call.name for call in stubs.numbered(table)] == ["NtAlert", "NtClose"]
    source = stubs.assembly(table)
    assert source.index("_NtAlert@0:") < source.index("movl $0x0") < source.index("_NtClose@4:")
    assert "ret $4" in source
    assert [e.name for e in definition.parse(stubs.exports(table))] == [
        *("NtAlert", "NtClose"),
        *("ZwAlert", "ZwClose"),
    ]


def test_an_unknown_dll_is_refused(tmp_path: Path) -> None:
    with pytest.raises(build.BuildError, match="no such DLL"):
        build.build(tmp_path, ["absent.dll"])


@pytest.mark.slow
def test_every_dll_can_be_mapped_protected_and_moved(tmp_path: Path) -> None:
    for path in build.build(tmp_path):
        image = pefile.PE(str(path), fast_load=True)
        flags = [section.Characteristics for section in image.sections]
        assert not [f for f in flags if f & WRITE and f & EXECUTE], path.name
        assert image.OPTIONAL_HEADER.DllCharacteristics & 0x100, f"{path.name}: not NX compatible"
        assert not image.FILE_HEADER.Characteristics & 1, f"{path.name}: relocations stripped"
        assert b".pdb" not in path.read_bytes(), path.name
        assert str(ROOT).encode() not in path.read_bytes(), path.name


@pytest.mark.slow
def test_another_folder_gives_the_same_bytes(tmp_path: Path) -> None:
    for package in ("guest", "provider", "loader", "emu"):
        ignored = shutil.ignore_patterns("system32", "__pycache__")
        shutil.copytree(ROOT / package, tmp_path / "elsewhere" / package, ignore=ignored)
    elsewhere, here = tmp_path / "b", tmp_path / "a"
    build.build(here, ["ntdll.dll"])
    subprocess.run(
        [sys.executable, "-m", "guest.build", "--output", str(elsewhere), "ntdll.dll"],
        cwd=tmp_path / "elsewhere",
        check=True,
    )
    assert (elsewhere / "ntdll.dll").read_bytes() == (here / "ntdll.dll").read_bytes()
