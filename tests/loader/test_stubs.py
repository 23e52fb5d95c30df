from __future__ import annotations

import struct

import pytest

from loader.image import Directory, Image
from loader.pe import read_pe
from loader.stubs import Gate, discover
from tests.guests import FACTS
from tests.loader.builder import Part, PeFile, export_directory, wine_dll

BASE = 0x40_0000
THUNK_VA = BASE + 0x2000
CELL_RVA = 0x2010
NUMBER = 0x1A5


def mov_eax(number: int) -> bytes:
    return b"\xb8" + struct.pack("<I", number)


def int_2e(number: int, size: int) -> bytes:
    return mov_eax(number) + b"\x8d\x54\x24\x04\xcd\x2e\xc2" + struct.pack("<H", size)


def shared(number: int, size: int) -> bytes:
    return mov_eax(number) + b"\xba\x00\x03\xfe\x7f\xff\x12\xc2" + struct.pack("<H", size)


def shared_by_ecx(number: int, size: int) -> bytes:
    return mov_eax(number) + b"\xb9\x00\x03\xfe\x7f\xff\x11\xc2" + struct.pack("<H", size)


def sysenter(number: int, size: int) -> bytes:
    tail = b"\x8b\xd4\x0f\x34\xc3"
    return mov_eax(number) + b"\xe8\3\0\0\0\xc2" + struct.pack("<H", size) + tail


def pointer(number: int, size: int) -> bytes:
    return (
        mov_eax(number)
        + b"\xba"
        + struct.pack("<I", THUNK_VA)
        + b"\xff\xd2\xc2"
        + (struct.pack("<H", size))
    )


def through_teb(number: int, size: int) -> bytes:
    return mov_eax(number) + b"\x64\xff\x15\xc0\0\0\0\xc2" + struct.pack("<H", size)


def dll(functions: dict[str, bytes], sizes: bytes = b"") -> Image:
    """A DLL with `functions`; at rva 0x2000 the thunk of `pointer`, its cell and a size table."""
    data, place = export_directory(0x1000, list(functions.values()), list(functions))
    thunk = (b"\xff\x25" + struct.pack("<I", BASE + CELL_RVA)).ljust(CELL_RVA - 0x2000, b"\x90")
    cell = bytes(4) + struct.pack("<H", len(sizes)) + sizes
    file = PeFile(
        parts=[Part(data=data), Part(".data", 0x2000, data=thunk + cell)],
        directories={Directory.EXPORT: place},
        characteristics=0x2102,
        size_of_image=0x3000,
    )
    return read_pe(file.build(), "ntdll.dll")


@pytest.mark.parametrize(
    "code",
    [
        b"",
        b"\xb8",
        mov_eax(1),
        mov_eax(1) + b"\xc3",
        int_2e(1, 4)[:-3],
        int_2e(1, 3),
        int_2e(1, 0xFFFC),
        shared(1, 4).replace(b"\x00\x03\xfe\x7f", b"\x00\x03\xfe\x6f"),
        sysenter(1, 4)[:-5],
        mov_eax(1) + b"\xe8\xff\xff\xff\x7f\xc2\x04\x00",
        mov_eax(1) + b"\xe8\x00\x00\x00\x80\xc2\x04\x00",
        through_teb(1, 4).replace(b"\xc0", b"\xc4"),
        pointer(1, 4).replace(struct.pack("<I", THUNK_VA), bytes(4)),
        pointer(1, 4).replace(struct.pack("<I", THUNK_VA), b"\xff\xff\xff\xff"),
        pointer(1, 4).replace(struct.pack("<I", THUNK_VA), struct.pack("<I", THUNK_VA + 1)),
    ],
)
def test_what_only_resembles_a_stub_is_no_system_call(code: bytes) -> None:
    assert discover(dll({"NtClose": code})).by_number == {}


def test_a_thunk_that_jumps_through_a_cell_outside_the_image_is_no_gate() -> None:
    image = dll({"NtClose": pointer(1, 4)})
    data = image.data.replace(b"\xff\x25" + struct.pack("<I", BASE + CELL_RVA), b"\xff\x25" * 3)
    table = discover(read_pe(data, "ntdll.dll"))
    assert (table.gate, table.pointer_rva, table.by_number) == (None, None, {})


def test_a_dll_without_exports_has_no_system_calls() -> None:
    assert discover(read_pe(PeFile().build(), "a.dll")).gate is None


@pytest.mark.parametrize(
    ("stub", "gate"),
    [
        (int_2e, Gate.INT_2E),
        (shared, Gate.SHARED),
        (shared_by_ecx, Gate.SHARED),
        (sysenter, Gate.SYSENTER),
        (pointer, Gate.POINTER),
    ],
)
def test_each_shape_says_number_and_size(stub: object, gate: Gate) -> None:
    assert callable(stub)
    functions = {
        "NtClose": stub(NUMBER, 4),
        "ZwClose": stub(NUMBER, 4),
        "ZwOnly": stub(2, 8),
        "NtNothing": stub(3, 0)[:-3] + b"\xc3\x90\x90" if gate is not Gate.SYSENTER else b"",
        "RtlOther": b"\x8b\xff\x55\xc3",
    }
    table = discover(dll(functions))
    assert table.gate is gate
    assert table.pointer_rva == (CELL_RVA if gate is Gate.POINTER else None)
    entry = table.by_number[NUMBER]
    assert (entry.name, entry.argument_bytes) == ("NtClose", 4)
    assert table.by_number[2].name == "ZwOnly"
    assert "RtlOther" not in table.names()
    assert gate is Gate.SYSENTER or table.by_number[3].argument_bytes == 0


def test_a_stub_of_another_gate_is_left_out() -> None:
    table = discover(dll({"NtA": int_2e(1, 4), "NtB": shared(2, 4)}))
    assert (table.gate, list(table.by_number)) == (Gate.INT_2E, [1])


def test_the_table_behind_wines_pointer_gives_the_size_that_cdecl_hides() -> None:
    functions = {"NtA": pointer(0, 4), "wine_call": pointer(1, 0)}
    table = discover(dll(functions, b"\x04\x0c"))
    assert [entry.argument_bytes for entry in table.by_number.values()] == [4, 12]


@pytest.mark.parametrize("sizes", [b"", b"\x04", b"\x05\x0c"])
def test_bytes_that_contradict_the_stubs_are_not_that_table(sizes: bytes) -> None:
    functions = {"NtA": pointer(0, 4), "wine_call": pointer(1, 0)}
    table = discover(dll(functions, sizes))
    assert [entry.argument_bytes for entry in table.by_number.values()] == [4, 0]


@pytest.mark.parametrize("name", ["ntdll", "win32u"])
def test_wine_8_agrees_with_the_recorded_calls(name: str) -> None:
    facts = FACTS / f"wine8-{name}-syscalls.txt"
    table = discover(read_pe(wine_dll(f"{name}.dll"), name))
    if not facts.exists():
        pytest.skip(f"{facts} is not there")
    rows = [line.split() for line in facts.read_text().splitlines() if not line.startswith("#")]
    assert table.gate is Gate.POINTER
    assert {
        number: (entry.name, entry.argument_bytes) for number, entry in table.by_number.items()
    } == {int(number, 16): (names[0], int(size)) for number, size, *names in rows}


def test_a_stub_through_the_teb_beside_those_through_the_pointer() -> None:
    first, second = through_teb(NUMBER, 8), pointer(NUMBER + 1, 4)
    table = discover(dll({"NtFirst": first, "NtSecond": second}))
    assert table.gate is Gate.POINTER
    assert (table.pointer_rva, table.uses_teb) == (CELL_RVA, True)
    assert table.names() == {"NtFirst": NUMBER, "NtSecond": NUMBER + 1}
    assert not discover(dll({"NtSecond": second})).uses_teb
