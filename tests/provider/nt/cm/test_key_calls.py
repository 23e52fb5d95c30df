from __future__ import annotations

import struct

import pytest

from provider.nt.status import NTSTATUS
from provider.nt.types import encode_utf16
from tests.provider.nt.cm.registry_caller import SOFTWARE, RegistryCaller

VOLATILE, CREATE_LINK = 1, 2
OPENLINK = 0x140


@pytest.fixture
def calls() -> RegistryCaller:
    return RegistryCaller()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("", NTSTATUS.OBJECT_PATH_SYNTAX_BAD),
        ("\\", NTSTATUS.OBJECT_TYPE_MISMATCH),
        ("\\Device\\Null", NTSTATUS.OBJECT_TYPE_MISMATCH),
        ("\\Missing\\Machine", NTSTATUS.OBJECT_PATH_NOT_FOUND),
        ("\\Registry\\New", NTSTATUS.INVALID_PARAMETER),
        ("\\Registry\\Machine\\New", NTSTATUS.INVALID_PARAMETER),
        (f"{SOFTWARE}\\a\\b", NTSTATUS.OBJECT_NAME_NOT_FOUND),
    ],
)
def test_keys_that_cannot_be_made(calls: RegistryCaller, path: str, status: NTSTATUS) -> None:
    calls.machine.write(calls.out, 0xDEADBEEF)
    assert calls.create(path) == status
    assert calls.result == 0


def test_a_path_below_a_key_begins_with_a_name(calls: RegistryCaller) -> None:
    key = calls.key("Above")
    assert calls.create("\\Below", root=key) == NTSTATUS.OBJECT_PATH_SYNTAX_BAD
    assert calls.create("Below\\\\", root=key) == 0
    assert calls.open("\\REGISTRY\\machine\\SOFTWARE\\above\\BELOW", flags=0) == 0


@pytest.mark.parametrize("options", [0x20, 0x80000000])
def test_unknown_options(calls: RegistryCaller, options: int) -> None:
    assert calls.create(f"{SOFTWARE}\\x", options) == NTSTATUS.INVALID_PARAMETER
    where = calls.attributes(SOFTWARE)
    assert calls("NtOpenKeyEx", calls.out, 1, where, options) == NTSTATUS.INVALID_PARAMETER


def test_volatile_keys_have_volatile_children(calls: RegistryCaller) -> None:
    calls.key("Volatile", VOLATILE)
    assert calls.create(f"{SOFTWARE}\\Volatile\\x") == NTSTATUS.CHILD_MUST_BE_VOLATILE
    key = calls.key("Volatile\\x", VOLATILE)
    assert calls("NtQueryKey", key, 5, calls.buffer, 12, calls.out) == 0
    assert struct.unpack("<3I", calls.read(12)) == (0, 1, 0)


def test_links_between_keys(calls: RegistryCaller) -> None:
    link = calls.key("Link", CREATE_LINK)
    target = encode_utf16(f"{SOFTWARE}\\Target")
    assert calls.set_value(link, "SymbolicLinkValue", target, 1) == NTSTATUS.ACCESS_DENIED
    assert calls.set_value(link, "SymbolicLinkValue", target, 6) == 0
    assert calls.open(f"{SOFTWARE}\\Link") == NTSTATUS.OBJECT_NAME_NOT_FOUND
    calls.key("Target\\")
    assert calls.open(f"{SOFTWARE}\\Link") == 0
    through = calls.result
    assert calls("NtQueryKey", through, 3, calls.buffer, 200, calls.out) == 0
    assert encode_utf16("\\SOFTWARE\\Target") in calls.read(200)
    assert calls.open(f"{SOFTWARE}\\Link", flags=OPENLINK) == 0
    opened = calls.result
    assert calls("NtDeleteKey", opened) == 0
    assert calls.open(f"{SOFTWARE}\\Target") == 0


def test_the_current_control_set_is_a_link(calls: RegistryCaller) -> None:
    assert calls.open("\\Registry\\Machine\\System\\CurrentControlSet\\Control") == 0
    assert calls("NtQueryKey", calls.result, 3, calls.buffer, 200, calls.out) == 0
    assert encode_utf16("\\SYSTEM\\ControlSet001\\Control") in calls.read(200)


def test_rights(calls: RegistryCaller) -> None:
    assert calls.open(SOFTWARE, 0x8) == 0
    key, buffer, out = calls.result, calls.buffer, calls.out
    assert calls("NtQueryKey", key, 0, buffer, 100, out) == NTSTATUS.ACCESS_DENIED
    assert calls("NtQueryKey", key, 3, buffer, 100, out) == 0, "a name is for everybody"
    assert calls("NtQueryKey", key, 99, buffer, 100, out) == NTSTATUS.INVALID_PARAMETER
    assert calls("NtEnumerateKey", key, 0, 3, buffer, 100, out) == NTSTATUS.INVALID_PARAMETER
    assert calls("NtEnumerateKey", key, 0, 0, buffer, 100, out) == 0
    assert calls("NtRenameKey", key, calls.string("x")) == NTSTATUS.ACCESS_DENIED
    assert calls("NtRenameKey", key, calls.string("")) == NTSTATUS.INVALID_PARAMETER


def test_information_in_buffers_that_are_too_small(calls: RegistryCaller) -> None:
    key = calls.key("Name")
    for number, fixed, whole in ((0, 16, 24), (1, 24, 32), (2, 44, 44), (4, 40, 40)):
        query = ("NtQueryKey", key, number, calls.buffer)
        assert calls(*query, fixed - 1, calls.out) == NTSTATUS.BUFFER_TOO_SMALL
        assert calls.result == whole
        if fixed < whole:
            assert calls(*query, whole - 1, calls.out) == NTSTATUS.BUFFER_OVERFLOW
        assert calls(*query, whole, calls.out) == 0


def test_when_and_how_a_key_is_flagged(calls: RegistryCaller) -> None:
    key = calls.key("Set")
    assert calls("NtSetInformationKey", key, 0, calls.write(bytes(8)), 8) == 0
    assert calls("NtQueryKey", key, 0, calls.buffer, 100, calls.out) == 0
    assert calls.read(8) == bytes(8)
    assert calls("NtSetInformationKey", key, 1, calls.write(b"\5\0\0\0"), 4) == 0
    assert calls("NtQueryKey", key, 5, calls.buffer, 12, calls.out) == 0
    assert calls.read(4) == b"\5\0\0\0"
    status = calls("NtSetInformationKey", key, 1, calls.buffer, 8)
    assert status == NTSTATUS.INFO_LENGTH_MISMATCH
    assert calls("NtSetInformationKey", key, 9, calls.buffer, 8) == NTSTATUS.INVALID_PARAMETER


def test_open_keys_of_a_hive_are_counted(calls: RegistryCaller) -> None:
    query = ("NtQueryOpenSubKeys", calls.attributes(SOFTWARE), calls.out)
    assert calls(*query) == 0
    before = calls.result
    key = calls.key("Counted")
    assert calls("NtQueryOpenSubKeys", calls.attributes(SOFTWARE), calls.out) == 0
    assert calls.result == before + 1
    assert calls("NtClose", key) == 0
    assert calls("NtQueryOpenSubKeys", calls.attributes(SOFTWARE), calls.out) == 0
    assert calls.result == before
    query = ("NtQueryOpenSubKeys", calls.attributes(f"{SOFTWARE}\\Counted"), calls.out)
    assert calls(*query) == NTSTATUS.INVALID_PARAMETER


def test_several_values_at_once(calls: RegistryCaller) -> None:
    key = calls.key("Several")
    calls.set_value(key, "a", b"12345", 3)
    calls.set_value(key, "b", b"6789", 4)
    entries, buffer, length = calls.buffer, calls.buffer + 0x100, calls.buffer + 0x200
    names = (calls.string("a", 1), calls.string("b", 2))

    def query(room: int) -> tuple[NTSTATUS, int, int]:
        calls.machine.write(entries, names[0], 0, 0, 0, names[1], 0, 0, 0)
        calls.machine.write(length, room)
        status = calls("NtQueryMultipleValueKey", key, entries, 2, buffer, length, calls.out)
        return status, calls.machine.read(length), calls.result

    assert query(12) == (0, 12, 12)
    assert struct.unpack("<8I", calls.read(32)) == (names[0], 5, 0, 3, names[1], 4, 8, 4)
    assert calls.read(12, 0x100) == b"12345\0\0\x006789"
    assert query(11) == (NTSTATUS.BUFFER_OVERFLOW, 5, 12)
    calls.string("missing", 2)
    assert query(12)[0] == NTSTATUS.OBJECT_NAME_NOT_FOUND


def test_notification_of_a_change(calls: RegistryCaller) -> None:
    key = calls.key("Watched")
    assert calls("NtCreateEvent", calls.out, 0x1F0003, 0, 0, 1) == 0
    event, status_block = calls.result, calls.buffer
    calls.machine.write(status_block, 0x77, 0x77)

    def notify(changes: int) -> NTSTATUS:
        return calls(
            "NtNotifyChangeKey", key, event, 0, 0, status_block, changes, 1, 0, 0, 1
        )  # fmt: skip

    assert notify(0x100) == NTSTATUS.INVALID_PARAMETER
    assert notify(1) == NTSTATUS.PENDING
    assert calls("NtQueryEvent", event, 0, calls.buffer + 64, 8, 0) == 0
    assert calls.read(8, 64) == struct.pack("<2I", 0, 0), "the event is reset"
    calls.key("Watched\\Below")
    assert calls("NtQueryEvent", event, 0, calls.buffer + 64, 8, 0) == 0
    assert calls.read(8, 64) == struct.pack("<2I", 0, 1)
    assert calls.machine.read(status_block) == NTSTATUS.NOTIFY_ENUM_DIR
    assert notify(1) == NTSTATUS.PENDING
    assert calls("NtClose", key) == 0
    assert calls.machine.read(status_block) == NTSTATUS.NOTIFY_CLEANUP
