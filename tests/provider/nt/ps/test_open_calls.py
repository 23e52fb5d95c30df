"""NtOpenProcess, NtGetNextProcess: which ids name which process, and for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from provider.kernel.process import Process
from provider.nt import startup
from provider.nt.status import status_name
from tests.provider.nt.synthetic import NtMachine, ntdll_image, program_image, start

if TYPE_CHECKING:
    from provider.kernel.thread import Thread

QUERY = 0x400
NAME_VA, ATTRIBUTES_VA, CLIENT_VA = 0x100, 0x200, 0x300


class Opener:
    """A machine whose process opens others."""

    def __init__(self) -> None:
        self.machine: NtMachine = start("nop")
        self.buffer = self.machine.allocate()
        self.machine.write(self.buffer + ATTRIBUTES_VA, 24, 0, 0, 0, 0, 0)

    def child(self) -> tuple[Process, Thread]:
        provider = self.machine.provider
        child = startup.create_process(provider, program_image("nop"), ntdll_image(), b"", "b.exe")
        return child, startup.create_initial_thread(provider, child)

    def open(self, process_id: int, thread_id: int = 0) -> str:
        self.machine.write(self.buffer + CLIENT_VA, process_id, thread_id)
        return self.call(self.buffer + ATTRIBUTES_VA, self.buffer + CLIENT_VA)

    def call(self, attributes_va: int, client_va: int) -> str:
        arguments = self.buffer, QUERY, attributes_va, client_va
        return self.status("NtOpenProcess", *arguments)

    def opened(self) -> Process:
        handle = self.machine.read(self.buffer)
        return self.machine.process.handles.reference(handle, Process, QUERY)

    def next(self, handle: int, flags: int = 0) -> str:
        return self.status("NtGetNextProcess", handle, QUERY, 0, flags, self.buffer)

    def status(self, name: str, *arguments: int) -> str:
        return status_name(self.machine.call(name, *arguments)).removeprefix("STATUS_")


@pytest.fixture
def opener() -> Opener:
    return Opener()


def test_ids_that_name_nothing(opener: Opener) -> None:
    child, thread = opener.child()
    own = opener.machine.process
    for ids in ((0, 0), (2, 0), (0x12344, 0), (0xFFFFFFFF, 0), (thread.id, 0), (0, child.id)):
        assert opener.open(*ids) == "INVALID_CID", ids
    assert opener.open(own.id, thread.id) == "INVALID_CID"


def test_a_name_and_an_id_exclude_each_other(opener: Opener) -> None:
    machine, va = opener.machine, opener.buffer
    assert opener.call(va + ATTRIBUTES_VA, 0) == "INVALID_PARAMETER_MIX"
    machine.process.space.write(va + 0x400, "\\x".encode("utf-16-le"))
    machine.write(va + NAME_VA, 4 | 4 << 16, va + 0x400)
    machine.write(va + ATTRIBUTES_VA, 24, 0, va + NAME_VA, 0, 0, 0)
    assert opener.open(machine.process.id) == "INVALID_PARAMETER_MIX"


def test_a_process_by_its_id_and_by_a_threads(opener: Opener) -> None:
    child, thread = opener.child()
    for ids in ((child.id, 0), (child.id | 3, 0), (child.id, thread.id), (0, thread.id)):
        assert opener.open(*ids) == "SUCCESS", ids
        assert opener.opened() is child


def test_a_process_that_has_ended_is_found_while_somebody_refers_to_it(opener: Opener) -> None:
    child, _ = opener.child()
    assert opener.open(child.id) == "SUCCESS"
    first = opener.machine.read(opener.buffer)
    opener.machine.kernel.terminate_process(child, 5)
    assert opener.open(child.id) == "SUCCESS"
    assert opener.opened() is child
    for handle in (first, opener.machine.read(opener.buffer)):
        assert opener.status("NtClose", handle) == "SUCCESS"
    assert opener.open(child.id) == "INVALID_CID"


def test_one_process_after_another(opener: Opener) -> None:
    machine = opener.machine
    child, _ = opener.child()
    expected = [machine.kernel.system_process, machine.process, child]
    for flags in (0, 1):
        handle, found = 0, []
        while (outcome := opener.next(handle, flags)) == "SUCCESS":
            handle = machine.read(opener.buffer)
            found.append(opener.opened())
        assert outcome == "NO_MORE_ENTRIES"
        assert found == expected
        expected.reverse()


def test_next_with_bad_arguments(opener: Opener) -> None:
    assert opener.next(0, 2) == "INVALID_PARAMETER"
    assert opener.next(0x1234) == "INVALID_HANDLE"
    assert opener.next(-2) == "OBJECT_TYPE_MISMATCH"
