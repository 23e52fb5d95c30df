"""kernel32: what it exports, and guest programs that print what real systems print."""

from __future__ import annotations

from pathlib import Path

import pefile
import pytest

from guest import build
from tests.guests import PROGRAMS, compile_program, picorun

FORWARDED = {
    "HeapAlloc": b"NTDLL.RtlAllocateHeap",
    "EnterCriticalSection": b"NTDLL.RtlEnterCriticalSection",
    "GetLastError": b"NTDLL.RtlGetLastWin32Error",
    "InitializeSListHead": b"NTDLL.RtlInitializeSListHead",
}


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes | None]:
    """Names that the built DLL exports, with the target of those that are forwarded."""
    path = build.build(tmp_path_factory.mktemp("system32"), ["kernel32.dll"])[0]
    with pefile.PE(str(path)) as image:
        return {s.name.decode(): s.forwarder for s in image.DIRECTORY_ENTRY_EXPORT.symbols}


def test_no_export_is_decorated(exports: dict[str, bytes | None]) -> None:
    assert not [name for name in exports if "@" in name]


def test_forwarders_lead_to_ntdll(exports: dict[str, bytes | None]) -> None:
    assert {name: exports[name] for name in FORWARDED} == FORWARDED


@pytest.mark.parametrize(
    "name",
    [
        # What mingw-w64's and Microsoft's start-up code import.
        *("GetStartupInfoW", "SetUnhandledExceptionFilter", "TlsGetValue", "VirtualProtect"),
        *("FlsAlloc", "GetModuleHandleExW", "InitializeCriticalSectionEx", "LCMapStringEx"),
        *("IsProcessorFeaturePresent", "QueryPerformanceCounter", "RtlUnwind", "EncodePointer"),
    ],
)
def test_start_up_code_finds_its_imports(exports: dict[str, bytes | None], name: str) -> None:
    assert name in exports


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "files",
        "text",
        "system",
        "threads",
        "process",
        "pool",
        "full_path",
        "mapping",
        "profiles",
        "path_cch",
    ],
)
def test_program_prints_what_was_recorded(name: str, tmp_path: Path) -> None:
    image = compile_program(PROGRAMS / f"kernel32_{name}.c")
    finished = picorun("--rw", image, cwd=tmp_path)
    expected = (PROGRAMS / f"kernel32_{name}.expected").read_bytes()
    assert finished.stdout.replace(b"\r\n", b"\n") == expected, finished.stderr
    assert finished.exit_code == 0


@pytest.mark.slow
def test_snapshots_and_psapi_list_the_process(tmp_path: Path) -> None:
    """Recorded on native Wine 8.0, which has no name for the mapping of an image."""
    source = PROGRAMS / "kernel32_toolhelp.c"
    finished = picorun(compile_program(source, "-DPSAPI_VERSION=1", "-lpsapi"), cwd=tmp_path)
    expected = source.with_suffix(".expected").read_bytes()
    assert finished.stdout.replace(b"\r\n", b"\n") == expected, finished.stderr
