"""The attribute list of NtCreateUserProcess: each attribute, what is wrong with it first.

Sizes are those of phnt's PS_ATTRIBUTE_… (ntpsapi.h); that a list names an attribute once, and that
what it lists must be inheritable, is from the Win32 calls that end here.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest

from provider.kernel.ke.event import Event
from provider.kernel.mm import VadKind
from provider.nt.ps import attributes as a
from provider.nt.ps.job import Job
from provider.nt.status import status_name
from tests.provider.nt.creator import INHERIT, Creator
from tests.provider.nt.synthetic import program_image

if TYPE_CHECKING:
    from pathlib import Path

    from provider.kernel.process import Process

DATA = 0x4000
"""Where the tests' values are in the creator's buffer."""


@pytest.fixture
def creator(tmp_path: Path) -> Creator:
    return Creator(tmp_path)


def create(creator: Creator, *rows: tuple[int, int, int], flags: int = 0, **more: int) -> str:
    status = creator.create(
        creator.fill(), creator.attributes(creator.name(), *rows), flags, **more
    )
    return status_name(status).removeprefix("STATUS_")


def value(creator: Creator, attribute: int, data: bytes) -> tuple[int, int, int]:
    """A row whose value is in memory."""
    creator.machine.process.space.write(creator.buffer + DATA, data)
    return attribute, len(data), creator.buffer + DATA


def made(creator: Creator, attribute: int, data: bytes, flags: int = 0) -> Process:
    assert create(creator, value(creator, attribute, data), flags=flags) == "SUCCESS"
    return creator.child()


@pytest.mark.parametrize(
    ("attribute", "sizes"),
    [
        (a.PARENT_PROCESS, (0, 3, 8)), (a.DEBUG_OBJECT, (0, 5)), (a.TOKEN, (0, 5)),
        (a.CLIENT_ID, (0, 4, 7, 9)), (a.TEB_ADDRESS, (0, 3, 8)), (a.IMAGE_INFORMATION, (0, 4, 64)),
        (a.IMAGE_NAME, (3, 0x10000)), (a.MEMORY_RESERVE, (4, 9, 17 * 8)),
        (a.PRIORITY_CLASS, (0, 2, 4)), (a.ERROR_MODE, (0, 3, 8)), (a.STANDARD_HANDLES, (0, 4, 9)),
        (a.HANDLE_LIST, (3, 4 * 0x10001)), (a.GROUP_AFFINITY, (0, 8, 13)),
        (a.PREFERRED_NODE, (0, 1, 4)), (a.IDEAL_PROCESSOR, (0, 3, 8)),
        (a.MITIGATION_OPTIONS, (0, 1, 12, 32)), (a.JOB_LIST, (3, 5)),
        (a.CHILD_PROCESS_POLICY, (0, 2, 16)),
    ],
)  # fmt: skip
def test_wrong_sizes(creator: Creator, attribute: int, sizes: tuple[int, ...]) -> None:
    before = set(creator.machine.kernel.processes)
    for size in sizes:
        rows = [creator.name(), (attribute, size, creator.buffer + DATA)]
        listed = creator.attributes(*rows[attribute == a.IMAGE_NAME :])
        status = status_name(creator.create(creator.fill(), listed))
        assert status == "STATUS_INVALID_PARAMETER", size
    assert set(creator.machine.kernel.processes) == before


def test_attributes_that_come_twice_or_are_none(creator: Creator) -> None:
    client = a.CLIENT_ID, 8, creator.buffer + DATA
    assert create(creator, client, client) == "INVALID_PARAMETER"
    assert create(creator, (27, 0, 0)) == "INVALID_PARAMETER"
    assert create(creator, (0xFFFF, 0, 0)) == "INVALID_PARAMETER"
    assert create(creator, (0x2001A, 4, 0)) == "SUCCESS"  # NT has it


@pytest.mark.parametrize("handle", [0x1234, 0xFFFFFFFE])
def test_handles_that_are_none(creator: Creator, handle: int) -> None:
    for attribute in (a.PARENT_PROCESS, a.DEBUG_OBJECT, a.TOKEN):
        bad = "OBJECT_TYPE_MISMATCH" if handle == 0xFFFFFFFE else "INVALID_HANDLE"
        assert create(creator, (attribute, 4, handle)) == bad
    listed = struct.pack("<I", handle)
    assert create(creator, value(creator, a.JOB_LIST, listed)) == bad
    assert create(creator, value(creator, a.HANDLE_LIST, listed), flags=INHERIT) == (
        "INVALID_PARAMETER"
    )
    assert len(creator.machine.kernel.processes) == 2  # the creator and the system


def test_a_list_with_what_cannot_be_inherited(creator: Creator) -> None:
    handles = creator.machine.process.handles
    event = Event(is_notification=True)
    private = handles.insert(event, 0x1F0003, inherit=False)
    row = value(creator, a.HANDLE_LIST, struct.pack("<I", private))
    assert create(creator, row, flags=INHERIT) == "INVALID_PARAMETER"
    assert create(creator, row) == "SUCCESS"  # nothing is inherited at all


def test_a_list_leaves_out_protected_handles_too(creator: Creator) -> None:
    handles = creator.machine.process.handles
    event = Event(is_notification=True)
    first, _ = (handles.insert(event, 0x1F0003, inherit=True, protect=True) for _ in range(2))
    row = value(creator, a.HANDLE_LIST, struct.pack("<I", first | 1))
    assert create(creator, row, flags=INHERIT) == "SUCCESS"
    assert [handle for handle, _ in creator.child().handles] == [first]


@pytest.mark.parametrize(
    ("word", "subsystem", "flags", "kept"),
    [
        (0, 0, 0, []), (1, 3, 0, [0, 1, 2]), (1, 2, 0, []), (1, 3, INHERIT, []),
        (2, 0, 0, [0, 1, 2]), (2, 0, INHERIT, [0, 1, 2]), (2 | 2 << 2, 0, 0, [0, 2]),
    ],
)  # fmt: skip
def test_which_standard_handles_are_duplicated(
    creator: Creator, word: int, subsystem: int, flags: int, kept: list[int]
) -> None:
    handles = creator.machine.process.handles
    events = [Event(is_notification=True) for _ in range(3)]
    own = [handles.insert(event, 0x1F0003, inherit=False) for event in events]
    row = value(creator, a.STANDARD_HANDLES, struct.pack("<2I", word, subsystem))
    parameters = creator.fill((own[0], own[1], own[2]))
    status = creator.create(parameters, creator.attributes(creator.name(), row), flags)
    assert not status
    child = creator.child()
    va = int.from_bytes(child.space.read(child.context.peb_va + 0x10, 4), "little")
    told = struct.unpack("<3I", child.space.read(va + 0x18, 12))
    for index, event in enumerate(events):
        if index in kept:
            assert child.handles.reference(told[index], Event) is event
        else:
            assert told[index] == own[index]
    assert len(child.handles) == len(kept)


def test_a_state_of_standard_handles_that_does_not_exist(creator: Creator) -> None:
    row = value(creator, a.STANDARD_HANDLES, struct.pack("<2I", 3, 3))
    assert create(creator, row) == "INVALID_PARAMETER"


def test_priority_classes(creator: Creator) -> None:
    for number, status in ((0, "INVALID_PARAMETER"), (7, "INVALID_PARAMETER"),
                           (4, "PRIVILEGE_NOT_HELD")):  # fmt: skip
        row = value(creator, a.PRIORITY_CLASS, bytes([number]))
        assert create(creator, row) == status
    child = made(creator, a.PRIORITY_CLASS, b"\x03")
    assert (child.context.priority_class, child.base_priority) == (3, 13)
    assert child.threads[0].priority == 13


def test_the_error_mode_is_inherited_or_given(creator: Creator) -> None:
    creator.machine.context.hard_error_mode = 5
    assert create(creator) == "SUCCESS"
    assert creator.child().context.hard_error_mode == 5
    assert made(creator, a.ERROR_MODE, struct.pack("<I", 2)).context.hard_error_mode == 2


def test_memory_is_reserved(creator: Creator) -> None:
    for va, size in ((0x10000, 0), (0x80000000, 0x1000), (0x400000, 0x1000)):
        row = value(creator, a.MEMORY_RESERVE, struct.pack("<2I", va, size))
        assert create(creator, row) != "SUCCESS", hex(va)
    child = made(creator, a.MEMORY_RESERVE, struct.pack("<2I", 0x20000000, 0x30000))
    vad = child.space.vads.find(0x20000000)
    assert vad is not None
    assert (vad.start, vad.end - vad.start, vad.kind) == (0x20000000, 0x30000, VadKind.PRIVATE)


def test_processors_and_nodes(creator: Creator) -> None:
    for attribute, bad, good in (
        (a.GROUP_AFFINITY, struct.pack("<I4H", 2, 0, 0, 0, 0), struct.pack("<I4H", 1, 0, 0, 0, 0)),
        (a.GROUP_AFFINITY, struct.pack("<I4H", 1, 1, 0, 0, 0), struct.pack("<I4H", 1, 0, 0, 0, 0)),
        (a.PREFERRED_NODE, b"\1\0", b"\0\0"),
        (a.IDEAL_PROCESSOR, b"\0\0\1\0", bytes(4)),
    ):
        assert create(creator, value(creator, attribute, bad)) == "INVALID_PARAMETER"
        assert create(creator, value(creator, attribute, good)) == "SUCCESS"


def test_data_execution_prevention(creator: Creator) -> None:
    assert create(creator) == "SUCCESS"
    assert not creator.child().context.execution_is_permanent
    child = made(creator, a.MITIGATION_OPTIONS, struct.pack("<Q", 1))
    assert child.context.execution_is_permanent
    assert not child.space.execute_data


def test_processes_without_children(creator: Creator) -> None:
    row = value(creator, a.CHILD_PROCESS_POLICY, struct.pack("<I", 4))
    assert create(creator, row) == "INVALID_PARAMETER"
    child = made(creator, a.CHILD_PROCESS_POLICY, struct.pack("<I", 1))
    assert not child.context.may_create_children
    creator.machine.context.may_create_children = False
    assert create(creator) == "CHILD_PROCESS_BLOCKED"


def test_a_job_that_takes_no_more(creator: Creator) -> None:
    job = Job()
    handle = creator.machine.process.handles.insert(job, 0x1F003F)
    child = made(creator, a.JOB_LIST, struct.pack("<I", handle))
    assert child.context.job is job


@pytest.mark.parametrize(
    ("name", "state", "detail"),
    [("none.exe", 1, 0), ("text.exe", 2, 0), ("posix.exe", 3, 0), ("child.exe", 6, 0)],
)
def test_how_far_creation_came(
    creator: Creator, tmp_path: Path, name: str, state: int, detail: int
) -> None:
    posix = bytearray(program_image("nop").data)
    subsystem = int.from_bytes(posix[60:64], "little") + 24 + 68
    posix[subsystem : subsystem + 2] = b"\7\0"
    (tmp_path / "posix.exe").write_bytes(posix)
    info = creator.buffer + DATA
    creator.machine.write(info, 0x48, 0, 0)
    row = creator.name(f"\\??\\C:\\programs\\{name}")
    creator.create(creator.fill(), creator.attributes(row), info=info)
    assert [creator.machine.read(info + at) for at in (4, 8)] == [state, detail]


def test_what_a_creator_is_told_on_request(creator: Creator) -> None:
    info = creator.buffer + DATA
    creator.machine.write(info, 0x48, 0, 1)
    status = creator.create(creator.fill(), creator.attributes(creator.name()), info=info)
    assert not status
    read, child = creator.machine.read, creator.child()
    handles = creator.machine.process.handles
    assert handles.entry(read(info + 0xC)).object.type_name == "File"
    assert handles.entry(read(info + 0x10)).object.type_name == "Section"
    assert read(info + 0x28) == child.context.peb_va
    va = int.from_bytes(child.space.read(child.context.peb_va + 0x10, 4), "little")
    assert (read(info + 0x18), read(info + 0x24)) == (va, 1)


def test_nothing_stays_open(creator: Creator) -> None:
    kernel = creator.machine.kernel
    before = len(creator.machine.process.handles)
    assert create(creator) == "SUCCESS"
    kernel.terminate_process(creator.child(), 0)
    assert len(creator.machine.process.handles) == before + 2  # process and thread
    assert create(creator, (a.TOKEN, 4, 0x1234)) == "INVALID_HANDLE"
    assert len(creator.machine.process.handles) == before + 2
