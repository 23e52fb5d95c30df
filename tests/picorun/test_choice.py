"""--userland auto, and `picorun compat`, which tells what it goes by."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from loader.pe import read_pe
from picorun.choice import ImportsMissing, choose, find_for_builtin, find_program, names_for_builtin
from picorun.cli import main
from picorun.store.installed import Description, Store
from picorun.userland import find_userland
from tests.guests import compile_program, picorun
from tests.loader.builder import Part, PeFile, export_directory
from tests.pe_bytes import Pe
from tests.picorun.store.archive import BUILTIN

Capture = pytest.CaptureFixture[str]
GOOD = Pe(imports=(("kernel32.dll", "ExitProcess"),)).build()
NEEDY = Pe(imports=(("extra.dll", "F"), ("extra.dll", "G"), ("kernel32.dll", "NoSuch"))).build()


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return Store()


def _install(store: Store, name: str, kind: str, exports: dict[str, list[str]]) -> None:
    """The built-in ntdll, and DLLs with those exports."""
    with store.locked(), store.staging(name) as staging:
        for dll, names in exports.items():
            table, place = export_directory(0x1000, [b"\xc3"] * len(names), names)
            file = PeFile(parts=[Part(data=table)], directories={0: place}).build()
            (staging / "system32" / dll).write_bytes(file)
        ntdll = (BUILTIN / "ntdll.dll").read_bytes()
        (staging / "system32" / "ntdll.dll").write_bytes(ntdll)
        store.publish(staging, Description(name, kind, "", "a test", 0, {}))


def _choice(data: bytes) -> str:
    return choose("auto", read_pe(data, "x.exe"), Path("x.exe")).userland.name


def test_nothing_has_it(store: Store) -> None:
    with pytest.raises(ImportsMissing) as caught:
        _choice(NEEDY)
    assert str(caught.value) == "x.exe: builtin lacks extra.dll, kernel32.dll!NoSuch"
    assert caught.value.advice.startswith("'picorun userland install wine' gets")


def test_what_each_lacks_is_said(store: Store) -> None:
    _install(store, "windows-6.1", "windows", {"extra.dll": ["F"]})
    with pytest.raises(ImportsMissing) as caught:
        _choice(NEEDY)
    assert str(caught.value).endswith("; windows-6.1 lacks extra.dll!G, kernel32.dll!NoSuch")
    assert caught.value.advice == ""


def test_many_missing_things_are_counted(store: Store) -> None:
    many = Pe(imports=tuple(("kernel32.dll", f"No{n}") for n in range(9))).build()
    with pytest.raises(ImportsMissing, match=r"kernel32\.dll!No2 and 6 more$"):
        _choice(many)


def test_the_builtin_one_comes_first(store: Store) -> None:
    _install(store, "aaa", "wine", {})
    assert _choice(GOOD) == "builtin"


def test_programs_that_the_builtin_one_borrows(store: Store) -> None:
    _install(store, "wine-8.0", "wine", {})
    system = store.installed()[0].system
    for name, data in (("good.exe", GOOD), ("needy.exe", NEEDY), ("broken.exe", b"MZ")):
        (system / name).write_bytes(data)
    builtin = find_userland("builtin")
    assert names_for_builtin(builtin) == ["broken.exe", "good.exe", "needy.exe"]
    assert find_for_builtin("good.exe", builtin) == system
    for name in ("needy.exe", "broken.exe", "none.exe", "ntdll.dll"):
        assert find_for_builtin(name, builtin) is None


@pytest.mark.slow
@pytest.mark.parametrize(("userland", "said"), [("auto", b"0"), ("builtin", b"-1")])
def test_a_child_that_is_borrowed(userland: str, said: bytes, store: Store) -> None:
    """system() starts cmd.exe, here a program that does nothing."""
    _install(store, "wine-8.0", "wine", {})
    source = Path("shell.c")
    source.write_text(
        "#include <stdlib.h>\n#include <stdio.h>\n"
        "int main(int count, char **words)\n"
        '{ (void)words; if (count > 2) return 0; printf("%d", system("echo hi")); return 0; }\n'
    )
    image = compile_program(source)
    (store.installed()[0].system / "cmd.exe").write_bytes(image.read_bytes())
    done = picorun("--userland", userland, image, cwd=source.absolute().parent)
    assert (done.exit_code, done.stdout, done.stderr) == (0, said, "")


def test_an_installed_one_that_has_all(store: Store) -> None:
    all_of_it = {"extra.dll": ["F", "G"], "kernel32.dll": ["NoSuch"]}
    _install(store, "windows-6.1", "windows", all_of_it)
    assert _choice(NEEDY) == "windows-6.1"


def test_wine_starts_what_lacks_functions_but_not_dlls(store: Store) -> None:
    _install(store, "wine-8.0", "wine", {})
    with pytest.raises(ImportsMissing):
        _choice(NEEDY)
    _install(store, "wine-8.0", "wine", {"extra.dll": ["F"]})
    assert _choice(NEEDY) == "wine-8.0"


def test_a_program_of_a_userland_runs_on_that_one(store: Store) -> None:
    assert find_program("auto", "tool") is None
    _install(store, "wine-8.0", "wine", {"extra.dll": ["F"]})
    (installed,) = store.installed()
    system = installed.system
    (system / "tool.exe").write_bytes(GOOD)
    for name in ("auto", "wine-8.0"):
        assert find_program(name, "Tool") == system / "tool.exe"
    choice = choose("auto", read_pe(GOOD, "tool.exe"), system / "tool.exe")
    assert choice.userland.directories[0] == system
    assert choice.reason == "the program is one of its own"


def test_a_damaged_installation_is_passed_over(store: Store) -> None:
    _install(store, "wine-9.0", "wine", {"extra.dll": ["F"]})
    _install(store, "wine-8.0", "wine", {"extra.dll": ["F"]})
    (store.directory / "wine-9.0" / "userland.json").write_text("{")
    assert _choice(NEEDY) == "wine-8.0"
    (store.directory / "wine-8.0" / "system32" / "ntdll.dll").unlink()
    with pytest.raises(ImportsMissing):
        _choice(NEEDY)


def test_a_program_that_nothing_runs(store: Store, tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "x.exe").write_bytes(NEEDY)
    assert main(["x.exe"]) == 126
    first, second = capsys.readouterr().err.splitlines()
    assert first == "picorun: x.exe: builtin lacks extra.dll, kernel32.dll!NoSuch"
    assert "userland install" in second


@pytest.mark.slow
def test_the_choice_is_told_to_who_wants_it(hello: Path, tmp_path: Path) -> None:
    done = picorun("--verbose", hello, cwd=tmp_path)
    assert "userland builtin (it has all that the program imports): " in done.stderr


def test_a_file_that_is_no_image(store: Store, tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "x.exe").write_bytes(b"MZ")
    assert main(["compat", "x.exe"]) == 126
    assert main(["compat", "absent.exe"]) == 127
    (tmp_path / "x.exe").write_bytes(GOOD)
    assert main(["compat", "--userland", "nosuch", "x.exe"]) == 125


def test_the_table(store: Store, tmp_path: Path, capsys: Capture) -> None:
    _install(store, "windows-6.1", "windows", {"extra.dll": ["F"]})
    (tmp_path / "x.exe").write_bytes(NEEDY)
    assert main(["compat", "x.exe"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "x.exe imports 3 functions of 2 DLLs of the system",
        "                builtin windows-6.1",
        "extra.dll        no DLL         1/2",
        "kernel32.dll        0/1         0/1",
        "",
        "builtin lacks",
        "  extra.dll: the DLL",
        "  kernel32.dll: NoSuch",
        "",
        "windows-6.1 lacks",
        "  extra.dll: G",
        "  kernel32.dll: NoSuch",
    ]


def test_the_table_as_data(store: Store, tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "x.exe").write_bytes(GOOD)
    assert main(["compat", "--json", "--userland", "builtin", "x.exe"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["image"] == "x.exe"
    (userland,) = told["userlands"]
    assert (userland["name"], userland["complete"]) == ("builtin", True)
    assert userland["dlls"][0]["functions"] == ["ExitProcess"]


def test_names_cannot_speak_to_the_terminal(store: Store, tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "x.exe").write_bytes(Pe(imports=(("\x1b[2J.dll", "\x07"),)).build())
    assert main(["compat", "x.exe"]) == 1
    assert main(["x.exe"]) == 126
    told = capsys.readouterr()
    assert all(c.isprintable() or c == "\n" for c in told.out + told.err)
