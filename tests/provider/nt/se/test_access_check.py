"""The access check by table: descriptors against subjects, without a machine."""

from __future__ import annotations

import struct

import pytest

from provider.kernel.ob.access import (
    MAXIMUM_ALLOWED,
    READ_CONTROL,
    SYSTEM_SECURITY,
    WRITE_DAC,
    WRITE_OWNER,
    GenericMapping,
)
from provider.nt.se.access_check import (
    NO_READ_UP,
    NO_WRITE_UP,
    Subject,
    TypeNode,
    check,
    check_types,
)
from provider.nt.se.acl import (
    ALLOWED,
    ALLOWED_OBJECT,
    DENIED,
    DENIED_OBJECT,
    INHERIT_ONLY,
    build,
    label,
)
from provider.nt.se.descriptor import Descriptor
from provider.nt.se.identity import (
    EVERYONE_SID,
    LOW_LEVEL,
    OWNER_RIGHTS_SID,
    SELF_SID,
    SYSTEM_SID,
    USERS_SID,
    level_sid,
    sid,
)
from provider.nt.se.privilege import SE_SECURITY, SE_TAKE_OWNERSHIP
from provider.nt.status import NTSTATUS

READ, WRITE, RUN = 1, 2, 4
MAPPING = GenericMapping(READ | READ_CONTROL, WRITE | READ_CONTROL, RUN | READ_CONTROL, 0x1F0007)
ME, OTHER = sid("S-1-5-21-1-2-3-1000"), sid("S-1-5-21-1-2-3-1001")
SUBJECT = Subject(frozenset((ME, EVERYONE_SID)), frozenset((ME, EVERYONE_SID, USERS_SID)))
LOW = Subject(SUBJECT.allowing, SUBJECT.denying, level=LOW_LEVEL)
DENIED_STATUS, GRANTED = NTSTATUS.ACCESS_DENIED, NTSTATUS.SUCCESS
Entry = tuple[int, int, bytes]


def entry(kind: int, mask: int, who: bytes, flags: int = 0) -> Entry:
    return kind, flags, struct.pack("<I", mask) + who


def object_entry(kind: int, mask: int, who: bytes, guid: bytes) -> Entry:
    return kind, 0, struct.pack("<2I", mask, 1) + guid + who


def descriptor(*entries: Entry, owner: bytes = SYSTEM_SID) -> Descriptor:
    return Descriptor(owner=owner, group=SYSTEM_SID, dacl=build(entries))


ALLOW_READ = entry(ALLOWED, READ, EVERYONE_SID)


@pytest.mark.parametrize(
    ("dacl", "desired", "granted"),
    [
        ([], READ, 0),
        ([], MAXIMUM_ALLOWED, 0),
        ([ALLOW_READ], READ, READ),
        ([ALLOW_READ], READ | WRITE, 0),
        ([ALLOW_READ], 0, 0),
        ([ALLOW_READ], MAXIMUM_ALLOWED, READ),
        ([ALLOW_READ], MAXIMUM_ALLOWED | WRITE, 0),
        ([ALLOW_READ, entry(ALLOWED, WRITE, ME)], READ | WRITE, READ | WRITE),
        ([entry(DENIED, READ, ME), ALLOW_READ], READ, 0),
        ([ALLOW_READ, entry(DENIED, READ, ME)], READ, READ),
        ([entry(DENIED, READ, OTHER), ALLOW_READ], READ, READ),
        ([entry(DENIED, WRITE, ME), entry(ALLOWED, 7, ME)], MAXIMUM_ALLOWED, READ | RUN),
        ([entry(DENIED, READ, USERS_SID), ALLOW_READ], READ, 0),
        ([entry(ALLOWED, READ, USERS_SID)], READ, 0),
        ([entry(ALLOWED, READ, EVERYONE_SID, INHERIT_ONLY)], READ, 0),
        ([entry(ALLOWED, 0x80000000, ME)], READ | READ_CONTROL, READ | READ_CONTROL),
        ([entry(ALLOWED, READ, OWNER_RIGHTS_SID)], READ, 0),
        ([object_entry(ALLOWED_OBJECT, READ, ME, bytes(16))], READ, 0),
        ([object_entry(DENIED_OBJECT, READ, ME, bytes(16)), ALLOW_READ], READ, 0),
        ([entry(0x77, READ, ME), ALLOW_READ], READ, READ),
    ],
)
def test_lists(dacl: list[Entry], desired: int, granted: int) -> None:
    decision = check(SUBJECT, descriptor(*dacl), desired, MAPPING)
    assert decision.granted == granted
    assert decision.status is (GRANTED if granted else DENIED_STATUS)


@pytest.mark.parametrize("dacl", [None, b""])
def test_no_list_grants_everything(dacl: bytes | None) -> None:
    made = Descriptor(owner=SYSTEM_SID, dacl=dacl)
    assert check(SUBJECT, made, READ | WRITE, MAPPING).granted == READ | WRITE
    assert check(SUBJECT, made, MAXIMUM_ALLOWED, MAPPING).granted == MAPPING.all
    assert check(SUBJECT, made, SYSTEM_SECURITY, MAPPING).status is NTSTATUS.PRIVILEGE_NOT_HELD


def test_the_owner_may_always_read_and_change_the_list() -> None:
    mine = descriptor(owner=ME)
    both = READ_CONTROL | WRITE_DAC
    assert check(SUBJECT, mine, both, MAPPING).granted == both
    assert check(SUBJECT, mine, MAXIMUM_ALLOWED, MAPPING).granted == both
    assert check(SUBJECT, mine, both | READ, MAPPING).status is DENIED_STATUS
    assert check(SUBJECT, descriptor(owner=USERS_SID), WRITE_DAC, MAPPING).granted == 0
    limited = descriptor(entry(ALLOWED, READ, OWNER_RIGHTS_SID), owner=ME)
    assert check(SUBJECT, limited, WRITE_DAC, MAPPING).granted == 0
    assert check(SUBJECT, limited, MAXIMUM_ALLOWED, MAPPING).granted == READ


def test_privileges_give_rights() -> None:
    able = Subject(
        SUBJECT.allowing, SUBJECT.denying, privileges=frozenset((SE_SECURITY, SE_TAKE_OWNERSHIP))
    )
    decision = check(able, descriptor(), SYSTEM_SECURITY | WRITE_OWNER, MAPPING)
    assert decision.granted == SYSTEM_SECURITY | WRITE_OWNER
    assert decision.privileges == (SE_SECURITY, SE_TAKE_OWNERSHIP)
    assert check(able, descriptor(ALLOW_READ), READ, MAPPING).privileges == ()


def test_a_restricted_subject_is_granted_twice() -> None:
    restricted = Subject(SUBJECT.allowing, SUBJECT.denying, frozenset((USERS_SID,)))
    once = descriptor(entry(ALLOWED, READ | WRITE, ME))
    twice = descriptor(entry(ALLOWED, READ | WRITE, ME), entry(ALLOWED, READ, USERS_SID))
    assert check(restricted, once, READ, MAPPING).granted == 0
    assert check(restricted, twice, MAXIMUM_ALLOWED, MAPPING).granted == READ
    assert check(restricted, descriptor(owner=ME), WRITE_DAC, MAPPING).granted == 0
    nobody = Subject(SUBJECT.allowing, SUBJECT.denying, frozenset())
    assert check(nobody, twice, READ, MAPPING).granted == 0


def test_restricted_for_writing_only() -> None:
    restricted = Subject(SUBJECT.allowing, SUBJECT.denying, frozenset((USERS_SID,)), True)
    made = descriptor(entry(ALLOWED, 7, ME))
    assert check(restricted, made, MAXIMUM_ALLOWED, MAPPING).granted == READ | RUN


@pytest.mark.parametrize(
    ("sacl", "desired", "granted"),
    [
        (None, READ, READ),
        (None, WRITE, 0),
        (None, MAXIMUM_ALLOWED, READ | RUN),
        (label(level_sid(LOW_LEVEL), NO_WRITE_UP), WRITE, WRITE),
        (label(level_sid(0x3000), NO_READ_UP), READ, 0),
        (label(level_sid(0x3000), NO_READ_UP), WRITE, WRITE),
        (label(level_sid(0x3000), 0), READ | WRITE, READ | WRITE),
    ],
)
def test_labels_bind_the_less_trusted(sacl: bytes | None, desired: int, granted: int) -> None:
    made = descriptor(entry(ALLOWED, 7, ME))._replace(sacl=sacl)
    assert check(LOW, made, desired, MAPPING).granted == granted
    careless = Subject(LOW.allowing, LOW.denying, level=LOW_LEVEL, obeys_labels=False)
    assert check(careless, made, READ | WRITE, MAPPING).granted == READ | WRITE


def test_what_was_granted_before_counts() -> None:
    assert check(SUBJECT, descriptor(), 0, MAPPING, previous=WRITE).granted == WRITE
    assert check(SUBJECT, descriptor(ALLOW_READ), READ, MAPPING, previous=WRITE).granted == 3


def test_principal_self() -> None:
    made = descriptor(entry(ALLOWED, READ, SELF_SID))
    assert check(SUBJECT, made, READ, MAPPING).granted == 0
    assert check(SUBJECT, made, READ, MAPPING, self_sid=ME).granted == READ
    assert check(SUBJECT, made, READ, MAPPING, self_sid=OTHER).granted == 0


def test_object_types() -> None:
    whole, left, right, leaf = (bytes([number]) * 16 for number in range(4))
    nodes = [TypeNode(0, whole), TypeNode(1, left), TypeNode(2, leaf), TypeNode(1, right)]

    def granted(*entries: Entry) -> list[int]:
        decisions = check_types(SUBJECT, descriptor(*entries), READ, MAPPING, nodes)
        return [decision.granted for decision in decisions]

    assert granted(ALLOW_READ) == [1, 1, 1, 1]
    assert granted(object_entry(ALLOWED_OBJECT, READ, ME, leaf)) == [0, 1, 1, 0]
    assert granted(object_entry(ALLOWED_OBJECT, READ, ME, left)) == [0, 1, 1, 0]
    both = [object_entry(ALLOWED_OBJECT, READ, ME, guid) for guid in (leaf, right)]
    assert granted(*both) == [1, 1, 1, 1]
    assert granted(object_entry(DENIED_OBJECT, READ, ME, leaf), ALLOW_READ) == [0, 0, 0, 1]
    unknown = object_entry(DENIED_OBJECT, READ, ME, b"?" * 16)
    assert granted(unknown, ALLOW_READ) == [1, 1, 1, 1]
