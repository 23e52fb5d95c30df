"""Handle tables: hostile handles, then the rules against a model."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from provider.kernel.errors import KernelError, Reason
from provider.kernel.event_stream import Event, EventStream
from provider.kernel.events import HandleClose, HandleOpen
from provider.kernel.ob.handle import HandleTable
from provider.kernel.ob.namespace import Directory, SymbolicLink
from provider.kernel.ob.object import KernelObject


class Probe(KernelObject):
    """An object that knows whether it was deleted."""

    __slots__ = ("deleted",)

    def __init__(self) -> None:
        super().__init__()
        self.deleted = 0

    def on_delete(self) -> None:
        self.deleted += 1


@given(st.integers(-(2**33), 2**33))
def test_no_number_is_a_handle_of_an_empty_table(handle: int) -> None:
    with pytest.raises(KernelError) as caught:
        HandleTable().reference(handle, KernelObject)
    assert caught.value.reason is Reason.INVALID_HANDLE


def test_errors_come_in_order() -> None:
    table = HandleTable()
    handle = table.insert(Directory(), 1)
    for kind, access, reason in (
        (SymbolicLink, 4, Reason.OBJECT_TYPE_MISMATCH),
        (Directory, 4, Reason.ACCESS_DENIED),
    ):
        with pytest.raises(KernelError) as caught:
            table.reference(handle, kind, access)
        assert caught.value.reason is reason
    assert isinstance(table.reference(handle | 3, Directory, 1), Directory)


def test_a_full_table_refuses() -> None:
    table = HandleTable(limit=2)
    table.insert(Probe(), 0)
    table.insert(Probe(), 0)
    with pytest.raises(KernelError) as caught:
        table.insert(Probe(), 0)
    assert caught.value.reason is Reason.INSUFFICIENT_RESOURCES


def test_a_protected_handle_stays_until_the_process_goes() -> None:
    table, probe = HandleTable(), Probe()
    handle = table.insert(probe, 0, protect=True)
    with pytest.raises(KernelError) as caught:
        table.close(handle)
    assert caught.value.reason is Reason.HANDLE_NOT_CLOSABLE
    table.close_all()
    assert probe.deleted == 1
    assert not len(table)


def test_the_last_freed_handle_is_used_first() -> None:
    table = HandleTable()
    handles = [table.insert(Probe(), 0) for _ in range(4)]
    assert handles == [4, 8, 12, 16]
    for handle in (8, 16, 4):
        table.close(handle)
    assert [table.insert(Probe(), 0) for _ in range(4)] == [4, 16, 8, 20]


def test_inheritance_keeps_values() -> None:
    table, child = HandleTable(), HandleTable()
    probe = Probe()
    table.insert(Probe(), 0)
    handle = table.insert(probe, 7, inherit=True)
    table.inherit_into(child)
    assert child.reference(handle, Probe, 7) is probe
    assert probe.handle_count == 2
    assert child.insert(Probe(), 0) == 4
    table.close_all()
    assert probe.handle_count == 1
    child.close_all()
    assert probe.deleted == 1


class HandleModel(RuleBasedStateMachine):
    """Any order of inserting, duplicating and closing keeps the counts right."""

    def __init__(self) -> None:
        super().__init__()
        self.table = HandleTable()
        self.live: dict[int, Probe] = {}
        self.probes: list[Probe] = []

    @rule()
    def insert(self) -> None:
        probe = Probe()
        self.probes.append(probe)
        handle = self.table.insert(probe, 0)
        assert handle % 4 == 0
        assert handle not in self.live
        self.live[handle] = probe

    @precondition(lambda self: self.live)
    @rule(data=st.data())
    def duplicate(self, data: st.DataObject) -> None:
        source = data.draw(st.sampled_from(sorted(self.live)))
        handle = self.table.duplicate(source, self.table)
        assert handle not in self.live
        self.live[handle] = self.live[source]

    @precondition(lambda self: self.live)
    @rule(data=st.data())
    def close(self, data: st.DataObject) -> None:
        handle = data.draw(st.sampled_from(sorted(self.live)))
        self.table.close(handle)
        del self.live[handle]

    @invariant()
    def counts_agree(self) -> None:
        assert {h: e.object for h, e in self.table} == self.live
        for probe in self.probes:
            handles = sum(other is probe for other in self.live.values())
            assert probe.handle_count == handles
            assert probe.deleted == (handles == 0)


TestHandleModel = HandleModel.TestCase


class Nameless(KernelObject):
    """Its name is gone, as that of a deleted key."""

    def full_name(self) -> str:
        raise KernelError(Reason.KEY_DELETED)


def test_events_of_handles_name_what_can_be_named() -> None:
    events, told = EventStream(), list[Event]()
    events.subscribe(Event, told.append)
    table = HandleTable(events=events, owner_id=8)
    probe = Probe()
    probe.name = "probe"
    table.close(table.insert(probe, 0x1))
    table.insert(Nameless(), 0)
    table.inherit_into(HandleTable(events=events, owner_id=12))
    table.close_all()
    assert [(type(event), event.process_id) for event in told] == [
        (HandleOpen, 8),
        (HandleClose, 8),
        (HandleOpen, 8),
        (HandleClose, 8),
    ]
    assert isinstance(told[0], HandleOpen)
    assert (told[0].handle, told[0].name, told[0].access) == (4, "probe", 1)
    assert isinstance(told[2], HandleOpen)
    assert told[2].name == ""
