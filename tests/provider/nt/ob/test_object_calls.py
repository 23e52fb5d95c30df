"""Types, names, permanence and security of objects, in a process with a token."""

from __future__ import annotations

import struct

import pytest

from provider.kernel.ob.object import KernelObject
from provider.nt.ob.type_table import INDEX, TYPES
from provider.nt.se.identity import USER_SID
from provider.nt.status import NTSTATUS
from provider.nt.structs.ob import OBJECT_TYPE_INFORMATION
from tests.provider.nt.cm.registry_caller import RegistryCaller

SESSION = "\\Sessions\\1\\BaseNamedObjects"
BASIC, NAME, TYPE, TYPES_CLASS, FLAGS = range(5)
PERMANENT, CASE_INSENSITIVE = 0x10, 0x40
OWNER, GROUP, DACL, SACL = 1, 2, 4, 8
CREATE_PERMANENT = 16
CURRENT = 0xFFFFFFFF


@pytest.fixture
def calls() -> RegistryCaller:
    return RegistryCaller()


def event(calls: RegistryCaller, attributes: int = 0, access: int = 0x1F0003) -> int:
    assert calls("NtCreateEvent", calls.out, access, attributes, 0, 0) == 0
    return calls.result


def name_of(calls: RegistryCaller, handle: int) -> str:
    assert calls("NtQueryObject", handle, NAME, calls.buffer, 500, 0) == 0
    (length,) = struct.unpack("<H", calls.read(2))
    return calls.read(length, 8).decode("utf-16-le")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{SESSION}\\x\\y", NTSTATUS.OBJECT_PATH_NOT_FOUND),
        ("\\Device\\Null\\x", NTSTATUS.OBJECT_TYPE_MISMATCH),
    ],
)
def test_bad_names(calls: RegistryCaller, path: str, status: NTSTATUS) -> None:
    where = calls.attributes(path)
    assert calls("NtCreateEvent", calls.out, 3, where, 0, 0) == status
    assert calls.result == 0


def test_roots_and_empty_names(calls: RegistryCaller) -> None:
    handle = event(calls)
    inside = calls.attributes("x", root=handle)
    assert calls("NtCreateEvent", calls.out, 3, inside, 0, 0) == NTSTATUS.OBJECT_TYPE_MISMATCH
    nothing = calls.attributes("", root=handle)
    assert calls("NtOpenEvent", calls.out, 3, nothing) == NTSTATUS.OBJECT_TYPE_MISMATCH
    nothing = calls.attributes("", root=0xDEADBEEF)
    assert calls("NtCreateEvent", calls.out, 3, nothing, 0, 0) == 0, "it has no name"
    calls.machine.write(nothing, 24, 0xDEADBEEF, 0, 0, 0, 0)
    assert calls("NtCreateEvent", calls.out, 3, nothing, 0, 0) == NTSTATUS.OBJECT_NAME_INVALID
    assert calls("NtOpenEvent", calls.out, 3, 0) == NTSTATUS.INVALID_PARAMETER
    assert calls("NtOpenDirectoryObject", calls.out, 3, calls.attributes(SESSION)) == 0
    directory = calls.result
    nothing = calls.attributes("", root=directory)
    assert calls("NtOpenDirectoryObject", calls.out, 3, nothing) == 0
    assert calls("NtCompareObjects", calls.result, directory) == 0


def test_sessions_have_names_of_their_own(calls: RegistryCaller) -> None:
    event(calls, calls.attributes(f"{SESSION}\\Local\\one"))
    assert name_of(calls, calls.result) == f"{SESSION}\\one"
    event(calls, calls.attributes(f"{SESSION}\\Global\\two"))
    assert name_of(calls, calls.result) == "\\BaseNamedObjects\\two"
    where = calls.attributes("\\BaseNamedObjects\\one")
    assert calls("NtOpenEvent", calls.out, 3, where) == NTSTATUS.OBJECT_NAME_NOT_FOUND
    where = calls.attributes("\\BaseNamedObjects\\Session\\1\\ONE")
    assert calls("NtOpenEvent", calls.out, 3, where) == 0


def test_the_type_of_an_object(calls: RegistryCaller) -> None:
    handle = event(calls)
    size = OBJECT_TYPE_INFORMATION.SIZE
    assert calls("NtQueryObject", handle, TYPE, calls.buffer, size, calls.out) == (
        NTSTATUS.INFO_LENGTH_MISMATCH
    )
    assert calls("NtQueryObject", handle, TYPE, calls.buffer, 500, calls.out) == 0
    told = OBJECT_TYPE_INFORMATION.from_bytes(calls.read(size))
    assert calls.read(10, size) == "Event".encode("utf-16-le")
    assert (told.GenericAll, told.ValidAccessMask) == (0x1F0003, 0x1F0003)
    assert told.TypeIndex == INDEX["Event"]
    before = told.TotalNumberOfHandles
    event(calls)
    assert calls("NtQueryObject", handle, TYPE, calls.buffer, 500, calls.out) == 0
    again = OBJECT_TYPE_INFORMATION.from_bytes(calls.read(size))
    assert again.TotalNumberOfHandles == again.HighWaterNumberOfHandles == before + 1


def test_all_types(calls: RegistryCaller) -> None:
    query = ("NtQueryObject", 0, TYPES_CLASS, calls.buffer)
    assert calls(*query, 4, calls.out) == NTSTATUS.INFO_LENGTH_MISMATCH
    assert calls(*query, calls.result, calls.out) == 0
    data, at, names = calls.read(calls.result), 4, []
    for _ in range(struct.unpack_from("<I", data)[0]):
        told = OBJECT_TYPE_INFORMATION.from_bytes(data[at:])
        start = told.TypeName.Buffer - calls.buffer
        names.append(data[start : start + told.TypeName.Length].decode("utf-16-le"))
        at = -(-(start + told.TypeName.MaximumLength) // 4) * 4
    assert names == [kind.name for kind in TYPES]
    assert at == len(data)


def test_every_type_that_handles_can_have_is_known() -> None:
    kinds = list(KernelObject.__subclasses__())
    for kind in kinds:
        kinds += kind.__subclasses__()
    names = {kind.type_name for kind in kinds if kind.__module__.startswith("provider.")}
    assert names - {"Object", "Request", "window messages"} <= set(INDEX)


def test_permanence_takes_a_privilege(calls: RegistryCaller) -> None:
    where = calls.attributes(f"{SESSION}\\x", flags=PERMANENT | CASE_INSENSITIVE)
    create = ("NtCreateEvent", calls.out, 0x1F0003, where, 0, 0)
    assert calls(*create) == NTSTATUS.PRIVILEGE_NOT_HELD
    handle = event(calls, calls.attributes(f"{SESSION}\\y"))
    assert calls("NtMakePermanentObject", handle) == NTSTATUS.PRIVILEGE_NOT_HELD
    calls.machine.context.token.privileges[CREATE_PERMANENT] = 2
    assert calls("NtMakePermanentObject", handle) == 0
    assert calls("NtClose", handle) == 0
    where = calls.attributes(f"{SESSION}\\y")
    assert calls("NtOpenEvent", calls.out, 0x10000, where) == 0
    handle = calls.result
    assert calls("NtQueryObject", handle, BASIC, calls.buffer, 56, 0) == 0
    assert calls.machine.read(calls.buffer) == PERMANENT
    assert calls("NtMakeTemporaryObject", handle) == 0
    assert calls("NtClose", handle) == 0
    assert calls("NtOpenEvent", calls.out, 0x10000, where) == NTSTATUS.OBJECT_NAME_NOT_FOUND


def test_rights_that_a_type_has_not(calls: RegistryCaller) -> None:
    words = (CURRENT, event(calls), CURRENT, calls.out)
    assert calls("NtDuplicateObject", *words, CURRENT, 0, 0) == NTSTATUS.ACCESS_DENIED
    assert calls.result == 0
    assert calls("NtDuplicateObject", *words, 0x1000003, 0, 0) == NTSTATUS.PRIVILEGE_NOT_HELD


def test_security_is_told_and_kept(calls: RegistryCaller) -> None:
    handle = event(calls, calls.attributes(f"{SESSION}\\x"), access=0x1F0003)
    query = ("NtQuerySecurityObject", handle, OWNER | DACL, calls.buffer)
    assert calls(*query, 0, calls.out) == NTSTATUS.BUFFER_TOO_SMALL
    size = calls.result
    assert calls(*query, size, calls.out) == 0
    revision, _, control, owner, group, sacl, dacl = struct.unpack("<BBH4I", calls.read(20))
    assert (revision, control, group, sacl) == (1, 0x8004, 0, 0)
    assert calls.read(len(USER_SID), owner) == USER_SID
    assert dacl
    absolute = calls.buffer + 0x800
    calls.machine.process.space.write(absolute, struct.pack("<BBH4I", 1, 0, 4, 0, 0, 0, 0))
    assert calls("NtSetSecurityObject", handle, OWNER, absolute) == (
        NTSTATUS.INVALID_SECURITY_DESCR
    )
    assert calls("NtSetSecurityObject", handle, SACL, absolute) == NTSTATUS.ACCESS_DENIED
    assert calls("NtSetSecurityObject", handle, DACL, absolute) == 0
    assert calls(*query, size, calls.out) == 0
    assert struct.unpack("<BBH4I", calls.read(20))[6] == 0, "everybody may do everything"
    weak = event(calls, access=3)
    assert calls("NtQuerySecurityObject", weak, DACL, calls.buffer, 500, calls.out) == (
        NTSTATUS.ACCESS_DENIED
    )


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (struct.pack("<BBH4I", 2, 0, 4, 0, 0, 0, 0), NTSTATUS.UNKNOWN_REVISION),
        (struct.pack("<BBH4IHH", 1, 0, 0x8000, 20, 0, 0, 0, 0x6301, 0), NTSTATUS.INVALID_SID),
        (struct.pack("<BBH4I8B", 1, 0, 0x8004, 0, 0, 0, 20, *[9] * 8), NTSTATUS.INVALID_ACL),
        (
            struct.pack("<BBH4I4H", 1, 0, 0x8004, 0, 0, 0, 20, 2, 8, 1, 0),
            NTSTATUS.INVALID_ACL,
        ),
    ],
)
def test_damaged_descriptors(calls: RegistryCaller, data: bytes, status: NTSTATUS) -> None:
    handle = event(calls)
    assert calls("NtSetSecurityObject", handle, DACL, calls.write(data)) == status
    where = calls.attributes(f"{SESSION}\\x")
    calls.machine.write(where + 16, calls.buffer)
    assert calls("NtCreateEvent", calls.out, 3, where, 0, 0) == status


def test_a_deleted_key_is_still_an_object(calls: RegistryCaller) -> None:
    key = calls.key("Deleted")
    assert calls("NtDeleteKey", key) == 0
    assert calls("NtQueryObject", key, BASIC, calls.buffer, 56, 0) == 0
    assert calls("NtQueryObject", key, NAME, calls.buffer, 500, 0) == NTSTATUS.KEY_DELETED
    assert calls("NtQuerySecurityObject", key, DACL, calls.buffer, 500, calls.out) == (
        NTSTATUS.KEY_DELETED
    )


def test_keys_inherit_their_security(calls: RegistryCaller) -> None:
    key = calls.key("Inherits")
    assert calls("NtQuerySecurityObject", key, DACL, calls.buffer, 500, calls.out) == 0
    dacl = struct.unpack("<BBH4I", calls.read(20))[6]
    _, _, _, count, _ = struct.unpack("<BBHHH", calls.read(8, dacl))
    assert count == 4
    kind, flags, _ = struct.unpack("<BBH", calls.read(4, dacl + 8))
    assert (kind, flags) == (0, 0x12), "inherited, and inherited on"
