"""What numbers are called: the file of names, and that it fits what the code declares."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import Any, get_args

import pytest

from provider.nt import legend, syscalls_table
from provider.nt.buffer import _shower, places
from provider.nt.cm.information import KEY_CLASS, VALUE_CLASS
from provider.nt.contents import Contents
from provider.nt.ex.system_query import SYSTEM
from provider.nt.io.flags import FileInformation, FsInformation
from provider.nt.ke.thread_query import THREADINFO
from provider.nt.legend import Named, kinds
from provider.nt.ps.job_query import JOBINFO
from provider.nt.ps.process_class import PROCESSINFO
from provider.nt.structs.ob import OBJ

CALLS = syscalls_table().implemented()
EDGE = 0xFFFFFFFF


@pytest.mark.parametrize("value", [0, EDGE, 0x12345678])
def test_a_number_without_a_name_is_a_number(value: int) -> None:
    assert Named("PROCESSINFOCLASS").show(value) in ("ProcessBasicInformation", f"{value:#x}")
    shown = Named("EVENT_ACCESS", "STANDARD_ACCESS").show(value)
    assert shown == "0" or all(
        re.fullmatch(r"[A-Z_]+|0x[0-9a-f]+", part) for part in shown.split("|")
    )


def test_flags_of_many_bits_stand_for_all_of_them() -> None:
    access = Named("KEY_ACCESS", "STANDARD_ACCESS")
    assert access.show(0xF003F) == "KEY_ALL_ACCESS"
    assert access.show(0x2001F) == "KEY_READ|KEY_WRITE"
    assert access.show(0x80020019) == "KEY_READ|GENERIC_READ"
    assert access.show(0x40000801) == "KEY_QUERY_VALUE|GENERIC_WRITE|0x800"


def test_a_guest_cannot_fill_the_memory_with_names() -> None:
    access = Named("EVENT_ACCESS")
    for value in range(2000):
        access.show(value)
    assert len(access._shown) <= 512


@pytest.mark.parametrize("name", sorted(kinds()))
def test_a_kind_has_each_number_once(name: str) -> None:
    kind = kinds()[name]
    numbers = [number for number, _ in kind.names]
    assert len(set(numbers)) == len(numbers)
    assert all(0 <= number <= EDGE for number in numbers)


@pytest.mark.parametrize("name", sorted(kinds()))
def test_what_a_buffer_holds_can_be_shown(name: str) -> None:
    for holds in kinds()[name].contents.values():
        if holds != "TEXT":
            assert _shower(holds.lstrip("<>")) is not None


def _all_named() -> list[Named]:
    found = [get_args(value)[1] for value in vars(legend).values() if get_args(value)[1:]]
    return [codec for codec in found if isinstance(codec, Named)]


def test_every_kind_that_is_asked_for_is_there() -> None:
    asked = {name for codec in _all_named() for name in codec.kinds}
    assert len(asked) > 60
    assert asked <= set(kinds())


def _plain(name: str) -> str:
    return re.sub(r"information|_", "", name, flags=re.IGNORECASE).lower()


@pytest.mark.parametrize(
    ("declared", "kind", "prefix"),
    [
        (PROCESSINFO, "PROCESSINFOCLASS", "Process"),
        (THREADINFO, "THREADINFOCLASS", "Thread"),
        (SYSTEM, "SYSTEM_INFORMATION_CLASS", "System"),
        (JOBINFO, "JOBOBJECTINFOCLASS", "JobObject"),
        (KEY_CLASS, "KEY_INFORMATION_CLASS", "Key"),
        (VALUE_CLASS, "KEY_VALUE_INFORMATION_CLASS", "KeyValue"),
        (FileInformation, "FILE_INFORMATION_CLASS", ""),
        (FsInformation, "FS_INFORMATION_CLASS", ""),
    ],
)
def test_classes_are_called_what_the_code_calls_them(
    declared: type[IntEnum], kind: str, prefix: str
) -> None:
    names = dict(kinds()[kind].names)
    known = {_plain(prefix + member.name): member.value for member in declared}
    theirs = {_plain(name): number for number, name in names.items()}
    others = {name: number for name, number in known.items() if theirs.get(name) != number}
    assert set(others) <= SHORTER, others


SHORTER = {
    "processwow64", "threadwin32startaddress", "threadtebinformation", "systemtimezone",
    "systemrangestart", "systemshareddataalignment", "systempagefile", "systemkerneldebugger",
    "threadteb",
}  # fmt: skip
"""Those that the code calls something shorter than the headers do."""


def test_attributes_of_objects_are_called_what_the_code_calls_them() -> None:
    ours = {name: bit for name, bit in vars(OBJ).items() if name.startswith("OBJ_")}
    assert ours == {name: bit for bit, name in kinds()["OBJ_ATTRIBUTES"].names}


def _parameters(test: Any) -> list[tuple[str, str]]:
    return [
        (call.name, parameter.name)
        for call in CALLS
        for parameter in call.parameters
        if test(parameter)
    ]


def test_every_class_that_a_call_takes_has_names() -> None:
    unnamed = _parameters(
        lambda parameter: (
            parameter.name.endswith("Class")
            and not isinstance(parameter.codec, Named)
            and parameter.name not in ("Class", "TrustClass")
        )
    )
    assert unnamed == []


def test_every_access_mask_has_the_names_of_its_type() -> None:
    general = _parameters(
        lambda parameter: (
            parameter.name == "DesiredAccess"
            and parameter.direction is None
            and getattr(parameter.codec, "kinds", ()) == ("STANDARD_ACCESS",)
        )
    )
    assert {name for name, _ in general} == OF_ANY_TYPE


OF_ANY_TYPE = {
    "NtAccessCheck", "NtAccessCheckAndAuditAlarm", "NtAccessCheckByType",
    "NtAccessCheckByTypeAndAuditAlarm", "NtAccessCheckByTypeResultList",
    "NtAccessCheckByTypeResultListAndAuditAlarm",
    "NtAccessCheckByTypeResultListAndAuditAlarmByHandle", "NtCreatePrivateNamespace",
    "NtCreateWaitCompletionPacket", "NtDuplicateObject", "NtOpenObjectAuditAlarm",
    "NtOpenPrivateNamespace", "NtPrivilegeObjectAuditAlarm",
}  # fmt: skip
"""Calls whose access is to an object of any type, or of one without names for its rights."""


def test_every_buffer_that_is_shown_has_a_size_and_a_name() -> None:
    shown = _parameters(lambda parameter: isinstance(parameter.codec, Contents))
    assert len(shown) > 60
    for call in CALLS:
        for place in places(call):
            if place.size is not None:
                assert re.search("Length|Size|Count|NumberOfBytes", call.names[place.size]), (
                    call.name
                )
