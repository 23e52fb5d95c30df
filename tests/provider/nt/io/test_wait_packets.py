"""Wait completion packets (Win32 documentation, "DevNotes")."""

from __future__ import annotations

import pytest

from provider.nt.status import NTSTATUS
from tests.provider.nt.ke.test_calls import Calls

ASSOCIATE, CANCEL = "NtAssociateWaitCompletionPacket", "NtCancelWaitCompletionPacket"


@pytest.fixture
def calls() -> Calls:
    return Calls()


def packets(calls: Calls, port: int) -> list[tuple[int, int, int, int]]:
    """What is in a port: key, context, status, information."""
    taken = []
    block = calls.buffer + 16
    arguments = (port, calls.buffer + 8, calls.buffer + 12, block, calls.time(0))
    while calls("NtRemoveIoCompletion", *arguments) == NTSTATUS.SUCCESS:
        key, context, status, information = (
            calls.machine.read(calls.buffer + 8 + 4 * index) for index in range(4)
        )
        taken.append((key, context, status, information))
    return taken


def test_a_signal_becomes_a_packet_and_is_taken(calls: Calls) -> None:
    port, event = calls.make("NtCreateIoCompletion", 0), calls.make("NtCreateEvent", 1, 0)
    packet = calls.make("NtCreateWaitCompletionPacket")
    told = calls.buffer + 0x40
    assert calls(ASSOCIATE, packet, port, event, 1, 2, 3, 4, told) == 0
    assert calls.machine.read(told, 1) == 0
    assert calls(ASSOCIATE, packet, port, event, 1, 2, 3, 4, 0) == NTSTATUS.INVALID_PARAMETER_1
    assert packets(calls, port) == []
    assert calls("NtSetEvent", event, calls.out) == 0
    assert packets(calls, port) == [(1, 2, 3, 4)]
    assert calls("NtSetEvent", event, calls.out) == 0
    assert calls.value() == 0, "the wait took the signal"
    assert calls(ASSOCIATE, packet, port, event, 5, 6, 7, 8, told) == 0
    assert calls.machine.read(told, 1) == 1
    assert packets(calls, port) == [(5, 6, 7, 8)]


def test_a_packet_can_be_taken_back(calls: Calls) -> None:
    port, event = calls.make("NtCreateIoCompletion", 0), calls.make("NtCreateEvent", 1, 0)
    packet = calls.make("NtCreateWaitCompletionPacket")
    assert calls(CANCEL, packet, 0) == NTSTATUS.CANCELLED
    assert calls(ASSOCIATE, packet, port, event, 1, 2, 3, 4, 0) == 0
    assert calls(CANCEL, packet, 0) == NTSTATUS.SUCCESS
    calls("NtSetEvent", event, 0)
    assert packets(calls, port) == []
    assert calls(ASSOCIATE, packet, port, event, 1, 2, 3, 4, 0) == 0
    assert calls(CANCEL, packet, 0) == NTSTATUS.PENDING
    assert calls(CANCEL, packet, 1) == NTSTATUS.SUCCESS
    assert packets(calls, port) == []


def test_what_has_an_owner_is_not_waited_for(calls: Calls) -> None:
    port, mutant = calls.make("NtCreateIoCompletion", 0), calls.make("NtCreateMutant", 0)
    packet = calls.make("NtCreateWaitCompletionPacket")
    assert calls(ASSOCIATE, packet, port, mutant, 0, 0, 0, 0, 0) == NTSTATUS.INVALID_PARAMETER_3
    assert calls(ASSOCIATE, packet, 0x7770, mutant, 0, 0, 0, 0, 0) == NTSTATUS.INVALID_HANDLE


def test_a_closed_packet_waits_no_more(calls: Calls) -> None:
    port, event = calls.make("NtCreateIoCompletion", 0), calls.make("NtCreateEvent", 0, 0)
    packet = calls.make("NtCreateWaitCompletionPacket")
    assert calls(ASSOCIATE, packet, port, event, 1, 2, 3, 4, 0) == 0
    assert calls("NtClose", packet) == 0
    assert calls("NtSetEvent", event, 0) == 0
    assert packets(calls, port) == []
