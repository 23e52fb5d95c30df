"""When an object goes: with its last reference, whoever made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from provider.kernel.kernel import Kernel
from provider.kernel.ob.namespace import Directory
from provider.kernel.ob.object import KernelObject

if TYPE_CHECKING:
    from provider.kernel.process import Process


class Counted(KernelObject):
    """Counts its end."""

    __slots__ = ("ends",)

    def __init__(self) -> None:
        super().__init__()
        self.ends = 0

    def on_delete(self) -> None:
        self.ends += 1


@pytest.fixture
def processes() -> tuple[Process, Process]:
    kernel = Kernel(ram_bytes=16 << 20)
    return kernel.create_minimal_process("maker"), kernel.create_minimal_process("other")


def test_an_object_outlives_its_maker(processes: tuple[Process, Process]) -> None:
    maker, other = processes
    target = Counted()
    first = maker.handles.insert(target, 1)
    second = maker.handles.duplicate(first, other.handles)
    assert (target.handle_count, target.reference_count) == (2, 2)
    maker.kernel.terminate_process(maker, 0)
    assert (target.handle_count, target.reference_count, target.ends) == (1, 1, 0)
    assert other.handles.reference(second, Counted, 1) is target
    other.handles.close(second)
    assert (target.handle_count, target.reference_count, target.ends) == (0, 0, 1)


def test_a_reference_keeps_an_object_but_not_its_name(processes: tuple[Process, Process]) -> None:
    maker, _ = processes
    directory = maker.kernel.namespace.lookup("\\BaseNamedObjects").object
    assert isinstance(directory, Directory)
    target = Counted()
    handle = maker.handles.insert(target, 1)
    directory.insert("x", target)
    target.reference()
    assert target.reference_count == 3
    maker.handles.close(handle)
    assert (target.name, target.reference_count, target.ends) == ("", 1, 0)
    assert directory.get("x", ignore_case=True) is None
    target.dereference()
    assert target.ends == 1


def test_a_permanent_object_needs_no_handle(processes: tuple[Process, Process]) -> None:
    maker, _ = processes
    directory = maker.kernel.namespace.lookup("\\BaseNamedObjects").object
    assert isinstance(directory, Directory)
    target = Counted()
    target.permanent = True
    handle = maker.handles.insert(target, 1)
    directory.insert("x", target)
    maker.handles.close(handle)
    assert (target.name, target.reference_count, target.ends) == ("x", 1, 0)
    target.permanent = False
    target.drop_name()
    assert target.ends == 1
