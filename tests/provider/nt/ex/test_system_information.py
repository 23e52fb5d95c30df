"""What NtQuerySystemInformation tells of handles, modules, processors and firmware."""

from __future__ import annotations

import struct

import pytest

from provider.nt.ex.system_firmware import smbios
from provider.nt.ob.type_table import INDEX
from provider.nt.status import NTSTATUS
from tests.provider.nt.cm.registry_caller import RegistryCaller

HANDLE, FIRMWARE, HANDLE_EX, MODULE, MODULE_EX = 16, 76, 64, 11, 77
EXTENDED_PROCESS, PROCESS = 57, 5
CPU_SETS = 175
RSMB, ACPI = (int.from_bytes(name, "big") for name in (b"RSMB", b"ACPI"))


@pytest.fixture
def calls() -> RegistryCaller:
    return RegistryCaller()


def query(calls: RegistryCaller, number: int) -> bytes:
    words = ("NtQuerySystemInformation", number, calls.buffer)
    assert calls(*words, 1, calls.out) == NTSTATUS.INFO_LENGTH_MISMATCH
    size = calls.result
    assert calls(*words, size, calls.out) == 0
    assert calls.result == size
    return calls.read(size)


@pytest.mark.parametrize(("number", "size"), [(0, 44), (3, 48), (28, 12)])
def test_some_answers_fit_exactly(calls: RegistryCaller, number: int, size: int) -> None:
    words = ("NtQuerySystemInformation", number, calls.buffer)
    assert calls(*words, size, calls.out) == 0
    assert calls(*words, size + 1, calls.out) == NTSTATUS.INFO_LENGTH_MISMATCH
    assert calls.result == size


def test_a_buffer_is_looked_at_first(calls: RegistryCaller) -> None:
    assert calls("NtQuerySystemInformation", HANDLE, 0, 4, calls.out) == NTSTATUS.ACCESS_VIOLATION
    assert calls("NtQuerySystemInformation", HANDLE, 0, 0, calls.out) == (
        NTSTATUS.INFO_LENGTH_MISMATCH
    )


def test_handles_of_all_processes(calls: RegistryCaller) -> None:
    assert calls("NtCreateEvent", calls.out, 0x100003, 0, 0, 0) == 0
    handle = calls.result
    assert calls("NtSetInformationObject", handle, 4, calls.write(b"\1\1"), 2) == 0
    data = query(calls, HANDLE)
    (count,) = struct.unpack_from("<I", data)
    assert len(data) == 4 + 16 * count
    rows = list(struct.iter_unpack("<HHBBHII", data[4:]))
    (row,) = [row for row in rows if row[4] == handle]
    assert (row[0], row[2], row[3], row[6]) == (
        calls.machine.process.id,
        INDEX["Event"],
        3,
        0x100003,
    )
    data = query(calls, HANDLE_EX)
    assert len(data) == 8 + 28 * count
    assert [row[2] for row in struct.iter_unpack("<IIIIHHI4x", data[8:])] == [
        row[4] for row in rows
    ]


def test_modules(calls: RegistryCaller) -> None:
    data = query(calls, MODULE)
    (count,) = struct.unpack_from("<I", data)
    assert len(data) == 4 + 284 * count
    assert data[4 + 28 :].startswith(b"\\SystemRoot\\system32\\ntoskrnl.exe\0")
    data = query(calls, MODULE_EX)
    at = 0
    for _ in range(count):
        at += int.from_bytes(data[at : at + 2], "little")
    assert len(data) == at + 2


def test_threads_with_their_tebs(calls: RegistryCaller) -> None:
    plain, extended = query(calls, PROCESS), query(calls, EXTENDED_PROCESS)
    assert len(extended) >= len(plain) + 32
    teb = calls.machine.context_teb()
    assert teb.to_bytes(4, "little") in extended


@pytest.mark.parametrize(
    ("provider", "action", "table", "status"),
    [
        (0, 0, 0, NTSTATUS.NOT_IMPLEMENTED),
        (RSMB, 2, 0, NTSTATUS.INVALID_PARAMETER),
        (RSMB, 1, 7, NTSTATUS.NOT_FOUND),
        (ACPI, 1, 0, NTSTATUS.NOT_FOUND),
        (ACPI, 0, 0, NTSTATUS.SUCCESS),
    ],
)
def test_firmware_tables_that_are_not_there(
    calls: RegistryCaller, provider: int, action: int, table: int, status: NTSTATUS
) -> None:
    calls.machine.write(calls.buffer, provider, action, table, 0)
    assert calls("NtQuerySystemInformation", FIRMWARE, calls.buffer, 16, calls.out) == status


def test_the_table_of_smbios(calls: RegistryCaller) -> None:
    words = ("NtQuerySystemInformation", FIRMWARE, calls.buffer)
    assert calls(*words, 15, calls.out) == NTSTATUS.INFO_LENGTH_MISMATCH
    assert calls.result == 16
    calls.machine.write(calls.buffer, RSMB, 1, 0, 0)
    assert calls(*words, 16, calls.out) == NTSTATUS.BUFFER_TOO_SMALL
    size = calls.result
    assert calls(*words, size, calls.out) == 0
    assert calls.read(size - 16, 16) == smbios()
    *_, length = struct.unpack("<4BI", calls.read(8, 16))
    assert length == size - 24
    assert calls.read(6, size - 6) == bytes((127, 4, 2, 0, 0, 0)), "the end of the table"


def test_sets_of_processors(calls: RegistryCaller) -> None:
    words = ("NtQuerySystemInformationEx", CPU_SETS, calls.out)
    assert calls(*words, 3, calls.buffer, 32, 0) == NTSTATUS.INVALID_PARAMETER
    calls.machine.write(calls.out, 0xDEADBEEF)
    assert calls(*words, 4, calls.buffer, 32, 0) == NTSTATUS.INVALID_HANDLE
    calls.machine.write(calls.out, 0xFFFFFFFF)
    assert calls(*words, 4, 0, 0, calls.out + 4) == NTSTATUS.BUFFER_TOO_SMALL
    assert calls(*words, 4, calls.buffer, 32, calls.out + 4) == 0
    assert struct.unpack("<3I", calls.read(12)) == (32, 0, 0x100)


def test_names_of_atoms_that_do_not_fit(calls: RegistryCaller) -> None:
    text = calls.write("name".encode("utf-16-le"))
    assert calls("NtAddAtom", text, 8, calls.out) == 0
    atom = calls.result & 0xFFFF
    words = ("NtQueryInformationAtom", atom, 0, calls.buffer)
    assert calls(*words, 7, 0) == NTSTATUS.INFO_LENGTH_MISMATCH
    assert calls(*words, 8, 0) == NTSTATUS.BUFFER_TOO_SMALL
    assert struct.unpack("<3H", calls.read(6)) == (1, 0, 8)
    assert calls(*words, 12, 0) == 0
    assert calls.read(12) == struct.pack("<3H", 1, 0, 4) + "na\0".encode("utf-16-le")
    assert calls("NtQueryInformationAtom", 0, 0, calls.buffer, 20, 0) == NTSTATUS.INVALID_PARAMETER


def test_a_limited_right_comes_with_the_full_one(calls: RegistryCaller) -> None:
    me, thread = 0xFFFFFFFF, 0xFFFFFFFE
    assert calls("NtDuplicateObject", me, me, me, calls.out, 0x400, 0, 0) == 0
    assert calls("NtQueryObject", calls.result, 0, calls.buffer, 56, 0) == 0
    assert calls.machine.read(calls.buffer + 4) == 0x1400
    assert calls("NtDuplicateObject", me, thread, me, calls.out, 0x62, 0, 0) == 0
    assert calls("NtQueryObject", calls.result, 0, calls.buffer, 56, 0) == 0
    assert calls.machine.read(calls.buffer + 4) == 0x1C62
