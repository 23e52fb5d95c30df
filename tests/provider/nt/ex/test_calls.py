"""The executive's calls, the registry's and the token's, on a machine without guest code."""

from __future__ import annotations

import struct

import pytest

from provider.nt.status import NTSTATUS
from provider.nt.types import encode_utf16
from tests.provider.nt.synthetic import NtMachine, start

MAXIMUM_ALLOWED = 0x2000000
CURRENT = 0xFFFFFFFF


class Calls:
    """A machine with a buffer."""

    def __init__(self) -> None:
        self.machine: NtMachine = start("nop", ram_bytes=16 << 20)
        self.out = self.machine.allocate(size=0x4000)
        self.buffer, self.names = self.out + 0x1000, self.out + 0x3000

    def __call__(self, name: str, *arguments: int) -> NTSTATUS:
        return NTSTATUS(self.machine.call(name, *arguments))

    def read(self, size: int, at: int = 0) -> bytes:
        return self.machine.process.space.read(self.buffer + at, size)

    def string(self, text: str) -> int:
        """The address of a UNICODE_STRING."""
        data = encode_utf16(text)
        header = struct.pack("<2HI", len(data), len(data), self.names + 8)
        self.machine.process.space.write(self.names, header + data)
        return self.names

    def open_key(self, path: str, name: str = "NtOpenKey", *more: int) -> NTSTATUS:
        """The handle is at `out`."""
        attributes = self.names + 0x800
        self.machine.write(attributes, 24, 0, self.string(path), 0x40, 0, 0)
        return self(name, self.out, MAXIMUM_ALLOWED, attributes, *more)

    def key(self, path: str) -> int:
        assert self.open_key(path, "NtCreateKey", 0, 0, 0, 0) == 0
        return self.machine.read(self.out)


@pytest.fixture
def calls() -> Calls:
    return Calls()


@pytest.mark.parametrize(("number", "size"), [(0, 44), (1, 12), (8, 48), (28, 12), (35, 2)])
def test_system_information_has_its_size(calls: Calls, number: int, size: int) -> None:
    query = ("NtQuerySystemInformation", number, calls.buffer)
    assert calls(*query, size - 1, calls.out) == NTSTATUS.INFO_LENGTH_MISMATCH
    assert calls.machine.read(calls.out) == size
    assert calls(*query, size, calls.out) == NTSTATUS.SUCCESS


def test_unknown_system_information(calls: Calls) -> None:
    status = calls("NtQuerySystemInformation", 0x7FFF, calls.buffer, 4, 0)
    assert status == NTSTATUS.INVALID_INFO_CLASS


def test_the_process_list_has_minimal_processes_too(calls: Calls) -> None:
    calls.machine.kernel.create_minimal_process("Registry")
    query = ("NtQuerySystemInformation", 5, calls.buffer)
    assert calls(*query, 0, calls.out) == NTSTATUS.INFO_LENGTH_MISMATCH
    size = calls.machine.read(calls.out)
    assert calls(*query, size, calls.out) == NTSTATUS.SUCCESS
    found, at = [], 0
    while True:
        following, threads = struct.unpack("<2I", calls.read(8, at))
        length, _, text_va = struct.unpack("<2HI", calls.read(8, at + 56))
        (process_id,) = struct.unpack("<I", calls.read(4, at + 68))
        name = calls.machine.process.space.read(text_va, length).decode("utf-16-le")
        found.append((name, process_id, threads))
        if not following:
            break
        at += following
    process = calls.machine.process
    assert ("program.exe", process.id, 1) in found
    assert {name for name, _, threads in found if not threads} == {"System", "Registry"}
    assert [entry[1] for entry in found] == sorted(calls.machine.kernel.processes)


def test_the_time_can_be_set(calls: Calls) -> None:
    space = calls.machine.process.space
    space.write(calls.buffer, struct.pack("<q", 130_000_000_000_000_000))
    assert calls("NtSetSystemTime", calls.buffer, 0) == 0
    assert calls("NtQuerySystemTime", calls.out) == 0
    now = int.from_bytes(space.read(calls.out, 8), "little")
    assert 0 <= now - 130_000_000_000_000_000 < 10_000_000
    space.write(calls.buffer, struct.pack("<q", -1))
    assert calls("NtSetSystemTime", calls.buffer, 0) == NTSTATUS.INVALID_PARAMETER


def raise_hard_error(calls: Calls, status: int, *names: str) -> NTSTATUS:
    at = calls.buffer
    for index, name in enumerate(names):
        data = encode_utf16(name)
        place = at + 0x100 * (index + 1)
        header = struct.pack("<2HI", len(data), len(data), place + 8)
        calls.machine.process.space.write(place, header + data)
        calls.machine.write(at + 4 * index, place)
    mask = (1 << len(names)) - 1
    return calls("NtRaiseHardError", status, len(names), mask, at, 1, calls.out)


@pytest.mark.parametrize(
    ("status", "names"),
    [
        (NTSTATUS.DLL_NOT_FOUND, ("a.dll",)),
        (NTSTATUS.ENTRYPOINT_NOT_FOUND, ("Function", "b.dll")),
        (NTSTATUS.DLL_INIT_FAILED, ("c.dll",)),
        (NTSTATUS.ENTRYPOINT_NOT_FOUND, ("{0.__class__}",)),
    ],
)
def test_failures_of_the_loader_name_what_is_missing(
    calls: Calls, status: int, names: tuple[str, ...]
) -> None:
    assert raise_hard_error(calls, status, *names) == 0
    failure = calls.machine.provider.load_failure
    assert failure is not None
    assert all(name in failure for name in names)


def test_other_hard_errors_are_one_line(calls: Calls) -> None:
    lines: list[str] = []
    calls.machine.provider.executive.on_hard_error = lines.append
    assert raise_hard_error(calls, NTSTATUS.DISK_FULL, "C:\nx\x1b[2J") == 0
    assert lines == ["hard error STATUS_DISK_FULL: C:?x?[2J"]
    assert calls.machine.provider.load_failure is None


def test_an_atom_that_was_added_too_often_to_tell(calls: Calls) -> None:
    table = calls.machine.provider.executive.atoms
    for _ in range(0x10000):
        table.add("name")
    assert calls("NtQueryInformationAtom", 0xC000, 0, calls.buffer, 0x100, 0) == NTSTATUS.SUCCESS
    assert calls.read(2) == b"\xff\xff"


def test_atoms_are_counted_and_compared_without_case(calls: Calls) -> None:
    def atom(call: str, name: str) -> tuple[NTSTATUS, int]:
        data = encode_utf16(name)
        calls.machine.process.space.write(calls.buffer, data)
        status = calls(call, calls.buffer, len(data), calls.out)
        return status, calls.machine.read(calls.out, 2)

    assert atom("NtFindAtom", "Name")[0] == NTSTATUS.OBJECT_NAME_NOT_FOUND
    assert atom("NtAddAtom", "Name") == (0, 0xC000)
    assert atom("NtAddAtom", "nAME") == (0, 0xC000)
    assert atom("NtAddAtom", "#77") == (0, 77)
    assert atom("NtAddAtom", "x" * 256)[0] == NTSTATUS.INVALID_PARAMETER
    assert calls("NtDeleteAtom", 0xC000) == 0
    assert atom("NtFindAtom", "NAME") == (0, 0xC000)
    assert calls("NtDeleteAtom", 0xC000) == 0
    assert calls("NtDeleteAtom", 0xC000) == NTSTATUS.INVALID_HANDLE


def test_values_of_keys(calls: Calls) -> None:
    key = calls.key("\\Registry\\Machine\\Software\\Test")
    space = calls.machine.process.space
    space.write(calls.buffer, b"data")
    assert calls("NtSetValueKey", key, calls.string("Name"), 0, 3, calls.buffer, 4) == 0
    query = ("NtQueryValueKey", key, calls.string("NAME"), 2, calls.buffer)
    assert calls(*query, 11, calls.out) == NTSTATUS.BUFFER_TOO_SMALL
    assert calls(*query, 14, calls.out) == NTSTATUS.BUFFER_OVERFLOW
    assert calls.machine.read(calls.out) == 16
    assert calls(*query, 16, calls.out) == NTSTATUS.SUCCESS
    assert calls.read(16) == struct.pack("<3I", 0, 3, 4) + b"data"
    assert calls("NtDeleteValueKey", key, calls.string("name")) == 0
    assert calls("NtDeleteValueKey", key, calls.string("name")) == NTSTATUS.OBJECT_NAME_NOT_FOUND


def test_keys_with_subkeys_stay_and_deleted_ones_are_gone(calls: Calls) -> None:
    above = calls.key("\\Registry\\Machine\\Software\\Above")
    below = calls.key("\\Registry\\Machine\\Software\\Above\\Below")
    assert calls("NtDeleteKey", above) == NTSTATUS.CANNOT_DELETE
    assert calls("NtEnumerateKey", above, 0, 0, calls.buffer, 100, calls.out) == 0
    assert calls.read(10, 16) == encode_utf16("Below")
    assert calls("NtDeleteKey", below) == 0
    assert calls("NtDeleteKey", below) == 0
    assert calls("NtQueryKey", below, 0, calls.buffer, 100, calls.out) == NTSTATUS.KEY_DELETED
    assert calls("NtEnumerateKey", above, 0, 0, calls.buffer, 100, calls.out) == (
        NTSTATUS.NO_MORE_ENTRIES
    )
    assert calls("NtDeleteKey", above) == 0


@pytest.mark.parametrize("path", ["\\Registry\\New", "\\Registry\\Machine\\a\\b"])
def test_keys_are_not_made_out_of_nothing(calls: Calls, path: str) -> None:
    status = calls.open_key(path, "NtCreateKey", 0, 0, 0, 0)
    assert status in (NTSTATUS.OBJECT_NAME_NOT_FOUND, NTSTATUS.INVALID_PARAMETER)


def test_the_registry_is_bounded(calls: Calls) -> None:
    key = calls.key("\\Registry\\Machine\\Software\\Full")
    huge = calls.machine.allocate(size=1 << 20)
    statuses = []
    for number in range(70):
        name = calls.string(str(number))
        statuses.append(calls("NtSetValueKey", key, name, 0, 3, huge, 1 << 20))
    assert statuses[-1] == NTSTATUS.INSUFFICIENT_RESOURCES
    name = calls.string("0")
    assert calls("NtSetValueKey", key, name, 0, 3, huge, (16 << 20) + 1) == (
        NTSTATUS.INSUFFICIENT_RESOURCES
    )


def test_tokens_tell_the_user_with_pointers_into_the_answer(calls: Calls) -> None:
    assert calls("NtOpenProcessToken", CURRENT, 8, calls.out) == 0
    token = calls.machine.read(calls.out)
    query = ("NtQueryInformationToken", token, 1, calls.buffer)
    assert calls(*query, 0, calls.out) == NTSTATUS.BUFFER_TOO_SMALL
    size = calls.machine.read(calls.out)
    assert calls(*query, size, calls.out) == 0
    sid_va, attributes = struct.unpack("<2I", calls.read(8))
    assert (sid_va, attributes) == (calls.buffer + 8, 0)
    assert calls.read(2, 8) == bytes((1, 5))
    assert size == 8 + 8 + 4 * 5
    assert calls("NtOpenThreadToken", 0xFFFFFFFE, 8, 1, calls.out) == NTSTATUS.NO_TOKEN


def test_a_privilege_that_is_not_held_is_told(calls: Calls) -> None:
    assert calls("NtOpenProcessToken", CURRENT, 0x28, calls.out) == 0
    token = calls.machine.read(calls.out)
    adjust = ("NtAdjustPrivilegesToken", token, 0, calls.buffer, 0, 0, 0)
    calls.machine.write(calls.buffer, 1, 20, 0, 2)  # SeDebugPrivilege
    assert calls(*adjust) == NTSTATUS.NOT_ALL_ASSIGNED
    calls.machine.write(calls.buffer, 1, 19, 0, 2)  # SeShutdownPrivilege
    assert calls(*adjust) == NTSTATUS.SUCCESS
    calls.machine.write(calls.buffer, 0xFFFFFFFF)
    assert calls(*adjust) == NTSTATUS.INVALID_PARAMETER


@pytest.mark.parametrize("number", [1, 2, 4, 5, 25, 28])
def test_a_tokens_answer_for_the_end_of_the_address_space(calls: Calls, number: int) -> None:
    assert calls("NtOpenProcessToken", CURRENT, MAXIMUM_ALLOWED, calls.out) == NTSTATUS.SUCCESS
    query = ("NtQueryInformationToken", calls.machine.read(calls.out), number, 0xFFFFFFFC)
    assert calls(*query, 0x1000, calls.out) == NTSTATUS.ACCESS_VIOLATION
