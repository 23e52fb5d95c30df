"""The worked example of docs/add-a-call.md: the page shows the marked parts of this file."""

from __future__ import annotations

import pytest

# --8<-- [start:imports]
from provider.kernel.process import Process
from provider.kernel.thread import Thread  # noqa: TC001  codecs read annotations
from provider.nt.access import PROCESS_QUERY_INFORMATION
from provider.nt.dispatch import BoundCall
from provider.nt.handles import CURRENT_PROCESS, CURRENT_THREAD, reference
from provider.nt.status import NTSTATUS
from provider.nt.types import HANDLE, ULONG  # noqa: TC001  codecs read annotations
from provider.syscall import Out, SyscallTable
from tests.provider.nt.synthetic import CONST_VA, DATA_VA, NtMachine, start

# --8<-- [end:imports]

# --8<-- [start:handler]
table = SyscallTable()  # in the tree: provider.nt.table.nt


@table.syscall(partial="Handles that are protected from being closed are counted too.")
def NtCountHandles(thread: Thread, ProcessHandle: HANDLE, Count: Out[ULONG]) -> None:
    """Tell how many handles a process has."""
    process = reference(thread, ProcessHandle, Process, PROCESS_QUERY_INFORMATION)
    Count.value = len(process.handles)


# --8<-- [end:handler]

# --8<-- [start:machine]
NUMBER = 0xF20


def machine_with_the_call() -> NtMachine:
    machine = start("nop")
    call = table.get("NtCountHandles")
    assert call is not None
    machine.context.calls[NUMBER] = BoundCall(call.name, call, call.argument_bytes)
    return machine


def count(machine: NtMachine, handle: int, va: int) -> int:
    """Make the call as a program would: number in EAX, arguments at EDX; returns the status."""
    arguments_va = machine.allocate()
    machine.write(arguments_va, handle, va)
    registers = machine.thread.registers
    machine.kernel.scheduler.running = machine.thread
    registers.eax, registers.edx = NUMBER, arguments_va
    machine.provider.dispatch_system_call(machine.thread, 0x2E)
    return registers.eax


# --8<-- [end:machine]


# --8<-- [start:hostile]
@pytest.mark.parametrize(
    ("handle", "va", "status"),
    [
        (CURRENT_PROCESS, 0, NTSTATUS.ACCESS_VIOLATION),
        (CURRENT_PROCESS, CONST_VA, NTSTATUS.ACCESS_VIOLATION),
        (CURRENT_PROCESS, 0x80000000, NTSTATUS.ACCESS_VIOLATION),
        (0, DATA_VA, NTSTATUS.INVALID_HANDLE),
        (0xDEAD, DATA_VA, NTSTATUS.INVALID_HANDLE),
        (CURRENT_THREAD, DATA_VA, NTSTATUS.OBJECT_TYPE_MISMATCH),
    ],
)
def test_bad_arguments(handle: int, va: int, status: NTSTATUS) -> None:
    assert count(machine_with_the_call(), handle, va) == status


# --8<-- [end:hostile]


# --8<-- [start:works]
def test_it_counts() -> None:
    machine = machine_with_the_call()
    assert count(machine, CURRENT_PROCESS, DATA_VA) == NTSTATUS.SUCCESS
    before = machine.read(DATA_VA)
    assert machine.call("NtCreateEvent", DATA_VA + 4, 0x1F0003, 0, 0, 0) == NTSTATUS.SUCCESS
    assert count(machine, CURRENT_PROCESS, DATA_VA) == NTSTATUS.SUCCESS
    assert machine.read(DATA_VA) == before + 1


def test_what_its_declaration_tells() -> None:
    (call,) = table.implemented()
    assert call.argument_bytes == 8
    assert call.summary == "Tell how many handles a process has."
    assert call.partial is not None


# --8<-- [end:works]
