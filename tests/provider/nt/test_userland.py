"""Userlands: foreign ntdlls start a thread and make system calls through their own gates."""

from __future__ import annotations

import struct
from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from emu.ram import PAGE_SIZE
from loader.address import Rva
from loader.stubs import Gate
from provider.kernel.kernel import Kernel
from provider.kernel.mm import AccessViolation, Protection
from provider.nt import startup, syscalls_table
from provider.nt.cm.seed import NT_VERSION
from provider.nt.ex.nls_calls import file_name
from provider.nt.mm.images import map_image
from provider.nt.provider import NtProvider
from provider.nt.service_calls import bind_library
from provider.nt.status import NTSTATUS, NtError
from provider.nt.unix.debug_output import MOST_TEXT_BYTES
from provider.nt.userland import (
    GATE_VA,
    MESSAGE_BOX,
    MESSAGE_BOX_VA,
    UNIX_CALL,
    UNIX_GATE_VA,
    recognise,
)
from provider.nt.version import DEFAULT_VERSION
from tests.guests import PROGRAMS, WINE_DLLS, compile_program, picorun
from tests.provider.nt.foreign import CALLS, Foreign, foreign_ntdll
from tests.provider.nt.synthetic import NTDLL_BASE, NtMachine, ntdll_image, program_image

if TYPE_CHECKING:
    from loader.image import Image

SHARED, PEB_OF_WINE = 0x7FFE0000, 0x7FFDE000
GATES = [
    pytest.param(Gate.INT_2E, 0, id="INT_2E"),
    pytest.param(Gate.SHARED, 0, id="SHARED"),
    pytest.param(Gate.SYSENTER, 0, id="SYSENTER"),
    pytest.param(Gate.POINTER, 0, id="POINTER"),
    pytest.param(Gate.POINTER, 8, id="Wine 8"),
    pytest.param(Gate.POINTER, 10, id="Wine 10"),
]


def boot(ntdll: Foreign, code: str) -> NtMachine:
    syscalls_table()
    provider = NtProvider(Kernel(ram_bytes=32 << 20))
    process = startup.create_process(provider, program_image(code), ntdll.image, b"", "program.exe")
    parameters = startup.Parameters("C:\\a.exe", "a", "C:\\", {}, "", (0, 0, 0))
    startup.set_parameters(process, parameters)
    thread = startup.create_initial_thread(provider, process)
    return NtMachine(provider.kernel, provider, process, thread)


def wine(code: str = "nop", version: int = 8) -> tuple[NtMachine, Foreign]:
    ntdll = foreign_ntdll(Gate.POINTER, wine=version)
    return boot(ntdll, code), ntdll


def unix_call(machine: NtMachine, number: int, *arguments: int) -> int:
    """Make a call by its number, the arguments at the bottom of the stack; returns its result."""
    registers = machine.thread.registers
    machine.kernel.scheduler.running = machine.thread
    bottom = machine.read(machine.context_teb() + 8)
    machine.write(bottom, *arguments)
    registers.eax, registers.edx = number, bottom
    machine.provider.dispatch_system_call(machine.thread, 0x2E)
    return registers.eax


@pytest.mark.parametrize("handle", [0, 1, NTDLL_BASE, 0xFFFFFFFF])
@pytest.mark.parametrize("pointer", [0, 1, 0x80000000, 0xFFFFFFFF])
def test_unix_calls_of_nobody_fail(handle: int, pointer: int) -> None:
    machine, _ = wine()
    for code in (1, 3, 0xFFFFFFFF):
        assert unix_call(machine, UNIX_CALL, handle, 0, code, pointer) == NTSTATUS.NOT_SUPPORTED


@pytest.mark.parametrize("version", [8, 10])
def test_no_library_of_the_host_is_loaded(version: int) -> None:
    machine, _ = wine(version=version)
    status = unix_call(machine, UNIX_CALL, NTDLL_BASE, 0, 0, 0)
    assert status == NTSTATUS.INVALID_IMAGE_NOT_MZ


@pytest.mark.parametrize(("version", "number"), [(8, 2), (10, 7)])
def test_ntdll_asks_for_the_exact_time(version: int, number: int) -> None:
    machine, _ = wine(version=version)
    place = machine.allocate()
    assert unix_call(machine, UNIX_CALL, NTDLL_BASE, 0, number, place) == 0
    assert machine.read(place, 8) == machine.kernel.clock.system_time()
    assert unix_call(machine, UNIX_CALL, NTDLL_BASE, 0, number, 0) == NTSTATUS.ACCESS_VIOLATION


def test_a_debug_line_of_wine_10() -> None:
    machine, ntdll = wine(version=10)
    assert machine.read(ntdll.addresses["__wine_unixlib_handle"], 8) == NTDLL_BASE
    line, place = b"wine: could not load kernel32.dll", machine.allocate()
    machine.process.space.write(place + 8, line)
    machine.write(place, place + 8, len(line))
    assert unix_call(machine, UNIX_CALL, NTDLL_BASE, 0, 2, place) == len(line)
    assert machine.provider.load_failure == line.decode()
    machine.write(place, 0x10, 4)
    assert unix_call(machine, UNIX_CALL, NTDLL_BASE, 0, 2, place) == NTSTATUS.ACCESS_VIOLATION
    assert unix_call(machine, UNIX_CALL, NTDLL_BASE, 0, 2, 0) == NTSTATUS.ACCESS_VIOLATION


def test_what_a_teb_has_for_wine() -> None:
    machine, _ = wine(version=10)
    teb = machine.context_teb()
    assert machine.read(teb + 0xC0) == GATE_VA
    stack = machine.read(teb + 0x1A8)
    assert [machine.read(stack + 4), machine.read(stack + 8)] == [stack + 4] * 2
    early, _ = wine()
    assert early.read(early.context_teb() + 0xC0) == 0


def test_the_registry_and_the_environment_of_wine() -> None:
    early, late = (recognise(foreign_ntdll(Gate.POINTER, wine=each).image) for each in (8, 10))
    assert early.registry[NT_VERSION] == {"CurrentVersion": "10.0"}
    assert NT_VERSION not in late.registry
    assert early.user_name_variable == late.user_name_variable == "WINEUSERNAME"


def test_a_library_whose_unix_side_has_fewer_functions() -> None:
    machine, _ = wine()
    map_image(machine.provider, machine.process, ntdll_image(), "crypt32.dll")
    base = next(m.base for m in machine.context.modules if m.name == "crypt32.dll")
    assert unix_call(machine, UNIX_CALL, base, 0, 0, 0) == NTSTATUS.SUCCESS
    assert unix_call(machine, UNIX_CALL, base, 0, 6, 0) == NTSTATUS.NO_MORE_ENTRIES
    for absent in (2, 7, 0x7FFFFFFF):
        assert unix_call(machine, UNIX_CALL, base, 0, absent, 0) == NTSTATUS.NOT_SUPPORTED


def test_win32u_gets_the_dispatcher() -> None:
    machine, _ = wine()
    library = foreign_ntdll(Gate.POINTER)
    map_image(machine.provider, machine.process, library.image, "win32u.dll")
    base = next(m.base for m in machine.context.modules if m.name == "win32u.dll")
    place = machine.allocate()
    assert unix_call(machine, UNIX_CALL, base, 0, 0, place) == 0
    assert machine.read(place) == GATE_VA
    for bad in (0, 1, 0x80000000):
        assert unix_call(machine, UNIX_CALL, base, 0, 0, bad) == NTSTATUS.ACCESS_VIOLATION


def test_the_numbers_of_win32u_never_replace_those_of_ntdll() -> None:
    machine, _ = wine()
    bind_library(machine.process, foreign_ntdll(Gate.POINTER).image, NTDLL_BASE, "other.dll")
    bind_library(machine.process, foreign_ntdll(Gate.POINTER).image, NTDLL_BASE, "win32u.dll")
    for name, (number, _) in CALLS.items():
        bound = machine.context.calls[number]
        assert bound is not None
        assert bound.call is syscalls_table().get(name)


def test_a_call_of_win32u_that_is_missing_returns_nothing() -> None:
    machine, _ = wine()
    machine.context.calls = defaultdict(lambda: None)
    bind_library(machine.process, foreign_ntdll(Gate.POINTER).image, NTDLL_BASE, "win32u.dll")
    assert unix_call(machine, CALLS["NtClose"][0], 0) == 0
    assert machine.provider.unknown_calls["NtClose"] == 1


def test_a_routine_that_only_a_desktop_could_serve_jumps_to_the_gate() -> None:
    machine, ntdll = wine()
    start = NTDLL_BASE + 0x1FFE
    library = library_with_message_box(ntdll, start)
    before = machine.process.space.read(start, 5)
    for other in ("gdi32.dll", "user32.dll.mui"):
        bind_library(machine.process, library, NTDLL_BASE, other)
    assert machine.process.space.read(start, 5) == before
    bind_library(machine.process, library, NTDLL_BASE, "user32.dll")
    code = machine.process.space.read(start, 5)
    assert code[0] == 0xE9
    assert start + 5 + int.from_bytes(code[1:], "little") & 0xFFFFFFFF == MESSAGE_BOX_VA
    bind_library(machine.process, library, 0x10000, "user32.dll")  # where nothing is mapped


def library_with_message_box(ntdll: Foreign, start: int) -> Image:
    """An image whose routine is at an address before the end of a page."""
    close = ntdll.image.exports_by_name["NtClose"]
    export = close._replace(name="MessageBoxIndirectW", rva=Rva(start - NTDLL_BASE))
    return cast("Image", SimpleNamespace(exports_by_name={export.name: export}))


@pytest.mark.parametrize("style", [7, 0xF])
def test_a_message_box_of_an_unknown_type(style: int) -> None:
    machine, _ = wine()
    place = machine.allocate()
    machine.write(place, 40, 0, 0, 0, 0, style)
    assert unix_call(machine, MESSAGE_BOX, place) == 0


@pytest.mark.parametrize("place", [0, 1, 0x80000000, 0xFFFFFFFC])
def test_a_message_box_from_nowhere(place: int) -> None:
    machine, _ = wine()
    assert unix_call(machine, MESSAGE_BOX, place) == NTSTATUS.ACCESS_VIOLATION
    block = machine.allocate()
    machine.write(block, 40, 0, 0, 0x10000, place, 0)
    if place > 0xFFFF:
        assert unix_call(machine, MESSAGE_BOX, block) == NTSTATUS.ACCESS_VIOLATION


@pytest.mark.parametrize(
    ("style", "button"),
    [
        *((0, 1), (1, 1), (0x101, 2), (0x301, 1), (2, 3), (0x202, 5), (3, 6), (0x203, 2)),
        *((4, 6), (0x104, 7), (5, 2), (0x105, 2), (6, 2), (0x106, 10), (0x206, 11)),
    ],
)
def test_the_default_button_of_a_message_box(style: int, button: int) -> None:
    machine, _ = wine()
    told: list[str] = []
    machine.provider.executive.on_hard_error = told.append
    place = machine.allocate()
    machine.write(place, 40, 0, 0, place + 0x40, 7, style)
    machine.process.space.write(place + 0x40, "two\r\nli\x1bnes\0".encode("utf-16-le"))
    assert unix_call(machine, MESSAGE_BOX, place) == button
    assert told == ['message box "(string 7 of a DLL)": two\n  li?nes']


@pytest.mark.parametrize(("kind", "number"), [(8, 0), (13, 0), (0xFFFFFFFF, 0)])
def test_no_such_kind_of_table(kind: int, number: int) -> None:
    with pytest.raises(NtError) as caught:
        file_name(kind, number)
    assert caught.value.status == NTSTATUS.INVALID_PARAMETER_1


@pytest.mark.parametrize(
    ("kind", "number", "name"),
    [
        (9, 0, "sortdefault.nls"),
        (10, 0, "l_intl.nls"),
        (11, 37, "c_037.nls"),
        (11, 1252, "c_1252.nls"),
        (11, 20127, "c_20127.nls"),
        (12, 1, "normnfc.nls"),
        (12, 13, "normidna.nls"),
    ],
)
def test_the_files_of_tables(kind: int, number: int, name: str) -> None:
    assert file_name(kind, number) == name


@pytest.mark.parametrize(("kind", "number"), [(11, 0x10000), (11, 0xFFFFFFFF), (12, 0), (12, 3)])
def test_no_such_table(kind: int, number: int) -> None:
    with pytest.raises(NtError) as caught:
        file_name(kind, number)
    assert caught.value.status == NTSTATUS.OBJECT_NAME_NOT_FOUND


@pytest.mark.parametrize(("gate", "version"), GATES)
def test_a_program_starts_and_ends_through_the_gate(gate: Gate, version: int) -> None:
    ntdll = foreign_ntdll(gate, wine=version)
    close, end = ntdll.addresses["NtClose"], ntdll.addresses["NtTerminateProcess"]
    code = f"push 0x1230; call {close}; and eax,0xff; push eax; push -1; call {end}"
    machine = boot(ntdll, code)
    assert machine.run() == NTSTATUS.INVALID_HANDLE & 0xFF


def test_the_gate_is_code_that_nobody_writes() -> None:
    machine, _ = wine()
    space = machine.process.space
    assert space.read(GATE_VA, 1) == b"\x8d"
    with pytest.raises(AccessViolation):
        space.write(GATE_VA, b"\xcc")
    builtin = recognise(ntdll_image())
    assert not builtin.needs_gate


def test_what_the_kernel_puts_into_wines_ntdll() -> None:
    machine, ntdll = wine()
    assert machine.read(ntdll.addresses["__wine_syscall_dispatcher"]) == GATE_VA
    assert machine.read(ntdll.addresses["__wine_unix_call_dispatcher"]) == UNIX_GATE_VA


def test_pages_after_peb_and_teb() -> None:
    machine, _ = wine()
    space, teb = machine.process.space, machine.context_teb()
    assert machine.context.peb_va == PEB_OF_WINE
    assert teb == PEB_OF_WINE - 2 * PAGE_SIZE
    for va in (PEB_OF_WINE, teb):
        assert space.read(va + PAGE_SIZE, PAGE_SIZE) == bytes(PAGE_SIZE)
        space.write(va + PAGE_SIZE, b"x")


def test_the_stack_is_there_in_any_order_above_its_guard() -> None:
    machine, _ = wine()
    teb, space = machine.context_teb(), machine.process.space
    top, limit, lowest = (machine.read(teb + offset) for offset in (4, 8, 0xE0C))
    assert top - lowest >= 1 << 20
    assert limit == lowest + 0x9000
    guard = space.query(limit - PAGE_SIZE)
    assert guard.size == PAGE_SIZE
    assert guard.protection & Protection.GUARD
    assert not space.query(lowest).committed
    for va in range(limit, top, PAGE_SIZE):
        space.write(va, b"\0")
    assert machine.read(teb + 8) == limit


@pytest.mark.parametrize("words", [(0, 8), (0x10, 0xFFFFFFFF), (0x80000000, 4), (0x10, 0x10001)])
def test_a_bad_debug_line(words: tuple[int, int]) -> None:
    from provider.nt.unix.debug_output import write_line as write

    machine, _ = wine()
    with pytest.raises((NtError, AccessViolation)):
        write(machine.thread, *words)
    assert MOST_TEXT_BYTES < 0x10001


def test_the_loaders_complaint_says_which_dll_is_missing() -> None:
    from provider.nt.unix.debug_output import write_line as write

    machine, _ = wine()
    place = machine.allocate()
    for line in (
        b'0024:err:module:import_dll Library x.dll (which is needed by L"C:\\\\a.exe") not found\n',
        b'0024:err:module:LdrInitializeThunk Importing dlls for L"C:\\\\a.exe" failed\n',
    ):
        machine.process.space.write(place, line)
        assert write(machine.thread, place, len(line)) == len(line)
    assert machine.provider.load_failure == "x.dll is missing (needed by C:\\\\a.exe)"


@pytest.mark.parametrize(
    ("os_version", "build"), [((6, 1), 7601), ((5, 1), 2600), ((10, 0), 19045), ((0, 0), 19045)]
)
def test_the_version_that_a_userland_reports(os_version: tuple[int, int], build: int) -> None:
    image = foreign_ntdll(Gate.SHARED).image._replace(os_version=os_version)
    assert recognise(image).version.build == build
    ours = foreign_ntdll(Gate.INT_2E).image._replace(os_version=os_version)
    assert recognise(ours).version == DEFAULT_VERSION


def test_the_shared_data_of_windows_7() -> None:
    ntdll = foreign_ntdll(Gate.SHARED)
    image = ntdll.image._replace(os_version=(6, 1))
    machine = boot(ntdll._replace(image=image), "nop")
    words = struct.unpack("<2I", machine.process.space.read(SHARED + 0x26C, 8))
    assert (words, machine.read(SHARED + 0x300)) == ((6, 1), GATE_VA)


@pytest.mark.slow
@pytest.mark.skipif(not WINE_DLLS.is_dir(), reason=f"there is no Wine 8.0 in {WINE_DLLS}")
@pytest.mark.parametrize("name", ["hello"])
def test_a_program_on_wines_dlls(name: str, tmp_path: Path) -> None:
    image = compile_program(PROGRAMS / f"{name}.c")
    traces = [tmp_path / "1", tmp_path / "2"]
    runs = [
        picorun("--userland", WINE_DLLS, f"--trace={trace}", image, "one", cwd=tmp_path)
        for trace in traces
    ]
    own = picorun(image, "one", cwd=tmp_path)
    assert runs[0] == runs[1] == own
    assert traces[0].read_bytes() == traces[1].read_bytes()
