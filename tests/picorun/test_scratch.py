from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from picorun.exit_code import RunFailed
from picorun.scratch import Scratch
from provider.kernel.io.layer import Layer
from provider.kernel.io.mount import Mount, MountMode
from provider.kernel.ke.clock import DEFAULT_START
from tests.provider.nt.io.caller import Caller

if TYPE_CHECKING:
    from collections.abc import Iterator

LIST = 1
START_OF_2024 = 1_704_067_200


@pytest.fixture
def layer() -> Layer:
    return Layer()


@pytest.fixture
def scratch(layer: Layer) -> Iterator[Scratch]:
    made = Scratch(layer, DEFAULT_START)
    yield made
    made.remove()


def test_a_directory_is_as_old_as_the_run_and_in_no_mount(layer: Layer, scratch: Scratch) -> None:
    made = scratch.make("Public", ("Documents", "a/b"))
    assert sorted(path.name for path in made.rglob("*")) == ["Documents", "a", "b"]
    assert {path.stat().st_mtime for path in (made, *made.rglob("*"))} == {START_OF_2024}
    assert [name for _, name in layer.hidden] == [made.parent.name]


def test_nothing_is_left_of_them(scratch: Scratch) -> None:
    made = scratch.make("Temp")
    (made / "left").write_text("over")
    scratch.remove()
    assert not made.parent.exists()


def test_what_cannot_be_made_ends_the_run(scratch: Scratch) -> None:
    scratch.make("Temp")
    with pytest.raises(RunFailed, match="cannot make Temp for the guest: File exists"):
        scratch.make("Temp")


def test_a_guest_that_does_not_look_has_none_made(layer: Layer, scratch: Scratch) -> None:
    caller = Caller(Mount("C:\\T", lambda: scratch.make("T", ("below",)), MountMode.READ_WRITE))
    assert not layer.hidden
    handle = caller.open("\\??\\C:\\T", LIST).value
    assert caller.listing(handle) == [".", "..", "below"]
    assert layer.hidden
