"""The events of system calls, and what a listener changes of a call."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from provider.kernel.events import HandleOpen
from provider.nt.event import SystemCall, SystemCallEntry, SystemCallWait
from provider.nt.status import NTSTATUS
from tests.provider.nt.synthetic import CODE_VA, DATA_VA, NtMachine, start, stub_numbers

if TYPE_CHECKING:
    from provider.kernel.event_stream import Event


@pytest.fixture
def machine() -> NtMachine:
    return start("nop")


def _listen(machine: NtMachine, *kinds: type[Event]) -> list[Event]:
    events: list[Event] = []
    for kind in kinds:
        machine.kernel.events.subscribe(kind, events.append)
    return events


def _only_call(events: list[Event]) -> SystemCall:
    (call,) = (event for event in events if isinstance(event, SystemCall))
    return call


def test_arguments_at_a_bad_address_are_not_there(machine: NtMachine) -> None:
    events = _listen(machine, SystemCall)
    machine.kernel.scheduler.running = machine.thread
    registers = machine.thread.registers
    registers.eax, registers.edx = stub_numbers()["NtClose"], 0
    machine.provider.dispatch_system_call(machine.thread, 0x2E)
    call = _only_call(events)
    assert (call.status_name, call.words) == ("STATUS_ACCESS_VIOLATION", ())
    assert (call.arguments, call.caller) == ((), "")


def test_a_page_below_the_arguments_stays_as_it_is(machine: NtMachine) -> None:
    """The caller is looked up there, which must not touch a guard page or bring one in."""
    _listen(machine, SystemCall)
    va = machine.allocate(size=0x2000)
    machine.write(va + 0x1000, 0x44)
    faults = machine.process.space.counters.faults
    machine.kernel.scheduler.running = machine.thread
    registers = machine.thread.registers
    registers.eax, registers.edx = stub_numbers()["NtClose"], va + 0x1000
    machine.provider.dispatch_system_call(machine.thread, 0x2E)
    assert machine.process.space.counters.faults == faults


def test_a_pointer_that_is_refused_leaves_the_words_to_be_shown(machine: NtMachine) -> None:
    events = _listen(machine, SystemCall)
    machine.call("NtCreateEvent", 0x10, 0x1F0003, 0, 1, 0)
    call = _only_call(events)
    assert call.status == NTSTATUS.ACCESS_VIOLATION
    assert call.arguments[0] == ("EventHandle", "0x10")
    assert call.words == (0x10, 0x1F0003, 0, 1, 0)


def test_inputs_are_shown_as_the_call_found_them(machine: NtMachine) -> None:
    machine.call("NtCreateEvent", DATA_VA, 0x1F0003, 0, 1, 0)
    handle = machine.read(DATA_VA)
    events = _listen(machine, SystemCall)
    machine.call("NtClose", handle)
    machine.call("NtClose", handle)
    closed, failed = events
    assert isinstance(closed, SystemCall)
    assert isinstance(failed, SystemCall)
    assert closed.arguments == (("Handle", f"{handle:#x}<Event>"),)
    assert failed.arguments == (("Handle", f"{handle:#x}"),)


def test_outputs_are_shown_as_the_call_left_them(machine: NtMachine) -> None:
    machine.write(DATA_VA, 0, 0x1234)
    events = _listen(machine, SystemCall)
    arguments = (0xFFFFFFFF, DATA_VA, 0, DATA_VA + 4, 0x1000, 4)
    assert machine.call("NtAllocateVirtualMemory", *arguments) == 0
    shown = dict(_only_call(events).arguments)
    base = machine.read(DATA_VA)
    assert shown["ProcessHandle"] == "0xffffffff<current process>"
    assert shown["BaseAddress"] == f"{DATA_VA:#x} [0x0 => {base:#x}]"
    assert shown["RegionSize"] == f"{DATA_VA + 4:#x} [0x1234 => 0x2000]"
    assert shown["AllocationType"] == "MEM_COMMIT"


def test_a_call_names_its_component_and_its_caller(machine: NtMachine) -> None:
    events = _listen(machine, SystemCall)
    arguments_va = machine.read(machine.context_teb() + 8)
    machine.write(arguments_va - 4 + 0x100, CODE_VA + 5)
    machine.write(arguments_va + 0x100, 0)
    machine.kernel.scheduler.running = machine.thread
    registers = machine.thread.registers
    registers.eax, registers.edx = stub_numbers()["NtClose"], arguments_va + 0x100
    machine.provider.dispatch_system_call(machine.thread, 0x2E)
    call = _only_call(events)
    assert (call.name, call.component) == ("NtClose", "nt/ob")
    assert call.caller == "program.exe+0x1005"


def test_entry_and_end_of_a_call_have_one_number(machine: NtMachine) -> None:
    events = _listen(machine, SystemCallEntry, SystemCall)
    machine.call("NtTestAlert")
    machine.call("NtClose", 0)
    numbers = [event.call for event in events if isinstance(event, SystemCallEntry | SystemCall)]
    assert numbers == [1, 1, 2, 2]


def test_a_call_that_waits_says_so_once() -> None:
    machine = start("push 0; push 0; push 0; push -2; mov edx,esp; mov eax,esi; int 0x2e; hlt")
    machine.call("NtCreateEvent", DATA_VA, 0x1F0003, 0, 1, 0)
    handle = machine.read(DATA_VA)
    events = _listen(machine, SystemCallEntry, SystemCallWait, SystemCall)
    due = (-5_000_000).to_bytes(8, "little", signed=True)
    machine.process.space.write(DATA_VA, due)
    registers = machine.thread.registers
    machine.write(registers.esp - 12, handle, 0, DATA_VA)
    registers.edx, registers.eax = registers.esp - 12, stub_numbers()["NtWaitForSingleObject"]
    machine.kernel.scheduler.running = machine.thread
    machine.provider.dispatch_system_call(machine.thread, 0x2E)
    machine.thread.registers.eip = CODE_VA + 0xFF0
    assert [type(event) for event in events] == [SystemCallEntry, SystemCallWait]
    waiting = events[1]
    assert isinstance(waiting, SystemCallWait)
    assert dict(waiting.arguments)["Handle"] == f"{handle:#x}<Event>"
    machine.kernel.run()
    ended = events[2]
    assert isinstance(ended, SystemCall)
    assert (ended.call, ended.status_name) == (waiting.call, "STATUS_TIMEOUT")
    assert ended.time - ended.started >= 5_000_000


def test_a_thread_that_is_ended_in_a_call_does_not_return(machine: NtMachine) -> None:
    events = _listen(machine, SystemCall)
    machine.write(DATA_VA, 0, 0x80000000)
    machine.kernel.scheduler.running = machine.thread
    registers = machine.thread.registers
    machine.write(registers.esp - 8, 0, DATA_VA)
    registers.edx, registers.eax = registers.esp - 8, stub_numbers()["NtDelayExecution"]
    machine.provider.dispatch_system_call(machine.thread, 0x2E)
    assert not events
    machine.kernel.scheduler.running = None
    machine.kernel.terminate_thread(machine.thread, 5)
    assert _only_call(events).status_name == "?"


def test_other_words_are_other_arguments(machine: NtMachine) -> None:
    machine.call("NtCreateEvent", DATA_VA, 0x1F0003, 0, 1, 0)
    handle = machine.read(DATA_VA)
    machine.kernel.events.subscribe(
        SystemCallEntry, lambda entry: entry.replace(words=(handle,)) if entry.words else None
    )
    events = _listen(machine, SystemCall)
    assert machine.call("NtClose", 0x7777) == 0
    assert _only_call(events).words == (handle,)


def test_a_wrong_number_of_words_is_the_listeners_mistake(machine: NtMachine) -> None:
    machine.kernel.events.subscribe(SystemCallEntry, lambda entry: entry.replace(words=()))
    with pytest.raises(ValueError, match="NtClose has 1 argument words"):
        machine.call("NtClose", 4)


def test_another_status_is_the_result(machine: NtMachine) -> None:
    machine.kernel.events.subscribe(SystemCall, lambda call: call.returning(NTSTATUS.ACCESS_DENIED))
    events = _listen(machine, SystemCall)
    assert machine.call("NtTestAlert") == NTSTATUS.ACCESS_DENIED
    assert _only_call(events).status_name == "STATUS_ACCESS_DENIED"


def test_a_call_that_is_missing_is_told(machine: NtMachine) -> None:
    events = _listen(machine, SystemCall)
    bound = machine.context.calls[stub_numbers()["NtClose"]]
    assert bound is not None
    bound.call = None
    machine.call("NtClose", 0x44)
    call = _only_call(events)
    assert (call.name, call.component, call.arguments) == ("NtClose", "", (("arg0", "0x44"),))
    assert call.status_name == "STATUS_NOT_IMPLEMENTED"


def test_who_begins_to_listen_within_a_call_is_told_its_words(machine: NtMachine) -> None:
    ends: list[SystemCall] = []
    stream = machine.kernel.events
    stream.subscribe(SystemCallEntry, lambda _: None)

    def begin(_: HandleOpen) -> None:
        stream.subscribe(SystemCall, ends.append)

    stream.subscribe(HandleOpen, begin)
    machine.call("NtCreateEvent", DATA_VA, 0x1F0003, 0, 1, 0)
    assert ends[0].arguments[1] == ("DesiredAccess", "0x1f0003")
    assert machine.call("NtClose", machine.read(DATA_VA)) == 0
    assert ends[1].arguments[0][1].endswith("<Event>")
