"""Tokens as words: each status that the calls end in, bad values first."""

from __future__ import annotations

import struct

import pytest

from provider.nt.se.acl import acl, build
from provider.nt.se.descriptor import Descriptor
from provider.nt.se.identity import EVERYONE_SID, SYSTEM_SID, USER_SID, USERS_SID, level_sid
from provider.nt.status import NTSTATUS
from provider.nt.structs.process import CLIENT_ID
from tests.provider.nt.cm.registry_caller import SOFTWARE, RegistryCaller

CURRENT_PROCESS, CURRENT_THREAD = 0xFFFFFFFF, 0xFFFFFFFE
ALL = 0xF01FF
PRIMARY, IMPERSONATION = 1, 2
ANONYMOUS, IDENTIFY, IMPERSONATE = 0, 1, 2
SESSION = "\\Sessions\\1\\BaseNamedObjects"
MAXIMUM_ALLOWED = 0x2000000


class Caller(RegistryCaller):
    """With calls on tokens."""

    def process_token(self, access: int = ALL) -> int:
        assert self("NtOpenProcessToken", CURRENT_PROCESS, access, self.out) == 0
        return self.result

    def quality(self, level: int) -> int:
        """The address of an OBJECT_ATTRIBUTES with a quality of service."""
        where = self.attributes("", slot=2)
        self.machine.write(where + 0x300, 12, level, 0)
        self.machine.write(where, 24, 0, 0, 0, 0, where + 0x300)
        return where

    def duplicate(self, token: int, level: int, kind: int = IMPERSONATION) -> NTSTATUS:
        return self("NtDuplicateToken", token, ALL, self.quality(level), 0, kind, self.out)

    def impersonation(self, level: int = IMPERSONATE) -> int:
        assert self.duplicate(self.process_token(), level) == 0
        return self.result

    def act_as(self, token: int) -> NTSTATUS:
        self.machine.write(self.buffer, token)
        return self("NtSetInformationThread", CURRENT_THREAD, 5, self.buffer, 4)

    def query(self, token: int, number: int) -> bytes:
        assert self("NtQueryInformationToken", token, number, self.buffer, 0x800, self.out) == 0
        return self.read(self.result)

    def groups(self, *sids: bytes, attributes: int = 0) -> int:
        """The address of TOKEN_GROUPS."""
        va = self.buffer + 0x400
        body, tail = b"", b""
        for sid in sids:
            at = va + 4 + 8 * len(sids) + len(tail)
            body += struct.pack("<2I", at, attributes)
            tail += sid
        self.machine.process.space.write(va, struct.pack("<I", len(sids)) + body + tail)
        return va

    def filter(
        self, flags: int = 0, *, disable: int = 0, delete: int = 0, restrict: int = 0
    ) -> int:
        arguments = (self.process_token(), flags, disable, delete, restrict, self.out)
        assert self("NtFilterToken", *arguments) == 0
        return self.result

    def named_event(self, name: str, security: Descriptor) -> int:
        """The attributes of an event that has been made with this descriptor."""
        data = bytes(security)
        va = self.buffer + 0x900
        self.machine.process.space.write(va, data)
        where = self.attributes(f"{SESSION}\\{name}", slot=3)
        self.machine.write(where + 16, va)
        assert self("NtCreateEvent", self.out, 3, where, 0, 0) == 0
        return where


@pytest.fixture
def calls() -> Caller:
    return Caller()


def test_each_process_has_a_token_of_its_own(calls: Caller) -> None:
    first, second = calls.process_token(), calls.process_token()
    assert calls.query(first, 10) == calls.query(second, 10)
    assert calls.duplicate(first, ANONYMOUS, PRIMARY) == 0
    copy = calls.result
    assert calls.query(copy, 10)[:8] != calls.query(first, 10)[:8], "another id"
    assert calls("NtCompareTokens", first, copy, calls.out) == 0
    assert calls.result & 0xFF == 1


def test_duplication(calls: Caller) -> None:
    token = calls.process_token()
    assert calls.duplicate(token, IMPERSONATE, 3) == NTSTATUS.INVALID_PARAMETER
    assert calls.duplicate(token, 7) == NTSTATUS.BAD_IMPERSONATION_LEVEL
    assert calls("NtDuplicateToken", token, 0, 0, 0, IMPERSONATION, calls.out) == 0
    assert calls.query(calls.result, 9) == bytes(4), "anonymous without a quality of service"
    weak = calls.process_token(8)
    assert calls.duplicate(weak, IMPERSONATE) == NTSTATUS.ACCESS_DENIED
    identity = calls.impersonation(IDENTIFY)
    assert calls.query(identity, 8) == struct.pack("<I", IMPERSONATION)
    assert calls.duplicate(identity, IMPERSONATE) == NTSTATUS.BAD_IMPERSONATION_LEVEL
    assert calls.duplicate(identity, ANONYMOUS, PRIMARY) == NTSTATUS.BAD_IMPERSONATION_LEVEL
    assert calls("NtQueryInformationToken", token, 9, calls.buffer, 4, calls.out) == (
        NTSTATUS.INVALID_INFO_CLASS
    )


def test_a_thread_impersonates(calls: Caller) -> None:
    def open_token(as_self: int = 1) -> NTSTATUS:
        return calls("NtOpenThreadToken", CURRENT_THREAD, 8, as_self, calls.out)

    assert open_token() == NTSTATUS.NO_TOKEN
    assert calls.act_as(calls.process_token()) == NTSTATUS.BAD_TOKEN_TYPE
    assert calls.act_as(0x4444) == NTSTATUS.INVALID_HANDLE
    assert calls.act_as(calls.impersonation(ANONYMOUS)) == 0
    assert open_token() == NTSTATUS.CANT_OPEN_ANONYMOUS
    assert calls.act_as(0) == 0
    assert calls.act_as(calls.impersonation(IDENTIFY)) == 0
    assert open_token(0) == NTSTATUS.BAD_IMPERSONATION_LEVEL
    assert open_token() == 0
    assert calls.open(f"{SOFTWARE}\\Classes", 1) == NTSTATUS.BAD_IMPERSONATION_LEVEL
    assert calls.act_as(0) == 0
    assert open_token() == NTSTATUS.NO_TOKEN
    assert calls.open(f"{SOFTWARE}\\Classes", 1) == 0


def test_impersonation_of_threads_and_of_nobody(calls: Caller) -> None:
    bad = calls.write(struct.pack("<3I", 8, 2, 0))
    call = ("NtImpersonateThread", CURRENT_THREAD, CURRENT_THREAD)
    assert calls(*call, bad) == NTSTATUS.INVALID_PARAMETER
    assert calls(*call, calls.write(struct.pack("<3I", 12, 2, 0))) == 0
    assert calls("NtOpenThreadToken", CURRENT_THREAD, 8, 1, calls.out) == 0
    assert calls("NtImpersonateAnonymousToken", CURRENT_THREAD) == 0
    assert calls.open(f"{SOFTWARE}\\Classes", 1) == NTSTATUS.ACCESS_DENIED
    assert calls.act_as(0) == 0


def test_filtering(calls: Caller) -> None:
    token = calls.process_token()
    listed = calls.groups(USERS_SID, attributes=4)
    assert calls("NtFilterToken", token, 0x10, 0, 0, 0, calls.out) == NTSTATUS.INVALID_PARAMETER
    assert calls("NtFilterToken", token, 0, 0, 0, listed, calls.out) == (NTSTATUS.INVALID_PARAMETER)
    fewer = calls.filter(1)
    assert calls.query(fewer, 3)[:8] == struct.pack("<2I", 1, 23), "SeChangeNotifyPrivilege"
    assert calls.query(fewer, 21) == struct.pack("<I", 1)
    assert calls.query(fewer, 11) == bytes(4)
    refused = calls.filter(disable=calls.groups(USERS_SID))
    rows = calls.query(refused, 2)
    (count,) = struct.unpack_from("<I", rows)
    attributes = dict(struct.iter_unpack("<2I", rows[4 : 4 + 8 * count]))
    assert list(attributes.values()).count(0x10) == 1
    restricted = calls.filter(restrict=calls.groups(USERS_SID))
    assert calls.query(restricted, 11)[12:] == USERS_SID
    assert calls.query(restricted, 40) == struct.pack("<I", 1)
    assert calls("NtCompareTokens", token, restricted, calls.out) == 0
    assert calls.result & 0xFF == 0


def test_privileges(calls: Caller) -> None:
    token = calls.process_token()
    adjust = ("NtAdjustPrivilegesToken", token, 0)
    assert calls(*adjust, 0, 0, 0, 0) == NTSTATUS.INVALID_PARAMETER
    wanted = calls.write(struct.pack("<7I", 2, 19, 0, 2, 2, 0, 2))
    previous = calls.buffer + 0x100
    assert calls(*adjust, wanted, 4, previous, calls.out) == NTSTATUS.BUFFER_TOO_SMALL
    assert calls.result == 16
    assert calls(*adjust, wanted, 64, previous, calls.out) == NTSTATUS.NOT_ALL_ASSIGNED
    assert calls.read(16, 0x100) == struct.pack("<4I", 1, 19, 0, 0)
    assert calls(*adjust, wanted, 64, previous, calls.out) == NTSTATUS.NOT_ALL_ASSIGNED
    assert calls.read(4, 0x100) == bytes(4), "nothing changes the second time"
    assert calls(*adjust, calls.write(struct.pack("<4I", 1, 19, 0, 4)), 0, 0, 0) == 0
    assert calls(*adjust, wanted, 0, 0, 0) == NTSTATUS.NOT_ALL_ASSIGNED, "removed for good"
    weak = calls.process_token(0x20)
    assert calls("NtAdjustPrivilegesToken", weak, 1, 0, 64, previous, calls.out) == (
        NTSTATUS.ACCESS_DENIED
    )


def test_groups(calls: Caller) -> None:
    token = calls.process_token()
    adjust = ("NtAdjustGroupsToken", token)
    assert calls("NtAdjustGroupsToken", 0, 1, 0, 0, 0, 0) == NTSTATUS.INVALID_HANDLE
    assert calls(*adjust, 0, 0, 0, 0, 0) == NTSTATUS.INVALID_PARAMETER
    assert calls(*adjust, 1, 0, 0, 0, 0) == 0
    users = calls.groups(USERS_SID)
    assert calls(*adjust, 0, users, 0, 0, 0) == NTSTATUS.CANT_DISABLE_MANDATORY
    assert calls(*adjust, 0, calls.groups(SYSTEM_SID), 0, 0, 0) == NTSTATUS.NOT_ALL_ASSIGNED
    refused = calls.filter(disable=calls.groups(USERS_SID))
    wanted = calls.groups(USERS_SID, attributes=4)
    assert calls("NtAdjustGroupsToken", refused, 0, wanted, 0, 0, 0) == (
        NTSTATUS.CANT_ENABLE_DENY_ONLY
    )


def test_settings(calls: Caller) -> None:
    token = calls.process_token()

    def set_pointer(number: int, data: bytes, size: int = 8) -> NTSTATUS:
        va = calls.buffer + 0x200
        calls.machine.process.space.write(va, data)
        return calls(
            "NtSetInformationToken", token, number, calls.write(struct.pack("<2I", va, 0)), size
        )

    assert calls("NtSetInformationToken", 0, 4, 0, 0) == NTSTATUS.INVALID_HANDLE
    assert calls("NtSetInformationToken", token, 0xA0A, 0, 0) == NTSTATUS.INVALID_INFO_CLASS
    assert calls("NtSetInformationToken", token, 6, 0, 0) == NTSTATUS.INFO_LENGTH_MISMATCH
    assert calls("NtSetInformationToken", token, 6, 0, 8) == NTSTATUS.ACCESS_VIOLATION
    assert set_pointer(12, b"") == NTSTATUS.PRIVILEGE_NOT_HELD
    assert set_pointer(4, SYSTEM_SID) == NTSTATUS.INVALID_OWNER
    assert set_pointer(4, b"\2" * 8) == NTSTATUS.INVALID_SID
    assert set_pointer(4, USER_SID) == 0
    assert set_pointer(5, SYSTEM_SID) == NTSTATUS.INVALID_PRIMARY_GROUP
    assert set_pointer(5, USERS_SID) == 0
    assert calls.query(token, 5)[4:] == USERS_SID
    assert set_pointer(6, bytes(8)) == NTSTATUS.INVALID_ACL
    dacl = acl((0, 0x10000000, EVERYONE_SID))
    assert set_pointer(6, dacl) == 0
    assert calls.query(token, 6)[4:] == dacl
    assert set_pointer(25, USER_SID) == NTSTATUS.INVALID_LABEL
    assert set_pointer(25, level_sid(0x3000)) == NTSTATUS.PRIVILEGE_NOT_HELD
    assert set_pointer(25, level_sid(0x1000)) == 0
    assert set_pointer(25, level_sid(0x2000)) == NTSTATUS.PRIVILEGE_NOT_HELD


def test_opens_are_checked(calls: Caller) -> None:
    readers = Descriptor(owner=USER_SID, dacl=acl((0, 1, EVERYONE_SID)))
    where = calls.named_event("readers", readers)
    assert calls("NtOpenEvent", calls.out, 0, where) == NTSTATUS.ACCESS_DENIED
    assert calls("NtOpenEvent", calls.out, 2, where) == NTSTATUS.ACCESS_DENIED
    assert calls("NtOpenEvent", calls.out, 0x1000000, where) == NTSTATUS.PRIVILEGE_NOT_HELD
    assert calls("NtOpenEvent", calls.out, 1, where) == 0
    handle = calls.result
    duplicate = ("NtDuplicateObject", CURRENT_PROCESS, handle, CURRENT_PROCESS, calls.out)
    assert calls(*duplicate, 2, 0, 0) == NTSTATUS.ACCESS_DENIED
    assert calls(*duplicate, 1, 0, 0) == 0
    assert calls("NtOpenEvent", calls.out, 0x40001, where) == 0, "the owner's right"
    nobody = calls.named_event("nobody", Descriptor(owner=USER_SID, dacl=build([])))
    assert calls("NtOpenEvent", calls.out, 1, nobody) == NTSTATUS.ACCESS_DENIED
    everybody = calls.named_event("all", Descriptor(0x4, owner=USER_SID, dacl=b""))
    assert calls("NtOpenEvent", calls.out, 0x1F0003, everybody) == 0


def test_a_creator_may_not_give_objects_away(calls: Caller) -> None:
    data = bytes(Descriptor(owner=SYSTEM_SID, dacl=b""))
    where = calls.attributes(f"{SESSION}\\gift", slot=3)
    calls.machine.write(where + 16, calls.write(data))
    assert calls("NtCreateEvent", calls.out, 3, where, 0, 0) == NTSTATUS.INVALID_OWNER


def test_a_decision_is_not_remembered_past_a_change(calls: Caller) -> None:
    users = Descriptor(owner=SYSTEM_SID, dacl=acl((0, 1, USERS_SID)))
    where = calls.named_event("users", users._replace(owner=USER_SID))
    token = calls.machine.context.token
    assert calls("NtOpenEvent", calls.out, 1, where) == 0
    restricted = calls.filter(restrict=calls.groups(EVERYONE_SID))
    assert calls.duplicate(restricted, IMPERSONATE) == 0
    assert calls.act_as(calls.result) == 0
    assert calls("NtOpenEvent", calls.out, 1, where) == NTSTATUS.ACCESS_DENIED
    assert calls.act_as(0) == 0
    assert calls("NtOpenEvent", calls.out, 1, where) == 0
    token.groups = ()
    token.changed(0)
    assert calls("NtOpenEvent", calls.out, 1, where) == NTSTATUS.ACCESS_DENIED


def test_processes_protect_themselves(calls: Caller) -> None:
    client = calls.write(bytes(CLIENT_ID(UniqueProcess=calls.machine.process.id, UniqueThread=0)))
    where = calls.attributes("", slot=1)
    calls.machine.write(where + 8, 0)
    opening = ("NtOpenProcess", calls.out)
    assert calls(*opening, 0x1FFFFF, where, client) == 0
    data = bytes(Descriptor(0x4, dacl=acl((0, 0x1000, EVERYONE_SID))))
    calls.machine.process.space.write(calls.buffer + 0x100, data)
    assert calls("NtSetSecurityObject", CURRENT_PROCESS, 4, calls.buffer + 0x100) == 0
    assert calls(*opening, 0x10, where, client) == NTSTATUS.ACCESS_DENIED
    assert calls(*opening, 0x1000, where, client) == 0


def test_keys_are_checked_and_inherit_creator_owner(calls: Caller) -> None:
    key = calls.key("Guarded")
    creator_owner = struct.pack("<BB6B", 1, 1, 0, 0, 0, 0, 0, 3) + bytes(4)
    dacl = acl((2, 0x20019, EVERYONE_SID), (2, 0xF003F, creator_owner))
    data = bytes(Descriptor(0x4, dacl=dacl))
    assert calls("NtSetSecurityObject", key, 4, calls.write(data)) == 0
    path = f"{SOFTWARE}\\Guarded"
    assert calls.open(path, 2) == NTSTATUS.ACCESS_DENIED
    assert calls.open(path, 1) == 0
    assert calls.create(f"{path}\\below") == NTSTATUS.ACCESS_DENIED
    dacl = acl((2, 0x2001D, EVERYONE_SID), (2, 0xF003F, creator_owner))
    assert calls("NtSetSecurityObject", key, 4, calls.write(bytes(Descriptor(0x4, dacl=dacl)))) == 0
    assert calls.create(f"{path}\\below") == 0
    below = calls.result
    assert calls.open(f"{path}\\below", 2) == 0, "its creator owns it"
    assert calls("NtQuerySecurityObject", below, 4, calls.buffer, 500, calls.out) == 0
    at = struct.unpack("<BBH4I", calls.read(20))[6]
    flags = []
    next_entry = at + 8
    for _ in range(struct.unpack("<H", calls.read(2, at + 4))[0]):
        _, flag, size = struct.unpack("<BBH", calls.read(4, next_entry))
        flags.append(flag)
        next_entry += size
    assert flags == [0x12, 0x10, 0x1A], "for the key itself, and once more to be inherited"


def test_low_integrity_does_not_write_up(calls: Caller) -> None:
    where = calls.named_event("medium", Descriptor(0x4, owner=USER_SID, dacl=b""))
    token = calls.impersonation()
    va = calls.buffer + 0x200
    calls.machine.process.space.write(va, level_sid(0x1000))
    low = calls.write(struct.pack("<2I", va, 0))
    assert calls("NtSetInformationToken", token, 25, low, 8) == 0
    assert calls.act_as(token) == 0
    assert calls("NtOpenEvent", calls.out, 2, where) == NTSTATUS.ACCESS_DENIED
    assert calls("NtOpenEvent", calls.out, 1, where) == 0
    own = calls.attributes(f"{SESSION}\\low", slot=1)
    assert calls("NtCreateEvent", calls.out, 0x1F0003, own, 0, 0) == 0
    handle = calls.result
    assert calls("NtOpenEvent", calls.out, 2, own) == 0
    assert calls("NtQuerySecurityObject", handle, 0x10, calls.buffer, 500, calls.out) == 0
    at = struct.unpack("<BBH4I", calls.read(20))[5]
    assert calls.read(12, at + 16) == level_sid(0x1000)


def test_refusals(calls: Caller) -> None:
    create = ("NtCreateToken", calls.out, ALL, 0)
    assert calls(*create, 5, *[0] * 9) == NTSTATUS.BAD_TOKEN_TYPE
    assert calls(*create, PRIMARY, *[0] * 9) == NTSTATUS.PRIVILEGE_NOT_HELD
    audit = "NtAccessCheckAndAuditAlarm"
    assert calls(audit, *[0] * 11) == NTSTATUS.NO_IMPERSONATION_TOKEN
    assert calls.act_as(calls.impersonation()) == 0
    assert calls(audit, *[0] * 11) == NTSTATUS.PRIVILEGE_NOT_HELD
    assert calls("NtCloseObjectAuditAlarm", 0, 0, 0) == NTSTATUS.PRIVILEGE_NOT_HELD
