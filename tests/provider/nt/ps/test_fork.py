"""Clones of processes: NtCreateProcess without a section, NtCreateUserProcess without an image."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest

from provider.kernel.process import Process
from provider.nt.dbg.debug_object import DebugObject
from provider.nt.lpc.port import Port
from provider.nt.ps.job import Job
from provider.nt.status import NTSTATUS, status_name
from tests.guests import PROGRAMS, compile_program, picorun
from tests.provider.kernel.mm.invariants import check
from tests.provider.nt.synthetic import NtMachine, start

if TYPE_CHECKING:
    from pathlib import Path

SELF = -1
ALL_ACCESS = 0x1FFFFF
CREATE_PROCESS = 0x80


class Forks:
    """A machine whose process clones itself."""

    def __init__(self) -> None:
        self.machine: NtMachine = start("nop")
        self.buffer = self.machine.allocate()

    def status(self, name: str, *arguments: int) -> str:
        return status_name(self.machine.call(name, *arguments)).removeprefix("STATUS_")

    def clone(self, parent: int = SELF, *, inherit: int = 0, section: int = 0) -> str:
        arguments = self.buffer, ALL_ACCESS, 0, parent, inherit, section, 0, 0
        return self.status("NtCreateProcess", *arguments)

    def child(self) -> Process:
        handle = self.machine.read(self.buffer)
        return self.machine.process.handles.reference(handle, Process)


@pytest.fixture
def forks() -> Forks:
    return Forks()


def test_bad_handles(forks: Forks) -> None:
    insert = forks.machine.process.handles.insert
    weak = insert(forks.machine.process, ALL_ACCESS & ~CREATE_PROCESS)
    assert forks.clone(0) == "INVALID_PARAMETER"
    assert forks.clone(0x1234) == "INVALID_HANDLE"
    assert forks.clone(-2) == "OBJECT_TYPE_MISMATCH"
    assert forks.clone(weak) == "ACCESS_DENIED"
    assert forks.clone(section=0x1234) == "INVALID_HANDLE"
    assert forks.clone(section=weak) == "OBJECT_TYPE_MISMATCH"


def test_flags_that_do_not_exist(forks: Forks) -> None:
    arguments = forks.buffer, ALL_ACCESS, 0, SELF, 0x20, 0, 0, 0, 0
    assert forks.status("NtCreateProcessEx", *arguments) == "INVALID_PARAMETER"


def test_a_clone_shares_frames_until_one_is_written(forks: Forks) -> None:
    machine = forks.machine
    va = machine.allocate(size=0x8000)
    machine.process.space.write(va, bytes(range(256)) * 128)
    assert forks.clone() == "SUCCESS"
    child = forks.child()
    pfns = machine.kernel.memory.pfns

    def frame(process: Process, page: int) -> int:
        return process.space.tables.entry(page) & machine.kernel.memory.format.frame_mask

    pages = range(va, va + 0x8000, 0x1000)
    for page in pages:
        assert child.space.read(page, 16) == machine.process.space.read(page, 16)
    assert all(frame(child, page) == frame(machine.process, page) for page in pages)
    before = pfns.available
    child.space.write(va + 0x3000, b"changed")
    assert before - pfns.available == 1
    same = [frame(child, page) == frame(machine.process, page) for page in pages]
    assert same == [page != va + 0x3000 for page in pages]
    assert machine.process.space.read(va + 0x3000, 4) == bytes(range(4))
    check(machine.kernel.memory)


def test_a_clone_leaves_nothing_behind(forks: Forks) -> None:
    """But for the segments that the parent's own pages have moved to, at the first two clones."""
    machine = forks.machine
    memory = machine.kernel.memory

    def clone_and_end() -> tuple[int, int, int]:
        assert forks.clone() == "SUCCESS"
        handle = machine.read(forks.buffer)
        assert forks.status("NtTerminateProcess", handle, 0) == "SUCCESS"
        assert forks.status("NtClose", handle) == "SUCCESS"
        return memory.pfns.available, memory.committed, len(machine.process.handles)

    clone_and_end()
    before = clone_and_end()
    assert [clone_and_end() for _ in range(5)] == [before] * 5
    assert len(list(machine.kernel.client_ids.all(Process))) == 2  # System and this one
    check(memory)


def test_handles_and_jobs_are_inherited(forks: Forks) -> None:
    machine = forks.machine
    job = Job()
    job.reference()
    job.assign(machine.process)
    kept = machine.process.handles.insert(job, 1, inherit=True)
    assert forks.clone() == "SUCCESS"
    assert (len(forks.child().handles), job.contains(forks.child())) == (0, True)
    assert forks.clone(inherit=1) == "SUCCESS"
    assert [handle for handle, _ in forks.child().handles] == [kept]


def test_the_thread_of_a_clone_returns_from_the_call(forks: Forks) -> None:
    machine, va = forks.machine, forks.buffer
    registers = machine.thread.registers
    machine.call("NtCreateUserProcess", va, va + 4, ALL_ACCESS, ALL_ACCESS, 0, 0, 0, 1, 0, 0, 0)
    assert status_name(registers.eax) == "STATUS_SUCCESS"
    child = forks.child()
    (thread,) = child.threads
    assert thread.registers.eax == NTSTATUS.PROCESS_CLONED
    assert (thread.registers.eip, thread.registers.esp) == (registers.eip, registers.esp)
    teb_va: int = machine.thread.context.teb_va
    ids = struct.pack("<2I", child.id, thread.id)
    assert child.space.read(teb_va + 0x20, 8) == ids
    assert machine.process.space.read(teb_va + 0x20, 8) != ids


def test_parameters_without_an_image_are_no_clone(forks: Forks) -> None:
    arguments = forks.buffer, forks.buffer + 4, 0, 0, 0, 0, 0, 1, forks.buffer, 0, 0
    assert forks.status("NtCreateUserProcess", *arguments) == "INVALID_PARAMETER"


@pytest.mark.slow
def test_program(tmp_path: Path) -> None:
    finished = picorun(compile_program(PROGRAMS / "ps_fork.c"), cwd=tmp_path)
    expected = (PROGRAMS / "ps_fork.expected").read_bytes()
    assert finished.stdout.replace(b"\r\n", b"\n") == expected, finished.stderr
    assert finished.exit_code == 0


def test_ports_of_a_clone(forks: Forks) -> None:
    """The debug and the exception port of NtCreateProcess."""
    handles = forks.machine.process.handles
    own = handles.insert(forks.machine.process, ALL_ACCESS)
    for ports, status in (
        ((own, 0), "OBJECT_TYPE_MISMATCH"), ((0, own), "OBJECT_TYPE_MISMATCH"),
        ((0x1234, 0), "INVALID_HANDLE"), ((0, 0x1234), "INVALID_HANDLE"),
    ):  # fmt: skip
        arguments = forks.buffer, ALL_ACCESS, 0, SELF, 0, 0, *ports
        assert forks.status("NtCreateProcess", *arguments) == status
    assert forks.status("NtCreatePort", forks.buffer, 0, 32, 128, 0) == "SUCCESS"
    port = forks.machine.read(forks.buffer)
    debugger = DebugObject(kills_on_close=False)
    debug = handles.insert(debugger, 0x1F000F)
    arguments = forks.buffer, ALL_ACCESS, 0, SELF, 0, 0, debug, port
    assert forks.status("NtCreateProcess", *arguments) == "SUCCESS"
    child = forks.child()
    assert [child.context.exception_port] == [handles.reference(port, Port)]
    assert debugger.debuggees == [child]
    forks.machine.kernel.terminate_process(child, 0)
    assert [child.context.exception_port, debugger.debuggees] == [None, []]
