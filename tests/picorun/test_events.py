"""Listening to a run from Python: `Machine.on`, and what `run` records."""

from __future__ import annotations

from pathlib import Path

import pytest

from picorun import run
from picorun.events import (
    EVENT_TYPES,
    Event,
    ModuleLoad,
    ProcessExit,
    SystemCall,
    SystemCallEntry,
    SystemCallWait,
    ThreadStateChange,
)
from picorun.machine import Machine, StopRun, captured_streams
from picorun.options import Options
from picorun.trace.filter import FilterError
from provider.nt.status import NTSTATUS


def _machine(image: Path) -> tuple[Machine, bytearray]:
    streams, output, _ = captured_streams(b"")
    return Machine(Options(image=image), streams), output


@pytest.mark.slow
def test_a_failure_of_a_callback_comes_out_of_the_run(hello: Path) -> None:
    machine, _ = _machine(hello)

    def fail(call: SystemCall) -> None:
        raise ZeroDivisionError(call.name)

    machine.on(SystemCall, fail)
    with pytest.raises(ZeroDivisionError, match="Nt"):
        machine.run()


@pytest.mark.slow
@pytest.mark.parametrize("kind", [ModuleLoad, SystemCallEntry, SystemCall, ThreadStateChange])
def test_a_callback_can_stop_the_run(hello: Path, kind: type[Event]) -> None:
    machine, output = _machine(hello)
    seen: list[Event] = []

    def stop(event: Event) -> None:
        seen.append(event)
        raise StopRun(7)

    machine.on(kind, stop)
    assert machine.run().exit_code == 7
    assert len(seen) == 1
    assert not output


@pytest.mark.slow
def test_a_callback_can_change_a_result(hello: Path) -> None:
    machine, output = _machine(hello)
    machine.on(
        SystemCall,
        lambda call: call.returning(NTSTATUS.DISK_FULL),
        where=lambda call: call.name == "NtWriteFile",
    )
    machine.run()
    assert output.startswith(b"hello, world")


@pytest.mark.slow
def test_a_callback_can_change_arguments(hello: Path) -> None:
    machine, _ = _machine(hello)
    machine.on(
        SystemCallEntry,
        lambda entry: entry.replace(words=(entry.words[0], 42)),
        where=lambda entry: entry.name == "NtTerminateProcess",
    )
    assert machine.run().exit_code == 42


def test_a_filter_that_makes_no_sense(hello: Path) -> None:
    with pytest.raises(FilterError, match="state=bad"):
        _machine(hello)[0].on(SystemCall, print, where="state=bad")


@pytest.mark.slow
def test_a_filter_in_words(hello: Path) -> None:
    machine, _ = _machine(hello)
    seen: list[SystemCall] = []
    machine.on(SystemCall, seen.append, where="process=hello*&NtWriteFile,NtTerminateProcess")
    machine.on(SystemCall, seen.append, where="process=other*")
    machine.run()
    assert {call.name for call in seen} == {"NtWriteFile", "NtTerminateProcess"}


@pytest.mark.slow
def test_a_subscription_can_be_ended(hello: Path) -> None:
    machine, _ = _machine(hello)
    seen: list[SystemCall] = []
    cancel = machine.on(SystemCall, seen.append)
    machine.on(SystemCall, lambda call: cancel(), where=lambda call: call.call == 3)
    machine.run()
    assert [call.call for call in seen] == [1, 2, 3]


@pytest.mark.slow
def test_run_records_what_it_is_asked_for(hello: Path) -> None:
    everything = run(hello).events
    assert {type(event) for event in everything} <= set(EVENT_TYPES)
    assert [event.sequence for event in everything] == list(range(1, len(everything) + 1))
    assert isinstance(everything[-1], Event)
    chosen = run(hello, trace=(ProcessExit, ModuleLoad)).events
    assert {type(event) for event in chosen} == {ProcessExit, ModuleLoad}
    assert not run(hello, trace=False).events


@pytest.mark.slow
def test_entries_waits_and_ends_are_paired(hello: Path) -> None:
    events = run(hello, trace=(SystemCallEntry, SystemCallWait, SystemCall)).events
    entered = {event.call for event in events if isinstance(event, SystemCallEntry)}
    ended = [event.call for event in events if isinstance(event, SystemCall)]
    assert sorted(ended) == sorted(entered)
    callers = {event.caller.partition("+")[0] for event in events if isinstance(event, SystemCall)}
    assert "ntdll.dll" in callers
    assert "" not in callers
