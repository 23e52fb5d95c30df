"""Access checks for clients as words; the rules themselves are in test_access_check.py."""

from __future__ import annotations

import struct

import pytest

from provider.nt.se.acl import acl, build
from provider.nt.se.descriptor import Descriptor
from provider.nt.se.identity import EVERYONE_SID, SELF_SID, SYSTEM_SID, USER_SID
from provider.nt.status import NTSTATUS
from tests.provider.nt.se.test_token_calls import ANONYMOUS, IDENTIFY, IMPERSONATION, Caller

READERS = Descriptor(owner=SYSTEM_SID, group=SYSTEM_SID, dacl=acl((0, 1, EVERYONE_SID)))
GRANTED, STATUS, LENGTH = 0x600, 0x680, 0x700
SET, MAPPING, SECURITY, TYPES, SELF = 0x710, 0x780, 0x800, 0xA00, 0xB00


class Checker(Caller):
    """With places for the arguments of the checks."""

    def prepare(self, security: Descriptor = READERS, *, room: int = 20) -> None:
        space = self.machine.process.space
        space.write(self.buffer + SECURITY, bytes(security))
        self.machine.write(self.buffer + MAPPING, 0x20001, 0x20002, 0x20004, 0xF0007)
        self.machine.write(self.buffer + LENGTH, room)
        self.machine.write(self.buffer + GRANTED, *[0xDEAD] * 4)

    def check(self, token: int, access: int = 1) -> NTSTATUS:
        places = (MAPPING, SET, LENGTH, GRANTED, STATUS)
        rest = [self.buffer + place for place in places]
        return self("NtAccessCheck", self.buffer + SECURITY, token, access, *rest)

    def check_types(self, call: str, token: int, *levels: int) -> NTSTATUS:
        rows, guids = b"", b""
        start = self.buffer + TYPES + 8 * len(levels)
        for number, level in enumerate(levels):
            rows += struct.pack("<HHI", level, 0, start + 16 * number)
            guids += bytes([number]) * 16
        self.machine.process.space.write(self.buffer + TYPES, rows + guids)
        self.machine.process.space.write(self.buffer + SELF, USER_SID)
        places = (MAPPING, SET, LENGTH, GRANTED, STATUS)
        rest = [self.buffer + place for place in places]
        types = (self.buffer + TYPES, len(levels))
        security = (self.buffer + SECURITY, self.buffer + SELF)
        return self(call, *security, token, 1, *types, *rest)

    def answer(self, count: int = 1) -> list[tuple[int, int]]:
        """Rights and statuses."""
        granted = struct.unpack(f"<{count}I", self.read(4 * count, GRANTED))
        statuses = struct.unpack(f"<{count}I", self.read(4 * count, STATUS))
        return list(zip(granted, statuses, strict=True))


@pytest.fixture
def calls() -> Checker:
    return Checker()


def test_what_a_check_refuses(calls: Checker) -> None:
    calls.prepare()
    client = calls.impersonation(IDENTIFY)
    assert calls.check(calls.process_token()) == NTSTATUS.NO_IMPERSONATION_TOKEN
    assert calls.check(calls.impersonation(ANONYMOUS)) == NTSTATUS.BAD_IMPERSONATION_LEVEL
    assert calls.check(client, 0x80000000) == NTSTATUS.GENERIC_NOT_MAPPED
    calls.prepare(room=19)
    assert calls.check(client) == NTSTATUS.BUFFER_TOO_SMALL
    assert calls.machine.read(calls.buffer + LENGTH) == 20
    calls.prepare(Descriptor(dacl=b""))
    assert calls.check(client) == NTSTATUS.INVALID_SECURITY_DESCR
    assert calls.answer()[0][0] == 0xDEAD, "nothing is told"
    calls.machine.write(calls.buffer + SECURITY, 7)
    assert calls.check(client) == NTSTATUS.UNKNOWN_REVISION


def test_what_a_check_tells(calls: Checker) -> None:
    calls.prepare()
    client = calls.impersonation(IDENTIFY)
    assert calls.check(client) == 0
    assert calls.answer() == [(1, 0)]
    assert calls.read(8, SET) == bytes(8), "it took no privilege"
    assert calls.check(client, 3) == 0
    assert calls.answer() == [(0, NTSTATUS.ACCESS_DENIED)]
    assert calls.check(client, 0x1000000) == 0
    assert calls.answer() == [(0, NTSTATUS.PRIVILEGE_NOT_HELD)]


@pytest.mark.parametrize("levels", [(1,), (0, 2), (0, 0), (0, 1, 3)])
def test_types_are_a_tree(calls: Checker, levels: tuple[int, ...]) -> None:
    calls.prepare()
    client = calls.impersonation()
    for call in ("NtAccessCheckByType", "NtAccessCheckByTypeResultList"):
        assert calls.check_types(call, client, *levels) == NTSTATUS.INVALID_PARAMETER


def test_types(calls: Checker) -> None:
    own = struct.pack("<2I", 1, 1) + b"\x01" * 16 + SELF_SID
    calls.prepare(READERS._replace(dacl=build([(5, 0, own)])))
    client = calls.impersonation()
    assert calls.check_types("NtAccessCheckByType", client, 0, 1, 1) == 0
    assert calls.answer() == [(0, NTSTATUS.ACCESS_DENIED)]
    assert calls.check_types("NtAccessCheckByTypeResultList", client, 0, 1, 1) == 0
    refused = (0, NTSTATUS.ACCESS_DENIED)
    assert calls.answer(3) == [refused, (1, 0), refused]
    assert calls.check_types("NtAccessCheckByTypeResultList", client) == NTSTATUS.INVALID_PARAMETER


def test_privileges(calls: Checker) -> None:
    token = calls.process_token()
    held, missing = (23, 0, 0), (2, 0, 0)

    def check(control: int, *rows: tuple[int, int, int], token: int = token) -> NTSTATUS:
        words = [word for row in rows for word in row]
        data = struct.pack(f"<{2 + len(words)}I", len(rows), control, *words)
        return calls("NtPrivilegeCheck", token, calls.write(data), calls.out)

    assert check(1, held) == 0
    assert calls.result & 0xFF == 1
    assert struct.unpack("<I", calls.read(4, 16)) == (0x80000000,), "marked as used"
    assert check(1, held, missing) == 0
    assert calls.result & 0xFF == 0
    assert check(0, held, missing) == 0
    assert calls.result & 0xFF == 1
    assert calls.duplicate(token, ANONYMOUS, IMPERSONATION) == 0
    assert check(1, held, token=calls.result) == NTSTATUS.BAD_IMPERSONATION_LEVEL
    many = calls.write(struct.pack("<2I", 0xFFFFFFFF, 1))
    assert calls("NtPrivilegeCheck", token, many, calls.out) == NTSTATUS.INVALID_PARAMETER
