"""The steps of creation: the three ways tell the same ones, in NT's order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import picorun
from provider.nt.event import Event, ProcessCreation
from provider.nt.ps.creation import Step
from tests.guests import PROGRAMS, compile_program

if TYPE_CHECKING:
    from collections.abc import Iterable

SAME = [
    Step.IMAGE_OPENED,
    Step.SECTION_CREATED,
    Step.OPTIONS_READ,
    Step.PROCESS_OBJECT,
    Step.ADDRESS_SPACE,
    Step.HANDLE_TABLE,
    Step.WORKING_SET,
    Step.PEB,
    Step.PARAMETERS,
    Step.CLIENT_IDS,
    Step.THREAD_OBJECT,
    Step.USER_STACK,
    Step.TEB,
    Step.CONTEXT,
    Step.SUSPENDED,
    Step.RESUMED,
    Step.LOADER_APC,
]
"""What every process is told of; insertion comes with or before the first thread."""


def steps(events: Iterable[Event], creator: bool) -> list[list[ProcessCreation]]:
    """The steps of each process that has a creator, or that has none."""
    made: list[list[ProcessCreation]] = []
    for event in events:
        if isinstance(event, ProcessCreation) and bool(event.creator_id) is creator:
            if event.step == Step.IMAGE_OPENED.value:
                made.append([])
            made[-1].append(event)
    return made


def names(events: list[ProcessCreation]) -> list[str]:
    return [event.step for event in events]


@pytest.mark.slow
def test_three_ways_tell_the_same_steps(tmp_path: object) -> None:
    result = picorun.run(compile_program(PROGRAMS / "ps_creation.c", "-lntdll"))
    assert result.stdout == (PROGRAMS / "ps_creation.expected").read_bytes()
    expected = [step.value for step in SAME]
    created = [event for event in result.events if isinstance(event, ProcessCreation)]
    by_process: dict[int, list[str]] = {}
    started = [event.step for event in created if not event.process_id]
    for event in created:
        if event.process_id:
            by_process.setdefault(event.process_id, []).append(event.step)
    assert len(by_process) == 3
    assert started == expected[:3] * 3
    first, user, old = by_process.values()
    for told in (first, user, old):
        assert [step for step in told if step in expected[3:]] == expected[3:]
    inserted = Step.INSERTED.value
    assert first.index(inserted) == first.index(Step.CONTEXT.value) + 1
    assert user.index(inserted) == user.index(Step.CONTEXT.value) + 1
    assert old.index(inserted) == old.index(Step.PEB.value) + 1


def test_nothing_is_told_without_a_listener() -> None:
    image = compile_program(PROGRAMS / "hello.c")
    assert not picorun.run(image, trace=False).events
