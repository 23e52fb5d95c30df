from __future__ import annotations

import struct

import pytest

from provider.nt.se.identity import USER_SID, sid
from provider.nt.status import NTSTATUS
from tests.provider.nt.cm.registry_caller import RegistryCaller

NAME, SID = 1, 2
ALL = 0xF000F


@pytest.fixture
def calls() -> RegistryCaller:
    return RegistryCaller()


def boundary(calls: RegistryCaller, *entries: tuple[int, bytes]) -> int:
    """The address of a boundary descriptor."""
    body = b"".join(
        (struct.pack("<2I", kind, 8 + len(data)) + data).ljust(-(-(8 + len(data)) // 8) * 8, b"\0")
        for kind, data in entries
    )
    return calls.write(struct.pack("<4I", 1, len(entries), 16 + len(body), 0) + body)


@pytest.mark.parametrize(
    "data",
    [
        struct.pack("<4I", 2, 0, 16, 0),
        struct.pack("<4I", 1, 0, 16, 0),
        struct.pack("<4I", 1, 1, 16, 0),
        struct.pack("<4I", 1, 1, 0xFFFFFFFF, 0),
        struct.pack("<6I", 1, 1, 24, 0, NAME, 7),
        struct.pack("<6I", 1, 1, 24, 0, NAME, 9),
        struct.pack("<6I2s", 1, 1, 26, 0, 7, 10, b"x\0"),
    ],
)
def test_damaged_boundaries(calls: RegistryCaller, data: bytes) -> None:
    va = calls.write(data)
    for name in ("NtCreatePrivateNamespace", "NtOpenPrivateNamespace"):
        assert calls(name, calls.out, ALL, 0, va) == NTSTATUS.INVALID_PARAMETER


def test_only_those_within_find_it(calls: RegistryCaller) -> None:
    name = (NAME, b"n\0")
    va = boundary(calls, name, (SID, sid("S-1-5-32-544")))
    assert calls("NtCreatePrivateNamespace", calls.out, ALL, 0, va) == NTSTATUS.ACCESS_DENIED
    va = boundary(calls, name, (SID, USER_SID))
    assert calls("NtOpenPrivateNamespace", calls.out, ALL, 0, va) == (
        NTSTATUS.OBJECT_NAME_NOT_FOUND
    )
    assert calls("NtCreatePrivateNamespace", calls.out, ALL, 0, va) == 0
    made = calls.result
    assert calls("NtCreatePrivateNamespace", calls.out, ALL, 0, va) == (
        NTSTATUS.OBJECT_NAME_COLLISION
    )
    va = boundary(calls, (SID, USER_SID), name)
    assert calls("NtOpenPrivateNamespace", calls.out, ALL, 0, va) == 0, "in any order"
    opened = calls.result
    assert calls("NtCompareObjects", made, opened) == 0
    assert calls("NtCreateEvent", calls.out, 3, calls.attributes("x", root=made), 0, 0) == 0
    assert calls("NtOpenEvent", calls.out, 3, calls.attributes("X", root=opened)) == 0


def test_it_goes_when_it_is_deleted_or_closed(calls: RegistryCaller) -> None:
    for end in ("NtDeletePrivateNamespace", "NtClose"):
        va = boundary(calls, (NAME, b"n\0"))
        assert calls("NtCreatePrivateNamespace", calls.out, ALL, 0, va) == 0
        assert calls(end, calls.result) == 0
        assert calls("NtOpenPrivateNamespace", calls.out, ALL, 0, va) == (
            NTSTATUS.OBJECT_NAME_NOT_FOUND
        )
    assert calls("NtCreateEvent", calls.out, 0x1F0003, 0, 0, 0) == 0
    assert calls("NtDeletePrivateNamespace", calls.result) == NTSTATUS.OBJECT_TYPE_MISMATCH
