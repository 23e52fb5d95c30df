"""NtCreateUserProcess: what a creator can get wrong, and what the child finds."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest

from provider.kernel.ke.event import Event
from provider.nt.status import NTSTATUS
from tests.provider.nt.creator import (
    CLIENT_ID,
    HANDLE_LIST,
    IMAGE_NAME,
    INHERIT,
    SIZE,
    Creator,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def creator(tmp_path: Path) -> Creator:
    return Creator(tmp_path)


@pytest.mark.parametrize("va", [0, 1, 0x7FFE0000, 0x80000000, 0xFFFFFFFF])
def test_bad_pointers(creator: Creator, va: int) -> None:
    before = set(creator.machine.kernel.processes)
    assert creator.create(va, creator.attributes(creator.name())) >= 0xC0000000
    assert creator.create(creator.fill(), va) >= 0xC0000000
    assert set(creator.machine.kernel.processes) == before
    for kind in (IMAGE_NAME, CLIENT_ID, HANDLE_LIST):
        status = creator.create(creator.fill(), creator.attributes(creator.name(), (kind, 8, va)))
        assert status == NTSTATUS.SUCCESS or status >= 0xC0000000


@pytest.mark.parametrize("size", [0, 3, 5, 4 + 15, 4 + 16 * 33, 0xFFFFFFFF])
def test_a_bad_attribute_list(creator: Creator, size: int) -> None:
    creator.attributes(creator.name())
    creator.machine.write(creator.list, size)
    assert creator.create(creator.fill(), creator.list) == NTSTATUS.INVALID_PARAMETER


@pytest.mark.parametrize("length", [0, SIZE - 1, (1 << 20) + 1, 0xFFFFFFFF])
def test_parameters_of_no_good_length(creator: Creator, length: int) -> None:
    creator.fill()
    creator.machine.write(creator.parameters + 4, length)
    status = creator.create(creator.parameters, creator.attributes(creator.name()))
    assert status == NTSTATUS.INVALID_PARAMETER


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("\\??\\C:\\programs\\none.exe", NTSTATUS.OBJECT_NAME_NOT_FOUND),
        ("\\??\\C:\\programs\\text.exe", NTSTATUS.INVALID_IMAGE_NOT_MZ),
        ("\\??\\C:\\programs\\empty.exe", NTSTATUS.INVALID_FILE_FOR_SECTION),
        ("\\??\\C:\\programs", NTSTATUS.FILE_IS_A_DIRECTORY),
    ],
)
def test_no_program(creator: Creator, name: str, status: int) -> None:
    processes = set(creator.machine.kernel.processes)
    assert creator.create(creator.fill(), creator.attributes(creator.name(name))) == status
    assert set(creator.machine.kernel.processes) == processes


@pytest.mark.parametrize("flags", [0, 1])
def test_what_the_child_finds(creator: Creator, flags: int) -> None:
    machine = creator.machine
    told = CLIENT_ID, 8, creator.buffer + 0x80
    attributes = creator.attributes(creator.name(), told)
    assert creator.create(creator.fill(flags=flags), attributes) == NTSTATUS.SUCCESS
    child = creator.child()
    assert child.parent_id == machine.process.id
    assert child.name == "child.exe"
    assert [machine.read(creator.buffer + 0x80 + at) for at in (0, 4)] == [
        child.id,
        child.threads[0].id,
    ]

    def read(va: int, size: int = 4) -> int:
        return int.from_bytes(child.space.read(va, size), "little")

    va = read(child.context.peb_va + 0x10)
    line = read(va + 0x44)
    assert child.space.read(line, read(va + 0x40, 2)).decode("utf-16-le") == "abc"
    assert (read(va + 0x30), read(va + 0x34)) == (0, 0)
    assert (read(va + 8), read(va + 0x10)) == (1, 0)
    assert child.space.read(read(va + 0x48), 12).decode("utf-16-le") == "A=1\0\0\0"


def test_without_inheritance_only_standard_handles_come_along(creator: Creator) -> None:
    handles = creator.machine.process.handles
    event = Event(is_notification=True)
    one = handles.insert(event, 0x1F0003, inherit=False)
    handles.insert(event, 0x1F0003, inherit=True)
    status = creator.create(creator.fill((one, 0x7770, 0)), creator.attributes(creator.name()))
    assert status == NTSTATUS.SUCCESS
    child = creator.child()
    assert len(child.handles) == 1
    va = int.from_bytes(child.space.read(child.context.peb_va + 0x10, 4), "little")
    values = struct.unpack("<3I", child.space.read(va + 0x18, 12))
    assert child.handles.reference(values[0], Event) is event
    assert values[1:] == (0, 0)


@pytest.mark.parametrize("chosen", [False, True])
def test_inheritance(creator: Creator, chosen: bool) -> None:
    handles = creator.machine.process.handles
    event = Event(is_notification=True)
    first, second = (handles.insert(event, 0x1F0003, inherit=True) for _ in range(2))
    handles.insert(event, 0x1F0003, inherit=False)
    rows = [creator.name()]
    if chosen:
        creator.machine.write(creator.buffer + 0x90, second)
        rows.append((HANDLE_LIST, 4, creator.buffer + 0x90))
    status = creator.create(creator.fill(), creator.attributes(*rows), INHERIT)
    assert status == NTSTATUS.SUCCESS
    inherited = [handle for handle, _ in creator.child().handles]
    assert inherited == ([second] if chosen else [first, second])
