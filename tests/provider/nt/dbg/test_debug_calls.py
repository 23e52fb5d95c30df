"""Debug objects: what the calls refuse, what closing one does, and a debugger as a program."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest

from provider.nt import startup
from provider.nt.dbg.debug_object import DBG_STATE, DebugObject
from provider.nt.status import NTSTATUS, status_name
from tests.guests import PROGRAMS, compile_program, picorun
from tests.provider.nt.synthetic import (
    ENTRY_POINTS,
    NtMachine,
    ntdll_image,
    program_image,
    start,
)

if TYPE_CHECKING:
    from pathlib import Path

    from provider.kernel.process import Process

ALL_ACCESS = 0x1F000F
SELF = -1
BEING_DEBUGGED = 2


class Debugger:
    """A machine whose process debugs children, which run no code."""

    def __init__(self, flags: int = 0) -> None:
        self.machine: NtMachine = start("nop")
        self.buffer = self.machine.allocate()
        assert self.create(flags) == "SUCCESS"
        self.handle = self.machine.read(self.buffer)
        self.object = self.machine.process.handles.reference(self.handle, DebugObject)
        self.machine.write(self.buffer + 0x100, 0, 0)

    def status(self, name: str, *arguments: int) -> str:
        return status_name(self.machine.call(name, *arguments)).removeprefix("STATUS_")

    def create(self, flags: int) -> str:
        return self.status("NtCreateDebugObject", self.buffer, ALL_ACCESS, 0, flags)

    def child(self) -> Process:
        provider = self.machine.provider
        child = startup.create_process(provider, program_image("nop"), ntdll_image(), b"", "b.exe")
        startup.create_initial_thread(provider, child)
        return child

    def open(self, process: Process, access: int = 0x1FFFFF) -> int:
        return self.machine.process.handles.insert(process, access)

    def attach(self, handle: int) -> str:
        return self.status("NtDebugActiveProcess", handle, self.handle)

    def wait(self) -> str:
        """NtWaitForDebugEvent that gives up at once; the change is at the buffer."""
        arguments = self.handle, 0, self.buffer + 0x100, self.buffer
        return self.status("NtWaitForDebugEvent", *arguments)

    def change(self) -> tuple[int, ...]:
        """State, process and thread."""
        return struct.unpack("<3I", self.machine.process.space.read(self.buffer, 12))

    def resume(self, process_id: int, thread_id: int, status: int = NTSTATUS.DBG_CONTINUE) -> str:
        self.machine.write(self.buffer + 0x200, process_id, thread_id)
        return self.status("NtDebugContinue", self.handle, self.buffer + 0x200, status)


@pytest.fixture
def debugger() -> Debugger:
    return Debugger()


def test_flags_that_do_not_exist(debugger: Debugger) -> None:
    assert debugger.create(2) == "INVALID_PARAMETER"


def test_what_cannot_be_debugged(debugger: Debugger) -> None:
    machine, child = debugger.machine, debugger.child()
    assert debugger.attach(SELF) == "ACCESS_DENIED"
    assert debugger.attach(debugger.open(machine.kernel.system_process)) == "ACCESS_DENIED"
    assert debugger.attach(debugger.open(child, 0x7FF)) == "ACCESS_DENIED"
    assert debugger.attach(0x1234) == "INVALID_HANDLE"
    assert debugger.attach(debugger.handle) == "OBJECT_TYPE_MISMATCH"
    machine.kernel.terminate_process(child, 0)
    assert debugger.attach(debugger.open(child)) == "PROCESS_IS_TERMINATING"


def test_a_process_has_one_debugger(debugger: Debugger) -> None:
    handle = debugger.open(debugger.child())
    assert debugger.status("NtRemoveProcessDebug", handle, debugger.handle) == "PORT_NOT_SET"
    assert debugger.attach(handle) == "SUCCESS"
    assert debugger.attach(handle) == "PORT_ALREADY_SET"


def test_no_event_comes_in_time(debugger: Debugger) -> None:
    assert debugger.wait() == "TIMEOUT"


def test_continuing_what_nobody_waits_for(debugger: Debugger) -> None:
    child = debugger.child()
    (thread,) = child.threads
    assert debugger.resume(4, 8) == "INVALID_PARAMETER"
    assert debugger.attach(debugger.open(child)) == "SUCCESS"
    assert debugger.resume(child.id, thread.id) == "INVALID_PARAMETER"  # nobody has read it
    assert debugger.wait() == "SUCCESS"
    assert debugger.resume(child.id, thread.id, 0x12345678) == "INVALID_PARAMETER"
    assert debugger.resume(child.id, thread.id) == "SUCCESS"


def test_what_happened_before_is_told(debugger: Debugger) -> None:
    """The process with its first thread, then ntdll; one event of a process at a time."""
    child = debugger.child()
    (thread,) = child.threads
    assert debugger.attach(debugger.open(child)) == "SUCCESS"
    assert child.space.read(child.context.peb_va + BEING_DEBUGGED, 1) == b"\1"
    states = []
    for _ in range(2):
        assert debugger.wait() == "SUCCESS"
        state, process_id, thread_id = debugger.change()
        states.append(state)
        assert (process_id, thread_id) == (child.id, thread.id)
        assert debugger.wait() == "TIMEOUT"
        assert debugger.resume(process_id, thread_id) == "SUCCESS"
    assert states == [DBG_STATE.CREATE_PROCESS, DBG_STATE.LOAD_DLL]
    assert debugger.wait() == "TIMEOUT"
    assert thread.freeze_count == 0


def test_an_event_to_be_answered_later_holds_those_of_its_thread(debugger: Debugger) -> None:
    child = debugger.child()
    (thread,) = child.threads
    assert debugger.attach(debugger.open(child)) == "SUCCESS"
    assert debugger.wait() == "SUCCESS"
    assert debugger.resume(child.id, thread.id, NTSTATUS.DBG_REPLY_LATER) == "SUCCESS"
    assert debugger.wait() == "TIMEOUT"
    debugger.machine.kernel.terminate_process(child, 0)
    assert debugger.wait() == "SUCCESS"
    assert debugger.change() == (DBG_STATE.CREATE_PROCESS, child.id, thread.id)


def test_letting_go_lets_the_threads_run(debugger: Debugger) -> None:
    child = debugger.child()
    handle = debugger.open(child)
    assert debugger.attach(handle) == "SUCCESS"
    assert debugger.wait() == "SUCCESS"
    assert [thread.freeze_count for thread in child.threads] == [1]
    assert debugger.status("NtRemoveProcessDebug", handle, debugger.handle) == "SUCCESS"
    assert [thread.freeze_count for thread in child.threads] == [0]
    assert child.space.read(child.context.peb_va + BEING_DEBUGGED, 1) == b"\0"
    assert debugger.wait() == "TIMEOUT"


@pytest.mark.parametrize("kills", [0, 1])
def test_closing_the_debug_object(kills: int) -> None:
    debugger = Debugger(kills)
    child = debugger.child()
    assert debugger.attach(debugger.open(child)) == "SUCCESS"
    assert debugger.status("NtClose", debugger.handle) == "SUCCESS"
    assert (child.exit_status is None) == (not kills)
    assert debugger.object.reference_count == 0


def test_the_flag_that_kills_can_be_changed(debugger: Debugger) -> None:
    name, va = "NtSetInformationDebugObject", debugger.buffer
    debugger.machine.write(va, 1)
    assert debugger.status(name, debugger.handle, 2, va, 4, 0) == "INVALID_PARAMETER"
    assert debugger.status(name, debugger.handle, 1, va, 8, 0) == "INFO_LENGTH_MISMATCH"
    assert debugger.status(name, debugger.handle, 1, va, 4, 0) == "SUCCESS"
    assert debugger.object.kills_on_close
    debugger.machine.write(va, 2)
    assert debugger.status(name, debugger.handle, 1, va, 4, 0) == "INVALID_PARAMETER"


def test_the_end_of_a_debuggee_is_told(debugger: Debugger) -> None:
    child = debugger.child()
    (thread,) = child.threads
    assert debugger.attach(debugger.open(child)) == "SUCCESS"
    for _ in range(2):
        assert debugger.wait() == "SUCCESS"
        assert debugger.resume(child.id, thread.id) == "SUCCESS"
    debugger.machine.kernel.terminate_process(child, 77)
    assert debugger.wait() == "SUCCESS"
    assert debugger.change() == (DBG_STATE.EXIT_PROCESS, child.id, thread.id)
    assert debugger.machine.read(debugger.buffer + 12) == 77
    assert debugger.resume(child.id, thread.id) == "SUCCESS"


def _is_gone(process: Process) -> bool:
    return process.is_gone


def test_memory_and_handles_last_until_the_last_event_is_continued(debugger: Debugger) -> None:
    """DbgkExitProcess comes before MmCleanProcessAddressSpace and ObKillProcess (PspExitThread)."""
    child = debugger.child()
    (thread,) = child.threads
    handle, va = debugger.open(child), debugger.buffer
    kept = child.handles.insert(child, 0)
    assert debugger.attach(handle) == "SUCCESS"
    for _ in range(2):
        assert debugger.wait() == "SUCCESS"
        assert debugger.resume(child.id, thread.id) == "SUCCESS"
    debugger.machine.kernel.terminate_process(child, 77)
    assert debugger.wait() == "SUCCESS"
    read = ("NtReadVirtualMemory", handle, child.context.peb_va, va, 4, 0)
    assert debugger.status(*read) == "SUCCESS"
    assert (child.exit_status, _is_gone(child)) == (77, False)
    assert child.handles.entry(kept).object is child
    assert debugger.status("NtTerminateProcess", handle, 0) == "PROCESS_IS_TERMINATING"
    assert debugger.resume(child.id, thread.id) == "SUCCESS"
    assert _is_gone(child)
    assert not len(child.handles)
    assert debugger.status(*read) == "PROCESS_IS_TERMINATING"
    assert child.id not in debugger.machine.kernel.processes


@pytest.mark.parametrize("how", ["NtRemoveProcessDebug", "NtClose"])
def test_an_end_goes_on_without_its_debugger(debugger: Debugger, how: str) -> None:
    child = debugger.child()
    handle = debugger.open(child)
    assert debugger.attach(handle) == "SUCCESS"
    debugger.machine.kernel.terminate_process(child, 77)
    assert not _is_gone(child)
    arguments = (debugger.handle,) if how == "NtClose" else (handle, debugger.handle)
    assert debugger.status(how, *arguments) == "SUCCESS"
    assert _is_gone(child)
    assert debugger.object.reference_count == (0 if how == "NtClose" else 1)


def test_what_a_process_tells_of_its_debugger(debugger: Debugger) -> None:
    handle, va = debugger.open(debugger.child()), debugger.buffer

    def query(number: int) -> str:
        return debugger.status("NtQueryInformationProcess", handle, number, va, 4, 0)

    assert (query(7), debugger.machine.read(va)) == ("SUCCESS", 0)
    assert query(30) == "PORT_NOT_SET"
    assert debugger.attach(handle) == "SUCCESS"
    assert (query(7), debugger.machine.read(va)) == ("SUCCESS", 0xFFFFFFFF)
    assert query(30) == "SUCCESS"
    handles = debugger.machine.process.handles
    assert handles.reference(debugger.machine.read(va), DebugObject) is debugger.object


@pytest.mark.slow
def test_program(tmp_path: Path) -> None:
    finished = picorun("--quiet", compile_program(PROGRAMS / "dbg_debugger.c"), cwd=tmp_path)
    expected = (PROGRAMS / "dbg_debugger.expected").read_bytes()
    assert finished.stdout.replace(b"\r\n", b"\n") == expected, finished.stderr
    assert (finished.exit_code, finished.stderr) == (0, "")


def test_a_bad_handle_raises_in_a_debuggee_only() -> None:
    entry = {"KiRaiseUserExceptionDispatcher": "ret"}
    for debugged in (False, True):
        machine = start("nop", entry_points={**ENTRY_POINTS, **entry})
        if debugged:
            DebugObject(kills_on_close=False).attach(machine.process)
        registers = machine.thread.registers
        before = registers.eip, registers.esp
        assert status_name(machine.call("NtClose", 0x1234)) == "STATUS_INVALID_HANDLE"
        if debugged:
            assert registers.eip == machine.context.entries.raise_dispatcher
            assert (machine.read(registers.esp), registers.esp + 4) == before
            assert machine.read(machine.context_teb() + 0x1A4) == NTSTATUS.INVALID_HANDLE
        else:
            assert (registers.eip, registers.esp) == before


@pytest.mark.parametrize("handle", [0xFFFFFFFA, 0xFFFFFFFC, 0xFFFFFFFD, -1, 0])
def test_handles_that_raise_in_nobody(handle: int) -> None:
    """Pseudo handles, and 0 (Wine's tests record both from Windows 10)."""
    machine = start("nop", entry_points={**ENTRY_POINTS, "KiRaiseUserExceptionDispatcher": "ret"})
    DebugObject(kills_on_close=False).attach(machine.process)
    before = machine.thread.registers.eip
    expected = "STATUS_SUCCESS" if handle else "STATUS_INVALID_HANDLE"
    assert status_name(machine.call("NtClose", handle)) == expected
    assert machine.thread.registers.eip == before
