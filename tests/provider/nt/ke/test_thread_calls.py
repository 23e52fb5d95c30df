"""NtCreateThread, priorities of threads and processes, suspension, APCs of no routine."""

from __future__ import annotations

import pytest

from provider.kernel.events import ThreadStateChange
from provider.kernel.thread import Thread
from provider.nt.status import NTSTATUS
from provider.nt.structs.context import CONTEXT, CONTEXT_FLAGS
from provider.nt.structs.ke import INITIAL_TEB
from provider.nt.structs.process import TEB
from tests.provider.nt.ke.test_calls import CURRENT, SELF, Calls
from tests.provider.nt.synthetic import CODE_VA, DATA_VA, start

ALL_THREAD = 0x1FFFFF
REALTIME, BELOW_NORMAL, HIGH = 4, 5, 3
PRIORITY, BASE_PRIORITY = 2, 3
PRIORITY_CLASS = 18


@pytest.fixture
def calls() -> Calls:
    return Calls()


def set_class(calls: Calls, value: int) -> NTSTATUS:
    calls.machine.write(calls.buffer, value << 8)
    return calls("NtSetInformationProcess", CURRENT, PRIORITY_CLASS, calls.buffer, 2)


def set_thread(calls: Calls, kind: int, value: int) -> NTSTATUS:
    calls.machine.write(calls.buffer, value & 0xFFFFFFFF)
    return calls("NtSetInformationThread", SELF, kind, calls.buffer, 4)


def test_nt_create_thread_takes_the_callers_stack_and_context(calls: Calls) -> None:
    machine = calls.machine
    stack = machine.allocate()
    initial = INITIAL_TEB(
        StackBase=stack + 0x1000, StackLimit=stack + 0x800, StackAllocationBase=stack
    )
    context = CONTEXT(
        ContextFlags=CONTEXT_FLAGS.CONTROL | CONTEXT_FLAGS.INTEGER,
        Eip=CODE_VA,
        Esp=stack + 0xF00,
        Eax=0x1234,
    )
    machine.process.space.write(calls.buffer, bytes(initial))
    record = machine.allocate()
    machine.process.space.write(record, bytes(context))
    client_va = calls.out + 8
    arguments = (0, CURRENT, client_va, record, calls.buffer, 1)
    assert calls("NtCreateThread", calls.out, ALL_THREAD, *arguments) == 0
    new = machine.process.handles.reference(calls.value(), Thread)
    assert (machine.read(client_va), machine.read(client_va + 4)) == (machine.process.id, new.id)
    teb = TEB.from_bytes(machine.process.space.read(new.context.teb_va, TEB.SIZE))
    assert (teb.NtTib.StackBase, teb.NtTib.StackLimit) == (stack + 0x1000, stack + 0x800)
    assert teb.DeallocationStack == stack
    registers = new.registers
    assert (registers.eip, registers.esp, registers.eax) == (CODE_VA, stack + 0xF00, 0x1234)
    assert calls("NtTerminateThread", calls.value(), 0) == 0
    machine.write(stack, 1)  # the stack is the caller's


def test_an_old_stack_has_no_allocation_of_its_own(calls: Calls) -> None:
    machine = calls.machine
    initial = INITIAL_TEB(OldStackBase=0x9000, OldStackLimit=0x8000, StackBase=1, StackLimit=2)
    machine.process.space.write(calls.buffer, bytes(initial))
    record = machine.allocate()
    machine.process.space.write(record, bytes(CONTEXT(ContextFlags=CONTEXT_FLAGS.CONTROL)))
    arguments = (0, CURRENT, calls.out + 8, record, calls.buffer, 1)
    assert calls("NtCreateThread", calls.out, ALL_THREAD, *arguments) == 0
    new = machine.process.handles.reference(calls.value(), Thread)
    teb = TEB.from_bytes(machine.process.space.read(new.context.teb_va, TEB.SIZE))
    assert (teb.NtTib.StackBase, teb.NtTib.StackLimit) == (0x9000, 0x8000)
    assert teb.DeallocationStack == 0


def test_a_class_moves_the_threads_of_a_process(calls: Calls) -> None:
    thread = calls.machine.thread
    assert set_thread(calls, BASE_PRIORITY, -1) == 0
    for value, priority in ((HIGH, 12), (BELOW_NORMAL, 5), (2, 7)):
        assert set_class(calls, value) == 0
        assert thread.priority == priority
    for value, status in ((REALTIME, "PRIVILEGE_NOT_HELD"), (0, "INVALID_PARAMETER")):
        assert set_class(calls, value) == NTSTATUS[status]
    assert set_class(calls, 7) == NTSTATUS.INVALID_PARAMETER
    assert thread.priority == 7


def test_a_current_priority_leaves_the_base_alone(calls: Calls) -> None:
    thread = calls.machine.thread
    assert set_thread(calls, PRIORITY, 12) == 0
    assert (thread.priority, thread.base_priority) == (12, 8)
    assert set_thread(calls, PRIORITY, 16) == NTSTATUS.PRIVILEGE_NOT_HELD
    for bad in (0, 32, -1):
        assert set_thread(calls, PRIORITY, bad) == NTSTATUS.INVALID_PARAMETER


@pytest.mark.parametrize(
    ("kind", "size", "limited"), [(0, 28, True), (12, 4, True), (9, 4, False), (17, 1, False)]
)
def test_some_classes_need_only_the_limited_right(
    calls: Calls, kind: int, size: int, limited: bool
) -> None:
    arguments = (0, CURRENT, CODE_VA, 0, 1, 0, 0, 0, 0)
    for access, granted in ((0x800, limited), (0x40, True), (0x400, False)):
        assert calls("NtCreateThreadEx", calls.out, access, *arguments) == 0
        query = calls("NtQueryInformationThread", calls.value(), kind, calls.buffer, size, 0)
        assert query == (NTSTATUS.SUCCESS if granted else NTSTATUS.ACCESS_DENIED)


def test_affinities(calls: Calls) -> None:
    for mask, status in ((1, 0), (0xFFFFFFFF, 0), (0, NTSTATUS.INVALID_PARAMETER)):
        assert set_thread(calls, 4, mask) == status
    for words, status in (((1, 0, 0), 0), ((3, 0, 0), NTSTATUS.INVALID_PARAMETER)):
        calls.machine.write(calls.buffer, *words)
        assert calls("NtSetInformationThread", SELF, 30, calls.buffer, 12) == status
    calls.machine.write(calls.buffer, 1, 1, 0)
    assert calls("NtSetInformationThread", SELF, 30, calls.buffer, 12) == (
        NTSTATUS.INVALID_PARAMETER
    )


def test_an_apc_without_a_routine_ends_no_wait(calls: Calls) -> None:
    assert calls("NtQueueApcThread", SELF, 0, 0, 0, 0) == 0
    assert not calls.machine.thread.wait_state.user_apcs
    event = calls.make("NtCreateEvent", 0, 0)
    assert calls("NtWaitForSingleObject", event, 1, calls.time(0)) == NTSTATUS.TIMEOUT


def test_a_boosting_event_hands_its_setters_priority_on(calls: Calls) -> None:
    assert calls("NtSetEventBoostPriority", calls.make("NtCreateEvent", 0, 0)) == (
        NTSTATUS.OBJECT_TYPE_MISMATCH
    )
    event = calls.make("NtCreateEvent", 1, 0)
    assert calls("NtSetEventBoostPriority", event) == 0
    assert calls("NtWaitForSingleObject", event, 0, calls.time(0)) == NTSTATUS.WAIT_0


def test_states_become_events_that_draw_a_timeline() -> None:
    events: list[object] = []
    machine = start("nop", listener=events.append)
    arguments = (0, CURRENT, CODE_VA, 0, 1, 0, 0, 0, 0)
    machine.call("NtCreateThreadEx", DATA_VA, ALL_THREAD, *arguments)
    changes = [event for event in events if isinstance(event, ThreadStateChange)]
    first, new = sorted({change.thread_id for change in changes})
    line = [(change.thread_id, change.state) for change in changes]
    assert line == [
        (first, "Initialized"),
        (new, "Initialized"),
        (new, "DeferredReady"),
        (new, "Ready"),
    ]
    assert [change.sequence for change in changes] == sorted(change.sequence for change in changes)
    assert {change.priority for change in changes} == {8}


def query_thread(calls: Calls, kind: int, size: int, handle: int = SELF) -> NTSTATUS:
    return calls("NtQueryInformationThread", handle, kind, calls.buffer, size, 0)


def test_lengths_and_buffers_are_looked_at_before_handles(calls: Calls) -> None:
    for kind, size in ((0, 28), (1, 32), (17, 1), (20, 4), (23, 16), (26, 12), (30, 12), (40, 64)):
        assert query_thread(calls, kind, size + 1, 0x4444) == NTSTATUS.INFO_LENGTH_MISMATCH
        assert query_thread(calls, kind, size, 0x4444) == NTSTATUS.INVALID_HANDLE
        arguments = ("NtQueryInformationThread", 0x4444, kind)
        assert calls(*arguments, 0x10, size, 0) == NTSTATUS.ACCESS_VIOLATION
        if size > 1:
            odd = calls.buffer + 1
            assert calls(*arguments, odd, size, 0) == NTSTATUS.DATATYPE_MISALIGNMENT
    name = "NtSetInformationThread"
    assert calls(name, 0x4444, 7, 0, 0) == NTSTATUS.INFO_LENGTH_MISMATCH
    assert calls(name, 0x4444, 7, 0, 1) == NTSTATUS.ACCESS_VIOLATION
    assert calls(name, 0x4444, 7, calls.buffer, 1) == NTSTATUS.INVALID_HANDLE
    assert calls(name, SELF, 7, calls.buffer, 1) == 0


def test_a_part_of_the_teb(calls: Calls) -> None:
    machine = calls.machine
    to = machine.allocate()
    machine.write(calls.buffer, to, 0x20, 8)
    assert query_thread(calls, 26, 12) == 0
    assert (machine.read(to), machine.read(to + 4)) == (machine.process.id, machine.thread.id)
    for bad in ((0x10, 0x20, 8), (to, 0xFFFFFFF0, 0x20), (to, TEB.SIZE, 1), (to, 0, 0xFFFFFFFF)):
        machine.write(calls.buffer, *bad)
        expected = NTSTATUS.ACCESS_VIOLATION if bad[0] == 0x10 else NTSTATUS.INVALID_PARAMETER
        assert query_thread(calls, 26, 12) == expected


def test_priorities_of_io_and_pages_are_kept(calls: Calls) -> None:
    for kind, good, bad in ((22, 1, 4), (24, 3, 6), (24, 1, 0)):
        assert set_thread(calls, kind, bad) == NTSTATUS.INVALID_PARAMETER
        assert set_thread(calls, kind, good) == 0
        assert query_thread(calls, kind, 4) == 0
        assert calls.machine.read(calls.buffer) == good


def test_processors_that_are_not_there_do_not_count(calls: Calls) -> None:
    for mask, expected in ((0, NTSTATUS.INVALID_PARAMETER), (2, NTSTATUS.INVALID_PARAMETER)):
        assert set_thread(calls, 4, mask) == expected
    assert set_thread(calls, 4, 3) == 0


def test_threads_in_either_direction(calls: Calls) -> None:
    machine = calls.machine
    arguments = (calls.out, ALL_THREAD, 0, CURRENT, CODE_VA, 0, 1, 0, 0, 0, 0)
    handles = []
    for _ in range(2):
        assert calls("NtCreateThreadEx", *arguments) == 0
        handles.append(calls.value())
    assert calls("NtTerminateThread", handles[0], 0) == 0

    def walk(flags: int) -> list[int]:
        found, handle = [], 0
        while calls("NtGetNextThread", CURRENT, handle, 0x800, 0, flags, calls.out) == 0:
            handle = calls.value()
            found.append(machine.process.handles.reference(handle, Thread).id)
        return found

    assert calls("NtGetNextThread", CURRENT, 0, 0x800, 0, 2, calls.out) == (
        NTSTATUS.INVALID_PARAMETER
    )
    forward = walk(0)
    assert len(forward) == 3, "one that has ended is still referred to"
    assert walk(1) == forward[::-1]
