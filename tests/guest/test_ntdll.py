"""ntdll: its entry points and stubs, and guest programs that print what real systems print."""

from __future__ import annotations

from pathlib import Path

import pefile
import pytest

from guest import build
from loader.pe import read_pe
from loader.stubs import discover
from provider.nt import syscalls_table
from tests.guests import PROGRAMS, compile_program, picorun

ENTRIES = {
    "KiUserApcDispatcher",
    "KiUserExceptionDispatcher",
    "KiUserCallbackDispatcher",
    "KiRaiseUserExceptionDispatcher",
    "LdrInitializeThunk",
    "RtlUserThreadStart",
}


@pytest.fixture(scope="module")
def ntdll(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build.build(tmp_path_factory.mktemp("system32"), ["ntdll.dll"])[0]


def test_stubs_have_the_numbers_and_sizes_of_the_table(ntdll: Path) -> None:
    found = discover(read_pe(ntdll.read_bytes(), ntdll.name)).by_number
    table = sorted(syscalls_table(), key=lambda call: call.name)
    assert [(found[i].name, found[i].argument_bytes) for i in range(len(table))] == [
        (call.name, call.argument_bytes) for call in table
    ]


def test_the_kernel_finds_its_entry_points(ntdll: Path) -> None:
    with pefile.PE(str(ntdll)) as image:
        names = {symbol.name.decode() for symbol in image.DIRECTORY_ENTRY_EXPORT.symbols}
    assert names >= ENTRIES
    assert not [name for name in names if "@" in name]


def test_every_call_is_exported_under_both_names(ntdll: Path) -> None:
    with pefile.PE(str(ntdll)) as image:
        names = {symbol.name.decode() for symbol in image.DIRECTORY_ENTRY_EXPORT.symbols}
    stems = {call.name[2:] for call in syscalls_table()}
    assert names >= {f"{prefix}{stem}" for stem in stems for prefix in ("Nt", "Zw")}


def test_what_programs_look_up_to_learn_the_version_is_there_only_if_it_works() -> None:
    names = {call.name for call in syscalls_table().missing()}
    assert not names & {"NtCreateWaitCompletionPacket", "NtCreateIoRing", "NtCreatePartition"}
    assert not [name for name in names if name.startswith("NtWow64")]


@pytest.mark.slow
def test_a_program_that_imports_a_missing_call_starts(tmp_path: Path) -> None:
    program = compile_program(PROGRAMS / "ntdll_missing.c", "-lntdll")
    finished = picorun("--verbose", program, cwd=tmp_path)
    assert (finished.stdout, finished.exit_code) == (b"0xc0000002\r\n", 0)
    assert "NtDrawText" in finished.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "exit_code"),
    [
        *(("pure", 0), ("heap", 0), ("locks", 0), ("parameters", 0), ("tables", 0)),
        ("current_directory", 0),
        ("exceptions", 0x63),
    ],
)
def test_program_prints_what_was_recorded(name: str, exit_code: int, tmp_path: Path) -> None:
    image = compile_program(PROGRAMS / f"ntdll_{name}.c", "-O1", "-Wno-unused-parameter")
    finished = picorun(image, cwd=tmp_path)
    expected = (PROGRAMS / f"ntdll_{name}.expected").read_bytes()
    assert finished.stdout.replace(b"\r\n", b"\n") == expected, finished.stderr
    assert finished.exit_code == exit_code
