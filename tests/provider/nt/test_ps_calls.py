"""NtQueryInformationProcess, NtSetInformationProcess, NtTerminateProcess.

Classes and sizes are those of winternl.h, ntddk.h and the Win32 functions over them.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest

from provider.kernel.io.mount import Mount
from provider.kernel.ob.object import KernelObject
from provider.nt import startup, syscalls_table
from provider.nt.status import NTSTATUS, status_name
from provider.nt.user_thread import create_thread
from tests.provider.nt.synthetic import CODE_VA, NTDLL_BASE, NtMachine, ntdll_image, start
from tests.provider.nt.synthetic import program_image as image

if TYPE_CHECKING:
    from pathlib import Path

SELF = -1
TERMINATE, SET, QUERY, QUERY_LIMITED = 0x1, 0x200, 0x400, 0x1000
SIZES = {
    0: 24, 2: 48, 3: 44, 4: 32, 7: 4, 12: 4, 18: 2, 20: 4, 21: 4, 22: 4, 23: 36, 24: 4, 26: 4,
    29: 4, 31: 4, 34: 4, 36: 4,
}  # fmt: skip


@pytest.fixture
def machine() -> NtMachine:
    return start("nop")


def status(machine: NtMachine, name: str, *arguments: int) -> str:
    return status_name(machine.call(name, *arguments)).removeprefix("STATUS_")


def query(machine: NtMachine, number: int, size: int, handle: int = SELF) -> bytes:
    """The answer to NtQueryInformationProcess, which must succeed."""
    va = machine.allocate()
    name = "NtQueryInformationProcess"
    assert status(machine, name, handle, number, va, size, va + 0x800) == "SUCCESS"
    length = machine.read(va + 0x800)
    return machine.process.space.read(va, length)


def put(machine: NtMachine, number: int, data: bytes) -> str:
    """NtSetInformationProcess."""
    va = machine.allocate()
    machine.process.space.write(va, data)
    return status(machine, "NtSetInformationProcess", SELF, number, va, len(data))


@pytest.mark.parametrize("number", [-1, 1000, 0x7FFFFFFF])
def test_classes_that_do_not_exist(machine: NtMachine, number: int) -> None:
    va = machine.allocate()
    for name in ("NtQueryInformationProcess", "NtSetInformationProcess"):
        arguments = (SELF, number, va, 4, 0)[: 5 if name == "NtQueryInformationProcess" else 4]
        assert status(machine, name, *arguments) == "INVALID_INFO_CLASS"


@pytest.mark.parametrize("number", SIZES)
def test_a_length_that_is_not_the_answers(machine: NtMachine, number: int) -> None:
    va, name = machine.allocate(), "NtQueryInformationProcess"
    for size in (0, SIZES[number] - 1, SIZES[number] + 1):
        for handle in (SELF, 0):  # which is looked at later
            arguments = (handle, number, va, size, 0)
            assert status(machine, name, *arguments) == "INFO_LENGTH_MISMATCH", size
    for size in (0x100000, 0xFFFFFFFF):
        assert status(machine, name, SELF, number, va, size, 0) == "ACCESS_VIOLATION"
    assert len(query(machine, number, SIZES[number])) == SIZES[number]


@pytest.mark.parametrize("va", [0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, NTDLL_BASE])
def test_bad_buffers(machine: NtMachine, va: int) -> None:
    good, name = machine.allocate(), "NtQueryInformationProcess"
    for number, size in SIZES.items():
        is_odd = va % 4 and number != 18  # a structure of bytes
        expected = "DATATYPE_MISALIGNMENT" if is_odd else "ACCESS_VIOLATION"
        assert status(machine, name, SELF, number, va, size, 0) == expected
    if va:
        assert status(machine, name, SELF, 0, good, 24, va) == "ACCESS_VIOLATION"
    if va != NTDLL_BASE:
        name = "NtSetInformationProcess"
        expected = "DATATYPE_MISALIGNMENT" if va % 4 else "ACCESS_VIOLATION"
        assert status(machine, name, SELF, 34, va, 4) == expected


def test_handles(machine: NtMachine) -> None:
    va, insert = machine.allocate(), machine.process.handles.insert
    other = startup.create_process(machine.provider, image("nop"), ntdll_image(), b"", "b.exe")
    for handle, expected in (
        (0, "INVALID_HANDLE"),
        (0x1234, "INVALID_HANDLE"),
        (-2, "OBJECT_TYPE_MISMATCH"),
        (insert(KernelObject(), 0x1FFFFF), "OBJECT_TYPE_MISMATCH"),
        (insert(other, QUERY), "ACCESS_DENIED"),
    ):
        name = "NtSetInformationProcess"
        assert status(machine, name, handle, 34, va, 4) == expected
        if handle:
            assert status(machine, "NtTerminateProcess", handle, 0) == expected
        if handle and expected != "ACCESS_DENIED":
            name = "NtQueryInformationProcess"
            assert status(machine, name, handle, 0, va, 24, 0) == expected
    denied = insert(other, TERMINATE | SET)
    name = "NtQueryInformationProcess"
    assert status(machine, name, denied, 0, va, 24, 0) == "ACCESS_DENIED"


@pytest.mark.parametrize("access", [QUERY, QUERY_LIMITED])
def test_either_query_right_will_do(machine: NtMachine, access: int) -> None:
    """PROCESS_QUERY_INFORMATION implies the limited right (Process Security, Win32 API)."""
    handle = machine.process.handles.insert(machine.process, access)
    query(machine, 0, 24, handle)


def test_basic_information(machine: NtMachine) -> None:
    process = machine.process
    expected = (0x103, 0x7FFDF000, 1, 8, process.id, process.parent_id)
    assert struct.unpack("<6I", query(machine, 0, 24)) == expected


def test_basic_information_about_a_process_that_has_ended(machine: NtMachine) -> None:
    other = startup.create_process(machine.provider, image("nop"), ntdll_image(), b"", "b.exe")
    handle = machine.process.handles.insert(other, QUERY)
    machine.provider.routines.terminate_process(other, 0xC0000005)
    assert struct.unpack("<I", query(machine, 0, 24, handle)[:4]) == (0xC0000005,)
    for number, size in SIZES.items():
        if number != 36:  # one's own only
            query(machine, number, size, handle)
    arguments = (handle, 37, machine.allocate(), 48, 0)
    assert status(machine, "NtQueryInformationProcess", *arguments) == "PROCESS_IS_TERMINATING"


def test_every_class_can_be_asked_of_a_minimal_process(machine: NtMachine) -> None:
    handle = machine.process.handles.insert(machine.kernel.system_process, QUERY)
    va = machine.allocate()
    for number in range(110):
        arguments = (handle, number, va, SIZES.get(number, 0x100), 0)
        assert status(machine, "NtQueryInformationProcess", *arguments)


def test_memory_counters_follow_the_process(machine: NtMachine) -> None:
    before = struct.unpack("<11I", query(machine, 3, 44))
    va = machine.allocate(size=0x100000)
    machine.process.space.write(va, bytes(0x100000))
    after = struct.unpack("<11I", query(machine, 3, 44))
    assert after[1] - before[1] >= 0x100000
    assert after[4] - before[4] >= 0x100000
    assert after[9] - before[9] >= 0x100000
    assert after[0] >= after[1]
    assert after[3] >= after[4]


@pytest.mark.parametrize("number", [27, 43])
def test_the_image_name(machine: NtMachine, number: int) -> None:
    va, cell = machine.allocate(), machine.allocate()
    name = "NtQueryInformationProcess"
    assert status(machine, name, SELF, number, va, 8, cell) == "INFO_LENGTH_MISMATCH"
    length = machine.read(cell)
    assert status(machine, name, SELF, number, va, length, cell) == "SUCCESS"
    size, room, buffer = struct.unpack("<HHI", machine.process.space.read(va, 8))
    assert (buffer, room, length) == (va + 8, size + 2, size + 10)
    text = machine.process.space.read(buffer, size).decode("utf-16-le")
    assert text.endswith("\\work\\program.exe")
    assert text[:2] == "C:" if number == 43 else text.startswith("\\")


def test_drives_are_those_that_are_mounted(machine: NtMachine, tmp_path: Path) -> None:
    assert query(machine, 23, 36) == bytes(36)
    machine.kernel.io.mount(Mount("C:\\work", tmp_path))
    answer = query(machine, 23, 36)
    assert answer[:4] == b"\4\0\0\0"
    assert answer[4:] == b"\0\0\3" + bytes(29)
    name = query(machine, 27, 0x200)
    assert "\\Device\\HarddiskVolume1\\work\\program.exe" in name[8:].decode("utf-16-le")


def test_the_cookie_is_steady_and_not_zero(machine: NtMachine) -> None:
    assert query(machine, 36, 4) == query(machine, 36, 4) != bytes(4)


def test_there_is_no_debugger(machine: NtMachine) -> None:
    va = machine.allocate()
    arguments = (SELF, 30, va, 4, 0)
    assert status(machine, "NtQueryInformationProcess", *arguments) == "PORT_NOT_SET"
    assert query(machine, 7, 4) == bytes(4)
    assert query(machine, 31, 4) == b"\1\0\0\0"


@pytest.mark.parametrize(
    ("number", "data", "expected"),
    [
        (18, b"\0", "INFO_LENGTH_MISMATCH"),
        (18, b"\0\0\0", "INFO_LENGTH_MISMATCH"),
        (18, b"\0\x07", "INVALID_PARAMETER"),
        (18, b"\0\xff", "INVALID_PARAMETER"),
        (21, bytes(4), "INVALID_PARAMETER"),
        (21, b"\2\0\0\0", "INVALID_PARAMETER"),
        (21, b"\xff\xff\xff\xff", "INVALID_PARAMETER"),
        (21, b"\1\0\0\0", "SUCCESS"),
        (12, b"\1", "INFO_LENGTH_MISMATCH"),
        (34, b"", "INFO_LENGTH_MISMATCH"),
    ],
)
def test_values_that_are_refused(
    machine: NtMachine, number: int, data: bytes, expected: str
) -> None:
    assert put(machine, number, data) == expected


@pytest.mark.parametrize(
    ("number", "data"),
    [(12, b"\3\0\0\0"), (12, bytes(4)), (18, b"\0\3"), (18, b"\0\6"), (22, b"\1\0\0\0")],
)
def test_what_is_set_is_told(machine: NtMachine, number: int, data: bytes) -> None:
    assert put(machine, number, data) == "SUCCESS"
    assert query(machine, number, len(data)) == data


def test_execution_of_data_can_be_allowed() -> None:
    code = f"mov eax,{CODE_VA + 0x1000}; mov byte ptr [eax],0xc3; call eax; hlt"
    refused, allowed = start(code), start(code)
    assert put(allowed, 34, b"\2\0\0\0") == "SUCCESS"
    assert query(allowed, 34, 4) == b"\2\0\0\0"
    for machine in (refused, allowed):
        machine.thread.registers.eip = CODE_VA
        machine.run()
    assert refused.caught[0].record.ExceptionCode == NTSTATUS.ACCESS_VIOLATION
    assert allowed.caught[0].record.ExceptionCode == NTSTATUS.PRIVILEGED_INSTRUCTION


def test_termination_of_all_other_threads(machine: NtMachine) -> None:
    threads = [
        create_thread(machine.provider, machine.process, CODE_VA, 0, reserve=0x10000, commit=0x1000)
        for _ in range(3)
    ]
    assert status(machine, "NtTerminateProcess", 0, 5) == "SUCCESS"
    assert all(thread.exit_status == 5 for thread in threads)
    assert machine.process.threads == [machine.thread]
    assert machine.process.exit_status is None


@pytest.mark.parametrize("exit_status", [0, 1, 0x7FFFFFFF, 0xC0000005, 0xFFFFFFFF])
def test_a_process_ends_with_the_status_it_is_given(exit_status: int) -> None:
    number = sorted(call.name for call in syscalls_table().implemented()).index(
        "NtTerminateProcess"
    )
    machine = start(f"push {exit_status}; push -1; mov edx,esp; mov eax,{number}; int 0x2e; ud2")
    assert machine.run() == exit_status
    assert not machine.caught


def test_a_process_is_terminated_once(machine: NtMachine) -> None:
    other = startup.create_process(machine.provider, image("nop"), ntdll_image(), b"", "b.exe")
    handle = machine.process.handles.insert(other, TERMINATE)
    assert status(machine, "NtTerminateProcess", handle, 3) == "SUCCESS"
    assert status(machine, "NtTerminateProcess", handle, 4) == "PROCESS_IS_TERMINATING"
    assert machine.provider.exit_statuses[other.id] == 3


def test_the_kernels_own_process_is_not_the_guests_to_end(machine: NtMachine) -> None:
    system = machine.kernel.system_process
    handle = machine.process.handles.insert(system, 0x1FFFFF)
    assert status(machine, "NtTerminateProcess", handle, 3) == "ACCESS_DENIED"
    assert system.id in machine.kernel.processes


@pytest.mark.parametrize(
    ("number", "size", "expected"),
    [
        (20, 8, None),
        (28, 4, b"\1\0\0\0"),
        (33, 4, b"\2\0\0\0"),
        (39, 4, b"\5\0\0\0"),
        (45, 4, bytes(4)),
        (49, 4, bytes(4)),
        (61, 1, b"\0"),
        (38, 16, None),
    ],
)
def test_classes_of_later_systems(
    machine: NtMachine, number: int, size: int, expected: bytes | None
) -> None:
    answer = query(machine, number, size)
    assert expected is None or answer == expected


def test_extended_basic_information(machine: NtMachine) -> None:
    va, name = machine.allocate(), "NtQueryInformationProcess"
    machine.write(va, 24)
    assert status(machine, name, SELF, 0, va, 32, 0) == "INFO_LENGTH_MISMATCH"
    machine.write(va, 32)
    assert status(machine, name, SELF, 0, va, 32, 0) == "SUCCESS"
    assert machine.process.space.read(va + 4, 24) == query(machine, 0, 24)


def test_handles_one_by_one(machine: NtMachine) -> None:
    handles = machine.process.handles
    protected = handles.insert(machine.process, QUERY, inherit=True, protect=True)
    data = query(machine, 51, 0x800)
    count, reserved = struct.unpack_from("<2I", data)
    rows = [struct.unpack_from("<7I", data, 8 + 28 * index) for index in range(count)]
    assert (count, reserved, len(data)) == (len(handles), 0, 8 + 28 * count)
    row = next(row for row in rows if row[0] == protected)
    assert (row[1], row[3], row[5]) == (machine.process.handle_count, QUERY, 3)
    values = query(machine, 58, 0x800)
    assert [row[0] for row in rows] == list(struct.unpack(f"<{count}I", values))
    va = machine.allocate()
    name = "NtQueryInformationProcess"
    assert status(machine, name, SELF, 51, va, len(data) - 1, va + 0x800) == "INFO_LENGTH_MISMATCH"
    assert machine.read(va + 0x800) == len(data)


def test_the_command_line(machine: NtMachine) -> None:
    data = query(machine, 60, 0x200)
    length, _, _ = struct.unpack_from("<2HI", data)
    assert data[8 : 8 + length].decode("utf-16-le").startswith("program.exe")
    machine.process.space.write(machine.context.peb_va + 0x10, b"\0\0\0\x80")
    va, name = machine.allocate(), "NtQueryInformationProcess"
    assert status(machine, name, SELF, 60, va, 0x200, 0) == "ACCESS_VIOLATION"
    assert status(machine, name, SELF, 50, va, 0x200, 0) == "ACCESS_VIOLATION"
    other = machine.process.handles.insert(machine.kernel.system_process, QUERY)
    assert status(machine, name, other, 60, va, 0x200, 0) == "NOT_SUPPORTED"


def test_mitigation_policies(machine: NtMachine) -> None:
    va, name = machine.allocate(), "NtQueryInformationProcess"
    for policy, expected in ((0, "INVALID_PARAMETER"), (1, "SUCCESS"), (99, "INVALID_PARAMETER")):
        machine.write(va, policy)
        assert status(machine, name, SELF, 52, va, 8, 0) == expected


@pytest.mark.parametrize(
    ("number", "value", "expected"),
    [
        (8, 0, "PRIVILEGE_NOT_HELD"),
        (16, 1, "PRIVILEGE_NOT_HELD"),
        (29, 1, "PRIVILEGE_NOT_HELD"),
        (33, 9, "INVALID_PARAMETER"),
        (33, 3, "PRIVILEGE_NOT_HELD"),
        (33, 1, "SUCCESS"),
        (39, 0, "INVALID_PARAMETER"),
        (39, 6, "INVALID_PARAMETER"),
        (39, 3, "SUCCESS"),
    ],
)
def test_what_is_kept_or_takes_a_privilege(
    machine: NtMachine, number: int, value: int, expected: str
) -> None:
    assert put(machine, number, value.to_bytes(4, "little")) == expected
    if expected == "SUCCESS":
        assert query(machine, number, 4) == value.to_bytes(4, "little")


def test_no_threads_after_the_others_were_ended(machine: NtMachine) -> None:
    assert status(machine, "NtTerminateProcess", 0, 0) == "SUCCESS"
    va = machine.allocate()
    arguments = (va, 0x1FFFFF, 0, SELF, CODE_VA, 0, 0, 0, 0, 0, 0)
    assert status(machine, "NtCreateThreadEx", *arguments) == "PROCESS_IS_TERMINATING"


def test_who_has_ended_is_in_no_list(machine: NtMachine) -> None:
    other = startup.create_process(machine.provider, image("nop"), ntdll_image(), b"", "b.exe")
    machine.process.handles.insert(other, QUERY)

    def listed() -> set[int]:
        va = machine.allocate(size=0x10000)
        assert status(machine, "NtQuerySystemInformation", 5, va, 0x10000, 0) == "SUCCESS"
        found, at = set(), va
        while True:
            found.add(machine.read(at + 0x44))
            if not machine.read(at):
                return found
            at += machine.read(at)

    assert other.id in listed()
    machine.provider.routines.terminate_process(other, 0)
    assert other.id not in listed()
