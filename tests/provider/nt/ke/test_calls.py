"""Statuses of the calls on dispatcher objects, threads and contexts.

They are those of Microsoft's documentation of the calls and, where that is silent, of native Wine.
"""

from __future__ import annotations

import struct

import pytest

from provider.kernel.ke.mutant import Mutant
from provider.kernel.thread import Thread, ThreadState
from provider.nt.ke.timeout import NEVER, due_time
from provider.nt.process import UserApc
from provider.nt.status import NTSTATUS
from provider.nt.structs.context import CONTEXT, CONTEXT_FLAGS
from tests.provider.nt.synthetic import NtMachine, start

ALL_ACCESS = 0x1F0003
SYNCHRONIZE = 0x100000
REFUSED = (NTSTATUS.NO_MEMORY, NTSTATUS.COMMITMENT_LIMIT, NTSTATUS.INVALID_PARAMETER_4)
SELF, CURRENT = 0xFFFFFFFE, 0xFFFFFFFF


class Calls:
    """A machine, a buffer, and handles made by calls."""

    def __init__(self) -> None:
        self.machine: NtMachine = start("nop", ram_bytes=16 << 20)
        self.out = self.machine.allocate()
        self.buffer = self.out + 0x400

    def __call__(self, name: str, *arguments: int) -> NTSTATUS:
        return NTSTATUS(self.machine.call(name, *arguments))

    def make(self, name: str, *arguments: int, access: int = ALL_ACCESS) -> int:
        assert self(name, self.out, access, 0, *arguments) == 0
        return self.value()

    def value(self) -> int:
        return self.machine.read(self.out)

    def time(self, units: int) -> int:
        """The address of a LARGE_INTEGER."""
        self.machine.process.space.write(self.buffer, struct.pack("<q", units))
        return self.buffer


@pytest.fixture
def calls() -> Calls:
    return Calls()


def test_times_are_relative_or_absolute(calls: Calls) -> None:
    clock = calls.machine.kernel.clock
    now = clock.interrupt_time()
    assert due_time(clock, None) is None
    assert due_time(clock, NEVER) is None
    assert due_time(clock, 0) <= now  # type: ignore[operator]  # None would fail here
    assert due_time(clock, -5) == now + 5
    assert due_time(clock, clock.system_time() + 7) == now + 7


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("NtCreateEvent", (2, 0)),
        ("NtCreateSemaphore", (0, 0)),
        ("NtCreateSemaphore", (2, 1)),
        ("NtCreateSemaphore", (-1, 1)),
    ],
)
def test_senseless_objects_are_not_made(
    calls: Calls, name: str, arguments: tuple[int, ...]
) -> None:
    status = calls(name, calls.out, ALL_ACCESS, 0, *arguments)
    assert status == NTSTATUS.INVALID_PARAMETER


def test_a_handle_without_the_right_does_nothing(calls: Calls) -> None:
    event = calls.make("NtCreateEvent", 0, 0, access=SYNCHRONIZE)
    for name in ("NtSetEvent", "NtResetEvent", "NtPulseEvent"):
        assert calls(name, event, 0) == NTSTATUS.ACCESS_DENIED
    assert calls("NtWaitForSingleObject", event, 0, calls.time(0)) == NTSTATUS.TIMEOUT
    event = calls.make("NtCreateEvent", 0, 1, access=2)
    assert calls("NtWaitForSingleObject", event, 0, calls.time(0)) == NTSTATUS.ACCESS_DENIED


def test_what_cannot_be_waited_for(calls: Calls) -> None:
    directory = calls.make("NtCreateDirectoryObject", access=0xF000F | SYNCHRONIZE)
    assert calls("NtWaitForSingleObject", directory, 0, 0) == NTSTATUS.WAIT_0
    directory = calls.make("NtCreateDirectoryObject", access=0xF000F)
    assert calls("NtWaitForSingleObject", directory, 0, 0) == NTSTATUS.ACCESS_DENIED
    assert calls("NtWaitForSingleObject", 0x7770, 0, 0) == NTSTATUS.INVALID_HANDLE
    assert calls("NtWaitForMultipleObjects", 65, calls.buffer, 1, 0, 0) == (
        NTSTATUS.INVALID_PARAMETER_1
    )
    assert calls("NtWaitForMultipleObjects", 0, calls.buffer, 1, 0, 0) == (
        NTSTATUS.INVALID_PARAMETER_1
    )


def test_events(calls: Calls) -> None:
    event = calls.make("NtCreateEvent", 1, 0)
    assert (calls("NtSetEvent", event, calls.out), calls.value()) == (0, 0)
    assert (calls("NtSetEvent", event, calls.out), calls.value()) == (0, 1)
    assert calls("NtWaitForSingleObject", event, 0, calls.time(0)) == NTSTATUS.WAIT_0
    assert (calls("NtResetEvent", event, calls.out), calls.value()) == (0, 0)
    assert calls("NtQueryEvent", event, 0, calls.buffer, 8, 0) == 0
    assert [calls.machine.read(calls.buffer + at) for at in (0, 4)] == [1, 0]
    assert calls("NtQueryEvent", event, 0, calls.buffer, 9, 0) == NTSTATUS.INFO_LENGTH_MISMATCH
    assert calls("NtQueryEvent", event, 1, calls.buffer, 8, 0) == NTSTATUS.INVALID_INFO_CLASS


def test_semaphores_have_a_limit(calls: Calls) -> None:
    semaphore = calls.make("NtCreateSemaphore", 1, 2)
    assert calls("NtReleaseSemaphore", semaphore, 0, 0) == NTSTATUS.INVALID_PARAMETER
    assert calls("NtReleaseSemaphore", semaphore, 2, 0) == NTSTATUS.SEMAPHORE_LIMIT_EXCEEDED
    assert calls("NtReleaseSemaphore", semaphore, 0x7FFFFFFF, 0) == (
        NTSTATUS.SEMAPHORE_LIMIT_EXCEEDED
    )
    assert (calls("NtReleaseSemaphore", semaphore, 1, calls.out), calls.value()) == (0, 1)


def test_mutants_count_down_from_one(calls: Calls) -> None:
    mutant = calls.make("NtCreateMutant", 1)
    assert calls("NtWaitForSingleObject", mutant, 0, 0) == NTSTATUS.WAIT_0
    assert calls("NtQueryMutant", mutant, 0, calls.buffer, 8, 0) == 0
    assert calls.machine.process.space.read(calls.buffer, 6) == struct.pack("<iBB", -1, 1, 0)
    assert (calls("NtReleaseMutant", mutant, calls.out), calls.value()) == (0, 0xFFFFFFFF)
    assert (calls("NtReleaseMutant", mutant, calls.out), calls.value()) == (0, 0)
    assert calls("NtReleaseMutant", mutant, 0) == NTSTATUS.MUTANT_NOT_OWNED


def test_an_abandoned_mutant_is_told_by_its_index(calls: Calls) -> None:
    event = calls.make("NtCreateEvent", 0, 0)
    handle = calls.make("NtCreateMutant", 0)
    mutant = calls.machine.process.handles.reference(handle, Mutant)
    mutant.acquire(calls.machine.thread)
    mutant.abandon()
    calls.machine.write(calls.buffer + 8, event, handle)
    wait = ("NtWaitForMultipleObjects", 2, calls.buffer + 8)
    status = calls.machine.call(*wait, 1, 0, 0)
    assert status == NTSTATUS.ABANDONED_WAIT_0 + 1


def test_a_pending_alert_and_pending_apcs(calls: Calls) -> None:
    machine = calls.machine
    event = calls.make("NtCreateEvent", 0, 0)
    assert calls("NtAlertThread", SELF) == 0
    assert calls("NtTestAlert") == NTSTATUS.ALERTED
    assert calls("NtTestAlert") == NTSTATUS.SUCCESS
    assert calls("NtQueueApcThread", SELF, 0x1111, 2, 3, 4) == 0
    assert list(machine.thread.wait_state.user_apcs) == [UserApc(0x1111, 2, 3, 4)]
    assert calls("NtWaitForSingleObject", event, 0, calls.time(0)) == NTSTATUS.TIMEOUT
    before = machine.thread.registers.esp
    assert calls("NtWaitForSingleObject", event, 1, calls.time(-10)) == NTSTATUS.USER_APC
    registers = machine.thread.registers
    assert registers.eip == machine.context.entries.apc_dispatcher
    assert registers.esp < before
    assert machine.read(registers.esp) == 0x1111


def test_a_suspend_count_goes_up_to_127(calls: Calls) -> None:
    handle = calls.make("NtCreateThreadEx", CURRENT, 0x401000, 0, 1, 0, 0, 0, 0, access=0x1FFFFF)
    for count in range(1, 127):
        assert (calls("NtSuspendThread", handle, calls.out), calls.value()) == (0, count)
    assert calls("NtSuspendThread", handle, 0) == NTSTATUS.SUSPEND_COUNT_EXCEEDED
    target = calls.machine.process.handles.reference(handle, Thread)
    assert target.suspend_count == 127
    assert calls("NtTerminateThread", handle, 5) == 0
    assert (calls("NtResumeThread", handle, calls.out), calls.value()) == (0, 0)
    assert calls("NtSuspendThread", handle, 0) == NTSTATUS.THREAD_IS_TERMINATING
    assert calls("NtWaitForSingleObject", handle, 0, calls.time(0)) == NTSTATUS.WAIT_0
    assert calls("NtQueryInformationThread", handle, 0, calls.buffer, 28, 0) == 0
    assert calls.machine.read(calls.buffer) == 5


def test_a_thread_gives_stack_and_teb_back(calls: Calls) -> None:
    space = calls.machine.process.space
    before = space.virtual_size
    handle = calls.make("NtCreateThreadEx", CURRENT, 0x401000, 0, 1, 0, 0, 0, 0, access=0x1FFFFF)
    assert space.virtual_size > before
    assert calls("NtTerminateThread", handle, 0) == 0
    assert space.virtual_size == before


def test_the_last_thread_does_not_end_itself_by_handle_0(calls: Calls) -> None:
    assert calls("NtTerminateThread", 0, 0) == NTSTATUS.CANT_TERMINATE_SELF
    assert not calls.machine.thread.is_terminated


def test_stacks_that_do_not_fit_are_refused_and_leave_nothing(calls: Calls) -> None:
    space = calls.machine.process.space
    before = space.virtual_size
    for commit, reserve in ((0xFFFFFFFF, 0), (0, 0xFFFFFFFF), (0, 0x7FFE0000), (0x7FFE0000, 0)):
        status = calls(
            *("NtCreateThreadEx", calls.out, 0x1FFFFF, 0, CURRENT, 0x401000, 0, 1, 0),
            *(commit, reserve, 0),
        )
        assert status in REFUSED
    assert space.virtual_size == before
    assert len(calls.machine.process.threads) == 1


def test_base_priorities(calls: Calls) -> None:
    def set_to(increment: int) -> NTSTATUS:
        calls.machine.write(calls.buffer, increment & 0xFFFFFFFF)
        return calls("NtSetInformationThread", SELF, 3, calls.buffer, 4)

    thread = calls.machine.thread
    for increment, priority in ((-2, 6), (2, 10), (16, 15), (-16, 1), (0, 8)):
        assert set_to(increment) == 0
        assert thread.priority == priority
    assert set_to(3) == NTSTATUS.INVALID_PARAMETER
    assert set_to(-15) == NTSTATUS.INVALID_PARAMETER
    assert calls("NtSetInformationThread", SELF, 3, calls.buffer, 5) == (
        NTSTATUS.INFO_LENGTH_MISMATCH
    )


def test_a_lower_priority_lets_others_run_first(calls: Calls) -> None:
    handle = calls.make("NtCreateThreadEx", CURRENT, 0x401000, 0, 0, 0, 0, 0, 0, access=0x1FFFFF)
    other = calls.machine.process.handles.reference(handle, Thread)
    assert other.state is ThreadState.READY
    calls.machine.thread.state = ThreadState.RUNNING
    calls.machine.kernel.scheduler.switch_wanted = False
    calls.machine.write(calls.buffer, 0xFFFFFFFF)
    assert calls("NtSetInformationThread", SELF, 3, calls.buffer, 4) == 0
    assert calls.machine.kernel.scheduler.switch_wanted
    assert calls.machine.kernel.scheduler.pick() is other


def test_a_context_is_read_and_set_in_parts(calls: Calls) -> None:
    handle = calls.make("NtCreateThreadEx", CURRENT, 0x401000, 7, 1, 0, 0, 0, 0, access=0x1FFFFF)
    space = calls.machine.process.space
    context = CONTEXT(ContextFlags=CONTEXT_FLAGS.INTEGER, Eip=0xAAAA, Eax=1)
    space.write(calls.buffer, bytes(context))
    assert calls("NtGetContextThread", handle, calls.buffer) == 0
    found = CONTEXT.from_bytes(space.read(calls.buffer, CONTEXT.SIZE))
    assert (found.Eip, found.Eax, found.Ebx) == (0xAAAA, 0x401000, 7)
    context = CONTEXT(ContextFlags=CONTEXT_FLAGS.CONTROL, Eip=0x1234, Esp=0x5678, Eax=9)
    space.write(calls.buffer, bytes(context))
    assert calls("NtSetContextThread", handle, calls.buffer) == 0
    registers = calls.machine.process.handles.reference(handle, Thread).registers
    assert (registers.eip, registers.esp, registers.eax) == (0x1234, 0x5678, 0x401000)


def test_a_tls_cell_is_cleared_in_all_threads(calls: Calls) -> None:
    teb = calls.machine.context_teb()
    calls.machine.write(teb + 0xE10 + 4 * 3, 77)
    calls.machine.write(calls.buffer, 3)
    assert calls("NtSetInformationThread", SELF, 10, calls.buffer, 4) == 0
    assert calls.machine.read(teb + 0xE10 + 4 * 3) == 0
    calls.machine.write(calls.buffer, 64 + 1024)
    assert calls("NtSetInformationThread", SELF, 10, calls.buffer, 4) == NTSTATUS.INVALID_PARAMETER
